"""Traces for OpenTelemetry; needs the extra `otel`. The program chooses the SDK and where spans go."""

from __future__ import annotations

import time

from mcu_sdk._version import __version__
from mcu_sdk.errors import MissingExtra
from mcu_sdk.transport.events import AttemptEnded, Event, EventHook

try:
    from opentelemetry import trace
except ModuleNotFoundError:
    raise MissingExtra.named("otel", "tracing") from None

__all__ = ["trace_events"]


def trace_events(tracer: trace.Tracer | None = None) -> EventHook:
    """Return a hook that makes one client span for every attempt, under the span that is current.

    Attributes follow the HTTP conventions of OpenTelemetry: method, path, status, resends, and our
    error code as `error.type`; never a query, a header or a body. A span is made when its attempt
    ends. Without *tracer* the program's provider gives one.

    >>> from mcu_sdk.transport import MemoryTransport, Session
    >>> session = Session(MemoryTransport(lambda request: None), on_event=trace_events())
    """
    chosen = tracer or trace.get_tracer("mcu_sdk", __version__)

    def record(event: Event) -> None:
        if not isinstance(event, AttemptEnded):
            return
        ended_at = time.time_ns()
        span = chosen.start_span(
            event.method,
            kind=trace.SpanKind.CLIENT,
            attributes=_attributes(event),
            start_time=ended_at - round(event.elapsed_seconds * 1e9),
        )
        if event.error_code is not None:
            span.set_status(trace.StatusCode.ERROR)
        span.end(ended_at)

    return record


def _attributes(event: AttemptEnded) -> dict[str, str | int]:
    attributes: dict[str, str | int] = {
        "http.request.method": event.method,
        "url.path": event.path,
        "mcu.call_id": event.call_id,
    }
    if event.attempt > 1:
        attributes["http.request.resend_count"] = event.attempt - 1
    if event.status is not None:
        attributes["http.response.status_code"] = event.status
    if event.request_id is not None:
        attributes["mcu.request_id"] = event.request_id
    if event.error_code is not None:
        attributes["error.type"] = event.error_code
    return attributes
