"""The worklist in bulk says what the worklist says, of messages of every sort."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.senders import Sent

from mcu_sdk import Inbox, Municipality
from mcu_sdk.desk import Standing, WorkItem, bulk, worklist
from mcu_sdk.desk.worklist import judged_all
from mcu_sdk.intake import Outbox, deliver
from mcu_sdk.model import Batch, Kind, Message, Outgoing, OutgoingKind, Regime, Status
from mcu_sdk.sla import Calendar

TOWN = Municipality.load(Path(__file__).parents[2] / "examples" / "meshchovsk.toml")
NOW = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
DAYS = timedelta(days=3)

moments = st.integers(-70 * 24 * 60, 5 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
dates = st.integers(-70, 5).map(lambda days: date(2026, 1, 12) + timedelta(days=days))
dues = st.integers(-20 * 24 * 60, 40 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
far = st.sampled_from([datetime(2012, 5, 5, tzinfo=UTC), datetime(2031, 5, 5, tzinfo=UTC)])
when = st.none() | moments | dates


@st.composite
def messages(draw: st.DrawFn) -> list[Message]:
    count = draw(st.integers(0, 12))
    made = []
    for number in range(count):
        by_number = draw(st.integers(0, 5)) == 0
        made.append(
            Message(
                channel=draw(st.sampled_from(["portal", "vk", "register"])),
                account="portal",
                external_id=str(number),
                number=f"N{draw(st.integers(0, 3)) if by_number else number}",
                by_number=by_number,
                kind=draw(st.sampled_from(Kind)),
                regime=draw(st.sampled_from(Regime)),
                fast_track=draw(st.booleans()),
                created_at=draw(when | far),
                registered_at=draw(when | far),
                detected_at=draw(st.none() | moments),
                received_at=draw(st.none() | moments),
                due_at=draw(st.none() | dues | dates),
                answered_at=draw(st.none() | st.none() | moments | dates),
                closed_at=draw(st.none() | st.none() | moments | dates),
                status=draw(st.sampled_from(Status)),
            )
        )
    return made


def shown(items: list[WorkItem]) -> list[tuple[object, ...]]:
    """What the items say."""
    return [
        (
            item.message,
            item.due,
            item.standing,
            item.acting,
            item.problem,
            item.explain(),
        )
        for item in items
    ]


@given(messages(), st.integers(0, 15), st.sets(st.sampled_from(Standing)))
def test_in_bulk_as_one_by_one(made: list[Message], limit: int, standings: set[Standing]) -> None:
    in_bulk = bulk.worklist(made, TOWN, NOW, limit=limit)
    assert shown(in_bulk) == shown(worklist(made, TOWN, NOW)[:limit])
    asked = [item for item in worklist(made, TOWN, NOW) if item.standing in standings][:limit]
    assert shown(bulk.worklist(made, TOWN, NOW, limit=limit, standings=standings)) == shown(asked)
    counted = bulk.tally(made, TOWN, NOW)
    assert dict(counted.standings) == Counter(item.standing for item in judged_all(made, TOWN, NOW))
    assert counted.singly <= len(made)


def test_steps_and_register_rows_of_an_inbox_count() -> None:
    """Of three messages one was answered by us, one by the register; only the third goes by its column."""
    made = [
        Message(
            channel="portal",
            account="portal",
            external_id=str(number),
            number=f"N{number}",
            created_at=NOW - timedelta(days=3),
            registered_at=NOW - timedelta(days=3),
            text='"by_number": true',
        )
        for number in range(3)
    ]
    row = made[1].model_copy(
        update={"external_id": "export:N1", "by_number": True, "answered_at": NOW - timedelta(days=1)}
    )
    with Inbox.open(":memory:") as inbox:
        inbox.receive(Batch(channel="portal", account="portal", items=(*made, row)), NOW)
        assert [message.external_id for message in inbox.known_by_number()] == ["export:N1"]
        outbox = Outbox(inbox.store)
        step = Outgoing(
            key="k",
            channel="portal",
            account="portal",
            external_id="0",
            kind=OutgoingKind.ANSWER,
            created_at=NOW,
        )
        outbox.put(step, by="Специалист", now=NOW)
        deliver(outbox, [Sent()], now=lambda: NOW)
        counted = bulk.tally(inbox, TOWN, NOW)
        assert counted == bulk.Tally({Standing.DONE: 2, Standing.WAITING_FOR_US: 1}, singly=2)
        assert bulk.worklist(inbox, TOWN, NOW, limit=5) == worklist(inbox, TOWN, NOW)


@pytest.mark.parametrize("count", [1, 100, 101, 350])
def test_more_than_a_chunk(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_CHUNK", 100)
    made = [
        Message(
            channel="portal",
            account="portal",
            external_id=str(number),
            registered_at=NOW - timedelta(minutes=number * 240),
        )
        for number in range(count)
    ]
    first, *_ = bulk.worklist(made, TOWN, NOW, limit=3)
    started_at = NOW - timedelta(minutes=(count - 1) * 240)
    assert first.due is not None
    assert first.due.date() == (started_at.astimezone(TOWN.zone) + timedelta(days=30)).date()
    assert sum(bulk.tally(made, TOWN, NOW).standings.values()) == count


def test_a_bare_date_does_not_lose_the_list(tmp_path: Path) -> None:
    """A rule that needs the time of its start refuses one message, not all."""
    text = Path(__file__).parents[2].joinpath("examples", "meshchovsk.toml").read_text("utf-8")
    own = '[[rule]]\nid = "portal.ordinary"\nday_point = "same_time"\n\n[[rule]]'
    profile = tmp_path / "town.toml"
    profile.write_text(text.replace("[[rule]]", own, 1), "utf-8")
    town = Municipality.load(profile)
    made = [
        Message(channel="portal", account="portal", external_id=str(number), registered_at=at)
        for number, at in enumerate([date(2026, 1, 9), NOW - timedelta(days=1)])
    ]
    assert shown(bulk.worklist(made, town, NOW, limit=5)) == shown(worklist(made, town, NOW))
    assert bulk.tally(made, town, NOW).singly == 1


def test_of_two_that_are_equal_the_first_comes_first() -> None:
    """Counted or said by the far system: a limit cuts the same one."""
    at = NOW - timedelta(days=3)
    one = Message(channel="portal", account="portal", external_id="1", registered_at=at, text="считается")
    due = worklist([one], TOWN, NOW)[0].due
    made = [one, one.model_copy(update={"due_at": due, "text": "сказано"})]
    for both in (made, made[::-1]):
        assert bulk.worklist(both, TOWN, NOW, limit=1) == worklist(both, TOWN, NOW)[:1]


def test_every_standing_begins_on_its_second() -> None:
    """Due this very second is in time; today ends with its last second, and so does soon."""
    midnight = datetime(2026, 1, 12, 21, tzinfo=UTC)
    ends = [NOW, midnight, midnight + timedelta(days=3)]
    dues = [end + timedelta(seconds=seconds) for end in ends for seconds in (-1, 0, 1)]
    made = [
        Message(
            channel="portal", account="portal", external_id=str(number), created_at=NOW - DAYS, due_at=due
        )
        for number, due in enumerate(dues)
    ]
    found = bulk.worklist(made, TOWN, NOW, limit=20)
    assert found == worklist(made, TOWN, NOW)
    late, today, soon, later = Standing.LATE, Standing.DUE_TODAY, Standing.DUE_SOON, Standing.WAITING_FOR_US
    assert [item.standing for item in found] == [late, *[today] * 3, *[soon] * 3, later, later]


def test_a_bare_date_is_the_offices_whatever_calendar_counts() -> None:
    """The 13th has begun in Kamchatka, where comments are on duty, and not yet at the office."""
    duty = Calendar.weekly(zone="Asia/Kamchatka", schedule="mon-sun 09-21")
    town = replace(TOWN, calendars={**TOWN.calendars, "duty": duty})
    now = datetime(2026, 1, 12, 15, tzinfo=UTC)
    comment = Message(
        channel="vk",
        account="vk",
        external_id="1",
        kind=Kind.COMMENT,
        detected_at=now - timedelta(days=1),
        closed_at=date(2026, 1, 13),
    )
    [item] = worklist([comment], town, now)
    assert shown(bulk.worklist([comment], town, now, limit=1)) == shown([item])
    assert bulk.tally([comment], town, now).standings == {Standing.LATE: 1}
