"""What is said of tables that do not fit: kinds of one table, lists, keys of tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from mcu_sdk.errors import ProfileError
from mcu_sdk.municipality.form import Form, OneOrMore, Rows, note_mistakes
from mcu_sdk.municipality.mistakes import Mistakes
from mcu_sdk.sla.bilingual import Text


class Portal(Form):
    channel: Literal["portal"]
    address: str


class Register(Form):
    channel: Literal["register"]
    folder: str


class Place(Form):
    names: OneOrMore = Field(default_factory=list)


class File(Form):
    accounts: dict[str, Annotated[Portal | Register, Field(discriminator="channel")]] = Field(
        default_factory=dict
    )
    places: Rows[Place] = Field(default_factory=dict)
    regimes: dict[Literal["vk", "ok"], str] = Field(default_factory=dict)
    wait: Annotated[float, Field(gt=0)] = 1.0


@pytest.mark.parametrize(
    ("table", "place", "english", "russian"),
    [
        (
            {"accounts": {"a": {"channel": "portl"}}},
            "accounts.a.channel",
            "one of 'portal', 'register'",
            "только",
        ),
        ({"accounts": {"a": {}}}, "accounts.a.channel", "is missing", "нет обязательного значения"),
        ({"accounts": {"a": {"channel": "portal"}}}, "accounts.a.address", "is missing", "нет обязательного"),
        (
            {"accounts": {"a": {"channel": "register", "folder": "x", "foldr": "y"}}},
            "accounts.a.foldr",
            "did you mean 'folder'? known are channel, folder",
            "возможно, «folder»; есть: channel, folder",
        ),
        ({"places": {"names": "x"}}, "places", "rows in double brackets", "в двойных скобках"),
        ({"places": [{}, {"names": ["x", 5]}]}, "places.2.names.2", "must be a text in quotes", "в кавычках"),
        ({"places": [{"names": [" "]}]}, "places.1.names.1", "is empty", "пустое"),
        ({"places": [5]}, "places.1", "must be a table", "нужна таблица"),
        ({"regimes": {"vkk": "59fz"}}, "regimes.vkk", "one of 'vk', 'ok'", "'vk', 'ok'"),
        ({"wait": 0.0}, "wait", "a number over 0", "больше 0"),
        ({"wiat": 1.0}, "wiat", "did you mean 'wait'?", "возможно, «wait»"),
    ],
)
def test_places_and_reasons(table: dict[str, Any], place: str, english: str, russian: str) -> None:
    """The place as people count it, and what is allowed there, in both languages."""
    mistakes = Mistakes(Path("town.toml"))
    with pytest.raises(ValidationError) as caught:
        File.model_validate(table)
    note_mistakes(caught.value, File, mistakes)
    with pytest.raises(ProfileError) as refused:
        mistakes.refuse()
    (mistake,) = refused.value.mistakes
    assert mistake.place == place
    assert english in mistake.in_language("en")
    assert russian in mistake.in_language("ru")


def test_touching_places() -> None:
    """A mistake lies at a place, within it or around it; a like beginning is another place."""
    mistakes = Mistakes(Path("town.toml"))
    mistakes.refuse()  # there are none
    try_places = ("roster", "roster.2", "roster.2.holder", "roster.2.holder.x", "roster.20", "rost")
    assert not any(map(mistakes.touch, try_places))
    mistakes.add("roster.2.holder", Text("нет", "no"))
    assert [place for place in try_places if mistakes.touch(place)] == list(try_places[:4])
