"""Addresses of strangers: what is not plainly public is refused, in every disguise."""

from __future__ import annotations

import pickle
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.errors import TransportError
from mcu_sdk.transport.addresses import NOT_PUBLIC, AddressRule, checked_addresses

PUBLIC = ("8.8.8.8", "93.184.215.14", "1.1.1.1", "2a00:1450:4010:c0f::8a", "2606:4700:4700::1111")
NOT_GLOBAL = (
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "2a00:1450:4010:c0f::8a%1",
    "fec0::1",
    "ff02::1",
    "2a00:1450::5efe:10.0.0.1",
    "2a00:1450::200:5efe:10.0.0.1",
)
NOT_AN_ADDRESS = (
    "",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "127.0.0.01",
    "[::1]",
    "localhost",
    "1.1.1.1 ",
)
PRIVATE_V4 = [
    network for network, _ in NOT_PUBLIC if isinstance(network, IPv4Network) and network.num_addresses > 1
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    """An address of the open network comes back as it was."""
    assert checked_addresses(AddressRule.PUBLIC, "files.example.org", [address]) == (address,)


@pytest.mark.parametrize("address", NOT_GLOBAL + NOT_AN_ADDRESS)
def test_an_address_that_is_not_plainly_public_is_refused(address: str) -> None:
    """Nothing inside a network, on this machine, or in an unusual form; the error names host and reason."""
    with pytest.raises(TransportError) as refusal:
        checked_addresses(AddressRule.PUBLIC, "files.example.org", [address])
    error = refusal.value
    assert (error.code, error.delivered) == ("transport.forbidden_address", "no")
    assert "files.example.org" in str(error)
    assert "RFC " in str(error)
    assert "files.example.org" in error.localized("ru")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize("rule", [AddressRule.PUBLIC, AddressRule.LOOPBACK])
def test_one_bad_address_refuses_the_host(rule: AddressRule) -> None:
    """A name with a good and a bad address is a trick: which one is connected to is not ours to choose."""
    good, bad = ("8.8.8.8", "10.0.0.1") if rule is AddressRule.PUBLIC else ("127.0.0.1", "8.8.8.8")
    for addresses in ([good, bad], [bad, good], [good, good, bad]):
        with pytest.raises(TransportError):
            checked_addresses(rule, "mixed.example.org", addresses)


@pytest.mark.parametrize("rule", [AddressRule.PUBLIC, AddressRule.LOOPBACK])
def test_no_address_at_all_is_refused(rule: AddressRule) -> None:
    """An empty answer is not permission."""
    with pytest.raises(TransportError):
        checked_addresses(rule, "nothing.example.org", [])


def test_a_mapped_public_address_is_unwrapped() -> None:
    """What was checked is what is connected to."""
    assert checked_addresses(AddressRule.PUBLIC, "h", ["::ffff:8.8.8.8"]) == ("8.8.8.8",)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_plain_http_reaches_this_machine(address: str) -> None:
    """Loopback in both families."""
    assert len(checked_addresses(AddressRule.LOOPBACK, "localhost", [address])) == 1


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "10.0.0.1", "0.0.0.0", "::", "::ffff:10.0.0.1", "::1%lo", "127.1"]
)
def test_plain_http_reaches_nothing_else(address: str) -> None:
    """Neither the open network nor the office's."""
    with pytest.raises(TransportError):
        checked_addresses(AddressRule.LOOPBACK, "localhost", [address])


@pytest.mark.parametrize("address", ["10.0.0.1", "fe80::1%eth0", "8.8.8.8", "fd00::1"])
def test_the_operators_host_may_be_anywhere(address: str) -> None:
    """A portal in the office's own network is usual."""
    assert checked_addresses(AddressRule.ANY, "portal.local", [address]) == (address,)


@pytest.mark.parametrize(
    "host", ["user:pa55@h", "h/?token=pa55", "h?pa55", "pa55\n", "h#pa55", "h\\pa55", "h pa55"]
)
def test_only_a_plain_host_is_named(host: str) -> None:
    """A host that could hold more than a name is not repeated."""
    with pytest.raises(TransportError) as refusal:
        checked_addresses(AddressRule.PUBLIC, host, ["10.0.0.1"])
    assert "pa55" not in str(refusal.value) + repr(vars(refusal.value))


@given(
    st.sampled_from(PRIVATE_V4).flatmap(
        lambda network: st.integers(int(network[0]), int(network[-1])).map(IPv4Address)
    ),
    st.integers(0, 2**32 - 1),
)
def test_a_private_address_is_refused_in_every_embedding(private: IPv4Address, rest: int) -> None:
    """IPv4 inside IPv6: mapped, compatible, translated, 6to4, Teredo, ISATAP, both NAT64 prefixes."""
    number = int(private)
    embedded = [
        private,
        *map(
            IPv6Address,
            (
                number,
                0xFFFF << 32 | number,
                0xFFFF << 48 | number,
                0x64FF9B << 96 | number,
                0x64FF9B << 96 | 1 << 80 | number,
                0x2002 << 112 | number << 80 | rest,
                0x20010000 << 96 | rest << 64 | (number ^ 0xFFFFFFFF),
                0x2A001450 << 96 | 0x5EFE << 32 | number,
                0x2A001450 << 96 | 0x02005EFE << 32 | number,
            ),
        ),
    ]
    for address in embedded:
        with pytest.raises(TransportError):
            checked_addresses(AddressRule.PUBLIC, "h", [str(address)])


@given(st.ip_addresses(v=4).filter(lambda address: not any(address in network for network, _ in NOT_PUBLIC)))
def test_any_other_address_of_version_four_is_public(address: IPv4Address) -> None:
    """The table refuses what it names and no more."""
    assert checked_addresses(AddressRule.PUBLIC, "h", [str(address)]) == (str(address),)


@given(st.ip_addresses(v=6))
def test_what_passes_is_global_by_the_standard_library_too(address: IPv6Address) -> None:
    """Our table only narrows what Python calls global."""
    try:
        passed = checked_addresses(AddressRule.PUBLIC, "h", [str(address)])
    except TransportError:
        return
    assert all(ip_address(text).is_global for text in passed)
