"""How many calls an account lets go in a stretch of time, so that the far side need not refuse them."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from mcu_sdk.errors import UsageError
from mcu_sdk.transport.process import OfOneProcess

__all__ = ["Limit", "RateLimits"]

Keys = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Limit:
    """No more than *calls* in any stretch of *per*; with *key*, for each value of that key of the requests.

    >>> Limit(30, timedelta(seconds=1))
    Limit(calls=30, per=datetime.timedelta(seconds=1), key=None)
    >>> Limit(20, timedelta(minutes=1), key="chat").key
    'chat'
    """

    calls: int
    per: timedelta
    key: str | None = None

    def __post_init__(self) -> None:
        if self.calls < 1 or self.per <= timedelta(0):
            raise UsageError(
                "usage.rate_limit", "a limit of calls is one call or more in some time", "mend the limit"
            )


class RateLimits(OfOneProcess):
    """All limits of one account; shared by its sessions of both worlds and by their threads.

    In any stretch of a limit's length no more calls are let go than it says. A call gets the first
    moment that all limits leave free when it comes: among calls of the same keys the first to come is
    the first to go, and one that waits for its own key holds up no other.
    """

    def __init__(self, *limits: Limit) -> None:
        self._counts = tuple(_Count(limit) for limit in limits)
        self._latest_seconds = float("-inf")
        self._lock = threading.Lock()

    def reserve(self, now_seconds: float, keys: Keys, longest_wait_seconds: float) -> float | None:
        """Return the seconds after which a call with *keys* may go, and keep that moment for it.

        None when they would be more than *longest_wait_seconds*: then nothing is kept. Seconds are of
        one monotonic clock for all who share the limits.

        >>> limits = RateLimits(Limit(2, timedelta(seconds=10)))
        >>> [limits.reserve(now, (), 60) for now in (100, 101, 102)]
        [0.0, 0.0, 8.0]
        """
        with self._lock:
            wait_seconds = self._wait_seconds(now_seconds, keys)
            if wait_seconds > longest_wait_seconds:
                return None
            for count in self._counts:
                count.add(now_seconds + wait_seconds, keys)
            return wait_seconds

    def wait_seconds(self, now_seconds: float, keys: Keys) -> float:
        """Return the seconds after which a call with *keys* could go; nothing is kept for it."""
        with self._lock:
            return self._wait_seconds(now_seconds, keys)

    def give_back(self, moment_seconds: float, keys: Keys) -> None:
        """Free the moment kept for a call that will not go, *now_seconds* + the wait; others may have it."""
        with self._lock:
            for count in self._counts:
                count.remove(moment_seconds, keys)

    def _wait_seconds(self, now_seconds: float, keys: Keys) -> float:
        self._latest_seconds = moment = max(
            self._latest_seconds, float(now_seconds)
        )  # threads come out of step
        settled = 0
        while settled < len(self._counts):
            settled = 0
            for count in self._counts:
                free = count.first_free(self._latest_seconds, moment, keys)
                settled += free == moment
                moment = free
        return moment - now_seconds


class _Count:
    """The moments of one limit, by value of its key: the sliding window, and what is kept ahead of it."""

    def __init__(self, limit: Limit) -> None:
        self._calls = limit.calls
        self._per_seconds = limit.per.total_seconds()
        self._key = limit.key
        self._moments: dict[str, list[float]] = {}

    def first_free(self, now: float, wanted: float, keys: Keys) -> float:
        """Return the first moment from *wanted* on at which one more call breaks no window."""
        self._forget_idle(now)
        value = self._value(keys)
        moments = self._moments.get(value) if value is not None else None
        if moments is None:
            return wanted
        del moments[: bisect_right(moments, now - self._per_seconds)]
        free = wanted
        for first in range(bisect_right(moments, free - self._per_seconds), len(moments) - self._calls + 1):
            if free <= moments[first + self._calls - 1] - self._per_seconds:
                break  # a full group too far ahead to share a window with this call
            free = max(free, moments[first] + self._per_seconds)
        return free

    def add(self, moment: float, keys: Keys) -> None:
        """Keep *moment*."""
        value = self._value(keys)
        if value is not None:
            moments = self._moments.pop(value, [])
            insort(moments, moment)
            self._moments[value] = moments  # last in the order of use

    def remove(self, moment: float, keys: Keys) -> None:
        """Forget *moment*, if it is still kept."""
        value = self._value(keys)
        moments = self._moments.get(value, []) if value is not None else []
        place = bisect_left(moments, moment)
        if place < len(moments) and moments[place] == moment:
            del moments[place]

    def _value(self, keys: Keys) -> str | None:
        return "" if self._key is None else dict(keys).get(self._key)

    def _forget_idle(self, now: float) -> None:
        while self._moments:
            value, moments = next(iter(self._moments.items()))
            if moments and moments[-1] > now - self._per_seconds:
                return
            del self._moments[value]
