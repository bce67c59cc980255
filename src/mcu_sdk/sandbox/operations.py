"""The portal's operations by name, as a script of faults speaks of them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from mcu_sdk.wire import Request

__all__ = ["OPERATIONS", "operation_of"]

OPERATIONS = {
    "token": "POST /user-service/oauth/token",
    "list": "GET /appeal-service/edms",
    "mark-accepted": "POST /appeal-service/edms/{id}/mark-accepted",
    "report": "POST /appeal-service/edms/{id}",
    "upload": "POST /file-storage-service/filestorage",
    "download": "GET /file-storage-service/filestorage/{id}",
}
_ROUTES = {
    name: re.compile(re.escape(route).replace(r"\{id\}", "([^/]*)")) for name, route in OPERATIONS.items()
}


def operation_of(request: Request) -> tuple[str, str]:
    """Return the operation *request* asks for and the id in its path, each empty if there is none.

    >>> operation_of(Request("POST", "/appeal-service/edms/7/mark-accepted"))
    ('mark-accepted', '7')
    """
    asked = f"{request.method} {request.target.partition('?')[0]}"
    for name, route in _ROUTES.items():
        if match := route.fullmatch(asked):
            return name, unquote(match[1]) if match.groups() else ""
    return "", ""
