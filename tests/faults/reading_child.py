"""Reads one file in a process of its own and tells what it came to, how long it took and what it grew by."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import mcu_sdk.sheets.xlsx_grid  # noqa: F401  # its cost is no part of the file's
from mcu_sdk.errors import FileError
from mcu_sdk.sheets import Field, Layout, read_table

MOST_BYTES = 2 * 1024 * 1024 * 1024  # far above what is asked for: it only keeps the machine alive
ZONE = ZoneInfo("Europe/Moscow")
LAYOUT = Layout(
    "test",
    "1",
    "проба",
    {
        "number": Field("number", "number", ("Номер",), required=True),
        "date": Field("date", "date", ("Дата",), required=True),
    },
)


def peak_kib() -> int:
    """The most memory of this very program; `ru_maxrss` would count what its parent held before."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("ascii", "replace").partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def outcome_of(path: str) -> str:
    try:
        count = sum(1 for _ in read_table(path, LAYOUT, zone=ZONE).rows())
    except FileError as error:
        error.localized("ru")
        return error.code
    return f"{count} rows"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    before_kib, started = peak_kib(), time.process_time()
    outcome = outcome_of(sys.argv[1])
    seconds, growth_mib = time.process_time() - started, (peak_kib() - before_kib) / 1024
    json.dump({"outcome": outcome, "seconds": seconds, "growth_mib": growth_mib}, sys.stdout)


if __name__ == "__main__":
    main()
