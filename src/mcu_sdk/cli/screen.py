"""What a verb prints: tables and colour on a terminal, plain lines in a pipe."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from mcu_sdk.errors import Language

__all__ = ["Screen"]

# C0 and C1 but tab and line end, then what turns the direction of writing or breaks lines in disguise
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\t\r\n]+")


class Screen:
    """One verb's output in one language."""

    def __init__(self, language: Language, console: Console | None = None) -> None:
        self.language: Language = language
        self._console = console or Console(soft_wrap=True, highlight=False, emoji=False)

    def say(self, russian: str, english: str) -> None:
        """Print a line in the language of the screen."""
        self._console.print(_shown(russian if self.language == "ru" else english))

    def heading(self, russian: str, english: str) -> None:
        """Print a line that begins a part."""
        text = _shown(russian if self.language == "ru" else english)
        self._console.print(f"\n[bold]{text}[/bold]" if self._console.is_terminal else f"\n{text}")

    def text(self, text: str) -> None:
        """Print a text of one or more lines; what would steer the terminal shows as a sign of replacement."""
        self._console.print(_shown(text))

    def cells(self, cells: Sequence[tuple[str, str]]) -> None:
        """Print texts side by side, each in its style on a terminal, plain in a pipe."""
        if self._console.is_terminal:
            line = Text.assemble(*cells)
        else:
            line = Text("".join(text for text, _ in cells))
        line.rstrip()
        self._console.print(line)

    def json(self, value: object) -> None:
        """Print *value* as JSON, moments in ISO 8601."""
        text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
        text = _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
        self._console.print(text, markup=False)

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[str]], urgent: Sequence[bool] = ()
    ) -> None:
        """Print a table on a terminal, tab-separated lines in a pipe; *urgent* rows stand out."""
        if not self._console.is_terminal:
            for row in (headings, *rows):
                self._console.file.write(
                    "\t".join(map(_cell, row)) + "\n"
                )  # rich would turn tabs into spaces
            return
        table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
        for heading in headings:
            table.add_column(escape(_cell(heading)), overflow="fold")
        for number, row in enumerate(rows):
            style = "red" if number < len(urgent) and urgent[number] else None
            table.add_row(*(escape(_cell(text)) for text in row), style=style)
        self._console.print(table, soft_wrap=False)

    def moment(self, moment: datetime) -> str:
        """Return a moment as people write it."""
        return moment.strftime("%d.%m.%Y %H:%M:%S").removesuffix(":00")


def _shown(text: str) -> str:
    return escape(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n")))


def _cell(text: str) -> str:
    """Return *text* in one line without tabs, so that it stays in its cell."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", _BREAKS.sub(" ", text))
