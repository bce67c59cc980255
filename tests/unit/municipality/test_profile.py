"""A municipality's file: what it gives, and errors that name the place in it."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mcu_sdk import AsyncPortal, Municipality, Portal
from mcu_sdk.errors import ApiError, McuError, ProfileError, UsageError
from mcu_sdk.model import Message, Regime
from mcu_sdk.sandbox import PortalSandbox
from mcu_sdk.transport import (
    AsyncMemoryTransport,
    AttemptEnded,
    AttemptStarted,
    Event,
    Limit,
    MemoryTransport,
)
from mcu_sdk.wire import Response

EXAMPLE = Path(__file__).parents[3] / "examples" / "meshchovsk.toml"


def load(tmp_path: Path, text: str) -> Municipality:
    path = tmp_path / "town.toml"
    path.write_text(text, "utf-8")
    return Municipality.load(path)


def test_example_profile() -> None:
    """The example of the seed district has its zone, calendars, rules, posts and routes, and no names."""
    town = Municipality.load(EXAMPLE)
    assert (town.name, town.oktmo, str(town.zone)) == ("Мещовский район", "29627000", "Europe/Moscow")
    assert set(town.calendars) == {"office", "duty", "round_the_clock"}
    assert town.rules.rule("comments.90_minutes").counted_on == "duty"
    assert town.policy.choose({"kind": "comment", "channel": "vk"}).rules["final"] == "comments.90_minutes"
    assert town.policy.choose({"channel": "portal", "fast_track": True}).authority == "external"
    assert [post.role for post in town.roster.posts] == [
        "mcu.curator",
        "mcu.head",
        "portal.coordinator",
        "incidents.moderator",
        "accounts.administration",
        "accounts.head",
        "official_pages.coordinator",
        "polls.coordinator",
    ]
    assert town.roster.posts[0].title == "Куратор муниципального центра управления"
    assert all(person.name is None and person.contact is None for person in town.roster.employees.values())
    assert town.regimes == {"register": Regime.LAW_59}
    assert {row.executor for row in town.routing.rows} == set(town.routing.bodies)


def test_settings_of_an_account_pickle_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings hold references: they pickle, and neither they nor their pickles hold a secret."""
    monkeypatch.setenv("MCU_PORTAL_SECRET", "canary-secret")
    settings = Municipality.load(EXAMPLE).accounts["portal"]
    copy = pickle.loads(pickle.dumps(settings))
    assert copy == settings
    assert b"canary-secret" not in pickle.dumps(settings)
    assert copy.time_limit == timedelta(seconds=60)


def test_missing_secret_names_its_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client without its secret is refused before anything is sent, with the reference named."""
    monkeypatch.delenv("MCU_PORTAL_SECRET", raising=False)
    with pytest.raises(UsageError, match="env:MCU_PORTAL_SECRET"):
        Municipality.load(EXAMPLE).portal()


def test_secret_file_lies_beside_the_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`file:` is counted from the profile's folder, wherever the program runs."""
    monkeypatch.chdir("/")
    text = EXAMPLE.read_text("utf-8").replace("env:MCU_PORTAL_CLIENT_SECRET", "file:client.key")
    (tmp_path / "client.key").write_text("canary\n", "utf-8")
    monkeypatch.setenv("MCU_PORTAL_SECRET", "x")
    town = load(tmp_path, text)
    with town.portal() as portal:
        assert "canary" not in repr(portal)


def test_unknown_account() -> None:
    """An account that is not in the file is an error that names those that are."""
    with pytest.raises(ProfileError, match=r"meshchovsk\.toml: accounts\.gis.*known are portal"):
        Municipality.load(EXAMPLE).portal("gis")


