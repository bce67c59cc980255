"""The way to the network against a real server on this machine: every way an exchange can fail."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anyio
import httpx
import pytest
import respx

from mcu_sdk.errors import McuError, TimeLimitExceeded, TransportError, Unreadable, UsageError
from mcu_sdk.transport import AsyncHttpxTransport, HttpxTransport, RetryPolicy, Session
from mcu_sdk.wire import BodyBounds, Call, Request, Response, check_status, json_body

Behaviour = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """A server whose answers are functions, taken in turn, the last one for ever."""

    daemon_threads = True

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours = behaviours
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Notes the request and lets the server's behaviour answer it."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        behaviour = self.server.behaviours[min(len(self.server.seen), len(self.server.behaviours) - 1)]
        self.server.seen.append((self.command, self.path, headers, body))
        with suppress(OSError):
            behaviour(self)

    do_POST = do_GET  # noqa: N815  # the name the library calls

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # as in the base class
        """Keep the output of the tests clean."""


@contextmanager
def serving(*behaviours: Behaviour) -> Iterator[Server]:
    """A server with *behaviours* for the length of the block."""
    with Server(*behaviours) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def answers(status: int = 200, body: bytes = b"well", **headers: str) -> Behaviour:
    """Answer whole, as a server should."""

    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return behaviour


def resets_in_the_body(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection hard after a part of the body."""
    answers(body=b"half", Content_Length="1000")(handler)
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(handler.connection.detach())
    handler.close_connection = True


def stops_short(handler: BaseHTTPRequestHandler) -> None:
    """Close politely before the announced end."""
    answers(body=b"half", Content_Length="1000")(handler)
    handler.close_connection = True


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Close without a word."""
    handler.close_connection = True


def dribbles(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, without end."""
    answers(body=b"", Content_Length="1000")(handler)
    while not handler.server.over.wait(0.03):  # type: ignore[attr-defined]  # our Server
        handler.wfile.write(b".")
        handler.wfile.flush()


def falls_silent(handler: BaseHTTPRequestHandler) -> None:
    """Begin an answer and say no more."""
    answers(body=b"", Content_Length="1000")(handler)
    handler.wfile.flush()
    handler.server.over.wait(5)  # type: ignore[attr-defined]  # our Server


@pytest.fixture(params=["sync", "asyncio", "trio"])
def send(request: pytest.FixtureRequest) -> Callable[..., Response]:
    """Give one exchange over a real transport of each world."""

    def exchange(url: str, outgoing: Request, *, seconds: float = 5.0, bound: int = 10_000) -> Response:
        if request.param == "sync":
            transport = HttpxTransport(url, bounds=BodyBounds(largest_body_bytes=bound))
            try:
                return transport.send(outgoing, seconds)
            finally:
                transport.close()

        async def over_the_loop() -> Response:
            transport = AsyncHttpxTransport(url, bounds=BodyBounds(largest_body_bytes=bound))
            try:
                return await transport.send(outgoing, seconds)
            finally:
                await transport.aclose()

        return anyio.run(over_the_loop, backend=request.param)

    return exchange


GET = Request("GET", "/x")


def body_of(response: Response) -> bytes:
    """The body of a success."""
    check_status(response)
    return response.body


def test_what_is_sent_arrives_byte_for_byte(send: Callable[..., Response]) -> None:
    """Method, quoted path, query, headers and body reach the server exactly as the value says."""
    outgoing = Request(
        "POST", "/a%2Fb/%D1%8F", (("q", "яма & 1"),), (("X-One", "1"),), body=json_body({"a": "ё"})
    )
    with serving(answers(X_Request_Id="r-1")) as server:
        response = send(server.url, outgoing)
    assert (response.status, response.body, response.request_id) == (200, b"well", "r-1")
    ((method, path, headers, body),) = server.seen
    assert (method, path) == ("POST", "/a%2Fb/%D1%8F?q=%D1%8F%D0%BC%D0%B0+%26+1")
    assert body == '{"a":"ё"}'.encode()
    assert headers["content-type"] == "application/json"
    assert headers["x-one"] == "1"
    assert headers["user-agent"].startswith("mcu-sdk/")


def test_a_base_address_with_a_path_is_kept(send: Callable[..., Response]) -> None:
    """A channel behind a gateway has its paths counted from there."""
    with serving(answers()) as server:
        send(f"{server.url}/gateway/", GET)
    assert server.seen[0][1] == "/gateway/x"


def test_an_empty_post_says_so(send: Callable[..., Response]) -> None:
    """A write without a body announces zero bytes, as strict servers ask."""
    with serving(answers()) as server:
        send(server.url, Request("POST", "/x"))
    assert server.seen[0][2]["content-length"] == "0"


@pytest.mark.parametrize("behaviour", [resets_in_the_body, stops_short, hangs_up])
def test_a_broken_exchange_may_have_been_delivered(
    send: Callable[..., Response], behaviour: Behaviour
) -> None:
    """A reset, a short body and a hung-up line are one error, and nobody claims it was not delivered."""
    with serving(behaviour) as server, pytest.raises(TransportError) as caught:
        send(server.url, GET)
    assert (caught.value.code, caught.value.delivered) == ("transport.broken", "unknown")
    assert caught.value.__cause__ is None


