"""Bodies decoded as they come: any chunks give the same, every cut is seen, no bomb goes off."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.errors import McuError, TransportError, Unreadable
from mcu_sdk.wire import BodyBounds, BodyReader

MIB = 1024 * 1024
GZIP = {"content-encoding": "gzip"}
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "identity": bytes,
}
BODIES = st.one_of(
    st.binary(max_size=3000),
    st.builds(
        lambda pattern, times: pattern * times, st.binary(min_size=1, max_size=8), st.integers(0, 200_000)
    ),
)


def read(
    chunks: Iterable[bytes],
    headers: Mapping[str, str] = GZIP,
    *,
    status: int = 200,
    bounds: BodyBounds | None = None,
) -> bytes:
    """Return the decoded body of these raw *chunks*."""
    body = bytearray()
    reader = BodyReader(status, headers, bounds or BodyBounds(largest_ratio=2000), body.extend)
    for chunk in chunks:
        reader.feed(chunk)
    reader.finish()
    return bytes(body)


def split(raw: bytes, cuts: Iterable[int]) -> list[bytes]:
    """Return *raw* in chunks, cut at the given places."""
    places = [0, *sorted(cut % (len(raw) + 1) for cut in cuts), len(raw)]
    return [raw[start:end] for start, end in pairwise(places)]


@given(
    body=BODIES, cuts=st.lists(st.integers(0, 2**20), max_size=20), encoding=st.sampled_from(sorted(ENCODERS))
)
def test_any_split_into_chunks_gives_the_same_body(body: bytes, cuts: list[int], encoding: str) -> None:
    """How the network cut the body into chunks does not show in it, for every encoding."""
    raw = ENCODERS[encoding](body)
    headers = {"content-encoding": encoding, "content-length": str(len(raw))}
    assert read(split(raw, cuts), headers) == body


@given(parts=st.lists(BODIES, min_size=2, max_size=4), cuts=st.lists(st.integers(0, 2**20), max_size=20))
def test_gzip_members_follow_one_another(parts: list[bytes], cuts: list[int]) -> None:
    """A body of several gzip members is the sum of them, wherever the chunks end."""
    raw = b"".join(map(gzip.compress, parts))
    assert read(split(raw, cuts)) == b"".join(parts)


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate"])
@pytest.mark.parametrize("body", [b"", b"a", b"one line\n" * 40, bytes(range(256))])
def test_every_shorter_beginning_is_a_cut(encoding: str, body: bytes) -> None:
    """No strict prefix of an encoded body passes as whole, the empty one included."""
    raw = ENCODERS[encoding](body)
    assert read([raw], {"content-encoding": encoding}) == body
    for length in range(len(raw)):
        with pytest.raises(TransportError) as raised:
            read([raw[:length]], {"content-encoding": encoding})
        assert (raised.value.code, raised.value.delivered) == ("transport.cut", "unknown")
        assert encoding in raised.value.message


@pytest.mark.parametrize("came", [0, 2, 4])
def test_another_length_than_announced_is_a_cut(came: int) -> None:
    """Content-Length counts the bytes as received."""
    with pytest.raises(TransportError, match=f"{came} bytes came, 3 were announced"):
        read([b"x" * came], {"content-length": "3"})
    assert read([b"xxx"], {"content-length": "3"}) == b"xxx"


def test_a_cut_gzip_body_of_the_announced_length_is_still_a_cut() -> None:
    """A proxy that stored a short body and counted it anew does not get it past."""
    raw = gzip.compress(b"abc" * 1000)[:-8]
    with pytest.raises(TransportError, match="without the end mark of gzip"):
        read([raw], {**GZIP, "content-length": str(len(raw))})


@pytest.mark.parametrize(
    ("headers", "status", "marked"),
    [
        ({}, 200, False),
        ({"content-length": "ten"}, 200, False),
        ({"content-length": "²"}, 200, False),
        ({"content-encoding": "identity"}, 200, False),
        ({"content-length": "0"}, 200, True),
        ({"transfer-encoding": "chunked"}, 200, True),
        ({"transfer-encoding": "chunked", "content-length": "7"}, 200, True),
        (GZIP, 204, True),
        ({"content-length": "7"}, 304, True),
        ({}, 204, True),
    ],
)
def test_it_is_known_whether_the_end_is_marked(headers: dict[str, str], status: int, marked: bool) -> None:
    """A length, chunks or an encoding mark the end; a closed connection does not."""
    reader = BodyReader(status, headers, BodyBounds(), bytearray().extend)
    assert reader.end_was_marked is marked
    reader.finish()


def test_an_announced_empty_body_needs_no_end_mark() -> None:
    """Systems that compress everything leave the header on an empty refusal."""
    assert read([], {**GZIP, "content-length": "0"}) == b""


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b'{"name":"Canary"}' * 20, "gzip"),
        (b"<html>Canary</html>", "deflate"),
        (gzip.compress(b"abc") + b"\0" * 20, "gzip"),
        (gzip.compress(b"abc") + b"Canary, Canary, Canary", "gzip"),
        (zlib.compress(b"abc") + b"x", "deflate"),
        (zlib.compress(b"abc") * 2, "deflate"),
        (gzip.compress(b"abc")[:-8] + b"\1\2\3\4" + gzip.compress(b"abc")[-4:], "gzip"),
        (gzip.compress(b"abc")[:-4] + b"\7\0\0\0", "gzip"),
    ],
    ids=["text", "page", "zeros after", "text after", "byte after", "two zlib bodies", "checksum", "length"],
)
def test_what_is_not_in_its_encoding_is_unreadable(raw: bytes, encoding: str) -> None:
    """The error names the encoding and holds nothing of the body, nor does its chain."""
    for chunks in ([raw], [raw[i : i + 1] for i in range(len(raw))]):
        with pytest.raises(Unreadable) as raised:
            read(chunks, {"content-encoding": encoding})
        assert raised.value.code == "api.undecodable"
        assert encoding in str(raised.value)
        assert "Canary" not in repr(raised.value.__dict__)
        assert raised.value.__cause__ is raised.value.__context__ is None


@pytest.mark.parametrize(
    ("encoding", "named"), [("br", "br"), ("GZIP, gzip", "gzip, gzip"), ("zstd", "zstd"), ("имя " * 30, "?")]
)
def test_other_encodings_are_refused_at_once(encoding: str, named: str) -> None:
    """What was not asked for is not guessed at."""
    with pytest.raises(Unreadable) as raised:
        read([], {"content-encoding": encoding}, status=502)
    assert (raised.value.code, raised.value.status) == ("api.unknown_encoding", 502)
    assert raised.value.values["encoding"] == named


def test_the_encoding_is_read_in_any_case() -> None:
    """Names of encodings have no case (RFC 9110, 8.4.1)."""
    assert read([gzip.compress(b"abc")], {"content-encoding": " GZip "}) == b"abc"


def test_bounds_hold_to_the_byte() -> None:
    """A body of the largest size passes, one byte more does not, received or decoded."""
    bounds = BodyBounds(largest_received_bytes=100, largest_body_bytes=50)
    assert read([b"x" * 50], {}, bounds=bounds) == b"x" * 50
    assert read([gzip.compress(b"x" * 50)], bounds=bounds) == b"x" * 50
    for raw, headers, largest in (
        (b"x" * 51, {}, 50),
        (gzip.compress(b"x" * 51), GZIP, 50),
        (b"x" * 101, {}, 100),
    ):
        with pytest.raises(Unreadable, match=f"larger than {largest} bytes") as raised:
            read([raw], headers, bounds=bounds)
        assert raised.value.code == "api.body_too_large"


def feed_all(reader: BodyReader, raw: bytes, chunk_bytes: int) -> None:
    """Feed *raw* in chunks of this size."""
    for start in range(0, len(raw), chunk_bytes):
        reader.feed(raw[start : start + chunk_bytes])


def bomb(size_bytes: int) -> bytes:
    """Return a gzip body of *size_bytes* zeros, without ever holding them."""
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(bytes(MIB)) for _ in range(size_bytes // MIB)]
    return b"".join([*parts, packer.flush()])


@pytest.mark.parametrize(
    ("bounds", "code", "most_bytes"),
    [
        (BodyBounds(largest_ratio=2000), "api.body_too_large", 64 * MIB),
        (BodyBounds(largest_body_bytes=2**40), "api.inflated_body", 14 * MIB),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [1000, 2**20])
def test_a_bomb_stops_at_its_bound_with_little_memory(
    bounds: BodyBounds, code: str, most_bytes: int, chunk_bytes: int
) -> None:
    """300 MiB in 300 kB never get unpacked, and no piece of it is large."""
    raw = bomb(300 * MIB)
    pieces: list[int] = []
    reader = BodyReader(200, GZIP, bounds, lambda piece: pieces.append(len(piece)))
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable) as raised:
            feed_all(reader, raw, chunk_bytes)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert raised.value.code == code
    assert sum(pieces) <= most_bytes if chunk_bytes == 1000 else sum(pieces) <= bounds.largest_body_bytes
    assert max(pieces) <= 256 * 1024
    assert peak_bytes < 4 * MIB


def test_a_short_body_may_shrink_as_it_likes() -> None:
    """The ratio counts beyond the first MiB only."""
    bounds = BodyBounds(largest_ratio=1)
    assert len(read([gzip.compress(bytes(MIB))], bounds=bounds)) == MIB
    with pytest.raises(Unreadable, match="more than 1 times"):
        read([gzip.compress(bytes(2 * MIB))], bounds=bounds)


@given(chunks=st.lists(st.binary(max_size=200), max_size=6), encoding=st.sampled_from(sorted(ENCODERS)))
def test_garbage_ends_in_our_errors_only(chunks: list[bytes], encoding: str) -> None:
    """Whatever comes, it is a body or one of our errors."""
    try:
        read(chunks, {"content-encoding": encoding})
    except McuError as error:
        assert error.code in ("api.undecodable", "transport.cut")  # noqa: PT017  # either may come, or none
