"""Files from a bad network onto a bad disk: the whole file under its name, or an error and nothing new."""

from __future__ import annotations

import gzip
import hashlib
import json
import resource
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, cast

import anyio
import anyio.lowlevel
import pytest

from mcu_sdk.channels.portal import AsyncPortal, Portal, PortalSettings
from mcu_sdk.errors import FileError, TransportError, Unreadable
from mcu_sdk.transport import AsyncDownloads, PartFile, RetryPolicy, SavedFile, Sink
from mcu_sdk.wire import Request, Response, Secret

HERE = Path(__file__).parent
MIB = 1024 * 1024
BODY = bytes(range(256)) * 400
DIGEST = hashlib.sha256(BODY).hexdigest()
PACKED = gzip.compress(BODY)
TOKEN = b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 20\r\n\r\n{"access_token":"t"}'
GZIP = b"Content-Encoding: gzip\r\n"


class RawServer(ThreadingTCPServer):
    """Answers every request but the login by the same bytes, then hangs up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.pieces: Callable[[str], Iterator[bytes]] = lambda path: iter(())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, status: bytes, lines: bytes, body: bytes) -> None:
        """Answer from now on by this status, these whole lines of a head and this body."""
        whole = b"HTTP/1.1 %b\r\nConnection: close\r\n%b\r\n%b" % (status, lines, body)
        self.pieces = lambda path: iter([whole])


class _Answer(StreamRequestHandler):
    def handle(self) -> None:
        path = self.rfile.readline().split(b" ")[1].decode()
        length_bytes = 0
        while line := self.rfile.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length_bytes = int(line.partition(b":")[2])
        self.rfile.read(length_bytes)
        pieces = iter([TOKEN]) if "oauth" in path else cast(RawServer, self.server).pieces(path)
        try:
            for piece in pieces:
                self.wfile.write(piece)
        except ConnectionError:
            pass


@pytest.fixture
def server() -> Iterator[RawServer]:
    """A server on loopback whose answers are set byte by byte."""
    with RawServer() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(params=["sync", "asyncio", "trio"])
def portal_file(request: pytest.FixtureRequest, server: RawServer, tmp_path: Path) -> Callable[..., Any]:
    """Give a way to call the portal's `files.save`, or another method, in each of the worlds."""
    world = str(request.param)
    settings = PortalSettings(
        url=server.url,
        account="town",
        organisation_id="o",
        organisation_secret=Secret("s"),
        client_id="c",
        client_secret=Secret("s"),
    )
    once = RetryPolicy(attempts=1)

    def call(name: str = "save", **options: Any) -> Any:
        arguments = ("/files/7", tmp_path / "file") if name == "save" else ("/files/7",)
        if world == "sync":
            with Portal(settings, retry=once) as portal:
                return getattr(portal.files, name)(*arguments, **options)

        async def on_the_loop() -> Any:
            async with AsyncPortal(settings, retry=once) as portal:
                return await getattr(portal.files, name)(*arguments, **options)

        return anyio.run(on_the_loop, backend=world)

    return call


def length_of(body: bytes) -> bytes:
    """The header line of this body's length."""
    return b"Content-Length: %d\r\n" % len(body)


def chunked(body: bytes, *, ended: bool) -> bytes:
    """Return *body* as one HTTP chunk, with or without the last one."""
    return b"%x\r\n%b\r\n" % (len(body), body) + (b"0\r\n\r\n" if ended else b"")


