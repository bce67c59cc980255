"""Which time zone database is in use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tzdata

PROGRAM = "from mcu_sdk.municipality import zone_data_version; print(zone_data_version())"


def version_with(path: str) -> str:
    command = [sys.executable, "-c", PROGRAM]
    environment = {"PYTHONTZPATH": path, "PATH": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("first_line", "version"),
    [("# version 2019c\n", "2019c"), ("# something\n", "unknown"), (None, "unknown")],
)
def test_the_system_comes_first(tmp_path: Path, first_line: str | None, version: str) -> None:
    """A system database is the one in use, whatever the package holds; it may not name its edition."""
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Moscow").write_bytes(b"TZif")
    if first_line is not None:
        (tmp_path / "tzdata.zi").write_text(first_line, "ascii")
    assert version_with(str(tmp_path)) == version


def test_without_a_system_database_the_package_is_used() -> None:
    """Where the system has none, the tzdata package's edition is named."""
    assert version_with("") == tzdata.IANA_VERSION
