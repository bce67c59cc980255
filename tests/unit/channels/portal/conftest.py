"""A portal that answers by a table, and its client in both worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import anyio
import pytest

from mcu_sdk.channels.portal import AsyncPortal, Portal, PortalSettings
from mcu_sdk.transport import AsyncMemoryTransport, MemoryTransport
from mcu_sdk.wire import Request, Response, Secret

SETTINGS = PortalSettings(
    url="https://portal.example",
    account="town",
    organisation_id="org",
    organisation_secret=Secret("canary-organisation"),
    client_id="mcu",
    client_secret=Secret("canary-client"),
    writes=True,
)
TOKEN = Response(
    200, {"content-type": "application/json"}, b'{"access_token":"canary-token","expires_in":3600}'
)


@dataclass
class FarPortal:
    """Answers each `METHOD /path` from a table and notes everything but the logins."""

    answers: dict[str, Response]
    requests: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        if request.path == "/user-service/oauth/token":
            return TOKEN
        self.requests.append(request)
        return self.answers[f"{request.method} {request.target}"]


class Client:
    """A portal client of either world whose methods are called like synchronous ones."""

    def __init__(self, world: str, answers: dict[str, Response], *, writes: bool = True) -> None:
        self.world = world
        self.far = FarPortal(answers)
        settings = replace(SETTINGS, writes=writes)
        self.portal: Any = (
            Portal(settings, transport=MemoryTransport(self.far))
            if world == "sync"
            else AsyncPortal(settings, transport=AsyncMemoryTransport(self.far))
        )

    def call(self, name: str, *arguments: Any, **options: Any) -> Any:
        """Call the method of this dotted *name* and return what it gives, whole."""
        method: Any = self.portal
        for part in name.split("."):
            method = getattr(method, part)
        if self.world == "sync":
            return _whole(method(*arguments, **options))

        async def on_the_loop() -> Any:
            result = method(*arguments, **options)
            return [one async for one in result] if hasattr(result, "__aiter__") else await result

        return anyio.run(on_the_loop, backend=self.world)


def _whole(result: Any) -> Any:
    return list(result) if hasattr(result, "__next__") else result


@pytest.fixture(params=["sync", "asyncio", "trio"])
def client(request: pytest.FixtureRequest) -> Callable[..., Client]:
    """Give a maker of clients: `client({"GET /path": answer}, writes=True)`."""

    def make(answers: dict[str, Response] | None = None, *, writes: bool = True) -> Client:
        return Client(request.param, answers or {}, writes=writes)

    return make


@pytest.fixture
def settings() -> PortalSettings:
    """Settings with canaries for secrets, writing on."""
    return SETTINGS
