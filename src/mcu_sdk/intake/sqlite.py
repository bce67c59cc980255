"""One SQLite file: opening, forward migrations, transactions. The only module that knows sqlite3."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from threading import RLock

from mcu_sdk.errors import StoreError, UsageError
from mcu_sdk.intake.store import Row, Value, number

__all__ = [
    "LIBRARY_THREAD_SAFETY",
    "LIBRARY_VERSION",
    "OLDEST_LIBRARY",
    "HostedSqliteStore",
    "SqliteLook",
    "SqliteStore",
]

LIBRARY_VERSION = sqlite3.sqlite_version_info
LIBRARY_THREAD_SAFETY = sqlite3.threadsafety
OLDEST_LIBRARY = (3, 37, 0)  # STRICT tables

_SCHEMAS = ("schema_1.sql", "schema_2.sql")
_BUSY_SECONDS = 4.0  # a typed error comes within five
_APPLICATION_ID = 0x4D43552D  # "MCU-"
_HOSTED_VERSION = "CREATE TABLE IF NOT EXISTS mcu_schema (version INTEGER NOT NULL)"


class SqliteStore:
    """A store in one file, durable at every commit (`journal_mode=DELETE`, `synchronous=FULL`).

    May be shared between threads; several processes may open the same file. The write-ahead log is
    not used: SQLite before 3.51.3 can lose commits with it.
    """

    commits = True
    skip_locked = ""  # a writing transaction has the whole file

    def __init__(self, path: str | Path) -> None:
        self._lock = RLock()
        self.place = str(path)
        with self._ours_on_failure(ValueError):  # a NUL in the path is a ValueError
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        try:
            with self._ours_on_failure():
                self._connection.execute("PRAGMA journal_mode=DELETE")
                self._connection.execute("PRAGMA synchronous=FULL")
                self._connection.execute("PRAGMA secure_delete=ON")  # what is purged leaves no words behind
            self._migrate()
        except StoreError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with self._lock, self._ours_on_failure():
            self._connection.close()

    @contextmanager
    def transaction(self, alone: str = "") -> Generator[None]:
        """Hold the file for writing until the block ends; all of it is kept, or nothing.

        A block inside a block is kept with the outer one. *alone* adds nothing: whoever writes is alone.
        """
        del alone
        with self._lock, self._ours_on_failure():
            inner = self._connection.in_transaction
            self._connection.execute("SAVEPOINT mcu" if inner else "BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("RELEASE mcu" if inner else "COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK TO mcu" if inner else "ROLLBACK")
                if inner and self._connection.in_transaction:
                    self._connection.execute("RELEASE mcu")
                raise

    def keep_writers_out(self) -> None:
        """Do nothing: whoever writes is alone."""

    def write(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        with self._lock, self._ours_on_failure():
            return self._connection.execute(statement, values).rowcount

    def write_many(self, statement: str, many: Sequence[Sequence[Value]]) -> None:
        """Run one statement for each of *many* values."""
        with self._lock, self._ours_on_failure():
            self._connection.executemany(statement, many)

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """Return all rows of *query*."""
        with self._lock, self._ours_on_failure():
            return self._connection.execute(query, values).fetchall()

    def wipe(self) -> None:
        """Write the file anew: pages that moved may hold old words in spite of `secure_delete`."""
        self.write("VACUUM")

    def check(self) -> tuple[str, ...]:
        """Return what `PRAGMA integrity_check` finds; nothing is the good case."""
        found = tuple(str(row[0]) for row in self.rows("PRAGMA integrity_check"))
        return () if found == ("ok",) else found

    def backup(self, path: Path) -> None:
        """Write a whole copy to *path*, which must not be there yet, while others go on working."""
        if path.exists():
            raise UsageError(
                "usage.file_exists", f"{path} is there already", "name another file", file=str(path)
            )
        part = path.with_name(f"{path.name}.part")
        try:
            with self._lock, self._ours_on_failure(), closing(sqlite3.connect(part)) as copy:
                self._connection.backup(copy)
            with part.open("rb+") as written:
                os.fsync(written.fileno())
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)

    def _migrate(self) -> None:
        ours = number(self, "PRAGMA application_id") == _APPLICATION_ID
        if ours and number(self, "PRAGMA user_version") == len(_SCHEMAS):
            return  # reading takes no right to write
        with self.transaction():
            version = number(self, "PRAGMA user_version")
            if number(self, "PRAGMA application_id") != _APPLICATION_ID and not self._is_empty():
                raise self._foreign()
            self.write(f"PRAGMA application_id={_APPLICATION_ID}")
            self._run_schemas(version)
            self.write(f"PRAGMA user_version={len(_SCHEMAS)}")

    def _run_schemas(self, version: int) -> None:
        if version > len(_SCHEMAS):
            raise self._newer()
        for name in _SCHEMAS[version:]:
            for statement in files("mcu_sdk.intake").joinpath(name).read_text("utf-8").split(";\n\n"):
                self.write(statement)

    def _foreign(self) -> StoreError:
        return StoreError(
            "store.foreign",
            f"{self.place} is a database of another program",
            "name another file",
            place=self.place,
        )

    def _newer(self) -> StoreError:
        return StoreError(
            "store.newer",
            f"{self.place} was written by a newer version of this library",
            "update the library",
            place=self.place,
        )

    def _is_empty(self) -> bool:
        return number(self, "SELECT count(*) FROM sqlite_schema") == 0

    @contextmanager
    def _ours_on_failure(self, *besides: type[Exception]) -> Generator[None]:
        kinds: tuple[type[Exception], ...] = (sqlite3.Error, *besides)
        try:
            yield
        except kinds as error:
            reason = str(error)
        else:
            return
        raise StoreError(
            "store.failed",
            f"the store {self.place} failed: {reason}",
            "check the path, the rights, the free space and who else holds the file",
            place=self.place,
            reason=reason,
        )


class SqliteLook(SqliteStore):
    """A file that is there already, to be looked at: nothing is made, carried forward or written.

    Raises StoreError for a file of another program or of a newer version of this library.
    """

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self.place = str(path)
        with self._ours_on_failure(ValueError):
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
            )
        try:
            self.version = self._known_version()
        except StoreError:
            self._connection.close()
            raise

    def check(self) -> tuple[str, ...]:
        """Return what `PRAGMA quick_check` finds: all but whether the indexes fit their tables."""
        found: list[str] = []
        with self._lock, self._ours_on_failure():
            try:
                found.extend(str(row[0]) for row in self._connection.execute("PRAGMA quick_check"))
            except sqlite3.OperationalError:  # locked, say
                raise
            except sqlite3.DatabaseError as error:  # too broken for the check to go on
                found.append(str(error))
        return () if found == ["ok"] else tuple(found)

    def _known_version(self) -> int:
        if number(self, "PRAGMA application_id") != _APPLICATION_ID and not self._is_empty():
            raise self._foreign()
        version = number(self, "PRAGMA user_version")
        if version > len(_SCHEMAS):
            raise self._newer()
        return version


class HostedSqliteStore(SqliteStore):
    """The same tables in the database of a host application, inside the host's own transaction.

    Nothing is committed here: what is written is kept when the host commits. `prepare` makes the
    tables, once, when the host makes its own.
    """

    commits = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._lock = RLock()
        self.place = "the host's database"
        self._connection = connection

    def prepare(self) -> None:
        """Make the tables that are missing, inside the host's transaction."""
        with self.transaction():
            self.write(_HOSTED_VERSION)
            rows = self.rows("SELECT version FROM mcu_schema")
            self._run_schemas(int(str(rows[0][0])) if rows else 0)
            self.write("DELETE FROM mcu_schema")
            self.write("INSERT INTO mcu_schema VALUES (?)", (len(_SCHEMAS),))

    @contextmanager
    def transaction(self, alone: str = "") -> Generator[None]:
        """Undo what the block wrote when it fails, and nothing else of the host's transaction."""
        del alone
        with self._lock, self._ours_on_failure():
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("SAVEPOINT mcu")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK TO mcu")
                raise
            finally:
                self._connection.execute("RELEASE mcu")

    def wipe(self) -> None:
        """Do nothing: writing the file anew is the host's decision."""

    def close(self) -> None:
        """Do nothing: the connection is the host's."""
