"""Layouts are data: shipped ones whole, a municipality's own as a change of a line or two."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mcu_sdk.errors import FileError
from mcu_sdk.sheets import Layout, extend_layout, load_layout

from .tables import LAYOUT, opened, write_csv


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8-sig")
    return path


def test_an_own_heading_comes_before_the_shipped_ones(tmp_path: Path, layout: Layout) -> None:
    """One line names a column otherwise; the shipped names stay, after it."""
    changed = extend_layout(own(tmp_path, 'extends = "test"\n[field.number]\nheadings = ["Вх."]\n'), layout)
    assert changed.fields["number"].headings == ("Вх.", "Номер", "№")
    rows = [["Номер", "вх.", "Дата приёма"], ["1", "2", "06.01.2026"]]
    [row] = opened(write_csv(tmp_path / "a.csv", rows), changed).rows()
    assert row.text("number") == "2"
    assert row.cells["Номер"] == "1"


@pytest.mark.parametrize("place", ['"C"', '"c"', "3"])
def test_a_column_may_be_said_by_its_place(place: str, tmp_path: Path, layout: Layout) -> None:
    """A letter or a number tells apart columns that are called alike."""
    text = f'extends = "test"\n[field.day]\ncolumn = {place}\n[field.when]\ncolumn = "B"\n'
    rows = [["Номер", "Дата", "Дата"], ["1", "06.01.2026", "07.01.2026"]]
    [row] = opened(write_csv(tmp_path / "a.csv", rows), extend_layout(own(tmp_path, text), layout)).rows()
    assert (row.when("when"), row.when("day")) == (date(2026, 1, 6), date(2026, 1, 7))


def test_a_table_without_headings_is_read_by_places(tmp_path: Path, layout: Layout) -> None:
    """With the row of the header and the letters of all required columns no heading is needed."""
    text = 'extends = "test"\nheader_row = 2\n[field.number]\ncolumn = 1\n[field.when]\ncolumn = 2\n'
    rows = [["Журнал"], ["1", "2"], ["15", "06.01.2026"]]
    [row] = opened(write_csv(tmp_path / "a.csv", rows), extend_layout(own(tmp_path, text), layout)).rows()
    assert (row.number, row.text("number")) == (3, "15")


def test_words_empties_and_dates_may_be_added(tmp_path: Path, layout: Layout) -> None:
    """A word of one's own, another sign for an empty cell, another form of a date, a field not required."""
    text = """
extends = "test"
empty = ["н/д"]
date_forms = ["%d/%m/%y"]
[field.status.words]
"Сделано" = "done"
[field.number]
required = false
"""
    changed = extend_layout(own(tmp_path, text), layout)
    rows = [["Номер", "Дата приёма", "Статус"], ["Н/Д", "06/01/26", "сделано"], ["2", "06/01/26", "завершен"]]
    first, second = opened(write_csv(tmp_path / "a.csv", rows), changed).rows()
    assert (first.whole, first.text("number"), first.text("status")) == (True, None, "done")
    assert (first.when("when"), second.text("status")) == (date(2026, 1, 6), "done")
    assert layout.fields["status"].words.keys() < changed.fields["status"].words.keys()


@pytest.mark.parametrize(
    ("text", "place", "russian"),
    [
        ('extends = "other"', "extends", "нужно «test»"),
        ('extends = "test"\n[field.nomer]\n', "field.nomer", "поля нет"),
        ('extends = "test"\n[field.number]\nkind = "text"', "field.number.kind", "такого ключа нет"),
        ('extends = "test"\n[field.number]\ncolumn = "Ъ"', "field.number.column", "буквы столбца"),
        ('extends = "test"\n[field.number]\ncolumn = 0', "field.number.column", "буквы столбца"),
        ('extends = "test"\n[field.status.words]\n"x" = "dune"', "field.status.words.x", "done, open"),
        (
            'extends = "test"\n[field.number]\ncolumn = 1\n[field.when]\ncolumn = 2',
            "header_row",
            "нужно указать",
        ),
        ("[field", "-", "TOML"),
        ('sheet = "x"', "extends", "нет обязательного"),
    ],
)
def test_a_mistake_in_a_layout_is_named(
    text: str, place: str, russian: str, tmp_path: Path, layout: Layout
) -> None:
    """The file, the place in it and what is wrong, in both languages."""
    with pytest.raises(FileError) as caught:
        extend_layout(own(tmp_path, text), layout)
    assert caught.value.code == "layout.invalid"
    assert caught.value.values["place"] == place
    assert "own.toml" in str(caught.value)
    assert russian in caught.value.localized("ru")


def test_a_layout_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    """A missing file, a file in another encoding and a folder are told apart from a mistake inside."""
    strange = tmp_path / "strange.toml"
    strange.write_text(LAYOUT, "cp1251")
    for path, words in (
        (tmp_path / "none.toml", "не открывается"),
        (strange, "UTF-8"),
        (tmp_path, "не открывается"),
    ):
        with pytest.raises(FileError) as caught:
            load_layout(path)
        assert words in caught.value.localized("ru")
