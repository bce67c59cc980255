"""One transport for many: threads, tasks that are cancelled anywhere, loops that end, cycles without end."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import warnings
from collections.abc import Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import pytest

from mcu_sdk.errors import TransportError, UsageError
from mcu_sdk.transport import AsyncHttpxTransport, AsyncSession, HttpxTransport, MemoryTransport, Session
from mcu_sdk.wire import Call, Request, Response

THREADS = 32
CALLS_IN_MEMORY = 5_000
CALLS_OVER_THE_NETWORK = 100


class Echo:
    """Answers every request with its own path, on connections that are kept alive."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._lines: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self._lines.append(line)
                thread = threading.Thread(target=self._serve, args=(line,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            received = b""
            while chunk := line.recv(65536):
                received += chunk
                while b"\r\n\r\n" in received:
                    head, _, received = received.partition(b"\r\n\r\n")
                    path = head.split(b" ", 2)[1]
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path))

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()


@contextmanager
def echoing() -> Iterator[Echo]:
    echo = Echo()
    thread = threading.Thread(target=echo.accept)
    thread.start()
    try:
        yield echo
    finally:
        echo.close()
        thread.join()


def echoed(path: str) -> Call[str]:
    return Call(Request("GET", path), lambda response: response.body.decode())


def crossed(session: Session, calls: int) -> int:
    """How many of *calls* in each thread got the answer of another."""

    def ask(thread: int) -> int:
        paths = [f"/{thread}/{number}" for number in range(calls)]
        return sum(session.run(echoed(path)) != path for path in paths)

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(ask, range(THREADS)))


def test_threads_never_get_each_others_answers_from_a_shared_session() -> None:
    far = MemoryTransport(lambda request: Response(200, body=request.path.encode()))
    assert crossed(Session(far), CALLS_IN_MEMORY) == 0


def test_threads_never_get_each_others_answers_over_the_network() -> None:
    with echoing() as echo:
        session = Session(HttpxTransport(echo.url))
        try:
            assert crossed(session, CALLS_OVER_THE_NETWORK) == 0
        finally:
            session.close()


class CancelledAt:
    """Awaits *work* and cancels *scope* at its await number *count*."""

    def __init__(self, work: Coroutine[Any, Any, object], scope: anyio.CancelScope, count: int) -> None:
        self._work = work
        self._scope = scope
        self._left = count

    def __await__(self) -> Generator[Any, Any, object]:
        send, argument = self._work.send, None
        while True:
            try:
                trap = send(argument)
            except StopIteration as end:
                return end.value
            self._left -= 1
            if self._left == 0:
                self._scope.cancel()
            try:
                send, argument = self._work.send, (yield trap)
            except BaseException as error:  # whatever the loop throws goes in
                send, argument = self._work.throw, error


@pytest.mark.anyio
async def test_a_call_cancelled_at_any_await_leaves_no_connection_behind() -> None:
    with echoing() as echo:
        transport = AsyncHttpxTransport(echo.url)
        session = AsyncSession(transport)
        cancelled = 0
        try:
            while True:
                scope = anyio.CancelScope()
                with scope:
                    await CancelledAt(session.run(echoed("/x")), scope, cancelled + 1)
                if not scope.cancelled_caught:
                    break
                cancelled += 1
                pool: Any = transport._http._pool  # type: ignore[attr-defined]  # the pool below, looked at
                assert pool._requests == []
                assert all(connection.is_idle() for connection in pool.connections)
                assert await session.run(echoed("/after")) == "/after"
                if cancelled % 2:
                    await pool.aclose()  # the next one begins with a new connection
        finally:
            await session.aclose()
    assert cancelled > 3


def _open_files() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to count open files")
def test_clients_that_are_closed_leave_nothing_open() -> None:
    with echoing() as echo:
        before = _open_files()

        def cycle() -> None:
            transport = HttpxTransport(echo.url)
            try:
                transport.send(Request("GET", "/x"), 5)
                with pytest.raises(TransportError):
                    transport.send(Request("GET", "/x"), 0.0)
            finally:
                transport.close()

        for _ in range(100):
            cycle()
        for _ in range(500):  # the echo closes its side when it has read the end
            if _open_files() <= before:
                break
            threading.Event().wait(0.01)
        assert _open_files() <= before


def _code_in_a_second_loop(url: str) -> str:
    transport = AsyncHttpxTransport(url)

    async def ask() -> Response:
        return await transport.send(Request("GET", "/x"), 5)

    assert asyncio.run(ask()).body == b"/x"
    with pytest.raises(UsageError) as caught:
        asyncio.run(ask())
    return caught.value.code


def test_a_transport_that_outlives_its_event_loop_says_so() -> None:
    with echoing() as echo:
        assert _code_in_a_second_loop(echo.url) == "usage.client_closed"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the first loop left its connection behind
        gc.collect()
