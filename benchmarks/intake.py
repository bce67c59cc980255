"""Collecting crash-safe beside fetching and inserting without any safety, over the same server."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
from tests.postgresql import started_server

from mcu_sdk.channels.portal import Portal, PortalSettings, calls
from mcu_sdk.intake import Inbox, collect
from mcu_sdk.sandbox import PortalSandbox, SandboxServer, seeded_messages
from mcu_sdk.wire import Secret

MESSAGES = 10_000
RUNS = 3


def serve() -> None:
    """The far side, a process of its own."""
    sandbox = PortalSandbox(seeded_messages(1, datetime(2026, 1, 12, 5, 5, tzinfo=UTC), count=MESSAGES))
    with SandboxServer(sandbox) as server:
        print(server.url, flush=True)
        sys.stdin.read()


def raw(settings: PortalSettings, place: Path) -> None:
    """Fetch every page and insert every item: no key, no digest, no fsync, nothing read."""
    secrets = Secret(PortalSandbox.organisation_secret), Secret(PortalSandbox.client_secret)
    login = calls.issue_token(settings.organisation_id, secrets[0], settings.client_id, secrets[1]).request
    assert login.body is not None
    with httpx.Client(base_url=settings.url) as client, closing(sqlite3.connect(place)) as store:
        store.execute("PRAGMA synchronous=OFF")
        store.execute("CREATE TABLE items (body TEXT)")
        headers = {**dict(login.headers), "Content-Type": login.body.content_type}
        token = client.post(login.path, content=login.body.content, headers=headers).json()["access_token"]
        page, last = 0, False
        while not last:
            answer = client.get(
                "/appeal-service/edms", params={"page": page}, headers={"Authorization": f"Bearer {token}"}
            ).json()
            store.executemany(
                "INSERT INTO items VALUES (?)", [(json.dumps(item),) for item in answer["content"]]
            )
            page, last = page + 1, answer["last"]
        store.commit()


def ours(settings: PortalSettings, place: str) -> None:
    """Collect into a store; nothing is acknowledged, as in the raw way."""
    with Portal(settings) as portal, Inbox.open(place) as inbox:
        assert collect(portal, inbox).new == MESSAGES


def seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def intake() -> None:
    """Print messages a second, the raw way and in both databases."""
    program = subprocess.Popen(
        [sys.executable, "-c", "from benchmarks.intake import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    settings = PortalSettings(
        url=program.stdout.readline().strip(),
        account="bench",
        organisation_id=PortalSandbox.organisation_id,
        organisation_secret=Secret(PortalSandbox.organisation_secret),
        client_id=PortalSandbox.client_id,
        client_secret=Secret(PortalSandbox.client_secret),
    )
    with tempfile.TemporaryDirectory() as name:
        floor = min(seconds(partial(raw, settings, Path(name, f"raw-{run}"))) for run in range(RUNS))
        sqlite = min(seconds(partial(ours, settings, f"{name}/ours-{run}")) for run in range(RUNS))
        _print("10,000 messages, SQLite / raw fetch and insert", sqlite, floor)
    with started_server() as server:
        if server is None:
            print("10,000 messages, PostgreSQL: the server is not installed here")
        else:
            postgres = min(seconds(lambda: ours(settings, server.database())) for _ in range(RUNS))
            _print("10,000 messages, PostgreSQL / raw fetch and insert", postgres, floor)
    program.communicate()


def _print(label: str, measured: float, floor: float) -> None:
    print(f"{label:62} {measured * 1000:>14,.0f} ms {floor * 1000:>14,.0f} ms {measured / floor:>9.2f} ×")
