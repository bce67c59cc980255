"""When to collect again: about every so often, later and later while it fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from mcu_sdk.errors import UsageError

__all__ = ["Pace"]

_SPREAD = 0.1  # so that many programs started together do not come together
_LONGEST = timedelta(minutes=15)


class Pace:
    """The waits of one source. *draw* gives evenly drawn numbers from 0 to below 1.

    After a success the wait is *every*, ten per cent more or less. Each failure in a row doubles it,
    up to a quarter of an hour, or to *every* where that is longer.

    >>> pace = Pace(timedelta(minutes=1), draw=lambda: 0.5)
    >>> pace.after_success(), pace.after_failure(), pace.after_failure(), pace.after_success()
    (60.0, 120.0, 240.0, 60.0)
    """

    def __init__(self, every: timedelta, draw: Callable[[], float]) -> None:
        if every <= timedelta(0):
            raise UsageError("usage.every", "the time between two passes is not positive", "say, one minute")
        self._every_seconds = every.total_seconds()
        self._longest_seconds = max(self._every_seconds, _LONGEST.total_seconds())
        self._draw = draw
        self._failures = 0

    def after_success(self) -> float:
        """Return the seconds to wait after a pass that went well."""
        self._failures = 0
        return self._spread(self._every_seconds)

    def after_failure(self) -> float:
        """Return the seconds to wait after a pass that failed."""
        self._failures = min(self._failures + 1, 32)
        return self._spread(min(self._every_seconds * 2**self._failures, self._longest_seconds))

    def _spread(self, seconds: float) -> float:
        return seconds * (1 - _SPREAD + 2 * _SPREAD * self._draw())
