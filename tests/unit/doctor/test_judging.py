"""Facts in, findings out: every edge of every judgement, without a world around."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mcu_sdk.doctor.far_side import FarAnswer, FarSide, ask_date, judge_far_side
from mcu_sdk.doctor.finding import Finding
from mcu_sdk.doctor.horizon import judge_calendars, judge_horizon
from mcu_sdk.doctor.machine import (
    EXTRAS,
    SqliteFacts,
    judge_extras,
    judge_python,
    judge_sqlite,
    python_ends,
)
from mcu_sdk.doctor.secret_places import SecretPlace, judge_secret_place
from mcu_sdk.doctor.storage import Disk, StoreState, judge_disk, judge_store
from mcu_sdk.doctor.trust import CaFile, Root, judge_ca_file, judge_roots
from mcu_sdk.doctor.zones import Probe, ZoneFacts, judge_zones
from mcu_sdk.errors import McuError, StoreError, TransportError, UsageError
from mcu_sdk.intake import Heartbeat
from mcu_sdk.municipality import Municipality
from mcu_sdk.sla import ProductionCalendar
from mcu_sdk.wire import Response

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MEGABYTE = 1_000_000


def codes(findings: Finding | tuple[Finding, ...]) -> list[str]:
    """The codes found, one or many."""
    return [item.code for item in ((findings,) if isinstance(findings, Finding) else findings)]


@pytest.mark.parametrize(
    ("version", "today", "code"),
    [
        ("3.11.7", date(2027, 5, 3), "python.good"),
        ("3.11.7", date(2027, 5, 4), "python.ends_soon"),
        ("3.11.7", date(2027, 10, 31), "python.ends_soon"),
        ("3.11.7", date(2027, 11, 1), "python.ended"),
        ("3.12.0", date(2027, 11, 1), "python.good"),
        ("3.99.0", date(2027, 11, 1), "python.unknown"),
    ],
)
def test_python(version: str, today: date, code: str) -> None:
    """A Python is warned of from 180 calendar days before its last date of support."""
    assert codes(judge_python(version, python_ends(), today)) == [code]


def test_every_python_that_the_package_names_has_its_end() -> None:
    """The classifiers of the package and the table of ends agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {line.rsplit(" ", 1)[1] for line in project["classifiers"] if ":: 3." in line}
    assert named
    assert named <= python_ends().keys()


@pytest.mark.parametrize(
    ("used", "package", "found_minutes", "code"),
    [
        ("2026f", "2026f", 180, "zone_data.good"),
        ("2026g", "2026f", 180, "zone_data.good"),
        ("2026a", "2026f", 180, "zone_data.older"),
        ("2025z", "2026a", 180, "zone_data.older"),
        ("unknown", "2026f", 180, "zone_data.unnamed"),
        ("unknown", "2026f", 240, "zone_data.wrong"),
        ("2026f", "2026f", 240, "zone_data.wrong"),
        ("2026f", "2026f", None, "zone_data.missing"),
    ],
)
def test_zones(used: str, package: str, found_minutes: int | None, code: str) -> None:
    """A wrong offset weighs more than the name of an edition; a newer system is no fault."""
    probe = Probe("Europe/Volgograd", datetime(2020, 12, 26, 22, tzinfo=UTC), 180, found_minutes)
    assert codes(judge_zones(ZoneFacts(used, package, (probe,)))) == [code]


@pytest.mark.parametrize(
    ("version", "thread_safety", "code"),
    [
        ((3, 37, 0), 1, "sqlite.good"),
        ((3, 51, 3), 3, "sqlite.good"),
        ((3, 36, 9), 3, "sqlite.too_old"),
        ((3, 51, 3), 0, "sqlite.one_thread"),
    ],
)
def test_sqlite(version: tuple[int, int, int], thread_safety: int, code: str) -> None:
    """STRICT tables came with 3.37."""
    assert codes(judge_sqlite(SqliteFacts(version, thread_safety))) == [code]


def test_extras_are_told_apart() -> None:
    """What is there and what is not."""
    found = judge_extras({"cli": True, "xlsx": False, "otel": True})
    assert (found.level, found.facts) == ("note", {"installed": "cli, otel", "missing": "xlsx"})


