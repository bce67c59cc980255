"""Arrow columns: types, nulls, chunks and slices, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pytest

from mcu_sdk.errors import CalendarHorizonError, NaiveMomentError, SlaError
from mcu_sdk.sla import Calendar, arrow, batch, load_rules
from mcu_sdk.sla.arrow.columns import Kind, unit_of
from mcu_sdk.sla.timeline import tables

OFFICE = Calendar.russia(
    zone="Europe/Moscow", schedule="mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
)
EXAMINATION = load_rules().rule("59fz.examination")
COMMENTS = load_rules().rule("comments.90_minutes").replace(counted_on="duty")
FRIDAY = datetime(2026, 1, 16, 12, 30, 0, 999_000, tzinfo=UTC)
MONDAY = datetime(2026, 1, 19, 6, tzinfo=UTC)
EPOCHS = [int(FRIDAY.timestamp()) + hour * 3600 for hour in range(0, 400, 7)]


def stamps(values: list[datetime | None], unit: Any = "us", zone: str = "UTC") -> Any:
    return pa.array(values, pa.timestamp(unit, zone))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Vladivostok", "+03:00"])
def test_answers_have_the_type_of_the_starts(unit: Any, zone: str) -> None:
    """Any unit and zone; fractions of a second are cut off, before 1970 too."""
    whole = FRIDAY.replace(microsecond=0) if unit == "s" else FRIDAY
    column = stamps([whole, None], unit, zone)
    due = arrow.due(column, COMMENTS, OFFICE)
    assert due.type == column.type
    assert due[1].as_py() is None
    assert due.cast(pa.timestamp("s", "UTC"))[0].as_py() == MONDAY
    old = Calendar.weekly(zone="UTC", schedule="mon-sun 00:00-24:00")
    last = datetime(1969, 12, 31, 23, 59, 58, 0 if unit == "s" else 999_000, tzinfo=UTC)
    assert arrow.add(stamps([last], unit), timedelta(seconds=1), old)[0].as_py() == last.replace(
        second=59, microsecond=0
    )


def test_dates_are_starts_of_date_precision() -> None:
    """`date32` gives moments in the calendar's zone, or dates for working days."""
    column = pa.array([date(2025, 12, 8), None, date(2026, 4, 1)])
    due = arrow.due(column, EXAMINATION, OFFICE)
    assert due.type == pa.timestamp("s", "Europe/Moscow")
    assert [str(one) for one in due] == ["2025-12-30 23:59:59+03:00", "None", "2026-04-30 23:59:59+03:00"]
    shifted = arrow.add_working_days(column, pa.array([1, 1, None]), OFFICE)
    assert shifted.to_pylist() == [date(2025, 12, 9), None, None]
    assert shifted.type == pa.date32()
    with pytest.raises(NaiveMomentError, match="needs the time of its start"):
        arrow.due(column, COMMENTS, OFFICE)


def test_working_time_is_a_duration() -> None:
    """A null on either side is a null."""
    starts, ends = stamps([FRIDAY, None, FRIDAY]), stamps([MONDAY, MONDAY, None], "ms", "Asia/Omsk")
    worked = arrow.worked(starts, ends, OFFICE)
    assert worked.type == pa.duration("s")
    assert worked.to_pylist() == [timedelta(minutes=90), None, None]
    assert arrow.worked(starts.slice(0, 1), ends.slice(0, 1), OFFICE).null_count == 0


def test_amounts_are_durations() -> None:
    """One for all rows, or a column of any unit with nulls."""
    column = stamps([FRIDAY, FRIDAY, FRIDAY])
    each = pa.array([timedelta(minutes=90), None, timedelta()], pa.duration("ms"))
    assert arrow.add(column, each, OFFICE).to_pylist() == [
        MONDAY,
        None,
        FRIDAY.replace(microsecond=0),
    ]
    assert arrow.add(column, timedelta(minutes=90), OFFICE).to_pylist() == [MONDAY] * 3
    closing, opening = (
        arrow.add(column, timedelta(minutes=30), OFFICE, at_close)[0].as_py()
        for at_close in ("close", "next_open")
    )
    assert (closing, opening) == (FRIDAY.replace(hour=13, minute=0, microsecond=0), MONDAY.replace(hour=5))


