"""One SQLite file: opening, forward migrations, transactions. The only module that knows sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import RLock

from mcu_sdk.errors import StoreError

__all__ = ["SqliteStore"]

Value = str | int | float | bytes | None
Row = tuple[Value, ...]

_SCHEMAS = ("schema_1.sql",)
_BUSY_SECONDS = 5.0
_APPLICATION_ID = 0x4D43552D  # "MCU-"


class SqliteStore:
    """A store in one file, durable at every commit (`journal_mode=DELETE`, `synchronous=FULL`).

    May be shared between threads; several processes may open the same file. The write-ahead log is
    not used: SQLite before 3.51.3 can lose commits with it.
    """

    def __init__(self, path: str | Path) -> None:
        self._lock = RLock()
        self._place = str(path)
        with self._ours_on_failure(ValueError):  # a NUL in the path is a ValueError
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        try:
            with self._ours_on_failure():
                self._connection.execute("PRAGMA journal_mode=DELETE")
                self._connection.execute("PRAGMA synchronous=FULL")
            self._migrate()
        except StoreError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with self._lock, self._ours_on_failure():
            self._connection.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Hold the file for writing until the block ends; all of it is kept, or nothing."""
        with self._lock, self._ours_on_failure():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def write(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        with self._lock, self._ours_on_failure():
            return self._connection.execute(statement, values).rowcount

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """Return all rows of *query*."""
        with self._lock, self._ours_on_failure():
            return self._connection.execute(query, values).fetchall()

    def _migrate(self) -> None:
        ours = self._number("PRAGMA application_id") == _APPLICATION_ID
        if ours and self._number("PRAGMA user_version") == len(_SCHEMAS):
            return  # reading takes no right to write
        with self.transaction():
            version = self._number("PRAGMA user_version")
            if self._number("PRAGMA application_id") != _APPLICATION_ID and not self._is_empty():
                raise StoreError(
                    "store.foreign",
                    f"{self._place} is a database of another program",
                    "name another file",
                    place=self._place,
                )
            self.write(f"PRAGMA application_id={_APPLICATION_ID}")
            if version > len(_SCHEMAS):
                raise StoreError(
                    "store.newer",
                    f"{self._place} was written by a newer version of this library",
                    "update the library",
                    place=self._place,
                )
            for number, name in enumerate(_SCHEMAS[version:], start=version + 1):
                for statement in files("mcu_sdk.intake").joinpath(name).read_text("utf-8").split(";\n\n"):
                    self.write(statement)
                self.write(f"PRAGMA user_version={number}")

    def _number(self, query: str) -> int:
        return int(str(self.rows(query)[0][0]))

    def _is_empty(self) -> bool:
        return self._number("SELECT count(*) FROM sqlite_schema") == 0

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
            f"the store {self._place} failed: {reason}",
            "check the path, the rights, the free space and who else holds the file",
            place=self._place,
            reason=reason,
        )
