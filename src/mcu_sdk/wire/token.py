"""Access tokens: who issues one and how a request carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mcu_sdk.wire.call import Call
from mcu_sdk.wire.request import Request
from mcu_sdk.wire.secret import Secret

__all__ = ["Token", "TokenIssuer"]


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token."""

    value: Secret

    def header(self) -> dict[str, str]:
        """Return the Authorization header of a request that carries the token (RFC 6750)."""
        return {"Authorization": f"Bearer {self.value.reveal()}"}

    def carried_by(self, request: Request) -> Request:
        """Return *request* with the token in its Authorization header."""
        return request.with_headers(self.header())


class TokenIssuer(Protocol):
    """Whoever knows how to ask for a token."""

    def issue(self) -> Call[Token]:
        """Return the call that gives a new token."""
        ...
