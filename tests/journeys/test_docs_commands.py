"""Every `mcu` line that the pages show would be taken by the command: verbs, options and their values."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import typer
from markdown_it import MarkdownIt
from typer.core import TyperGroup

from mcu_sdk.cli.application import _application

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [page for page in (ROOT / "docs").rglob("*.md") if not page.match("reference/mcu*.md")]
    + [ROOT / name for name in ("README.md", "README.ru.md")]
)
COMMAND: Any = typer.main.get_command(_application)  # of classes that typer does not export
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


def shown(page: Path) -> Iterator[list[str]]:
    """Yield the arguments of every `mcu` that *page* shows in a block of a shell; answers are passed over."""
    for token in MarkdownIt().parse(page.read_text("utf-8")):
        if token.type == "fence" and token.info.strip() in {"sh", "console"}:
            lines = token.content.replace("\\\n", " ").splitlines()
            for line in lines:
                if token.info.strip() == "sh" or line.startswith("$ "):
                    yield from arguments(line.removeprefix("$ "))


def mentioned(page: Path) -> Iterator[list[str]]:
    """Yield the arguments of every `mcu` that *page* names in a sentence."""
    for block in MarkdownIt().enable("table").parse(page.read_text("utf-8")):
        for token in block.children or ():
            if token.type == "code_inline":
                yield from arguments(token.content)


def arguments(line: str) -> Iterator[list[str]]:
    """Yield what each `mcu` of a line of a shell is given; other commands are passed over."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, "#"
    words: list[str] = []
    for word in [*lexer, ";"]:
        if not set(word) <= set("|&;<>()"):
            words.append(word)
            continue
        while words and _ASSIGNMENT.match(words[0]):
            del words[0]
        if words and words[0].rpartition("/")[2] == "mcu":
            yield words[1:]
        words = []


def complaint(given: list[str], *, whole: bool) -> str:
    """Return what the command says against *given*, or nothing. Unless *whole*, the end may be left out."""
    passed_over = {"Exit", "NoArgsIsHelpError"} | (set() if whole else {"MissingParameter"})
    command = COMMAND
    try:
        context = command.make_context("mcu", list(given))
        while isinstance(command, TyperGroup):
            name, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
            command = cast("Any", found)
            context = command.make_context(name, list(rest), parent=context)
    except Exception as mistake:
        kind = type(mistake).__name__
        return "" if kind in passed_over else f"{kind}: {mistake}"
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_the_pages_are_taken(page: Path) -> None:
    """A reader who types what stands there is not told that there is no such verb or option."""
    found = [(given, complaint(given, whole=True)) for given in shown(page)]
    found += [(given, complaint(given, whole=False)) for given in mentioned(page)]
    assert not [(shlex.join(["mcu", *given]), said) for given, said in found if said]


def test_the_pages_show_commands() -> None:
    """The search finds what is there: were it blind, the test above would pass for nothing."""
    assert sum(1 for page in PAGES for _ in shown(page)) > 10
    assert ["sandbox", "--faults", "list"] in list(shown(ROOT / "docs/guide/work-against-the-sandbox.md"))
    assert ["deliver"] in list(mentioned(ROOT / "docs/guide/answer-through-the-outbox.md"))


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("mcu collect --profile town.toml  # every account", [["collect", "--profile", "town.toml"]]),
        ("A=1 B=2 .venv/bin/mcu demo && mcu rules list | head", [["demo"], ["rules", "list"]]),
        ("mcu demo > out.txt", [["demo"]]),
        ("pip install mcu-sdk", []),
        ("echo mcu", []),
    ],
)
def test_a_line_of_a_shell_is_read(line: str, given: list[list[str]]) -> None:
    """Assignments, paths, pipes and comments are not the command's."""
    assert list(arguments(line)) == given


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("demo --seed 1", ""),
        ("collect --profile a.toml --follow --every 5", ""),
        ("outbox settle --help", ""),
        ("gather", "UsageError"),
        ("rules gather", "UsageError"),
        ("demo --loud", "NoSuchOption"),
        ("demo --lang fr", "BadParameter"),
        ("collect --profile a.toml --every 0", "BadParameter"),
        ("outbox settle", "MissingParameter"),
        ("rules show", "MissingParameter"),
    ],
)
def test_what_the_command_would_refuse_is_seen(line: str, kind: str) -> None:
    """A verb, an option, a value or an argument that is wrong."""
    assert complaint(line.split(), whole=True).partition(":")[0] == kind