def test_the_extras_are_those_of_the_package() -> None:
    """Each extra of the package is looked for, by a module of each of its libraries."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert EXTRAS.keys() == extras.keys() - {"all"}
    for extra, requirements in extras.items():
        for requirement in requirements:
            if not requirement.startswith("mcu-sdk["):
                assert any(requirement.startswith(module) for module in EXTRAS[extra]), requirement


@pytest.mark.parametrize(
    ("version", "count", "today", "code"),
    [
        ("2026.10.18", 117, date(2027, 10, 18), "roots.good"),
        ("2026.10.18", 117, date(2027, 10, 19), "roots.old"),
        ("2026.2.30", 117, date(2027, 10, 19), "roots.unnamed"),
        ("of the system", 117, date(2027, 10, 19), "roots.unnamed"),
        ("2026.10.18", 0, date(2026, 10, 19), "roots.missing"),
    ],
)
def test_roots(version: str, count: int, today: date, code: str) -> None:
    """The version of certifi is a date; after a year it is old."""
    assert codes(judge_roots(version, count, today)) == [code]


SOON, LATER, GONE = NOON + timedelta(days=30), NOON + timedelta(days=30, seconds=1), NOON


@pytest.mark.parametrize(
    ("ends_at", "others", "found"),
    [
        ((LATER,), 0, ["ca_file.good"]),
        ((SOON,), 0, ["ca_file.ends_soon"]),
        ((GONE,), 0, ["ca_file.ended"]),
        ((GONE, GONE), 0, ["ca_file.ended"]),
        ((GONE, LATER), 0, ["ca_file.one_ended"]),
        ((GONE, SOON), 0, ["ca_file.one_ended", "ca_file.ends_soon"]),
        ((GONE,), 1, ["ca_file.one_ended"]),
        ((), 1, ["ca_file.good"]),
    ],
)
def test_ca_file(ends_at: tuple[datetime, ...], others: int, found: list[str]) -> None:
    """One expired root among valid ones is a warning, none valid is trouble."""
    roots = tuple(Root(f"Root {number}", moment) for number, moment in enumerate(ends_at))
    assert codes(judge_ca_file(CaFile("portal", "root.pem", roots, others), NOON)) == found


def test_an_unusable_ca_file_says_why() -> None:
    """The client's own words are repeated."""
    problem = UsageError("usage.ca_file", "no such file", "", file="root.pem", reason="no such file")
    (found,) = judge_ca_file(CaFile("portal", "root.pem", problem=problem), NOON)
    assert (found.code, found.level) == ("ca_file.unusable", "trouble")
    assert "Нужен файл PEM" in found.text.ru
    assert found.text.en == "portal: no such file"


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2026, 10, 31), "horizon.good"),
        (date(2026, 11, 1), "horizon.ends_soon"),
        (date(2026, 11, 30), "horizon.ends_soon"),
        (date(2026, 12, 1), "horizon.ends"),
        (date(2027, 1, 1), "horizon.ended"),
        (date(2025, 12, 31), "horizon.good"),
    ],
)
def test_horizon(today: date, code: str) -> None:
    """The next year's calendar is missed from 1 November, and needed from 1 December."""
    production = replace(ProductionCalendar.load(), last_year=2026)
    assert codes(judge_horizon(production, today)) == [code]


def test_the_horizon_names_the_missing_year() -> None:
    """The warning is of the year that is not there."""
    production = replace(ProductionCalendar.load(), last_year=2026, version="2025-09-25")
    found = judge_horizon(production, date(2026, 11, 1))
    assert "на 2027 год ещё нет (данные mcu-sdk от 2025-09-25)" in found.text.ru
    assert "обновить mcu-sdk" in found.ask.ru


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (datetime(2026, 1, 12, 9, tzinfo=UTC), ["calendars.good"]),
        (datetime(2027, 11, 15, 9, tzinfo=UTC), ["calendars.extension"]),
        (datetime(2027, 12, 31, 20, tzinfo=UTC), ["calendars.rule", "calendars.rule", "calendars.rule"]),
        (datetime(2028, 1, 1, 9, tzinfo=UTC), ["calendars.today", *3 * ["calendars.rule"]]),
        (datetime(2027, 12, 31, 21, tzinfo=UTC), ["calendars.today", *3 * ["calendars.rule"]]),
    ],
)
def test_calendars(now: datetime, found: list[str]) -> None:
    """The farthest term of the policy begins today; "today" is the municipality's, three hours ahead."""
    town = Municipality.load(ROOT / "examples" / "meshchovsk.toml")
    assert codes(judge_calendars(town, now)) == found


