"""One page of a list, in the form a Spring service gives it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice

from mcu_sdk.sandbox.answers import JsonObject

__all__ = ["page_of"]

_DEFAULT_SIZE = 20
_LARGEST_SIZE = 2000


def page_of(items: Collection[JsonObject], query: Mapping[str, str]) -> tuple[list[JsonObject], JsonObject]:
    """Return the items *query* asks for by `page` (from 0) and `size`, and the rest of the page's fields.

    As in Spring, a value that is no number counts as not given, and a size over 2000 as 2000.

    >>> content, rest = page_of([{"id": 7}, {"id": 8}, {"id": 9}], {"page": "1", "size": "2"})
    >>> content, rest["totalPages"], rest["last"]
    ([{'id': 9}], 2, True)
    """
    number = _number(query.get("page"), 0)
    size = min(_number(query.get("size"), 0) or _DEFAULT_SIZE, _LARGEST_SIZE)
    total = len(items)
    page_count = -(-total // size)
    offset = number * size
    content = [] if offset >= total else list(islice(items, offset, offset + size))
    sort: JsonObject = {"sorted": False, "unsorted": True, "empty": True}
    return content, {
        "pageable": {"pageNumber": number, "pageSize": size, "offset": offset, "sort": sort},
        "totalElements": total,
        "totalPages": page_count,
        "first": number == 0,
        "last": number + 1 >= page_count,
        "number": number,
        "numberOfElements": len(content),
        "size": size,
        "sort": sort,
        "empty": not content,
    }


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else default