@pytest.mark.parametrize(
    ("old", "new", "place", "russian"),
    [
        ('zone = "Europe/Moscow"', 'zone = "Europe/Meshchovsk"', "municipality.zone", "часового пояса"),
        ('oktmo = "29627000"', 'oktmo = "2962"', "municipality.oktmo", "вид"),
        ('oktmo = "29627000"', "oktmo = 29627000", "municipality.oktmo", "текст в кавычках"),
        ('name = "Мещовский район"\n', "", "municipality.name", "нет обязательного"),
        ('kind = "russia"  ', 'kind = "soviet"  ', "calendars.office.kind", "'russia', 'weekly'"),
        ("writes = true", 'writes = "yes"', "accounts.portal.writes", "true или false"),
        ("writes = true", "write = true", "accounts.portal.write", "такого ключа нет"),
        ('role = "mcu.head"', 'role = "head"', "roster.2.role", "вид"),
        (
            'kind = "weekly"                      # without holidays\nschedule = "mon-sun 09:00-21:00"',
            'kind = "weekly"',
            "calendars.duty.schedule",
            "график",
        ),
        ("[municipality]", "[municipality", "-", "TOML: строка 6, столбец"),
        ("[municipality]", "x = " + "[" * 5000, "-", "вложенность"),
        ('zone = "Europe/Moscow"', 'zone = "Europe"', "municipality.zone", "часового пояса"),
        ('zone = "Europe/Moscow"', f'zone = "{"x" * 5000}"', "municipality.zone", "часового пояса"),
        ("writes = true", "time_limit_seconds = 0", "accounts.portal.time_limit_seconds", "число больше 0"),
        (
            "writes = true",
            "calls_per_second = 0",
            "accounts.portal.calls_per_second",
            "число не меньше 0.001",
        ),
        (
            "writes = true",
            "time_limit_seconds = inf",
            "accounts.portal.time_limit_seconds",
            "не больше 86400",
        ),
        (
            "writes = true",
            "time_limit_seconds = 1e300",
            "accounts.portal.time_limit_seconds",
            "не больше 86400",
        ),
        ("[calendars.duty]", 'week = "7"\n[calendars.duty]', "calendars.office.week", ": 'five', 'six'"),
        ("[calendars.office]", "[calendars.bureau]", "policy.row.2.rules.final", "59fz.examination"),
        ('counted_on = "duty"', 'counted_on = "dutyyy"', "policy.row.1.rules.final", "dutyyy"),
        ('counted_on = "duty"', 'note = "x"', "policy.row.1.rules.final", "comments.90_minutes"),
        ('{ kind = "comment" }', '{ kind = "coment" }', "policy.row.1.when.kind", "'comment'"),
        ('{ kind = "comment" }', '{ kind = "unknown" }', "policy.row.1.when.kind", "'comment'"),
        ('{ kind = "comment" }', '{ kind = ["comment", 5] }', "policy.row.1.when.kind", "'comment'"),
        ('{ regime = "59fz" }', '{ regime = "59-fz" }', "policy.row.2.when.regime", "'59fz'"),
        ('channel = "portal", fast', 'channel = "protal", fast', "policy.row.3.when.channel", "'portal'"),
        ('["portal"]', '["protal"]', "roster.3.answers_for.1", "'portal', 'incidents', 'vk'"),
        ("writes = true", 'ca_file = ""', "accounts.portal.ca_file", "пустое"),
        ("writes = true", "ca_file = true", "accounts.portal.ca_file", "текст в кавычках"),
        ("writes = true", 'proxy = "socks5://proxy"', "accounts.portal.proxy", "прокси"),
        ("writes = true", 'proxy = "http://proxy:none"', "accounts.portal.proxy", "прокси"),
        ("writes = true", 'proxy = "env:"', "accounts.portal.proxy", "ссылкой"),
    ],
)
def test_errors_name_file_and_place(tmp_path: Path, old: str, new: str, place: str, russian: str) -> None:
    """What is wrong in the file is told with file, table and key, in English and in Russian."""
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, text.replace(old, new))
    assert "town.toml" in str(caught.value)
    assert place in str(caught.value)
    assert place in caught.value.localized("ru")
    assert russian in caught.value.localized("ru")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('counted_on = "duty"', "counted_on = 5", "rule.1.counted_on"),
        ('counted_on = "duty"', 'counted = "duty"', "rule.1.counted"),
        (
            'rules = { final = "59fz.examination" }',
            'rules = { final = "59fz.nothing" }',
            "policy.row.2.rules.final",
        ),
        ('when = { kind = "comment" }\n', "", "policy.row.1.when"),
        ('authority = "external"', 'authority = "theirs"', "policy.row.3.authority"),
        ("[[policy.row]]\nwhen = { kind", "[[policy.rows]]\nwhen = { kind", "policy"),
    ],
)
def test_what_the_calculator_refuses_has_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    """A bad rule or policy is a mistake of the profile too, told in Russian without English reasons."""
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, text.replace(old, new, 1))
    assert caught.value.mistakes[0].place == place
    assert re.search("[а-яё]", caught.value.mistakes[0].reason_ru)


def test_a_bad_schedule_names_its_calendar(tmp_path: Path) -> None:
    """What the calculator says of a schedule comes with the calendar's place in the file."""
    text = EXAMPLE.read_text("utf-8").replace("mon-sun 09:00-21:00", "mon-sun 09:00-26:00")
    with pytest.raises(ProfileError, match=r"town\.toml: calendars\.duty\.schedule: .*26:00"):
        load(tmp_path, text)


@pytest.mark.parametrize("written", ["canary-secret", "file:", "env:"])
def test_a_secret_in_the_file_itself_is_refused_unsaid(tmp_path: Path, written: str) -> None:
    """A secret in place of its reference is refused at its place, and is not repeated in the error."""
    text = EXAMPLE.read_text("utf-8").replace("env:MCU_PORTAL_SECRET", written)
    with pytest.raises(ProfileError, match=r"accounts\.portal\.organisation_secret") as caught:
        load(tmp_path, text)
    assert "canary" not in f"{caught.value} {caught.value.localized('ru')} {vars(caught.value)}"


