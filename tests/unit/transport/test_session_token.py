"""The account's token: asked for once for all who wait, renewed once, never shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from mcu_sdk.errors import Denied, OutcomeUnknown, TimeLimitExceeded, TransportError, Unavailable
from mcu_sdk.transport import AsyncSession, MemoryTransport, RetryPolicy, Session
from mcu_sdk.transport.exchange import Sink
from mcu_sdk.transport.turn import Turn
from mcu_sdk.wire import Call, Repeat, Request, Response, Secret, Token, check_status

Maker = Callable[..., Any]


def read(response: Response) -> bytes:
    check_status(response)
    return response.body


def read_token(response: Response) -> Token:
    check_status(response)
    return Token(Secret(response.body.decode()))


class Issuer:
    """Asks for a token at /token."""

    def issue(self) -> Call[Token]:
        return Call(Request("POST", "/token", authorized=False), read_token)


class Account:
    """A far side with numbered tokens, of which those in *refused* are not taken."""

    def __init__(self, *refused: str, status: int = 401) -> None:
        self.refused = refused
        self.status = status
        self.numbers: Iterator[int] = count(1)
        self.issued = 0

    def __call__(self, request: Request) -> Response:
        carried = dict(request.headers).get("Authorization")
        if request.path == "/token":
            assert carried is None
            self.issued += 1
            return Response(200, {}, f"t{next(self.numbers)}".encode())
        assert carried is not None
        token = carried.removeprefix("Bearer ")
        return Response(self.status) if token in self.refused else Response(200, {}, token.encode())


CALL = Call(Request("GET", "/x"), read)
WRITE = Call(Request("POST", "/x", repeat=Repeat.NEVER), read)


def test_a_token_is_asked_for_once_and_kept(driven: Maker) -> None:
    """The second call carries the token of the first."""
    account = Account()
    session = driven(account, issuer=Issuer())
    assert [session.run(CALL), session.run(CALL)] == [b"t1", b"t1"]
    assert account.issued == 1


def test_a_call_that_needs_no_token_gets_none(driven: Maker) -> None:
    """An open request carries nothing and asks for nothing."""
    session = driven(Response(200, {}, b"open"), issuer=Issuer())
    assert session.run(Call(Request("GET", "/open", authorized=False), read)) == b"open"
    assert [request.headers for request in session.far.requests] == [()]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("call", [CALL, WRITE])
def test_a_refused_token_is_renewed_once(driven: Maker, status: int, call: Call[bytes]) -> None:
    """A token that expired is replaced without a word, for writes too: a refusal did nothing."""
    account = Account("t1", status=status)
    session = driven(account, issuer=Issuer())
    assert session.run(call) == b"t2"
    assert account.issued == 2
    assert session.clock.slept == []


def test_a_new_token_that_is_refused_too_ends_the_call(driven: Maker) -> None:
    """An account that is shut out is told, not asked again and again."""
    account = Account("t1", "t2", "t3")
    session = driven(account, issuer=Issuer())
    with pytest.raises(Denied):
        session.run(CALL)
    assert account.issued == 2


def test_a_refused_login_is_told_and_nothing_else_is_sent(driven: Maker) -> None:
    """With wrong credentials the call itself never leaves."""
    session = driven(Response(401), issuer=Issuer())
    with pytest.raises(Denied):
        session.run(CALL)
    assert [request.path for request in session.far.requests] == ["/token"]


def test_a_login_out_of_order_is_no_doubtful_write(driven: Maker) -> None:
    """When the token did not come, the write surely was not sent: no OutcomeUnknown."""
    session = driven(Response(503), issuer=Issuer())
    with pytest.raises(Unavailable):
        session.run(WRITE)
    assert {request.path for request in session.far.requests} == {"/token"}


def test_a_write_in_doubt_after_a_renewal_is_still_in_doubt(driven: Maker) -> None:
    """Renewing the token does not make a write repeatable."""
    answers = [Response(200, {}, b"t1"), Response(401), Response(200, {}, b"t2"), Response(503)]
    session = driven(*answers, issuer=Issuer())
    with pytest.raises(OutcomeUnknown):
        session.run(WRITE)
    assert len(session.far.requests) == 4


def test_the_time_limit_covers_the_login(driven: Maker) -> None:
    """Time spent on the token is not given to the call once more."""
    session = driven(Response(503, {"retry-after": "4"}), Response(200, {}, b"t1"), issuer=Issuer())
    session.run(CALL, timedelta(seconds=10))
    assert session.far.limits_seconds == [10.0, 6.0, 6.0]


def test_a_login_that_used_the_time_up_sends_no_call(driven: Maker) -> None:
    """The limit is looked at between token and call."""

    def slow_login(request: Request) -> Response:
        session.clock.now += 11
        return Response(200, {}, b"t1")

    session = driven(slow_login, issuer=Issuer())
    with pytest.raises(TimeLimitExceeded) as caught:
        session.run(CALL, timedelta(seconds=10))
    assert caught.value.delivered == "no"
    assert len(session.far.requests) == 1


def test_a_late_refusal_of_an_old_token_does_not_cost_the_new_one() -> None:
    """Somebody else has renewed the token meanwhile: the new one is used, nobody asks again."""
    account = Account("t1")
    renewed_by_another: list[bytes] = []

    def answer(request: Request) -> Response:
        if request.path == "/x" and not renewed_by_another:
            renewed_by_another.append(b"")
            renewed_by_another.append(session.run(CALL))
        return account(request)

    session = Session(MemoryTransport(answer), issuer=Issuer())
    assert session.run(CALL) == b"t2"
    assert renewed_by_another == [b"", b"t2"]
    assert account.issued == 2


@pytest.mark.parametrize(("refused", "logins"), [((), 1), (("t1",), 2)])
def test_threads_share_one_login(refused: tuple[str, ...], logins: int) -> None:
    """Eight threads without a token, or with a refused one, ask for it once together."""
    account = Account(*refused)
    together = threading.Barrier(8)
    second = threading.Event()

    def answer(request: Request) -> Response:
        if request.path == "/token":
            if account.issued == 0:
                second.wait(0.2)  # gives a second login, were there one, the time to come
            else:
                second.set()
        return account(request)

    session = Session(MemoryTransport(answer), issuer=Issuer())

    def call(_: int) -> bytes:
        together.wait()
        return session.run(CALL)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(call, range(8))) == {f"t{logins}".encode()}
    assert account.issued == logins


@pytest.mark.anyio
@pytest.mark.parametrize(("refused", "logins"), [((), 1), (("t1",), 2)])
async def test_tasks_share_one_login(refused: tuple[str, ...], logins: int) -> None:
    """The same for eight tasks of one event loop."""
    account = Account(*refused)

    class Slow:
        async def send(
            self, request: Request, time_limit_seconds: float, into: Sink | None = None
        ) -> Response:
            for _ in range(10):
                await anyio.lowlevel.checkpoint()
            return account(request)

        async def aclose(self) -> None: ...

    session = AsyncSession(Slow(), issuer=Issuer())
    answers: list[bytes] = []

    async def call() -> None:
        answers.append(await session.run(CALL))

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(call)
    assert answers == [f"t{logins}".encode()] * 8
    assert account.issued == logins


@pytest.mark.anyio
async def test_a_cancelled_login_does_not_lock_the_others_out() -> None:
    """The task that was asking for the token is cancelled; the next one asks anew."""
    account = Account()

    class Hanging:
        hangs = True

        async def send(
            self, request: Request, time_limit_seconds: float, into: Sink | None = None
        ) -> Response:
            if self.hangs:
                self.hangs = False
                scope.cancel()
                await anyio.sleep_forever()
            return account(request)

        async def aclose(self) -> None: ...

    session = AsyncSession(Hanging(), issuer=Issuer())
    with anyio.CancelScope() as scope:
        await session.run(CALL)
    assert scope.cancelled_caught
    assert await session.run(CALL) == b"t1"


@pytest.mark.parametrize("repeat", [Repeat.SAFE, Repeat.NEVER])
def test_a_lost_login_is_not_taken_for_a_lost_write(repeat: Repeat) -> None:
    """Whatever became of the login, the request behind it was not sent, and the error says so."""

    def far(request: Request) -> Response:
        assert request.path == "/token"
        raise TransportError("transport.broken", "m", delivered="unknown", kind="ReadError")

    session = Session(MemoryTransport(far), issuer=Issuer(), retry=RetryPolicy(attempts=1))
    with pytest.raises(TransportError) as caught:
        session.run(Call(Request("POST", "/x", repeat=repeat), read))
    assert caught.value.delivered == "no"
    assert not isinstance(caught.value, OutcomeUnknown)


class SlowFailure:
    """A far side whose login takes a while and then fails; counts the logins."""

    def __init__(self, *ends: Response | Exception) -> None:
        self.ends = list(ends)
        self.logins = 0

    async def send(self, request: Request, time_limit_seconds: float, into: Sink | None = None) -> Response:
        if request.path != "/token":
            return Response(200, {}, b"well")
        self.logins += 1
        end = self.ends.pop(0)
        for _ in range(20):
            await anyio.lowlevel.checkpoint()
        if isinstance(end, Exception):
            raise end
        return end

    async def aclose(self) -> None: ...


LOST = TransportError("transport.broken", "broke", delivered="unknown", kind="ReadError")


@pytest.mark.anyio
@pytest.mark.parametrize(("end", "kind"), [(Response(401), Denied), (LOST, TransportError)])
async def test_a_failed_login_is_the_failure_of_all_who_waited(
    end: Response | Exception, kind: type[Exception]
) -> None:
    """Eight tasks, one login: each gets an error of its own that says the same. Later calls try anew."""
    far = SlowFailure(end, Response(200, {}, b"t"))
    session = AsyncSession(far, issuer=Issuer(), retry=RetryPolicy(attempts=1))
    errors: list[Denied | TransportError] = []

    async def call() -> None:
        with pytest.raises(kind) as caught:
            await session.run(CALL)
        assert isinstance(caught.value, Denied | TransportError)
        errors.append(caught.value)

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(call)
    assert far.logins == 1
    assert len({id(error) for error in errors}) == 8
    assert len({(str(error), error.code, error.call_id) for error in errors}) == 1
    assert {getattr(error, "delivered", "no") for error in errors} == {"no"}
    assert await session.run(CALL) == b"well"
    assert far.logins == 2


@pytest.mark.anyio
async def test_a_login_out_of_its_own_time_is_no_news_to_the_others() -> None:
    """The one who logged in allowed little time; the next of those who waited logs in and gets through."""
    slow = TimeLimitExceeded("transport.time_limit", "slow", delivered="unknown")
    far = SlowFailure(slow, Response(200, {}, b"t"))
    session = AsyncSession(far, issuer=Issuer())
    answers: list[bytes | str] = []

    async def call() -> None:
        try:
            answers.append(await session.run(CALL))
        except TimeLimitExceeded as error:
            answers.append(error.delivered)

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(call)
    assert sorted(map(str, answers)) == sorted(["no", *[str(b"well")] * 4])
    assert far.logins == 2


@pytest.mark.anyio
async def test_a_cancelled_login_is_taken_over_by_one_who_waited() -> None:
    """The first is cancelled while it logs in; the second, waiting, logs in instead."""
    scope = anyio.CancelScope()

    class Hanging(SlowFailure):
        async def send(
            self, request: Request, time_limit_seconds: float, into: Sink | None = None
        ) -> Response:
            if request.path == "/token" and self.logins == 0:
                self.logins += 1
                await anyio.sleep_forever()
            return await super().send(request, time_limit_seconds, into)

    far = Hanging(Response(200, {}, b"t"))
    session = AsyncSession(far, issuer=Issuer())
    answers: list[bytes] = []

    async def first() -> None:
        with scope:
            await session.run(CALL)

    async def second() -> None:
        await anyio.wait_all_tasks_blocked()
        answers.append(await session.run(CALL))

    async with anyio.create_task_group() as group:
        group.start_soon(first)
        group.start_soon(second)
        await anyio.wait_all_tasks_blocked()
        scope.cancel()
    assert scope.cancelled_caught
    assert (answers, far.logins) == ([b"well"], 2)


def test_a_thread_waits_for_anothers_login_no_longer_than_its_own_time() -> None:
    """One hangs in a login; another with a short limit is told, the first still gets through."""
    inside, leave = threading.Event(), threading.Event()

    def far(request: Request) -> Response:
        if request.path == "/token":
            inside.set()
            leave.wait(60)
        return Response(200, {}, b"t")

    session = Session(MemoryTransport(far), issuer=Issuer())
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(session.run, CALL)
        inside.wait(60)
        with pytest.raises(TimeLimitExceeded) as caught:
            session.run(CALL, timedelta(milliseconds=20))
        leave.set()
        assert first.result(60) == b"t"
    assert caught.value.delivered == "no"


@pytest.mark.anyio
async def test_a_task_waits_for_anothers_login_no_longer_than_its_own_time() -> None:
    """The same for tasks."""
    inside, leave = anyio.Event(), anyio.Event()

    class Held(SlowFailure):
        async def send(
            self, request: Request, time_limit_seconds: float, into: Sink | None = None
        ) -> Response:
            if request.path == "/token":
                inside.set()
                await leave.wait()
            return await super().send(request, time_limit_seconds, into)

    session = AsyncSession(Held(Response(200, {}, b"t")), issuer=Issuer())
    answers: list[bytes] = []

    async def first() -> None:
        answers.append(await session.run(CALL))

    async with anyio.create_task_group() as group:
        group.start_soon(first)
        await inside.wait()
        with pytest.raises(TimeLimitExceeded) as caught:
            await session.run(CALL, timedelta(milliseconds=20))
        leave.set()
    assert caught.value.delivered == "no"
    assert answers == [b"well"]


def test_threads_share_a_refused_login() -> None:
    """Eight threads with wrong keys: those who waited are told what the one was told."""
    logins: list[Request] = []
    at_the_door = threading.Barrier(8)

    class Door(Turn):
        def take(self, longest_wait_seconds: float) -> bool:
            at_the_door.wait(60)  # nobody has logged in when the last one begins to wait
            return super().take(longest_wait_seconds)

    def far(request: Request) -> Response:
        logins.append(request)
        return Response(401)

    session = Session(MemoryTransport(far), issuer=Issuer())
    assert session._login is not None
    session._login._turn = Door()

    def call(_: int) -> str:
        with pytest.raises(Denied) as caught:
            session.run(CALL)
        return str(caught.value)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(call, range(8)))) == 1
    assert len(logins) == 1
