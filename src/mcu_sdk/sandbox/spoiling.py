"""Answers that are not what the portal answers: pure functions from an answer to a spoiled one."""

from __future__ import annotations

from dataclasses import replace

from mcu_sdk.sandbox.answers import refusal
from mcu_sdk.wire import Response

__all__ = [
    "RETRY_AFTER",
    "deeply_nested",
    "emptied",
    "in_cp1251",
    "login_page",
    "redirected_away",
    "redirected_to_itself",
    "refused",
    "truncated",
    "with_byte_order_mark",
    "wrongly_typed",
]

_LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Вход</title></head><body><form>Войдите</form></body></html>"
_DEPTH = 100_000
# A fixed moment: what Retry-After means is counted from the answer's own Date.
_DATE = "Mon, 12 Jan 2026 08:05:00 GMT"
RETRY_AFTER = {
    "bad": {"retry-after": "soon"},
    "huge": {"retry-after": "9" * 30},
    "date": {"retry-after": "Mon, 12 Jan 2026 08:05:01 GMT", "date": _DATE},
    "past": {"retry-after": "Sun, 11 Jan 2026 08:05:00 GMT", "date": _DATE},
}
"""What Retry-After can say besides a number, with the Date it is counted from."""


def refused(status: int, retry_after: str = "") -> Response:
    """Return the refusal *status*; *retry_after* is a number of seconds or a key of `RETRY_AFTER`."""
    response = refusal(status, f"Сбой по сценарию: {status}")
    if not retry_after:
        return response
    headers = RETRY_AFTER.get(retry_after, {"retry-after": retry_after})
    return replace(response, headers={**response.headers, **headers})


def login_page(response: Response) -> Response:
    """Return a page to log in by hand, as a success."""
    del response
    return Response(200, {"content-type": "text/html; charset=utf-8"}, _LOGIN_PAGE.encode())


def wrongly_typed(response: Response) -> Response:
    """Return the same bytes called HTML."""
    return replace(response, headers={**response.headers, "content-type": "text/html"})


def with_byte_order_mark(response: Response) -> Response:
    """Return JSON after a byte order mark."""
    return replace(response, body=b"\xef\xbb\xbf" + response.body) if _is_json(response) else response


def in_cp1251(response: Response) -> Response:
    """Return JSON in the code page of old Windows, and called so."""
    if not _is_json(response):
        return response
    headers = {**response.headers, "content-type": "application/json; charset=windows-1251"}
    return replace(response, headers=headers, body=response.body.decode().encode("cp1251", "replace"))


def truncated(response: Response) -> Response:
    """Return the first half of JSON as if it were all."""
    return (
        replace(response, body=response.body[: len(response.body) // 2]) if _is_json(response) else response
    )


def deeply_nested(response: Response) -> Response:
    """Return JSON of a hundred thousand arrays in one another."""
    body = b'{"content":' + b"[" * _DEPTH + b"]" * _DEPTH + b"}"
    return replace(response, body=body) if _is_json(response) else response


def emptied(response: Response) -> Response:
    """Return the answer without its body."""
    return replace(response, body=b"")


def redirected_to_itself(response: Response) -> Response:
    """Return a redirection to the address that was asked."""
    del response
    return Response(302, {"location": "?"})


def redirected_away(response: Response) -> Response:
    """Return a redirection to a host that is not the portal."""
    del response
    return Response(302, {"location": "https://elsewhere.example/login"})


def _is_json(response: Response) -> bool:
    return response.content_type == "application/json"
