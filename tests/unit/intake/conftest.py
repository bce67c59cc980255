"""An inbox in a file and a collecting run of either world."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest

from mcu_sdk.intake import Collected, Inbox, collect, collect_async
from mcu_sdk.model import Batch, Message, Reject

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)


def a_batch(*ids: str, cursor: str | None = None, rejects: tuple[Reject, ...] = (), **fields: Any) -> Batch:
    """A batch of messages of these ids, all with *fields*."""
    items = tuple(
        Message.model_validate({"channel": "portal", "account": "town", "external_id": one} | fields)
        for one in ids
    )
    return Batch(channel="portal", account="town", items=items, rejects=rejects, cursor=cursor)


@dataclass
class FarSource:
    """A far side by script: passes of batches, and which acknowledgements it confirms.

    `events` tells in which order things were asked of it; an exception in the script is raised.
    """

    passes: list[list[Batch | Exception]]
    queue: bool = True
    confirms: Callable[[Sequence[str]], tuple[str, ...]] = tuple
    events: list[str] = field(default_factory=list)
    channel: str = "portal"
    account: str = "town"

    def batches(self, cursor: str | None) -> Generator[Batch]:
        self.events.append(f"read from {cursor}")
        for batch in self.passes.pop(0) if self.passes else []:
            if isinstance(batch, Exception):
                raise batch
            self.events.append("page " + " ".join(batch.external_ids))
            yield batch

    def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        self.events.append("told " + " ".join(external_ids))
        return self.confirms(external_ids)


@dataclass
class AsyncFarSource:
    """The same in the asynchronous shape."""

    inner: FarSource
    channel: str = "portal"
    account: str = "town"

    @property
    def queue(self) -> bool:
        return self.inner.queue

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch]:
        for batch in self.inner.batches(cursor):
            yield batch

    async def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        return self.inner.acknowledge(external_ids)


@pytest.fixture
def batch() -> Callable[..., Batch]:
    """Give a maker of batches: `batch("1", "2", cursor=, rejects=, text=)`."""
    return a_batch


@pytest.fixture
def source() -> type[FarSource]:
    """Give the maker of scripted sources."""
    return FarSource


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """The path of an inbox."""
    return tmp_path / "town.sqlite3"


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> str:
    """Where a store is, in each kind of database: what one of them promises, both do."""
    chosen = "town" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(chosen))


@pytest.fixture
def inbox(place: str) -> Iterator[Inbox]:
    """An open inbox."""
    with Inbox.open(place) as opened:
        yield opened


@pytest.fixture(params=["sync", "asyncio", "trio"])
def collected(request: pytest.FixtureRequest) -> Callable[[FarSource, Inbox], Collected]:
    """Give collecting in each world, at a fixed time."""

    def run(source: FarSource, inbox: Inbox) -> Collected:
        if request.param == "sync":
            return collect(source, inbox, now=lambda: AT)

        async def on_the_loop() -> Collected:
            return await collect_async(AsyncFarSource(source), inbox, now=lambda: AT)

        return anyio.run(on_the_loop, backend=request.param)

    return run
