"""What came back, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Response"]


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """A whole answer. Header names are in lower case.

    `end_was_marked` is False when the body ran until the connection closed, so that a cut would not
    have been noticed.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    end_was_marked: bool = True

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.body)} bytes)"

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case, empty if there is none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_html(self) -> bool:
        """Whether it is a page for a browser, as a lost login gives one."""
        return self.content_type in ("text/html", "application/xhtml+xml")

    @property
    def request_id(self) -> str | None:
        """The far side's own id of the exchange, if it gives one; for its support desk."""
        return self.headers.get("x-request-id") or self.headers.get("x-correlation-id")
