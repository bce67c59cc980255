"""Ready answers for single calls, on the wall: one look-up by date and hour instead of a search.

Where a zone keeps its offset, wall arithmetic is exact and costs a tenth of going through epoch
seconds. Each working interval has an *anchor*: the moment at which all work so far would have begun,
had it never been interrupted; so the time worked until a moment is `moment - anchor` while the office
is open, a constant while it is closed, and an amount is worked by `anchor + amount`. A rule with a
fixed amount is as simple: over a stretch of a date its answer is one moment, or one shift ahead. Both
are kept by civil date (lazily) and hour. Dates near a change of offset or past the covered years are
not known here; the timeline in epoch seconds answers for them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from mcu_sdk.sla.timeline import Tables

Value: TypeAlias = datetime | timedelta
Row: TypeAlias = "Value | tuple[Value | Split, ...]"
"""What holds on a date: one value throughout, or one for each of its 24 hours."""

Stretch: TypeAlias = "tuple[datetime, Value]"
"""What holds until a moment, itself excluded."""

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


class Split(NamedTuple):
    """An hour within which the value changes."""

    until: datetime
    before: Value
    after: Value | Split


def _row_of(midnight: datetime, stretches: list[Stretch]) -> Row:
    ends = [until for until, _ in stretches]
    if len(stretches) == 1:
        return stretches[0][1]
    hours: list[Value | Split] = []
    for hour in range(24):
        begins = midnight + hour * _HOUR
        first, last = bisect_right(ends, begins), bisect_left(ends, begins + _HOUR)
        value: Value | Split = stretches[last][1]
        for until, earlier in reversed(stretches[first:last]):
            value = Split(until, earlier, value)
        hours.append(value)
    return tuple(hours)


def _spent(value: Value | Split, moment: datetime) -> timedelta:
    """Return the time worked before *moment*, by what holds around it."""
    while isinstance(value, Split):
        value = value.before if moment < value.until else value.after
    return moment - value if isinstance(value, datetime) else value


class WallTable:
    """Anchors and the time worked by each closing; takes moments in the zone itself.

    The first anchor stands before all intervals, the last one after them.
    """

    __slots__ = ("_anchors", "_before", "_dates", "_opened_on", "_rows", "_unknown", "_unsteady")

    def __init__(self, table: Tables) -> None:
        line, zone = table.timeline, table.zone
        self._unknown = datetime.max.replace(tzinfo=zone.info)
        self._before = [timedelta(0, seconds) for seconds in line.worked_before]
        self._anchors = [datetime.min.replace(tzinfo=zone.info)]
        # The first hours of the first date may belong to an unknown night shift.
        self._dates = range(zone.ordinal_of(line.begins - 1) + 1, table.days.last + 1)
        self._unsteady = zone.unsteady_dates
        self._opened_on = array("i")
        self._rows: dict[int, Row] = {}
        for before, opening, closing in zip(self._before, line.opens, line.closes, strict=False):
            opens = zone.moment_of(opening)
            self._opened_on.append(opens.toordinal())
            steady = not self._unsteady or opens.utcoffset() == zone.moment_of(closing).utcoffset()
            self._anchors.append(opens - before if steady else self._unknown)
        self._anchors.append(self._unknown)

    def worked_until(self, moment: datetime) -> timedelta | None:
        """Return the time worked before *moment*; None if it is not known here."""
        ordinal = moment.toordinal()
        value = self._rows.get(ordinal)
        if value is None:
            value = self._built(ordinal)
        if value is None:
            return None
        if isinstance(value, tuple):
            value = value[moment.hour]
        if type(value) is timedelta:
            return value
        worked = _spent(value, moment)
        return timedelta(worked.days, worked.seconds) if worked.microseconds else worked

    def worked(self, start: datetime, end: datetime) -> timedelta | None:
        """Return the answer of `Calendar.worked`; None if it is not known here."""
        # `worked_until` twice, written out: the two calls would cost half as much again.
        begun, ended = self._rows.get(start.toordinal()), self._rows.get(end.toordinal())
        if begun is not None and ended is not None:
            if isinstance(begun, tuple):
                begun = begun[start.hour]
            if type(begun) is not timedelta:
                begun = _spent(begun, start)
            if isinstance(ended, tuple):
                ended = ended[end.hour]
            if type(ended) is not timedelta:
                ended = _spent(ended, end)
            worked = ended - begun
            if not worked.microseconds:
                return worked
        at_start, at_end = self.worked_until(start), self.worked_until(end)
        return None if at_start is None or at_end is None else at_end - at_start

    def add(self, moment: datetime, amount: timedelta) -> datetime | None:
        """Return the answer of `Calendar.add` that may end on a closing; None if it is not known here."""
        worked = self.worked_until(moment)
        if worked is None or amount < _SECOND:
            return None
        if amount.microseconds:
            amount = timedelta(amount.days, amount.seconds)
        wanted = worked + amount
        anchor = self._anchors[bisect_left(self._before, wanted)]
        return None if anchor is self._unknown else anchor + wanted

    def prepared(self, ordinal: int, amount: timedelta) -> Row | None:
        """Return the answers of `add` on a date, moments or shifts ahead; None if one is not known here."""
        stretches: list[Stretch] = []
        start = self._midnight(ordinal)
        for until, value in self._stretches(ordinal) if amount else ():
            if isinstance(value, timedelta):
                anchor = self._anchors[bisect_left(self._before, value + amount)]
                if anchor is self._unknown:
                    return None
                stretches.append((until, anchor + (value + amount)))
            elif not self._shifted(stretches, start, until, value, amount):
                return None
            start = until
        return _row_of(self._midnight(ordinal), stretches) if stretches else None

    def _shifted(
        self, stretches: list[Stretch], start: datetime, until: datetime, anchor: datetime, amount: timedelta
    ) -> bool:
        index = bisect_left(self._before, start - anchor + amount)
        while (target := self._anchors[index]) is not self._unknown:
            # The second that fills an interval still ends on its closing.
            jump = anchor + (self._before[index] - amount) + _SECOND
            stretches.append((min(jump, until), target - anchor + amount))
            if jump >= until:
                return True
            index += 1
        return False

    def _built(self, ordinal: int) -> Row | None:
        stretches = self._stretches(ordinal)
        if not stretches:
            return None
        row = self._rows[ordinal] = _row_of(self._midnight(ordinal), stretches)
        return row

    def _stretches(self, ordinal: int) -> list[Stretch]:
        """Return the anchor or the time worked over each stretch of a date; empty if not known here."""
        if ordinal not in self._dates or ordinal in self._unsteady:
            return []
        index = bisect_left(self._opened_on, ordinal)
        midnight = self._midnight(ordinal)
        tomorrow = midnight + _DAY
        stretches: list[Stretch] = []
        while not stretches or stretches[-1][0] < tomorrow:
            anchor, worked, following = self._anchors[index], self._before[index], self._anchors[index + 1]
            closes = midnight if anchor is self._unknown else anchor + worked
            if closes > midnight:
                stretches.append((min(closes, tomorrow), anchor))
            opens = tomorrow if following is self._unknown else following + worked
            if opens > max(closes, midnight):
                stretches.append((min(opens, tomorrow), worked))
            index += 1
        return stretches

    def _midnight(self, ordinal: int) -> datetime:
        return datetime.fromordinal(ordinal).replace(tzinfo=self._unknown.tzinfo)
