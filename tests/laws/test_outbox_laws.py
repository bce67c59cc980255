"""Whatever happens between putting and settling: nothing is said twice, and nothing is left half done."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from mcu_sdk.errors import Denied, Invalid, OutcomeUnknown, TransportError, UsageError
from mcu_sdk.intake import Outbox, OutboxState, deliver, failpoints, reconcile
from mcu_sdk.model import Outgoing, OutgoingKind, Presence, Receipt

BEGIN = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
ENDS = ("taken", "taken", "arrived in doubt", "lost in doubt", "not reached", "refused", "forbidden")
STEPS = ("deliver.after_claim", "deliver.after_send", "deliver.after_settle")


class Crash(BaseException):
    """The program is killed."""


class Far:
    """A far side that counts what reached it and answers as drawn; it can tell what it has."""

    channel = "portal"
    account = "town"

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.end = "taken"

    def send(self, outgoing: Outgoing) -> Receipt:
        if self.end in ("taken", "arrived in doubt"):
            self.arrived.append(outgoing.key)
        if self.end.endswith("in doubt"):
            raise OutcomeUnknown("transport.outcome_unknown", "m", delivered="unknown", reason="m")
        if self.end == "not reached":
            raise TransportError("transport.not_reached", "m", delivered="no", kind="m")
        if self.end == "refused":
            raise Invalid("api.invalid", "m", status=400, words="")
        if self.end == "forbidden":
            raise Denied("api.forbidden", "m", status=403, words="")
        return Receipt(sent=True)

    def find(self, outgoing: Outgoing) -> Presence:
        return Presence.THERE if outgoing.key in self.arrived else Presence.ABSENT


class Life(RuleBasedStateMachine):
    """Steps are put, approved, cancelled, delivered by programs that crash, looked up and settled."""

    held: Bundle[str] = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.outbox = Outbox.open(":memory:", two_persons=True)
        self.far = Far()
        self.now = BEGIN
        self.model: dict[str, str] = {}  # key to what it may be: held, approved or cancelled
        self.order: dict[str, list[str]] = {}

    @rule(target=held, message=st.sampled_from("123"))
    def put(self, message: str) -> str:
        key = f"k{len(self.model)}"
        self.outbox.put(self._step(key, message), by="Первый", now=self.now)
        self.model[key] = "held"
        self.order.setdefault(message, []).append(key)
        return key

    @rule(key=held)
    def put_again(self, key: str) -> None:
        message = next(message for message, keys in self.order.items() if key in keys)
        before = self.outbox.get(key).state
        assert self.outbox.put(self._step(key, message), by="Третий", now=self.now).state is before

    @rule(key=consumes(held))
    def approve(self, key: str) -> None:
        self.outbox.approve(key, by="Второй", now=self.now)
        self.model[key] = "approved"

    @rule(key=consumes(held))
    def cancel(self, key: str) -> None:
        self.outbox.cancel(key, by="Первый", now=self.now)
        self.model[key] = "cancelled"

    @rule(end=st.sampled_from(ENDS), limit=st.sampled_from((1, 2, None)))
    def delivers(self, end: str, limit: int | None) -> None:
        self.far.end = end
        deliver(self.outbox, [self.far], now=lambda: self.now, limit=limit)

    @rule(end=st.sampled_from(ENDS), step=st.sampled_from(STEPS))
    def crashes(self, end: str, step: str) -> None:
        def crash() -> None:
            raise Crash

        failpoints.arm(step, crash)
        try:
            self.delivers(end, None)
        except Crash:
            pass
        finally:
            failpoints.arm(step, None)

    @rule(minutes=st.sampled_from((1, 11)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def looks_up(self) -> None:
        reconcile(self.outbox, [self.far], now=lambda: self.now)

    @rule(data=st.data())
    def a_person_settles(self, data: st.DataObject) -> None:
        doubted = self.outbox.entries("unknown")
        if doubted:
            key = data.draw(st.sampled_from(doubted)).key
            self.outbox.settle(key, sent=key in self.far.arrived, by="Первый", now=self.now)

    @rule()
    def stops_and_resumes(self) -> None:
        self.outbox.stop(by="Первый", reason="m", now=self.now)
        before = list(self.far.arrived)
        self.delivers("taken", None)
        assert self.far.arrived == before
        self.outbox.resume(by="Первый", now=self.now)

    @invariant()
    def nothing_is_said_twice_or_unasked(self) -> None:
        assert all(times == 1 for times in Counter(self.far.arrived).values())
        assert all(self.model[key] == "approved" for key in self.far.arrived)
        for keys in self.order.values():
            ours = [key for key in self.far.arrived if key in keys]
            assert ours == sorted(ours, key=keys.index)

    @invariant()
    def what_is_noted_is_true(self) -> None:
        entries = {entry.key: entry.state for entry in self.outbox.entries()}
        assert entries.keys() == self.model.keys()
        for key, state in entries.items():
            if state is OutboxState.SENT:
                assert key in self.far.arrived
            if state in (OutboxState.HELD, OutboxState.WAITING, OutboxState.FAILED, OutboxState.CANCELLED):
                assert key not in self.far.arrived

    def teardown(self) -> None:
        for key, stands in self.model.items():
            if stands == "held":
                try:
                    self.outbox.cancel(key, by="Первый", now=self.now)
                except UsageError as error:
                    raise AssertionError(key) from error
        self.now += timedelta(hours=1)
        self.delivers("taken", None)
        reconcile(self.outbox, [self.far], now=lambda: self.now)
        self.delivers("taken", None)
        self.nothing_is_said_twice_or_unasked()
        ended = {OutboxState.SENT, OutboxState.FAILED, OutboxState.CANCELLED, OutboxState.UNKNOWN}
        assert {entry.state for entry in self.outbox.entries()} <= ended
        assert self.outbox.journal.verify() == ()
        self.outbox.close()

    def _step(self, key: str, message: str) -> Outgoing:
        return Outgoing(
            key=key,
            channel="portal",
            account="town",
            external_id=message,
            kind=OutgoingKind.ANSWER,
            text=key,
            created_at=self.now,
        )


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
