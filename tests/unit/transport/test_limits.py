"""Client-side limits: no window ever holds more than said, nearly all of what is allowed is used."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.errors import TimeLimitExceeded, TransportError, UsageError
from mcu_sdk.transport import AsyncMemoryTransport, AsyncSession, Limit, RateLimits, WaitStarted
from mcu_sdk.wire import Call, Request, Response, Secret, Token, check_status

Maker = Callable[..., Any]
ROUNDING_SECONDS = 1e-6
WELL = Response(200, {}, b"well")
limits = st.builds(
    Limit,
    st.integers(1, 6),
    st.sampled_from([timedelta(milliseconds=100), timedelta(seconds=1), timedelta(seconds=3.7)]),
    st.sampled_from([None, "chat"]),
)
arrivals = st.lists(st.tuples(st.integers(0, 800), st.sampled_from(["a", "b", "c"])), max_size=60)


def seconds(limit: Limit) -> float:
    return limit.per.total_seconds()


def fullest_window(moments: Sequence[float], width_seconds: float) -> int:
    """The most moments that any half-open window of the width holds."""
    moments = sorted(moments)
    return max(
        (
            bisect_left(moments, first + width_seconds - ROUNDING_SECONDS) - place
            for place, first in enumerate(moments)
        ),
        default=0,
    )


@given(st.lists(limits, min_size=1, max_size=3), arrivals, st.data())
def test_no_window_holds_more_than_its_limit(
    given_limits: list[Limit], steps: list[tuple[int, str]], data: st.DataObject
) -> None:
    """Several limits at once, keys mixed, some turns given back: each limit holds in every window."""
    shared = RateLimits(*given_limits)
    now = 50.0
    went: list[tuple[float, str]] = []
    for milliseconds, chat in steps:
        now += milliseconds / 1000
        keys = (("chat", chat),)
        foretold = shared.wait_seconds(now, keys)
        wait = shared.reserve(now, keys, 1e9)
        assert wait is not None
        assert wait == foretold >= 0
        if wait > 0 and data.draw(st.integers(0, 4)) == 0:
            shared.give_back(now + wait, keys)
        else:
            went.append((now + wait, chat))
    for limit in given_limits:
        groups = [[moment for moment, _ in went]]
        if limit.key:
            groups = [[moment for moment, one in went if one == chat] for chat in "abc"]
        for group in groups:
            assert fullest_window(group, seconds(limit)) <= limit.calls


@given(st.lists(limits, min_size=1, max_size=3), arrivals)
def test_first_come_first_served(given_limits: list[Limit], steps: list[tuple[int, str]]) -> None:
    """Of two calls of one chat the earlier goes first."""
    shared = RateLimits(*given_limits)
    now = 0.0
    latest = dict.fromkeys("abc", 0.0)
    for milliseconds, chat in steps:
        now += milliseconds / 1000
        wait = shared.reserve(now, (("chat", chat),), 1e9)
        assert wait is not None
        assert now + wait >= latest[chat] - ROUNDING_SECONDS
        latest[chat] = now + wait


@given(limits, st.integers(1, 400))
def test_nearly_all_of_the_allowed_rate_is_used(limit: Limit, calls: int) -> None:
    """Under load the last of n calls goes as early as any schedule can let it."""
    shared = RateLimits(limit)
    waits = [shared.reserve(0.0, (("chat", "a"),), 1e9) for _ in range(calls)]
    best = (calls - 1) // limit.calls * seconds(limit)
    assert waits[-1] is not None
    assert waits[-1] <= best + ROUNDING_SECONDS


@pytest.mark.parametrize("spread", [1, 7, 100])
def test_the_rate_is_used_by_a_stream_too(spread: int) -> None:
    """Calls that keep coming faster than allowed: at least 95 % of the allowed number go."""
    limit = Limit(30, timedelta(seconds=1))
    shared = RateLimits(limit, Limit(10, timedelta(milliseconds=200)))
    went: list[float] = []
    for number in range(10_000):
        now = number // spread * spread / 100  # 100 a second, in groups
        wait = shared.reserve(now, (), 2)
        if wait is not None:
            went.append(now + wait)
    assert len(went) >= 0.95 * 30 * 100
    assert fullest_window(went, 1.0) <= 30


def test_a_wait_for_one_key_holds_up_no_other() -> None:
    """One chat waits five seconds; a call to another goes at once, though they share a limit too."""
    shared = RateLimits(Limit(3, timedelta(seconds=1)), Limit(1, timedelta(seconds=5), key="chat"))
    assert shared.reserve(0, (("chat", "a"),), 60) == 0
    assert shared.reserve(0, (("chat", "a"),), 60) == 5
    assert shared.reserve(0, (("chat", "b"),), 60) == 0
    assert shared.reserve(0, (), 60) == 0
    assert shared.reserve(0, (), 60) == 1


def test_what_would_wait_too_long_keeps_nothing() -> None:
    """A refused call takes no one's turn."""
    shared = RateLimits(Limit(1, timedelta(seconds=10)))
    assert shared.reserve(0, (), 5) == 0
    assert [shared.reserve(0, (), 5) for _ in range(3)] == [None] * 3
    assert shared.reserve(6, (), 5) == 4


def test_a_clock_read_late_breaks_no_window() -> None:
    """Two threads come out of step: the one that read its clock earlier asks later."""
    shared = RateLimits(Limit(1, timedelta(seconds=1)))
    assert shared.reserve(10.0, (), 60) == 0
    shared.wait_seconds(11.0005, ())  # by now the first is forgotten
    went = 10.9995
    wait = shared.reserve(went, (), 60)
    assert wait is not None
    assert went + wait - 10.0 >= 1