def cut(values: list[int | None], lengths: list[int]) -> Any:
    """A chunked column whose chunks are slices of a longer array."""
    whole = pa.array([0, *values, 0], pa.timestamp("s", "UTC"))
    begin, chunks = 1, []
    for length in lengths:
        chunks.append(whole.slice(begin, length))
        begin += length
    return pa.chunked_array(chunks)


def test_chunks_and_slices_are_read_where_they_lie() -> None:
    """However a column is cut, the answers are those of the whole; chunked in, chunked out."""
    values: list[int | None] = [None if n % 5 == 3 else epoch for n, epoch in enumerate(EPOCHS)]
    plain = arrow.due(pa.array(values, pa.timestamp("s", "UTC")), COMMENTS, OFFICE)
    assert isinstance(plain, pa.Array)
    for lengths in ([len(values)], [1] * len(values), [0, 3, 0, len(values) - 3], [8, 9, len(values) - 17]):
        column = cut(values, lengths)
        due = arrow.due(column, COMMENTS, OFFICE)
        assert isinstance(due, pa.ChunkedArray)
        assert due.to_pylist() == plain.to_pylist()
        due.validate(full=True)
    ends = cut(values[::-1], [5, len(values) - 5])
    worked = arrow.worked(cut(values, [9, len(values) - 9]), ends, OFFICE)
    assert worked.to_pylist() == arrow.worked(cut(values, [len(values)]), ends, OFFICE).to_pylist()


@pytest.mark.parametrize(
    "column", [pa.array([], pa.timestamp("us", "UTC")), pa.chunked_array([], pa.date32())]
)
def test_no_rows(column: Any) -> None:
    """An empty column gives an empty one of the same kind."""
    due = arrow.due(column, EXAMINATION, OFFICE)
    assert len(due) == 0
    assert isinstance(due, type(column))


def test_only_nulls() -> None:
    """Nothing but nulls comes back as such."""
    column = pa.nulls(3, pa.timestamp("us", "UTC"))
    assert arrow.due(column, EXAMINATION, OFFICE).to_pylist() == [None] * 3
    assert arrow.worked(column, stamps([FRIDAY] * 3), OFFICE).null_count == 3
    keys = pa.array(["a", "b", "a"])
    assert (
        arrow.due_grouped(column, keys, {"a": (EXAMINATION, OFFICE), "b": (COMMENTS, OFFICE)}).null_count == 3
    )


def test_what_stands_behind_a_null_is_not_looked_at() -> None:
    """The number under a null, here of 1970, neither raises nor makes a calendar without acts grow."""
    weekly = Calendar.weekly(zone="Asia/Tomsk", schedule="mon-fri 09-18")
    bitmap, data = pa.array([True, False]).buffers()[1], pa.py_buffer(np.array([EPOCHS[0], 5]).data)
    column = pa.Array.from_buffers(pa.timestamp("s", "UTC"), 2, [bitmap, data])
    years = weekly.reach.table.first_year
    for calendar in (OFFICE, weekly):
        assert arrow.due(column, EXAMINATION, calendar).null_count == 1
    assert weekly.reach.table.first_year == years
    assert tables(weekly.definition, years, weekly.reach.table.last_year) is weekly.reach.table


def test_rows_beyond_the_years() -> None:
    """They are counted over all chunks and the first is named; with errors="mask" they are null."""
    late = int(datetime(2029, 5, 6, tzinfo=UTC).timestamp())
    column = cut([EPOCHS[0], None, EPOCHS[1], late, 0, EPOCHS[0]], [3, 3])
    with pytest.raises(CalendarHorizonError) as caught:
        arrow.due(column, EXAMINATION, OFFICE)
    assert caught.value.values == {"missing": 2, "rows": 6, "row": 3, "year": "2029"}
    masked = arrow.due(column, EXAMINATION, OFFICE, errors="mask")
    assert [one is None for one in masked.to_pylist()] == [False, True, False, True, True, False]
    with pytest.raises(CalendarHorizonError, match="row 0, which starts in 2040"):
        arrow.add_working_days(pa.array([date(2040, 1, 1)]), 1, OFFICE)


