"""Which network addresses may be connected to, decided on the numbers a name was resolved to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from mcu_sdk.errors import TransportError

__all__ = ["AddressRule", "checked_addresses"]

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_ISATAP = (0xFDFFFFFF, 0x00005EFE)  # mask and value of the word before the embedded IPv4 address
_PLAIN_HOST = re.compile(r"[\w.:-]{1,253}")

NOT_PUBLIC = tuple(
    (ip_network(network), source)
    for network, source in (
        ("0.0.0.0/8", "RFC 1122: this network"),
        ("10.0.0.0/8", "RFC 1918: private"),
        ("100.64.0.0/10", "RFC 6598: a provider's shared space"),
        ("127.0.0.0/8", "RFC 1122: loopback"),
        ("169.254.0.0/16", "RFC 3927: link-local"),
        ("172.16.0.0/12", "RFC 1918: private"),
        ("192.0.0.0/24", "RFC 6890: protocol assignments"),
        ("192.0.2.0/24", "RFC 5737: documentation"),
        ("192.88.99.0/24", "RFC 7526: 6to4 relay, retired"),
        ("192.168.0.0/16", "RFC 1918: private"),
        ("198.18.0.0/15", "RFC 2544: benchmarking"),
        ("198.51.100.0/24", "RFC 5737: documentation"),
        ("203.0.113.0/24", "RFC 5737: documentation"),
        ("224.0.0.0/4", "RFC 5771: multicast"),
        ("255.255.255.255/32", "RFC 919: broadcast"),
        ("240.0.0.0/4", "RFC 1112: reserved"),
        ("::/128", "RFC 4291: unspecified"),
        ("::1/128", "RFC 4291: loopback"),
        ("::/96", "RFC 4291: IPv4-compatible"),
        ("::ffff:0:0/96", "RFC 4291: IPv4-mapped"),
        ("::ffff:0:0:0/96", "RFC 2765: IPv4-translated"),
        ("64:ff9b::/96", "RFC 6052: IPv4 behind a translator"),
        ("64:ff9b:1::/48", "RFC 8215: IPv4 behind a translator"),
        ("100::/64", "RFC 6666: discarded"),
        ("100:0:0:1::/64", "RFC 9780: dummy prefix"),
        ("2001::/32", "RFC 4380: Teredo"),
        ("2001:2::/48", "RFC 5180: benchmarking"),
        ("2001::/23", "RFC 2928: protocol assignments"),
        ("2001:db8::/32", "RFC 3849: documentation"),
        ("2002::/16", "RFC 3056: 6to4"),
        ("3fff::/20", "RFC 9637: documentation"),
        ("5f00::/16", "RFC 9602: segment routing"),
        ("fc00::/7", "RFC 4193: unique local"),
        ("fe80::/10", "RFC 4291: link-local"),
        ("fec0::/10", "RFC 3879: site-local"),
        ("ff00::/8", "RFC 4291: multicast"),
    )
)


class AddressRule(Enum):
    """Where a connection may go.

    `ANY` is for a host that the operator configured, `LOOPBACK` for plain http, `PUBLIC` for an
    address that came from a stranger.
    """

    ANY = auto()
    LOOPBACK = auto()
    PUBLIC = auto()


def checked_addresses(rule: AddressRule, host: str, addresses: Sequence[str]) -> tuple[str, ...]:
    """Return the numeric *addresses* of *host*, all of them allowed by *rule*.

    Connect to what is returned, not to the name: a second look-up may answer something else. Raises
    TransportError when any of them is not allowed, or when there is none.

    >>> checked_addresses(AddressRule.PUBLIC, "example.org", ["93.184.215.14"])
    ('93.184.215.14',)
    """
    if rule is AddressRule.ANY:
        return tuple(addresses)
    if not addresses:
        raise _forbidden(host, "-", "no address")
    checked: list[str] = []
    for text in addresses:
        address = _unwrapped(text)
        objection = "RFC 6874: not a plain address" if address is None else _objection(rule, address)
        if objection is not None:
            raise _forbidden(host, text, objection)
        checked.append(str(address))
    return tuple(checked)


def _unwrapped(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    return None if address.scope_id is not None else address.ipv4_mapped or address


def _objection(rule: AddressRule, address: IPv4Address | IPv6Address) -> str | None:
    if rule is AddressRule.LOOPBACK:
        return None if address.is_loopback else "RFC 1122: not loopback"
    for network, source in NOT_PUBLIC:
        if address in network:
            return source
    if isinstance(address, IPv6Address):
        if address not in _GLOBAL_UNICAST:
            return "RFC 4291: not global unicast"
        mask, value = _ISATAP
        if (int(address) >> 32) & mask == value:
            return "RFC 5214: ISATAP"
    return None if address.is_global else "RFC 6890: special purpose"


def _forbidden(host: str, address: str, source: str) -> TransportError:
    shown = host if _PLAIN_HOST.fullmatch(host) else "-"  # anything else could hold a password or a query
    return TransportError(
        "transport.forbidden_address",
        f"{shown} is at {address}, where this call may not go ({source})",
        "files of strangers come from public addresses only, plain http from this machine only",
        delivered="no",
        host=shown,
        address=address,
        source=source,
    )