def test_idle_keys_are_forgotten() -> None:
    """A hundred thousand chats in an hour leave no more behind than those of the last minute."""
    shared = RateLimits(Limit(20, timedelta(minutes=1), key="chat"))
    for number in range(100_000):
        shared.reserve(number * 0.036, (("chat", str(number)),), 0)
    assert len(shared._counts[0]._moments) <= 60 / 0.036 + 1


def test_a_busy_tenant_slows_no_other() -> None:
    """Fifty tenants, each with limits of its own, one at a hundred times the load."""

    def waits_of(loads: Sequence[int]) -> list[float]:
        tenants = [RateLimits(Limit(10, timedelta(seconds=1))) for _ in loads]
        total = [0.0] * len(loads)
        for step in range(100):
            for place, load in enumerate(loads):
                for _ in range(load):
                    total[place] += tenants[place].reserve(step * 0.05, (), 1e9) or 0
        return total

    calm = waits_of([1] * 50)
    stormy = waits_of([100] + [1] * 49)
    assert stormy[1:] == calm[1:]
    assert max(stormy[1:]) == min(stormy[1:])
    assert stormy[0] > calm[0]


def test_threads_never_break_the_limit_together() -> None:
    """Thirty-two threads reserve from one object at one moment."""
    shared = RateLimits(Limit(5, timedelta(seconds=1)))
    together = threading.Barrier(32)

    def take(_: int) -> list[float | None]:
        together.wait()
        return [shared.reserve(0.0, (), 1e9) for _ in range(20)]

    with ThreadPoolExecutor(32) as pool:
        waits = [wait for some in pool.map(take, range(32)) for wait in some]
    assert sorted(wait for wait in waits if wait is not None) == [number // 5 for number in range(640)]


@pytest.mark.parametrize(("calls", "per"), [(0, timedelta(seconds=1)), (1, timedelta(0)), (-1, timedelta(1))])
def test_a_limit_that_lets_nothing_go_is_refused(calls: int, per: timedelta) -> None:
    """It would hold every call for ever."""
    with pytest.raises(UsageError):
        Limit(calls, per)


def read(response: Response) -> bytes:
    check_status(response)
    return response.body


CALL = Call(Request("GET", "/x"), read)


class Issuer:
    """Asks for a token at /token."""

    def issue(self) -> Call[Token]:
        return Call(
            Request("POST", "/token", authorized=False),
            lambda response: Token(Secret(read(response).decode())),
        )


def test_every_attempt_and_the_login_take_a_turn(driven: Maker) -> None:
    """Login, first attempt and repetition reach one far side, so each of the three waits its turn."""
    answers = [Response(200, {}, b"t1"), Response(503, {"retry-after": "1"}), WELL]
    session = driven(*answers, limits=RateLimits(Limit(1, timedelta(seconds=10))), issuer=Issuer())
    assert session.run(CALL) == b"well"
    assert session.clock.slept == [10, 1, 9]


def test_a_turn_past_the_time_limit_fails_at_once(driven: Maker) -> None:
    """Nothing is sent, nobody waits, and the error says when it could go."""
    seen: list[object] = []
    session = driven(WELL, limits=RateLimits(Limit(1, timedelta(seconds=90))), on_event=seen.append)
    session.run(CALL)
    with pytest.raises(TimeLimitExceeded) as caught:
        session.run(CALL)
    assert (caught.value.code, caught.value.delivered) == ("transport.rate_limit", "no")
    assert caught.value.retry_after_seconds == 90
    assert "90.0 с" in caught.value.localized("ru")
    assert (len(session.far.requests), session.clock.slept) == (1, [])
    assert not any(isinstance(event, WaitStarted) for event in seen)


def test_both_worlds_share_one_object(driven: Maker) -> None:
    """Two sessions over one RateLimits: the second waits for what the first has sent."""
    shared = RateLimits(Limit(1, timedelta(seconds=10)))
    first, second = driven(WELL, limits=shared), driven(WELL, limits=shared)
    first.run(CALL)
    second.run(CALL)
    assert (first.clock.slept, second.clock.slept) == ([], [10])


def test_keys_of_the_request_are_counted(driven: Maker) -> None:
    """A limit of chats counts by the request's `limit_keys`."""
    session = driven(WELL, limits=RateLimits(Limit(1, timedelta(seconds=10), key="chat")))
    for chat in ("1", "2", "1"):
        session.run(Call(Request("GET", "/x", limit_keys=(("chat", chat),)), read))
    assert session.clock.slept == [10]


@pytest.mark.anyio
async def test_a_cancelled_wait_frees_its_turn() -> None:
    """Who gives up waiting leaves the turn to the next."""
    shared = RateLimits(Limit(1, timedelta(hours=1)))

    class Clock:
        now = 0.0

        def monotonic(self) -> float:
            return self.now

        async def sleep(self, seconds: float) -> None:
            scope.cancel()
            await anyio.sleep_forever()

    session = AsyncSession(
        AsyncMemoryTransport(lambda request: WELL),
        limits=shared,
        clock=Clock(),
        time_limit=timedelta(hours=3),
    )
    await session.run(CALL)
    with anyio.CancelScope() as scope:
        await session.run(CALL)
    assert scope.cancelled_caught
    assert shared.wait_seconds(0.0, ()) == 3600


def test_a_call_in_doubt_that_is_held_back_is_still_in_doubt(driven: Maker) -> None:
    """The first attempt may have arrived; that its repetition was not sent does not undo it."""
    broken = TransportError("transport.broken", "broke", delivered="unknown", kind="ReadError")
    session = driven(broken, limits=RateLimits(Limit(1, timedelta(hours=1))))
    with pytest.raises(TimeLimitExceeded) as caught:
        session.run(CALL)
    assert (caught.value.code, caught.value.delivered) == ("transport.rate_limit", "unknown")
