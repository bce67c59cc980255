"""Host names into numeric addresses, within the time that is left."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading

import anyio
import httpcore

__all__ = ["resolve", "resolve_async"]


async def resolve_async(host: str, port: int, seconds: float) -> tuple[str, ...]:
    """Return the numeric addresses of *host* in the system's order, asked for on the event loop."""
    if _is_numeric(host):
        return (host,)
    try:
        with anyio.fail_after(seconds):
            found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        failure: Exception = _too_slow()
    except (OSError, UnicodeError):
        failure = _unknown(host)
    else:
        return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
    raise failure


def resolve(host: str, port: int, seconds: float) -> tuple[str, ...]:
    """Return the numeric addresses of *host* in the system's order.

    The system's resolver knows no time limit, so a thread of its own asks it; one that is too slow
    is left to itself.
    """
    if _is_numeric(host):
        return (host,)
    answers: queue.SimpleQueue[tuple[str, ...] | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            answers.put(None)
        else:
            answers.put(tuple(dict.fromkeys(str(address[0]) for *_, address in found)))

    threading.Thread(target=ask, name="mcu-resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        failure: Exception = _too_slow()
    else:
        if answer is not None:
            return answer
        failure = _unknown(host)
    raise failure


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _too_slow() -> httpcore.ConnectTimeout:
    return httpcore.ConnectTimeout("the name was not resolved in time")


def _unknown(host: str) -> httpcore.ConnectError:
    return httpcore.ConnectError(f"there is no address for {host}")
