"""One response body as it comes: decoded, bounded, and refused when it was cut. No input, no output.

Silent loss starts here otherwise: a gzip body that lacks its end decodes without complaint.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mcu_sdk.errors import TransportError, Unreadable

__all__ = ["BodyBounds", "BodyReader"]

_MIB = 1024 * 1024
_RAW_SLICE_BYTES = 16 * 1024  # what zlib has not used yet is copied each time: keep it short
_PIECE_BYTES = 256 * 1024
_ENDLESS_BYTES = 2**63
_RATIO_FREE_BYTES = _MIB
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class BodyBounds:
    """The most a body may be: as received, decoded, and decoded bytes for each received one.

    The ratio counts only beyond the first MiB of decoded bytes: short bodies shrink as they like.
    """

    largest_received_bytes: int = 64 * _MIB
    largest_body_bytes: int = 64 * _MIB
    largest_ratio: int = 200

    def of_a_sink(self) -> BodyBounds:
        """Return the same without the sizes, which guard memory: a sink has a bound of its own."""
        return BodyBounds(_ENDLESS_BYTES, _ENDLESS_BYTES, self.largest_ratio)


class BodyReader:
    """Hands the decoded body on to *write*, piece by piece.

    Feed it every raw chunk, then `finish()`; header names are in lower case. Known encodings are
    gzip (members one after another), zlib's deflate and identity. Nothing may follow their end mark.
    A cut exactly between two gzip members can be seen by the length alone.

    Raises Unreadable for another encoding.

    >>> import gzip
    >>> body = bytearray()
    >>> reader = BodyReader(200, {"content-encoding": "gzip"}, BodyBounds(), body.extend)
    >>> reader.feed(gzip.compress(b"whole"))
    >>> reader.finish()
    >>> bytes(body)
    b'whole'
    """

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str],
        bounds: BodyBounds,
        write: Callable[[bytes], object],
    ) -> None:
        self._status = status
        self._bounds = bounds
        self._write = write
        self._received_bytes = 0
        self._decoded_bytes = 0
        self._announced_bytes = _announced_bytes(status, headers)
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in _WINDOW_BITS and encoding not in ("", "identity"):
            raise _unknown_encoding(status, encoding)
        self._encoding = encoding
        self._inflater = zlib.decompressobj(_WINDOW_BITS[encoding]) if encoding in _WINDOW_BITS else None
        self.end_was_marked = (
            self._announced_bytes is not None or "transfer-encoding" in headers or self._inflater is not None
        )
        """False when the body runs until the connection closes: then a cut cannot be seen."""

    def feed(self, raw: bytes) -> None:
        """Decode the next *raw* bytes of any number. Raises Unreadable, after which no more is taken."""
        self._received_bytes += len(raw)
        if self._received_bytes > self._bounds.largest_received_bytes:
            raise _too_large(self._status, self._bounds.largest_received_bytes)
        if self._inflater is None:
            self._hand_on(raw)
            return
        try:
            for start in range(0, len(raw), _RAW_SLICE_BYTES):
                self._inflate(raw[start : start + _RAW_SLICE_BYTES])
        except zlib.error:
            failure = _undecodable(self._status, self._encoding)
        else:
            return
        raise failure

    def finish(self) -> None:
        """Return when the body came whole. Raises TransportError when it was cut."""
        announced_bytes = self._announced_bytes
        if announced_bytes is not None and self._received_bytes != announced_bytes:
            raise _cut(f"{self._received_bytes} bytes came, {announced_bytes} were announced")
        if self._inflater is None or self._inflater.eof or announced_bytes == 0:
            return
        raise _cut(f"{self._received_bytes} bytes came, without the end mark of {self._encoding}")

    def _inflate(self, raw: bytes) -> None:
        while raw:
            inflater = self._inflater
            assert inflater is not None  # noqa: S101  # told to the type checker
            if inflater.eof:
                if _WINDOW_BITS[self._encoding] != _WINDOW_BITS["gzip"]:
                    raise _undecodable(self._status, self._encoding)
                inflater = self._inflater = zlib.decompressobj(_WINDOW_BITS["gzip"])
            piece = inflater.decompress(raw, _PIECE_BYTES)
            raw = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            if piece:
                self._hand_on(piece)

    def _hand_on(self, piece: bytes) -> None:
        self._decoded_bytes += len(piece)
        if self._decoded_bytes > self._bounds.largest_body_bytes:
            raise _too_large(self._status, self._bounds.largest_body_bytes)
        beyond_bytes = self._decoded_bytes - _RATIO_FREE_BYTES
        if beyond_bytes > self._bounds.largest_ratio * self._received_bytes:
            raise _inflated(self._status, self._bounds.largest_ratio)
        self._write(piece)


def _announced_bytes(status: int, headers: Mapping[str, str]) -> int | None:
    if status in _BODILESS:
        return 0
    text = headers.get("content-length", "").strip()
    if "transfer-encoding" in headers or not (text.isascii() and text.isdecimal() and len(text) < 19):
        return None
    return int(text)


def _cut(reason: str) -> TransportError:
    return TransportError(
        "transport.cut",
        f"the answer was cut: {reason}",
        "check the network and any proxy between",
        delivered="unknown",
        reason=reason,
    )


def _too_large(status: int, largest_bytes: int) -> Unreadable:
    return Unreadable(
        "api.body_too_large",
        f"the answer is larger than {largest_bytes} bytes",
        "ask for less at once",
        status=status,
        largest_body_bytes=largest_bytes,
    )


def _inflated(status: int, largest_ratio: int) -> Unreadable:
    return Unreadable(
        "api.inflated_body",
        f"the answer grows more than {largest_ratio} times when unpacked",
        "report it to the operator; it may be an attack",
        status=status,
        largest_ratio=largest_ratio,
    )


def _undecodable(status: int, encoding: str) -> Unreadable:
    return Unreadable(
        "api.undecodable",
        f"the answer is not the {encoding} that its Content-Encoding says",
        "look at any proxy between; report it to the operator",
        status=status,
        encoding=encoding,
    )


def _unknown_encoding(status: int, encoding: str) -> Unreadable:
    named = encoding if re.fullmatch(r"[a-z0-9_, -]{1,40}", encoding) else "?"
    return Unreadable(
        "api.unknown_encoding",
        f"the answer has the Content-Encoding {named}, which was not asked for",
        "look at any proxy between; report it to the operator",
        status=status,
        encoding=named,
    )