def test_seconds_are_not_copied() -> None:
    """A column of seconds is read from its own buffer, even a read-only one."""
    data = np.array(EPOCHS)
    data.flags.writeable = False
    column = pa.Array.from_buffers(pa.timestamp("s", "UTC"), len(EPOCHS), [None, pa.py_buffer(data.data)])
    due = arrow.due(column, COMMENTS, OFFICE)
    assert due.cast(pa.int64()).to_pylist() == batch.due(data, COMMENTS, OFFICE).tolist()


def test_keys_of_many_municipalities() -> None:
    """Names or a dictionary, chunks with dictionaries of their own, nulls, names that no row has."""
    terms = {"a": (COMMENTS, OFFICE), "b": (EXAMINATION, OFFICE), "c": (COMMENTS.replace(amount=30), OFFICE)}
    starts = pa.chunked_array([stamps([FRIDAY, FRIDAY, FRIDAY]), stamps([FRIDAY, None])])
    keys = pa.chunked_array([pa.array(["b", None, "a"]), pa.array(["c", "a"])])
    expected = [
        datetime(2026, 2, 13, 20, 59, 59, tzinfo=UTC),
        None,
        MONDAY,
        FRIDAY.replace(hour=13, minute=0, microsecond=0),
        None,
    ]
    for given in (keys, keys.dictionary_encode(), keys.combine_chunks()):
        assert arrow.due_grouped(starts, given, terms).to_pylist() == expected
    unused = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, 1, 0], pa.int8()), pa.array(["a", "c", "?"]))
    assert arrow.due_grouped(starts.combine_chunks(), unused, terms).to_pylist()[0] == MONDAY
    dates = pa.array([date(2025, 12, 8)])
    only = arrow.due_grouped(dates, pa.array([7]), {7: (EXAMINATION, OFFICE)})  # type: ignore[dict-item]  # numbers do as well
    assert [str(one) for one in only] == ["2025-12-30 20:59:59+00:00"]
    with pytest.raises(SlaError) as caught:
        arrow.due_grouped(starts, pa.chunked_array([["a", "a", "a"], ["a", "z"]]), terms)
    assert caught.value.code == "sla.key_unknown"
    assert caught.value.values == {"row": 4, "key": "z"}


def test_a_null_key_is_a_null_wherever_it_stands() -> None:
    """In the row, in the dictionary, over a start that its neighbour's rule could not take."""
    terms = {"duty": (COMMENTS, OFFICE), "desk": (EXAMINATION, OFFICE)}
    dates = pa.array([date(2026, 1, 12), date(2026, 1, 12), None])
    names = pa.array(["duty", "desk", None])
    for places in ([1, None, 1], [1, 2, 1], [1, 2, 0]):
        keys = pa.DictionaryArray.from_arrays(pa.array(places), names)
        found = arrow.due_grouped(dates, keys, terms)
        assert [str(one) for one in found] == ["2026-02-11 20:59:59+00:00", "None", "None"]
    assert arrow.due_grouped(dates.slice(0, 2), pa.nulls(2, pa.string()), {}).null_count == 2


def test_what_stands_beside_a_null_is_not_looked_at() -> None:
    """An amount without a start may be negative, an end without one may lie anywhere."""
    column, weekly = stamps([FRIDAY, None]), Calendar.weekly(zone="Asia/Tomsk", schedule="mon-fri 09-18")
    amounts = pa.array([timedelta(hours=1), -timedelta(hours=1)])
    assert arrow.add(column, amounts, OFFICE).null_count == 1
    last = weekly.reach.table.last_year
    assert arrow.worked(column, stamps([FRIDAY, datetime(2140, 1, 1, tzinfo=UTC)]), weekly).null_count == 1
    assert weekly.reach.table.last_year == last


