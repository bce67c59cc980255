"""The worklist: order, what is left out, whose date decides, and a message that cannot be judged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mcu_sdk import Inbox, Municipality, worklist
from mcu_sdk.desk.cases import Evidence, case_of
from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.model import Batch, Kind, Message, Regime
from mcu_sdk.sla.policy import FACTS

TOWN = Municipality.load(Path(__file__).parents[3] / "examples" / "meshchovsk.toml")
NOW = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
DECEMBER = datetime(2025, 12, 8, 9, tzinfo=UTC)


def message(external_id: str, **fields: object) -> Message:
    values: dict[str, object] = {
        "channel": "portal",
        "account": "portal",
        "external_id": external_id,
        "created_at": DECEMBER,
        "registered_at": DECEMBER,
    }
    return Message.model_validate(values | fields)


def test_what_burns_first_is_on_top() -> None:
    """Open messages are sorted by due moment; what was answered by now is left out."""
    items = worklist(
        [
            message("late", due_at=NOW - timedelta(hours=1)),
            message("soon", due_at=NOW + timedelta(hours=1)),
            message("done", answered_at=NOW - timedelta(days=1)),
            message("latest", due_at=NOW - timedelta(hours=2)),
            message(
                "answered tomorrow", due_at=NOW - timedelta(hours=3), answered_at=NOW + timedelta(days=1)
            ),
        ],
        TOWN,
        NOW,
    )
    assert [item.message.external_id for item in items] == ["answered tomorrow", "latest", "late", "soon"]
    assert [item.late for item in items] == [True, True, True, False]
    assert items[0].remaining(NOW) == timedelta(hours=-3)


def test_a_regime_that_is_not_told_is_the_channels() -> None:
    """The profile says that papers are appeals: one of unknown regime gets their term."""
    unknown = message("paper", channel="register", regime="особый порядок")
    (item,) = worklist([unknown], TOWN, NOW)
    assert item.due is not None
    assert item.due.date() == datetime(2025, 12, 30).date()  # noqa: DTZ001  # a civil date
    assert item.message.regime is Regime.UNKNOWN
    assert "59-ФЗ" in item.explain("ru")


def test_regime_and_channel_pick_the_rule() -> None:
    """An appeal under 59-FZ, a fast-track message and a comment get their own terms."""
    comment = message(
        "comment", channel="vk", kind=Kind.COMMENT, detected_at=datetime(2026, 1, 11, 17, 40, tzinfo=UTC)
    )
    items = worklist(
        [message("appeal", regime=Regime.LAW_59), message("fast", fast_track=True), comment], TOWN, NOW
    )
    due = {item.message.external_id: item.due and item.due.isoformat() for item in items}
    assert due == {
        "appeal": "2025-12-30T23:59:59+03:00",
        "fast": "2025-12-18T23:59:59+03:00",
        "comment": "2026-01-12T10:10:00+03:00",
    }
    posts = {item.message.external_id: item.responsible and item.responsible.role for item in items}
    assert posts == {
        "appeal": "portal.coordinator",
        "fast": "portal.coordinator",
        "comment": "incidents.moderator",
    }


def test_portal_date_decides_and_is_shown_in_our_zone() -> None:
    """The portal's own date decides what is late; the disagreement with our fallback is explained."""
    [item] = worklist([message("1", due_at=NOW + timedelta(hours=1))], TOWN, NOW)
    assert item.due is not None
    assert item.due.isoformat() == "2026-01-12T09:05:00+03:00"
    assert not item.late
    assert "решает внешняя система" in item.explain("ru")
    assert "12.01.2026 09:05 МСК" in item.explain("ru")


def test_a_message_that_cannot_be_judged_is_not_lost() -> None:
    """A date beyond the calendar puts the message last with the reason, and keeps the others."""
    far = datetime(2012, 5, 5, tzinfo=UTC)
    items = worklist(
        [message("old", regime="59fz", registered_at=far, created_at=far), message("ok")], TOWN, NOW
    )
    assert [item.message.external_id for item in items] == ["ok", "old"]
    assert isinstance(items[1].problem, CalendarHorizonError)
    assert items[1].due is None
    assert items[1].remaining(NOW) is None
    assert "2012" in items[1].explain("ru")
    assert "2012" in items[1].explain("en")


def test_without_a_start_there_is_no_due_moment() -> None:
    """A message without any date of its own is shown, last, as not begun."""
    [item] = worklist([message("1", created_at=None, registered_at=None)], TOWN, NOW)
    assert item.due is None
    assert not item.late
    assert item.explain("en").startswith("The term has not begun\n")


def test_reads_an_inbox(tmp_path: Path) -> None:
    """An inbox and a list of its messages give the same worklist."""
    with Inbox.open(tmp_path / "town.sqlite3") as inbox:
        inbox.receive(Batch(channel="portal", account="portal", items=(message("1"), message("2"))), NOW)
        items = worklist(inbox, TOWN, NOW)
        assert items == worklist(list(inbox.messages()), TOWN, NOW)
    assert len(items) == 2


@pytest.mark.parametrize("language", ["ru", "en"])
def test_explanation_names_rule_and_zone(language: str) -> None:
    """Every explanation names the rule and the zone, in both languages."""
    [item] = worklist([message("1", regime="59fz")], TOWN, NOW)
    text = item.explain("ru" if language == "ru" else "en")
    assert "59fz.examination" in text
    assert ("МСК" if language == "ru" else "MSK") in text


def test_a_policy_can_read_every_fact_it_may_name() -> None:
    """Each fact that a policy may put a condition on is there for every message; no condition is vain."""
    assert set(case_of(Evidence(message("1")), TOWN).facts) == set(FACTS)


def test_the_portal_date_outlives_our_calendar() -> None:
    """Where the portal's date decides, a message beyond our calendar keeps it and says what is missing."""
    registered = datetime(2027, 12, 20, 9, tzinfo=UTC)
    due = datetime(2028, 1, 19, 9, tzinfo=UTC)
    [item] = worklist(
        [message("1", created_at=registered, registered_at=registered, due_at=due)], TOWN, registered
    )
    assert item.problem is None
    assert item.due is not None
    assert item.due.isoformat() == "2028-01-19T12:00:00+03:00"
    assert not item.late
    assert "Наш срок не посчитан" in item.explain("ru")
    assert "2028" in item.explain("en")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1900, 1, 1, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("field", ["created_at", "registered_at", "due_at", "answered_at", "detected_at"])
def test_moments_at_the_ends_of_time_lose_no_list(field: str, moment: datetime) -> None:
    """Whatever moment a far system sends, the other messages keep their places."""
    fields: dict[str, object] = {field: moment}
    items = worklist([message("odd", **fields), message("ok")], TOWN, NOW)
    assert "ok" in [item.message.external_id for item in items]
    for item in items:
        assert item.explain("ru")


def test_what_has_not_begun_says_what_it_waits_for() -> None:
    """A message without its start event is listed by arrival and names the event that is missing."""
    later = message("b", created_at=DECEMBER + timedelta(days=1), registered_at=None)
    earlier = message("a", created_at=DECEMBER, registered_at=None)
    items = worklist([later, earlier, message("due")], TOWN, NOW)
    assert [item.message.external_id for item in items] == ["due", "a", "b"]
    assert "регистрация" in items[1].explain("ru")
