"""Columns in and out: what is taken, what is refused and how it is said, rows at the edges of chunks."""

from __future__ import annotations

import pickle
import threading
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from mcu_sdk.errors import CalendarHorizonError, CalendarNotChosen, NaiveMomentError, SlaError
from mcu_sdk.sla import Calendar, batch, load_rules
from mcu_sdk.sla.batch import pieces
from mcu_sdk.sla.batch.civil import dates_of
from mcu_sdk.sla.batch.line import line_of
from mcu_sdk.sla.batch.rule_tables import clock_pieces, rule_tables
from mcu_sdk.sla.batch.working_time import WorkingTime, working_time

OFFICE = Calendar.russia(
    zone="Europe/Moscow", schedule="mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
)
EXAMINATION = load_rules().rule("59fz.examination")
COMMENTS = load_rules().rule("comments.90_minutes").replace(counted_on="duty")
START = int(datetime(2026, 1, 16, 12, 30, tzinfo=UTC).timestamp())
DATES = np.array(["2025-12-08", "2026-03-05"], "datetime64[D]")


def starts(rows: int, seed: int = 1) -> Any:
    """Instants of eight years."""
    begin, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2017, 2025))
    return np.random.default_rng(seed).integers(begin, end, rows)


def singly(question: Callable[[datetime], datetime], column: Any) -> list[int]:
    """The same, one by one."""
    moments = (datetime.fromtimestamp(one, OFFICE.zone) for one in column.tolist())
    return [int(question(moment).timestamp()) for moment in moments]


def test_a_comment_of_friday_evening() -> None:
    """Friday 15:30 and 90 minutes of work end on Monday at 09:00, as the guide says of a single call."""
    due = batch.due(np.array([START]), COMMENTS, OFFICE)
    assert datetime.fromtimestamp(int(due[0]), UTC) == datetime(2026, 1, 19, 6, tzinfo=UTC)
    assert due.dtype == np.int64


@pytest.mark.parametrize("rows", [0, 1, 2, 65_535, 65_536, 65_537, 131_073])
def test_rows_around_a_chunk(rows: int) -> None:
    """No row is lost, doubled or moved where one chunk ends and the next begins."""
    column = starts(rows)
    found = batch.due(column, COMMENTS, OFFICE)
    added = batch.add(column, 5_400, OFFICE)
    assert len(found) == rows
    assert found.tolist() == added.tolist()
    some = np.unique(np.clip([0, 1, 65_534, 65_535, 65_536, 65_537, rows - 1], 0, max(rows - 1, 0)))[:rows]
    bound = COMMENTS.bind(OFFICE)
    assert found[some].tolist() == singly(bound.due, column[some])
    ends = np.roll(column, 1)
    worked = batch.worked(column, ends, OFFICE)
    assert (worked + batch.worked(ends, column, OFFICE) == 0).all()
    days = column // 86_400
    dates = batch.add_working_days(days.view("datetime64[D]"), 3, OFFICE)
    each = batch.add_working_days(days.view("datetime64[D]"), np.full(rows, 3), OFFICE)
    assert dates.tolist() == each.tolist()


def test_inputs_are_neither_changed_nor_assumed_to_lie_close() -> None:
    """Read-only, strided, reversed and one-row inputs give the same answers and keep their content."""
    column = starts(1_000)
    before = column.copy()
    column.flags.writeable = False
    plain = batch.due(column, EXAMINATION, OFFICE)
    assert (column == before).all()
    wide = np.repeat(column, 3)
    assert (batch.due(wide[::3], EXAMINATION, OFFICE) == plain).all()
    assert (batch.due(column[::-1], EXAMINATION, OFFICE)[::-1] == plain).all()
    out = np.zeros(2_000, np.int64)
    assert batch.due(column, EXAMINATION, OFFICE, out=out[::2]) is not None
    assert (out[::2] == plain).all()
    assert not out[1::2].any()


