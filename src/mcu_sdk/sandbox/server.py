"""The sandbox on a port of this machine, for programs that need a real address."""

from __future__ import annotations

import ipaddress
import threading
from types import TracebackType
from typing import Self

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox.loopback import Listener
from mcu_sdk.sandbox.portal import PortalSandbox

__all__ = ["SandboxServer"]

_LARGEST_BODY_BYTES = 32 * 1024 * 1024
_POLL_SECONDS = 0.05


class SandboxServer:
    """Serves *sandbox* over plain HTTP on the loopback interface while the `with` block runs.

    Port 0 takes a free one; `url` is the base address for a client. A body over *largest_body_bytes*
    is answered 413. Raises UsageError for a host that is not this machine's loopback and, on entering,
    for a port that cannot be had.

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
    ) -> None:
        if not _is_loopback(host):
            raise UsageError(
                "sandbox.host",
                "the sandbox serves this machine only",
                "use 127.0.0.1, ::1 or localhost",
                host=host,
            )
        self._handle = sandbox.handle
        self._address = ("127.0.0.1" if host == "localhost" else host, port)
        self._largest_body_bytes = largest_body_bytes
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base address, such as `http://127.0.0.1:8765`. Raises UsageError outside the `with` block."""
        if self._listener is None:
            raise UsageError("sandbox.not_started", "the sandbox does not serve yet", "open it by `with`")
        host, port = self._address[0], self._listener.server_port
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def __enter__(self) -> Self:
        try:
            self._listener = Listener(self._address, self._handle, self._largest_body_bytes)
        except (OSError, OverflowError):
            port = self._address[1]
            failure = UsageError(
                "sandbox.port",
                f"port {port} cannot be served",
                "take another port, or 0 for a free one",
                port=port,
            )
        else:
            self._thread = threading.Thread(
                target=self._listener.serve_forever, args=(_POLL_SECONDS,), name="mcu-sandbox"
            )
            self._thread.start()
            return self
        raise failure

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        listener, thread = self._listener, self._thread
        if listener is None or thread is None:
            return
        self._listener = self._thread = None
        listener.shutdown()
        thread.join()
        listener.hang_up()
        listener.server_close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