def test_the_farthest_term_is_named() -> None:
    """Thirty calendar days from 12 January."""
    town = Municipality.load(ROOT / "examples" / "meshchovsk.toml")
    (found,) = judge_calendars(town, datetime(2026, 1, 12, 9, tzinfo=UTC))
    assert found.facts == {"rule": "59fz.examination", "due": date(2026, 2, 11)}
    assert "11.02.2026" in found.text.ru


def unreached(code: str) -> TransportError:
    return TransportError(code, "it failed", "", delivered="no", kind="ConnectError")


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        (FarAnswer(200, NOON), ["reach.good", "clock.good"]),
        (FarAnswer(404, NOON), ["reach.good", "clock.good"]),
        (FarAnswer(499, None), ["reach.good", "clock.unknown"]),
        (FarAnswer(500, NOON), ["reach.unavailable", "clock.good"]),
        (unreached("transport.not_reached"), ["reach.failed"]),
        (unreached("transport.certificate_expired"), ["reach.untrusted"]),
        (unreached("transport.certificate_authority"), ["reach.untrusted"]),
    ],
)
def test_far_side(outcome: FarAnswer | McuError, found: list[str]) -> None:
    """Any answer shows that the way is open; a refused certificate asks something else of somebody else."""
    assert codes(judge_far_side(FarSide("portal", outcome, NOON, NOON))) == found


@pytest.mark.parametrize(
    ("theirs", "took", "code", "off_seconds"),
    [
        (0, 0, "clock.good", None),
        (-3, 0, "clock.good", None),  # their second lasts until 2 s before ours
        (-4, 0, "clock.off", 3),
        (-61, 0, "clock.off", 60),
        (-62, 0, "clock.wrong", 61),
        (2, 0, "clock.good", None),
        (3, 0, "clock.off", 3),
        (60, 0, "clock.off", 60),
        (61, 0, "clock.wrong", 61),
        (5, 5, "clock.good", None),  # it may have been that late on the way
        (8, 5, "clock.off", 3),
    ],
)
def test_clock(theirs: int, took: int, code: str, off_seconds: int | None) -> None:
    """Only what neither the cut second nor the way explains counts as a difference."""
    date = NOON + timedelta(seconds=theirs)
    facts = FarSide("portal", FarAnswer(200, date), NOON, NOON + timedelta(seconds=took))
    _, found = judge_far_side(facts)
    assert (found.code, found.facts.get("off_seconds")) == (code, off_seconds)


def test_the_clock_is_fast_or_slow() -> None:
    """Which of the two is said in both languages."""
    for theirs, russian, english in ((-90, "спешат", "fast"), (90, "отстают", "slow")):
        answer = FarAnswer(200, NOON + timedelta(seconds=theirs))
        _, found = judge_far_side(FarSide("portal", answer, NOON, NOON))
        assert russian in found.text.ru
        assert english in found.text.en
        assert found.as_json("en")["facts"] == {
            "account": "portal",
            "direction": english,
            "off_seconds": 89 if theirs < 0 else 90,
        }


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        ({"date": "Tue, 24 Nov 2026 12:00:00 GMT"}, NOON),
        ({"date": "Tue, 24 Nov 2026 12:00:00 -0000"}, NOON),
        ({"date": "Tuesday, 24-Nov-26 12:00:00 GMT"}, NOON),
        ({"date": "Tue, 24 Nov 2026 15:00:00 +0300"}, NOON),
        ({"date": "Tue, 24 Nov 2026 12:00:00 GMT", "age": "7200"}, None),
        ({"date": "вчера"}, None),
        ({"date": "Tue, 99 Nov 2026 12:00:00 GMT"}, None),
        ({"date": "Tue, 24 Nov 99999 12:00:00 GMT"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("status", [200, 401, 503])
def test_the_date_of_any_answer_is_read(
    status: int, headers: dict[str, str], moment: datetime | None
) -> None:
    """Every form that HTTP knows; a copy out of a cache and nonsense tell no time."""
    assert ask_date().read(Response(status, headers)) == FarAnswer(status, moment)


def test_asking_for_the_date_shows_nothing_and_changes_nothing() -> None:
    """A plain GET without the account's token."""
    request = ask_date().request
    assert (request.method, request.target, request.authorized) == ("GET", "/", False)
    assert (request.headers, request.body) == ((), None)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (SecretPlace("portal", "client_secret", "env:KEY"), "secrets.good"),
        (SecretPlace("portal", "client_secret", "env:KEY", "no_variable"), "secrets.no_variable"),
        (SecretPlace("portal", "client_secret", "file:/k", "no_file"), "secrets.no_file"),
        (SecretPlace("portal", "client_secret", "file:/k", "no_right"), "secrets.no_right"),
        (SecretPlace("portal", "client_secret", "file:/k", "no_text"), "secrets.no_text"),
        (SecretPlace("portal", "client_secret", "file:/k", open_to_all=True), "secrets.open_to_all"),
    ],
)
def test_secret_places(place: SecretPlace, code: str) -> None:
    """What is missing is told by its place."""
    found = judge_secret_place(place)
    assert found.code == code
    assert found.facts["place"] == place.reference.partition(":")[2]


