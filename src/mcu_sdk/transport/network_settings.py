"""How one channel reaches its far side: whom it trusts, and through which proxy."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from mcu_sdk.errors import UsageError
from mcu_sdk.transport.connection import proxy_of
from mcu_sdk.transport.tls import tls_context
from mcu_sdk.wire import Secret, SecretReference

__all__ = ["NetworkSettings"]

_FROM_ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """The roots a channel trusts besides the usual ones, and its proxy.

    `ca_file` is a PEM file, for this channel alone. `proxy` is `"http://host:port"`; one with a password
    is a Secret or a SecretReference, so that it does not show; `"environment"` takes HTTPS_PROXY,
    HTTP_PROXY, ALL_PROXY and NO_PROXY when the client is made. Nothing else is read from the
    environment, and `.netrc` never. Raises UsageError for a proxy that cannot be used.

    >>> NetworkSettings(proxy="http://proxy.example.org:3128").proxy_url("https://portal.example.org")
    'http://proxy.example.org:3128'
    """

    ca_file: Path | None = None
    proxy: str | Secret | SecretReference | None = None

    def __post_init__(self) -> None:
        if isinstance(self.proxy, str) and self.proxy != _FROM_ENVIRONMENT:
            if "@" in self.proxy:
                raise _password_in_plain_text()
            _checked(self.proxy)

    def tls_context(self) -> ssl.SSLContext:
        """Return a new TLS context. Raises UsageError for a CA file that cannot be used."""
        return tls_context(self.ca_file)

    def proxy_url(self, url: str) -> str | None:
        """Return the proxy on the way to *url*, with its password, or None for the straight way.

        Raises UsageError when its secret is missing or is no proxy's address.
        """
        if self.proxy is None:
            return None
        if self.proxy == _FROM_ENVIRONMENT:
            return _proxy_of_environment(url)
        if isinstance(self.proxy, str):
            return self.proxy
        secret = self.proxy.resolve() if isinstance(self.proxy, SecretReference) else self.proxy
        return _checked(secret.reveal())


def _proxy_of_environment(url: str) -> str | None:
    parts = urlsplit(url)
    proxies = getproxies_environment()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    return _checked(proxy if "://" in proxy else f"http://{proxy}")


def _checked(proxy: str) -> str:
    proxy_of(proxy)
    return proxy


def _password_in_plain_text() -> UsageError:
    return UsageError(
        "usage.proxy_password",
        "an account at the proxy must not be written in plain text",
        "name the whole address by reference: env:NAME_OF_VARIABLE or file:/path/to/file",
    )
