"""What a person should look at in a profile, and which rules its channels get."""

from __future__ import annotations

from pathlib import Path

from mcu_sdk import Municipality
from mcu_sdk.model import Regime
from mcu_sdk.municipality import remarks, rules_by_channel

EXAMPLE = Path(__file__).parents[3] / "examples" / "meshchovsk.toml"
TOWN = """
[municipality]
name = "Город"
oktmo = "12345678"
zone = "Europe/Moscow"

[calendars.office]
kind = "russia"
schedule = "mon-fri 08:00-17:00"

[[policy.row]]
when = { regime = "59fz" }
rules = { final = "59fz.examination" }

[[policy.row]]
when = { channel = ["vk", "ok"], topic = "Дороги", municipality = "12345678" }
rules = { final = "portal.fast_track" }

[[policy.row]]
when = { channel = "vk", municipality = ["12345678", "87654321"] }
rules = { final = "portal.ordinary" }
"""
HEADS = """
[[employee]]
key = "anna"

[[roster]]
role = "mcu.curator"
holder = "anna"

[[roster]]
role = "mcu.head"
holder = "anna"
"""
ACCOUNT = """
[accounts.cabinet]
channel = "portal"
url = "https://portal.example.org"
organisation_id = "1"
organisation_secret = "env:A"
client_id = "1"
client_secret = "env:B"
"""
REST = '\n[[policy.row]]\nrules = { final = "portal.ordinary" }\n'


def load(tmp_path: Path, text: str) -> Municipality:
    path = tmp_path / "town.toml"
    path.write_text(text, "utf-8")
    return Municipality.load(path)


def told(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    return [(remark.place, remark.text.en) for remark in remarks(load(tmp_path, text))]


def test_a_profile_with_nothing_to_remark(tmp_path: Path) -> None:
    """Heads with employees, a policy that takes everything."""
    assert told(tmp_path, TOWN + REST + HEADS) == []


def test_missing_heads(tmp_path: Path) -> None:
    """Without head and curator nobody hears of what is late."""
    found = told(tmp_path, TOWN + REST)
    assert [place for place, _ in found] == ["roster", "roster"]
    assert "mcu.head" in found[0][1]
    assert "mcu.curator" in found[1][1]


def test_posts_and_accounts(tmp_path: Path) -> None:
    """A role close to a usual one, a channel without account, an account nobody answers for, no employee."""
    post = '\n[[roster]]\nrole = "portal.cordinator"\ntitle = "Ответственный"\nanswers_for = ["vk", "ok"]\n'
    assert told(tmp_path, TOWN + REST + HEADS + ACCOUNT + post) == [
        ("roster.3.role", "the role is close to the usual portal.coordinator"),
        ("roster.3.holder", "no employee is named"),
        ("roster.3.answers_for", "there are no accounts of: vk, ok"),
        ("accounts.cabinet", "nobody answers for channel portal"),
    ]
    right = post.replace("cordinator", "coordinator").replace('["vk", "ok"]', '["portal"]\nholder = "anna"')
    assert told(tmp_path, TOWN + REST + HEADS + ACCOUNT + right) == []


def test_a_duty_within_an_absence(tmp_path: Path) -> None:
    """The last moment of a duty is excluded: one that ends at midnight does not touch the next date."""
    duty = '\n[[duty]]\nrole = "mcu.head"\nemployee = "anna"\n'
    duty += "from = 2026-01-12T09:00:00\nto = 2026-01-14T00:00:00\n"
    absence = '\n[[absence]]\nemployee = "anna"\nfrom = 2026-01-{}\nto = 2026-01-{}\n'
    text = TOWN + REST + HEADS + duty
    touching = [("duty.1.employee", "the employee is absent on these dates")]
    assert told(tmp_path, text + absence.format(13, 20)) == touching
    assert told(tmp_path, text + absence.format("01", 12)) == touching
    assert told(tmp_path, text + absence.format(14, 20)) == []
    assert told(tmp_path, text + absence.format("01", 11)) == []


def test_bodies_and_routes(tmp_path: Path) -> None:
    """An executor without a body above it, and a last row that leaves messages over."""
    body = '\n[[body]]\nkey = "town"\ntitle = "Город"\n\n[[route]]\nexecutor = "town"\n'
    assert [place for place, _ in told(tmp_path, TOWN + REST + HEADS + body)] == ["body.1.parent"]
    found = told(tmp_path, TOWN + REST + HEADS + body + 'topic = "Дороги"\n')
    assert [place for place, _ in found] == ["body.1.parent", "route.1"]


def test_messages_that_no_row_of_the_policy_fits(tmp_path: Path) -> None:
    """Channel by channel, with the regimes that are not covered."""
    assert told(tmp_path, TOWN + HEADS) == [
        ("policy", "there are messages that no row fits: ok (message, 8fz, 210fz, media)")
    ]


def test_rules_by_channel(tmp_path: Path) -> None:
    """The rows a message of the channel and regime may meet, up to the first that takes all the rest."""
    town = load(tmp_path, TOWN + REST + '\n[channels.ok]\nregime = "8fz"\n')
    rules = {(one.channel, one.regime): one for one in rules_by_channel(town)}
    assert {channel for channel, _ in rules} == {"vk", "ok"}
    appeal, message = rules["vk", Regime.LAW_59], rules["vk", Regime.MESSAGE]
    assert [row.number for row in appeal.rows] == [1]
    assert appeal.conditions_of(appeal.rows[0]) == {}
    assert [row.number for row in message.rows] == [2, 3]
    assert message.conditions_of(message.rows[0]) == {"topic": ("Дороги",)}
    assert [row.number for row in rules["ok", Regime.MESSAGE].rows] == [2, 4]
    assert [key for key, one in rules.items() if one.is_default] == [("ok", Regime.LAW_8)]
    assert all(one.complete for one in rules.values())


def test_a_row_of_some_years_leaves_the_others_over(tmp_path: Path) -> None:
    """The cases of other dates go on to the rows after it, which are shown too."""
    old = """
[[policy.row]]
when = { channel = "vk" }
valid_to = 2025-12-31
rules = { final = "portal.fast_track" }

"""
    town = load(tmp_path, TOWN.replace("[[policy.row]]", old + "[[policy.row]]", 1) + REST)
    rules = {(one.channel, one.regime): one for one in rules_by_channel(town)}
    assert [row.number for row in rules["vk", Regime.LAW_59].rows] == [1, 2]
    assert rules["vk", Regime.LAW_59].complete


def test_another_municipalitys_row_is_not_met(tmp_path: Path) -> None:
    """A centre that serves several keeps one policy; each gets its own rows."""
    town = load(tmp_path, TOWN.replace('oktmo = "12345678"', 'oktmo = "11111111"') + REST)
    rules = {(one.channel, one.regime): one for one in rules_by_channel(town)}
    assert [row.number for row in rules["vk", Regime.MESSAGE].rows] == [4]


def test_the_example_is_worth_a_look_in_two_places() -> None:
    """It has no accounts of the networks, and a person sends on complaints of the administration."""
    found = remarks(Municipality.load(EXAMPLE))
    assert [remark.place for remark in found] == ["roster.4.answers_for", "body.1.parent"]
