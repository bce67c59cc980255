"""Answers as bytes of HTTP/1.1, written by hand: an honest library would not send the wrong ones."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus

from mcu_sdk.wire import Response

__all__ = [
    "bomb",
    "close_delimited",
    "gzipped",
    "half_close_delimited",
    "informational",
    "with_duplicate_length",
    "with_false_gzip",
    "with_garbage_status",
    "with_header",
    "with_long_body",
    "with_many_headers",
    "with_unfinished_chunk",
    "without_carriage_returns",
    "written",
]

_MISSING_BYTES = 100
_HUGE_BYTES = 200_000
_BOMB_MIB = 256
_GZIP_HEADER_BYTES = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
_GZIP_TRAILER_LENGTH_BYTES = 8


def written(
    response: Response, more: Mapping[str, str] | None = None, *, length_bytes: int | None = None
) -> bytes:
    """Return the whole answer; *length_bytes* is what Content-Length says in place of the truth."""
    length = str(len(response.body) if length_bytes is None else length_bytes)
    return _head(response, {"content-length": length, **(more or {})}) + response.body


def _head(response: Response, more: Mapping[str, str], version: str = "1.1") -> bytes:
    status = HTTPStatus(response.status)
    headers = {**response.headers, **more, "connection": "close"}
    lines = [
        f"HTTP/{version} {status} {status.phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1")


def with_long_body(response: Response) -> bytes:
    """Return an answer whose Content-Length promises more than follows."""
    return written(response, length_bytes=len(response.body) + _MISSING_BYTES)


def with_unfinished_chunk(response: Response) -> bytes:
    """Return a chunked answer that ends in the middle of a chunk."""
    size = len(response.body) + _MISSING_BYTES
    return _head(response, {"transfer-encoding": "chunked"}) + f"{size:x}\r\n".encode() + response.body


def close_delimited(response: Response) -> bytes:
    """Return an HTTP/1.0 answer that ends with the connection."""
    return _head(response, {}, "1.0") + response.body


def half_close_delimited(response: Response) -> bytes:
    """Return an HTTP/1.0 answer of which half is missing, which cannot be seen."""
    return _head(response, {}, "1.0") + response.body[: len(response.body) // 2]


def gzipped(response: Response, *, cut: bool = False) -> bytes:
    """Return the answer compressed; *cut* leaves out the end mark, with all of the data before it."""
    body = gzip.compress(response.body)
    return _compressed(response, body[:-_GZIP_TRAILER_LENGTH_BYTES] if cut else body)


def with_false_gzip(response: Response) -> bytes:
    """Return plain bytes called gzip."""
    return _compressed(response, response.body or b"not gzip")


def bomb(response: Response) -> bytes:
    """Return zeros without end, compressed a thousand times."""
    return _compressed(response, _bomb())


def _compressed(response: Response, body: bytes) -> bytes:
    return written(Response(response.status, response.headers, body), {"content-encoding": "gzip"})


@cache
def _bomb() -> bytes:
    # After a full flush the same bytes may be repeated: 256 MiB are never held, nor compressed, as a whole.
    mebibyte = bytes(1024 * 1024)
    deflater = zlib.compressobj(wbits=-15)
    piece = deflater.compress(mebibyte) + deflater.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(_BOMB_MIB):
        checksum = zlib.crc32(mebibyte, checksum)
    trailer = checksum.to_bytes(4, "little") + (len(mebibyte) * _BOMB_MIB).to_bytes(4, "little")
    return _GZIP_HEADER_BYTES + piece * _BOMB_MIB + deflater.flush() + trailer


def with_many_headers(response: Response) -> bytes:
    """Return an answer with 200 kB of header lines."""
    return written(response, {f"x-filler-{number}": "x" * 980 for number in range(_HUGE_BYTES // 1000)})


def with_header(response: Response) -> bytes:
    """Return an answer with one header line of 200 kB."""
    return written(response, {"x-filler": "x" * _HUGE_BYTES})


def with_duplicate_length(response: Response) -> bytes:
    """Return an answer with two lengths that contradict each other."""
    return written(response, {"Content-Length": str(len(response.body) + 1)})


def with_garbage_status(response: Response) -> bytes:
    """Return an answer whose first line is no status line."""
    return b"HTTP/one.one OK\r\n" + written(response).partition(b"\r\n")[2]


def without_carriage_returns(response: Response) -> bytes:
    """Return an answer whose header lines end in a line feed alone."""
    head, _, body = written(response).partition(b"\r\n\r\n")
    return head.replace(b"\r\n", b"\n") + b"\n\n" + body


def informational() -> bytes:
    """Return a preliminary answer, of which there may be any number."""
    return b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n"
