"""Register files in the profile: accounts of journals, layouts of one's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mcu_sdk import Municipality
from mcu_sdk.channels.portal import export_layout
from mcu_sdk.errors import ProfileError

EXAMPLE = (Path(__file__).parents[3] / "examples" / "meshchovsk.toml").read_text("utf-8")
JOURNAL = '\n[accounts.journal]\nchannel = "register"\nlayout = "own.toml"\n'


def load(tmp_path: Path, text: str, layout: str = 'extends = "register.journal"\n') -> Municipality:
    (tmp_path / "own.toml").write_text(layout, "utf-8")
    (tmp_path / "town.toml").write_text(text, "utf-8")
    return Municipality.load(tmp_path / "town.toml")


def test_a_journal_with_its_own_layout(tmp_path: Path) -> None:
    """The layout lies beside the profile; the journal is read in the zone of the municipality."""
    town = load(
        tmp_path, EXAMPLE + JOURNAL, 'extends = "register.journal"\n[field.number]\nheadings = ["Учётный"]\n'
    )
    (tmp_path / "a.csv").write_text("Учётный;Дата регистрации\n15;12.01.2026 01:00\n", "utf-8")
    [batch] = town.register("journal", tmp_path / "a.csv").batches(None)
    assert batch.items[0].key == ("register", "journal", "2026/15")
    assert str(batch.items[0].registered_at) == "2026-01-12 01:00:00+03:00"
    assert set(town.accounts) == {"portal"}


def test_an_export_with_its_own_layout(tmp_path: Path) -> None:
    """A portal account may say how its exports are written."""
    text = EXAMPLE.replace("writes = true", 'writes = true\nexport_layout = "own.toml"')
    own = 'extends = "portal.export"\n[field.number]\nheadings = ["Учётный"]\n'
    town = load(tmp_path, text, own)
    (tmp_path / "a.csv").write_text("Учётный;Дата поступления;Статус\n15;12.01.2026;Новое\n", "utf-8")
    [batch] = town.portal_export(tmp_path / "a.csv").batches(None)
    assert (batch.items[0].number, batch.items[0].created_at) == ("15", date(2026, 1, 12))


def test_an_export_needs_no_access_to_the_portal(tmp_path: Path) -> None:
    """A municipality without keys reads exports under the usual name, and under no other."""
    start = EXAMPLE.index("[accounts.portal]")
    town = load(tmp_path, EXAMPLE[:start] + EXAMPLE[EXAMPLE.index("# Annex 2") :])
    assert town.portal_export("a.csv").layout is export_layout()
    with pytest.raises(ProfileError, match=r"accounts\.other"):
        town.portal_export("a.csv", "other")


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('"register"', '"registry"', "accounts.journal.channel", "'portal', 'register'"),
        ('channel = "register"\n', "", "accounts.journal.channel", "нет обязательного значения"),
        ("layout =", "layuot =", "accounts.journal.layuot", "такого ключа нет"),
        ('"own.toml"', '"none.toml"', "accounts.journal.layout", "не открывается"),
        ('"own.toml"', '""', "accounts.journal.layout", "пустое"),
    ],
)
def test_a_mistake_in_an_account_is_named(old: str, new: str, place: str, words: str, tmp_path: Path) -> None:
    """The file of the profile and the place in it, without the name of the form that was tried."""
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, EXAMPLE + JOURNAL.replace(old, new))
    assert caught.value.values["place"] == place
    assert words in caught.value.localized("ru")


def test_a_mistake_in_a_layout_is_named_through_the_profile(tmp_path: Path) -> None:
    """Which account, which file, which place in it."""
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, EXAMPLE + JOURNAL, 'extends = "portal.export"')
    assert caught.value.values["place"] == "accounts.journal.layout"
    assert "own.toml, extends" in caught.value.localized("ru")


def test_an_unknown_journal_names_those_that_are(tmp_path: Path) -> None:
    """An account of another channel is no journal."""
    with pytest.raises(ProfileError, match=r"accounts\.portal: .*known are journal"):
        load(tmp_path, EXAMPLE + JOURNAL).register("portal", "a.csv")
