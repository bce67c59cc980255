"""The inbox's file: room on the disk, rights, what a broken program left, wholeness, signs of life."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mcu_sdk.doctor.finding import Fact, Finding, finding, words_of
from mcu_sdk.errors import StoreError
from mcu_sdk.intake import Heartbeat, heartbeats
from mcu_sdk.intake.sqlite import SqliteLook

__all__ = ["Disk", "StoreState", "gather_disk", "gather_store", "judge_disk", "judge_store"]

_MEGABYTE = 1_000_000
_LITTLE_BYTES = 1000 * _MEGABYTE
_TOO_LITTLE_BYTES = 100 * _MEGABYTE
_QUIET_FOR = timedelta(hours=1)
_BESIDE = ("-journal", "-wal")
_HEARTBEATS_SINCE = 2  # the schema's version


@dataclass(frozen=True, slots=True)
class Disk:
    """The place of the inbox. `file_bytes` is None where there is no file yet.

    `free_bytes` is None where no file can be: no folder, no right to it, no name of a file.
    `journal_bytes` and `log_bytes` are what lies beside it as `-journal` and `-wal`.
    """

    file: str
    file_bytes: int | None
    free_bytes: int | None
    writable: bool
    journal_bytes: int = 0
    log_bytes: int = 0


@dataclass(frozen=True, slots=True)
class StoreState:
    """What is wrong in the store, or why it cannot be read, and the signs of life in it.

    `interrupted`: it could not be read because a writing goes on, or broke off.
    """

    file: str
    problem: StoreError | None = None
    interrupted: bool = False
    flaws: tuple[str, ...] = ()
    beats: tuple[Heartbeat, ...] = ()


def gather_disk(inbox: Path) -> Disk:
    """Look at the inbox's file and folder; nothing is made or opened."""
    folder = inbox.absolute().parent
    try:
        file_bytes = _size_bytes(inbox)
        journal_bytes, log_bytes = (_size_bytes(_beside(inbox, ending)) for ending in _BESIDE)
        free_bytes = shutil.disk_usage(folder).free
    except (OSError, ValueError):  # no such folder, no right to it, a folder itself, a name too long, a NUL
        return Disk(str(inbox), None, None, writable=False)
    # SQLite writes its journal beside the file
    writable = os.access(folder, os.W_OK | os.X_OK) and (file_bytes is None or os.access(inbox, os.W_OK))
    return Disk(str(inbox), file_bytes, free_bytes, writable, journal_bytes or 0, log_bytes or 0)


def judge_disk(facts: Disk) -> tuple[Finding, ...]:
    """Judge whether the inbox can be written and will find room."""
    if facts.free_bytes is None:
        return (finding("disk.no_place", file=facts.file),)
    found = [_judge_room(facts)]
    if not facts.writable:
        found.append(finding("disk.not_writable", file=facts.file))
    if facts.journal_bytes:
        found.append(finding("disk.journal", file=facts.file))
    if facts.log_bytes:
        found.append(finding("disk.log", file=facts.file))
    if facts.file_bytes is None:
        found.append(finding("disk.no_file", file=facts.file))
    return tuple(found)


def gather_store(inbox: Path) -> StoreState:
    """Read the store from one end to the other, without writing; errors are facts."""
    try:
        with closing(SqliteLook(inbox)) as store:
            flaws = store.check()
            beats = heartbeats(store) if store.version >= _HEARTBEATS_SINCE and not flaws else ()
            return StoreState(str(inbox), flaws=flaws, beats=beats)
    except StoreError as problem:
        return StoreState(str(inbox), problem, interrupted=bool(gather_disk(inbox).journal_bytes))


def judge_store(facts: StoreState, now: datetime) -> tuple[Finding, ...]:
    """Judge the store's wholeness and whether somebody collects into it."""
    if facts.interrupted:
        return (finding("store.interrupted", file=facts.file),)
    if facts.problem is not None:
        return (finding("store.unusable", file=facts.file, reason=words_of(facts.problem)),)
    if facts.flaws:
        return (finding("store.broken", file=facts.file, flaws=len(facts.flaws), first=facts.flaws[0]),)
    lives = tuple(_judge_beat(beat, now) for beat in facts.beats)
    return finding("store.good", file=facts.file), *(lives or (finding("collecting.never"),))


def _judge_room(facts: Disk) -> Finding:
    free_bytes, file_bytes = facts.free_bytes or 0, facts.file_bytes or 0
    code = "disk.good"
    if free_bytes < _TOO_LITTLE_BYTES:
        code = "disk.full"
    elif free_bytes < max(_LITTLE_BYTES, 2 * file_bytes):
        code = "disk.little"
    return finding(
        code, file=facts.file, free_megabytes=free_bytes // _MEGABYTE, file_megabytes=file_bytes // _MEGABYTE
    )


def _judge_beat(beat: Heartbeat, now: datetime) -> Finding:
    if beat.succeeded_at is None:
        return finding("collecting.failing", name=beat.name, error=beat.failure)
    quiet = now - beat.succeeded_at
    facts: dict[str, Fact] = {
        "name": beat.name,
        "quiet_minutes": int(quiet.total_seconds()) // 60,
        "error": beat.failure,
    }
    if quiet <= _QUIET_FOR:
        return finding("collecting.good", **facts)
    return finding("collecting.quiet" if beat.failure is None else "collecting.failing_since", **facts)


def _beside(inbox: Path, ending: str) -> Path:
    return inbox.with_name(inbox.name + ending)


def _size_bytes(file: Path) -> int | None:
    """Return the size, None where there is no file yet. Raises OSError or ValueError where none can be."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(file)
    return found.st_size
