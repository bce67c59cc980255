"""Every error that can be raised speaks Russian, with the facts of the place where it is raised."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import mcu_sdk.errors
from mcu_sdk.channels.portal.errors import words_of
from mcu_sdk.errors import ApiError, McuError, StoreError
from mcu_sdk.wire import Response, check_status

SOURCE = Path(mcu_sdk.errors.__file__).parent
TEXTS: dict[str, dict[str, str]] = tomllib.loads((SOURCE / "errors_ru.toml").read_text("utf-8"))
CODE = re.compile(r"[a-z]+\.[a-z_]+")
ERRORS = frozenset(mcu_sdk.errors.__all__)
RAISERS = ERRORS | {"AnswerBlocked", "cls", "kind"}
NOT_VALUES = frozenset({"hint", "request_id", "retry_after_seconds", "delivered"})


def code_in(node: ast.expr) -> str | None:
    """The error code that *node* spells, if it is one."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) and CODE.fullmatch(value) else None


def values_of(call: ast.Call) -> frozenset[str] | None:
    """The facts a raise site gives, None when it passes on a mapping whose keys are not seen here."""
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return frozenset(keyword.arg for keyword in call.keywords if keyword.arg) - NOT_VALUES


def raised_in(module: ast.Module) -> Iterator[tuple[str, frozenset[str] | None]]:
    """Yield the codes of *module*, each with the facts given along with it."""
    by_variable: list[frozenset[str] | None] = []
    by_table: list[str] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and len(node.args) > 1:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in RAISERS and (code := code_in(node.args[0])):
                yield code, values_of(node)
            elif isinstance(node.args[0], ast.Name) and node.args[0].id == "code":
                by_variable.append(values_of(node))
        elif isinstance(node, ast.Tuple) and len(node.elts) > 1:
            first, second = node.elts[:2]
            if isinstance(first, ast.Name) and first.id in ERRORS and (code := code_in(second)):
                by_table.append(code)
    for code in by_table:
        for values in by_variable or [frozenset()]:
            yield code, values


def all_raised() -> list[tuple[str, str, frozenset[str] | None]]:
    """Every code of the library with the file it is raised in and the facts given."""
    return [
        (str(path.relative_to(SOURCE)), code, values)
        for path in sorted(SOURCE.rglob("*.py"))
        for code, values in raised_in(ast.parse(path.read_text("utf-8")))
    ]


RAISED = all_raised()


def placeholders(code: str) -> set[str]:
    """The names of facts in the Russian text of *code*."""
    texts = TEXTS.get(code, {}).values()
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_search_sees_direct_raises_and_tables() -> None:
    """The two ways of naming a code in the source are both found: a call, and a table of refusals."""
    codes = {code for _, code, _ in RAISED}
    assert {"store.failed", "api.forbidden", "usage.missing_extra", "api.redirect"} <= codes


@pytest.mark.parametrize("code", sorted({code for _, code, _ in RAISED}))
def test_every_code_has_a_russian_text(code: str) -> None:
    """A specialist never gets an English error for want of a translation."""
    assert TEXTS.get(code, {}).get("message"), f"errors_ru.toml has no [{code!r}]"


def test_no_russian_text_is_unused() -> None:
    """A text whose code nobody raises any more is deleted."""
    assert sorted(TEXTS.keys() - {code for _, code, _ in RAISED}) == []


@pytest.mark.parametrize(("file", "code", "values"), RAISED)
def test_placeholders_are_given_where_the_error_is_raised(
    file: str, code: str, values: frozenset[str] | None
) -> None:
    """`localized("ru")` can fill every text: no raise site leaves out a fact that the text names."""
    missing = set() if values is None else placeholders(code) - values
    assert not missing, f"{file} raises {code} without {sorted(missing)}"


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_texts_are_whole_russian_sentences_without_their_full_stop(code: str) -> None:
    """Message and hint are joined by a full stop, so they bring none; they begin with a capital letter."""
    for kind, text in TEXTS[code].items():
        assert kind in ("message", "hint")
        assert re.search("[а-яё]", text), text
        assert not text.endswith("."), text
        assert text[0] in "«{" or text[0].isupper(), text


def test_a_code_without_a_russian_text_is_told_in_english() -> None:
    """A user's own subclass, whose code is not ours, still says what happened."""
    assert McuError("own.code", "it broke", "mend it").localized("ru") == "it broke; mend it"


def test_localized_fills_the_facts_in() -> None:
    """The Russian text carries the facts; English is the error's own text."""
    error = StoreError("store.newer", "town.sqlite3 was written by ...", "update", place="town.sqlite3")
    assert "town.sqlite3" in error.localized("ru")
    assert error.localized("en") == str(error)


@pytest.mark.parametrize(
    ("body", "said"), [(b"", "(HTTP 400). П"), (b'{"messages":["x y"]}', "(HTTP 400): x y. П")]
)
def test_a_refusal_reads_well_with_and_without_words(body: bytes, said: str) -> None:
    """The far side's own words are joined into the sentence; without them no stray sign is left."""
    with pytest.raises(ApiError) as refusal:
        check_status(Response(400, {}, body), words_of)
    assert said in refusal.value.localized("ru")


def test_a_brace_in_a_fact_is_not_a_placeholder() -> None:
    """A fact from a user's file cannot reach into the formatting."""
    error = StoreError("store.newer", "m", place="{x.__class__}")
    assert "{x.__class__}" in error.localized("ru")
