"""What every test stands on: no network, two event loops, replayable random examples."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from .leaks import CANARIES, Canaries, LeakWatch

settings.register_profile("default", max_examples=100, deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
PROFILE = "ci" if os.environ.get("CI") == "true" else "default"
settings.load_profile(PROFILE)


def pytest_configure(config: pytest.Config) -> None:
    """Watch the run for leaks of secrets and personal data."""
    config.pluginmanager.register(LeakWatch(), "leak-watch")


def pytest_report_header(config: pytest.Config) -> str:
    """Say which random examples run and how to run them again."""
    seed = config.getoption("--hypothesis-seed", default=None)
    return (
        f"hypothesis: profile {PROFILE!r}, seed {seed or ('fixed' if PROFILE == 'ci' else 'random')};"
        " a failure prints the example and its"
        " @reproduce_failure line; run the whole again with --hypothesis-seed=NUMBER"
    )


@pytest.fixture
def canaries() -> Canaries:
    """Values of secrets and personal data for which the whole run is searched."""
    return CANARIES


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Run an asynchronous test on both event loops."""
    return str(request.param)


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        _refuse_outside(self, address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        _refuse_outside(self, address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        yield


def _refuse_outside(connection: socket.socket, address: Any) -> None:
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        host = str(address[0])
        if host != "localhost" and not ipaddress.ip_address(host.partition("%")[0]).is_loopback:
            raise AssertionError(f"a test tried to leave this machine: {host}")


@pytest.fixture
def shared_folder() -> Path:
    """The folder of real messages and facts that is never committed."""
    place = os.environ.get("MCU_SHARED")
    if not place or not Path(place).is_dir():
        pytest.skip("set MCU_SHARED to the folder of shared data to run this test")
    return Path(place)
