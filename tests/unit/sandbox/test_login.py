"""The portal's login: what a token costs and how a wrong pair is refused."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from mcu_sdk.sandbox import PortalSandbox
from mcu_sdk.wire import Body, Request, Response

LOGIN = {
    "grant_type": "password",
    "scope": "any",
    "username": PortalSandbox.organisation_id,
    "password": PortalSandbox.organisation_secret,
}
BASIC = "Basic " + base64.b64encode(b"sandbox-client:sandbox").decode()


def login(sandbox: PortalSandbox, basic: str = BASIC, **changed: str) -> Response:
    body = Body(urlencode(LOGIN | changed).encode(), "application/x-www-form-urlencoded")
    return sandbox.handle(
        Request("POST", "/user-service/oauth/token", headers=(("Authorization", basic),), body=body)
    )


def words(response: Response) -> list[str]:
    refusal: dict[str, list[str]] = json.loads(response.body)
    return refusal["messages"]


def test_token_reply_has_the_observed_fields() -> None:
    """A login by both pairs gives a bearer token with its lifetime in seconds."""
    reply = json.loads(login(PortalSandbox(token_lifetime=timedelta(minutes=10))).body)
    assert (reply["token_type"], reply["expires_in"], reply["scope"]) == ("bearer", 600, "any")
    assert {"jti", "userId", "rsId", "system", "superUser", "surname", "email"} <= reply.keys()


@pytest.mark.parametrize("basic", ["", "Basic !", "Basic c2FuZGJveA==", BASIC.replace("Basic", "Bearer")])
def test_wrong_client_pair_is_refused(basic: str) -> None:
    """Without the OAuth client pair there is no token: 401 with the portal's words."""
    response = login(PortalSandbox(), basic)
    assert response.status == 401
    assert words(response)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"password": "no"}, 401),
        ({"username": "no"}, 401),
        ({"scope": "all"}, 400),
        ({"grant_type": "x"}, 400),
    ],
)
def test_wrong_login_form_is_refused(changed: dict[str, str], status: int) -> None:
    """A wrong organisation is 401, a wrong form 400, each with words."""
    response = login(PortalSandbox(), **changed)
    assert response.status == status
    assert words(response)


def test_token_request_must_be_a_form() -> None:
    """The token is asked for by a form; JSON is refused."""
    body = Body(json.dumps(LOGIN).encode(), "application/json")
    request = Request("POST", "/user-service/oauth/token", headers=(("Authorization", BASIC),), body=body)
    assert PortalSandbox().handle(request).status == 400
