"""Every mistake of a municipality's file at once, each at its place, and none that only follows."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from mcu_sdk import Municipality
from mcu_sdk.errors import ProfileError

TOWN = """
[municipality]
name = "Город"
oktmo = "12345678"
zone = "Europe/Volgograd"

[calendars.office]
kind = "russia"
schedule = "mon-fri 08:00-17:00"

[[policy.row]]
rules = { final = "59fz.examination" }
"""
PEOPLE = """
[[employee]]
key = "anna"

[[employee]]
key = "boris"

[[roster]]
role = "mcu.head"
holder = "anna"
answers_for = ["vk"]
"""
PLACES = """
[[body]]
key = "town"
title = "Администрация города"

[[body]]
key = "water"
title = "Водоканал"
parent = "town"
"""


def load(tmp_path: Path, text: str) -> Municipality:
    path = tmp_path / "town.toml"
    path.write_text(text, "utf-8")
    return Municipality.load(path)


def mistakes(tmp_path: Path, text: str) -> dict[str, str]:
    """The places of all mistakes with what is said in Russian; every one is said in English too."""
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, text)
    told = caught.value.mistakes
    assert len({mistake.place for mistake in told}) == len(told)
    assert all(re.search("[a-z]", mistake.reason) for mistake in told)
    assert all(re.search("[а-я]", mistake.reason_ru) for mistake in told)
    return {mistake.place: mistake.reason_ru for mistake in told}


def test_a_whole_file_without_mistakes(tmp_path: Path) -> None:
    """What the other tests break is right before."""
    town = load(tmp_path, TOWN + PEOPLE + PLACES)
    assert (list(town.roster.employees), list(town.routing.bodies)) == (["anna", "boris"], ["town", "water"])


def test_all_mistakes_of_all_tables_at_once(tmp_path: Path) -> None:
    """Wrong values, wrong references and what the calculator refuses, in one go."""
    text = (
        TOWN.replace("12345678", "123").replace("Volgograd", "Volga").replace("17:00", "27:00")
        + PEOPLE.replace('holder = "anna"', 'holder = "ana"').replace("mcu.head", "mcuhead")
        + PLACES.replace('parent = "town"', 'parent = "twon"')
        + """
[[rule]]
id = "comments.90_minutes"
counted = "office"
amount = "many"

[[route]]
executor = "watr"

[accounts.portal]
channel = "portal"
url = "https://portal.example.org"
organisation_id = "1"
organisation_secret = "plain"
client_id = "1"
client_secret = "plain"
proxy = "socks5://proxy"

