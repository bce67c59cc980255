"""Whole columns beside a copy of the same column in memory and beside the peers, on random rows.

A column is larger than the processor's cache and is timed part by part, a millisecond or so at a time;
all loops take turns, and each part's best round counts. So other work on the machine disturbs some
rounds and not the figure. Answers are held against each peer's before. `python -m benchmarks.bulk`
runs this alone.
"""

from __future__ import annotations

import math
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from benchmarks.calculator import FIRST, LAST, ZONE, Goal, agreed, holidays_off, judged, peer

from mcu_sdk.sla import Calendar, Overlay, OverlayDay, Rule, arrow, batch, load_rules
from mcu_sdk.sla.batch.civil import dates_of
from mcu_sdk.sla.batch.line import line_of
from mcu_sdk.sla.batch.working_time import working_time

PART = 1 << 17
ROWS = 64 * PART
PEER_ROWS = 5_000
PARQUET_ROWS = 10_000_000
ROUNDS = 60
LUNCH = "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
EIGHT_HOURS = 8 * 3600

Part = Callable[[slice], object]


def starts(rows: int, seed: int) -> Any:
    """Random seconds of eight years."""
    begin, end = (
        int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) for day in (FIRST, LAST)
    )
    return np.random.default_rng(seed).integers(begin, end, rows)


def rules() -> tuple[Rule, Rule, Rule]:
    """Eight hours of the office, thirty calendar days moved back, ten working days."""
    book = load_rules()
    hours = book.rule("comments.90_minutes").replace(amount=8, unit="hours", counted_on="office")
    ten = book.rule("portal.ordinary").replace(amount=10, unit="working_days", roll="none")
    return hours, book.rule("59fz.examination"), ten


def in_parts(loops: dict[str, Part], rows: int, rounds: int, part: int = PART) -> dict[str, float]:
    """Return the nanoseconds a row of each loop, from the best round of every part of the rows."""
    parts = [slice(begin, begin + part) for begin in range(0, rows, part)]
    best = {name: [math.inf] * len(parts) for name in loops}
    for _ in range(rounds):
        for number, some in enumerate(parts):
            for name, loop in loops.items():
                begun = time.perf_counter_ns()
                loop(some)
                best[name][number] = min(best[name][number], time.perf_counter_ns() - begun)
    return {name: sum(figures) / rows for name, figures in best.items()}


def instants(office: Calendar, schedule: Any) -> None:
    """Deadlines and working time; *schedule* is workclock's."""
    column, copied, out = starts(ROWS, 1), np.empty(ROWS, np.int64), np.empty(ROWS, np.int64)
    chance = np.random.default_rng(2)
    ends, each = column + chance.integers(0, 200 * 86_400, ROWS), chance.integers(60, 144_000, ROWS)
    eight, thirty, ten = (batch.Prepared(rule, office) for rule in rules())
    loops: dict[str, Part] = {
        "copy": lambda rows: np.copyto(copied[rows], column[rows]),
        "add, one amount": lambda rows: batch.add(column[rows], EIGHT_HOURS, office, out=out[rows]),
        "add, an amount a row": lambda rows: batch.add(column[rows], each[rows], office, out=out[rows]),
        "prepared, 8 working hours": lambda rows: eight.due(column[rows], out=out[rows]),
        "prepared, 30 calendar days": lambda rows: thirty.due(column[rows], out=out[rows]),
        "prepared, 10 working days": lambda rows: ten.due(column[rows], out=out[rows]),
        "worked, to 200 days": lambda rows: batch.worked(column[rows], ends[rows], office, out=out[rows]),
    }
    goals = [
        Goal("add, one amount", "copy", 16),
        Goal("add, an amount a row", "copy", 16),
        Goal("prepared, 8 working hours", "copy", 10),
        Goal("prepared, 30 calendar days", "copy", 10),
        Goal("prepared, 10 working days", "copy", 10),
        Goal("worked, to 200 days", "copy", 18),
        Goal("add, one amount", "workclock.add_many", 200, faster=True),
        Goal("prepared, 8 working hours", "workclock.add_many", 200, faster=True),
        Goal("worked, to 200 days", "workclock.between_many", 200, faster=True),
    ]
    best = in_parts(loops, ROWS, ROUNDS)
    if schedule is not None:
        best |= beside_workclock(office, schedule, column[:PEER_ROWS], ends[:PEER_ROWS])
    judged(f"seconds since 1970, {ZONE}, a row", best, goals)


