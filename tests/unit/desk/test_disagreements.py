"""Where a register's word or date on a deadline is not ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mcu_sdk import Inbox, Municipality
from mcu_sdk.desk import disagreements
from mcu_sdk.model import Batch, Message, Regime

TOWN = Municipality.load(Path(__file__).parents[3] / "examples" / "meshchovsk.toml")
NOW = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)


def message(**fields: object) -> Message:
    values: dict[str, object] = {"channel": "portal", "account": "portal", "external_id": "1"}
    began = {"created_at": date(2025, 12, 8), "registered_at": date(2025, 12, 8)}
    return Message.model_validate(values | began | fields)


def found(one: Message, now: datetime = NOW) -> list[tuple[str, bool | str, bool | str]]:
    return [(each.what, plain(each.far), plain(each.ours)) for each in disagreements([one], TOWN, now)]


def plain(value: bool | datetime) -> bool | str:
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize(
    ("said", "answered", "expected"),
    [
        (False, date(2026, 1, 7), []),
        (True, date(2026, 1, 8), []),
        (True, date(2026, 1, 7), [("late_word", True, False)]),
        (False, date(2026, 1, 8), [("late_word", False, True)]),
        (None, date(2026, 1, 8), []),
    ],
)
def test_the_word_on_lateness(said: bool | None, answered: date, expected: list[object]) -> None:
    """Held against the date that decides; an answer on its very date is in time."""
    assert found(message(said_late=said, due_at=date(2026, 1, 7), answered_at=answered)) == expected


def test_a_bare_planned_date_lasts_to_its_last_second() -> None:
    """An open message is not late at 23:59:59 of the planned date in our zone, and late a second after."""
    one = message(said_late=False, due_at=date(2026, 1, 7))
    last = datetime(2026, 1, 7, 20, 59, 59, tzinfo=UTC)
    assert found(one, last) == []
    assert found(one, last + timedelta(seconds=1)) == [("late_word", False, True)]


def test_the_planned_date() -> None:
    """Our own rule's date stands beside the planned one; the same date is no disagreement."""
    assert found(message(due_at=date(2026, 1, 7))) == []
    assert found(message(due_at=date(2026, 1, 9))) == [
        ("planned_date", "2026-01-09T23:59:59+03:00", "2026-01-07T23:59:59+03:00")
    ]


def test_both_at_once_are_explained_in_both_languages() -> None:
    """A message may disagree twice; the explanation says whose date decides."""
    one = message(said_late=True, due_at=date(2026, 1, 20))
    both = list(disagreements([one], TOWN, NOW))
    assert [each.what for each in both] == ["late_word", "planned_date"]
    assert "решает внешняя система" in both[0].explain("ru")
    assert "the far system's decides" in both[0].explain("en")


def test_our_date_decides_where_the_policy_says_so() -> None:
    """Under 59-FZ our own date decides what is late, whatever the register plans."""
    appeal = message(
        regime=Regime.LAW_59, registered_at=date(2025, 12, 8), due_at=date(2026, 2, 1), said_late=False
    )
    assert found(appeal) == [
        ("late_word", False, True),
        ("planned_date", "2026-02-01T23:59:59+03:00", "2025-12-30T23:59:59+03:00"),
    ]


def test_what_cannot_be_judged_is_passed_over() -> None:
    """A term that has not begun, and one beyond the calendar, have nothing to disagree with."""
    waiting = message(regime=Regime.LAW_59, registered_at=None, said_late=True)
    beyond = message(regime=Regime.LAW_59, registered_at=date(2090, 1, 1), said_late=True)
    assert found(waiting) == []
    assert found(beyond, datetime(2090, 2, 1, tzinfo=UTC)) == []


def test_an_inbox_is_read_too() -> None:
    """The stored messages of every account."""
    with Inbox.open(":memory:") as inbox:
        inbox.receive(
            Batch(channel="portal", account="portal", items=(message(due_at=date(2026, 1, 9)),)), NOW
        )
        assert [each.message.external_id for each in disagreements(inbox, TOWN, NOW)] == ["1"]
