"""All checks, one after another. A check that fails is a finding too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from mcu_sdk.channels.portal import PortalSettings
from mcu_sdk.doctor.far_side import gather_far_side, judge_far_side
from mcu_sdk.doctor.finding import Finding, finding, words_of
from mcu_sdk.doctor.horizon import judge_calendars, judge_horizon
from mcu_sdk.doctor.machine import (
    gather_extras,
    gather_python,
    gather_sqlite,
    judge_extras,
    judge_python,
    judge_sqlite,
    python_ends,
)
from mcu_sdk.doctor.secret_places import gather_secret_places, judge_secret_place
from mcu_sdk.doctor.storage import gather_disk, gather_store, judge_disk, judge_store
from mcu_sdk.doctor.trust import gather_ca_file, gather_roots, judge_ca_file, judge_roots
from mcu_sdk.doctor.zones import gather_zones, judge_zones
from mcu_sdk.errors import McuError, NaiveMomentError, ProfileError
from mcu_sdk.municipality import Municipality
from mcu_sdk.sla import ProductionCalendar, Text

__all__ = ["examine"]

_MOST_AT_ONCE = 8

Check = Callable[[], Finding | Iterable[Finding]]


def examine(
    *,
    profile: str | Path | None = None,
    inbox: str | Path | None = None,
    offline: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Finding, ...]:
    """Return what is found about this machine, a municipality's file and the SQLite file of its inbox.

    Nothing is written, and no secret is sent: each account's address is asked once, without
    credentials, for 5 seconds at most; with *offline* not even that. *now* is the clock that is compared
    with the far side's. Raises NaiveMomentError for a clock without a zone; all else is a finding.

    >>> {item.level for item in examine(offline=True) if item.check in ("profile", "disk")}
    {'skipped'}
    """
    began_at = now()
    if began_at.utcoffset() is None:
        raise NaiveMomentError("time.naive", "the moment has no zone", "use an aware datetime")
    found = [*_of_machine(began_at)]
    if profile is None:
        found.append(finding("profile.skipped"))
    else:
        found += _of_profile(Path(profile), began_at, offline=offline, now=now)
    if inbox is None:
        found.append(finding("disk.skipped"))
    else:
        found += _of_inbox(Path(inbox), began_at)
    return tuple(found)


def _of_machine(now: datetime) -> Iterator[Finding]:
    today = now.date()
    yield from _kept("python", lambda: judge_python(gather_python(), python_ends(), today))
    yield from _kept("extras", lambda: judge_extras(gather_extras()))
    yield from _kept("zone_data", lambda: judge_zones(gather_zones()))
    yield from _kept("sqlite", lambda: judge_sqlite(gather_sqlite()))
    yield from _kept("roots", lambda: judge_roots(*gather_roots(), today))
    yield from _kept("horizon", lambda: judge_horizon(ProductionCalendar.load(), today))


def _of_profile(
    path: Path, began_at: datetime, *, offline: bool, now: Callable[[], datetime]
) -> Iterator[Finding]:
    try:
        town = Municipality.load(path)
    except ProfileError as error:
        for mistake in error.mistakes:
            reason = Text(mistake.reason_ru, mistake.reason)
            yield finding("profile.mistake", file=path.name, place=mistake.place, reason=reason)
        return
    except Exception as error:
        yield _failed("profile", error)
        return
    yield finding("profile.good", name=town.name, accounts=len(town.accounts), rows=len(town.policy.rows))
    yield from _kept("calendars", lambda: judge_calendars(town, began_at))
    for account, settings in town.accounts.items():
        yield from _of_account(account, settings, began_at)
    if offline:
        yield finding("reach.skipped")
    else:
        yield from _of_far_sides(town, now)


def _of_account(account: str, settings: PortalSettings, now: datetime) -> Iterator[Finding]:
    yield from _kept("secrets", lambda: map(judge_secret_place, gather_secret_places(account, settings)))
    if (ca_file := settings.network.ca_file) is not None:
        yield from _kept("ca_file", lambda: judge_ca_file(gather_ca_file(account, ca_file), now))


def _of_far_sides(town: Municipality, now: Callable[[], datetime]) -> Iterator[Finding]:
    def ask(account: str) -> tuple[Finding, ...]:
        settings = town.accounts[account]
        return _kept(
            "reach",
            lambda: judge_far_side(gather_far_side(account, settings.url, settings.network, now)),
        )

    with ThreadPoolExecutor(_MOST_AT_ONCE) as pool:
        for found in pool.map(ask, town.accounts):
            yield from found


def _of_inbox(inbox: Path, now: datetime) -> Iterator[Finding]:
    yield from _kept("disk", lambda: judge_disk(gather_disk(inbox)))
    yield from _kept("store", lambda: _of_store(inbox, now))


def _of_store(inbox: Path, now: datetime) -> tuple[Finding, ...]:
    return () if gather_disk(inbox).file_bytes is None else judge_store(gather_store(inbox), now)


def _kept(check: str, look: Check) -> tuple[Finding, ...]:
    """Return what *look* finds, or the finding that it broke down: no check may hide the others."""
    try:
        found = look()
        return (found,) if isinstance(found, Finding) else tuple(found)
    except Exception as error:
        return (_failed(check, error),)


def _failed(check: str, error: Exception) -> Finding:
    """Return the finding for a check that broke down, without the words of an error that is not ours."""
    name = type(error).__name__
    reason = words_of(error) if isinstance(error, McuError) else Text(name, name)
    return finding("doctor.failed", failed_check=check, reason=reason)
