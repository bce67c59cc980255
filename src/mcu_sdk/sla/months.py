"""Calendar months, by dateutil; imported on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from datetime import date


def add_months(day: date, months: int) -> date:
    """Return the same day of the month *months* later, or the month's last date if it has none.

    >>> from datetime import date
    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    return day + relativedelta(months=months)
