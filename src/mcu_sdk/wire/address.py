"""Whether an address from a stranger may be fetched, by its letters alone.

Where its name leads is checked when the connection is made: letters cannot tell.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import SplitResult, quote, urlsplit

from mcu_sdk.errors import UsageError

__all__ = ["strangers_address"]

_LONGEST_ADDRESS = 8192
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$|0x[0-9a-f]*$){_LABEL}")
_LONGEST_NAME = 253  # what DNS takes
_HTTPS_PORT = 443
_KEPT_IN_PATH = "/%:@!$&'()*+,;=~"
_KEPT_IN_QUERY = f"{_KEPT_IN_PATH}?[]"


def strangers_address(
    url: str, *, hosts: Collection[str] | None = None, ports: Collection[int] = (443,)
) -> str:
    """Return *url* as it is to be fetched: https, an ASCII host name, no fragment.

    *hosts* allows these and their subdomains, None any name. Addresses in numbers, names without a
    dot, user names and other *ports* are refused by UsageError, which does not repeat the address:
    it may hold a key.

    >>> strangers_address("https://Пример.рф:443/двор.jpg")
    'https://xn--e1afmkfd.xn--p1ai/%D0%B4%D0%B2%D0%BE%D1%80.jpg'
    >>> strangers_address("https://cdn.example/a?sign=b#c", hosts=["cdn.example"])
    'https://cdn.example/a?sign=b'
    """
    if len(url) > _LONGEST_ADDRESS or _FORBIDDEN.search(url):
        raise _refused("it is too long or has spaces, control characters or backslashes")
    try:
        parts = urlsplit(url)
        host = _ascii_name(parts.hostname or "")
        port = _HTTPS_PORT if parts.port is None else parts.port
        path = quote(parts.path, safe=_KEPT_IN_PATH) or "/"
        query = quote(parts.query, safe=_KEPT_IN_QUERY)
    except ValueError:
        failure = _refused("it is no address")
    else:
        reason = _objection(parts, host, port, hosts, ports)
        where = host if port == _HTTPS_PORT else f"{host}:{port}"
        if reason is None:
            return f"https://{where}{path}?{query}" if query else f"https://{where}{path}"
        failure = _refused(reason)
    raise failure


def _objection(
    parts: SplitResult, host: str, port: int, hosts: Collection[str] | None, ports: Collection[int]
) -> str | None:
    if parts.scheme != "https":
        return "it is not https"
    if "@" in parts.netloc:
        return "it holds a user name"
    if not _NAME.fullmatch(host) or len(host) > _LONGEST_NAME:
        return "its host is no full name"
    if port not in ports:
        return "its port is not allowed"
    if hosts is not None and not any(_within(host, allowed) for allowed in hosts):
        return "its host is not among the allowed ones"
    return None


def _ascii_name(host: str) -> str:
    return host.lower().removesuffix(".").encode("idna").decode("ascii").lower() if host else ""


def _within(host: str, allowed: str) -> bool:
    try:
        name = _ascii_name(allowed)
    except ValueError:
        return False
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _refused(reason: str) -> UsageError:
    return UsageError(
        "usage.strangers_address",
        f"the file's address is refused: {reason}",
        "open it by hand if it is to be trusted",
        reason=reason,
    )