def beside_workclock(office: Calendar, schedule: Any, column: Any, ends: Any) -> dict[str, float]:
    """Return workclock's figures for both questions, once its answers are found to be ours."""
    few, until = (one.view("datetime64[s]").astype("datetime64[us]") for one in (column, ends))
    amount = timedelta(hours=8)
    added = schedule.add_many(few, amount).astype("datetime64[s]").view(np.int64)
    agreed(batch.add(column, EIGHT_HOURS, office), added, "workclock")
    between = schedule.between_many(few, until).astype("timedelta64[s]").view(np.int64)
    agreed(batch.worked(column, ends, office), between, "workclock")
    loops: dict[str, Part] = {
        "workclock.add_many": lambda rows: schedule.add_many(few[rows], amount),
        "workclock.between_many": lambda rows: schedule.between_many(few[rows], until[rows]),
    }
    return in_parts(loops, len(few), ROUNDS // 4, 500)


def dates(office: Calendar, off: Any) -> None:
    """Working dates beside NumPy's own and those of Polars."""
    column, out = (starts(ROWS, 4) // 86_400).view("datetime64[D]"), np.empty(ROWS, "datetime64[D]")
    counts, seconds = np.random.default_rng(5).integers(1, 40, ROWS), np.empty(ROWS, np.int64)
    table, holidays = np.busdaycalendar(holidays=off), [day.item() for day in off]
    series, (_, thirty, _) = pl.Series(column), rules()

    def offset(rows: slice, days: Any, ahead: int = 0) -> Any:
        return np.busday_offset(column[rows] + ahead, days, roll="preceding", busdaycal=table, out=out[rows])

    few = slice(0, PEER_ROWS)
    due = batch.due(column[few], thirty, office) + 3 * 3600
    agreed(due // 86_400, offset(few, 0, 30).view(np.int64), "numpy")
    agreed(batch.add_working_days(column[few], 10, office), offset(few, 10), "numpy")
    loops: dict[str, Part] = {
        "add_working_days(10)": lambda rows: batch.add_working_days(column[rows], 10, office, out=out[rows]),
        "add_working_days, a count a row": lambda rows: batch.add_working_days(
            column[rows], counts[rows], office, out=out[rows]
        ),
        "due, 30 calendar days": lambda rows: batch.due(column[rows], thirty, office, out=seconds[rows]),
    }
    peers: dict[str, Part] = {
        "busday_offset(10)": lambda rows: offset(rows, 10),
        "busday_offset, a count a row": lambda rows: offset(rows, counts[rows]),
        "busday_offset(0) of + 30": lambda rows: offset(rows, 0, 30),
        "polars add_business_days(10)": lambda rows: series[rows].dt.add_business_days(
            10, holidays=holidays, roll="backward"
        ),
    }
    goals = [
        Goal("add_working_days(10)", "busday_offset(10)", 15, faster=True),
        Goal("due, 30 calendar days", "busday_offset(0) of + 30", 15, faster=True),
        Goal("add_working_days(10)", "polars add_business_days(10)", 15, faster=True),
        Goal("add_working_days, a count a row", "busday_offset, a count a row", 1, faster=True),
    ]
    best = in_parts(loops, ROWS, ROUNDS // 2) | in_parts(peers, ROWS // 8, ROUNDS // 4)
    judged("civil dates, a row", best, goals)


def grouped() -> None:
    """Many municipalities in one table: 2,000 keys that share nine terms, and forty with terms apart."""
    hours, thirty, ten = rules()
    calendars = [Calendar.russia(zone=zone, schedule=LUNCH) for zone in ("Asia/Omsk", "Asia/Chita", ZONE)]
    pairs = [(rule, calendar) for calendar in calendars for rule in (hours, thirty, ten)]
    column, out = starts(PARQUET_ROWS // 10, 7), np.empty(PARQUET_ROWS // 10, np.int64)
    codes = np.random.default_rng(8).integers(0, 2_000, len(column))
    terms = [pairs[code % len(pairs)] for code in range(2_000)]
    apart = [(hours.replace(amount=1 + number), calendars[2]) for number in range(40)]
    loops: dict[str, Part] = {
        "one rule for all": lambda _: batch.due(column, hours, calendars[2], out=out),
        "2,000 keys, 9 terms": lambda _: batch.due_grouped(column, codes, terms, out=out),
        "40 keys, 40 terms": lambda _: batch.due_grouped(column, codes % 40, apart, out=out),
    }
    goals = [
        Goal("2,000 keys, 9 terms", "one rule for all", 10),
        Goal("40 keys, 40 terms", "one rule for all", 10),
    ]
    best = in_parts(loops, len(column), ROUNDS // 2, len(column))
    judged("a rule and a calendar for every row, a row", best, goals)


def files(office: Calendar) -> None:
    """Ten million rows from Parquet to a sum of their deadlines, through each library."""
    hours, _, _ = rules()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "starts.parquet")
        column = pa.array(starts(PARQUET_ROWS, 6) * 10**6, pa.timestamp("us", "UTC"))
        pq.write_table(pa.table({"start": column}), path)
        del column

        def plain() -> int:
            numbers = pq.read_table(path)["start"].combine_chunks().cast(pa.int64()).to_numpy()
            return int(batch.due(numbers // 10**6, hours, office).sum())

        def through_arrow() -> int:
            return _seconds(arrow.due(pq.read_table(path)["start"], hours, office))

        def through_polars() -> int:
            def due(series: pl.Series) -> pl.Series:
                return pl.Series(arrow.due(series.to_arrow(), hours, office))

            asked = pl.col("start").map_batches(due, pl.Datetime("us", "UTC"), is_elementwise=True)
            found = pl.scan_parquet(path).select(asked.dt.epoch("s").sum())
            return int(found.collect(engine="streaming").item())

        def through_duckdb() -> int:
            with duckdb.connect() as base:
                rows = base.sql(f"select start from '{path}'").to_arrow_reader(1_000_000)
                return sum(_seconds(arrow.due(some["start"], hours, office)) for some in rows)

        ways = {"NumPy": plain, "Arrow": through_arrow, "Polars": through_polars, "DuckDB": through_duckdb}
        for name, way in ways.items():
            agreed([way()], [plain()], name)
        loops: dict[str, Part] = {name: lambda _, way=way: way() for name, way in ways.items()}  # type: ignore[misc]  # the default binds it
        best = in_parts(loops, PARQUET_ROWS, ROUNDS // 3, PARQUET_ROWS)
    goals = [Goal(name, "NumPy", 1.3) for name in ("Arrow", "Polars", "DuckDB")]
    judged("ten million rows from a Parquet file to a sum, a row", best, goals)


def _seconds(column: Any) -> int:
    return int(pc.sum(column.cast(pa.timestamp("s", "UTC")).cast(pa.int64())).as_py())


def memory(office: Calendar) -> None:
    """The peak of a million rows, and what the tables of eight years take."""
    column, (hours, thirty, _) = starts(1_000_000, 9), rules()
    calls: dict[str, Callable[[], object]] = {
        "due, 8 working hours": lambda: batch.due(column, hours, office),
        "due, 30 calendar days": lambda: batch.due(column, thirty, office),
        "add": lambda: batch.add(column, EIGHT_HOURS, office),
        "worked": lambda: batch.worked(column, column, office),
    }
    print("\nmemory")
    for name, call in calls.items():
        call()
        tracemalloc.start()
        call()
        peak = tracemalloc.get_traced_memory()[1] / column.nbytes
        tracemalloc.stop()
        print(
            f"  peak of {name} / its output {peak:>38.2f} ×   ≤ 1.4 ×   {'ok' if peak <= 1.4 else 'missed'}"
        )
    line, days, table = line_of(office), dates_of(office), office.reach.table
    arrays = [line.opens, line.closes, line.before, days.working, days.ranks, days.works, days.closings]
    whole = working_time(office).nbytes + sum(one.nbytes for one in arrays)
    eight = whole * 8 / (table.last_year - table.first_year + 1) / 1e6
    same = working_time(Calendar(office.definition)) is working_time(office)
    print(f"  tables of eight years {eight:>42.2f} MB  ≤ 2 MB    {'ok' if eight <= 2 else 'missed'}")
    print(f"  shared by equal calendars {same!s:>38}")


def bulk() -> None:
    """All measurements of whole columns."""
    off = holidays_off()
    overlay = Overlay("off", tuple(OverlayDay(day, working=False, opens=False, act="-") for day in off))
    # What workclock can be told: no working weekends, no shortened days.
    office = Calendar.weekly(zone=ZONE, schedule=LUNCH, overlays=[overlay])
    schedule = None
    if workclock := peer("workclock"):
        work, rest = workclock.WorkDay, workclock.Break(wall(12), wall(12, 48))
        hours = [work(wall(8), wall(17), range(4)), work(wall(8), wall(16), [4]), rest]
        schedule = workclock.Schedule([*hours, workclock.Holidays(off)], time_zone=ZONE)
    instants(office, schedule)
    dates(office, np.array(off, "datetime64[D]"))
    russia = Calendar.russia(zone=ZONE, schedule=LUNCH)
    grouped()
    files(russia)
    memory(russia)


if __name__ == "__main__":
    bulk()
