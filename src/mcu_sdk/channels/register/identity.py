"""How an appeal of a journal is told from all others."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

__all__ = ["CHANNEL", "journal_id"]

CHANNEL = "register"


def journal_id(number: str, on: date | datetime, zone: tzinfo) -> str:
    """Return the id of the appeal registered under *number*: journals begin anew every year.

    The year is that of *on* in *zone*; letter case and spaces of the number do not count.

    >>> from datetime import UTC
    >>> journal_id("л - 15", date(2026, 1, 12), UTC)
    '2026/Л-15'
    """
    year = on.astimezone(zone).year if isinstance(on, datetime) else on.year
    return f"{year}/{''.join(number.split()).upper()}"
