"""Rules as data: the shipped book, a municipality's file, and what their errors name."""

from __future__ import annotations

import ast
import pickle
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

import mcu_sdk.sla
from mcu_sdk.errors import RuleError
from mcu_sdk.sla import RuleBook, Span, load_rules

GOOD = """
[[rule]]
id = "town.answer"
title = "Ответ"
act = { name = "постановление", number = "1", date = 2026-01-15 }
start_event = "registered"
amount = 5
unit = "working_days"
evidence = "text"
verified = true
"""


def test_the_shipped_rules_are_there_and_say_how_well_they_are_known() -> None:
    """The four rules the demo needs, with evidence; what is recalled or artefact is never called verified."""
    book = load_rules()
    for rule_id in ("59fz.examination", "portal.ordinary", "portal.fast_track", "comments.90_minutes"):
        assert rule_id in book
    for rule in book:
        assert rule.evidence != "inferred", "an inferred amount never ships"
        assert not rule.verified or rule.evidence == "text"
        assert rule.source or rule.evidence != "text", "what was read says where"
        assert rule.note.ru or rule.evidence == "recalled"
        assert rule.roll == "none" or rule.roll_evidence is not None
        assert rule.title.ru != rule.title.en


def test_no_amount_of_an_act_stands_in_code() -> None:
    """The book's amounts appear in none of the modules that count: only data changes when an act does."""
    folder = Path(mcu_sdk.sla.__file__).parent
    amounts = {rule.amount for rule in load_rules() if rule.amount > 1}
    for name in (
        "rule",
        "rulebook",
        "bound",
        "deadline",
        "warning",
        "trace",
        "policy",
        "case",
        "clock",
        "verdict",
    ):
        tree = ast.parse((folder / f"{name}.py").read_text("utf-8"))
        numbers = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and type(node.value) is int
        }
        assert not numbers & amounts, name


def test_rules_do_not_change_in_place() -> None:
    """A rule is frozen; `replace` gives another one."""
    rule = load_rules().rule("59fz.examination")
    with pytest.raises(FrozenInstanceError):
        rule.amount = 10  # type: ignore[misc]
    assert rule.replace(amount=27).amount == 27
    assert rule.amount == 30


def test_a_municipality_adds_and_overrides() -> None:
    """A new id adds a rule, a known id changes the keys it gives and keeps the others."""
    book = load_rules().with_text(GOOD + '[[rule]]\nid = "59fz.examination"\namount = 27\n')
    assert book.rule("town.answer").amount == 5
    changed = book.rule("59fz.examination")
    assert (changed.amount, changed.unit, changed.roll) == (27, "calendar_days", "previous")
    assert load_rules().rule("59fz.examination").amount == 30


def test_validity_picks_the_record() -> None:
    """Two records of one id differ by validity; the start's date picks, the latest is the default."""
    two = (
        GOOD
        + "valid_to = 2026-06-30\n"
        + GOOD.replace("amount = 5", "amount = 3")
        + "valid_from = 2026-07-01\n"
    )
    book = RuleBook(()).with_text(two)
    assert book.rule("town.answer", on=date(2026, 6, 30)).amount == 5
    assert book.rule("town.answer", on=date(2026, 7, 1)).amount == 3
    assert book.rule("town.answer").amount == 3
    assert book.ids == ("town.answer",)
    with pytest.raises(RuleError, match="valid on the same date"):
        RuleBook(()).with_text(GOOD + GOOD)
    with pytest.raises(RuleError, match=r"no record of rule 'town\.answer' is valid") as caught:
        RuleBook(()).with_text(GOOD + "valid_from = 2027-01-01").rule("town.answer", on=date(2026, 1, 1))
    assert "01.01.2026" in caught.value.localized("ru")


