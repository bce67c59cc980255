"""The tutorials, in both languages, command by command: what a newcomer sees is what the page shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mcu_sdk.cli import main
from mcu_sdk.sandbox import PortalSandbox, SandboxServer, seeded_messages

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WRITTEN = re.compile(r"^```text title=\"(.+?)\"\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "…"


def exchanges(page: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of the page with the lines it shows under it."""
    for block in CONSOLE.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.rstrip("\n").split("\n")
            yield command, lines


def fits(shown: list[str], printed: list[str]) -> bool:
    """Tell whether the page shows what was printed; a line of three dots stands for any lines."""
    if not shown:
        return not printed
    if shown[0] == LEFT_OUT:
        return any(fits(shown[1:], printed[start:]) for start in range(len(printed) + 1))
    return bool(printed) and shown[0].rstrip() == printed[0].rstrip() and fits(shown[1:], printed[1:])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty folder, and the sandbox that the page starts in another terminal."""
    sandbox = PortalSandbox(seeded_messages(1, MONDAY))
    monkeypatch.setenv("MCU_PORTAL_SECRET", sandbox.organisation_secret)
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", sandbox.client_secret)
    monkeypatch.chdir(tmp_path)
    with SandboxServer(sandbox) as server:
        yield server.url


@pytest.mark.parametrize("name", ["first-answer.md", "first-answer.ru.md"])
def test_every_command_prints_what_the_page_shows(
    name: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "tutorial" / name).read_text("utf-8")
    for file, text in WRITTEN.findall(page):
        Path(file).write_text(text, "utf-8")
    done = 0
    for line, shown in exchanges(page):
        command, _, redirected = line.partition(" > ")
        with pytest.raises(SystemExit):
            main(shlex.split(command)[1:])
        printed = capsys.readouterr()
        if redirected:
            Path(redirected).write_text(printed.out.replace("http://127.0.0.1:8765", place), "utf-8")
            printed_lines: list[str] = []
        else:
            printed_lines = (printed.out + printed.err).replace(place, "http://127.0.0.1:8765").splitlines()
        assert fits(shown, printed_lines), f"{command}\n" + "\n".join(printed_lines)
        done += 1
    assert done > 8
