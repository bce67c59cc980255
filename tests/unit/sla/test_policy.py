"""Policies: ordered conditions, the first that fits wins."""

from __future__ import annotations

from datetime import date

import pytest

from mcu_sdk.errors import PolicyError
from mcu_sdk.sla import Policy

POLICY = """
[[row]]
when = { regime = "59fz" }
rules = { final = "59fz.examination", registration = "59fz.registration" }

[[row]]
when = { channel = ["portal", "mail"], fast_track = true }
rules = { final = "portal.fast_track" }
authority = "external"

[[row]]
rules = { final = "portal.ordinary" }
"""


def test_the_first_row_that_fits_wins() -> None:
    """Every condition of a row must hold; a list means any of; a missing fact fits nothing."""
    policy = Policy.parse(POLICY)
    assert policy.choose({"regime": "59fz", "channel": "portal", "fast_track": True}).number == 1
    chosen = policy.choose({"regime": "message", "channel": "mail", "fast_track": True})
    assert (chosen.number, chosen.authority) == (2, "external")
    assert policy.choose({"channel": "portal", "fast_track": False}).number == 3
    assert policy.choose({}).rules["final"] == "portal.ordinary"


def test_a_mapping_is_read_like_text() -> None:
    """A profile that is already parsed gives the same policy."""
    row = {"when": {"kind": "comment"}, "rules": {"final": "comments.90_minutes"}}
    policy = Policy.parse({"row": [row, {"rules": {"final": "portal.ordinary"}}]})
    assert policy.choose({"kind": "comment"}).rules["final"] == "comments.90_minutes"


def test_nothing_fits_is_an_error() -> None:
    """Without a last row for all, a case that fits none is an error, not a guess."""
    policy = Policy.parse(POLICY.rsplit("[[row]]", 1)[0])
    with pytest.raises(PolicyError) as caught:
        policy.choose({"regime": "8fz"})
    assert caught.value.code == "sla.policy_no_match"


@pytest.mark.parametrize(
    ("change", "row", "named"),
    [
        (('when = { regime = "59fz" }', ""), 1, "only the last"),
        (("regime", "colour"), 1, "'when.colour'"),
        (('"59fz.examination"', '"59fz.exam"'), 1, "'59fz.exam'"),
        (('final = "59fz.examination", ', ""), 1, "'final'"),
        (("registration =", "registred ="), 1, "'rules.registred'"),
        (('"external"', '"theirs"'), 2, "'theirs'"),
        (('["portal", "mail"]', "[1.5]"), 2, "channel"),
    ],
)
def test_errors_name_the_row(change: tuple[str, str], row: int, named: str) -> None:
    """A row that cannot be used is named by its number, with what is wrong in it."""
    with pytest.raises(PolicyError) as caught:
        Policy.parse(POLICY.replace(*change, 1))
    assert caught.value.values["row"] == row
    assert named in str(caught.value)
    assert str(row) in caught.value.localized("ru")


@pytest.mark.parametrize("text", ["", "[[row", 'row = "x"', "[[rows]]"])
def test_what_is_no_policy_is_refused(text: str) -> None:
    """An empty text, broken TOML and unknown tables are policy errors."""
    with pytest.raises(PolicyError):
        Policy.parse(text)


def test_the_choice_is_explained_row_by_row() -> None:
    """Every row says why it fits or does not, in both languages; a case that fits none is told so."""
    policy = Policy.parse(POLICY)
    facts = {"regime": "message", "channel": "mail", "fast_track": True}
    assert policy.explain_choice(facts, "ru").splitlines() == [
        "Строка 1 не подходит: режим — message, нужно 59fz",
        (
            "Строка 2 подходит и выбрана: ответ — portal.fast_track;"
            " решает срок внешней системы, если она его назвала"
        ),
        "Строка 3 подходит, но выбрана строка 2",
    ]
    lines = policy.explain_choice({"channel": "vk", "fast_track": False, "regime": "59fz"}, "en").splitlines()
    assert lines[:2] == [
        (
            "Row 1 fits and is chosen: registration by 59fz.registration, final by 59fz.examination;"
            " our date decides"
        ),
        "Row 2 does not fit: channel is vk, wanted portal or mail, fast track is no, wanted yes",
    ]
    without = Policy.parse(POLICY.rsplit("[[row]]", 1)[0])
    assert without.explain_choice({}).splitlines()[-1] == "Ни одна строка не подходит"


def test_validity_is_part_of_the_choice() -> None:
    """A dated row may go without a condition; the explanation names its dates."""
    dated = """
[[row]]
rules = { final = "portal.fast_track" }
valid_from = 2026-01-01
valid_to = 2026-06-30

[[row]]
rules = { final = "portal.ordinary" }
"""
    policy = Policy.parse(dated)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [policy.choose({}, day).number for day in days] == [2, 1, 1, 2]
    first = policy.explain_choice({}, "ru", on=date(2026, 7, 1)).splitlines()[0]
    assert first == "Строка 1 не подходит: действует с 01.01.2026 по 30.06.2026"


@pytest.mark.parametrize(
    ("line", "key", "english", "russian"),
    [
        ('pausable = "final, interim"', "pausable", "a list of route", "список из route"),
        ('rearm_next_reply = "yes"', "rearm_next_reply", "true or false", "true или false"),
        ('valid_from = "2026"', "valid_from", "a date", "дата"),
        (
            "valid_from = 2026-02-01\nvalid_to = 2026-01-31",
            "valid_to",
            "lies before valid_from",
            "раньше, чем valid_from",
        ),
        ("pauses = true", "pauses", "unknown key", "такого ключа нет"),
        ('authority = "theirs"', "authority", "must be 'own' or 'external'", "own или external"),
    ],
)
def test_errors_name_file_row_and_key(line: str, key: str, english: str, russian: str) -> None:
    """In both languages, and with what was wanted."""
    with pytest.raises(PolicyError) as caught:
        Policy.parse(f'[[row]]\nrules = {{ final = "portal.ordinary" }}\n{line}', file="town.toml")
    assert f"policy file town.toml, row 1, key '{key}': " in str(caught.value)
    assert english in str(caught.value)
    said = caught.value.localized("ru")
    assert said.startswith(f"Политика сроков, файл town.toml, строка 1, ключ «{key}»: ")
    assert russian in said


@pytest.mark.parametrize("value", ['["59fz.examination"]', "{ a = 1 }", "7"])
def test_a_rule_that_is_no_name_is_refused(value: str) -> None:
    """Whatever stands there, the error is a policy error."""
    with pytest.raises(PolicyError, match="there is no rule"):
        Policy.parse(f"[[row]]\nrules = {{ final = {value} }}")
