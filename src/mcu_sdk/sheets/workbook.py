"""What a workbook says before its cells: sheets, shared texts, which numbers are dates.

Read as a stream by ourselves: openpyxl's own read-only mode grew by 688 MiB on eight million empty
rows of a 75 kB file, and walks through every row that a far one leaves out. Its knowledge of date
formats and of Excel's two calendars is used.
"""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias, TypeVar

from mcu_sdk.errors import FileError, MissingExtra
from mcu_sdk.sheets.archive import Archive, broken
from mcu_sdk.sheets.limits import SheetLimits
from mcu_sdk.sheets.workbook_xml import PartHandler, read_part

try:
    from openpyxl.styles.numbers import builtin_format_code, is_datetime, is_timedelta_format
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
except ImportError as _error:
    raise MissingExtra.named("xlsx", "reading .xlsx") from _error

_Kept = TypeVar("_Kept")

__all__ = ["Shows", "Workbook", "open_workbook"]

Shows: TypeAlias = Literal["number", "date", "moment"]
_LOCAL_DATE_FORMATS = frozenset((*range(27, 37), *range(50, 59)))
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_MOST_PARTS = 70_000  # more than the formats of cells that Excel itself allows
_DAY_SECONDS = 86_400
_NO_SUCH_DATE = 60  # 29.02.1900
_OF_OUR_CENTURY = (35_064, 73_051)  # 2000 to 2099, in both calendars
_OF_ANY = (1, 2_958_466)  # to the year 9999


@dataclass(frozen=True, slots=True)
class Workbook:
    """The parts of a workbook that its sheets need."""

    archive: Archive
    sheets: Mapping[str, str]
    strings: list[str]
    shows: tuple[Shows, ...]
    from_1904: bool

    def moment_of(self, number: float, shows: Shows = "number") -> date | datetime | None:
        """Return what a number of days means as a date, None if it can be none.

        A whole number is a date without a time, unless it *shows* one. A number that shows as a
        number is a date of this century or none: 30 is no date, whatever the column.
        """
        first, last = _OF_OUR_CENTURY if shows == "number" else _OF_ANY
        if not first <= number < last:
            return None
        whole, fraction = divmod(number, 1)
        if not self.from_1904 and whole < _NO_SUCH_DATE:
            whole += 1  # Excel's calendar of 1900 has a 29 February
        epoch = MAC_EPOCH if self.from_1904 else WINDOWS_EPOCH
        seconds = round(fraction * _DAY_SECONDS)
        try:
            moment = epoch + timedelta(days=whole, seconds=seconds)
        except OverflowError:
            return None
        return moment if shows == "moment" or seconds % _DAY_SECONDS else moment.date()


def open_workbook(archive: Archive, limits: SheetLimits) -> Workbook:
    """Read everything but the sheets, and see that all of it can be read. Raises FileError."""
    main = next((target for kind, target in _targets(archive, limits) if kind == "officeDocument"), "")
    if main not in archive or main.endswith(".bin"):
        raise _no_workbook(archive)
    folder, name = posixpath.split(main)
    links = list(_links(archive, folder, f"{folder}/_rels/{name}.rels", limits))
    book = _BookHandler(archive.file, limits)
    _read_small(archive, main, book)
    places = {key: target for key, kind, target in links if kind == "worksheet"}
    sheets = {title: places[key] for title, key in book.sheets if key in places}
    if not sheets:
        raise broken(archive.file, "it has no sheets", "в нём нет листов")
    if len(sheets) > limits.most_sheets:
        raise broken(
            archive.file,
            f"it has more than {limits.most_sheets} sheets",
            f"в нём больше {limits.most_sheets} листов",
        )
    strings_part = next((target for _, kind, target in links if kind == "sharedStrings"), None)
    styles_part = next((target for _, kind, target in links if kind == "styles"), None)
    parts = dict.fromkeys([*sheets.values(), *filter(None, (strings_part, styles_part))])
    archive.check_parts(parts)
    styles, strings = _StylesHandler(archive.file, limits), _StringsHandler(archive.file, limits)
    for part, handler in ((styles_part, styles), (strings_part, strings)):
        if part:
            _read_all(archive, part, handler)
    return Workbook(archive, sheets, strings.texts, tuple(styles.shows()), book.from_1904)


