"""What the doctor says: in both languages, whole, and nothing that nobody finds."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import mcu_sdk.doctor
from mcu_sdk.doctor import Level

HOME = Path(mcu_sdk.doctor.__file__).parent
TEXTS: dict[str, dict[str, str]] = tomllib.loads((HOME / "texts.toml").read_text("utf-8"))
CODE = re.compile(r"[a-z]+(?:_[a-z]+)*\.[a-z_]+")
OTHERS = ("mcu_sdk.doctor", "time.naive", "transport.certificate_")


def codes_in_the_source() -> set[str]:
    """Every constant of the doctor's modules that is spelled as a code."""
    return {
        node.value
        for path in HOME.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
        if not node.value.endswith(".toml") and node.value not in OTHERS
    }


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_finding_has_its_text_and_every_text_its_finding() -> None:
    """A code of the source without a text would break its check; a text without a code is deleted."""
    assert codes_in_the_source() == TEXTS.keys()


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_both_languages_say_the_same(code: str) -> None:
    """Each finding has a text in both languages, and so has its request, with the same facts."""
    row = TEXTS[code]
    assert row["level"] in get_args(Level)
    assert row.keys() in ({"level", "ru", "en"}, {"level", "ru", "en", "ask_ru", "ask_en"})
    for russian, english in (("ru", "en"), ("ask_ru", "ask_en")):
        ours, theirs = row.get(russian, ""), row.get(english, "")
        assert placeholders(ours) == placeholders(theirs)
        assert not ours.endswith(".")
        assert not theirs.endswith(".")
        assert not re.search("[а-яё]", theirs)
    assert re.search("[а-яё]", row["ru"]) or row["ru"].endswith(("SQLite {version}", "{reason}"))


@pytest.mark.parametrize(
    "code", sorted(code for code in TEXTS if TEXTS[code]["level"] in ("warning", "trouble"))
)
def test_whoever_is_told_of_trouble_is_told_what_to_do(code: str) -> None:
    """A warning or a trouble without a request would leave its reader alone."""
    assert TEXTS[code]["ask_ru"]
