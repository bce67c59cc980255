"""Finding a table in a file and reading it: any sheet, row and order; good rows survive bad cells."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from tests.leaks import CANARIES

from mcu_sdk.errors import FileError, MissingExtra
from mcu_sdk.sheets import Layout, SheetLimits, extend_layout, read_table

from .tables import MOSCOW, opened, wall, write_csv, write_xlsx

HEADER = ["Номер", "Дата приёма"]


def numbers(path: Path, layout: Layout) -> list[str | None]:
    return [row.text("number") for row in opened(path, layout).rows()]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1251"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_usual_csv_is_read(encoding: str, separator: str, tmp_path: Path, layout: Layout) -> None:
    """Encoding and separator are found out; quoted line ends and separators stay in their cell."""
    rows = [
        [*HEADER, "Примечание"],
        ["007", "06.01.2026", "две\nстроки; и, всё"],
        ["8", "07.01.2026", "\tещё"],
    ]
    table = opened(write_csv(tmp_path / "a.csv", rows, encoding, separator), layout)
    first, second = table.rows()
    assert (first.text("number"), first.when("when"), first.text("note")) == (
        "007",
        date(2026, 1, 6),
        "две\nстроки; и, всё",
    )
    assert (second.number, second.text("note")) == (3, "ещё")


def test_letters_that_look_like_a_mark_of_utf_16(tmp_path: Path, layout: Layout) -> None:
    """«яю» of Windows-1251 has the bytes of such a mark: wherever it stands, it is two letters."""
    rows = [["юяЮ"], [*HEADER, "Примечание"], ["1", "06.01.2026", "яю" * 60_000]]
    [row] = opened(write_csv(tmp_path / "a.csv", rows, "cp1251"), layout).rows()
    assert row.text("note") == "яю" * 60_000


def test_the_header_is_found_below_a_title_in_any_order(tmp_path: Path, layout: Layout) -> None:
    """Letter case, ё, line breaks, spaces and NBSP of a heading do not count; rows above it are no data."""
    rows: list[list[object]] = [
        ["Журнал за 2026 год"],
        [],
        ["", "дата\n приема ", "НО МЕР"],
        ["", "06.01.2026", 15],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    table = opened(path, layout)
    [row] = table.rows()
    assert (table.headers[0].sheet, table.headers[0].row, row.number) == ("Лист1", 3, 4)
    assert (row.text("number"), row.when("when")) == ("15", date(2026, 1, 6))


def test_every_sheet_with_the_header_is_read(tmp_path: Path, layout: Layout) -> None:
    """A journal with a sheet for each month loses none of them; other sheets are passed over."""
    book = openpyxl.Workbook()
    book.active.append(["Сводка", "итого"])  # type: ignore[union-attr]  # a new workbook has a sheet
    for month, number in (("Январь", 1), ("Февраль", 2)):
        sheet = book.create_sheet(month)
        sheet.append(HEADER)
        sheet.append([number, wall(f"2026-0{number}-06")])
    book.save(tmp_path / "a.xlsx")
    table = opened(tmp_path / "a.xlsx", layout)
    assert [header.sheet for header in table.headers] == ["Январь", "Февраль"]
    assert [(row.sheet, row.text("number")) for row in table.rows()] == [("Январь", "1"), ("Февраль", "2")]


def test_a_layout_may_name_the_sheet(tmp_path: Path, layout: Layout) -> None:
    """With `sheet` in a layout only that one is read."""
    book = openpyxl.Workbook()
    for month in ("Январь", "Февраль"):
        sheet = book.create_sheet(month)
        sheet.append(HEADER)
        sheet.append([month, "06.01.2026"])
    book.save(tmp_path / "a.xlsx")
    own = tmp_path / "own.toml"
    own.write_text('extends = "test"\nsheet = "февраль"\n', "utf-8")
    assert numbers(tmp_path / "a.xlsx", extend_layout(own, layout)) == ["Февраль"]


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_of_excel_keep_their_precision(from_1904: bool, tmp_path: Path, layout: Layout) -> None:
    """A cell shown as a date is a date, one shown with a time a moment, in both calendars of Excel."""
    rows: list[list[object]] = [
        [*HEADER, "День", "Время"],
        [1, date(2026, 1, 6), date(2026, 1, 7), wall("2026-01-08T14:30")],
        [2, wall("2026-01-06T00:00"), wall("2026-01-07T09:15"), wall("2026-01-08T23:59:59")],
    ]
    first, second = opened(write_xlsx(tmp_path / "a.xlsx", rows, from_1904=from_1904), layout).rows()
    assert type(first.when("when")) is date
    assert first.values["when"] == date(2026, 1, 6)
    assert first.values["moment"] == datetime(2026, 1, 8, 14, 30, tzinfo=MOSCOW)
    assert second.values["when"] == datetime(2026, 1, 6, tzinfo=MOSCOW)
    assert second.values["day"] == date(2026, 1, 7)
    assert second.values["moment"] == datetime(2026, 1, 8, 23, 59, 59, tzinfo=MOSCOW)


def test_a_number_without_a_format_is_a_date_of_this_century(tmp_path: Path, layout: Layout) -> None:
    """46028 in a column of dates is 06.01.2026; 30 is no date but a flaw."""
    rows: list[list[object]] = [[*HEADER], [1, 46028], [2, 46028.5], [3, 30]]
    first, second, third = opened(write_xlsx(tmp_path / "a.xlsx", rows), layout).rows()
    assert first.values["when"] == date(2026, 1, 6)
    assert second.values["when"] == datetime(2026, 1, 6, 12, tzinfo=MOSCOW)
    assert [flaw.expected for flaw in third.flaws] == ["date_or_moment"]


def test_good_cells_and_rows_survive_a_bad_cell(tmp_path: Path, layout: Layout) -> None:
    """A bad cell is a flaw with its place; the row is whole unless the field is required."""
    rows = [
        [*HEADER, "Просрочено", "Оценка"],
        ["1", "06.01.2026", CANARIES.surname, "9"],
        ["2", CANARIES.phone, "да", "5"],
        ["", "07.01.2026", "нет", "-"],
        ["4", "08.01.2026", "нет", "—"],
    ]
    read = list(opened(write_csv(tmp_path / "a.csv", rows), layout).rows())
    assert [row.whole for row in read] == [True, False, False, True]
    assert read[0].text("number") == "1"
    assert (read[1].flag("late"), read[1].rating("rating")) == (True, 5)
    assert (read[3].flag("late"), read[3].rating("rating"), read[3].flaws) == (False, None, ())
    places = [flaw.localized("ru") for row in read for flaw in row.flaws]
    assert places == [
        "a.csv · строка 2 · «Просрочено» (C): нужно да или нет",
        "a.csv · строка 2 · «Оценка» (D): нужно целое число от 1 до 5",
        "a.csv · строка 3 · «Дата приёма» (B): нужно записать дату, например 06.01.2026, или дату и время",
        "a.csv · строка 4 · «Номер» (A): нужно значение, столбец обязателен",
    ]
    told = "".join([*places, *map(str, (flaw for row in read for flaw in row.flaws)), repr(read)])
    assert CANARIES.surname not in told
    assert CANARIES.phone not in told


def test_unknown_columns_are_kept_and_counted(tmp_path: Path, layout: Layout) -> None:
    """What the layout does not know stays in the row by its heading, without one by its letter."""
    rows = [[*HEADER, "Новое", ""], ["1", "06.01.2026", "x", "y"], ["2", "06.01.2026", "-", ""]]
    table = opened(write_csv(tmp_path / "a.csv", rows), layout)
    first, second = table.rows()
    assert first.cells == {"Номер": "1", "Дата приёма": "06.01.2026", "Новое": "x", "(D)": "y"}
    assert second.cells == {"Номер": "2", "Дата приёма": "06.01.2026"}
    assert dict(table.unknown_columns) == {"Новое": 1, "(D)": 1}
    assert len(list(table.rows())) == 2
    assert dict(table.unknown_columns) == {"Новое": 1, "(D)": 1}


def test_unknown_words_are_kept_and_told(tmp_path: Path, layout: Layout) -> None:
    """A word that the layout does not know reads as `unknown`; its text stays."""
    rows = [[*HEADER, "Статус"], ["1", "06.01.2026", "завершен"], ["2", "06.01.2026", "Чудо"]]
    first, second = opened(write_csv(tmp_path / "a.csv", rows), layout).rows()
    assert (first.text("status"), first.unknown_words()) == ("done", ())
    assert (second.text("status"), second.raw("status")) == ("unknown", "Чудо")
    assert second.unknown_words() == ("status=Чудо",)


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ([["а", "б"], ["1", "2"]], "file.no_header", ("Номер", "Дата приёма")),
        ([["Журнал"], ["Номер", "Дата"], ["1", "2"]], "file.heading_missing", ("строка 2", "Дата приёма")),
        ([[*HEADER, "номер "]], "file.heading_repeated", ("строка 1", "A, C")),
        ([[*HEADER, "Новое", "новое"]], "file.heading_repeated", ("строка 1", "C, D")),
        ([["x"]] * 30 + [HEADER], "file.no_header", ("Номер",)),
        ([], "file.no_header", ("Номер",)),
    ],
)
def test_a_header_that_does_not_fit_is_told(
    rows: list[list[str]], code: str, words: tuple[str, ...], tmp_path: Path, layout: Layout
) -> None:
    """Which row was taken for the header and what it lacks, or that there was none in the first 30."""
    with pytest.raises(FileError) as caught:
        opened(write_csv(tmp_path / "a.csv", rows), layout)
    assert caught.value.code == code
    assert all(word in caught.value.localized("ru") for word in words)


def test_a_heading_in_the_thirtieth_row_is_still_found(tmp_path: Path, layout: Layout) -> None:
    """The first thirty rows are searched, the thirtieth too."""
    assert numbers(write_csv(tmp_path / "a.csv", [["x"]] * 29 + [HEADER, ["1", "06.01.2026"]]), layout) == [
        "1"
    ]


def test_the_name_of_a_file_does_not_say_what_it_is(tmp_path: Path, layout: Layout) -> None:
    """A workbook called .csv and a CSV called .xlsx are read as what they are."""
    rows = [HEADER, ["1", "06.01.2026"]]
    assert numbers(write_xlsx(tmp_path / "a.csv", rows), layout) == ["1"]
    assert numbers(write_csv(tmp_path / "b.xlsx", rows), layout) == ["1"]


def test_numbers_that_excel_has_spoilt_are_flaws(tmp_path: Path, layout: Layout) -> None:
    """More than 15 digits in a numeric cell are not those that were typed; an error of a formula is none."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (
        HEADER,
        [12345678901234567890, "06.01.2026"],
        ["#REF!", "06.01.2026"],
        [1234567.0, "06.01.2026"],
    ):
        sheet.append(cells)
    book.save(tmp_path / "a.xlsx")
    spoilt, error, good = opened(tmp_path / "a.xlsx", layout).rows()
    assert [flaw.expected for flaw in (*spoilt.flaws, *error.flaws)] == ["digits", "text"]
    assert good.text("number") == "1234567"


