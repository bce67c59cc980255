"""The portal's login: a token for the two pairs of credentials, and whether a request carries one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qsl

from mcu_sdk.sandbox.answers import data, header_of, refusal
from mcu_sdk.wire import Request, Response

__all__ = ["TokenDesk"]

Pair = tuple[str, str]


class TokenDesk:
    """Issues tokens by the password grant and remembers them until they expire or are revoked."""

    def __init__(
        self, organisation: Pair, client: Pair, lifetime: timedelta, monotonic: Callable[[], float]
    ) -> None:
        self._organisation = organisation
        self._client = client
        self._lifetime_seconds = int(lifetime.total_seconds())
        self._monotonic = monotonic
        self._expiry_seconds: dict[str, float] = {}
        self._issued_count = 0

    def issue(self, request: Request) -> Response:
        """Return a token, or the refusal: 401 for a wrong pair, 400 for a wrong form."""
        if _basic_pair(request) != self._client:
            return refusal(401, "Неверная пара клиента OAuth", www_authenticate='Basic realm="sandbox"')
        form = _form_of(request)
        if form.get("grant_type") != "password" or form.get("scope") != "any":
            return refusal(400, "Нужна форма с grant_type=password и scope=any")
        if (form.get("username"), form.get("password")) != self._organisation:
            return refusal(401, "Неверный идентификатор или секрет организации")
        self._issued_count += 1
        token = f"sandbox-token-{self._issued_count}"
        self._expiry_seconds[token] = self._monotonic() + self._lifetime_seconds
        return data(
            {
                "access_token": token,
                "token_type": "bearer",
                "expires_in": self._lifetime_seconds,
                "scope": "any",
                "jti": f"sandbox-jti-{self._issued_count}",
                "userId": 1,
                "rsId": None,
                "system": True,
                "superUser": False,
                "surname": "Песочница",
                "name": None,
                "patronymic": None,
                "email": "sandbox@example.org",
            }
        )

    def admits(self, request: Request) -> bool:
        """Return whether *request* carries a token that is known and has not expired."""
        scheme, _, token = header_of(request, "authorization").partition(" ")
        expires_at = self._expiry_seconds.get(token.strip())
        return scheme.lower() == "bearer" and expires_at is not None and self._monotonic() < expires_at

    def revoke_all(self) -> None:
        """Forget the tokens issued so far."""
        self._expiry_seconds.clear()


def _basic_pair(request: Request) -> Pair | None:
    scheme, _, encoded = header_of(request, "authorization").partition(" ")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    name, _, secret = text.partition(":")
    return (name, secret) if scheme.lower() == "basic" else None


def _form_of(request: Request) -> dict[str, str]:
    body = request.body
    if body is None or not body.content_type.lower().startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        return dict(parse_qsl(body.content.decode(), keep_blank_values=True))
    except ValueError:
        return {}
