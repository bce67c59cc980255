"""The outbox: what may be put, approved, stopped and settled, and how every end of an attempt counts."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest

from mcu_sdk.errors import (
    CapabilityMissing,
    Denied,
    Invalid,
    McuError,
    NaiveMomentError,
    OutcomeUnknown,
    RateLimited,
    TransportError,
    Unavailable,
    UsageError,
)
from mcu_sdk.intake import Delivered, Outbox, deliver, deliver_async, failpoints, reconcile, reconcile_async
from mcu_sdk.intake.sqlite import HostedSqliteStore
from mcu_sdk.model import Outgoing, Presence, Receipt

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
DOUBT = OutcomeUnknown("transport.outcome_unknown", "8 495 111-22-33 broke", delivered="unknown", reason="x")


def step(key: str, message: str = "1", **fields: Any) -> Outgoing:
    values = {"key": key, "channel": "portal", "account": "town", "external_id": message, "kind": "answer"}
    return Outgoing.model_validate(values | {"created_at": AT} | fields)


@dataclass
class FarSender:
    """A far side by script: how it ends for a key, what it has; `sent` is what reached it."""

    ends: dict[str, Any] = field(default_factory=dict)
    presence: Presence = Presence.CANNOT_TELL
    sent: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    dry: bool = False
    channel: str = "portal"
    account: str = "town"

    def send(self, outgoing: Outgoing) -> Receipt:
        self.asked.append(outgoing.key)
        end = self.ends.get(outgoing.key)
        if isinstance(end, BaseException):
            raise end
        if not self.dry:
            self.sent.append(outgoing.key)
        return Receipt(sent=not self.dry, request_id="r-1")

    def find(self, outgoing: Outgoing) -> Presence:
        return self.presence


@dataclass
class AsyncFarSender:
    inner: FarSender
    channel: str = "portal"
    account: str = "town"

    async def send(self, outgoing: Outgoing) -> Receipt:
        return self.inner.send(outgoing)

    async def find(self, outgoing: Outgoing) -> Presence:
        return self.inner.find(outgoing)


@pytest.fixture
def outbox(place: str) -> Iterator[Outbox]:
    with Outbox.open(place) as opened:
        yield opened
        assert opened.journal.verify() == ()


@pytest.fixture(params=["sync", "asyncio", "trio"])
def delivered(request: pytest.FixtureRequest) -> Callable[..., Delivered]:
    def run(outbox: Outbox, far: FarSender, at: datetime = AT, limit: int | None = None) -> Delivered:
        if request.param == "sync":
            return deliver(outbox, [far], now=lambda: at, worker="w", limit=limit)

        async def on_the_loop() -> Delivered:
            return await deliver_async(outbox, [AsyncFarSender(far)], now=lambda: at, worker="w", limit=limit)

        return anyio.run(on_the_loop, backend=request.param)

    return run


def states(outbox: Outbox) -> list[str]:
    return [entry.state.value for entry in outbox.entries()]


def test_a_step_is_sent_once_and_told(outbox: Outbox, delivered: Callable[..., Delivered]) -> None:
    outbox.put(step("a"), by="Первый", now=AT)
    far = FarSender()
    assert delivered(outbox, far) == Delivered(sent=1)
    assert delivered(outbox, far, LATER) == Delivered()
    assert far.asked == ["a"]
    assert (states(outbox), outbox.get("a").request_id) == (["sent"], "r-1")
    told = [entry.kind for entry in outbox.journal.entries("portal", "town")]
    assert told == ["put", "sending", "sent"]


def test_the_same_key_stands_for_one_content(outbox: Outbox) -> None:
    outbox.put(step("a", text="Яма"), by="Первый", now=AT)
    again = outbox.put(step("a", text="Яма", created_at=LATER), by="Второй", now=LATER)
    assert (again.put_by, again.put_at, len(outbox.entries())) == ("Первый", AT, 1)
    for other in (step("a", text="Другое"), step("a", account="village", text="Яма")):
        with pytest.raises(UsageError) as caught:
            outbox.put(other, by="Первый", now=AT)
        assert caught.value.code == "outbox.other_content"
    assert "Яма" not in f"{outbox.entries()}"
    assert "Первый" not in f"{outbox.entries()}"


@pytest.mark.parametrize("by", ["", "  "])
def test_somebody_answers_for_a_step_at_a_moment(outbox: Outbox, by: str) -> None:
    with pytest.raises(UsageError):
        outbox.put(step("a"), by=by, now=AT)
    with pytest.raises(NaiveMomentError):
        outbox.put(step("a"), by="x", now=AT.replace(tzinfo=None))
    assert outbox.entries() == ()


@pytest.mark.parametrize(
    ("error", "state", "tries", "goes_on"),
    [
        (DOUBT, "unknown", 1, True),
        (TransportError("transport.broken", "m", delivered="unknown", kind="x"), "unknown", 1, True),
        (TransportError("transport.not_reached", "m", delivered="no", kind="x"), "waiting", 0, False),
        (RateLimited("api.rate_limited", "m", status=429, words=""), "waiting", 0, False),
        (Unavailable("api.unavailable", "m", status=503, words=""), "waiting", 0, False),
        (Denied("api.unauthorized", "m", status=401, words=""), "waiting", 0, False),
        (Denied("api.forbidden", "m", status=403, words=""), "waiting", 1, False),
        (UsageError("usage.client_closed", "m"), "waiting", 0, False),
        (Invalid("api.invalid", "звоните 8 495 111-22-33", status=400, words=""), "failed", 1, True),
        (CapabilityMissing("portal.not_expressible", "m", what="x"), "failed", 1, True),
        (McuError("own.code", "m"), "unknown", 1, True),
    ],
    ids=lambda value: getattr(value, "code", None),
)
def test_every_end_of_an_attempt_counts_as_it_should(
    outbox: Outbox,
    delivered: Callable[..., Delivered],
    error: McuError,
    state: str,
    tries: int,
    goes_on: bool,
) -> None:
    outbox.put(step("a", "1"), by="x", now=AT)
    outbox.put(step("b", "2"), by="x", now=AT)
    far = FarSender({"a": error})
    result = delivered(outbox, far)
    first, second = outbox.entries()
    assert (first.state, first.tries) == (state, tries)
    assert first.reason is not None
    assert "111-22" not in first.reason
    assert second.state == ("sent" if goes_on else "waiting")
    assert bool(result.troubles) is not goes_on


def test_a_step_forbidden_five_times_has_failed(outbox: Outbox) -> None:
    outbox.put(step("a"), by="x", now=AT)
    far = FarSender({"a": Denied("api.forbidden", "m", status=403, words="")})
    ends = [(deliver(outbox, [far], now=lambda: AT), states(outbox)[0])[1] for _ in range(6)]
    assert ends == ["waiting"] * 4 + ["failed"] * 2
    assert len(far.asked) == 5


def test_a_dry_run_sends_nothing_and_counts(outbox: Outbox, delivered: Callable[..., Delivered]) -> None:
    outbox.put(step("a", "1"), by="x", now=AT)
    outbox.put(step("b", "2"), by="x", now=AT)
    assert delivered(outbox, FarSender(dry=True)) == Delivered(not_sent=2)
    assert delivered(outbox, FarSender(), limit=1) == Delivered(sent=1)
    assert states(outbox) == ["sent", "waiting"]
    assert [entry.tries for entry in outbox.entries()] == [1, 0]


def test_the_steps_on_one_message_keep_their_order(
    outbox: Outbox, delivered: Callable[..., Delivered]
) -> None:
    for key, message in (("take", "1"), ("answer", "1"), ("other", "2")):
        outbox.put(step(key, message), by="x", now=AT)
    far = FarSender({"take": DOUBT})
    assert delivered(outbox, far) == Delivered(sent=1, unknown=1)
    assert far.asked == ["take", "other"]
    outbox.settle("take", sent=True, by="x", now=AT)
    delivered(outbox, far)
    assert far.sent == ["other", "answer"]


def test_nothing_is_sent_while_stopped(outbox: Outbox, delivered: Callable[..., Delivered]) -> None:
    outbox.put(step("a"), by="x", now=AT)
    outbox.stop(by="Первый", reason="ошибка", now=AT)
    outbox.stop(by="Второй", reason="ещё раз", now=LATER)
    far = FarSender()
    assert delivered(outbox, far) == Delivered(stopped=True)
    assert far.asked == []
    stop = outbox.stopped
    assert stop is not None
    assert (stop.by, stop.at, "Первый" in repr(stop)) == ("Первый", AT, False)
    outbox.resume(by="Первый", now=LATER)
    assert outbox.stopped is None
    assert delivered(outbox, far) == Delivered(sent=1)
    assert [entry.kind for entry in outbox.journal.entries("mcu", "outbox")] == ["stopped", "resumed"]


def test_two_persons_are_two(place: str) -> None:
    with Outbox.open(place, two_persons=True) as outbox:
        outbox.put(step("a"), by="Первый", now=AT)
        far = FarSender()
        assert deliver(outbox, [far], now=lambda: AT) == Delivered()
        with pytest.raises(UsageError) as caught:
            outbox.approve("a", by=" первый ", now=AT)
        assert caught.value.code == "outbox.same_person"
        assert outbox.approve("a", by="Второй", now=AT).state == "waiting"
        with pytest.raises(UsageError):
            outbox.approve("a", by="Второй", now=AT)
        assert deliver(outbox, [far], now=lambda: AT) == Delivered(sent=1)
        with Outbox.open(place) as careless:
            careless.put(step("b"), by="Первый", now=AT)
        assert deliver(outbox, [far], now=lambda: AT) == Delivered()


def test_only_what_was_not_taken_up_is_cancelled(outbox: Outbox) -> None:
    outbox.put(step("a", "1"), by="x", now=AT)
    outbox.put(step("b", "2"), by="x", now=AT)
    assert outbox.cancel("a", by="x", now=AT).state == "cancelled"
    deliver(outbox, [FarSender()], now=lambda: AT)
    with pytest.raises(UsageError):
        outbox.cancel("b", by="x", now=AT)
    with pytest.raises(UsageError):
        outbox.settle("b", sent=False, by="x", now=AT)
    with pytest.raises(UsageError):
        outbox.get("c")


def test_nothing_is_delivered_inside_a_hosts_transaction() -> None:
    """It would be sent before the host commits that it is."""
    with closing(sqlite3.connect(":memory:")) as connection:
        store = HostedSqliteStore(connection)
        store.prepare()
        outbox = Outbox(store)
        outbox.put(step("a"), by="x", now=AT)
        far = FarSender()
        with pytest.raises(CapabilityMissing):
            deliver(outbox, [far], now=lambda: AT)
        assert far.asked == []


class Crash(BaseException):
    pass


@pytest.mark.parametrize(
    ("point", "reached", "later"),
    [("after_claim", 0, "unknown"), ("after_send", 1, "unknown"), ("after_settle", 1, "sent")],
)
def test_a_crash_leaves_a_step_known_or_in_doubt(
    outbox: Outbox, delivered: Callable[..., Delivered], point: str, reached: int, later: str
) -> None:
    outbox.put(step("a"), by="x", now=AT)
    far = FarSender()

    def crash() -> None:
        raise Crash

    failpoints.arm(f"deliver.{point}", crash)
    try:
        with pytest.raises(Crash):
            delivered(outbox, far)
    finally:
        failpoints.arm(f"deliver.{point}", None)
    delivered(outbox, far, AT + timedelta(minutes=9))
    assert states(outbox) == ["sending" if later == "unknown" else "sent"]
    delivered(outbox, far, LATER)
    assert states(outbox) == [later]
    assert len(far.sent) == reached


@pytest.mark.parametrize("world", ["sync", "asyncio", "trio"])
@pytest.mark.parametrize(
    ("presence", "state"), [("there", "sent"), ("absent", "waiting"), ("cannot_tell", "unknown")]
)
def test_doubt_is_ended_by_what_the_far_side_has(
    outbox: Outbox, world: str, presence: str, state: str
) -> None:
    outbox.put(step("a"), by="x", now=AT)
    far = FarSender({"a": DOUBT}, presence=Presence(presence))
    deliver(outbox, [far], now=lambda: AT)
    if world == "sync":
        result = reconcile(outbox, [far], now=lambda: AT)
    else:

        async def on_the_loop() -> Any:
            return await reconcile_async(outbox, [AsyncFarSender(far)], now=lambda: AT)

        result = anyio.run(on_the_loop, backend=world)
    assert states(outbox) == [state]
    assert result.sent + result.absent + result.in_doubt == 1


def test_a_late_end_is_noted_after_the_lease(outbox: Outbox) -> None:
    """The sender was slow: somebody put the step in doubt meanwhile, but it is known to be sent."""
    outbox.put(step("a"), by="x", now=AT)
    far = FarSender()
    failpoints.arm("deliver.after_send", lambda: deliver(outbox, [FarSender()], now=lambda: LATER))
    try:
        assert deliver(outbox, [far], now=lambda: AT) == Delivered(sent=1)
    finally:
        failpoints.arm("deliver.after_send", None)
    assert [entry.kind for entry in outbox.journal.entries("portal", "town")][-2:] == ["unknown", "sent"]


def test_several_deliverers_send_each_step_once(place: str) -> None:
    with Outbox.open(place) as outbox:
        for number in range(24):
            outbox.put(step(f"k{number}", str(number % 7)), by="x", now=AT)
    far, lock = FarSender(), threading.Lock()
    begin = threading.Barrier(4)

    class Shared(FarSender):
        def send(self, outgoing: Outgoing) -> Receipt:
            with lock:
                return far.send(outgoing)

    def work() -> None:
        with Outbox.open(place) as own:
            begin.wait()
            deliver(own, [Shared()], now=lambda: AT)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Outbox.open(place) as outbox:
        deliver(outbox, [far], now=lambda: AT)
        assert set(states(outbox)) == {"sent"}
        assert outbox.journal.verify() == ()
    assert Counter(far.sent) == Counter(f"k{number}" for number in range(24))
    for message in range(7):
        ours = [int(key[1:]) for key in far.sent if int(key[1:]) % 7 == message]
        assert ours == sorted(ours)
