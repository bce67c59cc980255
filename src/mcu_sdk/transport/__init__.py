"""The only floor of the clients that waits: sessions, retries, and the way to the network."""

from __future__ import annotations

from mcu_sdk.transport.async_downloads import AsyncDownloads
from mcu_sdk.transport.async_httpx_transport import AsyncHttpxTransport
from mcu_sdk.transport.async_session import AsyncSession
from mcu_sdk.transport.budget import RetryBudget
from mcu_sdk.transport.clock import AsyncClock, AsyncSystemClock, Clock, SystemClock
from mcu_sdk.transport.downloads import Downloads
from mcu_sdk.transport.events import (
    AttemptEnded,
    AttemptStarted,
    Event,
    EventHook,
    WaitStarted,
    log_events,
)
from mcu_sdk.transport.exchange import AsyncTransport, Sink, Transport
from mcu_sdk.transport.httpx_transport import HttpxTransport
from mcu_sdk.transport.limits import Limit, RateLimits
from mcu_sdk.transport.memory import AsyncMemoryTransport, MemoryTransport
from mcu_sdk.transport.network_settings import NetworkSettings
from mcu_sdk.transport.part_file import PartFile, SavedFile
from mcu_sdk.transport.retry import RetryPolicy
from mcu_sdk.transport.session import Session

__all__ = [
    "AsyncClock",
    "AsyncDownloads",
    "AsyncHttpxTransport",
    "AsyncMemoryTransport",
    "AsyncSession",
    "AsyncSystemClock",
    "AsyncTransport",
    "AttemptEnded",
    "AttemptStarted",
    "Clock",
    "Downloads",
    "Event",
    "EventHook",
    "HttpxTransport",
    "Limit",
    "MemoryTransport",
    "NetworkSettings",
    "PartFile",
    "RateLimits",
    "RetryBudget",
    "RetryPolicy",
    "SavedFile",
    "Session",
    "Sink",
    "SystemClock",
    "Transport",
    "WaitStarted",
    "log_events",
]
