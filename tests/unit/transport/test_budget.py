"""A retry budget: trouble costs the far side few extra requests, and recovery is noticed at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import anyio
import pytest

from mcu_sdk.errors import McuError, RateLimited, TransportError, Unavailable
from mcu_sdk.transport import MemoryTransport, RetryBudget, RetryPolicy, Session
from mcu_sdk.wire import Call, Request, Response, check_status

Maker = Callable[..., Any]
BROKEN = TransportError("transport.broken", "broke", delivered="unknown", kind="ReadError")
THROTTLED = RateLimited("api.rate_limited", "slower", status=429, words="")
WELL = Response(200, {}, b"well")


def read(response: Response) -> bytes:
    check_status(response)
    return response.body


CALL = Call(Request("GET", "/x"), read)


@pytest.mark.parametrize(("status", "most_extra"), [(503, 36), (429, 100)])
def test_a_storm_costs_few_extra_requests_and_its_end_is_noticed_at_once(
    driven: Maker, status: int, most_extra: int
) -> None:
    """Sixty seconds of failures at 50 calls a second; what is not paid for ends with the answer's error."""
    calls = 60 * 50
    session = driven(Response(status), budget=RetryBudget())
    started_at = session.clock.now
    kinds: set[type[McuError]] = set()

    async def storm() -> None:
        for number in range(calls):
            session.clock.now = max(session.clock.now, started_at + number / 50)
            with pytest.raises(McuError) as caught:
                await session.session.run(
                    CALL
                )  # the synchronous twin raises before there is a thing to await
            kinds.add(type(caught.value))

    anyio.run(storm, backend="asyncio" if session.world == "sync" else session.world)
    extra = len(session.far.requests) - calls
    assert 0 < extra <= most_extra
    assert extra == len(session.clock.slept)
    assert kinds == {Unavailable if status == 503 else RateLimited}

    session.far.answers.append(WELL)
    session.clock.slept.clear()
    assert session.run(CALL) == b"well"
    assert session.clock.slept == []


def test_without_a_budget_the_same_storm_would_be_three_times_the_calls(driven: Maker) -> None:
    """What the budget saves: a bucket that never empties lets every call be repeated twice."""
    session = driven(Response(503), budget=RetryBudget(capacity=1_000_000))
    for _ in range(50):
        with pytest.raises(Unavailable):
            session.run(CALL)
    assert len(session.far.requests) == 150


def test_an_unpaid_retry_gives_the_original_error(driven: Maker) -> None:
    """Nothing of the budget shows in the error; nobody waits."""
    session = driven(Response(503, {"x-request-id": "r-1"}), budget=RetryBudget(capacity=13))
    with pytest.raises(Unavailable) as caught:
        session.run(CALL)
    assert caught.value.request_id == "r-1"
    assert (len(session.far.requests), session.clock.slept) == (1, [])


@pytest.mark.parametrize(("first", "cost"), [(BROKEN, 14), (Response(503), 14), (Response(429), 5)])
def test_a_success_after_retries_refunds_the_last_one(
    driven: Maker, first: Response | McuError, cost: int
) -> None:
    """Two retries are paid, the second comes back; a success at the first attempt gives 1."""
    budget = RetryBudget()
    session = driven(first, first, WELL, budget=budget)
    session.run(CALL)
    assert budget.left == 500 - cost
    session.run(CALL)
    assert budget.left == 500 - cost + 1


def test_the_budget_never_exceeds_its_capacity() -> None:
    """However much goes well."""
    budget = RetryBudget(capacity=20)
    assert budget.pay(BROKEN) == 14
    for _ in range(100):
        budget.give_back(0)
        budget.give_back(14)
    assert budget.left == 20


def test_many_threads_spend_no_more_than_there_is() -> None:
    """A hundred threads over one budget: exactly as many retries as it pays for."""
    budget = RetryBudget()
    policy = RetryPolicy(first_wait=timedelta(0))
    sent: list[Request] = []

    def far(request: Request) -> Response:
        sent.append(request)
        return Response(503)

    def call(_: int) -> None:
        session = Session(MemoryTransport(far), budget=budget, retry=policy)
        with pytest.raises(Unavailable):
            session.run(CALL)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(call, range(100)))
    assert len(sent) == 100 + 500 // 14
    assert budget.left == 500 % 14


def test_a_first_success_with_a_full_bucket_takes_no_lock() -> None:
    """The common way is free: it goes through even while somebody holds the lock."""
    budget = RetryBudget()
    with budget._lock:
        budget.give_back(0)
    assert budget.left == 500
    assert budget.pay(THROTTLED) == 5
