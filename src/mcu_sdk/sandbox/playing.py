"""How faults are played on a connection: each waits, sends or breaks in its own way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from mcu_sdk.sandbox import http1
from mcu_sdk.sandbox.line import Line
from mcu_sdk.wire import Response

__all__ = [
    "Play",
    "close",
    "drip",
    "header_drip",
    "late",
    "preliminary",
    "preliminary_flood",
    "reset",
    "reset_in_body",
    "sent",
    "silence",
    "slices",
    "slow_close",
]

Play: TypeAlias = Callable[[Line, Response, float], Awaitable[None]]

_PAUSE_SECONDS = 0.001


def sent(write: Callable[[Response], bytes]) -> Play:
    """Return the way to send what *write* makes of the answer, all at once."""

    async def play(line: Line, response: Response, seconds: float) -> None:
        del seconds
        await line.send(write(response))

    return play


async def late(line: Line, response: Response, seconds: float) -> None:
    """Wait, then send the answer."""
    await asyncio.sleep(seconds)
    await line.send(http1.written(response))


async def drip(line: Line, response: Response, seconds: float) -> None:
    """Send the body byte by byte."""
    # A body there must be: a confirmation has none.
    whole = http1.written(Response(response.status, response.headers, response.body or b" " * 100))
    head, mark, body = whole.partition(b"\r\n\r\n")
    await line.send(head + mark)
    await line.drip(body, seconds)


async def header_drip(line: Line, response: Response, seconds: float) -> None:
    """Send the answer byte by byte."""
    await line.drip(http1.written(response), seconds)


async def slices(line: Line, response: Response, seconds: float) -> None:
    """Send the answer in some twenty pieces."""
    await line.drip(http1.written(response), seconds, piece_bytes=len(http1.written(response)) // 20)


async def slow_close(line: Line, response: Response, seconds: float) -> None:
    """Send the answer and leave the connection open for a while."""
    await line.send(http1.written(response))
    await asyncio.sleep(seconds)


async def silence(line: Line, response: Response, seconds: float) -> None:
    """Say nothing."""
    del response, seconds
    await line.until_client_leaves()


async def preliminary(line: Line, response: Response, seconds: float) -> None:
    """Send three preliminary answers, then the answer."""
    del seconds
    await line.send(http1.informational() * 3 + http1.written(response))


async def preliminary_flood(line: Line, response: Response, seconds: float) -> None:
    """Send preliminary answers for ever."""
    del response, seconds
    while True:
        await line.drip(http1.informational(), _PAUSE_SECONDS, piece_bytes=1000)


async def reset(line: Line, response: Response, seconds: float) -> None:
    """Reset the connection."""
    del response, seconds
    line.reset()


async def reset_in_body(line: Line, response: Response, seconds: float) -> None:
    """Send a part and reset the connection."""
    del seconds
    await line.send(http1.with_long_body(response))
    await asyncio.sleep(0.02)  # what a reset overtakes is lost: let the client have the half
    line.reset()


async def close(line: Line, response: Response, seconds: float) -> None:
    """Do nothing: the connection is closed after every fault."""
    del line, response, seconds
