"""The layout that the tests of tables share."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcu_sdk.sheets import Layout, load_layout

from .tables import LAYOUT


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """The small layout."""
    path = tmp_path / "layout.toml"
    path.write_text(LAYOUT, "utf-8")
    return load_layout(path)