def names_in(folder: Path) -> list[str]:
    """The names in *folder*, sorted."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("head", "body", "options"),
    [
        (length_of(BODY), BODY, {}),
        (b"Transfer-Encoding: chunked\r\n", chunked(BODY, ended=True), {}),
        (GZIP, PACKED, {}),
        (GZIP + length_of(PACKED), PACKED, {"size_bytes": len(BODY), "sha256": DIGEST}),
        (b"", BODY, {"size_bytes": len(BODY)}),
        (b"", BODY, {"sha256": DIGEST}),
    ],
    ids=["length", "chunks", "gzip", "gzip with digest", "known size", "known digest"],
)
def test_a_whole_file_is_saved(
    portal_file: Callable[..., SavedFile],
    server: RawServer,
    tmp_path: Path,
    head: bytes,
    body: bytes,
    options: dict[str, Any],
) -> None:
    """However its end is marked, by the network or by what is known of it."""
    server.answer(b"200 OK", b"Content-Type: image/png\r\n" + head, body)
    assert portal_file(**options) == SavedFile(tmp_path / "file", len(BODY), DIGEST, "image/png")
    assert (tmp_path / "file").read_bytes() == BODY
    assert names_in(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("head", "body", "options", "error", "code"),
    [
        (length_of(BODY), BODY[:-1], {}, TransportError, "transport.broken"),
        (
            b"Transfer-Encoding: chunked\r\n",
            chunked(BODY, ended=False),
            {},
            TransportError,
            "transport.broken",
        ),
        (
            b"Transfer-Encoding: chunked\r\n",
            chunked(BODY, ended=True)[:900],
            {},
            TransportError,
            "transport.broken",
        ),
        (GZIP, PACKED[:-8], {}, TransportError, "transport.cut"),
        (GZIP + length_of(PACKED[:-8]), PACKED[:-8], {}, TransportError, "transport.cut"),
        (GZIP, PACKED[:100], {"size_bytes": len(BODY)}, TransportError, "transport.cut"),
        (GZIP, BODY, {}, Unreadable, "api.undecodable"),
        (b"Content-Encoding: br\r\n" + length_of(BODY), BODY, {}, Unreadable, "api.unknown_encoding"),
        (b"", BODY, {}, Unreadable, "api.end_not_marked"),
        (b"", BODY[:-1], {"size_bytes": len(BODY)}, Unreadable, "api.wrong_size"),
        (b"", BODY[:-1], {"sha256": DIGEST}, Unreadable, "api.wrong_digest"),
        (length_of(BODY), BODY, {"size_bytes": len(BODY) - 1}, Unreadable, "api.wrong_size"),
        (length_of(BODY), BODY, {"size_bytes": len(BODY) + 1}, Unreadable, "api.wrong_size"),
        (length_of(BODY), BODY, {"sha256": "0" * 64}, Unreadable, "api.wrong_digest"),
    ],
    ids=[
        "short length",
        "no last chunk",
        "cut chunk",
        "gzip without its end",
        "short gzip, length agrees",
        "gzip cut early",
        "no gzip",
        "brotli",
        "end not marked",
        "known size, cut",
        "known digest, cut",
        "longer than known",
        "shorter than known",
        "another digest",
    ],
)
def test_a_file_that_is_not_whole_is_an_error_and_changes_nothing(
    portal_file: Callable[..., SavedFile],
    server: RawServer,
    tmp_path: Path,
    head: bytes,
    body: bytes,
    options: dict[str, Any],
    error: type[Exception],
    code: str,
) -> None:
    """The typed error, no new file, and the one that stood there stays."""
    server.answer(b"200 OK", head, body)
    for before in ([], ["file"]):
        with pytest.raises(error) as raised:
            portal_file(**options)
        assert cast(Any, raised.value).code == code
        assert names_in(tmp_path) == before
        (tmp_path / "file").write_bytes(b"old")
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (b"204 No Content", "api.unreadable"),
        (b"206 Partial Content", "api.unreadable"),
        (b"302 Found\r\nLocation: http://127.0.0.1:1/", "api.redirect"),
        (b"404 Not Found", "api.not_found"),
        (b"503 Service Unavailable", "api.unavailable"),
    ],
)
def test_only_a_full_success_is_a_file(
    portal_file: Callable[..., SavedFile], server: RawServer, tmp_path: Path, status: bytes, code: str
) -> None:
    """A part, nothing, another place or a refusal never ends under the file's name."""
    body = b"" if status.startswith(b"204") else b"abc"
    server.answer(status, length_of(body), body)
    with pytest.raises(Exception, match="HTTP") as raised:
        portal_file()
    assert cast(Any, raised.value).code == code
    assert names_in(tmp_path) == []


def test_a_download_into_memory_demands_its_end_too(
    portal_file: Callable[..., Any], server: RawServer
) -> None:
    """Without a digest to give, a file that runs until the connection closes is refused."""
    server.answer(b"200 OK", b"", BODY)
    with pytest.raises(Unreadable) as raised:
        portal_file("download")
    assert raised.value.code == "api.end_not_marked"
    server.answer(b"200 OK", length_of(BODY), BODY)
    assert portal_file("download").content == BODY