[sending]
two_person = true
"""
    )
    found = mistakes(tmp_path, text)
    assert found.keys() == {
        "municipality.oktmo",
        "municipality.zone",
        "calendars.office.schedule",
        "roster.1.role",
        "body.2.parent",
        "rule.1.counted",
        "rule.1.amount",
        "route.1.executor",
        "accounts.portal.organisation_secret",
        "accounts.portal.client_secret",
        "accounts.portal.proxy",
        "sending.two_person",
    }
    assert "возможно, «water»; есть: town, water" in found["route.1.executor"]
    assert "возможно, «two_persons»" in found["sending.two_person"]
    assert "возможно, «counted_on»" in found["rule.1.counted"]
    assert "8 или 11 цифр" in found["municipality.oktmo"]


def test_the_error_tells_the_first_and_how_many_more(tmp_path: Path) -> None:
    """In both languages; the mistakes survive a pickle."""
    path = tmp_path / "town.toml"
    path.write_text(TOWN.replace("12345678", "1").replace("Volgograd", "Volga"), "utf-8")
    with pytest.raises(ProfileError, match=r"town\.toml: municipality\.oktmo: .*\(and 1 more\)") as caught:
        Municipality.load(path)
    assert "municipality.oktmo" in caught.value.localized("ru")
    assert "(и ещё ошибок: 1)" in caught.value.localized("ru")
    assert pickle.loads(pickle.dumps(caught.value)).mistakes == caught.value.mistakes
    path.write_text(TOWN.replace("12345678", "1"), "utf-8")
    with pytest.raises(ProfileError) as caught:
        Municipality.load(path)
    assert "more" not in str(caught.value)
    assert "ещё" not in caught.value.localized("ru")


@pytest.mark.parametrize(
    ("rows", "place", "russian"),
    [
        ('[[employee]]\nkey = "anna"', "employee.3.key", "уже есть в строке 1"),
        ('[[employee]]\nkey = "Анна Б"', "employee.3.key", "без пробелов"),
        ('[[employee]]\nname = "А"', "employee.3.key", "нет обязательного"),
        ('[[roster]]\nrole = "mcu.curator"\nholder = "borys"', "roster.2.holder", "возможно, «boris»"),
        ('[[roster]]\nrole = "mcu.curator"\nsubstitutes = ["anna", "x"]', "roster.2.substitutes.2", "ключа"),
        (
            '[[roster]]\nrole = "mcu.curator"\nholder = "anna"\nsubstitutes = ["anna"]',
            "roster.2.substitutes.1",
            "уже назван",
        ),
        (
            '[[roster]]\nrole = "mcu.curator"\nsubstitutes = ["anna", "anna"]',
            "roster.2.substitutes.2",
            "уже назван",
        ),
        ('[[roster]]\nrole = "town.gardener"', "roster.2.title", "роль не из обычных"),
        ('[[roster]]\nrole = "mcu.curatr"', "roster.2.title", "возможно, «mcu.curator»"),
        (
            '[[roster]]\nrole = "mcu.curator"\nvalid_from = 2026-02-01\nvalid_to = 2026-01-31',
            "roster.2.valid_to",
            "раньше начала",
        ),
        ('[[roster]]\nrole = "mcu.curator"\nvalid_from = "2026"', "roster.2.valid_from", "нужна дата"),
        (
            '[[roster]]\nrole = "mcu.curator"\nvalid_from = 0001-01-01',
            "roster.2.valid_from",
            "дата 1990–2199",
        ),
        (
            '[[absence]]\nemployee = "anna"\nfrom = 2026-01-12T09:00:00\nto = 2026-01-12',
            "absence.1.from",
            "нужна дата",
        ),
        ('[[absence]]\nemployee = "ana"\nfrom = 2026-01-12\nto = 2026-01-12', "absence.1.employee", "«anna»"),
        ('[[absence]]\nemployee = "anna"\nfrom = 2026-01-12\nto = 2026-01-11', "absence.1.to", "раньше"),
        ('[[absence]]\nemployee = "anna"\nfrom = 2026-01-12', "absence.1.to", "нет обязательного"),
        (
            '[[duty]]\nrole = "mcu.hed"\nemployee = "anna"\nfrom = 2026-01-12\nto = 2026-01-12',
            "duty.1.role",
            "возможно, «mcu.head»",
        ),
        (
            '[[duty]]\nrole = "mcu.head"\nemployee = "x"\nfrom = 2026-01-12\nto = 2026-01-12',
            "duty.1.employee",
            "есть: anna, boris",
        ),
        (
            (
                '[[duty]]\nrole = "mcu.head"\nemployee = "anna"\n'
                "from = 2026-01-12T09:00:00\nto = 2026-01-12T09:00:00"
            ),
            "duty.1.to",
            "не позже начала",
        ),
        (
            '[[duty]]\nrole = "mcu.head"\nemployee = "anna"\nfrom = 09:00:00\nto = 2026-01-12',
            "duty.1.from",
            "2026-01-31T09:00:00",
        ),
        ('[roster]\nrole = "mcu.head"', "-", "TOML"),
    ],
)
def test_people_that_cannot_be_meant(tmp_path: Path, rows: str, place: str, russian: str) -> None:
    """Each row of people is looked at on its own and against the others."""
    found = mistakes(tmp_path, f"{TOWN}{PEOPLE}\n{rows}\n")
    assert list(found) == [place]
    assert russian in found[place]


DUTY = """
[[duty]]
role = "mcu.head"
employee = "anna"
from = 2026-01-12
to = 2026-01-13
"""


@pytest.mark.parametrize(
    ("begins", "ends", "overlaps"),
    [
        ("2026-01-13", "2026-01-20", True),
        ("2026-01-13T23:59:59", "2026-01-20", True),
        ("2026-01-14", "2026-01-20", False),
        ("2026-01-14T00:00:00", "2026-01-14T08:00:00", False),
        ("2026-01-11T20:00:00", "2026-01-12T00:00:00", False),
        ("2026-01-11T20:00:00", "2026-01-12T00:00:01", True),
        ("2026-01-11", "2026-01-11", False),
        ("2026-01-01", "2026-01-31", True),
        ("2026-01-11T20:59:59Z", "2026-01-11T21:00:00Z", False),
        ("2026-01-11T20:59:59Z", "2026-01-11T21:00:01Z", True),
    ],
)
def test_duties_of_one_role_do_not_overlap(tmp_path: Path, begins: str, ends: str, overlaps: bool) -> None:
    """Dates include their ends, times exclude the last one; local unless they name an offset."""
    second = f'\n[[duty]]\nrole = "mcu.head"\nemployee = "boris"\nfrom = {begins}\nto = {ends}\n'
    text = TOWN.replace("Volgograd", "Moscow") + PEOPLE + DUTY + second
    if overlaps:
        assert list(mistakes(tmp_path, text)) == ["duty.2.from"]
    else:
        assert len(load(tmp_path, text).roster.duties) == 2
    curator = '\n[[roster]]\nrole = "mcu.curator"\n'
    other = load(tmp_path, TOWN + PEOPLE + curator + DUTY + second.replace("mcu.head", "mcu.curator"))
    assert [duty.role for duty in other.roster.duties] == ["mcu.head", "mcu.curator"]


@pytest.mark.parametrize(
    ("rows", "place", "russian"),
    [
        ('[[body]]\nkey = "town"\ntitle = "Ещё одна"', "body.3.key", "уже есть в строке 1"),
        ('[[body]]\nkey = "gas"\ntitle = " "', "body.3.title", "пустое"),
        ('[[body]]\nkey = "gas"\ntitle = "Газ"\naliases = ["!"]', "body.3.aliases", "хотя бы одно слово"),
        ('[[body]]\nkey = "gas"\ntitle = "Газ"\nparent = "twn"', "body.3.parent", "возможно, «town»"),
        ('[[route]]\nexecutor = "wter"', "route.1.executor", "возможно, «water»"),
        ('[[route]]\ntopic = []\nexecutor = "water"', "route.1.topic", "пустой список"),
        ('[[route]]\ntopic = ""\nexecutor = "water"', "route.1.topic.1", "пустое"),
        ('[[route]]\ntopic = ["Дороги", 5]\nexecutor = "water"', "route.1.topic.2", "текст в кавычках"),
        ('[[route]]\nterritory = "2962"\nexecutor = "water"', "route.1.territory", "8 или 11 цифр"),
        ('[[route]]\nterritory = 29627000\nexecutor = "water"', "route.1.territory", "список"),
        ('[[route]]\nteritory = "29627000"\nexecutor = "water"', "route.1.teritory", "возможно, «territory»"),
        (
            '[[route]]\nexecutor = "water"\nvalid_from = 2026-02-01\nvalid_to = 2026-01-01',
            "route.1.valid_to",
            "раньше начала",
        ),
    ],
)
def test_routes_that_cannot_be_meant(tmp_path: Path, rows: str, place: str, russian: str) -> None:
    """Each body and each route is looked at on its own and against the others."""
    found = mistakes(tmp_path, f"{TOWN}{PLACES}\n{rows}\n")
    assert list(found) == [place]
    assert russian in found[place]


def test_parents_in_a_circle_are_told_once(tmp_path: Path) -> None:
    """At the first body of the circle; a body that only leads into it is not to blame."""
    text = TOWN + PLACES.replace('"Администрация города"', '"Администрация города"\nparent = "water"')
    text += '\n[[body]]\nkey = "gas"\ntitle = "Газ"\nparent = "town"\n'
    found = mistakes(tmp_path, text)
    assert list(found) == ["body.1.parent"]
    assert "town → water → town" in found["body.1.parent"]
    own = TOWN + '\n[[body]]\nkey = "gas"\ntitle = "Газ"\nparent = "gas"\n'
    assert "gas → gas" in mistakes(tmp_path, own)["body.1.parent"]


def route(**conditions: str) -> str:
    rows = "\n".join(f"{name} = {value}" for name, value in conditions.items())
    return f'\n[[route]]\nexecutor = "water"\n{rows}\n'


@pytest.mark.parametrize(
    ("earlier", "row", "reached"),
    [
        ([{}], {}, False),
        ([{}], {"topic": '"Дороги"'}, False),
        ([{"topic": '"Дороги"'}], {}, True),
        ([{"topic": '"дороги"'}], {"topic": '["ДОРОГИ"]'}, False),
        ([{"topic": '"Дороги"'}], {"topic": '["Дороги", "Вода"]'}, True),
        ([{"topic": '"Дороги"'}, {"topic": '"Вода"'}], {"topic": '["Дороги", "Вода"]'}, False),
        ([{"territory": '"12345000"'}], {"territory": '"12345678001"'}, False),
        ([{"territory": '"12345678001"'}], {"territory": '"12345678"'}, True),
        ([{"territory": '"с. Серпейск"'}], {"territory": '"Серпейск"', "topic": '"Дороги"'}, False),
        ([{"topic": '"Дороги"', "territory": '"12345678"'}], {"topic": '"Дороги"'}, True),
        ([{"valid_from": "2026-01-01"}], {}, True),
        ([{"valid_from": "2026-01-01"}], {"valid_from": "2026-01-01", "valid_to": "2026-02-01"}, False),
        ([{"valid_to": "2026-01-31"}], {"valid_to": "2026-02-01"}, True),
    ],
)
def test_a_row_that_is_never_reached(
    tmp_path: Path, earlier: list[dict[str, str]], row: dict[str, str], reached: bool
) -> None:
    """Rows above that take all of its topics in all of its territories on all of its dates."""
    text = TOWN + PLACES + "".join(route(**one) for one in earlier) + route(**row)
    if reached:
        assert len(load(tmp_path, text).routing.rows) == len(earlier) + 1
    else:
        assert list(mistakes(tmp_path, text)) == [f"route.{len(earlier) + 1}"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('key = "anna"', 'key = "anna"\nname = 5', "employee.1.name"),
        ('key = "water"', 'key = "water"\naliases = 5', "body.2.aliases"),
        ('key = "town"', 'key = "town"\naliases = 5', "body.1.aliases"),
        ('kind = "russia"', 'kind = "soviet"', "calendars.office.kind"),
        ("[calendars.office]", "[calendars.bureau]", "policy.row.1.rules.final"),
        ('role = "mcu.head"', 'role = "Head"', "roster.1.role"),
        ("[municipality]", "[municipality]\nx = 1", "municipality.x"),
    ],
)
def test_what_only_follows_from_a_mistake_is_not_told(tmp_path: Path, old: str, new: str, place: str) -> None:
    """Rows that name a wrong employee, body, calendar or post are not to blame."""
    text = TOWN + PEOPLE + PLACES + DUTY + route()
    assert old in text
    assert list(mistakes(tmp_path, text.replace(old, new, 1))) == [place]


def test_a_wrong_rule_is_not_an_unknown_one(tmp_path: Path) -> None:
    """The policy row that names it is not to blame; two records valid on one date are the second's fault."""
    own = """
[[rule]]
id = "town.answer"
title = "Ответ"
act = { name = "постановление" }
start_event = "registered"
amount = 5
unit = "working_days"
evidence = "secondary"
verified = false
"""
    text = TOWN.replace("59fz.examination", "town.answer") + own
    assert load(tmp_path, text).rules.rule("town.answer").amount == 5
    assert list(mistakes(tmp_path, text.replace("amount = 5", "amount = -5"))) == ["rule.1.amount"]
    assert list(mistakes(tmp_path, text + own)) == ["rule.2.valid_from"]


