"""What a session tells of its calls while they run: attempts, answers and waits."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

__all__ = ["AttemptEnded", "AttemptStarted", "Event", "EventHook", "WaitStarted", "log_events", "told"]

_log = logging.getLogger("mcu_sdk")
_log.addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted:
    """A request is about to be sent. `attempt` counts every sending of the call from 1.

    `call_id` is our id of the call, the same in all its events, in its requests and in its error.
    `path` is counted from the channel's base address; the query is never told.
    """

    call_id: str
    attempt: int
    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnded:
    """An answer came and was read, or the attempt failed.

    `status` and `request_id`, the far side's own id, are None without an answer. `error_code` is the
    code of our error, None for a success, `"interrupted"` for what is not ours, as a cancellation.
    """

    call_id: str
    attempt: int
    method: str
    path: str
    elapsed_seconds: float
    status: int | None
    request_id: str | None
    error_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitStarted:
    """The call waits, before it is repeated or for its turn under the client-side limits."""

    call_id: str
    attempt: int
    method: str
    path: str
    reason: Literal["retry", "limit"]
    wait_seconds: float


Event = AttemptStarted | AttemptEnded | WaitStarted
EventHook = Callable[[Event], None]


def told(hook: EventHook, event: Event) -> None:
    """Give *event* to *hook*; one that raises is warned of and does no harm to the call."""
    try:
        hook(event)
    except Exception as error:  # whatever a user's hook raises
        _log.warning("the event hook raised %s", type(error).__name__)  # its text may hold data


def log_events(logger: logging.Logger | None = None) -> EventHook:
    """Return a hook that logs waits and ends of attempts at INFO, beginnings at DEBUG.

    Without *logger* it is the library's own, `mcu_sdk`.

    >>> from mcu_sdk.transport import MemoryTransport, Session
    >>> session = Session(MemoryTransport(lambda request: None), on_event=log_events())
    """
    chosen = logger or _log

    def log(event: Event) -> None:
        what = f"{event.method} {event.path}, attempt {event.attempt}, call {event.call_id}"
        match event:
            case AttemptStarted():
                chosen.debug("sent: %s", what)
            case AttemptEnded():
                result = " ".join(str(part) for part in (event.status, event.error_code) if part is not None)
                of_theirs = f", their id {event.request_id}" if event.request_id else ""
                chosen.info("%s after %.3f s: %s%s", result, event.elapsed_seconds, what, of_theirs)
            case WaitStarted():
                chosen.info("waits %.3f s (%s): %s", event.wait_seconds, event.reason, what)

    return log
