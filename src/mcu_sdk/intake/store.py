"""Where rows are kept: the little that the inbox, the outbox and the journal ask of a database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from mcu_sdk.errors import NaiveMomentError

__all__ = ["Row", "Store", "Value", "alone_of", "comparable", "marks", "number", "open_store"]

Value = str | int | float | bytes | None
Row = tuple[Value, ...]


class Store(Protocol):
    """Rows and transactions. Statements hold `?` for values and are of the SQL both databases know.

    Every method raises StoreError. May be shared between threads; a transaction is of one thread.
    """

    @property
    def place(self) -> str:
        """Where it is, without a password."""
        ...

    @property
    def commits(self) -> bool:
        """Whether the end of a transaction commits; false inside a host's own transaction."""
        ...

    @property
    def skip_locked(self) -> str:
        """The end of a SELECT that takes rows for the transaction and passes over taken ones."""
        ...

    def transaction(self, alone: str = "") -> AbstractContextManager[None]:
        """Keep all that is written until the block ends, or nothing of it.

        With *alone*, blocks of the same name wait for each other, in every process.
        """
        ...

    def keep_writers_out(self) -> None:
        """Wait until no other transaction stores contents, and let none begin until this one ends."""
        ...

    def write(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        ...

    def write_many(self, statement: str, many: Sequence[Sequence[Value]]) -> None:
        """Run one statement for each of *many* values."""
        ...

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """Return all rows of *query*."""
        ...

    def wipe(self) -> None:
        """Have what was overwritten leave the disk too, as far as that can be done from here."""
        ...

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with the database itself, in its own words; nothing is the good case."""
        ...

    def backup(self, path: Path) -> None:
        """Write a whole copy to *path*, which must not be there yet, while others go on working."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class _Opener(Protocol):
    def __call__(self, where: str) -> Store: ...


def open_store(where: str | Path) -> Store:
    """Open the database at a path, or at a `postgresql://` address (extra `postgres`).

    Raises StoreError, MissingExtra.

    >>> open_store(":memory:").check()
    ()
    """
    remote = isinstance(where, str) and where.startswith(("postgresql://", "postgres://"))
    module, name = ("postgres", "PostgresStore") if remote else ("sqlite", "SqliteStore")
    opener = cast(_Opener, getattr(import_module(f"mcu_sdk.intake.{module}"), name))
    return opener(str(where))


def number(store: Store, query: str, values: Sequence[Value] = ()) -> int:
    """Return the one number that *query* gives."""
    return int(str(store.rows(query, values)[0][0]))


def alone_of(channel: str, account: str) -> str:
    """Return the name by which the writers of one account wait for each other, and for nobody else."""
    return f"{channel} {account}"


def comparable(moment: datetime) -> str:
    """Return *moment* as it is stored: in UTC, so that texts sort as moments do. Raises NaiveMomentError."""
    if moment.utcoffset() is None:
        raise NaiveMomentError("time.naive", "the moment has no zone", "use an aware datetime")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def marks(values: Sequence[Value]) -> str:
    """Return a question mark for each of *values*, for an IN; NULL, which fits nothing, for none."""
    return ", ".join("?" * len(values)) or "NULL"