def test_a_false_gzip_is_named_without_a_word_of_it(send: Callable[..., Response]) -> None:
    """A proxy that says gzip and sends text is not a broken network."""
    false = answers(body=b"canary", Content_Encoding="gzip")
    with serving(false) as server, pytest.raises(Unreadable) as caught:
        send(server.url, GET)
    assert caught.value.code == "api.undecodable"
    assert "canary" not in f"{caught.value!r}{vars(caught.value)}"


def test_a_refused_connection_was_not_delivered(send: Callable[..., Response]) -> None:
    """Nobody listens: the request surely did not arrive, and may be repeated."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(TransportError) as caught:
        send(f"http://127.0.0.1:{port}", GET)
    assert (caught.value.code, caught.value.delivered) == ("transport.not_reached", "no")


@pytest.mark.parametrize("behaviour", [dribbles, falls_silent])
def test_the_time_limit_holds_over_the_body(send: Callable[..., Response], behaviour: Behaviour) -> None:
    """A body that never ends ends with the limit, though every single byte came in time."""
    with serving(behaviour) as server, pytest.raises(TimeLimitExceeded) as caught:
        send(server.url, GET, seconds=0.2)
    assert caught.value.delivered == "unknown"


@pytest.mark.parametrize(
    "behaviour",
    [answers(body=b"x" * 1001), answers(body=gzip.compress(bytes(1_000_000)), Content_Encoding="gzip")],
)
def test_a_body_over_the_bound_is_cut_off(send: Callable[..., Response], behaviour: Behaviour) -> None:
    """The bound counts unpacked bytes, so a small packed answer cannot fill the memory."""
    with serving(behaviour) as server, pytest.raises(Unreadable) as caught:
        send(server.url, GET, bound=1000)
    assert caught.value.code == "api.body_too_large"


def test_a_body_at_the_bound_is_read(send: Callable[..., Response]) -> None:
    """The bound itself is allowed."""
    with serving(answers(body=b"x" * 1000)) as server:
        assert len(send(server.url, GET, bound=1000).body) == 1000


def test_a_redirect_is_not_followed(send: Callable[..., Response]) -> None:
    """A redirect could carry the token elsewhere: it is an answer, and not a success."""
    with serving(answers(302, b"", Location="/elsewhere")) as server:
        response = send(server.url, GET)
    assert [path for _, path, _, _ in server.seen] == ["/x"]
    with pytest.raises(Unreadable):
        check_status(response)


def test_proxies_of_the_environment_are_ignored(
    send: Callable[..., Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is read from the environment unasked: a dead proxy named there changes nothing."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(answers()) as server:
        assert send(server.url, GET).body == b"well"


def test_a_session_over_the_network_waits_503_out() -> None:
    """The whole way once: a real refusal, a repetition, a real answer."""
    call = Call(GET, body_of)
    with serving(answers(503, b"", Retry_After="0"), answers()) as server:
        session = Session(HttpxTransport(server.url), retry=RetryPolicy(longest_wait=timedelta(0)))
        assert session.run(call) == b"well"
        session.close()
    assert len(server.seen) == 2


@pytest.mark.parametrize("kind", [HttpxTransport, AsyncHttpxTransport])
@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://10.0.0.1",
        "http://[::2]",
        "ftp://127.0.0.1",
        "portal.example",
        "",
        "https://",
        "https://[::1",
        "https://host:port",
    ],
)
def test_only_https_and_this_machine_are_talked_to(kind: type[HttpxTransport], url: str) -> None:
    """Plain http to another machine would show the token to all between; a broken address is ours to tell."""
    with pytest.raises(UsageError) as caught:
        kind(url)
    assert caught.value.code == "usage.base_url"


@pytest.mark.parametrize("kind", [HttpxTransport, AsyncHttpxTransport])
def test_a_broken_proxy_address_is_told_without_its_password(kind: type[HttpxTransport]) -> None:
    """The address of a proxy may hold a password."""
    with pytest.raises(UsageError) as caught:
        kind("https://portal.example", proxy="gopher://user:canary@proxy")
    assert "canary" not in f"{caught.value!r}{vars(caught.value)}{caught.value.__cause__}"


def test_users_can_fake_the_network_with_respx(send: Callable[..., Response]) -> None:
    """A user's tests intercept our calls with the usual tool for httpx."""
    with respx.mock(base_url="https://portal.example") as router:
        router.get("/x").mock(httpx.Response(200, content=b"fake"))
        assert send("https://portal.example", GET).body == b"fake"
        router.get("/x").mock(side_effect=httpx.ConnectTimeout("canary"))
        with pytest.raises(McuError) as caught:
            send("https://portal.example", GET)
    assert isinstance(caught.value, TransportError)
    assert caught.value.delivered == "no"
    assert "canary" not in str(caught.value)


def test_a_closed_client_is_a_mistake_told() -> None:
    """Using a transport after it is closed is our error, not the HTTP library's."""
    transport = HttpxTransport("http://127.0.0.1:9")
    transport.close()
    with pytest.raises(UsageError) as caught:
        transport.send(Request("GET", "/"), 1.0)
    assert caught.value.code == "usage.client_closed"
