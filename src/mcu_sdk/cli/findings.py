"""What the checks found in an answer: each find with its place, and the line it stands in."""

from __future__ import annotations

from collections.abc import Sequence

from mcu_sdk.cli.screen import Screen
from mcu_sdk.text import Finding

__all__ = ["finding_facts", "show_findings"]

_LEVELS = {"block": ("нельзя", "blocks"), "warn": ("проверьте", "warning")}
_AROUND = 30
_LONGEST_MARK = 80


def show_findings(screen: Screen, text: str, findings: Sequence[Finding]) -> None:
    """Print each find as `line:column`, what is wrong, and the place in its line, marked."""
    for one in findings:
        _show(screen, one, text)


def _place(one: Finding, text: str) -> tuple[int, int]:
    return text.count("\n", 0, one.start) + 1, one.start - text.rfind("\n", 0, one.start)


def _show(screen: Screen, one: Finding, text: str) -> None:
    line, column = _place(one, text)
    screen.say(
        f"{line}:{column} {_LEVELS[one.level][0]}: {one.explain('ru')} [{one.check}]",
        f"{line}:{column} {_LEVELS[one.level][1]}: {one.explain('en')} [{one.check}]",
    )
    line_start, line_end = one.start - column + 1, text.find("\n", one.start)
    line_end = len(text) if line_end < 0 else line_end
    end = min(one.end, line_end, one.start + _LONGEST_MARK)
    start = max(line_start, one.start - _AROUND)
    shown = text[start : min(line_end, end + _AROUND)].replace("\t", " ")
    if shown.strip():
        screen.text(f"    {shown}")
        screen.text(f"    {' ' * (one.start - start)}{'^' * max(1, end - one.start)}")


def finding_facts(screen: Screen, text: str, one: Finding) -> dict[str, object]:
    """Return a find for programs: its place in *text*, without the words."""
    line, column = _place(one, text)
    return {
        "check": one.check,
        "level": one.level,
        "line": line,
        "column": column,
        "start": one.start,
        "end": one.end,
        "explanation": one.explain(screen.language),
    }
