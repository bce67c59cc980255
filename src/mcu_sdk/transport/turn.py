"""One at a time, with an end to the waiting; in both worlds."""

from __future__ import annotations

import threading

import anyio

__all__ = ["AsyncTurn", "Turn"]


class Turn:
    """A lock between threads that is waited for no longer than said."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def take(self, longest_wait_seconds: float) -> bool:
        """Return True when it is the caller's turn, who then calls `give_back`; False when time is up."""
        return self._lock.acquire(timeout=min(max(longest_wait_seconds, 0), threading.TIMEOUT_MAX))

    def give_back(self) -> None:
        """Let the next one in."""
        self._lock.release()


class AsyncTurn:
    """The asynchronous twin of Turn, between tasks of one event loop."""

    def __init__(self) -> None:
        self._lock = anyio.Lock()

    async def take(self, longest_wait_seconds: float) -> bool:
        """Return True when it is the caller's turn, who then calls `give_back`; False when time is up."""
        with anyio.move_on_after(longest_wait_seconds):
            await self._lock.acquire()
            return True
        return False

    def give_back(self) -> None:
        """Let the next one in."""
        self._lock.release()
