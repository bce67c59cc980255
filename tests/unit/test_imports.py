"""Importing the library is light: what a program does not use is not loaded."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def loaded_after(statement: str) -> set[str]:
    """The modules of a fresh interpreter after *statement*."""
    program = f"{statement}\nimport sys\nprint(*sys.modules)"
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=unmeasured
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("statement", ["import mcu_sdk", "import mcu_sdk.sla", "import mcu_sdk.errors"])
def test_the_root_and_the_calculator_load_no_heavy_library(statement: str) -> None:
    """Who only counts deadlines pays for neither models nor the network."""
    heavy = {
        "pydantic",
        "pydantic_core",
        "httpx",
        "httpcore",
        "anyio",
        "tenacity",
        "sqlite3",
        "numpy",
        "pyarrow",
    }
    assert not heavy & loaded_after(statement)


def test_the_search_sees_what_is_loaded() -> None:
    """The same search finds pydantic where it is needed, so that the test above can fail."""
    assert "pydantic" in loaded_after("import mcu_sdk.model")


def test_the_model_needs_no_network() -> None:
    """Reading stored messages loads no HTTP library."""
    assert not {"httpx", "httpcore"} & loaded_after("import mcu_sdk.model")
