"""TLS: what is not trusted is refused by name, on both loops and without, and trust stays in its channel."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest
import trustme

from mcu_sdk.errors import TimeLimitExceeded, TransportError
from mcu_sdk.transport import AsyncHttpxTransport, HttpxTransport, NetworkSettings
from mcu_sdk.wire import Request, Response

Exchange = Callable[..., Response]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nwell"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_OFF = datetime(2200, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def russian_root() -> trustme.CA:
    """A root that a channel trusts by its CA file."""
    return trustme.CA(organization_name="Russian Trusted Root CA")


@pytest.fixture(scope="module")
def root_file(russian_root: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its file."""
    file = tmp_path_factory.mktemp("roots") / "root.pem"
    russian_root.cert_pem.write_to_path(str(file))
    return file


@pytest.fixture(params=["sync", "asyncio", "trio"])
def exchange(request: pytest.FixtureRequest) -> Exchange:
    """Give one exchange over a real transport of each world, with a CA file or without."""

    def exchange(url: str, ca_file: Path | None = None, seconds: float = 10.0) -> Response:
        context = NetworkSettings(ca_file=ca_file).tls_context()
        if request.param == "sync":
            transport = HttpxTransport(url, ssl_context=context)
            try:
                return transport.send(Request("GET", "/"), seconds)
            finally:
                transport.close()

        async def over_the_loop() -> Response:
            transport = AsyncHttpxTransport(url, ssl_context=context)
            try:
                return await transport.send(Request("GET", "/"), seconds)
            finally:
                await transport.aclose()

        return anyio.run(over_the_loop, backend=request.param)

    return exchange


@contextmanager
def listening(talk: Callable[[socket.socket], None], scheme: str = "https") -> Iterator[str]:
    """The address of a server that lets *talk* speak to every connection, until the block ends."""
    over = threading.Event()

    def serve(server: socket.socket) -> None:
        while not over.is_set():
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.settimeout(5)
                if not over.is_set():
                    talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        address = server.getsockname()
        try:
            yield f"{scheme}://localhost:{address[1]}"
        finally:
            over.set()
            socket.create_connection(address).close()
            thread.join()


def speaking_tls(context: ssl.SSLContext) -> Callable[[socket.socket], None]:
    """Shake hands by *context*, read the request, answer."""

    def talk(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as line:
            line.recv(65536)
            line.sendall(ANSWER)

    return talk


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """A server's side of TLS with *certificate*."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def self_signed_context(tmp_path: Path) -> ssl.SSLContext:
    """A server that shows a root itself."""
    root = trustme.CA(organization_name="Nobody")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    file = tmp_path / "self.pem"
    root.private_key_pem.write_to_path(str(file))
    root.cert_pem.write_to_path(str(file), append=True)
    context.load_cert_chain(file)
    return context


def refused(exchange: Exchange, context: ssl.SSLContext, ca_file: Path | None) -> TransportError:
    """The error of an exchange with a server of that context."""
    with listening(speaking_tls(context)) as url, pytest.raises(TransportError) as refusal:
        exchange(url, ca_file)
    error = refusal.value
    assert error.delivered == "no"
    assert error.hint
    assert (error.__cause__, error.__context__) == (None, None)
    return error


def test_a_certificate_under_a_trusted_root_is_accepted(
    exchange: Exchange, russian_root: trustme.CA, root_file: Path
) -> None:
    """The way it should be; and the answer comes."""
    context = server_context(russian_root.issue_cert("localhost"))
    with listening(speaking_tls(context)) as url:
        assert exchange(url, root_file).body == b"well"


def test_a_root_is_trusted_in_its_channel_alone(
    exchange: Exchange, russian_root: trustme.CA, root_file: Path
) -> None:
    """Of two clients in one process, the one without the root goes on refusing."""
    context = server_context(russian_root.issue_cert("localhost"))
    with listening(speaking_tls(context)) as url:
        assert exchange(url, root_file).status == 200
        with pytest.raises(TransportError) as refusal:
            exchange(url)
        assert refusal.value.code == "transport.certificate_authority"
        assert exchange(url, root_file).status == 200


def test_the_environment_adds_no_root(
    exchange: Exchange, russian_root: trustme.CA, root_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSL_CERT_FILE and SSL_CERT_DIR are not obeyed."""
    monkeypatch.setenv("SSL_CERT_FILE", str(root_file))
    monkeypatch.setenv("SSL_CERT_DIR", str(root_file.parent))
    error = refused(exchange, server_context(russian_root.issue_cert("localhost")), None)
    assert error.code == "transport.certificate_authority"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("expired", "transport.certificate_expired"),
        ("not yet valid", "transport.certificate_not_yet_valid"),
        ("other host", "transport.certificate_host"),
        ("address", "transport.certificate_host"),
        ("unknown root", "transport.certificate_authority"),
        ("self-signed", "transport.certificate_self_signed"),
    ],
)
def test_a_bad_certificate_is_refused_by_name(
    kind: str, code: str, exchange: Exchange, russian_root: trustme.CA, root_file: Path, tmp_path: Path
) -> None:
    """Each with its own code: what is wrong decides whom to ask."""
    if kind == "self-signed":
        context = self_signed_context(tmp_path)
    elif kind == "unknown root":
        context = server_context(trustme.CA().issue_cert("localhost"))
    elif kind == "expired":
        context = server_context(russian_root.issue_cert("localhost", not_after=LONG_AGO))
    elif kind == "not yet valid":
        context = server_context(
            russian_root.issue_cert("localhost", not_before=FAR_OFF, not_after=FAR_OFF.replace(year=2201))
        )
    else:
        context = server_context(
            russian_root.issue_cert("127.0.0.1" if kind == "address" else "other.example")
        )
    assert refused(exchange, context, root_file).code == code