def test_every_key_that_a_rule_lacks_is_told(tmp_path: Path) -> None:
    """A new rule needs them all; one that is known takes the rest from the book."""
    found = mistakes(tmp_path, TOWN + '\n[[rule]]\nid = "town.answer"\nunit = "hours"\nroll = "next"\n')
    wanted = {"title", "act", "start_event", "amount", "evidence", "verified", "roll"}
    assert found.keys() == {f"rule.1.{key}" for key in wanted}


def test_every_row_of_a_policy_is_looked_at(tmp_path: Path) -> None:
    """Several mistakes of one row, and rows after a wrong one."""
    text = TOWN.replace(
        "[[policy.row]]",
        """[[policy.row]]
when = { kind = "coment", regim = "59fz", topic = 1.5 }
rules = { final = "59fz.exam", registered = "59fz.registration" }
authority = "theirs"

[[policy.row]]
rules = { final = "comments.90_minutes" }

[[policy.row]]""",
    )
    found = mistakes(tmp_path, text)
    assert found.keys() == {
        "policy.row.1.when.kind",
        "policy.row.1.when.regim",
        "policy.row.1.when.topic",
        "policy.row.1.rules.final",
        "policy.row.1.rules.registered",
        "policy.row.1.authority",
        "policy.row.2.when",
    }
    assert "возможно, «regime»" in found["policy.row.1.when.regim"]
    assert "возможно, «59fz.examination»" in found["policy.row.1.rules.final"]
    conditional = text.replace('rules = { final = "comments', 'when = {}\nrules = { final = "comments')
    assert "policy.row.2.when" in mistakes(tmp_path, conditional)