DISK = Disk("town.sqlite3", 10 * MEGABYTE, 2000 * MEGABYTE, writable=True)


@pytest.mark.parametrize(
    ("disk", "found"),
    [
        (DISK, ["disk.good"]),
        (replace(DISK, free_bytes=1000 * MEGABYTE), ["disk.good"]),
        (replace(DISK, free_bytes=1000 * MEGABYTE - 1), ["disk.little"]),
        (replace(DISK, free_bytes=100 * MEGABYTE), ["disk.little"]),
        (replace(DISK, free_bytes=100 * MEGABYTE - 1), ["disk.full"]),
        (replace(DISK, free_bytes=0), ["disk.full"]),
        (replace(DISK, file_bytes=1000 * MEGABYTE), ["disk.good"]),
        (replace(DISK, file_bytes=1000 * MEGABYTE + 1), ["disk.little"]),
        (replace(DISK, writable=False), ["disk.good", "disk.not_writable"]),
        (replace(DISK, journal_bytes=1), ["disk.good", "disk.journal"]),
        (replace(DISK, log_bytes=1), ["disk.good", "disk.log"]),
        (replace(DISK, file_bytes=None), ["disk.good", "disk.no_file"]),
        (replace(DISK, file_bytes=None, free_bytes=None), ["disk.no_place"]),
    ],
)
def test_disk(disk: Disk, found: list[str]) -> None:
    """Less than 1 GB or twice the file is little, less than 100 MB is none."""
    assert codes(judge_disk(disk)) == found


def beat(minutes: float | None, failure: str | None = None) -> Heartbeat:
    succeeded_at = None if minutes is None else NOON - timedelta(minutes=minutes)
    return Heartbeat("portal main", NOON, succeeded_at, failure)


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (StoreState("s"), ["store.good", "collecting.never"]),
        (StoreState("s", beats=(beat(60),)), ["store.good", "collecting.good"]),
        (StoreState("s", beats=(beat(61),)), ["store.good", "collecting.quiet"]),
        (StoreState("s", beats=(beat(5, "api.unavailable"),)), ["store.good", "collecting.good"]),
        (StoreState("s", beats=(beat(61, "api.unavailable"),)), ["store.good", "collecting.failing_since"]),
        (StoreState("s", beats=(beat(None, "api.forbidden"),)), ["store.good", "collecting.failing"]),
        (StoreState("s", beats=(beat(1), beat(90))), ["store.good", "collecting.good", "collecting.quiet"]),
        (StoreState("s", flaws=("a", "b")), ["store.broken"]),
        (StoreState("s", StoreError("store.newer", "newer", place="s")), ["store.unusable"]),
        (StoreState("s", StoreError("store.failed", "no"), interrupted=True), ["store.interrupted"]),
    ],
)
def test_store(state: StoreState, found: list[str]) -> None:
    """An hour without a success is too long; what cannot be read is told first."""
    assert codes(judge_store(state, NOON)) == found
