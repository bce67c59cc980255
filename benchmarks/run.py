"""Ours beside the floor it stands on, as ratios of one run: `make bench`; `RECORD=1` keeps the figures.

Each pair is measured in turn, round by round; a figure is the best round of each, the ratio is ours to
the floor. Only ratios are meant to travel to another machine.
"""

from __future__ import annotations

import subprocess
import sys
import timeit
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
from benchmarks.bulk import bulk
from benchmarks.calculator import calculator
from benchmarks.intake import intake
from benchmarks.record import recorded
from pydantic import TypeAdapter

from mcu_sdk import Portal, PortalSettings
from mcu_sdk.channels.portal import calls
from mcu_sdk.channels.portal.models import Listing
from mcu_sdk.sandbox import PortalSandbox, seeded_messages
from mcu_sdk.transport import HttpxTransport, MemoryTransport
from mcu_sdk.wire import Request, Response, Secret

ROUNDS = 7


def best_ns(action: Callable[[], object], number: int) -> float:
    """Return the nanoseconds of one call in the best of a few short rounds."""
    return min(timeit.repeat(action, number=number, repeat=3)) / number * 1e9


def compared(name: str, ours: Callable[[], object], floor: Callable[[], object], number: int) -> None:
    """Print our best figure, the floor's best, and their ratio."""
    ours(), floor()
    figures = [(best_ns(ours, number), best_ns(floor, number)) for _ in range(ROUNDS)]
    mine, theirs = min(one for one, _ in figures), min(other for _, other in figures)
    print(f"{name:62} {mine:>14,.0f} ns {theirs:>14,.0f} ns {mine / theirs:>9.2f} ×")


def client() -> None:
    """A typed call and a typed page beside what they are made of."""
    sandbox = PortalSandbox(seeded_messages(1, datetime(2026, 1, 12, 5, 5, tzinfo=UTC), count=1000))
    settings = PortalSettings(
        url="http://127.0.0.1:9",
        account="bench",
        organisation_id=sandbox.organisation_id,
        organisation_secret=Secret(sandbox.organisation_secret),
        client_id=sandbox.client_id,
        client_secret=Secret(sandbox.client_secret),
        writes=True,
    )
    token = calls.issue_token(
        settings.organisation_id,
        Secret(sandbox.organisation_secret),
        settings.client_id,
        Secret(sandbox.client_secret),
    )
    bearer = token.read(sandbox.handle(token.request))
    page = calls.list_messages()
    answer = sandbox.handle(bearer.carried_by(page.request.with_query(size=1000)))
    bare = TypeAdapter(Listing)
    compared(
        "1,000 messages read / bare validate_json",
        lambda: page.read(answer),
        lambda: bare.validate_json(answer.body),
        3,
    )

    accepted = Response(200, {"content-type": "application/json"}, b"{}")

    def far_side(request: Request) -> Response:
        return sandbox.handle(request) if "token" in request.path else accepted

    mock = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
    raw = httpx.Client(base_url=settings.url, transport=mock)
    with Portal(settings, transport=MemoryTransport(far_side)) as portal:
        messages = portal.messages
        compared(
            "typed call without network / raw httpx over MockTransport",
            lambda: messages.mark_accepted(1),
            lambda: raw.post("/appeal-service/edms/1/mark-accepted").content,
            2_000,
        )
    network = HttpxTransport(settings.url)
    network._http = mock  # noqa: SLF001  # the same mock below both
    with Portal(settings, transport=network) as portal:
        portal._session._login = None  # noqa: SLF001  # no token: the raw side has none
        messages = portal.messages
        compared(
            "typed call over httpx / raw httpx over MockTransport",
            lambda: messages.mark_accepted(1),
            lambda: raw.post("/appeal-service/edms/1/mark-accepted").content,
            2_000,
        )


def imports() -> None:
    """What importing costs, in fresh interpreters, above a bare one."""

    def fresh_ms(statement: str) -> float:
        program = f"import time; a = time.perf_counter(); {statement}; print(time.perf_counter() - a)"
        runs = (
            subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
            for _ in range(9)
        )
        return min(float(run.stdout) for run in runs) * 1000

    floor = fresh_ms("import datetime, zoneinfo, bisect")
    for name in ("mcu_sdk", "mcu_sdk.sla", "mcu_sdk.channels.portal"):
        cost = fresh_ms(f"import {name}")
        label = f"import {name} / import datetime, zoneinfo, bisect"
        print(f"{label:62} {cost:>14.1f} ms {floor:>14.1f} ms {cost / floor:>9.2f} ×")


def measure() -> None:
    """Run all groups."""
    print(f"{'':62} {'ours':>17} {'floor':>17} {'ratio':>11}")
    client()
    intake()
    imports()
    calculator()
    bulk()


if __name__ == "__main__":
    recorded(measure) if "--record" in sys.argv[1:] else measure()
