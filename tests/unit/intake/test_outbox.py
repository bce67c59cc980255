"""The outbox: said once, in order, by two persons where that is asked, and never blindly again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest

from mcu_sdk.errors import (
    Denied,
    Invalid,
    McuError,
    NaiveMomentError,
    OutcomeUnknown,
    TransportError,
    UsageError,
)
from mcu_sdk.intake import (
    Delivered,
    Journal,
    Outbox,
    OutgoingState,
    deliver,
    deliver_async,
    failpoints,
    reconcile,
    reconcile_async,
)
from mcu_sdk.model import Outcome, Outgoing, OutgoingKind, Presence, Receipt

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
LEASE = timedelta(minutes=5)
REFUSED = Invalid("api.invalid", "their words", status=400)
LOGGED_OUT = Denied("api.unauthorized", "no", status=401)
NOT_REACHED = TransportError("transport.not_reached", "no", delivered="no")
IN_DOUBT = OutcomeUnknown("transport.outcome_unknown", "?", delivered="unknown", reason="?")


def answer(key: str, external_id: str = "1", text: str = "Сделано", account: str = "town") -> Outgoing:
    return Outgoing(
        key=key,
        channel="portal",
        account=account,
        external_id=external_id,
        kind=OutgoingKind.ANSWER,
        text=text,
        outcome=Outcome.SOLVED,
        created_at=AT,
    )


@dataclass
class Far:
    """A far side that says what the script says for each key, and notes what it was told."""

    script: dict[str, list[Any]] = field(default_factory=dict)
    presence: Presence = Presence.CANNOT_TELL
    told: list[str] = field(default_factory=list)
    channel: str = "portal"
    account: str = "town"

    def send(self, outgoing: Outgoing) -> Receipt:
        ending = self.script.get(outgoing.key, []).pop(0) if self.script.get(outgoing.key) else None
        if isinstance(ending, McuError):
            raise ending
        self.told.append(outgoing.key)
        if callable(ending):
            ending()
        return ending if isinstance(ending, Receipt) else Receipt(sent=True)

    def find(self, outgoing: Outgoing) -> Presence:
        return self.presence


@dataclass
class AsyncFar:
    inner: Far

    @property
    def channel(self) -> str:
        return self.inner.channel

    @property
    def account(self) -> str:
        return self.inner.account

    async def send(self, outgoing: Outgoing) -> Receipt:
        return self.inner.send(outgoing)

    async def find(self, outgoing: Outgoing) -> Presence:
        return self.inner.find(outgoing)


@pytest.fixture
def outbox(place: str) -> Iterator[Outbox]:
    with Outbox.open(place) as opened:
        yield opened


class World:
    """Delivering and reconciling in one world."""

    def __init__(self, name: str, outbox: Outbox) -> None:
        self.name = name
        self.outbox = outbox
        self.moment = AT

    def deliver(self, *fars: Far, limit: int | None = None) -> Delivered:
        options: dict[str, Any] = {"now": lambda: self.moment, "lease": LEASE, "limit": limit}
        if self.name == "sync":
            return deliver(self.outbox, fars, **options)
        run = lambda: deliver_async(self.outbox, [AsyncFar(far) for far in fars], **options)  # noqa: E731
        return anyio.run(run, backend=self.name)

    def reconcile(self, *fars: Far) -> Delivered:
        if self.name == "sync":
            return reconcile(self.outbox, fars, now=lambda: self.moment)
        run = lambda: reconcile_async(self.outbox, [AsyncFar(far) for far in fars], now=lambda: self.moment)  # noqa: E731
        return anyio.run(run, backend=self.name)


@pytest.fixture(params=["sync", "asyncio", "trio"])
def world(request: pytest.FixtureRequest, outbox: Outbox) -> World:
    return World(request.param, outbox)


def put(outbox: Outbox, *outgoing: Outgoing) -> None:
    for one in outgoing:
        outbox.put(one, by="clerk", now=AT)


def states(outbox: Outbox) -> dict[str, str]:
    return {queued.outgoing.key: queued.state.value for queued in outbox.entries()}


def test_what_is_put_is_sent_once(world: World, outbox: Outbox) -> None:
    far = Far()
    put(outbox, answer("a", "1"), answer("b", "2"), answer("a", "1"))
    assert world.deliver(far) == Delivered(sent=2)
    assert world.deliver(far) == Delivered()
    assert far.told == ["a", "b"]
    (first, _) = outbox.entries(OutgoingState.SENT)
    assert (first.outgoing, first.tries, first.settled_at, first.put_by) == (answer("a"), 1, AT, "clerk")


def test_a_key_stands_for_one_answer(outbox: Outbox) -> None:
    put(outbox, answer("a"))
    with pytest.raises(UsageError) as caught:
        put(outbox, answer("a", text="Другое"))
    assert caught.value.code == "outbox.key_reused"
    assert outbox.get("a").outgoing.text == "Сделано"
    with pytest.raises(UsageError):
        outbox.get("b")
    with pytest.raises(NaiveMomentError):
        outbox.put(answer("c"), by="clerk", now=AT.replace(tzinfo=None))


def test_a_doubtful_one_is_not_said_again_and_holds_back_the_next_to_that_message(
    world: World, outbox: Outbox
) -> None:
    far = Far({"a": [IN_DOUBT]})
    put(outbox, answer("a", "1"), answer("b", "1"), answer("c", "2"))
    assert world.deliver(far) == Delivered(unknown=1)
    assert world.deliver(far) == Delivered(sent=1)
    assert world.deliver(far) == Delivered()
    assert (far.told, states(outbox)) == (["c"], {"a": "unknown", "b": "waiting", "c": "sent"})
    assert world.reconcile(far) == Delivered(unknown=1)
    outbox.settle("a", sent=True, now=AT)
    assert world.deliver(far) == Delivered(sent=1)
    assert far.told == ["c", "b"]


@pytest.mark.parametrize(
    ("presence", "reconciled", "told"),
    [(Presence.THERE, Delivered(sent=1), []), (Presence.ABSENT, Delivered(waiting=1), ["a"])],
)
def test_the_far_side_settles_a_doubt_when_it_can_tell(
    world: World, outbox: Outbox, presence: Presence, reconciled: Delivered, told: list[str]
) -> None:
    far = Far({"a": [IN_DOUBT]}, presence)
    put(outbox, answer("a"))
    world.deliver(far)
    assert world.reconcile(far) == reconciled
    world.deliver(far)
    assert far.told == told
    assert states(outbox) == {"a": "sent"}


def test_a_refusal_is_final_and_its_words_are_not_kept(world: World, outbox: Outbox) -> None:
    far = Far({"a": [REFUSED]})
    put(outbox, answer("a", "1"), answer("b", "2"))
    assert world.deliver(far) == Delivered(failed=1, sent=1)
    (failed,) = outbox.entries(OutgoingState.FAILED)
    assert failed.reason == "api.invalid"
    assert "their words" not in f"{outbox.store.rows('SELECT * FROM mcu_outbox')}"


@pytest.mark.parametrize("trouble", [LOGGED_OUT, NOT_REACHED], ids=["denied", "not reached"])
def test_trouble_of_the_account_ends_its_turn_alone(world: World, outbox: Outbox, trouble: McuError) -> None:
    town, village = Far({"a": [trouble, trouble]}), Far(account="village")
    put(outbox, answer("a", "1"), answer("b", "2"), answer("c", "3", account="village"))
    assert world.deliver(town, village) == Delivered(waiting=1, sent=1)
    assert states(outbox) == {"a": "waiting", "b": "waiting", "c": "sent"}
    assert world.deliver(town) == Delivered(waiting=1)
    assert world.deliver(town) == Delivered(sent=2)
    assert town.told == ["a", "b"]


def test_a_dry_run_sends_nothing_and_changes_nothing(world: World, outbox: Outbox) -> None:
    far = Far({"a": [Receipt(sent=False)]})
    put(outbox, answer("a", "1"), answer("b", "2"))
    assert world.deliver(far) == Delivered(waiting=1)
    assert states(outbox) == {"a": "waiting", "b": "waiting"}
    assert world.deliver(far, limit=1) == Delivered(sent=1)


class Killed(BaseException):
    pass


def die() -> None:
    raise Killed


def test_a_crash_before_anything_is_said_or_after_it_ends_in_doubt(outbox: Outbox) -> None:
    """Nobody can know how far the crashed one came: neither is said again until somebody finds out."""
    far = Far()
    put(outbox, answer("a", "1"), answer("b", "2"))
    for step in ("deliver.after_claim", "deliver.after_send"):
        failpoints.arm(step, die)
        with pytest.raises(Killed):
            deliver(outbox, [far], now=lambda: AT, lease=LEASE)
        failpoints.arm(step, None)
    assert states(outbox) == {"a": "sending", "b": "sending"}
    assert deliver(outbox, [far], now=lambda: AT, lease=LEASE) == Delivered()
    assert deliver(outbox, [far], now=lambda: AT + LEASE, lease=LEASE) == Delivered()
    assert states(outbox) == {"a": "unknown", "b": "unknown"}
    assert far.told == ["b"]


def test_a_slow_one_that_was_given_up_still_knows_what_it_did(place: str, outbox: Outbox) -> None:
    moment = [AT]

    def linger() -> None:
        moment[0] += 2 * LEASE
        with Outbox.open(place) as other:
            assert deliver(other, [Far()], now=lambda: moment[0], lease=LEASE) == Delivered()
            assert states(other) == {"a": "unknown"}

    put(outbox, answer("a"))
    assert deliver(outbox, [Far({"a": [linger]})], now=lambda: moment[0], lease=LEASE) == Delivered(sent=1)
    assert states(outbox) == {"a": "sent"}


def test_two_persons(place: str) -> None:
    with Outbox.open(place, two_persons=True) as outbox:
        far = Far()
        put(outbox, answer("a"))
        assert deliver(outbox, [far], now=lambda: AT) == Delivered()
        with pytest.raises(UsageError) as caught:
            outbox.approve("a", by="clerk", now=AT)
        assert caught.value.code == "outbox.same_person"
        assert outbox.approve("a", by="head", now=AT).approved_by == "head"
        assert deliver(outbox, [far], now=lambda: AT) == Delivered(sent=1)
        with pytest.raises(UsageError):
            outbox.approve("a", by="head", now=AT)


def test_the_kill_switch(world: World, outbox: Outbox) -> None:
    far = Far()
    put(outbox, answer("a"))
    outbox.stop(by="head", reason="проверка", now=AT)
    assert world.deliver(far) == Delivered()
    assert outbox.stopped is not None
    assert (outbox.stopped.by, outbox.stopped.at) == ("head", AT)
    outbox.resume()
    assert world.deliver(far) == Delivered(sent=1)


def test_a_cancelled_one_is_never_sent(world: World, outbox: Outbox) -> None:
    put(outbox, answer("a", "1"), answer("b", "1"))
    outbox.cancel("a", now=AT)
    assert world.deliver(Far()) == Delivered(sent=1)
    assert states(outbox) == {"a": "cancelled", "b": "sent"}
    with pytest.raises(UsageError):
        outbox.cancel("b", now=AT)


def test_several_deliver_and_none_says_it_twice(place: str) -> None:
    with Outbox.open(place) as outbox:
        put(outbox, *(answer(str(number), str(number)) for number in range(60)))
    far = Far()

    def run() -> None:
        with Outbox.open(place) as own:
            deliver(own, [far], now=lambda: AT)

    workers = [threading.Thread(target=run) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Counter(far.told) == Counter(map(str, range(60)))


def test_the_journal_tells_every_step(outbox: Outbox) -> None:
    put(outbox, answer("a"))
    deliver(outbox, [Far({"a": [IN_DOUBT]})], now=lambda: AT)
    outbox.settle("a", sent=False, now=AT)
    deliver(outbox, [Far()], now=lambda: AT)
    journal = Journal(outbox.store)
    told = [(entry.kind, entry.subject) for entry in journal.entries("portal", "town")]
    assert told == [(kind, "key:a") for kind in ("put", "sending", "unknown", "settled", "sending", "sent")]
    assert journal.verify() == ()
    assert "Сделано" not in f"{list(journal.entries('portal', 'town'))}"
