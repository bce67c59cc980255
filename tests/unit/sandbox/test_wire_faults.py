"""Every fault as bytes on a socket: what comes, how the connection ends, whether the request took effect."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
import zlib

import httpx
import pytest
import trustme

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox import FAULT_KINDS, FaultScript, JsonObject, PortalSandbox, SandboxServer
from mcu_sdk.sandbox.sample import sample_files
from mcu_sdk.wire import Request, form_body

FILE_PATH = next(iter(sample_files()))
SILENT = {"silence_before", "silence_after"}
RESET = {"reset_before", "reset_after", "reset_body"}
QUICK = {"latency": ":0.05", "drip": ":0.001", "header_drip": ":0", "slow_close": ":0.05"}
LISTING = "GET /appeal-service/edms"
PATIENCE_SECONDS = 10.0
ENOUGH_BYTES = 2_000_000


def token_of(sandbox: PortalSandbox) -> str:
    fields = {"username": sandbox.organisation_id, "password": sandbox.organisation_secret}
    request = Request(
        "POST",
        "/user-service/oauth/token",
        headers=(("Authorization", "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveA=="),),
        body=form_body({"grant_type": "password", "scope": "any", **fields}),
    )
    return str(json.loads(sandbox.answer(request, None).body)["access_token"])


def sandbox_with(script: str) -> PortalSandbox:
    messages: tuple[JsonObject, ...] = (
        {"id": 1, "description": "Двор", "attachments": [FILE_PATH]},
        {"id": 2, "description": "Сквер"},
    )
    return PortalSandbox(messages, faults=FaultScript.parse(script))


class Played:
    """One request on a socket of its own, and all that came of it till its end or *most_bytes*."""

    def __init__(self, sandbox: PortalSandbox, asked: str, *, most_bytes: int = ENOUGH_BYTES) -> None:
        self.was_reset = False
        received = bytearray()
        head = f"{asked} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
        head += f"Authorization: Bearer {token_of(sandbox)}\r\n\r\n"
        with SandboxServer(sandbox) as server, connected(server) as connection:
            connection.sendall(head.encode())
            try:
                while len(received) < most_bytes and (chunk := connection.recv(65536)):
                    received += chunk
            except ConnectionResetError:
                self.was_reset = True
        head_bytes, _, self.body = bytes(received).partition(b"\r\n\r\n")
        self.head = head_bytes.decode("latin-1")

    def header(self, name: str) -> list[str]:
        """Every value of the header *name*."""
        lines = [line.partition(": ") for line in self.head.splitlines()]
        return [value for key, _, value in lines if key.lower() == name]


def connected(server: SandboxServer) -> socket.socket:
    host, _, port = server.url.partition("://")[2].partition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)


def listed(name: str, *, most_bytes: int = ENOUGH_BYTES) -> Played:
    return Played(sandbox_with(f"list/{name}@1{QUICK.get(name, '')}"), LISTING, most_bytes=most_bytes)


@pytest.fixture(scope="module")
def whole() -> JsonObject:
    found: JsonObject = json.loads(Played(sandbox_with(""), LISTING).body)
    return found


@pytest.mark.parametrize("name", [name for name in FAULT_KINDS if name not in SILENT])
def test_effect_is_as_declared(name: str) -> None:
    """A message is taken off the queue exactly by the faults that say the request takes effect."""
    sandbox = sandbox_with(f"mark-accepted/{name}@1{QUICK.get(name, '')}")
    played = Played(sandbox, "POST /appeal-service/edms/1/mark-accepted", most_bytes=1000)
    assert sandbox.accepted == ((1,) if FAULT_KINDS[name].takes_effect else ())
    assert played.was_reset is (name in RESET)
    assert len(sandbox.log) == 2
    spoken = played.head != ""
    assert spoken is (name not in RESET | {"close_before", "close_after"} or name == "reset_body")


@pytest.mark.parametrize("name", sorted(SILENT))
def test_silence_lasts_and_stopping_ends_it(name: str) -> None:
    """Nothing comes at all; leaving the block hangs up at once, with nothing left behind."""
    sandbox = sandbox_with(f"{name}@2")
    before = set(threading.enumerate())
    with SandboxServer(sandbox) as server:
        httpx.get(server.url, trust_env=False)
        token = token_of(sandbox)
        with connected(server) as connection:
            connection.sendall(
                "POST /appeal-service/edms/1/mark-accepted HTTP/1.1\r\nHost: here\r\n"
                f"Authorization: Bearer {token}\r\n\r\n".encode()
            )
            ends_at = time.monotonic() + PATIENCE_SECONDS
            while len(sandbox.log) < 3 and time.monotonic() < ends_at:
                time.sleep(0.005)
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)
            connection.settimeout(PATIENCE_SECONDS)
            started_at = time.monotonic()
            server.__exit__(None, None, None)
            assert connection.recv(1) == b""
            assert time.monotonic() - started_at < 1.0
    assert set(threading.enumerate()) - before == set()
    assert sandbox.accepted == ((1,) if FAULT_KINDS[name].takes_effect else ())


@pytest.mark.parametrize(
    "name", ["slicer", "latency", "drip", "header_drip", "slow_close", "bare_lf", "http10"]
)
def test_slow_and_odd_answers_are_whole(name: str, whole: JsonObject) -> None:
    """These hold the whole answer, however it is sent."""
    played = listed(name)
    assert json.loads(played.body or played.head.encode("latin-1").partition(b"\n\n")[2]) == whole


@pytest.mark.parametrize(
    ("name", "sentence"), [("latency", 0.05), ("slow_close", 0.05), ("header_drip", 0.2)]
)
def test_seconds_are_waited(name: str, sentence: float) -> None:
    """What stands after the colon is a wait before, between or after."""
    started_at = time.monotonic()
    Played(sandbox_with(f"list/{name}@1:{0.001 if 'drip' in name else sentence}"), LISTING)
    assert time.monotonic() - started_at >= sentence


def test_cut_bodies_are_cut() -> None:
    """Each announces more than it sends, in its own way."""
    played = listed("cut_length")
    assert int(*played.header("content-length")) == len(played.body) + 100
    size, _, data = listed("cut_chunk").body.partition(b"\r\n")
    assert int(size, 16) == len(data) + 100
    half = listed("cut_http10")
    assert half.head.startswith("HTTP/1.0 200 ")
    assert half.header("content-length") == []
    assert half.body != b""
    assert listed("http10").body.startswith(half.body)
    truncated = listed("truncated_json")
    assert int(*truncated.header("content-length")) == len(truncated.body)
    with pytest.raises(json.JSONDecodeError):
        json.loads(truncated.body)


def test_gzip_true_cut_and_false(whole: JsonObject) -> None:
    """The true one unpacks, the cut one lacks its end mark alone, the false one is none."""
    assert json.loads(gzip.decompress(listed("gzip").body)) == whole
    inflater = zlib.decompressobj(31)
    assert json.loads(inflater.decompress(listed("cut_gzip").body)) == whole
    assert not inflater.eof
    false = listed("false_gzip")
    assert false.header("content-encoding") == ["gzip"]
    assert json.loads(false.body) == whole


def test_bomb_is_a_true_gzip_of_256_mib() -> None:
    """It unpacks without a complaint, piece by piece, checksum included."""
    inflater = zlib.decompressobj(31)
    rest, size_bytes = listed("gzip_bomb").body, 0
    while rest:
        size_bytes += len(inflater.decompress(rest, 16 * 1024 * 1024))
        rest = inflater.unconsumed_tail
    assert inflater.eof
    assert size_bytes == 256 * 1024 * 1024


def test_heads_are_odd() -> None:
    """Header lines are too many, too long, doubled or ended wrongly; the first line is none."""
    assert len(listed("huge_headers").head) > 190_000
    assert max(map(len, listed("huge_header").head.splitlines())) > 190_000
    assert len(set(listed("duplicate_length").header("content-length"))) == 2
    assert listed("garbage_status").head.startswith("HTTP/one.one OK\r\n")
    assert "\r" not in listed("bare_lf").head
    assert listed("informational").body.count(b"HTTP/1.1 103 ") == 2
    assert listed("informational_flood", most_bytes=1000).body.count(b"HTTP/1.1 103 ") > 3


def test_bodies_are_odd() -> None:
    """The answer is another one, or the same in other clothes."""
    assert listed("login_page").header("content-type") == ["text/html; charset=utf-8"]
    assert listed("wrong_type").header("content-type") == ["text/html"]
    assert listed("bom").body.startswith(b"\xef\xbb\xbf{")
    assert "Двор".encode("cp1251") in Played(sandbox_with("list/cp1251@1"), LISTING).body
    assert listed("deep_json").body.count(b"[") == 100_000
    assert listed("empty_body").body == b""


def test_redirections_lead_in_a_circle_and_away() -> None:
    """One names the same address, the other a host that is not the portal."""
    with SandboxServer(sandbox_with("redirect_loop@1, redirect_away@2")) as server:
        first, second = (httpx.get(f"{server.url}/appeal-service/edms", trust_env=False) for _ in range(2))
    assert first.next_request is not None
    assert first.next_request.url.path == "/appeal-service/edms"
    assert second.next_request is not None
    assert second.next_request.url.host == "elsewhere.example"


def test_a_file_is_never_spoiled_as_json() -> None:
    """The faults of JSON leave a file as it is."""
    for name in ("bom", "cp1251", "truncated_json", "deep_json"):
        played = Played(sandbox_with(f"download/{name}@1"), f"GET {FILE_PATH}")
        assert played.body == sample_files()[FILE_PATH].content


def test_a_fault_of_the_answer_needs_no_wire() -> None:
    """Without a server the faults of the answer are played too; one of the wire is refused at once."""
    sandbox = sandbox_with("login_page@1")
    assert sandbox.handle(Request("GET", "/")).content_type == "text/html"
    with pytest.raises(UsageError) as caught:
        sandbox_with("login_page@1, report/reset_after@9").handle(Request("GET", "/"))
    assert caught.value.code == "sandbox.wire_fault"
    assert "reset_after" in caught.value.localized("ru")


def test_served_over_tls() -> None:
    """With a server's context the address is https, and so are the addresses of files."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    sandbox = sandbox_with("reset_after@3")
    with SandboxServer(sandbox, ssl_context=context) as server:
        assert server.url.startswith("https://127.0.0.1:")
        bearer = {"authorization": f"Bearer {token_of(sandbox)}"}
        with httpx.Client(base_url=server.url, verify=trusting, trust_env=False, headers=bearer) as client:
            content = client.get("/appeal-service/edms").json()["content"]
            assert content[0]["attachments"] == [server.url + FILE_PATH]
            assert client.get(FILE_PATH).content == sample_files()[FILE_PATH].content
            with pytest.raises(httpx.TransportError):
                client.post("/appeal-service/edms/1/mark-accepted")
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.url, trust_env=False)  # who does not trust the authority
        with connected(server):
            pass  # who does not speak TLS at all
    assert sandbox.accepted == (1,)


def test_stopping_in_the_middle_of_a_handshake_is_prompt() -> None:
    """A client that never says hello does not hold the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with SandboxServer(PortalSandbox(), ssl_context=context) as server:
        connection = connected(server)
        started_at = time.monotonic()
    with connection:
        assert time.monotonic() - started_at < 1.0