def test_the_network_of_an_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CA file lies beside the profile, and so does the file of a proxy with a password."""
    monkeypatch.chdir("/")
    (tmp_path / "proxy.key").write_text("http://user:canary-pass@proxy.example.org:3128\n", "utf-8")
    text = EXAMPLE.read_text("utf-8").replace(
        "writes = true", 'ca_file = "roots/root.pem"\nproxy = "file:proxy.key"'
    )
    settings = load(tmp_path, text).accounts["portal"]
    assert settings.network.ca_file == tmp_path / "roots" / "root.pem"
    assert settings.network.proxy_url(settings.url) == "http://user:canary-pass@proxy.example.org:3128"
    assert "canary" not in repr(settings)
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert b"canary" not in pickle.dumps(settings)


def test_a_proxy_password_in_the_file_itself_is_refused_unsaid(tmp_path: Path) -> None:
    """It belongs where secrets are kept; the error does not repeat it."""
    text = EXAMPLE.read_text("utf-8").replace(
        "writes = true", 'proxy = "http://user:canary-pass@proxy.example.org:3128"'
    )
    with pytest.raises(ProfileError, match=r"accounts\.portal\.proxy") as caught:
        load(tmp_path, text)
    assert "canary" not in f"{caught.value} {caught.value.localized('ru')} {vars(caught.value)}"


def test_the_other_world_has_the_same_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """`async_portal` gives the asynchronous client of the same account."""
    monkeypatch.setenv("MCU_PORTAL_SECRET", "x")
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", "x")
    sandbox = PortalSandbox()
    town = Municipality.load(EXAMPLE)
    portal = town.async_portal(transport=AsyncMemoryTransport(sandbox.handle))
    assert isinstance(portal, AsyncPortal)
    assert (portal.account, portal.queue) == ("portal", True)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not UTF-8"])
def test_unreadable_file(tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing or not UTF-8 is our error with its name."""
    path = tmp_path / "town.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(McuError, match=r"town\.toml"):
        Municipality.load(path)


def test_a_path_that_no_file_can_have() -> None:
    """A path with a NUL in it is a file that cannot be opened."""
    with pytest.raises(ProfileError, match="cannot be opened"):
        Municipality.load("town\0.toml")


def test_the_mark_of_windows_notepad_is_no_mistake(tmp_path: Path) -> None:
    """A file saved as «UTF-8 with BOM» loads as without the mark."""
    assert load(tmp_path, "\ufeff" + EXAMPLE.read_text("utf-8")).oktmo == "29627000"


def test_a_channel_gives_the_regime_that_is_not_told(tmp_path: Path) -> None:
    """Only a message whose regime is unknown gets its channel's; without one it stays unknown."""
    town = Municipality.load(EXAMPLE)

    def regime(channel: str, told: Regime) -> Regime:
        return town.regime_of(Message(channel=channel, account="a", external_id="1", regime=told))

    assert regime("register", Regime.UNKNOWN) is Regime.LAW_59
    assert regime("register", Regime.MESSAGE) is Regime.MESSAGE
    assert regime("vk", Regime.UNKNOWN) is Regime.UNKNOWN


def test_urls_replace_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """`urls` points an account elsewhere, say to a sandbox on another port."""
    town = Municipality.load(EXAMPLE, urls={"portal": "http://127.0.0.1:9"})
    assert town.accounts["portal"].url == "http://127.0.0.1:9"


