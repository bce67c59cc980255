"""The time limit is total: drips, silences and slow readers end at it, in every world, also under TLS."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import anyio
import pytest
import trustme

from mcu_sdk.errors import TimeLimitExceeded
from mcu_sdk.transport import AsyncHttpxTransport, HttpxTransport
from mcu_sdk.wire import Body, Request

LIMIT_SECONDS = 0.6
TOLERANCE_SECONDS = 0.5  # 10 % and what a loaded machine needs to wake a thread
DRIP_SECONDS = 0.02

Play = Callable[[socket.socket, threading.Event], None]


def drips_its_header(line: socket.socket, over: threading.Event) -> None:
    line.recv(65536)
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(DRIP_SECONDS):
        line.sendall(b"a")


def drips_its_body(line: socket.socket, over: threading.Event) -> None:
    line.recv(65536)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not over.wait(DRIP_SECONDS):
        line.sendall(b"a")


def floods_with_interim_answers(line: socket.socket, over: threading.Event) -> None:
    line.recv(65536)
    while not over.is_set():
        line.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50)


def says_nothing(line: socket.socket, over: threading.Event) -> None:
    over.wait()


def never_reads(line: socket.socket, over: threading.Event) -> None:
    over.wait()


def reads_a_little(line: socket.socket, over: threading.Event) -> None:
    while not over.wait(DRIP_SECONDS):
        line.recv(1000)


@contextmanager
def far_side(play: Play, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = listener.accept()
        with suppress(OSError):
            if tls is None or play is says_nothing:
                with line:
                    play(line, over)
            else:
                with tls.wrap_socket(line, server_side=True) as secured:
                    play(secured, over)
        line.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listener.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.mark.parametrize("world", ["sync", "asyncio", "trio"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "play",
    [
        drips_its_header,
        drips_its_body,
        floods_with_interim_answers,
        says_nothing,
        never_reads,
        reads_a_little,
    ],
)
def test_no_far_side_can_hold_a_call_beyond_its_limit(
    play: Play, scheme: str, world: str, authority: trustme.CA
) -> None:
    serving_tls = trusting = None
    if scheme == "https":
        serving_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(serving_tls)
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
    big = Body(bytes(32 * 1024 * 1024), "application/octet-stream")
    request = Request("POST", "/x", body=big if play in (never_reads, reads_a_little) else None)
    with far_side(play, serving_tls) as port:
        url = f"{scheme}://127.0.0.1:{port}"
        begun = time.monotonic()
        with pytest.raises(TimeLimitExceeded):
            _send(world, url, trusting, request)
        assert LIMIT_SECONDS <= time.monotonic() - begun < LIMIT_SECONDS + TOLERANCE_SECONDS


def _send(world: str, url: str, trusting: ssl.SSLContext | None, request: Request) -> None:
    if world == "sync":
        transport = HttpxTransport(url, ssl_context=trusting)
        try:
            transport.send(request, LIMIT_SECONDS)
        finally:
            transport.close()
        return

    async def over_the_loop() -> None:
        transport = AsyncHttpxTransport(url, ssl_context=trusting)
        try:
            await transport.send(request, LIMIT_SECONDS)
        finally:
            await transport.aclose()

    anyio.run(over_the_loop, backend=world)


def test_a_resolver_that_hangs_holds_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def hanging(*_: object, **__: object) -> list[object]:
        answered.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    transport = HttpxTransport("https://portal.example")
    begun = time.monotonic()
    try:
        with pytest.raises(TimeLimitExceeded) as caught:
            transport.send(Request("GET", "/x"), 0.2)
    finally:
        transport.close()
        answered.set()
    assert time.monotonic() - begun < 0.2 + TOLERANCE_SECONDS
    assert caught.value.delivered == "no"
