"""One connection of the sandbox's server: bytes out, pauses, and the ways to end it."""

from __future__ import annotations

import asyncio
import socket
import struct

__all__ = ["Line"]

_PIECE_BYTES = 64 * 1024
_LINGER_SECONDS = 2.0


class Line:
    """A connection to a client. Writing raises ConnectionError once the client has gone."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @property
    def socket(self) -> socket.socket:
        """The socket below, for its options."""
        found: socket.socket = self._writer.get_extra_info("socket")
        return found

    async def receive(self) -> bytes:
        """Return the next bytes, none at the end."""
        return await self._reader.read(_PIECE_BYTES)

    async def send(self, content: bytes) -> None:
        """Send *content*, waiting while the client reads slowly."""
        self._writer.write(content)
        await self._writer.drain()

    async def drip(self, content: bytes, pause_seconds: float, piece_bytes: int = 1) -> None:
        """Send *content* in pieces with a pause after each."""
        for start in range(0, len(content), piece_bytes):
            await self.send(content[start : start + piece_bytes])
            await asyncio.sleep(pause_seconds)

    async def until_client_leaves(self) -> None:
        """Say nothing till the client hangs up."""
        while await self.receive():
            pass

    def reset(self) -> None:
        """End the connection by a TCP reset; what was not sent yet is lost."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    def abort(self) -> None:
        """End the connection at once."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """End the connection after what was sent has left; return when it is over."""
        self._writer.close()
        try:
            async with asyncio.timeout(_LINGER_SECONDS):
                await self._writer.wait_closed()
        except (OSError, asyncio.CancelledError):
            self.abort()
