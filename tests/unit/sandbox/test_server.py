"""The sandbox over real HTTP on the loopback interface."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import httpx
import pytest

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox import JsonObject, PortalSandbox, SandboxServer
from mcu_sdk.sandbox.sample import sample_files

FILE_PATH = next(iter(sample_files()))
MESSAGES: tuple[JsonObject, ...] = ({"id": 1, "attachments": [FILE_PATH, 5]}, {"id": 2})
LARGEST_BODY_BYTES = 100_000


@pytest.fixture
def sandbox() -> PortalSandbox:
    return PortalSandbox(MESSAGES)


@pytest.fixture
def server(sandbox: PortalSandbox) -> Iterator[SandboxServer]:
    with SandboxServer(sandbox, largest_body_bytes=LARGEST_BODY_BYTES) as server:
        yield server


@pytest.fixture
def client(server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        login = {"grant_type": "password", "scope": "any", "username": "sandbox-organisation"}
        reply = client.post(
            "/user-service/oauth/token",
            data=login | {"password": "sandbox"},
            auth=("sandbox-client", "sandbox"),
        )
        client.headers["authorization"] = f"Bearer {reply.json()['access_token']}"
        yield client


def test_a_working_session(sandbox: PortalSandbox, client: httpx.Client) -> None:
    """List, download, accept, upload and answer go over HTTP as a foreign client sends them."""
    listing = client.get("/appeal-service/edms", params={"page": 0, "size": 1}).json()
    assert (listing["totalElements"], listing["numberOfElements"]) == (2, 1)
    file = client.get(listing["content"][0]["attachments"][0])
    assert file.content == sample_files()[FILE_PATH].content
    assert client.post("/appeal-service/edms/1/mark-accepted").status_code == 200
    stored = client.post(
        "/file-storage-service/filestorage", files={"file": ("Акт.pdf", b"%PDF", "application/pdf")}
    )
    answer = {"status": "Закрыто", "answer": True, "answerText": "Да", "attachmentIds": [stored.json()["id"]]}
    assert client.post("/appeal-service/edms/1", json=answer).content == b""
    assert sandbox.accepted == (1,)
    assert sandbox.reports(1) == (answer,)
    assert [(upload.name, upload.content_type) for upload in sandbox.uploads] == [
        ("Акт.pdf", "application/pdf")
    ]


def test_attachments_are_whole_addresses_over_http(server: SandboxServer, client: httpx.Client) -> None:
    """Over HTTP a file's path is listed as a whole address of the same host; what is no path stays."""
    content = client.get("/appeal-service/edms").json()["content"]
    assert content[0]["attachments"] == [server.url + FILE_PATH, 5]
    assert content[1] == {"id": 2}


def test_connection_is_kept(client: httpx.Client) -> None:
    """Answers, refusals too, leave the connection open for the next request."""
    ports: set[tuple[str, int]] = set()
    for path in ("/appeal-service/edms", "/nowhere", "/appeal-service/edms"):
        with client.stream("GET", path) as response:
            response.read()
            ports.add(response.extensions["network_stream"].get_extra_info("client_addr"))
    assert len(ports) == 1


def test_answer_has_its_date_and_length(client: httpx.Client) -> None:
    """Every answer says when it was made and how long it is."""
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert parsedate_to_datetime(response.headers["date"]).tzinfo is not None
    assert int(response.headers["content-length"]) == len(response.content)


def test_small_packets_are_not_held_back(server: SandboxServer, client: httpx.Client) -> None:
    """Nagle's algorithm is off at the server's end, so a kept-alive client waits for nothing."""
    assert client.get("/nowhere").status_code == 404
    assert server._listener is not None
    (line,) = server._listener.lines
    assert line.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("surplus", [0, 1])
def test_body_is_bounded(sandbox: PortalSandbox, client: httpx.Client, surplus: int) -> None:
    """A body of the bound is taken, one byte more is answered 413 and does not reach the sandbox."""
    before = len(sandbox.log)
    response = client.post("/appeal-service/edms/1", content=b" " * (LARGEST_BODY_BYTES + surplus))
    assert response.status_code == (413 if surplus else 400)
    assert response.json()["messages"]
    assert len(sandbox.log) == before + 1 - surplus
    assert client.get("/appeal-service/edms").status_code == 200


def test_body_of_unknown_length_is_refused(client: httpx.Client) -> None:
    """A chunked body is answered 411."""
    assert client.post("/appeal-service/edms/1", content=iter([b"{}"])).status_code == 411


def exchange(server: SandboxServer, sent: bytes) -> bytes:
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as stream:
            return stream.read()


@pytest.mark.parametrize("length", ["-1", "x", "٣", "9" * 30])
def test_senseless_length_is_refused(server: SandboxServer, length: str) -> None:
    """A Content-Length that is no number of bytes is answered 400 and the connection is closed."""
    answer = exchange(server, f"POST /x HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_cut_body_is_not_handled(sandbox: PortalSandbox, server: SandboxServer) -> None:
    """A request whose body ends early is dropped: the sandbox never sees it."""
    assert exchange(server, b"POST /x HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nabc") == b""
    assert sandbox.log == ()


def test_stopping_ends_kept_connections() -> None:
    """Leaving the block ends every thread though a client keeps its connection; it can be entered again."""
    server = SandboxServer(PortalSandbox())
    before = set(threading.enumerate())  # some of another test may still be ending
    for _ in range(2):
        with httpx.Client(trust_env=False) as client, server:
            assert client.get(server.url).status_code == 401
            assert set(threading.enumerate()) - before
        assert set(threading.enumerate()) - before == set()
    with pytest.raises(UsageError) as caught:
        _ = server.url
    assert caught.value.code == "sandbox.not_started"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])
def test_other_hosts_are_refused(host: str) -> None:
    """The sandbox serves the loopback interface and nothing else."""
    with pytest.raises(UsageError) as caught:
        SandboxServer(PortalSandbox(), host)
    assert caught.value.code == "sandbox.host"


def test_taken_port_is_an_error_of_ours() -> None:
    """A port in use, or no port at all, is said so; nothing is left behind."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        for port in (other.getsockname()[1], 70_000):
            with pytest.raises(UsageError) as caught, SandboxServer(PortalSandbox(), port=port):
                pass
            assert caught.value.code == "sandbox.port"


def test_loopback_over_ipv6() -> None:
    """The address ::1 is served as well, in brackets in the url."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with SandboxServer(PortalSandbox(), "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert httpx.get(server.url, trust_env=False).status_code == 401
