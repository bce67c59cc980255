"""How many repetitions an account may afford: few when everything fails, plenty when little does."""

from __future__ import annotations

import threading

from mcu_sdk.errors import McuError, RateLimited
from mcu_sdk.transport.process import OfOneProcess

__all__ = ["RetryBudget"]


class RetryBudget(OfOneProcess):
    """What all calls of one account may spend on repetitions; shared by sessions and threads.

    It begins with *capacity*. A repetition costs *failure_cost*, after a 429 only *throttled_cost*;
    what it cannot pay for is not repeated. A success at the first attempt gives 1 back, a success
    after repetitions what the last of them cost. While everything fails, an account makes at most
    `capacity / failure_cost` extra requests (35), after 429 `capacity / throttled_cost` (100).
    """

    def __init__(self, capacity: int = 500, *, failure_cost: int = 14, throttled_cost: int = 5) -> None:
        self._capacity = capacity
        self._failure_cost = failure_cost
        self._throttled_cost = throttled_cost
        self._left = capacity
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """What is left to spend, from 0 to the capacity."""
        return self._left

    def pay(self, failure: McuError) -> int | None:
        """Return what the repetition after *failure* cost, None when too little is left for it.

        >>> from mcu_sdk.errors import TransportError
        >>> budget = RetryBudget(capacity=20)
        >>> broken = TransportError("transport.broken", "the connection broke", delivered="unknown")
        >>> budget.pay(broken), budget.pay(broken), budget.left
        (14, None, 6)
        """
        cost = self._throttled_cost if isinstance(failure, RateLimited) else self._failure_cost
        with self._lock:
            if self._left < cost:
                return None
            self._left -= cost
            return cost

    def give_back(self, last_cost: int) -> None:
        """Take note of a success; *last_cost* is what its last repetition cost, 0 without one."""
        if self._left == self._capacity:
            return
        with self._lock:
            self._left = min(self._capacity, self._left + (last_cost or 1))
