"""Addresses from strangers: what is fetched, as it is fetched, and what never is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.errors import UsageError
from mcu_sdk.wire import strangers_address


@pytest.mark.parametrize(
    ("url", "options", "fetched"),
    [
        ("https://cdn.example/a.jpg", {}, "https://cdn.example/a.jpg"),
        ("HTTPS://CDN.Example/A.jpg", {}, "https://cdn.example/A.jpg"),
        ("https://cdn.example", {}, "https://cdn.example/"),
        ("https://cdn.example?a=b", {}, "https://cdn.example/?a=b"),
        ("https://cdn.example:443/a", {}, "https://cdn.example/a"),
        ("https://cdn.example:/a", {}, "https://cdn.example/a"),
        ("https://cdn.example./a", {}, "https://cdn.example/a"),
        ("https://cdn.example/a#top", {}, "https://cdn.example/a"),
        ("https://cdn.example/a%2Fb?s=%2B+[1]&t==", {}, "https://cdn.example/a%2Fb?s=%2B+[1]&t=="),
        ("https://cdn.example//evil.example/a", {}, "https://cdn.example//evil.example/a"),
        ("https://cdn.example/a@b:c", {}, "https://cdn.example/a@b:c"),
        ("https://пример.рф/двор.jpg", {}, "https://xn--e1afmkfd.xn--p1ai/%D0%B4%D0%B2%D0%BE%D1%80.jpg"),
        ("https://xn--e1afmkfd.xn--p1ai/a", {"hosts": ["Пример.рф."]}, "https://xn--e1afmkfd.xn--p1ai/a"),
        ("https://cdn。example/a", {}, "https://cdn.example/a"),
        ("https://a_b.cdn.example/", {"hosts": ["cdn.example"]}, "https://a_b.cdn.example/"),
        ("https://cdn.example:8443/a", {"ports": (443, 8443)}, "https://cdn.example:8443/a"),
        ("https://1.2.3.4.example/", {}, "https://1.2.3.4.example/"),
    ],
)
def test_good_addresses_are_fetched_in_one_form(url: str, options: dict[str, Any], fetched: str) -> None:
    """Lower-case ASCII host, no default port, no fragment; path and query keep their escapes."""
    assert strangers_address(url, **options) == fetched
    assert strangers_address(fetched, **options) == fetched


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.jpg",
        "/a.jpg",
        "//cdn.example/a",
        "http://cdn.example/a",
        "file:///etc/passwd",
        "file://cdn.example/etc/passwd",
        "data:text/plain,abc",
        "gopher://cdn.example/a",
        "ftp://cdn.example/a",
        "javascript:alert(1)",
        "https:cdn.example/a",
        "https:/cdn.example/a",
        "https:///cdn.example/a",
        "https://",
        "https://:443/a",
        "https://?a",
        "https://user@cdn.example/a",
        "https://user:pass@cdn.example/a",
        "https://@cdn.example/a",
        "https://good.example:443@cdn.example/a",
        "https://cdn.example\\@evil.example/a",
        "https:\\\\cdn.example\\a",
        "https://cdn.example/a\\b",
        " https://cdn.example/a",
        "https://cdn.example/a b",
        "https://cdn.example/a\n",
        "ht\ttps://cdn.example/a",
        "https://cdn\r\n.example/a",
        "https://cdn.example/\0",
        "https://cdn.example/\x7f",
        "https://cdn.example/\x85",
        "https://cdn.example:0/",
        "https://cdn.example:80/",
        "https://cdn.example:22/",
        "https://cdn.example:65536/",
        "https://cdn.example:-1/",
        "https://cdn.example:４４３/",
        "https://cdn.example:four/",
        "https://localhost/a",
        "https://localhost./a",
        "https://intranet/a",
        "https://cdn..example/a",
        "https://.example/a",
        "https://cdn.example../a",
        "https://-cdn.example/a",
        "https://cdn%2eexample/a",
        "https://cdn.example%00/a",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0x7f.0x1/",
        "https://0177.0.0.1/",
        "https://①②⑦.⓪.⓪.①/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "https://" + "a." * 130 + "example/",
        "https://" + "я" * 64 + ".example/",
        "https://cdn.example/\ud83d",
        "https://cdn.example/" + "a" * 9000,
    ],
)
def test_tricks_are_refused_without_being_repeated(url: str) -> None:
    """Our error, which gives a reason and no letter of the address: it may hold a key."""
    with pytest.raises(UsageError) as raised:
        strangers_address(url)
    assert raised.value.code == "usage.strangers_address"
    assert "cdn" not in repr(raised.value.__dict__)
    assert raised.value.__cause__ is raised.value.__context__ is None


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("cdn.example", True),
        ("CDN.example.", True),
        ("a.b.cdn.example", True),
        ("evilcdn.example", False),
        ("cdn.example.evil.example", False),
        ("example", False),
        ("other.example", False),
    ],
)
def test_the_list_of_hosts_takes_them_and_their_subdomains(host: str, allowed: bool) -> None:
    """The end of a name counts by whole labels; an empty or broken entry allows nothing."""
    options: dict[str, Any] = {"hosts": ["cdn.example", "", ".", "broken..name"]}
    if allowed:
        strangers_address(f"https://{host}/", **options)
        return
    with pytest.raises(UsageError):
        strangers_address(f"https://{host}/", **options)
    with pytest.raises(UsageError):
        strangers_address("https://cdn.example/", hosts=[])


@given(
    st.one_of(
        st.text(),
        st.builds("https://{}".format, st.text()),
        st.builds("https://cdn.example{}".format, st.text()),
    )
)
def test_any_text_is_an_ascii_address_or_our_error(url: str) -> None:
    """What passes is plain ASCII, has one form, and goes to https."""
    try:
        fetched = strangers_address(url)
    except UsageError:
        return
    assert fetched.isascii()
    assert fetched.startswith("https://")
    assert strangers_address(fetched) == fetched
