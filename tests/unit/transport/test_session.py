"""What a session does with refusals, breaks and waits, the same in both worlds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from mcu_sdk.errors import (
    ApiError,
    Conflict,
    Denied,
    Invalid,
    McuError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    TimeLimitExceeded,
    TransportError,
    Unavailable,
    Unreadable,
)
from mcu_sdk.transport import MemoryTransport, RetryPolicy, Session
from mcu_sdk.wire import Call, Page, Repeat, Request, Response, check_status, unreadable

NOT_SENT = TransportError("transport.not_reached", "no way", delivered="no", kind="ConnectError")
BROKEN = TransportError("transport.broken", "broke", delivered="unknown", kind="ReadError")
TOO_SLOW = TimeLimitExceeded("transport.time_limit", "slow", delivered="unknown")
HTML = Response(200, {"content-type": "text/html"}, b"<html>")
WELL = Response(200, {"content-type": "text/plain"}, b"well")
Maker = Callable[..., Any]


def read(response: Response) -> bytes:
    check_status(response)
    if response.content_type == "text/html":
        raise unreadable(response, "HTML")
    return response.body


def a_call(repeat: Repeat = Repeat.SAFE) -> Call[bytes]:
    return Call(Request("POST", "/x", repeat=repeat), read)


ONCE = [
    (Response(400), Invalid),
    (Response(403), Denied),
    (Response(404), NotFound),
    (Response(409), Conflict),
]
CASES: list[tuple[Repeat, Response | McuError, int, type[McuError]]] = [
    *[(repeat, answer, 1, kind) for repeat in Repeat for answer, kind in ONCE],
    *[(repeat, NOT_SENT, 3, TransportError) for repeat in Repeat],
    *[(repeat, Response(429), 3, RateLimited) for repeat in Repeat],
    *[(repeat, BROKEN, 3, TransportError) for repeat in (Repeat.SAFE, Repeat.KEYED)],
    *[(repeat, Response(503), 3, Unavailable) for repeat in (Repeat.SAFE, Repeat.KEYED)],
    *[(repeat, TOO_SLOW, 1, TimeLimitExceeded) for repeat in (Repeat.SAFE, Repeat.KEYED)],
    *[(repeat, HTML, 1, Unreadable) for repeat in (Repeat.SAFE, Repeat.KEYED)],
    *[
        (Repeat.NEVER, answer, 1, OutcomeUnknown)
        for answer in (BROKEN, TOO_SLOW, HTML, Response(302), Response(500), Response(502), Response(503))
    ],
]


@pytest.mark.parametrize(("repeat", "answer", "attempts", "kind"), CASES)
def test_what_is_repeated_and_what_comes_out(
    driven: Maker, repeat: Repeat, answer: Response | McuError, attempts: int, kind: type[McuError]
) -> None:
    """A request is repeated when it surely was not accepted or may be; a write in doubt is reported."""
    session = driven(answer)
    with pytest.raises(McuError) as caught:
        session.run(a_call(repeat))
    assert type(caught.value) is kind
    assert len(session.far.requests) == attempts
    assert len(session.clock.slept) == attempts - 1
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "first", [NOT_SENT, BROKEN, Response(429), Response(502), Response(503), Response(504)]
)
def test_a_passing_trouble_is_waited_out(driven: Maker, first: Response | McuError) -> None:
    """One failure is survived; every attempt sends the same request."""
    session = driven(first, WELL)
    assert session.run(a_call()) == b"well"
    assert session.far.requests == [a_call().request] * 2
    assert 0 <= session.clock.slept[0] <= 0.5


def test_a_doubtful_write_keeps_the_request_id(driven: Maker) -> None:
    """The far side's own id of the exchange is what its support desk asks for."""
    session = driven(Response(503, {"x-request-id": "r-9"}))
    with pytest.raises(OutcomeUnknown) as caught:
        session.run(a_call(Repeat.NEVER))
    assert (caught.value.request_id, caught.value.delivered) == ("r-9", "unknown")


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(driven: Maker, status: int) -> None:
    """What the far side asks for is waited exactly, in place of our own drawing."""
    session = driven(Response(status, {"retry-after": "7"}), WELL)
    assert session.run(a_call()) == b"well"
    assert session.clock.slept == [7.0]


@pytest.mark.parametrize(("asked", "limit_seconds"), [("121", 600), ("30", 30), ("999999999", 600)])
def test_a_wait_too_long_fails_at_once(driven: Maker, asked: str, limit_seconds: int) -> None:
    """Above 120 seconds or the time left nobody waits: the caller learns when to come again."""
    session = driven(Response(429, {"retry-after": asked}))
    with pytest.raises(RateLimited) as caught:
        session.run(a_call(), timedelta(seconds=limit_seconds))
    assert caught.value.retry_after_seconds == float(asked)
    assert session.clock.slept == []


