"""Whether a call to us is from whom it says: the rules of Standard Webhooks, or one secret header.

Pure. A stranger may send anything: what is not right is a refusal, never an exception.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Generic, Protocol, TypeVar

from mcu_sdk.errors import McuError, NaiveMomentError, UsageError
from mcu_sdk.wire.secret import Secret

__all__ = [
    "Headers",
    "SignedWebhooks",
    "TokenWebhooks",
    "WebhookCall",
    "WebhookRefusal",
    "WebhookScheme",
    "read_webhook",
]

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

Headers = Iterable[tuple[str, str]]

_ID, _TIMESTAMP, _SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_TOLERANCE = timedelta(seconds=300)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEY_PREFIX = "whsec_"
_SHORTEST_KEY_BYTES, _LONGEST_KEY_BYTES = 24, 64
_LARGEST_BODY_BYTES = 1024 * 1024
_LONGEST_SIGNATURES = 2048
_WEBHOOK_ID = re.compile(r"[!-\-/-~]{1,255}")  # no full stop: it would end elsewhere what is signed
_SECONDS = re.compile(r"[1-9][0-9]{0,11}")
_TOKEN = re.compile(r"[!-~]{16,256}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")


@dataclass(frozen=True, slots=True)
class WebhookRefusal:
    """What to answer a call that is not taken. `reason` is one word for our own log."""

    status: HTTPStatus
    reason: str


@dataclass(frozen=True, slots=True)
class WebhookCall(Generic[T_co]):
    """A call that is what it says it is, and what the reader made of its body."""

    webhook_id: str
    content: T_co


class WebhookScheme(Protocol):
    """How a sender shows that a call is its own."""

    def verify(self, headers: Headers, body: bytes, now: datetime) -> str | WebhookRefusal:
        """Return the id by which a repetition is known, or the refusal."""
        ...


@dataclass(frozen=True, slots=True)
class SignedWebhooks:
    """Standard Webhooks: HMAC-SHA256 over id, time and body, the time at most 300 s from ours.

    Each key is `whsec_` and 24 to 64 bytes in base64. With several, to change them without a gap, any
    may have signed. Raises UsageError for no key or an unfit one.

    >>> key = Secret("whsec_" + "c2VjcmV0" * 4)
    >>> at = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
    >>> scheme = SignedWebhooks((key,))
    >>> scheme.verify(scheme.sign("msg_1", b"{}", at), b"{}", at)
    'msg_1'
    >>> scheme.verify(scheme.sign("msg_1", b"{}", at), b"[]", at).reason
    'signature'
    """

    keys: tuple[Secret, ...]

    def __post_init__(self) -> None:
        if not self.keys or not all(
            _SHORTEST_KEY_BYTES <= len(_key_bytes(key)) <= _LONGEST_KEY_BYTES for key in self.keys
        ):
            raise UsageError(
                "usage.webhook_key",
                "a webhook key is unfit, or there is none",
                "give whsec_ and 24 to 64 random bytes in base64",
            )

    def verify(self, headers: Headers, body: bytes, now: datetime) -> str | WebhookRefusal:
        """Return the `webhook-id`, or the refusal: too large, absent or doubled headers, time, signature."""
        found = _values(headers, (_ID, _TIMESTAMP, _SIGNATURE))
        if len(body) > _LARGEST_BODY_BYTES:
            return _TOO_LARGE
        if found is None:
            return _unauthorized("headers")
        webhook_id, seconds, signatures = found
        if not _WEBHOOK_ID.fullmatch(webhook_id) or len(signatures) > _LONGEST_SIGNATURES:
            return _unauthorized("headers")
        if not _SECONDS.fullmatch(seconds) or abs(_since_epoch(now) - _of(seconds)) > _TOLERANCE:
            return _unauthorized("time")
        ours = self._signatures(webhook_id, seconds, body)
        theirs = [signature.encode("utf-8", "surrogatepass") for signature in signatures.split(" ")]
        matches = [hmac.compare_digest(mine, one) for mine in ours for one in theirs]
        return webhook_id if any(matches) else _unauthorized("signature")

    def sign(self, webhook_id: str, body: bytes, at: datetime) -> tuple[tuple[str, str], ...]:
        """Return the three headers for *body*, signed with every key, for senders and tests.

        Raises UsageError for an id that is not 1 to 255 visible ASCII characters without a full stop.
        """
        if not _WEBHOOK_ID.fullmatch(webhook_id):
            raise UsageError(
                "usage.webhook_id",
                "a webhook id is up to 255 visible ASCII characters without a full stop",
                "make it of letters and digits",
            )
        seconds = str(_since_epoch(at) // timedelta(seconds=1))
        signatures = b" ".join(self._signatures(webhook_id, seconds, body)).decode("ascii")
        return ((_ID, webhook_id), (_TIMESTAMP, seconds), (_SIGNATURE, signatures))

    def _signatures(self, webhook_id: str, seconds: str, body: bytes) -> list[bytes]:
        signed = f"{webhook_id}.{seconds}.".encode("ascii") + body
        digests = [hmac.digest(_key_bytes(key), signed, "sha256") for key in self.keys]
        return [b"v1," + b64encode(digest) for digest in digests]


@dataclass(frozen=True, slots=True)
class TokenWebhooks:
    """One header equals a secret, as social networks have it; its name in any case.

    A token is 16 to 256 visible ASCII characters; with several, any will do. Such a call has neither
    id nor time: the digest of its body is its id. Raises UsageError for no token or an unfit one.

    >>> scheme = TokenWebhooks("X-Secret-Token", (Secret("0123456789abcdef"),))
    >>> scheme.verify([], b"{}", datetime.now(UTC))
    WebhookRefusal(status=<HTTPStatus.UNAUTHORIZED: 401>, reason='headers')
    """

    header: str
    tokens: tuple[Secret, ...]

    def __post_init__(self) -> None:
        fit = self.tokens and all(_TOKEN.fullmatch(token.reveal()) for token in self.tokens)
        if not fit or not _HEADER_NAME.fullmatch(self.header):
            raise UsageError(
                "usage.webhook_token",
                "a webhook token or the name of its header is unfit, or there is none",
                "give 16 to 256 random letters and digits",
            )

    def verify(self, headers: Headers, body: bytes, now: datetime) -> str | WebhookRefusal:
        """Return `sha256:` and the digest of *body*, or the refusal. *now* does not matter."""
        del now
        if len(body) > _LARGEST_BODY_BYTES:
            return _TOO_LARGE
        found = _values(headers, (self.header.lower(),))
        if found is None:
            return _unauthorized("headers")
        theirs = found[0].encode("utf-8", "surrogatepass")
        matches = [hmac.compare_digest(token.reveal().encode("ascii"), theirs) for token in self.tokens]
        return f"sha256:{hashlib.sha256(body).hexdigest()}" if any(matches) else _unauthorized("token")


def read_webhook(
    headers: Headers, body: bytes, scheme: WebhookScheme, read: Callable[[bytes], T], now: datetime
) -> WebhookCall[T] | WebhookRefusal:
    """Return the verified call with what *read* makes of *body*, or what to answer instead.

    *headers* are all that came, as pairs, so that doubled ones are seen; *body* is the bytes as they
    came. *read* is called for verified bodies only; ValueError, RecursionError and our errors mean
    that it cannot read one. Raises NaiveMomentError for a *now* without a zone, nothing else.
    """
    verified = scheme.verify(headers, body, _with_zone(now))
    if isinstance(verified, WebhookRefusal):
        return verified
    try:
        return WebhookCall(verified, read(body))
    except (McuError, ValueError, RecursionError):
        return WebhookRefusal(HTTPStatus.BAD_REQUEST, "body")


_TOO_LARGE = WebhookRefusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "size")


def _unauthorized(reason: str) -> WebhookRefusal:
    return WebhookRefusal(HTTPStatus.UNAUTHORIZED, reason)


def _values(headers: Headers, names: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the values of *names*, None when one is absent or comes twice."""
    found: dict[str, str] = {}
    for name, value in headers:
        known = name.lower()
        if known not in names or not name.isascii():  # the Kelvin sign is a k in lower case
            continue
        if known in found:
            return None
        found[known] = value
    return tuple(found[name] for name in names) if len(found) == len(names) else None


def _key_bytes(key: Secret) -> bytes:
    text = key.reveal()
    try:
        return (
            b64decode(text.removeprefix(_KEY_PREFIX), validate=True) if text.startswith(_KEY_PREFIX) else b""
        )
    except (binascii.Error, ValueError):
        return b""


def _since_epoch(moment: datetime) -> timedelta:
    return _with_zone(moment) - _EPOCH


def _with_zone(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise NaiveMomentError("time.naive", "the time of a call has no zone", "use an aware datetime")
    return moment


def _of(seconds: str) -> timedelta:
    return timedelta(seconds=int(seconds))
