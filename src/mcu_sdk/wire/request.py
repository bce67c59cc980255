"""What is sent, as a frozen value: every attempt sends the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import quote, urlencode

from mcu_sdk.errors import UsageError
from mcu_sdk.wire.body import Body

_ACCOUNT_OR_QUERY = re.compile(r"(?<=//)[^/?#]*@|[?#].*", re.DOTALL)  # a signed address ends in its key

__all__ = ["Repeat", "Request", "path_of"]


class Repeat(Enum):
    """Whether a request may be sent again when it is not known what became of it."""

    SAFE = "safe"
    """Repeating it changes nothing more."""
    KEYED = "keyed"
    """The far side recognises the repetition by a key inside the request."""
    NEVER = "never"
    """It may be said twice: report the unknown outcome instead."""


def path_of(*parts: str | int) -> str:
    """Return the path of *parts*, each quoted; empty parts and dot segments are refused.

    >>> path_of("appeal-service", "edms", 42, "mark-accepted")
    '/appeal-service/edms/42/mark-accepted'
    """
    quoted = [quote(str(part), safe="", errors="replace") for part in parts]
    for part in quoted:
        if part in ("", ".", ".."):
            raise UsageError(
                "usage.path", f"{part!r} cannot be a part of a path", "check the identifier", part=part
            )
    return "/" + "/".join(quoted)


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One HTTP request of a channel, its path counted from the channel's base address.

    `authorized` requests carry the account's token; the session adds it. `limit_keys` name what a
    client-side limit counts by, say `(("chat", "123"),)`; they are not sent.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Body | None = None
    repeat: Repeat = Repeat.SAFE
    authorized: bool = True
    limit_keys: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Request({self.method} {_ACCOUNT_OR_QUERY.sub('', self.path)})"

    @property
    def target(self) -> str:
        """The path with the query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def with_query(self, **fields: str | int) -> Request:
        """Return the request with these query fields set, in place of those of the same name."""
        kept = tuple(pair for pair in self.query if pair[0] not in fields)
        return replace(self, query=kept + tuple((name, str(value)) for name, value in fields.items()))

    def with_headers(self, headers: Mapping[str, str]) -> Request:
        """Return the request with more headers."""
        return Request(  # on the way of every call, and replace() takes twice as long
            self.method,
            self.path,
            self.query,
            self.headers + tuple(headers.items()),
            self.body,
            self.repeat,
            self.authorized,
            self.limit_keys,
        )
