"""Keep the figures of a run in RESULTS.md, with the machine, the versions and the method."""

from __future__ import annotations

import io
import os
import platform
import sys
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PAGE = Path(__file__).with_name("RESULTS.md")
MEASURED = (
    *("numpy", "pyarrow", "polars", "duckdb", "pydantic", "httpx", "psycopg", "tzdata"),
    *("workclock", "business_calendar", "holidays"),
)
TEXT = """\
# What was measured

Written by `make bench RECORD=1`, and by nothing else. {date}.

| | |
|---|---|
| processor | {processor}, {cores} cores, {system} |
| load when it began | {load} |
| Python | {python} |
| libraries | {versions} |

## How to read it

- Each line is one promise: ours, the floor or the peer it stands beside, their ratio, the goal and
  whether it is met. Both sides of a line are measured **in one run, in turn**. Only ratios travel to
  another machine.
- Single calls run over 3,000 random inputs of eight years, so nothing is hot; a figure is the best of 25
  rounds of loops that take turns.
- Columns hold 8,388,608 random rows, more than the processor's cache, and are timed in parts of 131,072
  rows; each part's best of 60 rounds counts (30 for dates and for grouped rows, 15 for peers). `copy` is
  NumPy's copy of the same part. Peers answer a part of the rows, since they are slower.
- Files are read whole: 10,000,000 timestamps in Parquet, to the sum of their deadlines, the best of 20
  rounds.
- Every answer is held against each peer's before anything is timed; a difference ends the run.
- The peak of memory is what NumPy and Python ask for during one call on a million rows, beside the 8
  bytes a row that it returns.
- Peers live in an environment of their own, `.venv-peers`, with the versions above.

## The figures

```text
{figures}
```
"""


class _Both(io.StringIO):
    """Shows what is printed, and keeps it."""

    def write(self, text: str) -> int:
        sys.__stdout__.write(text)  # type: ignore[union-attr]  # a console program has one
        sys.__stdout__.flush()  # type: ignore[union-attr]  # the same
        return super().write(text)


def recorded(run: Callable[[], None]) -> None:
    """Run the measurements and write the page anew from what they print."""
    load, processor, both = os.getloadavg()[0], _processor(), _Both()
    with redirect_stdout(both):
        run()
    page = TEXT.format(
        date=f"{datetime.now(UTC):%d %B %Y}",
        processor=processor,
        cores=os.cpu_count(),
        system=f"{platform.system()} {platform.machine()}",
        load=f"{load:.2f}",
        python=platform.python_version(),
        versions=", ".join(_versions()),
        figures=both.getvalue().strip("\n"),
    )
    PAGE.write_text(page, "utf-8")


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _versions() -> list[str]:
    found = []
    for name in MEASURED:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return found
