"""Whatever stands in a profile: it loads, or ProfileError names the places; never another error."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcu_sdk import Municipality
from mcu_sdk.errors import ProfileError
from mcu_sdk.municipality import remarks, rules_by_channel

EXAMPLE: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[2] / "examples" / "meshchovsk.toml").read_text("utf-8")
)

texts = st.sampled_from(
    [
        "",
        " ",
        "vk",
        "59fz",
        "specialist-1",
        "town",
        "administration",
        "mcu.head",
        "29627000",
        "env:X",
        "x" * 300,
    ]
) | st.text(max_size=8)
values = st.recursive(
    st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats()
    | texts
    | st.dates(date(1, 1, 1), date(9999, 12, 31))
    | st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59))  # noqa: DTZ001  # TOML has local ones
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def toml(value: object) -> str:
    """*value* as TOML writes it in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, float) else json.dumps(value)


def places(table: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a table of tables."""
    yield place
    items = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    for key, inner in items:
        yield from places(inner, (*place, key))


PLACES = [place for place in places(EXAMPLE) if place]
changes = st.tuples(st.sampled_from(PLACES), st.sampled_from(["set", "drop", "add"]), texts, values)


def changed(table: dict[str, Any], place: tuple[str | int, ...], how: str, key: str, value: object) -> None:
    *path, last = place
    inner: Any = table
    try:
        for step in path:
            inner = inner[step]
        if how == "add" and isinstance(inner[last], dict):
            inner[last][key] = value
        elif how == "drop":
            del inner[last]
        else:
            inner[last] = value
    except (KeyError, IndexError, TypeError):  # an earlier change took the place away
        return


@settings(max_examples=300)
@given(st.lists(changes, min_size=1, max_size=4))
def test_whatever_the_file_says(
    tmp_path_factory: pytest.TempPathFactory, several: list[tuple[tuple[str | int, ...], str, str, object]]
) -> None:
    """One to four values of the example replaced, taken out or added to."""
    table = deepcopy(EXAMPLE)
    for place, how, key, value in several:
        changed(table, place, how, key, value)
    path = tmp_path_factory.getbasetemp() / "hostile.toml"
    text = "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in table.items())
    path.write_text(text, "utf-8", "surrogatepass")
    try:
        town = Municipality.load(path)
    except ProfileError as error:
        told = error.mistakes
    else:
        at = datetime(2026, 1, 12, 9, tzinfo=town.zone)
        assert rules_by_channel(town) is not None
        told = ()
        for remark in remarks(town):
            assert remark.place
        for channel in ("portal", "vk"):
            assert town.roster.explain(channel, at)
    assert len({mistake.place for mistake in told}) == len(told)
    for mistake in told:
        assert re.search("[а-яё]", mistake.reason_ru), mistake
        assert re.search("[a-z]", mistake.reason), mistake
