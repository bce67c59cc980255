"""Golden journals: logs in readable TOML, with verdicts that were counted on paper."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.sla import Calendar, Case, CaseEvent, Clock, Policy, Verdict, diff, evaluate, load_rules
from mcu_sdk.sla.policy import CLOCKS

FOLDER = Path(__file__).parent / "journals"
JOURNALS = sorted(path.stem for path in FOLDER.glob("*.toml"))
ZONE = ZoneInfo("Europe/Moscow")
CALENDARS = {
    "office": Calendar.russia(zone=ZONE, schedule="mon-fri 09-18; break 13-14"),
    "duty": Calendar.weekly(zone=ZONE, schedule="mon-sun 09-19"),
    "round_the_clock": Calendar.round_the_clock(ZONE),
}
BOOK = load_rules().with_text((FOLDER / "rules.book").read_text("utf-8"), "rules.book")
# What a clock that a journal does not mention further must not be.
PLAIN: dict[str, object] = {"activation": 1, "due_if_resumed_now": None, "late_by": "0:00:00"}


class Expected(NamedTuple):
    """One verdict of a journal."""

    journal: str
    number: int

    def __str__(self) -> str:
        return f"{self.journal}-{self.number}"


def read(journal: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{journal}.toml").read_text("utf-8"))


def local(value: object) -> object:
    """TOML's local moments are Moscow's."""
    return value.replace(tzinfo=ZONE) if isinstance(value, datetime) else value


def events(tables: list[dict[str, Any]]) -> tuple[CaseEvent, ...]:
    read: list[dict[str, Any]] = [{key: local(value) for key, value in table.items()} for table in tables]
    return tuple(CaseEvent(**table) for table in read)


def seen(clock: Clock, now: datetime, names: Mapping[str, object]) -> dict[str, object]:
    """What the verdict says under the names that the journal uses."""
    said: dict[str, object] = {}
    for name in names:
        value: object = getattr(clock, name)
        if name in ("remaining", "working_remaining"):
            value = getattr(clock, name)(now)
        said[name] = str(value) if name in SPANS else value
    return said


SPANS = {"late_by", "worked_late", "remaining", "working_remaining"}
VERDICTS = [
    Expected(journal, number)
    for journal in JOURNALS
    for number in range(len(tomllib.loads((FOLDER / f"{journal}.toml").read_text("utf-8"))["expect"]))
]


def judged(expected: Expected) -> tuple[Verdict, dict[str, Any]]:
    journal = read(expected.journal)
    wanted: dict[str, Any] = journal["expect"][expected.number]
    policy = Policy.parse({"row": journal["row"]}, BOOK)
    facts = journal.get("facts", {}) | wanted.get("facts", {})
    primary = Case("primary", facts, events(journal["primary"])) if wanted.get("with_primary") else None
    case = Case("case", facts, events(journal["event"]))
    now = wanted["now"].replace(tzinfo=ZONE)
    return evaluate(case, policy, CALENDARS, now, primary=primary), wanted


@pytest.mark.parametrize("expected", VERDICTS, ids=str)
def test_clocks_are_as_counted_on_paper(expected: Expected) -> None:
    """State, due moment, lateness in elapsed and in working time, and what is left, clock by clock."""
    verdict, wanted = judged(expected)
    for name in (*CLOCKS, "external"):
        if name in wanted:
            clock = verdict.clock(name)
            assert clock is not None, name
            said = {"due": None, **PLAIN, **{key: local(value) for key, value in wanted[name].items()}}
            assert seen(clock, verdict.at, said) == said, name
    earlier = wanted.get("earlier", [])
    assert len(verdict.earlier) == len(earlier)
    for clock, told in zip(verdict.earlier, earlier, strict=True):
        said = {key: local(value) for key, value in told.items()}
        assert seen(clock, verdict.at, said) == said


@pytest.mark.parametrize("expected", VERDICTS, ids=str)
def test_verdicts_are_as_counted_on_paper(expected: Expected) -> None:
    """Who must act, whose date decides, which row rules, how many warnings there are, and what is said."""
    verdict, wanted = judged(expected)
    assert verdict.waiting_for == wanted.get("waiting_for")
    assert verdict.merged_into == wanted.get("merged_into")
    assert verdict.authority == wanted.get("authority", "own")
    assert verdict.row.number == wanted.get("row", verdict.row.number)
    assert str(verdict.disagreement) == wanted.get("disagreement", "None")
    if "due" in wanted:
        assert verdict.due == local(wanted["due"])
    if "warnings" in wanted:
        assert len(verdict.warnings) == wanted["warnings"]
    lines = verdict.explain("ru").splitlines()
    for line in wanted.get("says", []):
        assert line in lines
    in_english = verdict.explain("en").splitlines()
    for line in wanted.get("says_in_english", []):
        assert line in in_english
    assert len(in_english) == len(lines), "both languages say the same"


@pytest.mark.parametrize("expected", [one for one in VERDICTS if one.number], ids=str)
def test_what_changed_since_the_look_before(expected: Expected) -> None:
    """As whoever notifies would hear it; between a look and itself nothing."""
    (verdict, wanted), (before, _) = judged(expected), judged(expected._replace(number=expected.number - 1))
    assert diff(verdict, verdict) == ()
    if "told" in wanted:
        told = (" ".join(filter(None, (one.clock, one.kind, one.level))) for one in diff(before, verdict))
        assert list(told) == wanted["told"]


def test_there_are_fourteen_and_each_says_why() -> None:
    """No journal is lost, and each holds the reasoning behind its figures."""
    assert len(JOURNALS) == 14
    assert all(read(journal)["why"].strip() for journal in JOURNALS)
