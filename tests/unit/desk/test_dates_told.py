"""Whose date counts where the far system, a register and our own extension each told one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.senders import Sent

from mcu_sdk import Inbox, Municipality
from mcu_sdk.desk.cases import Evidence, case_of
from mcu_sdk.intake import Outbox, OutboxEntry, deliver
from mcu_sdk.model import Message, MomentOrDate, Outgoing, OutgoingKind
from mcu_sdk.sla import EventKind

TOWN = Municipality.load(Path(__file__).parents[3] / "examples" / "meshchovsk.toml")
CREATED = datetime(2025, 12, 22, 6, tzinfo=UTC)
UNTIL = datetime(2026, 2, 10, 9, tzinfo=UTC)


def message(due: MomentOrDate | None, told: datetime = CREATED) -> Message:
    return Message(
        channel="portal",
        account="portal",
        external_id="1",
        number="N1",
        created_at=CREATED,
        received_at=told,
        due_at=due,
    )


def extended(at: datetime) -> tuple[OutboxEntry, ...]:
    """The steps of an outbox that sent one extension at that moment."""
    step = Outgoing(
        key="k",
        channel="portal",
        account="portal",
        external_id="1",
        kind=OutgoingKind.EXTEND,
        created_at=at,
        postponed_until=UNTIL,
    )
    with Inbox.open(":memory:") as inbox:
        outbox = Outbox(inbox.store)
        outbox.put(step, by="Специалист", now=at)
        deliver(outbox, [Sent()], now=lambda: at)
        return outbox.entries()


def dates_of(evidence: Evidence) -> list[MomentOrDate | None]:
    return [event.due for event in case_of(evidence, TOWN).events if event.kind is EventKind.DUE_SET]


def test_a_date_without_its_time_is_the_same_date() -> None:
    """23:00 UTC on the 20th is the 21st in Moscow, and so a register has it: nothing was set anew."""
    known = datetime(2026, 1, 20, 23, tzinfo=UTC)
    copy = message(date(2026, 1, 21), CREATED + timedelta(days=2))
    assert dates_of(Evidence(message(known), [copy])) == [known]
    other = copy.model_copy(update={"due_at": date(2026, 1, 20)})
    assert dates_of(Evidence(message(known), [other])) == [known, date(2026, 1, 20)]


@pytest.mark.parametrize(
    ("sent_at", "moved"),
    [
        (datetime(2026, 1, 15, 9, tzinfo=UTC), True),
        (datetime(2026, 1, 20, 20, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 1, 20, 21, tzinfo=UTC), False),
    ],
)
def test_our_extension_moves_the_date_that_was_in_force(sent_at: datetime, *, moved: bool) -> None:
    """It counts until the last second of the date that a register told since, not of the first one."""
    copy = message(date(2026, 1, 20), CREATED + timedelta(days=2))
    evidence = Evidence(message(date(2026, 1, 10)), [copy], extended(sent_at))
    before = [date(2026, 1, 10), date(2026, 1, 20)]
    assert dates_of(evidence) == ([*before, UNTIL.astimezone(TOWN.zone)] if moved else before)
