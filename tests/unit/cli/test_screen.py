"""What a verb prints on a terminal and in a pipe."""

from __future__ import annotations

import io
import json
from datetime import datetime

import pytest
from rich.console import Console

from mcu_sdk.cli.screen import Screen


def printed(screen_on_terminal: bool) -> str:
    output = io.StringIO()
    console = Console(
        file=output,
        force_terminal=screen_on_terminal,
        width=60,
        highlight=False,
        color_system="standard" if screen_on_terminal else None,
    )
    screen = Screen("ru", console)
    screen.heading("Часть [1]", "Part")
    screen.table(("А", "Б"), (("1", "[b]"), ("2", "строка")), (True, False))
    return output.getvalue()


def test_pipe_gets_plain_tabs() -> None:
    """In a pipe a table is tab-separated lines, without colour, brackets as they are."""
    assert printed(screen_on_terminal=False) == "\nЧасть [1]\nА\tБ\n1\t[b]\n2\tстрока\n"


def test_terminal_gets_colour() -> None:
    """On a terminal headings are bold and urgent rows red; text in brackets is not taken for markup."""
    text = printed(screen_on_terminal=True)
    assert "\x1b[31m" in text
    assert "[b]" in text


@pytest.mark.parametrize(
    ("terminal", "printed_cells"), [(False, " [1]  2*\n"), (True, "\x1b[31m [1]\x1b[0m  2*\n")]
)
def test_cells_are_coloured_on_a_terminal_only(terminal: bool, printed_cells: str) -> None:
    """Cells stand side by side, trailing blanks gone, each in its style on a terminal and plain in a pipe."""
    output = io.StringIO()
    console = Console(file=output, force_terminal=terminal, width=60, color_system="standard")
    Screen("ru", console).cells([(" [1]", "red"), ("  2*", ""), ("    ", "")])
    assert output.getvalue() == printed_cells


def test_moments_drop_empty_seconds() -> None:
    """Seconds are shown only where there are some."""
    assert Screen("ru").moment(datetime(2026, 1, 12, 8, 5)) == "12.01.2026 08:05"  # noqa: DTZ001
    assert Screen("ru").moment(datetime(2026, 1, 12, 23, 59, 59)) == "12.01.2026 23:59:59"  # noqa: DTZ001


NASTY = "a\x1b[31m\x07b\u202e"


@pytest.mark.parametrize("terminal", [False, True])
def test_nothing_printed_steers_the_terminal(terminal: bool) -> None:
    """Control signs of a message show as signs of replacement, wherever they are printed."""
    output = io.StringIO()
    screen = Screen("ru", Console(file=output, force_terminal=terminal, width=60, color_system=None))
    screen.say(NASTY, NASTY)
    screen.heading(NASTY, NASTY)
    screen.text(NASTY)
    screen.table((NASTY,), ((NASTY,),))
    screen.json({"key": NASTY})
    text = output.getvalue()
    assert not any(sign in text for sign in ("\x1b[31m", "\x07", "\u202e"))
    assert (
        text.count("a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}") == 5
    )


def test_json_keeps_what_it_escapes() -> None:
    """JSON for programs gives every sign back, also those a terminal must not see."""
    output = io.StringIO()
    value = {"key": NASTY + "\x7f\x9b :warning:"}
    Screen("ru", Console(file=output, width=500, emoji=False)).json(value)
    assert "\x9b" not in output.getvalue()
    assert json.loads(output.getvalue()) == value


@pytest.mark.parametrize("terminal", [False, True])
def test_a_cell_stays_in_its_row(terminal: bool) -> None:
    """Tabs and line ends within a cell become a space: a row is a line, a tab a border."""
    output = io.StringIO()
    screen = Screen("ru", Console(file=output, force_terminal=terminal, width=60, color_system=None))
    screen.table(("А", "Б"), (("1\t2\r\n3", "4"),))
    assert output.getvalue().splitlines()[1].split() == ["1", "2", "3", "4"]
    assert output.getvalue().count("\n") == 2


def test_text_keeps_its_lines() -> None:
    """A text of several lines stays so, also with the line ends of Windows."""
    output = io.StringIO()
    Screen("ru", Console(file=output, width=60)).text("первая\r\nвторая")
    assert output.getvalue() == "первая\nвторая\n"
