"""The guard of the tests themselves: nothing leaves this machine."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_no_connection_leaves_this_machine(method: str) -> None:
    """A test that reaches for a foreign address fails at once instead of hanging or passing by luck."""
    with socket.socket() as connection, pytest.raises(AssertionError, match="leave this machine"):
        getattr(connection, method)(("192.0.2.1", 80))


def test_loopback_is_open() -> None:
    """A server of the test's own can be reached."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as connection:
        connection.connect(server.getsockname())
        assert connection.getpeername() == server.getsockname()