def test_answers_go_where_the_caller_says() -> None:
    """`out` is filled and returned, for instants and for dates."""
    out, days = np.empty(2, np.int64), np.empty(2, "datetime64[D]")
    assert np.shares_memory(batch.due(DATES, EXAMINATION, OFFICE, out=out), out)
    assert (out == batch.due(DATES, EXAMINATION, OFFICE)).all()
    assert np.shares_memory(batch.add_working_days(DATES, 1, OFFICE, out=days), days)
    assert days.tolist() == [date(2025, 12, 9), date(2026, 3, 6)]


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ([START], "list"),
        (None, "NoneType"),
        (np.array([START], np.int32), "1-dimensional int32"),
        (np.array([START], ">i8"), "1-dimensional >i8"),
        (np.array([START], np.float64), "1-dimensional float64"),
        (np.array([START], "datetime64[s]"), "1-dimensional datetime64[s]"),
        (np.array([[START]]), "2-dimensional int64"),
        (np.array(["x"]), "1-dimensional <U1"),
        (np.array([None]), "1-dimensional object"),
        (np.ma.array([START], mask=[True]), "MaskedArray"),
    ],
)
def test_other_columns_are_refused(column: Any, found: str) -> None:
    """The error names the argument, what it takes and what it was given."""
    calls: list[Callable[[], object]] = [
        lambda: batch.due(column, EXAMINATION, OFFICE),
        lambda: batch.add(column, 1, OFFICE),
        lambda: batch.worked(column, np.array([START]), OFFICE),
        lambda: batch.add_working_days(column, 1, OFFICE),
    ]
    for call in calls:
        with pytest.raises(SlaError) as caught:
            call()
        assert caught.value.code == "sla.column"
        assert caught.value.values["found"] == found
        assert caught.value.values["name"] in ("starts", "dates")


def test_the_other_arguments_are_checked_too() -> None:
    """Lengths, amounts, counts, codes and outputs that do not fit are named."""
    one, two = np.array([START]), np.array([START, START])
    frozen = np.empty(2, np.int64)
    frozen.flags.writeable = False
    refused: list[tuple[str, Callable[[], object]]] = [
        ("sla.column_lengths", lambda: batch.worked(one, two, OFFICE)),
        ("sla.column_lengths", lambda: batch.add(two, np.array([1]), OFFICE)),
        ("sla.column", lambda: batch.add(two, np.array([1.5, 2]), OFFICE)),
        ("sla.column", lambda: batch.add(two, 1.5, OFFICE)),  # type: ignore[arg-type]  # on purpose
        ("sla.column", lambda: batch.worked(one, DATES[:1], OFFICE)),
        ("sla.column", lambda: batch.due(two, EXAMINATION, OFFICE, out=np.empty(2, "datetime64[s]"))),
        ("sla.column_out", lambda: batch.due(two, EXAMINATION, OFFICE, out=np.empty(3, np.int64))),
        ("sla.column_out", lambda: batch.due(two, EXAMINATION, OFFICE, out=two)),
        ("sla.column_out", lambda: batch.due(two, EXAMINATION, OFFICE, out=frozen)),
        ("sla.negative_amount", lambda: batch.add(two, -1, OFFICE)),
        ("sla.negative_amount", lambda: batch.add(two, np.array([3, -1]), OFFICE)),
        ("sla.codes", lambda: batch.due_grouped(two, np.array([0.0, 1]), [(EXAMINATION, OFFICE)])),
        ("sla.codes", lambda: batch.due_grouped(two, np.array([0]), [(EXAMINATION, OFFICE)])),
        ("sla.key_unknown", lambda: batch.due_grouped(two, np.array([0, 1]), [(EXAMINATION, OFFICE)])),
        ("sla.key_unknown", lambda: batch.due_grouped(two, np.array([0, -1]), [(EXAMINATION, OFFICE)])),
    ]
    for code, call in refused:
        with pytest.raises(SlaError) as caught:
            call()
        assert caught.value.code == code
        assert caught.value.localized("ru") != str(caught.value)
    with pytest.raises(NaiveMomentError, match="needs the time of its start"):
        batch.due(DATES, COMMENTS, OFFICE)
    with pytest.raises(NaiveMomentError, match="needs the time of its start"):
        batch.due(DATES, EXAMINATION.replace(day_point="same_time"), OFFICE)
    with pytest.raises(CalendarNotChosen):
        batch.Prepared(load_rules().rule("comments.90_minutes"), OFFICE)


