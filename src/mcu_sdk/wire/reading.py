"""What an answer means: refusals into our errors, bodies into typed values, one bad item aside."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from mcu_sdk.errors import (
    ApiError,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    RateLimited,
    Unavailable,
    Unreadable,
)
from mcu_sdk.wire.page import UnreadItem
from mcu_sdk.wire.response import Response

__all__ = [
    "check_status",
    "check_whole",
    "parse_body",
    "parse_items",
    "repeated_page",
    "retry_after_seconds",
    "unreadable",
]

T = TypeVar("T")

_REFUSALS: dict[int, tuple[type[ApiError], str, str]] = {
    401: (Denied, "api.unauthorized", "check the credentials of this account"),
    403: (Denied, "api.forbidden", "ask the operator which rights the account has"),
    404: (NotFound, "api.not_found", "check the identifier"),
    409: (Conflict, "api.conflict", "read the current state first"),
    410: (NotFound, "api.not_found", "it was removed on the far side"),
    412: (Conflict, "api.conflict", "read the current state first"),
    429: (RateLimited, "api.rate_limited", "send fewer requests or wait"),
}
_UNAVAILABLE = (Unavailable, "api.unavailable", "try again later")
_REDIRECT = (Unreadable, "api.redirect", "check the base address; redirects are not followed")
_WHOLE = 200
_REFUSED = (Invalid, "api.invalid", "check the request")


def _no_words(response: Response) -> str:
    del response
    return ""


def check_status(response: Response, words_of: Callable[[Response], str] = _no_words) -> None:
    """Raise the ApiError that *response* stands for; return when it is a success (2xx).

    *words_of* reads the channel's own words of a refusal. They end in the message, so it must leave
    out anything personal.
    """
    status = response.status
    if 200 <= status < 300:
        return
    if status in _REFUSALS:
        kind, code, hint = _REFUSALS[status]
    elif status >= 500:
        kind, code, hint = _UNAVAILABLE
    else:
        kind, code, hint = _REDIRECT if status < 400 else _REFUSED
    words = words_of(response)
    said = f": {words}" if words else ""
    raise kind(
        code,
        f"the far side answered HTTP {status}{said}",
        hint,
        status=status,
        request_id=response.request_id,
        retry_after_seconds=retry_after_seconds(response),
        words=said,
    )


def retry_after_seconds(response: Response) -> float | None:
    """Return how long the far side asks to wait (RFC 9110, 10.2.3), None if it does not say.

    A date is counted from the answer's own Date header; without one it is not used.
    """
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
        now = parsedate_to_datetime(response.headers.get("date", ""))
        return max(0.0, until.timestamp() - now.timestamp())
    except (ValueError, OverflowError):
        return None


def check_whole(response: Response, *, otherwise_checked: bool = False) -> None:
    """Return when the success *response* holds a whole file. Raises Unreadable.

    A file whose end is not marked could have been cut unseen; it passes only when it is
    *otherwise_checked*, by its length or digest.
    """
    if response.status != _WHOLE:
        raise unreadable(response, "not the status of a whole file")
    if not (response.end_was_marked or otherwise_checked):
        raise Unreadable(
            "api.end_not_marked",
            "the far side did not mark the end of the file: had it been cut, nobody would see",
            "save it with its size or SHA-256 digest, if they are known",
            status=response.status,
            request_id=response.request_id,
        )


def parse_body(response: Response, adapter: TypeAdapter[T]) -> T:
    """Return the JSON body as *adapter* types it. Raises Unreadable, which names the place in it."""
    if response.is_html:
        raise unreadable(response, "an HTML page instead of data; the login may have been lost")
    body = response.body.removeprefix(b"\xef\xbb\xbf")
    try:
        try:
            return adapter.validate_json(body)
        except ValidationError:
            return adapter.validate_json(_with_whole_characters(body))
    except ValidationError as error:
        reason = place_of(error)
    raise unreadable(response, reason)


def _with_whole_characters(body: bytes) -> bytes:
    r"""Return the JSON *body* with a question mark for every half of a character, as `"\ud83d"`.

    Systems that count in UTF-16 cut an emoji in two where they shorten a text. One of them must not
    make a whole page unreadable.
    """
    try:
        return json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return body


def unreadable(response: Response, reason: str) -> Unreadable:
    """Return the error for a success that cannot be read; it holds nothing of the body."""
    return Unreadable(
        "api.unreadable",
        f"the answer (HTTP {response.status}, {len(response.body)} bytes) cannot be read: {reason}",
        "the interface may have changed; report it with the request id",
        status=response.status,
        request_id=response.request_id,
        reason=reason,
    )


def repeated_page(status: int) -> Unreadable:
    """Return the error for a list that comes back to a page that was read already."""
    return Unreadable(
        "api.repeated_page",
        "the far side gives a page again that was read already",
        "what was read so far is whole; report it to the operator",
        status=status,
    )


def parse_items(
    items: Sequence[JsonValue], adapter: TypeAdapter[T]
) -> tuple[tuple[T, ...], tuple[UnreadItem, ...]]:
    """Return the items that *adapter* can read, and the others with the reason, both in order."""
    good: list[T] = []
    bad: list[UnreadItem] = []
    for item in items:
        try:
            good.append(adapter.validate_python(item))
        except ValidationError as error:
            bad.append(UnreadItem(place_of(error), item))
    return tuple(good), tuple(bad)


def place_of(error: ValidationError) -> str:
    """Return where and why the first value did not fit, without the value."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"]))
    what = first["msg"].removeprefix("Value error, ") if first["type"] != "json_invalid" else "broken JSON"
    return f"{where}: {what}" if where else what