@pytest.mark.parametrize("policy", ["[policy]", "policy = 5", "policy.row = 5", "policy.row = []", ""])
def test_a_file_without_a_policy(tmp_path: Path, policy: str) -> None:
    """It is missed once, whatever stands in its place."""
    before = TOWN.partition("[[policy")[0]
    text = f"{policy}\n{before}" if "=" in policy else f"{before}\n{policy}\n"
    found = mistakes(tmp_path, text)
    assert [place.partition(".")[0] for place in found] == ["policy"]


def test_a_name_in_place_of_a_key_is_not_repeated(tmp_path: Path) -> None:
    """Older files name the holder in full: the error asks for a key and does not tell the name on."""
    path = tmp_path / "town.toml"
    path.write_text(TOWN + PEOPLE.replace('holder = "anna"', 'holder = "Фамилия Имя"'), "utf-8")
    with pytest.raises(ProfileError, match=r"roster\.1\.holder") as caught:
        Municipality.load(path)
    assert "Фамилия" not in f"{caught.value} {caught.value.localized('ru')} {vars(caught.value)}"


def test_rows_beside_a_wrong_one_are_looked_at(tmp_path: Path) -> None:
    """A wrong row leaves its own table alone; what is wrong in two ways is told of once."""
    text = TOWN.replace("rules = {", "when = { kind = 1.5 }\nrules = {")
    text += PEOPLE.replace("mcu.head", "Head") + '\n[[roster]]\nrole = "mcu.curator"\n'
    text += 'holder = "ana"\nsubstitutes = ["x", "x"]\n'
    assert mistakes(tmp_path, text).keys() == {
        "policy.row.1.when.kind",
        "roster.1.role",
        "roster.2.holder",
        "roster.2.substitutes.1",
        "roster.2.substitutes.2",
    }


def test_all_wrong_overlays_are_told(tmp_path: Path) -> None:
    """Each at its place in the list, and the schedule beside them."""
    text = TOWN.replace("17:00", "27:00").replace(
        'kind = "russia"', 'kind = "russia"\noverlays = ["RU-XX", "RU-TA", "file:nowhere.toml"]'
    )
    assert list(mistakes(tmp_path, text)) == [
        "calendars.office.overlays.1",
        "calendars.office.overlays.3",
        "calendars.office.schedule",
    ]


@pytest.mark.parametrize(
    ("added", "key"),
    [('shortened = "noon"', "shortened"), ('schedule = "mon-sat 08:00-12:00"', "week")],
)
def test_a_calendar_names_the_key(tmp_path: Path, added: str, key: str) -> None:
    """The hours, the shortening or the week, whichever is wrong."""
    schedule = 'schedule = "mon-fri 08:00-17:00"'
    new = added if added.startswith("schedule") else f"{schedule}\n{added}"
    assert list(mistakes(tmp_path, TOWN.replace(schedule, new))) == [f"calendars.office.{key}"]