def test_rows_beyond_the_years_are_counted_and_the_first_is_named() -> None:
    """One error for the column; with errors="mask" the others are answered."""
    late = int(datetime(2027, 12, 31, 20, tzinfo=UTC).timestamp())
    column = np.array([START, late, START, 0, START])
    with pytest.raises(CalendarHorizonError) as caught:
        batch.due(column, EXAMINATION, OFFICE)
    assert caught.value.values == {"missing": 2, "rows": 5, "row": 1, "year": "2027"}
    masked = batch.due(column, EXAMINATION, OFFICE, errors="mask")
    assert (masked == batch.NO_ANSWER).tolist() == [False, True, False, True, False]
    with pytest.raises(CalendarHorizonError, match=r"1 of 2 rows .* row 1, which starts in 2031"):
        batch.add_working_days(np.array(["2026-03-05", "2031-05-01"], "datetime64[D]"), 1, OFFICE)
    missing = np.array(["NaT", "2026-03-05"], "datetime64[D]")
    assert batch.add_working_days(missing, 1, OFFICE, errors="mask").tolist() == [None, date(2026, 3, 6)]
    assert batch.worked(column, column, OFFICE, errors="mask").tolist() == [0, 0, 0, batch.NO_ANSWER, 0]


def test_a_projected_calendar_grows_and_its_tables_with_it() -> None:
    """Rows past the acts are searched at first; then the tables cover them."""
    calendar = Calendar.russia(zone="Asia/Omsk", schedule="mon-fri 09-18", projected=True)
    column = np.array([int(datetime(2031, 5, day, tzinfo=UTC).timestamp()) for day in (6, 7, 8)])
    bound = EXAMINATION.bind(calendar)
    expected = [int(bound.due(datetime.fromtimestamp(one, UTC)).timestamp()) for one in column.tolist()]
    tables = rule_tables(EXAMINATION, calendar)
    assert batch.due(column, EXAMINATION, calendar).tolist() == expected
    read = tables.ways(dated=False).read
    assert read is not None
    answers = np.empty_like(column)
    assert read(column, answers, pieces.Scratch(3)) is None
    assert answers.tolist() == expected


def test_zero_is_the_start_itself() -> None:
    """No amount gives the start, also while the office is closed; nothing is refused for it."""
    night = np.array([START + 43_200, START])
    assert (batch.add(night, 0, OFFICE) == night).all()
    assert (batch.add(night, np.array([0, 60]), OFFICE) == night + np.array([0, 60])).all()
    assert (batch.due(night, COMMENTS.replace(amount=0), OFFICE) == night).all()
    far = np.array(["1800-01-01", "9000-01-01"], "datetime64[D]")
    assert (batch.add_working_days(far, 0, OFFICE) == far).all()


def test_prepared_rules_travel_and_share() -> None:
    """Equal ones are equal, pickle small, and share the tables of equal calendars."""
    ready = batch.Prepared(COMMENTS, OFFICE)
    other = Calendar(OFFICE.definition)
    assert other is not OFFICE
    assert batch.Prepared(COMMENTS, other) == ready == pickle.loads(pickle.dumps(ready))
    assert len(pickle.dumps(ready)) < 8_000
    assert rule_tables(COMMENTS, other) is rule_tables(COMMENTS, OFFICE)
    assert working_time(other) is working_time(OFFICE)
    assert dates_of(other) is dates_of(OFFICE)
    assert line_of(other) is line_of(OFFICE)
    assert "59fz" not in repr(ready)