def test_a_time_that_no_clock_showed_is_a_flaw(tmp_path: Path, layout: Layout) -> None:
    """27.03.2011 02:30 was skipped by the clocks of Moscow: no moment is invented for it."""
    rows = [HEADER, ["1", "27.03.2011 02:30"], ["2", "27.03.2011 03:30"]]
    skipped, shown = opened(write_csv(tmp_path / "a.csv", rows), layout).rows()
    assert [flaw.expected for flaw in skipped.flaws] == ["local_time"]
    assert shown.whole


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("06.01.2026", date(2026, 1, 6)),
        ("6.1.2026", date(2026, 1, 6)),
        ("06.01.2026 14:30", datetime(2026, 1, 6, 14, 30, tzinfo=MOSCOW)),
        ("06.01.2026 14:30:05", datetime(2026, 1, 6, 14, 30, 5, tzinfo=MOSCOW)),
        ("2026-01-06", date(2026, 1, 6)),
        ("2026-01-06T14:30", datetime(2026, 1, 6, 14, 30, tzinfo=MOSCOW)),
        ("2026-01-06 11:30:00+00:00", datetime(2026, 1, 6, 14, 30, tzinfo=MOSCOW)),
        ("31.02.2026", None),
        ("06/01/2026", None),
        ("20260106", None),
        ("вчера", None),
        ("46028", None),
    ],
)
def test_dates_written_as_text(text: str, value: date | None, tmp_path: Path, layout: Layout) -> None:
    """The usual forms are read with the precision they have; anything else is a flaw, never a guess."""
    [row] = opened(write_csv(tmp_path / "a.csv", [HEADER, ["1", text]]), layout).rows()
    assert row.when("when") == value
    assert type(row.when("when")) is type(value)
    assert row.whole is (value is not None)


