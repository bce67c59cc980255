"""The proxy of a channel: named by its settings, from the environment only when asked, never shown."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from mcu_sdk import Portal, PortalSettings
from mcu_sdk.errors import UsageError
from mcu_sdk.transport import NetworkSettings
from mcu_sdk.wire import Secret, SecretReference

URL = "https://portal.example.org"
WITH_PASSWORD = "http://user:canary-pass@proxy.example.org:3128"
VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the machine says nothing."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_without_settings_the_way_is_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies of the environment are for those who ask."""
    monkeypatch.setenv("HTTPS_PROXY", WITH_PASSWORD)
    assert NetworkSettings().proxy_url(URL) is None


@pytest.mark.parametrize(
    ("variable", "value", "proxy"),
    [
        ("HTTPS_PROXY", WITH_PASSWORD, WITH_PASSWORD),
        ("https_proxy", "proxy.example.org:3128", "http://proxy.example.org:3128"),
        ("ALL_PROXY", "http://proxy.example.org", "http://proxy.example.org"),
        ("HTTP_PROXY", "http://proxy.example.org", None),
        ("HTTPS_PROXY", "", None),
    ],
)
def test_the_environment_when_asked(
    variable: str, value: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables everybody knows, read when the client is made."""
    settings = NetworkSettings(proxy="environment")
    monkeypatch.setenv(variable, value)
    assert settings.proxy_url(URL) == proxy


@pytest.mark.parametrize(
    "exempt", ["portal.example.org", ".example.org", "example.org", "*", "a, portal.example.org"]
)
def test_hosts_exempt_in_the_environment_are_reached_straight(
    exempt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_PROXY by name, by domain, for all."""
    monkeypatch.setenv("HTTPS_PROXY", WITH_PASSWORD)
    monkeypatch.setenv("NO_PROXY", exempt)
    settings = NetworkSettings(proxy="environment")
    assert settings.proxy_url(URL) is None
    assert settings.proxy_url(f"{URL}:8443/api") is None


def test_a_bad_proxy_of_the_environment_is_refused_unsaid(monkeypatch: pytest.MonkeyPatch) -> None:
    """SOCKS and nonsense, without repeating the password."""
    monkeypatch.setenv("ALL_PROXY", "socks5://user:canary-pass@proxy.example.org")
    with pytest.raises(UsageError) as refusal:
        NetworkSettings(proxy="environment").proxy_url(URL)
    assert refusal.value.code == "usage.proxy"
    assert "canary" not in f"{refusal.value} {vars(refusal.value)}"


@pytest.mark.parametrize(
    "proxy",
    [
        "",
        "proxy.example.org:3128",
        "socks5://proxy.example.org",
        "https://proxy.example.org",
        "file:///etc/passwd",
        "env:PROXY",
        "http://",
        "http://:3128",
        "http://proxy:99999",
        "http://proxy:port",
        "http://[::1",
        "http://pro\nxy",
        "Environment",
        WITH_PASSWORD,
    ],
)
def test_a_text_that_is_no_plain_proxy_is_refused(proxy: str) -> None:
    """And a password in plain text is: it would show in every repr of the settings."""
    with pytest.raises(UsageError) as refusal:
        NetworkSettings(proxy=proxy)
    assert refusal.value.code == ("usage.proxy_password" if "@" in proxy else "usage.proxy")
    assert "canary" not in f"{refusal.value} {vars(refusal.value)} {refusal.value.localized('ru')}"
    assert refusal.value.__context__ is None


@pytest.mark.parametrize("proxy", ["http://proxy.example.org:3128", "http://[::1]:3128/"])
def test_a_plain_proxy_is_taken_as_it_is(proxy: str) -> None:
    """For every address."""
    assert NetworkSettings(proxy=proxy).proxy_url(URL) == proxy


def test_a_proxy_with_a_password_does_not_show(tmp_path: Path) -> None:
    """By reference it pickles too; a wrong secret is refused without being repeated."""
    file = tmp_path / "proxy.key"
    file.write_text(f"{WITH_PASSWORD}\n", "utf-8")
    by_reference = NetworkSettings(proxy=SecretReference(f"file:{file}"))
    held = NetworkSettings(proxy=Secret(WITH_PASSWORD))
    assert by_reference.proxy_url(URL) == held.proxy_url(URL) == WITH_PASSWORD
    assert "canary" not in f"{by_reference!r} {held!r}"
    assert pickle.loads(pickle.dumps(by_reference)) == by_reference
    with pytest.raises(UsageError) as refusal:
        NetworkSettings(proxy=Secret("canary-pass")).proxy_url(URL)
    assert "canary" not in f"{refusal.value} {vars(refusal.value)}"


def test_settings_reach_the_client(tmp_path: Path) -> None:
    """A client is not made with a CA file that is not there."""
    settings = PortalSettings(
        url=URL,
        account="town",
        organisation_id="o",
        organisation_secret=Secret("s"),
        client_id="c",
        client_secret=Secret("s"),
        network=NetworkSettings(ca_file=tmp_path / "missing.pem"),
    )
    with pytest.raises(UsageError, match=r"missing\.pem"):
        Portal(settings)
