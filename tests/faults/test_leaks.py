"""Hostile answers plant secrets everywhere; neither logs, errors nor reprs repeat them."""

from __future__ import annotations

import logging
import pickle
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import anyio
import pytest

from mcu_sdk import AsyncPortal, Portal, PortalSettings
from mcu_sdk.errors import McuError, TransportError
from mcu_sdk.sandbox import PortalSandbox
from mcu_sdk.transport import (
    AsyncHttpxTransport,
    AsyncMemoryTransport,
    HttpxTransport,
    MemoryTransport,
    NetworkSettings,
)
from mcu_sdk.wire import Request, Response, Secret, SecretReference, Token, json_body

from ..leaks import Canaries  # noqa: TID252  # tests are no package


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """The port of a server that gives the same bytes to everybody who comes, one after another."""
    over = threading.Event()

    def serve(server: socket.socket) -> None:
        while not over.is_set():
            line, _ = server.accept()
            with suppress(OSError), line:
                if not over.is_set():
                    line.settimeout(5)
                    line.recv(65536)
                    line.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            socket.create_connection(server.getsockname()).close()
            thread.join()


@pytest.fixture(params=["sync", "asyncio", "trio"])
def exchange(request: pytest.FixtureRequest) -> Callable[..., Response]:
    """Give one exchange over a real transport of each world."""

    def exchange(url: str, outgoing: Request, proxy: str | None = None) -> Response:
        if request.param == "sync":
            transport = HttpxTransport(url, proxy=proxy)
            try:
                return transport.send(outgoing, 5.0)
            finally:
                transport.close()

        async def over_the_loop() -> Response:
            transport = AsyncHttpxTransport(url, proxy=proxy)
            try:
                return await transport.send(outgoing, 5.0)
            finally:
                await transport.aclose()

        return anyio.run(over_the_loop, backend=request.param)

    return exchange


def secret_request(canaries: Canaries) -> Request:
    """A request full of what must not show."""
    return Request(
        "POST",
        "/x",
        (("access_token", canaries.query_token),),
        (("Authorization", f"Bearer {canaries.token}"), ("X-Api-Key", canaries.token)),
        json_body({"phone": canaries.phone, "name": canaries.surname, "address": canaries.street}),
    )


@pytest.mark.parametrize(
    "answer",
    [
        "HTTP/1.1 200 OK\r\nSet-Cookie: s={0}\r\nContent-Length: 3\r\n\r\nyes",
        "HTTP/1.1 200 {0}\r\nContent-Length: 3\r\n\r\nyes",
        "HTTP/1.1 302 Found\r\nLocation: https://h/?token={0}\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 401 No\r\nContent-Length: 19\r\n\r\n{{'t': '{0}'}}",
        "HTTP/1.1 103 Early\r\nLink: <{0}>\r\n\r\nHTTP/1.1 200 OK\r\nX-A: {0}\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nSet-Cookie {0}\r\n\r\n",
        "HTTP/1.1 200 OK\r\n {0}: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: {0}\x00\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: {0}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: {0}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{0}\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-T: {0}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-T {0}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\n{0}{0}{0}{0}",
        "HTTP/{0} 200 OK\r\n\r\n",
        "{0}\r\n\r\n",
        "HTTP/1.1 {0} OK\r\n\r\n",
        "",
    ],
)
def test_what_the_far_side_says_stays_out_of_logs_and_errors(
    answer: str, exchange: Callable[..., Response], canaries: Canaries, caplog: pytest.LogCaptureFixture
) -> None:
    """The watch looks at the logs of the libraries below; here at whether there were any."""
    caplog.set_level(logging.DEBUG)
    with answering(answer.format(canaries.cookie).encode("latin-1")) as port, suppress(McuError):
        exchange(f"http://127.0.0.1:{port}", secret_request(canaries))
    assert any(record.name.startswith("httpcore") for record in caplog.records)


@pytest.mark.parametrize(
    "answer",
    [
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm={0}\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 502 {0}\r\nSet-Cookie: {0}\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nVia {0}\r\n\r\n",
        "",
    ],
)
def test_the_account_at_the_proxy_stays_out_of_logs_and_errors(
    answer: str, exchange: Callable[..., Response], canaries: Canaries, caplog: pytest.LogCaptureFixture
) -> None:
    """And what the proxy says does."""
    caplog.set_level(logging.DEBUG)
    with answering(answer.format(canaries.cookie).encode("latin-1")) as port:
        proxy = f"http://user:{canaries.proxy_password}@127.0.0.1:{port}"
        with pytest.raises(TransportError) as refusal:
            exchange("https://portal.example.org", secret_request(canaries), proxy)
    assert refusal.value.__context__ is None
    assert any(record.name.startswith("httpcore") for record in caplog.records)


def settings_of(canaries: Canaries) -> PortalSettings:
    """Settings that hold the secrets themselves."""
    return PortalSettings(
        url="https://portal.example.org",
        account="town",
        organisation_id="o",
        organisation_secret=Secret(canaries.organisation_secret),
        client_id="c",
        client_secret=Secret(canaries.client_secret),
        network=NetworkSettings(
            proxy=Secret(f"http://user:{canaries.proxy_password}@proxy.example.org:3128")
        ),
    )


def test_nothing_shows_its_secrets(canaries: Canaries) -> None:
    """Settings, clients, tokens, requests and responses, also inside other values."""
    settings = settings_of(canaries)
    sandbox = PortalSandbox()
    stranger = f"https://user:{canaries.token}@h/x?key={canaries.query_token}#{canaries.token}"
    shown = [
        settings,
        settings.network,
        Portal(settings, transport=MemoryTransport(sandbox.handle)),
        AsyncPortal(settings, transport=AsyncMemoryTransport(sandbox.handle)),
        Token(Secret(canaries.token)),
        Token(Secret(canaries.token)).carried_by(secret_request(canaries)),
        Request("GET", stranger),
        Response(200, {"set-cookie": canaries.cookie}, canaries.surname.encode()),
    ]
    with Portal(settings) as portal:
        shown.append(portal)
        for value in shown:
            for text in (repr(value), str(value), f"{value}", repr([value]), repr({"x": value})):
                assert not re.search("canary|Канаре|910", text)
    assert repr(Request("GET", stranger)) == "Request(GET https://h/x)"


@pytest.mark.parametrize("of", [lambda settings: settings, lambda settings: settings.network])
def test_settings_with_a_secret_inside_do_not_pickle(
    of: Callable[[PortalSettings], object], canaries: Canaries
) -> None:
    """References do, and hold none."""
    with pytest.raises(McuError, match="does not pickle"):
        pickle.dumps(of(settings_of(canaries)))
    reference = NetworkSettings(proxy=SecretReference("env:MCU_PROXY"))
    assert pickle.loads(pickle.dumps(reference)) == reference
