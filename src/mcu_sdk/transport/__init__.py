"""The only floor of the clients that waits: sessions, retries, and the way to the network."""

from __future__ import annotations

from mcu_sdk.transport.async_session import AsyncSession
from mcu_sdk.transport.budget import RetryBudget
from mcu_sdk.transport.clock import AsyncClock, AsyncSystemClock, Clock, SystemClock
from mcu_sdk.transport.events import (
    AttemptEnded,
    AttemptStarted,
    Event,
    EventHook,
    WaitStarted,
    log_events,
)
from mcu_sdk.transport.exchange import AsyncTransport, Transport
from mcu_sdk.transport.httpx_transport import AsyncHttpxTransport, HttpxTransport
from mcu_sdk.transport.limits import Limit, RateLimits
from mcu_sdk.transport.memory import AsyncMemoryTransport, MemoryTransport
from mcu_sdk.transport.retry import RetryPolicy
from mcu_sdk.transport.session import Session

__all__ = [
    "AsyncClock",
    "AsyncHttpxTransport",
    "AsyncMemoryTransport",
    "AsyncSession",
    "AsyncSystemClock",
    "AsyncTransport",
    "AttemptEnded",
    "AttemptStarted",
    "Clock",
    "Event",
    "EventHook",
    "HttpxTransport",
    "Limit",
    "MemoryTransport",
    "RateLimits",
    "RetryBudget",
    "RetryPolicy",
    "Session",
    "SystemClock",
    "Transport",
    "WaitStarted",
    "log_events",
]