def test_a_bomb_fills_no_disk(portal_file: Callable[..., Any], server: RawServer, tmp_path: Path) -> None:
    """300 MiB out of 300 kB end at the ratio, and nothing of them stays."""
    packer = zlib.compressobj(9, wbits=31)
    raw = b"".join([*(packer.compress(bytes(MIB)) for _ in range(300)), packer.flush()])
    server.answer(b"200 OK", GZIP + length_of(raw), raw)
    with pytest.raises(Unreadable) as raised:
        portal_file()
    assert raised.value.code == "api.inflated_body"
    assert names_in(tmp_path) == []


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """Let the system refuse files that grow over this size, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("allowed_bytes", [0, 1, 8191, 8192, 50_000, len(BODY) - 1])
def test_a_full_disk_is_our_error_and_leaves_nothing(
    portal_file: Callable[..., Any], server: RawServer, tmp_path: Path, allowed_bytes: int
) -> None:
    """At whatever byte the disk is full, it is told as such, and the old file stays."""
    (tmp_path / "file").write_bytes(b"old")
    server.answer(b"200 OK", length_of(BODY), BODY)
    with largest_file(allowed_bytes), pytest.raises(FileError) as raised:
        portal_file()
    assert (raised.value.code, raised.value.file) == ("file.not_written", str(tmp_path / "file"))
    assert names_in(tmp_path) == ["file"]
    assert (tmp_path / "file").read_bytes() == b"old"


def test_no_more_files_to_be_had_is_our_error(tmp_path: Path) -> None:
    """When the folder can no longer be opened, the file does not get its name either."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    part = PartFile(tmp_path / "file").__enter__()
    part.write(BODY)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        with pytest.raises(FileError, match="Too many open files"):
            part.finish()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        part.__exit__(None, None, None)
    assert names_in(tmp_path) == []


def test_a_folder_that_goes_away_is_our_error(tmp_path: Path) -> None:
    """The part vanished under our hands: no name is given to anything."""
    folder = tmp_path / "folder"
    folder.mkdir()
    with PartFile(folder / "file") as part:
        part.write(BODY)
        folder.rename(tmp_path / "moved")
        with pytest.raises(FileError):
            part.finish()
    assert [path.suffix for path in (tmp_path / "moved").iterdir()] == [".part"]


@pytest.mark.parametrize("before", ["none", "old"])
def test_a_process_killed_at_any_step_leaves_the_old_or_the_new_file(tmp_path: Path, before: str) -> None:
    """Killed at every call and return of a saving in turn: never a part of a file under its name."""
    run = subprocess.run(
        [sys.executable, HERE / "saving_child.py", tmp_path, before],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    seen = json.loads(run.stdout)
    kept = "nothing" if before == "none" else "old"
    assert seen.keys() == {kept, "new", "steps", "parts"}
    assert seen[kept] + seen["new"] == seen["steps"] > 100
    assert seen[kept] > seen["parts"] > 0


class Stuck:
    """A transport that gives half a body and then nothing."""

    async def send(self, request: Request, time_limit_seconds: float, into: Sink | None = None) -> Response:
        del request, time_limit_seconds
        assert into is not None
        into.restart()
        into.write(BODY[:1000])
        await anyio.sleep_forever()
        raise AssertionError

    async def aclose(self) -> None:
        """Do nothing."""


async def test_a_cancelled_saving_leaves_nothing(anyio_backend: str, tmp_path: Path) -> None:
    """Cancelled in the middle of the body, on both loops."""
    async with AsyncDownloads(transport=Stuck()) as downloads, anyio.create_task_group() as tasks:
        tasks.start_soon(downloads.save, "https://cdn.example/a", tmp_path / "file")
        while not names_in(tmp_path):
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    assert names_in(tmp_path) == []


def test_a_gibibyte_goes_to_disk_with_little_memory(server: RawServer, tmp_path: Path) -> None:
    """A child saves 1 GiB over the network; its memory grows by 64 MiB at most."""
    block = bytes(range(256)) * 4096

    def pieces(path: str) -> Iterator[bytes]:
        size_bytes = int(path.removeprefix("/"))
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size_bytes
        for start in range(0, size_bytes, len(block)):
            yield block[: size_bytes - start]

    server.pieces = pieces
    size_bytes = 1024 * MIB
    run = subprocess.run(
        [sys.executable, HERE / "large_download.py", server.url, str(size_bytes), tmp_path / "file"],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    told = json.loads(run.stdout)
    (tmp_path / "file").unlink()
    assert told["size_bytes"] == size_bytes
    assert told["grown_bytes"] <= 64 * MIB
