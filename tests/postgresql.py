"""A PostgreSQL server of the system's packages, started for the tests in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

_PLACES = ("/usr/lib/postgresql", "/usr/pgsql")


@dataclass
class PostgresServer:
    """A running server; `database()` makes an empty database and returns its address."""

    binaries: Path
    folder: Path
    user: str

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs as its user."""
        as_user = {"user": self.user, "group": self.user} if os.getuid() == 0 else {}
        subprocess.run(
            [self.binaries / program, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            **as_user,  # type: ignore[call-overload]  # the two are str by construction
        )

    def start(self) -> None:
        """Start the server, reachable by a socket in its folder only."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        self.run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-o", options, "-l", "log", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server: `fast`, or `immediate` as a crash would."""
        self.run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-m", how, "stop")

    def address(self, database: str) -> str:
        """The address of *database*."""
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def database(self) -> str:
        """Make an empty database and return its address."""
        name = f"town_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.address(name)


@contextmanager
def started_server() -> Iterator[PostgresServer | None]:
    """A server in a folder of its own; None where the system has none."""
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    user = _user()
    with tempfile.TemporaryDirectory(prefix="mcu-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.getuid() == 0:
            shutil.chown(folder, user, user)
        server = PostgresServer(binaries, folder, user)
        server.run(
            "initdb", "-D", str(folder / "data"), "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for the whole run; skips, saying so, where the system has none."""
    with started_server() as server:
        if server is None:
            pytest.skip("PostgreSQL is not installed: no initdb on this machine")
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """The address of an empty database."""
    return postgres.database()


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = [path for place in _PLACES for path in Path(place).glob("*/bin/initdb")]
    return max(versions).parent if versions else None


def _user() -> str:
    """The server refuses to run as root: an ordinary user of the system does."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
