"""Every fault on every operation in both worlds, over real loopback: it ends as `endings.toml` says."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
import pytest

from mcu_sdk.errors import McuError, OutcomeUnknown
from mcu_sdk.sandbox import FAULT_KINDS
from mcu_sdk.sandbox.http1 import bomb
from mcu_sdk.wire import Response

from .cells import ACTIONS, NOBODY, TIME_LIMIT, Cell, Ending, run, run_async, served

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("endings.toml").read_text("utf-8"))
ENDINGS: dict[str, list[str]] = TABLE["endings"]
# A call ends within its time limit and a tenth; the rest is for threads that wait for a processor.
LONGEST_SECONDS = TIME_LIMIT.total_seconds() * 1.1 + 0.5
HUNG_SECONDS = 5.0
ON_TRIO = ("silence_after", "header_drip", "reset_before", "reset_after", "cut_length", "cut_gzip", "503")


@pytest.fixture(scope="module", autouse=True)
def built_bomb() -> None:
    """Build the bomb beforehand: it takes a good part of a second, once."""
    bomb(Response(200))


def cells_of(fault: str) -> list[Cell]:
    return [Cell(fault, operation, once) for operation in ACTIONS for once in (False, True)]


def expected(cell: Cell) -> str:
    """Return what the table says of *cell*, as an error and its code."""
    always, _, once = ENDINGS[cell.fault][list(ACTIONS).index(cell.operation)].partition("/")
    word = (once or always) if cell.once else always
    return TABLE["words"][word]["error"] or "ok"


def in_threads(cells: Sequence[Cell]) -> list[Ending]:
    """Run *cells* side by side in the synchronous world."""
    with ThreadPoolExecutor(len(cells)) as pool, ExitStack() as servers:
        endings: list[Future[Ending]] = []
        for cell in cells:
            sandbox = cell.sandbox()
            url = servers.enter_context(served(cell, sandbox))
            endings.append(pool.submit(run, cell, sandbox, url))
        done, hung = wait(endings, HUNG_SECONDS)
        servers.close()  # sets free what hangs
    assert not hung
    return [ending.result() for ending in endings if ending in done]


def on_a_loop(backend: str) -> Callable[[Sequence[Cell]], list[Ending]]:
    """Return the runner of cells side by side on one event loop."""

    def run_all(cells: Sequence[Cell]) -> list[Ending]:
        endings: list[Ending] = []

        async def one(cell: Cell, servers: ExitStack) -> None:
            sandbox = cell.sandbox()
            url = servers.enter_context(served(cell, sandbox))
            endings.append(await run_async(cell, sandbox, url))

        async def main() -> None:
            with ExitStack() as servers, anyio.fail_after(HUNG_SECONDS):
                async with anyio.create_task_group() as group:
                    for cell in cells:
                        group.start_soon(one, cell, servers)

        anyio.run(main, backend=backend)
        return endings

    return run_all


def check(ending: Ending) -> None:
    """Hold one ending to the laws that no table needs to spell out."""
    cell, error = ending.cell, ending.raised
    assert ending.seconds <= LONGEST_SECONDS, cell
    if isinstance(error, McuError):
        assert isinstance(error.__context__, McuError | None), cell
        assert "sandbox-token" not in f"{error!r} {error.__dict__}", cell
    assert ending.effects <= 1, cell
    if cell.operation in ("mark-accepted", "report", "upload"):
        assert ending.raised or ending.effects == 1, cell
    if ending.delivered == "no":
        assert ending.effects == 0, cell
    assert ending.delivered in (
        None,
        "no" if cell.operation == "token" or cell.fault == NOBODY else "unknown",
    )
    assert ending.attempts_that_may_count <= 1, cell
    if isinstance(error, OutcomeUnknown) and (kind := FAULT_KINDS.get(cell.fault.partition(":")[0])):
        assert ending.effects == kind.takes_effect, cell


@pytest.mark.parametrize(
    ("fault", "world"),
    [
        *((fault, world) for fault in ENDINGS for world in ("sync", "asyncio")),
        *((fault, "trio") for fault in ON_TRIO),
    ],
)
def test_every_operation_ends_as_documented(fault: str, world: str) -> None:
    """A typed error or success, within the time limit, whole or not at all, and no write said twice."""
    run_all = in_threads if world == "sync" else on_a_loop(world)
    endings = run_all(cells_of(fault))
    assert len(endings) == 2 * len(ACTIONS)
    for ending in endings:
        check(ending)
    found = {ending.cell: ending.word for ending in endings}
    assert found == {cell: expected(cell) for cell in found}


def test_the_table_is_about_every_fault_and_every_operation() -> None:
    """No kind of fault is left out, no row is short, every word is explained and used."""
    assert set(FAULT_KINDS) <= {fault.partition(":")[0] for fault in ENDINGS}
    assert {len(row) for row in ENDINGS.values()} == {len(ACTIONS)}
    used = {word for row in ENDINGS.values() for text in row for word in text.split("/")}
    assert used == set(TABLE["words"])
