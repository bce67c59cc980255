"""Following: again and again, side by side, through failures, until it is stopped."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest

from mcu_sdk.errors import Unavailable, UsageError
from mcu_sdk.intake import (
    BatchStored,
    Heartbeat,
    Inbox,
    PassEnded,
    Progress,
    Told,
    follow,
    follow_async,
    heartbeats,
)
from mcu_sdk.intake.pace import Pace
from mcu_sdk.model import Batch, Message

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
AT_ONCE = timedelta(microseconds=1)


@dataclass
class Flow:
    """A source that has one new message a pass; what a pass does besides is by script."""

    account: str
    script: dict[int, Callable[[], object]] = field(default_factory=dict)
    passes: int = 0
    channel: str = "portal"
    queue: bool = False

    def batches(self, cursor: str | None) -> Generator[Batch]:
        self.passes += 1
        self.script.get(self.passes, lambda: None)()
        item = Message(channel=self.channel, account=self.account, external_id=str(self.passes))
        yield Batch(channel=self.channel, account=self.account, items=(item,), cursor=str(self.passes))

    def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(external_ids)


@dataclass
class AsyncFlow:
    inner: Flow
    queue: bool = False

    @property
    def channel(self) -> str:
        return self.inner.channel

    @property
    def account(self) -> str:
        return self.inner.account

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch]:
        for batch in self.inner.batches(cursor):
            yield batch

    async def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        return self.inner.acknowledge(external_ids)


def broken() -> None:
    raise Unavailable("api.unavailable", "down", status=503)


def forgotten() -> None:
    raise UsageError("usage.secret_missing", "no secret", reference="env:X")


Followed = Callable[..., list[Progress]]


@pytest.fixture(params=["sync", "asyncio", "trio"])
def followed(request: pytest.FixtureRequest, inbox: Inbox) -> Followed:
    """Follow flows in each world until *until* says so of what was told; return all of it."""

    def run(flows: list[Flow], until: Callable[[Progress], bool], **options: Any) -> list[Progress]:
        told: list[Progress] = []
        stopping: list[Callable[[], object]] = []

        def note(event: Progress) -> None:
            told.append(event)
            if until(event):
                stopping[0]()

        settings: dict[str, Any] = {"every": AT_ONCE, "now": lambda: AT, "draw": lambda: 0.5} | options
        if request.param == "sync":
            stop = threading.Event()
            stopping.append(stop.set)
            follow(flows, inbox, stop, on_progress=note, **settings)
            return told

        async def on_the_loop() -> None:
            token = anyio.Event()
            stopping.append(token.set)
            await follow_async(
                [AsyncFlow(flow) for flow in flows], inbox, token, on_progress=note, **settings
            )

        anyio.run(on_the_loop, backend=request.param)
        return told

    return run


def ends(told: list[Progress], account: str = "town") -> list[PassEnded]:
    return [event for event in told if isinstance(event, PassEnded) and event.account == account]


def test_it_collects_until_it_is_stopped(followed: Followed, inbox: Inbox) -> None:
    flow = Flow("town")
    told = followed([flow], lambda event: flow.passes == 5 and isinstance(event, PassEnded))
    assert (flow.passes, inbox.count(), inbox.cursor("portal", "town")) == (5, 5, "5")
    assert [type(event) for event in told] == [BatchStored, Told, PassEnded] * 5
    assert all(ended.collected is not None and ended.collected.new == 1 for ended in ends(told))


def test_a_stop_leaves_after_the_batch_in_hand(followed: Followed, inbox: Inbox) -> None:
    flow = Flow("town")
    told = followed([flow], lambda event: isinstance(event, BatchStored))
    assert flow.passes == inbox.count() == 1
    assert [type(event) for event in told] == [BatchStored, Told, PassEnded]


def test_a_failure_is_told_and_waited_out(followed: Followed, inbox: Inbox) -> None:
    flow = Flow("town", {2: broken, 3: broken})
    told = followed([flow], lambda event: flow.passes == 4 and isinstance(event, PassEnded))
    codes = [ended.error and ended.error.code for ended in ends(told)]
    assert codes == [None, "api.unavailable", "api.unavailable", None]
    waits = [round(ended.wait_seconds / AT_ONCE.total_seconds()) for ended in ends(told)]
    assert waits == [1, 2, 4, 1]
    assert inbox.count() == 2


def test_a_sign_of_life_tells_the_last_success_and_the_failure_since(
    followed: Followed, inbox: Inbox
) -> None:
    flow = Flow("town", {2: broken})
    ticks = iter(AT + timedelta(seconds=second) for second in range(1000))
    followed([flow], lambda event: flow.passes == 2 and isinstance(event, PassEnded), now=lambda: next(ticks))
    (life,) = heartbeats(inbox.store)
    assert (life.name, life.failure) == ("portal town", "api.unavailable")
    assert life.succeeded_at is not None
    assert AT < life.succeeded_at < life.at


def test_one_that_hangs_delays_no_other(inbox: Inbox) -> None:
    """The one waits for the other to have made ten passes: were they in one line, neither would go on."""
    stop, freed = threading.Event(), threading.Event()
    hanging, free = Flow("hanging", {1: freed.wait}), Flow("free")

    def note(event: Progress) -> None:
        if free.passes == 10:
            freed.set()
        if event.account == "hanging" and isinstance(event, PassEnded):
            stop.set()

    follow([hanging, free], inbox, stop, every=AT_ONCE, now=lambda: AT, on_progress=note)
    assert free.passes >= 10
    assert inbox.cursor("portal", "hanging") == str(hanging.passes)


def test_a_mistake_of_the_caller_is_raised(inbox: Inbox) -> None:
    stop = threading.Event()
    flow = Flow("other")

    def note(event: Progress) -> None:
        if flow.passes == 3:
            stop.set()

    with pytest.raises(UsageError):
        follow(
            [Flow("town", {1: forgotten}), flow], inbox, stop, every=AT_ONCE, now=lambda: AT, on_progress=note
        )
    assert flow.passes >= 3


def test_waits_are_spread_and_have_a_longest() -> None:
    draws = iter([0.0, 0.999, *[0.5] * 40])
    pace = Pace(timedelta(minutes=1), lambda: next(draws))
    assert pace.after_success() == pytest.approx(54)
    assert pace.after_success() == pytest.approx(66, abs=0.1)
    waits = [pace.after_failure() for _ in range(38)]
    assert waits[:4] == pytest.approx([120, 240, 480, 900])
    assert set(waits[4:]) == {900.0}


def test_no_time_between_passes_is_a_mistake() -> None:
    with pytest.raises(UsageError):
        Pace(timedelta(0), lambda: 0.5)


def test_nobody_yet(inbox: Inbox) -> None:
    assert heartbeats(inbox.store) == ()
    assert Heartbeat("x", AT, None, None).failure is None