def test_people_are_split_into_their_names(tmp_path: Path, layout: Layout) -> None:
    """Full names, initials and longer patronymics."""
    names = ["Образцов Иван Петрович", "Образцов И.П.", "Образцов", "Образцов Али Гусейн оглы"]
    rows = [[*HEADER, "ФИО"], *([str(number), "06.01.2026", name] for number, name in enumerate(names))]
    people = [row.person("who") for row in opened(write_csv(tmp_path / "a.csv", rows), layout).rows()]
    assert [(one.surname, one.name, one.patronymic) for one in people if one] == [
        ("Образцов", "Иван", "Петрович"),
        ("Образцов", "И.", "П."),
        ("Образцов", None, None),
        ("Образцов", "Али", "Гусейн оглы"),
    ]


def test_nothing_is_given_of_a_file_that_is_damaged_at_its_end(tmp_path: Path, layout: Layout) -> None:
    """A checksum that is wrong is seen before the first row, not after the last."""
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, *([number, "06.01.2026"] for number in range(5000))])
    content = bytearray(path.read_bytes())
    with ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    content[entry.header_offset + entry.compress_size] ^= 1
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        opened(path, layout)
    assert caught.value.code == "file.broken"


def test_prefixes_and_names_of_parts_do_not_matter(tmp_path: Path, layout: Layout) -> None:
    """Other programs put a prefix to every element, and write paths in capitals or from the root."""
    source = write_xlsx(tmp_path / "a.xlsx", [HEADER, [1, date(2026, 1, 6)]])
    with ZipFile(source) as old, ZipFile(tmp_path / "b.xlsx", "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace("<worksheet xmlns=", "<x:worksheet xmlns:x=").replace(
                    "</worksheet>", "</x:worksheet>"
                )
                for tag in ("sheetData", "row", "c", "v", "dimension"):
                    text = text.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>")
                    text = text.replace(f"</{tag}>", f"</x:{tag}>")
                text = text[: text.index("</x:sheetData>")] + "</x:sheetData></x:worksheet>"
            text = text.replace('Target="worksheets/sheet1.xml"', 'Target="/xl/Worksheets/Sheet1.xml"')
            new.writestr(name, text)
    assert numbers(tmp_path / "b.xlsx", layout) == ["1"]


