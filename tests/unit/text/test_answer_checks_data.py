"""The shipped checks as data: whole, with evidence, and linear whatever the text."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest

from mcu_sdk.text import AnswerRules, PersonalDataKind, check_answer

DATA: dict[str, Any] = tomllib.loads(files("mcu_sdk.text").joinpath("answer_checks.toml").read_text("utf-8"))
PATTERNS = [
    pattern for check in DATA["check"] for key in ("patterns", "without") for pattern in check.get(key, [])
]
KEYS = {
    "pattern": {"patterns", "phrases", "phrase", "as_typed"},
    "pattern_without": {"patterns", "phrases", "without"},
    "missing": {"patterns", "alone"},
    "length": {"bound"},
    "personal_data": {"personal", "public_only"},
}


def repeats(tree: Any, inside: bool = False) -> Iterator[str]:
    """What in a parsed pattern could take more than linear time: repeats in repeats, and endless ones."""
    parser = import_module("re._parser")
    for operation, value in tree:
        name = str(operation)
        if "REPEAT" in name:
            _, most, inner = value
            if inside and most > 1:
                yield "a repeat inside a repeat"
            if most is parser.MAXREPEAT:
                yield "a repeat without an end"
            yield from repeats(inner, inside or most > 1)
        elif name == "SUBPATTERN":
            yield from repeats(value[3], inside)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from repeats(branch, inside)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from repeats(value[1], inside)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_bounded(pattern: str) -> None:
    """No pattern repeats a repeat, and none repeats without an upper end."""
    assert list(repeats(import_module("re._parser").parse(pattern))) == []


@pytest.mark.parametrize("pattern", [r"(?:а{1,3}б){2,5}", r"а+", r"(?:а|б{1,2})*"])
def test_unbounded_patterns_would_be_seen(pattern: str) -> None:
    """The test above can fail."""
    assert list(repeats(import_module("re._parser").parse(pattern))) != []


@pytest.mark.parametrize("check", DATA["check"], ids=lambda check: check["id"])
def test_a_check_is_whole(check: dict[str, Any]) -> None:
    """Each has a text in two languages, evidence, a level, and only keys of its kind."""
    assert check["text"].keys() == {"ru", "en"}
    assert check["evidence"] in ("secondary", "inferred")
    assert check["level"] in ("block", "warn")
    assert check.keys() - {"id", "kind", "level", "text", "evidence"} <= KEYS[check["kind"]]
    for pattern in check.get("patterns", []) if not check.get("as_typed") else []:
        assert not re.search("[А-ЯЁё]", pattern)
    for phrase in check.get("phrase", []):
        assert phrase.keys() == {"text", "ru", "en", "evidence"}


def test_ids_and_limits_are_each_once() -> None:
    """No check and no channel twice; a limit that is not ours says where it was read."""
    ids = [check["id"] for check in DATA["check"]]
    assert len(ids) == len(set(ids))
    channels = [row["channel"] for row in DATA["limit"]]
    assert len(channels) == len(set(channels))
    assert "any" in channels
    assert all(row["evidence"] == "inferred" or row["note"] for row in DATA["limit"])


def test_the_personal_data_check_names_every_kind() -> None:
    """A kind that masking knows is one that the guard knows."""
    (check,) = (check for check in DATA["check"] if check["kind"] == "personal_data")
    assert set(check["personal"]) == set(PersonalDataKind)


@pytest.mark.parametrize(
    "unit",
    [
        "будет ",
        "будет выполн ",
        "в течение ",
        "до конца ",
        "_",
        ".",
        ". ",
        "{{a",
        "[аа ",
        "АААА ",
        "ст. 1 ",
        "1 г. ",
        "спасибо за обращение ",
        "выполнен ",
        "а. Б",
        "\n",
        "планируется ",
        "направлена ",
        "ваше мнение ",
    ],
)
def test_time_grows_with_the_text(unit: str) -> None:
    """Sixteen times the answer takes about sixteen times the time."""
    rules = AnswerRules.parse({"phrase": [{"text": "а … б"}, {"text": "ваше* … мнение*"}]})

    def seconds(size: int) -> float:
        best = float("inf")
        for _ in range(3):
            began = time.thread_time()
            check_answer(unit * (size // len(unit)), public=False, rules=rules)
            best = min(best, time.thread_time() - began)
        return best

    short, long = seconds(8_000), seconds(128_000)
    assert long < 16 * 4 * short + 0.5
