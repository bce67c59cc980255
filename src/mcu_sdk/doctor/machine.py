"""The machine's own parts: Python, SQLite, the extras."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from importlib.util import find_spec

from mcu_sdk._version import __version__
from mcu_sdk.doctor.finding import Finding, finding
from mcu_sdk.intake.sqlite import LIBRARY_THREAD_SAFETY, LIBRARY_VERSION, OLDEST_LIBRARY

__all__ = [
    "EXTRAS",
    "SqliteFacts",
    "gather_extras",
    "gather_python",
    "gather_sqlite",
    "judge_extras",
    "judge_python",
    "judge_sqlite",
    "python_ends",
]

_END_IS_NEAR = timedelta(days=180)
EXTRAS: Mapping[str, tuple[str, ...]] = {
    "cli": ("typer", "rich"),
    "xlsx": ("openpyxl", "defusedxml", "xlsxwriter"),
    "batch": ("numpy",),
    "arrow": ("numpy", "pyarrow"),
    "postgres": ("psycopg",),
    "otel": ("opentelemetry",),
}
"""The modules that each extra brings."""


@cache
def python_ends() -> Mapping[str, date]:
    """Return the last civil date of each Python's security fixes, by `"3.11"`."""
    text = files("mcu_sdk.doctor").joinpath("python_versions.toml").read_text("utf-8")
    ends: dict[str, date] = tomllib.loads(text)["ends"]
    return ends


def gather_python() -> str:
    """Return the version of the Python that runs, as `"3.11.7"`."""
    return ".".join(map(str, sys.version_info[:3]))


def judge_python(version: str, ends: Mapping[str, date], today: date) -> Finding:
    """Judge the Python *version* by the *ends* of support."""
    end = ends.get(".".join(version.split(".")[:2]))
    if end is None:
        return finding("python.unknown", version=version, library=__version__)
    if end < today:
        return finding("python.ended", version=version, ends=end, library=__version__)
    if end - today <= _END_IS_NEAR:
        return finding("python.ends_soon", version=version, ends=end, library=__version__)
    return finding("python.good", version=version, ends=end, library=__version__)


@dataclass(frozen=True, slots=True)
class SqliteFacts:
    """The SQLite library: its version, and `thread_safety` as the DB-API counts it (0 none, 1, 3 full)."""

    version: tuple[int, int, int]
    thread_safety: int


def gather_sqlite() -> SqliteFacts:
    """Return the facts of the SQLite that Python was built with."""
    return SqliteFacts(LIBRARY_VERSION, LIBRARY_THREAD_SAFETY)


def judge_sqlite(facts: SqliteFacts) -> Finding:
    """Judge whether our store can work on this SQLite."""
    version = ".".join(map(str, facts.version))
    if facts.version < OLDEST_LIBRARY:
        return finding("sqlite.too_old", version=version, oldest=".".join(map(str, OLDEST_LIBRARY)))
    if facts.thread_safety == 0:  # the store's own lock is enough for 1
        return finding("sqlite.one_thread", version=version)
    return finding("sqlite.good", version=version, thread_safety=facts.thread_safety)


def gather_extras() -> Mapping[str, bool]:
    """Return for each extra whether all of its modules can be found; none is imported."""
    return {extra: all(find_spec(module) for module in modules) for extra, modules in EXTRAS.items()}


def judge_extras(installed: Mapping[str, bool]) -> Finding:
    """Tell which extras are there."""
    there = ", ".join(extra for extra, found in installed.items() if found) or "—"
    missing = ", ".join(extra for extra, found in installed.items() if not found) or "—"
    return finding("extras.list", installed=there, missing=missing)