def test_limits_may_be_given(tmp_path: Path, layout: Layout) -> None:
    """A program that knows its files may allow more or less."""
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, *([number, "06.01.2026"] for number in range(50))])
    with pytest.raises(FileError) as caught:
        read_table(path, layout, zone=MOSCOW, limits=SheetLimits(most_tags=100))
    assert caught.value.code == "file.too_many_cells"


def test_without_the_extra_csv_works_and_xlsx_names_it(tmp_path: Path) -> None:
    """A CSV needs no extra; a workbook without openpyxl or defusedxml asks for `xlsx`."""
    rows = [["Номер", "Дата поступления", "Статус"], ["1", "06.01.2026", "Назначен исполнитель"]]
    write_csv(tmp_path / "a.csv", rows)
    write_xlsx(tmp_path / "a.xlsx", rows)
    program = (
        "import sys; sys.modules[sys.argv[1]] = None\n"
        "from zoneinfo import ZoneInfo\n"
        "from mcu_sdk.channels.portal import PortalExport\n"
        "from mcu_sdk.errors import MissingExtra\n"
        "zone = ZoneInfo('Europe/Moscow')\n"
        "print(sum(len(batch.items) for batch in PortalExport('a.csv', 'portal', zone).batches(None)))\n"
        "try:\n"
        "    PortalExport('a.xlsx', 'portal', zone).table()\n"
        "except MissingExtra as error:\n"
        "    print(error.code, error.values['extra'])\n"
    )
    for missing in ("openpyxl", "defusedxml"):
        done = subprocess.run(
            [sys.executable, "-c", program, missing], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines() == ["1", f"{MissingExtra.named('xlsx', '').code} xlsx"]