def test_the_time_limit_covers_attempts_and_waits(driven: Maker) -> None:
    """Every attempt gets what is left; no wait is begun that would end after the limit."""
    session = driven(Response(503, {"retry-after": "4"}))
    with pytest.raises(Unavailable):
        session.run(a_call(), timedelta(seconds=6))
    assert session.far.limits_seconds == [6.0, 2.0]
    assert session.clock.slept == [4.0]


def test_the_sessions_own_limit_holds_when_none_is_given(driven: Maker) -> None:
    """A call without a limit of its own has the session's."""
    session = driven(WELL, time_limit=timedelta(seconds=5))
    session.run(a_call())
    assert session.far.limits_seconds == [5.0]


@pytest.mark.parametrize("seconds", [0, -1])
def test_no_time_is_no_time(driven: Maker, seconds: int) -> None:
    """A limit of zero sends nothing; it does not mean the default."""
    session = driven(WELL)
    with pytest.raises(TimeLimitExceeded) as caught:
        session.run(a_call(), timedelta(seconds=seconds))
    assert caught.value.delivered == "no"
    assert session.far.requests == []


def test_waits_grow_and_are_drawn() -> None:
    """Full jitter: evenly from nothing to twice as much each time, never above the longest wait."""
    policy = RetryPolicy(attempts=99, longest_wait=timedelta(seconds=3))
    for attempt, longest in ((1, 0.5), (2, 1.0), (3, 2.0), (4, 3.0), (50, 3.0)):
        drawn = [policy.wait_seconds(attempt, a_call().request, BROKEN, 1e9) for _ in range(300)]
        waits = [wait for wait in drawn if wait is not None]
        assert len(waits) == 300
        assert longest / 2 < max(waits) <= longest
        assert 0 <= min(waits) < longest / 2


def test_the_policy_itself_never_repeats_a_write_in_doubt() -> None:
    """Whoever uses the policy without a session is as safe."""
    policy = RetryPolicy()
    write = a_call(Repeat.NEVER).request
    assert policy.wait_seconds(1, write, BROKEN, 60) is None
    assert policy.wait_seconds(1, write, NOT_SENT, 60) is not None


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_the_number_of_attempts_is_the_policys(driven: Maker, attempts: int) -> None:
    """`attempts` counts the first one."""
    session = driven(Response(503), retry=RetryPolicy(attempts=attempts))
    with pytest.raises(Unavailable):
        session.run(a_call())
    assert len(session.far.requests) == attempts


def a_page(number: int, following: int | None) -> Call[Page[int]]:
    def read_page(response: Response) -> Page[int]:
        check_status(response)
        return Page((number,), following=None if following is None else a_page(following, None))

    return Call(Request("GET", "/list", (("page", str(number)),)), read_page)


def test_pages_are_followed_to_the_end(driven: Maker) -> None:
    """Each page names the next; the last one names none. The limit is for each page."""
    session = driven(WELL)
    pages = session.pages(a_page(0, 1), timedelta(seconds=9))
    assert [page.items for page in pages] == [(0,), (1,)]
    assert session.far.limits_seconds == [9.0, 9.0]


def test_a_page_named_again_is_an_error_not_a_loop(driven: Maker) -> None:
    """A far side that goes round in circles is told so after one round."""
    session = driven(WELL)
    with pytest.raises(Unreadable, match="again"):
        session.pages(a_page(0, 0))
    assert len(session.far.requests) == 1


def test_a_refusal_in_the_middle_of_the_pages_is_told(driven: Maker) -> None:
    """Half a list never looks like a whole one."""
    session = driven(WELL, Response(404))
    with pytest.raises(ApiError):
        session.pages(a_page(0, 1))


def test_threads_of_one_session_never_get_each_others_answers() -> None:
    """Thirty-two threads, five hundred calls each: every answer is that of its own question."""

    def echo(request: Request) -> Response:
        return Response(200, {}, f"{request.path} {dict(request.headers)['X-Request-ID']}".encode())

    session = Session(MemoryTransport(echo))

    def ask(thread: int) -> set[bytes]:
        answers = [session.run(Call(Request("GET", f"/{thread}/{number}"), read)) for number in range(500)]
        assert [answer.split()[0] for answer in answers] == [f"/{thread}/{n}".encode() for n in range(500)]
        return {answer.split()[1] for answer in answers}

    with ThreadPoolExecutor(32) as pool:
        ids = list(pool.map(ask, range(32)))
    assert len(set().union(*ids)) == 32 * 500


def test_closing_a_session_closes_its_transport(driven: Maker) -> None:
    """No connection is left behind."""
    session = driven(WELL)
    session.close()
    assert session.far.closed