def test_a_certificate_for_another_address_is_refused(
    exchange: Exchange, russian_root: trustme.CA, root_file: Path
) -> None:
    """A bare address is checked as strictly as a name."""
    context = server_context(russian_root.issue_cert("localhost", "192.0.2.1"))
    with listening(speaking_tls(context)) as url, pytest.raises(TransportError) as refusal:
        exchange(url.replace("localhost", "127.0.0.1"), root_file)
    assert refusal.value.code == "transport.certificate_host"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(
    version: ssl.TLSVersion, exchange: Exchange, russian_root: trustme.CA, root_file: Path
) -> None:
    """A server that speaks no TLS 1.2 gets no request."""
    context = server_context(russian_root.issue_cert("localhost"))
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    if not speaks(context, version):
        pytest.skip(f"this OpenSSL no longer offers {version.name}")
    assert refused(exchange, context, root_file).code == "transport.tls_version"


def speaks(context: ssl.SSLContext, version: ssl.TLSVersion) -> bool:
    """Whether a client that takes anything can talk to the server at all."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    client.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    client.maximum_version = version
    client.set_ciphers("ALL:@SECLEVEL=0")
    with listening(speaking_tls(context)) as url:
        port = int(url.rpartition(":")[2])
        try:
            with (
                socket.create_connection(("127.0.0.1", port)) as line,
                client.wrap_socket(line, server_hostname="localhost") as talk,
            ):
                talk.sendall(b"GET / HTTP/1.1\r\n\r\n")
                return talk.recv(4) == ANSWER[:4]
        except OSError:
            return False


def test_plain_http_on_the_port_is_told(exchange: Exchange, root_file: Path) -> None:
    """The usual mistake of an address, not "the network is broken"."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with listening(talk) as url, pytest.raises(TransportError) as refusal:
        exchange(url, root_file)
    assert refusal.value.code == "transport.not_tls"


def test_a_dripping_handshake_ends_at_the_time_limit(exchange: Exchange, root_file: Path) -> None:
    """A byte now and then is no progress: the call's moment stands."""
    over = threading.Event()

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        for byte in b"\x16\x03\x03\x40\x00" + bytes(16384):
            if over.wait(0.05):
                return
            connection.sendall(bytes([byte]))

    with listening(talk) as url:
        began = time.monotonic()
        try:
            with pytest.raises(TimeLimitExceeded) as late:
                exchange(url, root_file, seconds=0.5)
        finally:
            over.set()
        took_seconds = time.monotonic() - began
    assert late.value.delivered == "no"
    assert 0.4 < took_seconds < 5
