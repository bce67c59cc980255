"""A file made to harm ends in an error of its own kind, soon and in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .hostile_files import HOSTILE

MOST_SECONDS = 5.0
MOST_GROWTH_MIB = 256.0
CHILD = Path(__file__).with_name("reading_child.py")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_costs_little(kind: str, tmp_path: Path) -> None:
    """The named error or the data, in 5 seconds of the processor and 256 MiB above the bare program."""
    name, make, outcome = HOSTILE[kind]
    path = tmp_path / name
    make(path)
    done = subprocess.run(
        [sys.executable, "-W", "error", str(CHILD), str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={
            name: value for name, value in os.environ.items() if not name.startswith("COV")
        },  # it would count
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["outcome"] == outcome
    assert told["seconds"] < MOST_SECONDS
    assert told["growth_mib"] < MOST_GROWTH_MIB


def test_the_measure_sees_memory(tmp_path: Path) -> None:
    """The same measure tells of a program that does keep much, so that the bound can be missed."""
    program = (
        "import sys; sys.argv = ['', sys.argv[1]]; sys.path.insert(0, sys.argv[1])\n"
        "import reading_child\n"
        "reading_child.outcome_of = lambda path: str(len(bytearray(300 * 1024 * 1024)))\n"
        "reading_child.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(CHILD.parent)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["growth_mib"] > MOST_GROWTH_MIB
