"""HTTP/1.1 on a socket, turned into wire requests and back."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, cast
from urllib.parse import parse_qsl

from mcu_sdk.sandbox.answers import refusal
from mcu_sdk.wire import Body, Request, Response

__all__ = ["Listener"]

_SILENCE_SECONDS = 30.0
_CHUNK_BYTES = 64 * 1024
_LARGEST_DISCARDED_BYTES = 256 * 1024 * 1024


class Listener(ThreadingHTTPServer):
    """Answers by *handle*, one thread for a connection; a body over *largest_body_bytes* gets 413."""

    # The threads are joined on closing; kept-alive connections must be hung up before.
    daemon_threads = False
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], handle: Callable[[Request], Response], largest_body_bytes: int
    ) -> None:
        self.handle = handle
        self.largest_body_bytes = largest_body_bytes
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Exchange)

    def server_bind(self) -> None:
        """Bind without looking the host's name up, which could wait for DNS."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def get_request(self) -> tuple[socket.socket, Any]:
        """Take a connection and remember it."""
        connection, address = super().get_request()
        with self._open_lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close a connection and forget it."""
        with self._open_lock:
            self._open.discard(cast(socket.socket, request))
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End all connections, so that their threads come to an end."""
        with self._open_lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a client that went away; tell of anything else as the standard library does."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(cast(socket.socket, request), client_address)


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mcu-sandbox"
    sys_version = ""
    # An answer leaves in one piece at once: without both of these a kept-alive client waits 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = _SILENCE_SECONDS

    def do_GET(self) -> None:
        listener = cast(Listener, self.server)
        if "Transfer-Encoding" in self.headers:
            self._refuse(411, "Нужен Content-Length")
            return
        length_text = self.headers.get("Content-Length", "0").strip()
        if not (length_text.isascii() and length_text.isdecimal() and len(length_text) < 19):
            self._refuse(400, "Content-Length — не число")
            return
        length_bytes = int(length_text)
        if length_bytes > listener.largest_body_bytes:
            # Unread bytes would reset the connection before the client has read the answer.
            self._discard(min(length_bytes, _LARGEST_DISCARDED_BYTES))
            self._refuse(413, f"Тело больше {listener.largest_body_bytes} байт")
            return
        content = self.rfile.read(length_bytes)
        if len(content) < length_bytes:
            self.close_connection = True
            return
        self._send(listener.handle(self._request(content)))

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815

    def _request(self, content: bytes) -> Request:
        path, _, query = self.path.partition("?")
        return Request(
            self.command,
            path,
            query=tuple(parse_qsl(query, keep_blank_values=True)),
            headers=tuple(self.headers.items()),
            body=Body(content, self.headers.get("Content-Type", "")) if content else None,
        )

    def _refuse(self, status: int, words: str) -> None:
        self.close_connection = True
        self._send(refusal(status, words, connection="close"))

    def _discard(self, length_bytes: int) -> None:
        while length_bytes > 0 and (chunk := self.rfile.read(min(length_bytes, _CHUNK_BYTES))):
            length_bytes -= len(chunk)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """Say nothing: the sandbox keeps its own log."""
