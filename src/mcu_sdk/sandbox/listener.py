"""The sandbox's server: connections on one event loop, in a thread of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable

from mcu_sdk.sandbox.line import Line

__all__ = ["Listener"]

_HANDSHAKE_SECONDS = 10.0
_BACKLOG = 128


class Listener:
    """Gives every connection to *converse* from the moment it is made until `close()`.

    Raises OSError or OverflowError for an *address* that cannot be had.
    """

    def __init__(
        self,
        address: tuple[str, int],
        converse: Callable[[Line], Awaitable[None]],
        ssl_context: ssl.SSLContext | None,
    ) -> None:
        self._converse = converse
        self._ssl_context = ssl_context
        self._socket = _listening_socket(address)
        self.port: int = self._socket.getsockname()[1]
        self.lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="mcu-sandbox")
        self._thread.start()

    def close(self) -> None:
        """Hang up on everybody and return when the thread has ended."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def _run(self) -> None:
        with self._socket, asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._loop.add_reader(self._socket, self._accept)
        await self._stopping.wait()
        self._loop.remove_reader(self._socket)
        await asyncio.sleep(0)  # a task cancelled before its first step would leave its socket open
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self) -> None:
        try:
            accepted, _ = self._socket.accept()
        except OSError:
            return  # it went away again
        accepted.setblocking(False)
        task = self._loop.create_task(self._attend(accepted))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attend(self, accepted: socket.socket) -> None:
        try:
            line = await self._line_on(accepted)
        except OSError:
            return  # the client went away in the middle of the TLS handshake, or refused our certificate
        self.lines.add(line)
        try:
            await self._converse(line)
        except OSError:
            pass  # the client went away, or was silent for too long
        except asyncio.CancelledError:
            line.abort()
        except Exception as error:
            self._loop.call_exception_handler({"message": "the sandbox broke down", "exception": error})
        finally:
            self.lines.discard(line)
            await line.close()

    async def _line_on(self, accepted: socket.socket) -> Line:
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await self._loop.connect_accepted_socket(
            lambda: protocol,
            accepted,
            ssl=self._ssl_context,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS if self._ssl_context else None,
        )
        return Line(reader, asyncio.StreamWriter(transport, protocol, reader, self._loop))


def _listening_socket(address: tuple[str, int]) -> socket.socket:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    # asyncio sends small packets at once only where the protocol is named.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # Without it the port of a server just stopped cannot be had again for a minute.
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setblocking(False)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except (OSError, OverflowError):
        listening.close()
        raise
    return listening
