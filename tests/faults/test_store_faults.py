"""A store in trouble: it says so in time, by an error of ours, and nothing is half done."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mcu_sdk.errors import StoreError
from mcu_sdk.intake import Inbox
from mcu_sdk.model import Batch, Message

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
CHILD = Path(__file__).with_name("store_child.py")
IN_TIME_SECONDS = 5.0
PAGE = 10


def page(number: int, size: int = PAGE) -> Batch:
    items = tuple(
        Message(channel="portal", account="town", external_id=f"{number}-{one}", text="Яма " * 100)
        for one in range(size)
    )
    return Batch(channel="portal", account="town", items=items, cursor=str(number))


def run(path: Path, limit_bytes: int = 0, **options: str) -> dict[str, object]:
    ended = subprocess.run(
        [sys.executable, CHILD, str(path), str(limit_bytes)],
        capture_output=True,
        text=True,
        check=True,
        **options,  # type: ignore[call-overload]  # the user's name alone
    )
    told: dict[str, object] = json.loads(ended.stdout)
    return told


def whole_pages(path: Path) -> int:
    """How many pages are stored, each whole, with the cursor of the last and an unbroken journal."""
    with Inbox.open(path) as inbox:
        assert inbox.store.check() == ()
        assert inbox.journal.verify() == ()
        pages, rest = divmod(inbox.count(), PAGE)
        assert rest == 0
        assert inbox.cursor("portal", "town") == (str(pages - 1) if pages else None)
        assert len(list(inbox.journal.entries("portal", "town"))) == inbox.count()
    return pages


@pytest.mark.parametrize("limit_bytes", [200_000, 333_333, 1_000_001])
def test_a_full_disk_keeps_whole_pages_only_and_work_goes_on_when_there_is_room(
    tmp_path: Path, limit_bytes: int
) -> None:
    path = tmp_path / "town.sqlite3"
    told = run(path, limit_bytes)
    assert told["code"] == "store.failed"
    assert whole_pages(path) == told["stored"] != 0
    assert run(path) == {"stored": 200, "code": None}
    assert whole_pages(path) == 200


@contextmanager
def without_the_rights_of_root() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_only_be_read_is_read_and_not_written() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "town.sqlite3"
        with Inbox.open(path) as inbox:
            inbox.receive(page(0), AT)
        before = path.read_bytes()
        path.chmod(0o444)
        folder.chmod(0o555)
        with without_the_rights_of_root(), Inbox.open(path) as inbox:
            assert inbox.count() == PAGE
            with pytest.raises(StoreError) as caught:
                inbox.receive(page(1), AT)
            assert "readonly" in caught.value.message
            assert inbox.count() == PAGE
        folder.chmod(0o755)
        assert path.read_bytes() == before


def test_a_file_held_by_another_is_an_error_within_five_seconds(tmp_path: Path) -> None:
    path = tmp_path / "town.sqlite3"
    with Inbox.open(path) as inbox, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        with pytest.raises(StoreError) as caught:
            inbox.receive(page(0), AT)
        assert time.monotonic() - begun < IN_TIME_SECONDS
        assert caught.value.code == "store.failed"
        other.execute("ROLLBACK")
        assert inbox.receive(page(0), AT).new == PAGE


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_file_ends_in_an_error_of_ours_or_in_whole_answers(tmp_path: Path, seed: int) -> None:
    """Bytes flipped anywhere: every operation answers or raises StoreError, nothing else."""
    path = tmp_path / "town.sqlite3"
    with Inbox.open(path) as inbox:
        for number in range(20):
            inbox.receive(page(number), AT)
    drawn = random.Random(seed)
    torn = bytearray(path.read_bytes())
    start = drawn.randrange(len(torn))
    for place in range(start, min(len(torn), start + drawn.choice([1, 100, 5000]))):
        torn[place] ^= drawn.randrange(1, 256)
    path.write_bytes(torn)
    begun = time.monotonic()
    found = 0
    for operation in (
        lambda inbox: inbox.store.check(),
        lambda inbox: list(inbox.store.rows("SELECT body FROM mcu_inbox")),
        lambda inbox: inbox.receive(page(20), AT),
        lambda inbox: inbox.count(),
    ):
        try:
            with Inbox.open(path) as inbox:
                operation(inbox)
                found += 1
        except StoreError:
            pass
    assert 0 <= found <= 4
    assert time.monotonic() - begun < IN_TIME_SECONDS


def test_every_torn_end_of_the_rollback_journal_leaves_the_last_commit(tmp_path: Path) -> None:
    """The machine stops while the journal is being written: the file is as it was after the last commit."""
    path = tmp_path / "town.sqlite3"
    with Inbox.open(path) as inbox:
        inbox.receive(page(0), AT)
        before = path.read_bytes()
        with inbox.store.transaction():
            inbox.store.write("UPDATE mcu_cursor SET cursor = 'ahead'")
            inbox.store.write("DELETE FROM mcu_inbox")
            assert path.read_bytes() == before  # nothing of it is in the file yet
            journal = path.with_name("town.sqlite3-journal").read_bytes()
            inbox.store.write("UPDATE mcu_cursor SET cursor = '0'")
    lengths = [*range(0, len(journal), 512), len(journal)]
    assert len(lengths) > 3
    for length in lengths:
        copy = tmp_path / f"torn-{length}.sqlite3"
        copy.write_bytes(before)
        copy.with_name(f"{copy.name}-journal").write_bytes(journal[:length])
        assert whole_pages(copy) == 1


def test_a_stop_in_the_middle_of_a_commit_is_rolled_back(tmp_path: Path) -> None:
    """Some pages are in the file already, their old contents in the journal: the journal wins."""
    path = tmp_path / "town.sqlite3"
    with Inbox.open(path) as inbox:
        inbox.receive(page(0), AT)
        inbox.store.rows("PRAGMA cache_size=2")
        inbox.store.rows("PRAGMA cache_spill=1")
        before = path.read_bytes()
        copy = tmp_path / "stopped.sqlite3"
        with inbox.store.transaction():
            inbox.store.write("UPDATE mcu_cursor SET cursor = 'ahead'")
            for number in range(200):
                inbox.store.write(
                    "INSERT INTO mcu_quarantine (channel, account, item, reason, received_at, raw)"
                    " VALUES ('portal', 'town', ?, 'r', '2026-01-12', ?)",
                    (str(number), "x" * 500),
                )
            shutil.copy(path, copy)
            shutil.copy(f"{path}-journal", f"{copy}-journal")
            inbox.store.write("UPDATE mcu_cursor SET cursor = '0'")
    assert copy.read_bytes() != before
    assert whole_pages(copy) == 1
    with Inbox.open(copy) as inbox:
        assert inbox.quarantined() == ()
