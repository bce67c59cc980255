"""A municipality's file: what it gives, and errors that name the place in it."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mcu_sdk import Municipality
from mcu_sdk.errors import McuError, ProfileError, SlaError, UsageError

EXAMPLE = Path(__file__).parents[3] / "examples" / "meshchovsk.toml"


def load(tmp_path: Path, text: str) -> Municipality:
    path = tmp_path / "town.toml"
    path.write_text(text, "utf-8")
    return Municipality.load(path)


def test_example_profile() -> None:
    """The example of the seed district has its zone, calendars, rules and posts, and no names."""
    town = Municipality.load(EXAMPLE)
    assert (town.name, town.oktmo, str(town.zone)) == ("Мещовский район", "29627000", "Europe/Moscow")
    assert set(town.calendars) == {"office", "duty", "round_the_clock"}
    assert town.rules.rule("comments.90_minutes").counted_on == "duty"
    assert town.policy.choose({"kind": "comment", "channel": "vk"}).rules["final"] == "comments.90_minutes"
    assert town.policy.choose({"channel": "portal", "fast_track": True}).authority == "external"
    assert all(post.holder is None for post in town.roster.posts)


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
    with pytest.raises(ProfileError, match=r"accounts\.gis.*known are portal"):
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
        ('role = "mcu.head"', 'role = "head"', "roster.1.role", "вид"),
        (
            'kind = "weekly"                      # without holidays\nschedule = "mon-sun 09:00-21:00"',
            'kind = "weekly"',
            "calendars.duty.schedule",
            "график",
        ),
        ("[municipality]", "[municipality", "-", "TOML"),
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
    ("old", "new"),
    [
        ('schedule = "mon-sun 09:00-21:00"', 'schedule = "mon-sun 09:00-26:00"'),
        ('counted_on = "duty"', "counted_on = 5"),
        ('rules = { final = "59fz.examination" }', 'rules = { final = "59fz.nothing" }'),
        ('when = { kind = "comment" }\n', ""),
    ],
)
def test_calculator_parts_complain_as_ours(tmp_path: Path, old: str, new: str) -> None:
    """A bad schedule, rule or policy in the file is an SlaError with a hint."""
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    with pytest.raises(SlaError) as caught:
        load(tmp_path, text.replace(old, new, 1))
    assert caught.value.hint


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not UTF-8"])
def test_unreadable_file(tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing or not UTF-8 is our error with its name."""
    path = tmp_path / "town.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(McuError, match=r"town\.toml"):
        Municipality.load(path)


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