def _read_small(archive: Archive, part: str, handler: PartHandler) -> None:
    archive.check_parts([part])
    _read_all(archive, part, handler)


def _read_all(archive: Archive, part: str, handler: PartHandler) -> None:
    for _ in read_part(archive, part, handler, _nothing):
        pass


def _nothing() -> list[None]:
    return []


def _targets(archive: Archive, limits: SheetLimits) -> Iterable[tuple[str, str]]:
    return ((kind, target) for _, kind, target in _links(archive, "", "_rels/.rels", limits))


def _links(archive: Archive, folder: str, part: str, limits: SheetLimits) -> Iterable[tuple[str, str, str]]:
    """Yield id, kind and target of the relations in one part."""
    if part not in archive:
        raise _no_workbook(archive)
    handler = _LinksHandler(archive.file, limits)
    _read_small(archive, part, handler)
    for key, kind, target in handler.links:
        yield key, kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


class _LinksHandler(PartHandler):
    def __init__(self, file: str, limits: SheetLimits) -> None:
        super().__init__(file, limits)
        self.links: list[tuple[str, str, str]] = []

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = attributes.get("Target", "").replace("\\", "/")
            _keep(self, self.links, (attributes.get("Id", ""), kind, target))


class _BookHandler(PartHandler):
    def __init__(self, file: str, limits: SheetLimits) -> None:
        super().__init__(file, limits)
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            key = next((value for word, value in attributes.items() if word.endswith(":id")), "")
            _keep(self, self.sheets, (attributes.get("name", ""), key))


class _StylesHandler(PartHandler):
    def __init__(self, file: str, limits: SheetLimits) -> None:
        super().__init__(file, limits)
        self._codes: list[tuple[str, str]] = []
        self._formats: list[str] = []
        self._in_cells = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            _keep(self, self._codes, (attributes.get("numFmtId", ""), attributes.get("formatCode", "")))
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            _keep(self, self._formats, attributes.get("numFmtId", "0"))

    def finish(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def shows(self) -> Iterable[Shows]:
        codes = dict(self._codes)
        known: dict[str, Shows] = {}
        for number in self._formats:
            if number not in known:
                known[number] = _shown_by(number, codes.get(number))
            yield known[number]


def _shown_by(number: str, code: str | None) -> Shows:
    identity = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
    if code is None and identity in _LOCAL_DATE_FORMATS:
        return "date"
    code = code or builtin_format_code(identity) or "General"
    if is_timedelta_format(code):
        return "number"
    match is_datetime(_NOT_FORMAT.sub("", code.partition(";")[0].lower())):
        case "date":
            return "date"
        case "datetime" | "time":
            return "moment"
        case _:
            return "number"


class _StringsHandler(PartHandler):
    def __init__(self, file: str, limits: SheetLimits) -> None:
        super().__init__(file, limits)
        self.texts: list[str] = []
        self._limits = limits
        self._kept_bytes = 0
        self._phonetic = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "t":
            self.listening = not self._phonetic
        elif name == "rPh":
            self._phonetic = True

    def finish(self, name: str) -> None:
        if name == "t":
            self.listening = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            text = self.text()
            self._kept_bytes += sys.getsizeof(text)
            if self._kept_bytes > self._limits.most_text_bytes:
                raise FileError(
                    "file.too_much_text",
                    f"{self.file} holds more text than is read at once",
                    "export it in parts, or give other limits",
                    file=self.file,
                )
            self.texts.append(text)


def _keep(handler: PartHandler, kept: list[_Kept], item: _Kept) -> None:
    if len(kept) >= _MOST_PARTS:
        raise broken(handler.file, "it has too many parts", "в нём слишком много частей")
    kept.append(item)


def _no_workbook(archive: Archive) -> FileError:
    if archive.holds_tables():
        return FileError(
            "file.archive",
            f"{archive.file} is an archive with files in it, no workbook",
            "unpack it and name the file that was inside",
            file=archive.file,
        )
    return FileError(
        "file.not_workbook",
        f"{archive.file} is no workbook of Excel",
        "save it as .xlsx or CSV",
        file=archive.file,
    )
