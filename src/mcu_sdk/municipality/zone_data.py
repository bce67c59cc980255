"""Which edition of the time zone database this machine computes with."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH

import tzdata

__all__ = ["zone_data_version"]

_VERSION = re.compile(r"# version (\w+)")


@cache
def zone_data_version() -> str:
    """Return the edition `zoneinfo` reads, as `"2026f"`; `"unknown"` where the system does not say.

    The system's database comes before the tzdata package, so an old server is not mended by a new
    package.
    """
    for folder in map(Path, TZPATH):
        if (folder / "Europe" / "Moscow").is_file():
            source = folder / "tzdata.zi"
            first = source.read_text("ascii").partition("\n")[0] if source.is_file() else ""
            found = _VERSION.match(first)
            return found[1] if found else "unknown"
    return tzdata.IANA_VERSION
