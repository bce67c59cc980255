"""Addresses that strangers give: no trick leads to a connection inside, recorded at the socket itself."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import anyio
import pytest
import trustme

from mcu_sdk.errors import McuError, TransportError, UsageError
from mcu_sdk.transport import AsyncHttpxTransport, HttpxTransport
from mcu_sdk.wire import Request, Response

Exchange = Callable[..., Response]
PUBLIC = "93.184.215.14"
OTHER_PUBLIC = "2a00:1450:4010:c0f::8a"
NUMERIC = re.compile(r"[0-9a-fA-FxX.:%]+")
NAMES = {
    "files.example.org": [PUBLIC],
    "both.example.org": [OTHER_PUBLIC, PUBLIC],
    "localhost": ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
    "LOCALHOST": ["127.0.0.1"],
    "localhost.localdomain": ["127.0.0.1"],
    "127.0.0.1.example.org": ["127.0.0.1"],
    "inside.example.org": ["10.0.0.5"],
    "inside6.example.org": ["fd00::5"],
    "metadata.example.org": ["169.254.169.254"],
    "linklocal.example.org": ["fe80::1%2"],
    "mapped.example.org": ["::ffff:10.0.0.5"],
    "nat64.example.org": ["64:ff9b::a00:5"],
    "sixtofour.example.org": ["2002:a00:5::"],
    "zero.example.org": ["0.0.0.0"],
    "mixed.example.org": [PUBLIC, "127.0.0.1"],
    "mixed6.example.org": [PUBLIC, "::1"],
    "mixed-first.example.org": ["192.168.0.1", PUBLIC],
    "empty.example.org": [],
}
TRICKS = (
    # an address written otherwise
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://127.000.000.001/",
    "https://127.8.9.10/",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.0.0.5/",
    "https://0xa.5/",
    "https://167772165/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://0xc0a80101/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/",
    "https://0251.0376.0251.0376/",
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://１２７.０.０.１/",
    "https://127。0。0。1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://%31%32%37.0.0.1/",
    # version six
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::127.0.0.1]/",
    "https://[64:ff9b:1::a00:5]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "https://[2a00:1450:4010:c0f::8a%25lo]/",
    "https://[fc00::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2a00:1450::5efe:10.0.0.5]/",
    # names
    *(f"https://{name}/" for name in NAMES if name not in ("files.example.org", "both.example.org")),
    "https://ⓛocalhost/",
    "https://unknown.example.org/",
    # account, backslash and other parts that readers disagree on
    "https://files.example.org@127.0.0.1/",
    "https://files.example.org:x@127.0.0.1/",
    "https://files.example.org%40127.0.0.1/",
    "https://files.example.org\\@127.0.0.1/",
    "https://127.0.0.1\\@files.example.org/",
    "https://127.0.0.1\\.files.example.org/",
    "https://user:pass@files.example.org/",
    "https://files.example.org\t@127.0.0.1/",
    "https://files.example.org\r\nHost: 127.0.0.1/",
    "https://\x00127.0.0.1/",
    "https:///127.0.0.1/",
    "https://",
    "https:files.example.org",
    "//files.example.org/",
    "/etc/passwd",
    "",
    # other schemes and ports
    "http://files.example.org/",
    "http://127.0.0.1/",
    "HTTP://127.0.0.1/",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "data:text/plain,hello",
    "gopher://127.0.0.1:6379/_INFO",
    "ftp://files.example.org/",
    "ws://files.example.org/",
    "unix:///var/run/docker.sock",
    "https+unix://files.example.org/",
    "javascript:alert(1)",
    "https://127.0.0.1:22/",
    "https://files.example.org:0/",
    "https://files.example.org:99999/",
    "https://files.example.org:-1/",
    "https://files.example.org:http/",
)


class Wires:
    """Stands where the operating system does: gives names their addresses, notes every connection."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.names: dict[str, Sequence[Sequence[str]]] = {name: [found] for name, found in NAMES.items()}
        self.asked: list[str] = []
        self.connected: list[str] = []
        self.served_at: tuple[str, int] | None = None
        self._resolve, self._connect = socket.getaddrinfo, socket.socket.connect
        patch.setattr(socket, "getaddrinfo", self.getaddrinfo)
        wires = self

        def connect(self: socket.socket, address: Any) -> None:
            wires.connect(self, address)

        patch.setattr(socket.socket, "connect", connect)

    def getaddrinfo(self, host: str | bytes | None, port: Any, *rest: Any, **named: Any) -> list[Any]:
        """Answer from the table, a name's answers in turn; numbers in any form are the system's to read."""
        name = host.decode() if isinstance(host, bytes) else str(host)
        if NUMERIC.fullmatch(name) and name not in self.names:
            return list(self._resolve(host, port, *rest, **named))
        answers = self.names.get(name)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        addresses = answers[min(self.asked.count(name), len(answers) - 1)]
        self.asked.append(name)
        return [_entry(address, port) for address in addresses]

    def connect(self, line: socket.socket, address: Any) -> None:
        """Note where it goes; only a server of the test is there."""
        if line.family not in (socket.AF_INET, socket.AF_INET6):
            return self._connect(line, address)
        self.connected.append(str(address[0]))
        if self.served_at is None:
            raise ConnectionRefusedError
        return self._connect(line, self.served_at)


def _entry(address: str, port: Any) -> Any:
    if ":" not in address:
        return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
    return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))


