"""A PostgreSQL database, for several collecting machines. The only module that knows psycopg."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import RLock
from typing import cast

from mcu_sdk.errors import CapabilityMissing, MissingExtra, StoreError, UsageError
from mcu_sdk.intake.store import Row, Value

try:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict
except ImportError as _error:
    raise MissingExtra.named("postgres", "a PostgreSQL store") from _error

__all__ = ["HostedPostgresStore", "PostgresStore"]

_SCHEMAS = ("postgres_1.sql",)
_CONNECT_SECONDS = 5
_LIMITS = "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"


class PostgresStore:
    """A store in a PostgreSQL database. May be shared between threads; machines share the database.

    The address is libpq's, `postgresql://user@host/database`; keep the password in a password file
    or in the environment that libpq reads. Raises StoreError, never psycopg's own errors. A lost
    connection is made anew by the next call outside of a transaction.
    """

    commits = True
    skip_locked = " FOR UPDATE SKIP LOCKED"

    def __init__(self, where: str) -> None:
        self._lock = RLock()
        self._where = where
        self.place = _shown(where)
        self._depth = 0
        with self._ours_on_failure():
            self._connection = self._connected()
        try:
            with self.transaction("schema"):
                self._migrate()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        with self._lock, self._ours_on_failure():
            self._connection.close()

    @contextmanager
    def transaction(self, alone: str = "") -> Generator[None]:
        """Keep all that is written until the block ends, or nothing of it."""
        with self._lock, self._ours_on_failure():
            connection = self._live()
            with connection.transaction():
                self._depth += 1
                try:
                    if alone:
                        self.rows("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (f"mcu {alone}",))
                    yield
                finally:
                    self._depth -= 1

    def keep_writers_out(self) -> None:
        """Wait until no other transaction stores contents, and let none begin until this one ends."""
        self.write("LOCK TABLE mcu_inbox IN SHARE ROW EXCLUSIVE MODE")

    def write(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        with self._lock, self._ours_on_failure():
            return self._live().execute(_theirs(statement), values).rowcount

    def write_many(self, statement: str, many: Sequence[Sequence[Value]]) -> None:
        """Run one statement for each of *many* values."""
        with self._lock, self._ours_on_failure():
            self._live().cursor().executemany(_theirs(statement), many)

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """Return all rows of *query*."""
        with self._lock, self._ours_on_failure():
            return cast("list[Row]", self._live().execute(_theirs(query), values).fetchall())

    def wipe(self) -> None:
        """Do nothing: the server's own vacuum does it."""

    def check(self) -> tuple[str, ...]:
        """Return nothing when the server answers: checking its files is the server's own work."""
        self.rows("SELECT 1")
        return ()

    def backup(self, path: Path) -> None:
        """Raise CapabilityMissing: PostgreSQL has tools of its own for that."""
        raise CapabilityMissing(
            "store.backup", "a PostgreSQL store is not copied from here", "use pg_dump", file=str(path)
        )

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            self._where, autocommit=True, connect_timeout=_CONNECT_SECONDS, options=_LIMITS
        )

    def _live(self) -> psycopg.Connection[tuple[object, ...]]:
        if self._connection.broken and not self._depth:
            self._connection = self._connected()
        return self._connection

    def _migrate(self) -> None:
        self.write("CREATE TABLE IF NOT EXISTS mcu_schema (version BIGINT NOT NULL)")
        rows = self.rows("SELECT version FROM mcu_schema")
        version = int(str(rows[0][0])) if rows else 0
        if version > len(_SCHEMAS):
            raise StoreError(
                "store.newer",
                f"{self.place} was written by a newer version of this library",
                "update the library",
                place=self.place,
            )
        for name in _SCHEMAS[version:]:
            for statement in files("mcu_sdk.intake").joinpath(name).read_text("utf-8").split(";\n\n"):
                self.write(statement)
        if version < len(_SCHEMAS):
            self.write("DELETE FROM mcu_schema")
            self.write("INSERT INTO mcu_schema VALUES (?)", (len(_SCHEMAS),))

    @contextmanager
    def _ours_on_failure(self) -> Generator[None]:
        try:
            yield
        except psycopg.Error as error:
            reason = _reason_of(error)
        else:
            return
        raise StoreError(
            "store.failed",
            f"the store {self.place} failed: {reason}",
            "check the address, the rights, the free space and the server's log",
            place=self.place,
            reason=reason,
        )


class HostedPostgresStore(PostgresStore):
    """The same tables in the host application's database, inside the host's own transaction.

    Nothing is committed here. `prepare` makes the tables, once, when the host makes its own. Raises
    UsageError for a connection in autocommit mode.
    """

    commits = False

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        if connection.autocommit:
            raise UsageError(
                "usage.autocommit", "the connection commits every statement", "pass one without autocommit"
            )
        self._lock = RLock()
        self._depth = 1  # never connected anew: the transaction is the host's
        self.place = "the host's database"
        self._connection = connection

    def prepare(self) -> None:
        """Make the tables that are missing, inside the host's transaction."""
        with self.transaction("schema"):
            self._migrate()

    @contextmanager
    def transaction(self, alone: str = "") -> Generator[None]:
        """Undo what the block wrote when it fails, and nothing else of the host's transaction."""
        with self._lock, self._ours_on_failure():
            self._connection.execute("SAVEPOINT mcu")
            try:
                if alone:
                    self.rows("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (f"mcu {alone}",))
                yield
            except BaseException:
                self._connection.execute("ROLLBACK TO SAVEPOINT mcu")
                raise
            self._connection.execute("RELEASE SAVEPOINT mcu")

    def close(self) -> None:
        """Do nothing: the connection is the host's."""


def _theirs(statement: str) -> bytes:
    return statement.replace("?", "%s").encode()


def _shown(where: str) -> str:
    try:
        parts = conninfo_to_dict(where)
    except psycopg.Error:
        return "postgresql"
    return f"postgresql://{parts.get('host', '')}/{parts.get('dbname', '')}"


def _reason_of(error: psycopg.Error) -> str:
    """Return the server's own class of trouble: its longer words may quote a row."""
    name = type(error).__name__
    return name if error.sqlstate is None else f"{error.sqlstate} {name}"
