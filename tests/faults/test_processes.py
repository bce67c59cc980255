"""Clients belong to one process: they neither pickle nor copy, and refuse to work after a fork."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mcu_sdk import AsyncPortal, Portal, PortalSettings
from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox import PortalSandbox, SandboxServer, seeded_messages
from mcu_sdk.transport import (
    AsyncHttpxTransport,
    AsyncMemoryTransport,
    AsyncSession,
    HttpxTransport,
    Limit,
    MemoryTransport,
    RateLimits,
    RetryBudget,
    Session,
)
from mcu_sdk.wire import Response, SecretReference

SANDBOX = PortalSandbox(seeded_messages(1, datetime(2026, 1, 12, 5, 5, tzinfo=UTC)))
SETTINGS = PortalSettings(
    url="https://portal.example",
    account="town",
    organisation_id="o",
    organisation_secret=SecretReference("env:HOME"),
    client_id="c",
    client_secret=SecretReference("env:HOME"),
    limits=(Limit(5, timedelta(seconds=1)),),
)
MEMORY = MemoryTransport(lambda request: Response(200))
ASYNC_MEMORY = AsyncMemoryTransport(lambda request: Response(200))
CLIENTS: list[Any] = [
    MEMORY,
    ASYNC_MEMORY,
    HttpxTransport("https://portal.example"),
    AsyncHttpxTransport("https://portal.example"),
    Session(MEMORY),
    AsyncSession(ASYNC_MEMORY),
    Portal(SETTINGS, transport=MEMORY),
    AsyncPortal(SETTINGS, transport=ASYNC_MEMORY),
    RetryBudget(),
    RateLimits(),
]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: type(client).__name__)
@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_client_neither_pickles_nor_copies(client: Any, copied: Callable[[Any], Any]) -> None:
    """What to do instead is said in both languages; no key leaves with the attempt."""
    with pytest.raises(UsageError) as caught:
        copied(client)
    assert caught.value.code == "usage.client_pickle"
    assert type(client).__name__ in caught.value.localized("ru")
    assert "settings" in str(caught.value)


def test_settings_pickle() -> None:
    """They are what is passed on instead, limits and all."""
    assert pickle.loads(pickle.dumps(SETTINGS)) == SETTINGS


def test_a_part_of_a_client_does_not_pickle_either() -> None:
    """`portal.messages` would take the session along."""
    with Portal(SETTINGS, transport=MEMORY) as portal, pytest.raises(UsageError):
        pickle.dumps(portal.messages)


FORKING = """
import os, sys
from mcu_sdk import Portal, PortalSettings
from mcu_sdk.errors import UsageError
from mcu_sdk.wire import SecretReference

secret, client_secret = SecretReference("env:MCU_A"), SecretReference("env:MCU_B")
settings = PortalSettings(sys.argv[1], "town", sys.argv[2], secret, sys.argv[3], client_secret)
with Portal(settings) as portal:
    print("parent:", len(portal.messages.list()), flush=True)
    child = os.fork()
    if child == 0:
        try:
            portal.messages.list()
        except UsageError as error:
            print("child:", error.code, flush=True)
        portal.close()
        with Portal(settings) as own:
            print("child with its own:", len(own.messages.list()), flush=True)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    print("parent again:", len(portal.messages.list()), status)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_client_refuses_to_work_after_a_fork_and_the_parent_goes_on() -> None:
    """In the child a call is our error and closing leaves the shared connection alone."""
    with SandboxServer(SANDBOX) as server:
        done = subprocess.run(
            [
                *(sys.executable, "-X", "dev", "-W", "error", "-c", FORKING),
                *(server.url, SANDBOX.organisation_id, SANDBOX.client_id),
            ],
            env={**os.environ, "MCU_A": SANDBOX.organisation_secret, "MCU_B": SANDBOX.client_secret},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stdout.splitlines() == [
        "parent: 14",
        "child: usage.client_forked",
        "child with its own: 14",
        "parent again: 14 0",
    ]
    assert (done.returncode, done.stderr) == (0, "")