def test_threads_share_the_tables() -> None:
    """Calls of several threads at once give the answers of one."""
    calendar = Calendar.russia(zone="Asia/Chita", schedule="mon-fri 09-18")
    column = starts(200_000)
    found: list[Any] = []
    workers = [
        threading.Thread(target=lambda: found.append(batch.add(column, 30_000, calendar))) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 4
    assert all((one == found[0]).all() for one in found)


def nbytes_of_eight_years(calendar: Calendar) -> int:
    """What the tables of a calendar take, in proportion to its years."""
    table = calendar.reach.table
    line, dates = line_of(calendar), dates_of(calendar)
    arrays = [line.opens, line.closes, line.before, dates.working, dates.ranks, dates.works, dates.closings]
    whole = working_time(calendar).nbytes + sum(one.nbytes for one in arrays)
    return whole * 8 // (table.last_year - table.first_year + 1)


@pytest.mark.parametrize(
    "schedule",
    [
        "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48",
        "mon-fri 09:00-18:00; break 10:45-11:00 13:00-14:00 15:45-16:00",
        "mon-sun 00:00-24:00",
        "mon-fri 09:00-09:05 09:10-09:15 09:20-09:25 10:00-16:00",
    ],
)
def test_tables_are_small(schedule: str) -> None:
    """Two megabytes for eight years of any schedule; a megabyte more for a prepared rule."""
    calendar = Calendar.russia(zone="Europe/Moscow", schedule=schedule, week="five")
    assert nbytes_of_eight_years(calendar) <= 2_000_000
    years = calendar.reach.table.last_year - calendar.reach.table.first_year + 1
    assert clock_pieces(line_of(calendar), 8 * 3600).nbytes * 8 // years <= 1_000_000


def test_memory_stays_near_the_output() -> None:
    """At the peak, a million rows take at most 1.4 times their output."""
    column = starts(1_000_000)
    ready = batch.Prepared(COMMENTS.replace(amount=480), OFFICE)
    calls: list[Callable[[], object]] = [
        lambda: ready.due(column),
        lambda: batch.due(column, EXAMINATION, OFFICE),
        lambda: batch.add(column, 28_800, OFFICE),
        lambda: batch.worked(column, column, OFFICE),
    ]
    for call in calls:
        call()
        tracemalloc.start()
        call()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak <= 1.4 * column.nbytes


def test_most_rows_are_read_and_not_searched() -> None:
    """The tables answer for ordinary columns by themselves; only rows past them are searched."""
    column = starts(10_000)
    scratch, answers = pieces.Scratch(len(column)), np.empty_like(column)
    for rule in (COMMENTS, COMMENTS.replace(amount=480), EXAMINATION, EXAMINATION.replace(floor="next_open")):
        read = rule_tables(rule, OFFICE).ways(dated=False).read
        assert read is not None
        assert read(column, answers, scratch) is None
    tables = working_time(OFFICE)
    assert isinstance(tables, WorkingTime)
    assert tables.add(column, 3_600, answers, scratch, next_open=False) is None
    assert tables.worked(column, column, answers, scratch) is None


def test_a_year_of_minutes_is_exact() -> None:
    """Every fourth minute of a year with all its edges, by three ways of counting."""
    begin = int(datetime(2025, 12, 1, tzinfo=UTC).timestamp())
    column = begin + np.arange(0, 60 * 86_400, 240)
    bound = COMMENTS.replace(amount=432).bind(OFFICE)
    expected = singly(bound.due, column)
    assert batch.due(column, bound.rule, OFFICE).tolist() == expected
    assert batch.add(column, 432 * 60, OFFICE).tolist() == expected
    back = batch.worked(column, np.array(expected), OFFICE)
    assert (back == 432 * 60).all()
    added = [int(timedelta(seconds=432 * 60).total_seconds())] * len(column)
    assert batch.add(column, np.array(added), OFFICE).tolist() == expected


def test_a_calendar_that_grew_far_back_answers_as_before() -> None:
    """Once it covers 1902, an interval of round-the-clock work opens too long ago for 32 bits."""
    clock = Calendar.round_the_clock("Europe/Moscow")
    now, typo = (int(datetime(year, 1, 16, 12, tzinfo=UTC).timestamp()) for year in (2026, 1906))
    for _ in range(2):
        assert batch.due(np.array([now, typo]), COMMENTS, clock).tolist() == [now + 5_400, typo + 5_400]
    assert clock.reach.table.first_year < 1907


def test_more_intervals_than_can_be_numbered_are_searched() -> None:
    """144 intervals a date are too many to be numbered beside a place in 32 bits."""
    minutes = ((minute, minute + 5) for minute in range(0, 1435, 10))
    hours = " ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in minutes)
    crowded = Calendar.weekly(zone="UTC", schedule=f"mon-sun {hours}")
    column = starts(200)
    moments = [datetime.fromtimestamp(one, UTC) for one in column.tolist()]
    counted = [int(crowded.add(moment, timedelta(minutes=7)).timestamp()) for moment in moments]
    assert batch.add(column, 420, crowded).tolist() == counted
    assert batch.due(column, COMMENTS.replace(amount=7), crowded).tolist() == counted


def test_tables_are_kept_however_many_calendars_there_are() -> None:
    """A region of three hundred towns finds the tables of the first one where it left them."""
    hours = (f"mon 09:00-{10 + number // 60}:{number % 60:02}" for number in range(300))
    towns = [Calendar.weekly(zone="Asia/Omsk", schedule=schedule) for schedule in hours]
    ready = [rule_tables(COMMENTS, town) for town in towns]
    assert all(rule_tables(COMMENTS, town) is one for town, one in zip(towns, ready, strict=True))
    again = Calendar(towns[0].definition)
    assert again.reach is towns[0].reach


def test_answers_may_lie_between_the_starts_but_not_on_the_codes() -> None:
    """Memory is shared only where the same bytes are."""
    table = np.array([[START, 0], [START + 60, 0]])
    batch.due(table[:, 0], COMMENTS, OFFICE, out=table[:, 1])
    assert table[:, 1].tolist() == batch.due(table[:, 0].copy(), COMMENTS, OFFICE).tolist()
    codes = np.zeros(2, np.int64)
    with pytest.raises(SlaError) as caught:
        batch.due_grouped(table[:, 0], codes, [(COMMENTS, OFFICE)], out=codes)
    assert caught.value.code == "sla.column_out"
    with pytest.raises(SlaError) as caught:
        batch.due_grouped(table[:, 0], np.ma.array([0, 0], mask=[False, True]), [(COMMENTS, OFFICE)])
    assert caught.value.code == "sla.codes"


@pytest.mark.parametrize(
    "call",
    [
        lambda: batch.due(np.array([START]), COMMENTS, OFFICE, errors="maks"),  # type: ignore[arg-type]  # on purpose
        lambda: batch.add(np.array([START]), 1, OFFICE, "next-open"),  # type: ignore[arg-type]  # on purpose
        lambda: OFFICE.add(datetime(2026, 1, 16, tzinfo=UTC), timedelta(1), "next-open"),  # type: ignore[arg-type]  # on purpose
        lambda: OFFICE.roll(date(2026, 1, 7), "nxt"),  # type: ignore[arg-type]  # on purpose
    ],
)
def test_a_misspelt_word_does_not_pass_for_another(call: Callable[[], object]) -> None:
    with pytest.raises(SlaError, match="known are") as caught:
        call()
    assert caught.value.code == "sla.word_unknown"
    assert "есть:" in caught.value.localized("ru")
