"""A scripted far side, a clock that moves by hand, and sessions of both worlds driven alike."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

import anyio
import anyio.lowlevel
import pytest

from mcu_sdk.transport import AsyncSession, Session
from mcu_sdk.transport.exchange import Sink
from mcu_sdk.wire import Call, Page, Request, Response

T = TypeVar("T")
Answer = Response | Exception | Callable[[Request], Response]


class FakeClock:
    """Seconds that pass only when somebody waits; every wait is noted."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class AsyncFakeClock(FakeClock):
    """The same for the asynchronous world."""

    async def sleep(self, seconds: float) -> None:  # type: ignore[override]  # the twin waits
        await anyio.lowlevel.checkpoint()
        FakeClock.sleep(self, seconds)


@dataclass
class FarSide:
    """Answers by a script, the last answer for ever; notes what was sent and the time it was given.

    Our id of the call is taken out of the requests and noted beside them.
    """

    answers: list[Answer]
    requests: list[Request] = field(default_factory=list)
    call_ids: list[str] = field(default_factory=list)
    limits_seconds: list[float] = field(default_factory=list)
    closed: bool = False

    def send(self, request: Request, time_limit_seconds: float, into: Sink | None = None) -> Response:
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.call_ids.append(dict(request.headers)["X-Request-ID"])
        others = tuple(header for header in request.headers if header[0] != "X-Request-ID")
        self.requests.append(replace(request, headers=others))
        self.limits_seconds.append(time_limit_seconds)
        if isinstance(answer, Exception):
            raise copy.copy(answer)
        return answer if isinstance(answer, Response) else answer(request)

    def close(self) -> None:
        self.closed = True


@dataclass
class AsyncFarSide:
    """The same behind the asynchronous transport's shape; others run before it answers."""

    inner: FarSide

    async def send(self, request: Request, time_limit_seconds: float, into: Sink | None = None) -> Response:
        for _ in range(10):
            await anyio.lowlevel.checkpoint()
        return self.inner.send(request, time_limit_seconds, into)

    async def aclose(self) -> None:
        self.inner.close()


class Driven:
    """A session of either world over a scripted far side, called like a synchronous one."""

    def __init__(self, world: str, answers: list[Answer], **options: Any) -> None:
        self.world = world
        self.far = FarSide(answers)
        self.clock = FakeClock() if world == "sync" else AsyncFakeClock()
        self.session: Any = (
            Session(self.far, clock=self.clock, **options)
            if world == "sync"
            else AsyncSession(AsyncFarSide(self.far), clock=self.clock, **options)  # type: ignore[arg-type]  # see AsyncFakeClock
        )

    def run(self, call: Call[T], time_limit: timedelta | None = None) -> T:
        result: T = (
            self.session.run(call, time_limit)
            if self.world == "sync"
            else anyio.run(self.session.run, call, time_limit, backend=self.world)
        )
        return result

    def pages(self, call: Call[Page[T]], time_limit: timedelta | None = None) -> list[Page[T]]:
        if self.world == "sync":
            return list(self.session.pages(call, time_limit))

        async def gather() -> list[Page[T]]:
            return [page async for page in self.session.pages(call, time_limit)]

        return anyio.run(gather, backend=self.world)

    def close(self) -> None:
        if self.world == "sync":
            self.session.close()
        else:
            anyio.run(self.session.aclose, backend=self.world)


@pytest.fixture(params=["sync", "asyncio", "trio"])
def world(request: pytest.FixtureRequest) -> str:
    """The synchronous twin and the asynchronous source on both event loops."""
    return str(request.param)


@pytest.fixture
def driven(world: str) -> Callable[..., Driven]:
    """Give a maker of sessions: `driven(answer, ..., retry=, issuer=, limits=, …)`."""

    def make(*answers: Answer, **options: Any) -> Driven:
        return Driven(world, list(answers), **options)

    return make
