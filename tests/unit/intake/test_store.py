"""What both databases promise to the inbox, the outbox and the journal, and the host's own transaction."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import psycopg
import pytest

from mcu_sdk.errors import CapabilityMissing, StoreError, UsageError
from mcu_sdk.intake import Inbox
from mcu_sdk.intake.postgres import HostedPostgresStore, PostgresStore
from mcu_sdk.intake.sqlite import HostedSqliteStore, SqliteStore
from mcu_sdk.intake.store import Store, number, open_store
from mcu_sdk.model import Batch, Message

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
BATCH = Batch(
    channel="portal", account="town", items=(Message(channel="portal", account="town", external_id="1"),)
)


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    opened = open_store(place)
    yield opened
    opened.close()


def _fail_after_writing(store: Store) -> None:
    with store.transaction():
        store.write("INSERT INTO mcu_handler VALUES (?)", ("one",))
        raise ZeroDivisionError


def test_the_address_picks_the_database(town: Path, postgres_url: str) -> None:
    for where, kind in ((town, SqliteStore), (str(town), SqliteStore), (postgres_url, PostgresStore)):
        with closing(open_store(where)) as store:
            assert type(store) is kind
            assert store.check() == ()


def test_a_block_is_kept_whole_or_not_at_all(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_writing(store)
    assert number(store, "SELECT count(*) FROM mcu_handler") == 0
    with store.transaction():
        assert store.write("INSERT INTO mcu_handler VALUES (?)", ("one",)) == 1
    assert store.rows("SELECT handler FROM mcu_handler") == [("one",)]


def test_bytes_numbers_and_nothing_come_back_as_they_went(store: Store) -> None:
    columns = "(channel, account, external_id, version, received_at, digest, body)"
    store.write(f"INSERT INTO mcu_inbox {columns} VALUES ('a', 'b', 'c', 1, 'd', ?, 'e')", (b"\0\xff",))
    assert store.rows("SELECT version, digest FROM mcu_inbox") == [(1, b"\0\xff")]
    store.write("INSERT INTO mcu_heartbeat VALUES ('Ёж', 'now', ?, 'r')", (None,))
    assert store.rows("SELECT name, succeeded_at FROM mcu_heartbeat") == [("Ёж", None)]


def test_blocks_of_one_name_wait_for_each_other(place: str) -> None:
    """Two connections read the same number only when neither waited for the other."""
    with closing(open_store(place)) as first, closing(open_store(place)) as second:
        entered = threading.Event()

        def add(store: Store) -> None:
            for _ in range(20):
                with store.transaction("chain"):
                    last = number(store, "SELECT coalesce(max(number), 0) FROM mcu_journal")
                    entered.wait(0.001)
                    store.write("INSERT INTO mcu_journal VALUES ('', '', ?, '', '', '', '', '')", (last + 1,))

        threads = [threading.Thread(target=add, args=(store,)) for store in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert number(first, "SELECT count(*) FROM mcu_journal") == 40


def test_a_copy_is_whole_and_never_written_over(town: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    with Inbox.open(town) as inbox, closing(open_store(town)) as store:
        inbox.receive(BATCH, AT)
        store.backup(copy)
        with pytest.raises(UsageError):
            store.backup(copy)
    with Inbox.open(copy) as inbox:
        assert inbox.count() == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.sqlite3", "town.sqlite3"]


def test_a_server_is_not_copied_from_here(postgres_url: str, tmp_path: Path) -> None:
    with closing(open_store(postgres_url)) as store, pytest.raises(CapabilityMissing):
        store.backup(tmp_path / "copy")


def test_damage_is_found(town: Path) -> None:
    with Inbox.open(town) as inbox:
        for number_ in range(200):
            message = Message(channel="portal", account="town", external_id=str(number_), text="Яма " * 200)
            inbox.receive(Batch(channel="portal", account="town", items=(message,)), AT)
    torn = bytearray(town.read_bytes())
    torn[len(torn) // 2 : len(torn) // 2 + 2000] = bytes(2000)
    town.write_bytes(torn)
    with closing(open_store(town)) as store:
        try:
            assert store.check() != ()
        except StoreError as error:
            assert "malformed" in str(error)  # noqa: PT017  # either way of telling is right


def test_a_lost_server_is_an_error_of_ours_and_is_found_again(postgres_url: str) -> None:
    with closing(open_store(postgres_url)) as store:
        with psycopg.connect(postgres_url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        with pytest.raises(StoreError) as caught:
            store.rows("SELECT 1")
        assert caught.value.code == "store.failed"
        assert store.rows("SELECT 1") == [(1,)]


def test_a_server_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(f"postgresql://clerk:canary@/town?host={tmp_path}")
    assert "canary" not in f"{caught.value}{caught.value.values}"
    assert caught.value.__cause__ is None


def test_a_message_is_stored_in_the_hosts_own_sqlite_transaction(tmp_path: Path) -> None:
    path = tmp_path / "crm.sqlite3"
    with closing(sqlite3.connect(path)) as host, closing(sqlite3.connect(path)) as looking:
        host.execute("CREATE TABLE cards (message TEXT)")
        store = HostedSqliteStore(host)
        store.prepare()
        store.prepare()
        host.commit()
        inbox = Inbox(store)
        for end in (host.rollback, host.commit):
            host.execute("INSERT INTO cards VALUES ('1')")
            assert inbox.receive(BATCH, AT).new == 1
            assert looking.execute("SELECT count(*) FROM mcu_inbox").fetchone() == (0,)
            end()
        counts = "SELECT (SELECT count(*) FROM cards), (SELECT count(*) FROM mcu_inbox)"
        assert looking.execute(counts).fetchone() == (1, 1)


def test_a_message_is_stored_in_the_hosts_own_postgres_transaction(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as host, psycopg.connect(postgres_url, autocommit=True) as looking:
        host.execute("CREATE TABLE cards (message TEXT)")
        store = HostedPostgresStore(host)
        store.prepare()
        store.prepare()
        host.commit()
        inbox = Inbox(store)
        for end in (host.rollback, host.commit):
            host.execute("INSERT INTO cards VALUES ('1')")
            assert inbox.receive(BATCH, AT).new == 1
            assert looking.execute("SELECT count(*) FROM mcu_inbox").fetchone() == (0,)
            end()
        counts = "SELECT (SELECT count(*) FROM cards), (SELECT count(*) FROM mcu_inbox)"
        assert looking.execute(counts).fetchone() == (1, 1)
        with pytest.raises(UsageError):
            HostedPostgresStore(looking)


def test_a_failure_in_the_hosts_transaction_undoes_our_part_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "crm.sqlite3")) as host:
        store = HostedSqliteStore(host)
        store.prepare()
        host.execute("CREATE TABLE cards (message TEXT)")
        host.execute("INSERT INTO cards VALUES ('1')")
        with pytest.raises(ZeroDivisionError):
            _fail_after_writing(store)
        host.commit()
        counts = "SELECT (SELECT count(*) FROM cards), (SELECT count(*) FROM mcu_handler)"
        assert host.execute(counts).fetchone() == (1, 0)


def test_a_first_file_of_the_library_is_carried_forward(town: Path) -> None:
    """The schema of the first version, with a row in it, opened by this one."""
    with closing(sqlite3.connect(town)) as old:
        old.executescript(files("mcu_sdk.intake").joinpath("schema_1.sql").read_text("utf-8"))
        old.execute("INSERT INTO cursor VALUES ('portal', 'town', 'ts')")
        old.execute(f"PRAGMA application_id={0x4D43552D}")
        old.execute("PRAGMA user_version=1")
        old.commit()
    with Inbox.open(town) as inbox:
        assert inbox.cursor("portal", "town") == "ts"
