"""Handlers: everything handed over once, through failures, crashes and several workers."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mcu_sdk.errors import StoreError
from mcu_sdk.intake import (
    Handled,
    Inbox,
    dead_letters,
    failpoints,
    handle,
    retry_dead_letters,
    subscribe,
)
from mcu_sdk.model import Batch, Message

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
LEASE = timedelta(seconds=30)
Batches = Callable[..., Batch]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = AT

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, span: timedelta) -> None:
        self.moment += span


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Killed(BaseException):
    """A worker dies here."""


def die() -> None:
    raise Killed


def killed_at(step: str, run: Callable[[], object]) -> None:
    failpoints.arm(step, die)
    try:
        with pytest.raises(Killed):
            run()
    finally:
        failpoints.arm(step, None)


together_or_not = pytest.mark.parametrize("together", [False, True], ids=["leased", "together"])


@together_or_not
def test_what_was_stored_before_and_after_is_handed_over_once_in_order(
    inbox: Inbox, batch: Batches, clock: Clock, together: bool
) -> None:
    inbox.receive(batch("1", "2"), AT)
    subscribe(inbox, "crm")
    subscribe(inbox, "crm")
    inbox.receive(batch("2", "3", text="Яма"), AT)
    inbox.receive(batch("3", text="Яма"), AT)
    seen: list[tuple[str, str]] = []

    def work(message: Message) -> None:
        assert message.received_at == AT
        seen.append((message.external_id, message.text))

    assert handle(inbox, "crm", work, now=clock, together=together) == Handled(done=4)
    assert seen == [("1", ""), ("2", ""), ("2", "Яма"), ("3", "Яма")]
    assert handle(inbox, "crm", work, now=clock, together=together) == Handled()


@together_or_not
def test_each_handler_gets_everything(inbox: Inbox, batch: Batches, clock: Clock, together: bool) -> None:
    for handler in ("crm", "mail"):
        subscribe(inbox, handler)
    inbox.receive(batch("1", "2"), AT)
    assert handle(inbox, "crm", lambda _: None, now=clock, together=together).done == 2
    assert handle(inbox, "mail", lambda _: None, now=clock, limit=1, together=together).done == 1
    assert handle(inbox, "mail", lambda _: None, now=clock, together=together).done == 1
    assert handle(inbox, "nobody", lambda _: None, now=clock, together=together).done == 0


@together_or_not
def test_a_failing_one_is_tried_five_times_and_holds_up_nobody(
    inbox: Inbox, batch: Batches, clock: Clock, together: bool
) -> None:
    subscribe(inbox, "crm")
    inbox.receive(batch("1", "2", "3"), AT)
    seen: Counter[str] = Counter()

    def work(message: Message) -> None:
        seen[message.external_id] += 1
        if message.external_id == "2":
            raise ValueError("Канарейкина wrote")

    results = []
    for _ in range(7):
        results.append(handle(inbox, "crm", work, now=clock, lease=LEASE, together=together))
        clock.pass_by(LEASE)
    assert results[0] == Handled(done=2, failed=1)
    assert results[1:4] == [Handled(failed=1)] * 3
    assert results[4:] == [Handled(dead=1), Handled(), Handled()]
    (letter,) = dead_letters(inbox)
    assert (letter.handler, letter.external_id, letter.reason) == ("crm", "2", "ValueError")
    assert retry_dead_letters(inbox, "crm") == 1
    assert handle(inbox, "crm", lambda _: None, now=clock, together=together) == Handled(done=1)
    assert dead_letters(inbox) == ()


def test_what_a_dead_worker_held_is_taken_over_after_the_lease(
    inbox: Inbox, batch: Batches, clock: Clock
) -> None:
    subscribe(inbox, "crm")
    inbox.receive(batch("1", "2", "3"), AT)
    seen: list[str] = []

    def work(message: Message) -> None:
        seen.append(message.external_id)

    killed_at("handle.after_claim", lambda: handle(inbox, "crm", work, now=clock, lease=LEASE))
    assert handle(inbox, "crm", work, now=clock, lease=LEASE) == Handled()
    clock.pass_by(LEASE)
    assert handle(inbox, "crm", work, now=clock, lease=LEASE) == Handled(done=3)
    assert seen == ["1", "2", "3"]


def test_a_crash_between_work_and_note_hands_that_one_over_again_and_no_other(
    inbox: Inbox, batch: Batches, clock: Clock
) -> None:
    subscribe(inbox, "crm")
    inbox.receive(batch("1", "2", "3"), AT)
    seen: list[str] = []

    def work(message: Message) -> None:
        seen.append(message.external_id)

    killed_at("handle.after_work", lambda: handle(inbox, "crm", work, now=clock, lease=LEASE))
    clock.pass_by(LEASE)
    handle(inbox, "crm", work, now=clock, lease=LEASE)
    assert seen == ["1", "1", "2", "3"]


def test_together_an_effect_in_the_same_database_is_kept_exactly_once(
    inbox: Inbox, batch: Batches, clock: Clock
) -> None:
    store = inbox.store
    store.write("CREATE TABLE effects (id TEXT)")
    subscribe(inbox, "crm")
    inbox.receive(batch(*map(str, range(250))), AT)

    def work(message: Message) -> None:
        store.write("INSERT INTO effects VALUES (?)", (message.external_id,))

    def run() -> Handled:
        return handle(inbox, "crm", work, now=clock, together=True)

    for step in ("handle.after_claim", "handle.after_work", "handle.after_done"):
        killed_at(step, run)
    assert run().done == 150
    effects = Counter(str(row[0]) for row in store.rows("SELECT id FROM effects"))
    assert effects == Counter(map(str, range(250)))


def test_together_the_effects_of_a_failing_work_are_not_kept(
    inbox: Inbox, batch: Batches, clock: Clock
) -> None:
    store = inbox.store
    store.write("CREATE TABLE effects (id TEXT)")
    subscribe(inbox, "crm")
    inbox.receive(batch("1", "2", "3"), AT)

    def work(message: Message) -> None:
        store.write("INSERT INTO effects VALUES (?)", (message.external_id,))
        if message.external_id == "2":
            raise ValueError

    assert handle(inbox, "crm", work, now=clock, together=True) == Handled(done=2, failed=1)
    assert store.rows("SELECT id FROM effects ORDER BY id") == [("1",), ("3",)]


def test_who_lost_the_lease_notes_nothing(place: str, batch: Batches, clock: Clock) -> None:
    with Inbox.open(place) as slow, Inbox.open(place) as quick:
        subscribe(slow, "crm")
        slow.receive(batch("1", "2"), AT)

        def work(message: Message) -> None:
            if message.external_id == "1":
                clock.pass_by(2 * LEASE)
                assert handle(quick, "crm", lambda _: None, now=clock, lease=LEASE) == Handled(done=2)

        assert handle(slow, "crm", work, now=clock, lease=LEASE) == Handled(lost=2)


@together_or_not
def test_workers_share_the_work_and_none_does_it_twice(
    place: str, batch: Batches, clock: Clock, together: bool
) -> None:
    with Inbox.open(place) as inbox:
        subscribe(inbox, "crm")
        for page in range(4):
            inbox.receive(batch(*(f"{page}-{number}" for number in range(100))), AT)
    seen: list[str] = []
    counts: list[Handled] = []

    def run() -> None:
        with Inbox.open(place) as own:
            while handled := handle(
                own, "crm", lambda message: seen.append(message.external_id), now=clock, together=together
            ).done:
                counts.append(Handled(done=handled))

    workers = [threading.Thread(target=run) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Counter(seen) == Counter(f"{page}-{number}" for page in range(4) for number in range(100))
    assert sum(count.done for count in counts) == 400


@together_or_not
def test_a_work_that_breaks_on_the_same_database_blocks_nobody(
    inbox: Inbox, batch: Batches, clock: Clock, together: bool
) -> None:
    """A statement of the host's that the database refuses is a failure of that work, not of the store."""
    subscribe(inbox, "crm")
    inbox.receive(batch("1", "2"), AT)

    def work(message: Message) -> None:
        if message.external_id == "1":
            inbox.store.write("INSERT INTO no_such_table VALUES (1)")

    assert handle(inbox, "crm", work, now=clock, together=together) == Handled(done=1, failed=1)


@together_or_not
def test_a_store_that_fails_is_raised_and_costs_no_try(
    place: str, batch: Batches, clock: Clock, together: bool
) -> None:
    with Inbox.open(place) as inbox:
        subscribe(inbox, "crm")
        inbox.receive(batch("1"), AT)
        broken = Inbox.open(place)
        broken.close()
        with pytest.raises(StoreError):
            handle(broken, "crm", lambda _: None, now=clock, together=together)
        assert handle(inbox, "crm", lambda _: None, now=clock, together=together) == Handled(done=1)
