"""The portal's answers in JSON: data, refusals with `messages`, confirmations without a body."""

from __future__ import annotations

import json
from typing import TypeAlias

from pydantic import JsonValue

from mcu_sdk.wire import Request, Response

__all__ = ["JsonObject", "confirmation", "data", "header_of", "refusal"]

JsonObject: TypeAlias = dict[str, JsonValue]


def data(value: JsonValue) -> Response:
    """Return *value* as a success."""
    return Response(200, {"content-type": "application/json"}, json.dumps(value, ensure_ascii=False).encode())


def confirmation() -> Response:
    """Return a success that has nothing to say."""
    return Response(200)


def refusal(status: int, *words: str, **headers: str) -> Response:
    """Return the refusal *status* with the portal's own Russian *words*.

    An underscore in a header's name stands for a hyphen.
    """
    body = json.dumps({"messages": words}, ensure_ascii=False).encode()
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, {"content-type": "application/json"} | more, body)


def header_of(request: Request, name: str) -> str:
    """Return the header *name*, in any case of its letters; empty if it was not sent."""
    wanted = name.lower()
    return next((value for key, value in request.headers if key.lower() == wanted), "")