def test_a_file_is_named_in_its_errors(tmp_path: Path) -> None:
    """The error tells file, rule and key, as values too, and what is allowed."""
    path = tmp_path / "rules.toml"
    path.write_text(GOOD.replace('"working_days"', '"days"'), "utf-8")
    with pytest.raises(RuleError) as caught:
        load_rules().with_file(path)
    error = caught.value
    assert (error.file, error.table, error.key) == (str(path), "town.answer", "unit")
    for text in (str(error), error.localized("ru")):
        assert "minutes, hours, calendar_days, working_days, months" in text
    assert "нужно: одно из" in error.localized("ru")
    again = pickle.loads(pickle.dumps(error))
    assert (again.file, again.table, again.key) == (error.file, error.table, error.key)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("amount = 5", "amount = -5"), "amount"),
        (("amount = 5", "amount = true"), "amount"),
        (("amount = 5", ""), "amount"),
        (("verified = true", 'verified = "yes"'), "verified"),
        (('title = "Ответ"', 'title = { ru = "Ответ", de = "Antwort" }'), "title.de"),
        (("date = 2026-01-15", 'date = "2026"'), "act.date"),
        (("amount = 5", 'amount = 5\nroll = "later"'), "roll"),
        (("amount = 5", 'amount = 5\nroll = "next"\nroll_evidence = "inferred"'), "roll"),
        (("amount = 5", 'amount = 5\ncounted_on = "office"'), "counted_on"),
        (('unit = "working_days"', 'unit = "hours"\nroll = "next"'), "roll"),
        (("amount = 5", "amount = 5\nwarn = [1.5]"), "warn"),
        (("amount = 5", 'amount = 5\nextension = { most = 3, unit = "hours" }'), "extension"),
        (("amount = 5", 'amount = 5\nextension = { most = 3, unit = "weeks" }'), "extension.unit"),
        (("amount = 5", "amount = 5\nvalid_from = 2026-02-01\nvalid_to = 2026-01-01"), "valid_to"),
        (("amount = 5", "amount = 5\ncolour = 1"), "colour"),
        (('evidence = "text"', 'evidence = "secondary"'), "verified"),
        (('evidence = "text"', 'evidence = "artefact"'), "verified"),
        (('evidence = "text"', 'evidence = "inferred"'), "verified"),
        (('evidence = "text"', 'evidence = "recalled"'), "verified"),
        (("verified = true", 'verified = false\nread_in = "web"'), "read_in"),
        (
            (
                'evidence = "text"\nverified = true',
                'evidence = "recalled"\nverified = false\nread_in = "copy"',
            ),
            "read_in",
        ),
    ],
)
def test_every_wrong_value_is_named(change: tuple[str, str], key: str) -> None:
    """Whatever is wrong, the key is in the error."""
    with pytest.raises(RuleError) as caught:
        RuleBook(()).with_text(GOOD.replace(*change), file="town.toml")
    assert (caught.value.key, caught.value.file) == (key, "town.toml")


def test_spans_and_warnings_are_read() -> None:
    """Tables of amount and unit become spans, fractions stay numbers."""
    text = (
        GOOD
        + 'internal_before = { amount = 2, unit = "working_days" }\n'
        + 'warn = [0.5, { amount = 4, unit = "hours" }]\n'
    )
    rule = RuleBook(()).with_text(text).rule("town.answer")
    assert rule.internal_before == Span(2, "working_days")
    assert rule.warn == (0.5, Span(4, "hours"))


def test_an_unknown_rule_suggests_close_ones() -> None:
    """A slip is answered with a few close ids, in Russian too, or with none where none is close."""
    with pytest.raises(RuleError, match=r"portal\.fast_track") as caught:
        load_rules().rule("portal.fasttrack")
    error = caught.value
    assert (error.code, error.table) == ("sla.rule_unknown", "portal.fasttrack")
    assert "portal.fast_track" in error.localized("ru")
    assert len(str(error.values["close"]).split(", ")) <= 3
    with pytest.raises(RuleError, match="close to it: —"):
        load_rules().rule("ъ")


def test_an_override_of_the_amount_is_not_verified_until_it_says_so() -> None:
    """What was checked is the act's amount: a changed one loses the mark, a changed warning keeps it."""
    head = '[[rule]]\nid = "comments.90_minutes"\n'
    book = load_rules()
    assert book.rule("comments.90_minutes").verified
    assert not book.with_text(head + "amount = 60").rule("comments.90_minutes").verified
    assert book.with_text(head + "amount = 60\nverified = true").rule("comments.90_minutes").verified
    assert book.with_text(head + 'counted_on = "duty"').rule("comments.90_minutes").verified


def test_an_override_by_another_act_forgets_where_the_old_one_was_read() -> None:
    """A municipality's own act over a rule read in a copy is neither a copy nor at the old address."""
    own = """
[[rule]]
id = "59fz.examination"
amount = 27
act = { name = "регламент администрации", number = "7", date = 2026-02-01 }
evidence = "secondary"
"""
    rule = load_rules().with_text(own).rule("59fz.examination")
    assert (rule.verified, rule.read_in, rule.source) == (False, "act", "")
    assert load_rules().rule("59fz.examination").read_in == "copy"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not UTF-8"])
def test_an_unreadable_file_is_a_rule_error(tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing or not UTF-8 is our error with its name, in both languages."""
    path = tmp_path / "rules.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RuleError, match=r"rules\.toml") as caught:
        load_rules().with_file(path)
    assert "файл" in caught.value.localized("ru")


def test_broken_toml_is_a_rule_error() -> None:
    """Text that is not TOML is refused by our own error."""
    with pytest.raises(RuleError, match="not TOML"):
        load_rules().with_text("[[rule")
    with pytest.raises(RuleError, match="unknown"):
        load_rules().with_text("rules = 1")