@pytest.fixture
def wires(monkeypatch: pytest.MonkeyPatch) -> Wires:
    """The operating system's part, noted."""
    return Wires(monkeypatch)


@pytest.fixture(params=["sync", "asyncio", "trio"])
def exchange(request: pytest.FixtureRequest) -> Exchange:
    """Give exchanges with strangers' addresses over one real transport of each world."""

    def exchange(*urls: str, context: ssl.SSLContext | None = None) -> Response:
        if request.param == "sync":
            transport = HttpxTransport(None, ssl_context=context)
            try:
                return [transport.send(Request("GET", url), 5.0) for url in urls][-1]
            finally:
                transport.close()

        async def over_the_loop() -> Response:
            transport = AsyncHttpxTransport(None, ssl_context=context)
            try:
                return [await transport.send(Request("GET", url), 5.0) for url in urls][-1]
            finally:
                await transport.aclose()

        return anyio.run(over_the_loop, backend=request.param)

    return exchange


def test_there_are_enough_tricks() -> None:
    """And none twice."""
    assert len(set(TRICKS)) == len(TRICKS) >= 60


@pytest.mark.parametrize("url", TRICKS)
def test_no_trick_leads_to_a_connection(url: str, exchange: Exchange, wires: Wires) -> None:
    """It ends in an error of ours before any socket is connected, and no password of it is repeated."""
    with pytest.raises(McuError) as refusal:
        exchange(url)
    assert wires.connected == []
    assert getattr(refusal.value, "delivered", "no") == "no"
    assert "pass@" not in f"{refusal.value} {vars(refusal.value)}"


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example.org/x?token=canary-query",
        "https://FILES.example.org:8443/",
        "https://files.example.org#@127.0.0.1/",
    ],
)
def test_a_public_address_is_connected_to(url: str, exchange: Exchange, wires: Wires) -> None:
    """The recorder sees what is allowed, so that seeing nothing means something."""
    with pytest.raises(TransportError) as refusal:
        exchange(url)
    assert wires.connected == [PUBLIC]
    assert refusal.value.code == "transport.not_reached"
    assert "canary" not in f"{refusal.value} {vars(refusal.value)}"


def test_every_checked_address_is_tried_in_its_order(exchange: Exchange, wires: Wires) -> None:
    """A host that is down at one address may answer at the next."""
    with pytest.raises(TransportError):
        exchange("https://both.example.org/")
    assert wires.connected == [OTHER_PUBLIC, PUBLIC]


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(
    exchange: Exchange, wires: Wires
) -> None:
    """A name that changes its answer between check and connection gains nothing."""
    wires.names["rebinding.example.org"] = [[PUBLIC], ["127.0.0.1"]]
    with pytest.raises(TransportError) as refusal:
        exchange("https://rebinding.example.org/")
    assert refusal.value.code == "transport.not_reached"
    assert wires.asked == ["rebinding.example.org"]
    assert wires.connected == [PUBLIC]


def test_a_name_that_changed_is_checked_again(exchange: Exchange, wires: Wires) -> None:
    """Having been public before is no permission."""
    wires.names["rebinding.example.org"] = [["127.0.0.1"], [PUBLIC]]
    with pytest.raises(TransportError) as refusal:
        exchange("https://rebinding.example.org/")
    assert refusal.value.code == "transport.forbidden_address"
    assert wires.connected == []


@pytest.mark.parametrize("kind", [HttpxTransport, AsyncHttpxTransport])
def test_no_proxy_looks_names_up_for_strangers_addresses(kind: type[HttpxTransport]) -> None:
    """The proxy would resolve and connect inside, where nobody checks: refused when it is made."""
    with pytest.raises(UsageError) as refusal:
        kind(None, proxy="http://user:canary-pass@127.0.0.1:3128")
    assert refusal.value.code == "usage.proxied_strangers"
    assert "canary" not in f"{refusal.value} {vars(refusal.value)}"


@pytest.fixture
def redirecting(wires: Wires) -> Iterator[tuple[ssl.SSLContext, list[str]]]:
    """A public server (as the wires have it) that sends everybody to the address in the list."""
    root = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    root.issue_cert("files.example.org").configure_cert(tls)
    trusting = ssl.create_default_context()
    root.configure_trust(trusting)
    location: list[str] = []

    def serve(server: socket.socket) -> None:
        line, _ = server.accept()
        with suppress(OSError), line, tls.wrap_socket(line, server_side=True) as talk:
            talk.recv(65536)
            talk.sendall(
                f"HTTP/1.1 302 Found\r\nLocation: {location[0]}\r\nContent-Length: 0\r\n\r\n".encode()
            )

    with socket.create_server(("127.0.0.1", 0)) as server:
        wires.served_at = server.getsockname()
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        yield trusting, location
        thread.join(5)


@pytest.mark.parametrize(
    "location", ["https://127.0.0.1/", "http://169.254.169.254/", "file:///etc/passwd", "//10.0.0.5/"]
)
def test_a_redirect_is_handed_back_and_not_followed(
    location: str, exchange: Exchange, wires: Wires, redirecting: tuple[ssl.SSLContext, list[str]]
) -> None:
    """Where a public server points to is another stranger's address, for the caller to judge."""
    trusting, locations = redirecting
    locations.append(location)
    answer = exchange("https://files.example.org/", context=trusting)
    assert (answer.status, answer.headers["location"]) == (302, location)
    assert wires.connected == [PUBLIC]
