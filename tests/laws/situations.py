"""Where the laws are tried: moments of a calendar, often around its zone's clock changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import strategies as st

from mcu_sdk.sla import Calendar

from .contest import wall_clock

LAST = datetime(2026, 9, 20, tzinfo=UTC)
FIRST_BY_ACTS = datetime(2015, 3, 1, tzinfo=UTC)
FIRST_OF_WEEKS = datetime(2010, 1, 10, tzinfo=UTC)


def epochs(calendar: Calendar) -> st.SearchStrategy[int]:
    """Instants that the calendar covers: anywhere, or within two dates of a clock change."""
    first = FIRST_BY_ACTS if calendar.production else FIRST_OF_WEEKS
    low, high = int(first.timestamp()), int(LAST.timestamp())
    changes = [change for change in wall_clock(calendar.zone.key).changes if low < change < high]
    anywhere = st.integers(low, high)
    if not changes:
        return anywhere
    near = st.builds(int.__add__, st.sampled_from(changes), st.integers(-2 * 86_400, 2 * 86_400))
    return anywhere | near


def calendars_with_epochs(
    calendars: Sequence[Calendar], number: int = 1
) -> st.SearchStrategy[tuple[Calendar, tuple[int, ...]]]:
    """One of the calendars and as many instants of its own."""
    return st.sampled_from(calendars).flatmap(
        lambda calendar: st.tuples(st.just(calendar), st.tuples(*[epochs(calendar)] * number))
    )
