"""The README tells the truth about what can be counted."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from mcu_sdk import load_rules

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "rules", "regions"),
    [
        ("README.md", r"(\d+) rules", r"of (\d+) regions"),
        ("README.ru.md", r"(\d+) правил", r"(\d+) регионов"),
    ],
)
def test_counts_are_those_of_the_data(name: str, rules: str, regions: str) -> None:
    """The numbers of rules and of regions are the ones that ship; neither README outgrows 120 lines."""
    text = (ROOT / name).read_text("utf-8")
    shipped = [entry.name for entry in files("mcu_sdk.sla").joinpath("russia", "regions").iterdir()]
    assert re.findall(rules, text) == [str(len(load_rules().ids))]
    assert re.findall(regions, text) == [str(sum(name.endswith(".toml") for name in shipped))]
    assert text.count("\n") <= 120
