"""The sandbox on a port of this machine, for programs that need a real address."""

from __future__ import annotations

import ipaddress
import ssl
from types import TracebackType
from typing import Self

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox.conversation import Conversation
from mcu_sdk.sandbox.line import Line
from mcu_sdk.sandbox.listener import Listener
from mcu_sdk.sandbox.portal import PortalSandbox

__all__ = ["SandboxServer"]

_LARGEST_BODY_BYTES = 32 * 1024 * 1024


class SandboxServer:
    """Serves *sandbox* over HTTP on the loopback interface while the `with` block runs.

    The faults of its script are played, those on the wire too. Port 0 takes a free one; `url` is the
    base address for a client, https with an *ssl_context* of a server. A body over
    *largest_body_bytes* is answered 413. Raises UsageError for a host that is not this machine's
    loopback and, on entering, for a port that cannot be had.

    >>> with SandboxServer(PortalSandbox()) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        sandbox: PortalSandbox,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        largest_body_bytes: int = _LARGEST_BODY_BYTES,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        if not _is_loopback(host):
            raise UsageError(
                "sandbox.host",
                "the sandbox serves this machine only",
                "use 127.0.0.1, ::1 or localhost",
                host=host,
            )
        self._sandbox = sandbox
        self._address = ("127.0.0.1" if host == "localhost" else host, port)
        self._largest_body_bytes = largest_body_bytes
        self._ssl_context = ssl_context
        self._scheme = "https" if ssl_context else "http"
        self._listener: Listener | None = None

    @property
    def url(self) -> str:
        """The base address, such as `http://127.0.0.1:8765`. Raises UsageError outside the `with` block."""
        if self._listener is None:
            raise UsageError("sandbox.not_started", "the sandbox does not serve yet", "open it by `with`")
        host = f"[{self._address[0]}]" if ":" in self._address[0] else self._address[0]
        return f"{self._scheme}://{host}:{self._listener.port}"

    def __enter__(self) -> Self:
        try:
            self._listener = Listener(self._address, self._converse, self._ssl_context)
        except (OSError, OverflowError):
            port = self._address[1]
            failure = UsageError(
                "sandbox.port",
                f"port {port} cannot be served",
                "take another port, or 0 for a free one",
                port=port,
            )
        else:
            return self
        raise failure

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    async def _converse(self, line: Line) -> None:
        await Conversation(line, self._sandbox, self._largest_body_bytes, self._scheme).hold()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
