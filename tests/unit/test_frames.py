"""A traceback of a user's program is short: few of our frames between the call and the HTTP library."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import anyio
import httpx
import pytest
import respx

from mcu_sdk.channels.portal import AsyncPortal, Portal, PortalSettings, StatusReport
from mcu_sdk.model import Outgoing, OutgoingKind
from mcu_sdk.wire import Secret

SETTINGS = PortalSettings(
    url="https://portal.example",
    account="town",
    organisation_id="o",
    organisation_secret=Secret("s"),
    client_id="c",
    client_secret=Secret("s"),
    writes=True,
    time_limit=timedelta(seconds=5),
)
STEP = Outgoing(
    key="a-1",
    channel="portal",
    account="town",
    external_id="1",
    kind=OutgoingKind.TAKE,
    created_at=datetime(2026, 1, 12, tzinfo=UTC),
)
CALLS: dict[str, Callable[[Any], Any]] = {
    "mark_accepted": lambda portal: portal.messages.mark_accepted(1),
    "report": lambda portal: portal.messages.report(1, StatusReport(status="В работе")),
    "send": lambda portal: portal.send(STEP),
    "list": lambda portal: portal.messages.list(),
    "upload": lambda portal: portal.files.upload("a.pdf", b"abc"),
    "save": lambda portal: portal.files.save("https://portal.example/files/7", "file"),
    "download": lambda portal: portal.files.download("https://portal.example/files/7"),
}


class Network:
    """The network as respx fakes it, noting our frames on the stack of every exchange."""

    def __init__(self) -> None:
        self.frames: list[list[str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/user-service/oauth/token":
            return httpx.Response(200, json={"access_token": "t"})
        frame: FrameType | None = sys._getframe()
        ours: list[str] = []
        while frame is not None:
            name = str(frame.f_globals.get("__name__"))
            if name.startswith("mcu_sdk."):
                ours.append(f"{name}.{frame.f_code.co_name}")
            frame = frame.f_back
        self.frames.append(ours)
        answers = {
            "GET /appeal-service/edms": {"content": []},
            "POST /file-storage-service/filestorage": {"id": 1},
        }
        return httpx.Response(200, json=answers.get(f"{request.method} {request.url.path}", {}))


@pytest.mark.parametrize("operation", sorted(CALLS))
@pytest.mark.parametrize("world", ["sync", "asyncio", "trio"])
def test_four_frames_at_most(
    world: str, operation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Method, session and transport are all there is, with a token already held, in both worlds."""
    monkeypatch.chdir(tmp_path)
    network = Network()
    call = CALLS[operation]
    with respx.mock() as router:
        router.route().mock(side_effect=network)
        if world == "sync":
            with Portal(SETTINGS) as portal:
                call(portal)
                call(portal)
        else:

            async def on_the_loop() -> None:
                async with AsyncPortal(SETTINGS) as portal:
                    await call(portal)
                    await call(portal)

            anyio.run(on_the_loop, backend=world)
    first, second = network.frames
    assert any(frame.endswith(f".{operation}") for frame in second)
    assert any("httpx_transport.send" in frame for frame in second)
    assert len(first) == len(second) <= 4, second