def test_other_columns_are_refused() -> None:
    """The error names the argument, what it takes and what it was given."""
    column = stamps([FRIDAY])
    naive = pa.array([FRIDAY.replace(tzinfo=None)], pa.timestamp("us"))
    lists = pa.DictionaryArray.from_arrays(pa.array([0]), pa.array([[1]]))
    calls: list[tuple[str, Callable[[], object]]] = [
        ("sla.column_without_zone", lambda: arrow.due(naive, COMMENTS, OFFICE)),
        ("sla.column_without_zone", lambda: arrow.worked(column, naive, OFFICE)),
        ("sla.arrow_column", lambda: arrow.due(pa.array([1]), COMMENTS, OFFICE)),
        (
            "sla.arrow_column",
            lambda: arrow.due(pa.array([date(2026, 1, 1)], pa.date64()), EXAMINATION, OFFICE),
        ),
        ("sla.arrow_column", lambda: arrow.due(np.array([1]), COMMENTS, OFFICE)),  # type: ignore[arg-type]  # on purpose
        ("sla.arrow_column", lambda: arrow.worked(column, pa.array([date(2026, 1, 1)]), OFFICE)),
        ("sla.arrow_column", lambda: arrow.add(column, pa.array([1]), OFFICE)),
        ("sla.arrow_column", lambda: arrow.add_working_days(column, 1, OFFICE)),
        (
            "sla.arrow_column",
            lambda: arrow.add_working_days(pa.array([date(2026, 1, 1)]), pa.array([1.5]), OFFICE),
        ),
        ("sla.column_lengths", lambda: arrow.worked(column, stamps([FRIDAY, FRIDAY]), OFFICE)),
        ("sla.arrow_column", lambda: arrow.add(column, 3600, OFFICE)),  # type: ignore[arg-type]  # on purpose
        ("sla.arrow_column", lambda: arrow.add_working_days(pa.array([date(2026, 1, 1)]), 1.5, OFFICE)),  # type: ignore[arg-type]  # on purpose
        ("sla.arrow_column", lambda: arrow.due_grouped(column, ["a"], {"a": (COMMENTS, OFFICE)})),  # type: ignore[arg-type]  # on purpose
        ("sla.arrow_column", lambda: arrow.due_grouped(column, pa.array([{"a": 1}]), {})),
        ("sla.arrow_column", lambda: arrow.due_grouped(column, lists, {})),
        ("sla.key_unknown", lambda: arrow.due_grouped(column, pa.array(["a"]), {})),
        ("sla.word_unknown", lambda: arrow.due(column, COMMENTS, OFFICE, errors="maks")),  # type: ignore[arg-type]  # on purpose
        ("sla.negative_amount", lambda: arrow.add(column, timedelta(seconds=-1), OFFICE)),
        ("sla.negative_amount", lambda: arrow.add(column, pa.array([timedelta(seconds=-1)]), OFFICE)),
    ]
    for code, call in calls:
        with pytest.raises((SlaError, NaiveMomentError)) as caught:
            call()
        assert caught.value.code == code
        assert caught.value.localized("ru") != str(caught.value)
    assert isinstance(caught.value, SlaError)


def test_every_kind_has_a_word() -> None:
    """The error can name any kind of column that a call may want."""
    for kind in get_args(Kind):
        with pytest.raises(SlaError, match="must be an Arrow array of"):
            unit_of(pa.array([True]), "it", kind)


def test_what_is_wanted_is_said_in_one_language() -> None:
    with pytest.raises(SlaError) as caught:
        arrow.add(stamps([FRIDAY]), None, OFFICE)  # type: ignore[arg-type]  # on purpose
    assert str(caught.value).startswith(
        "amount must be a timedelta or an Arrow array of duration; given: NoneType"
    )
    russian = "amount: нужно timedelta или массив Arrow типа duration, дано: NoneType. "
    assert caught.value.localized("ru").startswith(russian)