def test_municipal_zone_reaches_the_calendars(tmp_path: Path) -> None:
    """The calendars of a municipality live in its zone."""
    town = load(tmp_path, EXAMPLE.read_text("utf-8").replace('"Europe/Moscow"', '"Asia/Kamchatka"'))
    bound = town.rules.rule("portal.ordinary").bind(town.calendars)
    due = bound.due(datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert due.utcoffset() == timedelta(hours=12)


OVERLAID = 'kind = "russia"                      # the production calendar of Russia\n'
OWN_FILE = """
name = "Наш район"
[[day]]
date = 2026-03-03
working = true
opens = false
act = "распоряжение администрации"
"""


def overlaid(tmp_path: Path, overlays: str, calendar: str = OVERLAID) -> Municipality:
    (tmp_path / "holidays.toml").write_text(OWN_FILE, "utf-8")
    text = EXAMPLE.read_text("utf-8")
    assert calendar in text
    return load(tmp_path, text.replace(calendar, calendar + f"overlays = {overlays}\n"))


def test_a_calendar_takes_regions_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A region by its code, a file beside the profile wherever the program runs; bodies' dates on demand."""
    monkeypatch.chdir("/")
    office = overlaid(tmp_path, '["RU-TA", "file:holidays.toml"]').calendars["office"]
    assert not office.is_working_day(date(2026, 11, 6))
    assert office.is_working_day(date(2026, 3, 3))
    assert not office.is_open(date(2026, 3, 3))
    yakutia = overlaid(tmp_path, '["RU-SA+bodies"]').calendars["office"]
    assert not yakutia.is_working_day(date(2026, 4, 27))
    weekly = 'kind = "weekly"                      # without holidays\n'
    duty = overlaid(tmp_path, '["file:holidays.toml"]', weekly).calendars["duty"]
    assert not duty.is_open(date(2026, 3, 3))


@pytest.mark.parametrize(
    ("overlays", "place", "russian"),
    [
        ('["RU-TA", "RU-NO"]', "calendars.office.overlays.2", "нужен RU-SE"),
        ('["RU-SA"]', "calendars.office.overlays.1", "RU-SA+bodies"),
        ('["file:nowhere.toml"]', "calendars.office.overlays.1", "файл не открывается"),
        ('["file:\\u0000"]', "calendars.office.overlays.1", "файл не открывается"),
        ('"RU-TA"', "calendars.office.overlays", "список"),
        ("[5]", "calendars.office.overlays.1", "текст в кавычках"),
    ],
)
def test_a_wrong_overlay_is_named(tmp_path: Path, overlays: str, place: str, russian: str) -> None:
    """An unknown region and a missing file are errors of the profile, at their place in the list."""
    with pytest.raises(ProfileError) as caught:
        overlaid(tmp_path, overlays)
    assert caught.value.values["place"] == place
    assert russian in caught.value.localized("ru")


def test_a_mistake_in_an_overlay_file_is_named(tmp_path: Path) -> None:
    """The date and the key of the user's own file are in the profile's error."""
    (tmp_path / "bad.toml").write_text(OWN_FILE.replace("working = true", "working = 1"), "utf-8")
    with pytest.raises(ProfileError, match=r"overlays\.1: overlay date 2026-03-03, key 'working'"):
        overlaid(tmp_path, '["file:bad.toml"]')


def test_round_the_clock_takes_no_overlays(tmp_path: Path) -> None:
    """A calendar that never closes has no days off to take from a region."""
    with pytest.raises(ProfileError, match=r"calendars\.round_the_clock\.overlays"):
        overlaid(tmp_path, '["RU-TA"]', 'kind = "round_the_clock"\n')


@pytest.mark.parametrize(
    ("written", "calls", "per_seconds"), [("5", 5, 1), ("2.5", 5, 2), ("0.1", 1, 10), ("0.3", 3, 10)]
)
def test_calls_per_second_are_a_limit(tmp_path: Path, written: str, calls: int, per_seconds: int) -> None:
    """A fraction is counted over the seconds that make it whole; without the key there is no limit."""
    text = EXAMPLE.read_text("utf-8").replace("writes = true", f"calls_per_second = {written}")
    settings = load(tmp_path, text).accounts["portal"]
    assert settings.limits == (Limit(calls, timedelta(seconds=per_seconds)),)
    assert Municipality.load(EXAMPLE).accounts["portal"].limits == ()


def test_all_clients_of_an_account_share_its_budget_and_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two clients, two worlds, one count; another account has its own."""
    monkeypatch.setenv("MCU_PORTAL_SECRET", "x")
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", "x")
    text = EXAMPLE.read_text("utf-8").replace("writes = true", "calls_per_second = 5")
    account = text[text.index("[accounts.portal]") : text.index("# Annex 2")]
    town = load(tmp_path, text + account.replace("accounts.portal", "accounts.other"))
    never, never_async = MemoryTransport(PortalSandbox().handle), AsyncMemoryTransport(PortalSandbox().handle)
    clients: list[Portal | AsyncPortal] = [
        town.portal(transport=never),
        town.portal(transport=never),
        town.async_portal(transport=never_async),
    ]
    assert len({id(client._session._budget) for client in clients}) == 1
    assert len({id(client._session._limits) for client in clients}) == 1
    other = town.portal("other", transport=never)
    assert other._session._budget is not clients[0]._session._budget
    assert other._session._limits is not clients[0]._session._limits


def test_a_clients_events_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """`on_event` goes through to the session."""
    monkeypatch.setenv("MCU_PORTAL_SECRET", "x")
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", "x")
    seen: list[Event] = []
    transport = MemoryTransport(lambda request: Response(400))
    portal = Municipality.load(EXAMPLE).portal(transport=transport, on_event=seen.append)
    with portal, pytest.raises(ApiError):
        portal.messages.list()
    assert [type(event) for event in seen] == [AttemptStarted, AttemptEnded]
