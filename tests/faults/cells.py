"""One cell of the matrix: an operation over real loopback while a fault is played, and how it ended."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mcu_sdk.channels.portal import AsyncPortal, Portal, PortalSettings, StatusReport
from mcu_sdk.errors import McuError, TransportError
from mcu_sdk.model import Person
from mcu_sdk.sandbox import FaultScript, JsonObject, PortalSandbox, SandboxFile, SandboxServer
from mcu_sdk.transport import AsyncHttpxTransport, HttpxTransport, RetryPolicy
from mcu_sdk.wire import Secret

TIME_LIMIT = timedelta(seconds=1)
RETRY = RetryPolicy(first_wait=timedelta(milliseconds=5), longest_wait=timedelta(milliseconds=20))
# One for all cells: to make one for each would cost more than everything else.
TRUST = ssl.create_default_context()
PATH = "/file-storage-service/filestorage/photo"
PHOTO = bytes(range(256)) * 120
IDS = list(range(1, 26))
MESSAGES: tuple[JsonObject, ...] = tuple({"id": number, "description": "Нет света"} for number in IDS)
PERSON = Person(surname="Исполнитель", name="Первый")
REPORT = StatusReport(status="В работе", executor_info=PERSON, manager_info=PERSON)
NOBODY = "not_listening"
# The queue has two pages: a fault of its second must not leave the first as if it were all.
FIRST_HIT = {"list": 2}

ACTIONS: dict[str, Callable[[Any, str], Any]] = {
    "token": lambda portal, url: portal.messages.list(),
    "list": lambda portal, url: portal.messages.list(),
    "mark-accepted": lambda portal, url: portal.messages.mark_accepted(1),
    "report": lambda portal, url: portal.messages.report(1, REPORT),
    "upload": lambda portal, url: portal.files.upload("Акт.jpg", PHOTO, "image/jpeg"),
    "download": lambda portal, url: portal.files.download(url + PATH),
}


@dataclass(frozen=True)
class Cell:
    """*fault* on *operation*: at every request of it, or *once*."""

    fault: str
    operation: str
    once: bool

    @property
    def script(self) -> FaultScript:
        """The script that plays it."""
        if self.fault == NOBODY:
            return FaultScript()
        name, _, value = self.fault.partition(":")
        place = FIRST_HIT.get(self.operation, 1) if self.once else "*"
        return FaultScript.parse(f"{self.operation}/{name}@{place}{value and f':{value}'}")

    def sandbox(self) -> PortalSandbox:
        """Return a far side of its own."""
        files = {PATH: SandboxFile("фото.jpg", "image/jpeg", PHOTO)}
        return PortalSandbox(MESSAGES, files=files, faults=self.script)


@dataclass
class Ending:
    """How a cell ended: what the call returned or raised, after how long, what the far side saw."""

    cell: Cell
    sandbox: PortalSandbox
    returned: Any = None
    raised: BaseException | None = None
    seconds: float = 0.0

    @property
    def word(self) -> str:
        """The ending in a word of the table, or what it was instead."""
        error = self.raised
        if error is None:
            return "ok" if self._is_whole() else f"not whole: {self.returned!r}"
        if not isinstance(error, McuError):
            return f"raw {type(error).__name__}: {error}"
        return f"{type(error).__name__} {error.code}"

    def _is_whole(self) -> bool:
        match self.cell.operation:
            case "token" | "list":
                return [message.id for message in self.returned] == IDS
            case "download":
                whole = b"" if self.cell.fault == "empty_body" else PHOTO
                return bool(self.returned.content == whole)
            case "upload":
                return bool(self.returned.size == len(PHOTO))
            case _:
                return bool(self.returned.sent)

    @property
    def effects(self) -> int:
        """How often a write took effect on the far side."""
        taken = {
            "mark-accepted": len(self.sandbox.accepted),
            "report": len(self.sandbox.reports(1)),
            "upload": len(self.sandbox.uploads),
        }
        return taken.get(self.cell.operation, 0)

    @property
    def attempts_that_may_count(self) -> int:
        """How many requests of the operation reached the far side and were not refused as such (4xx)."""
        path = {"report": "/appeal-service/edms/1", "upload": "/file-storage-service/filestorage"}
        return sum(
            entry.path == path.get(self.cell.operation) and not 400 <= entry.status < 500
            for entry in self.sandbox.log
        )

    @property
    def delivered(self) -> str | None:
        """What the error says of the delivery."""
        return self.raised.delivered if isinstance(self.raised, TransportError) else None


@contextmanager
def served(cell: Cell, sandbox: PortalSandbox) -> Iterator[str]:
    """Give the address of *sandbox*, or of a port nobody listens at."""
    if cell.fault == NOBODY:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            yield f"http://127.0.0.1:{held.getsockname()[1]}"
        return
    with SandboxServer(sandbox) as server:
        yield server.url


def settings_of(url: str) -> PortalSettings:
    """Settings for the sandbox at *url*, writing on."""
    return PortalSettings(
        url=url,
        account="town",
        organisation_id=PortalSandbox.organisation_id,
        organisation_secret=Secret(PortalSandbox.organisation_secret),
        client_id=PortalSandbox.client_id,
        client_secret=Secret(PortalSandbox.client_secret),
        writes=True,
        time_limit=TIME_LIMIT,
    )


def run(cell: Cell, sandbox: PortalSandbox, url: str) -> Ending:
    """Run *cell* in the synchronous world."""
    ending = Ending(cell, sandbox)
    transport = HttpxTransport(url, ssl_context=TRUST)
    with Portal(settings_of(url), retry=RETRY, transport=transport) as portal:
        started_at = time.monotonic()
        try:
            ending.returned = ACTIONS[cell.operation](portal, url)
        except Exception as error:
            ending.raised = error
        ending.seconds = time.monotonic() - started_at
    return ending


async def run_async(cell: Cell, sandbox: PortalSandbox, url: str) -> Ending:
    """Run *cell* on the event loop."""
    ending = Ending(cell, sandbox)
    transport = AsyncHttpxTransport(url, ssl_context=TRUST)
    async with AsyncPortal(settings_of(url), retry=RETRY, transport=transport) as portal:
        action: Awaitable[Any] = ACTIONS[cell.operation](portal, url)
        started_at = time.monotonic()
        try:
            ending.returned = await action
        except Exception as error:
            ending.raised = error
        ending.seconds = time.monotonic() - started_at
    return ending
