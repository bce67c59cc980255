"""A municipality's own rules for answers: levels, limits, phrases, contacts, and errors that name the key."""

from __future__ import annotations

import pickle

import pytest

from mcu_sdk.errors import UsageError
from mcu_sdk.text import AnswerLimits, AnswerRules, check_answer

ANSWER = "Канава у дома 5 очищена 12.05.2026, вода уходит. Проверил её отдел благоустройства."


def found(text: str, table: dict[str, object], *, public: bool = True) -> list[tuple[str, str]]:
    rules = AnswerRules.parse(table)
    return [(one.check, one.level) for one in check_answer(text, public=public, rules=rules)]


def test_without_a_table_the_shipped_rules_hold() -> None:
    """An empty table changes nothing; a good answer passes them."""
    assert AnswerRules.parse({}) == AnswerRules.parse({})
    assert found(ANSWER, {}) == []


@pytest.mark.parametrize("level", ["block", "warn"])
def test_a_check_takes_the_level_it_is_given(level: str) -> None:
    """Each check by its id."""
    text = f"{ANSWER} Вопрос взят на контроль."
    assert found(text, {"stock_phrase": level}) == [("stock_phrase", level)]


def test_a_check_is_switched_off() -> None:
    """What is off is not looked for, even that which others wait for."""
    text = f"{ANSWER} Вопрос взят на контроль."
    assert found(text, {"stock_phrase": "off"}) == []
    assert ("too_short", "warn") in found("", {"empty": "off"})


def test_own_phrases() -> None:
    """A phrase of the municipality's list has a level and a note of its own."""
    text = f"{ANSWER} В пределах средств бюджета."
    table: dict[str, object] = {
        "phrase": [{"text": "в пределах … бюджет*", "level": "block", "note": "Сумма?"}]
    }
    (one,) = check_answer(text, public=True, rules=AnswerRules.parse(table))
    assert (one.check, one.level) == ("own_phrase", "block")
    assert one.excerpt(text) == "В пределах средств бюджета"
    assert one.explain("ru") == "Сумма?"
    assert found(text, {"phrase": [{"text": "средств бюджета"}]}) == [("own_phrase", "warn")]


def test_own_contacts_may_stand_in_a_public_answer() -> None:
    """The administration's own numbers and addresses, in any spelling, whole or local; others not."""
    table: dict[str, object] = {"own_contacts": ["8 (48446) 9-14-56", "Adm@Example.ru"]}
    for contact in ("8 (48446) 9-14-56", "+7 48446 91456", "тел. 9-14-56", "adm@example.RU"):
        assert found(f"{ANSWER} Связь: {contact}.", table) == []
    for contact in ("8 (48446) 9-14-57", "тел. 9-14-57", "adm@example.com", "д. 5, кв. 6"):
        assert found(f"{ANSWER} Связь: {contact}.", table) == [("personal_data", "block")]


def test_limits_for_all_channels_and_for_one() -> None:
    """Both ends are allowed; a channel's own limit is over the general one."""
    table: dict[str, object] = {
        "limits": {
            "least_characters": 10,
            "most_characters": 100,
            "telegram": {"most_characters": 90},
            "new": {},
        }
    }
    rules = AnswerRules.parse(table)
    assert (
        rules.limits_of(None) == rules.limits_of("portal") == rules.limits_of("new") == AnswerLimits(10, 100)
    )
    assert rules.limits_of("telegram") == AnswerLimits(10, 90)
    text = ANSWER + " " + "а" * (100 - len(ANSWER) - 1)
    assert check_answer(text, public=True, rules=rules) == ()
    (one,) = check_answer(text, public=True, rules=rules, channel="telegram")
    assert (one.check, one.start, one.end) == ("too_long", 90, 100)
    assert [one.check for one in check_answer(f"{text}а", public=True, rules=rules)] == ["too_long"]


def test_the_networks_own_limits_ship() -> None:
    """What a network does not take blocks, without a municipality's word."""
    rules = AnswerRules.parse({})
    assert rules.limits_of("telegram").most_characters == 4096
    assert rules.limits_of("max").most_characters == 4000


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"no_such": "warn"}, "no_such"),
        ({"empty": "stop"}, "empty"),
        ({"empty": True}, "empty"),
        ({"empty": ["block"]}, "empty"),
        ({"limits": 5}, "limits"),
        ({"limits": {"most": 5}}, "limits.most"),
        ({"limits": {"most_characters": -1}}, "limits.most_characters"),
        ({"limits": {"most_characters": "5"}}, "limits.most_characters"),
        ({"limits": {"most_characters": True}}, "limits.most_characters"),
        ({"limits": {"least_characters": 20_000}}, "limits"),
        ({"limits": {"vk": {"least_characters": 9_001}}}, "limits.vk"),
        ({"limits": {"vk": {"most": 1}}}, "limits.vk.most"),
        ({"own_contacts": "8"}, "own_contacts"),
        ({"own_contacts": ["9-14-56", 5]}, "own_contacts.2"),
        ({"own_contacts": ["приёмная"]}, "own_contacts.1"),
        ({"phrase": {"text": "а"}}, "phrase"),
        ({"phrase": ["а"]}, "phrase.1"),
        ({"phrase": [{"text": "а"}, {}]}, "phrase.2.text"),
        ({"phrase": [{"text": "… а"}]}, "phrase.1.text"),
        ({"phrase": [{"text": "а", "level": "no"}]}, "phrase.1.level"),
        ({"phrase": [{"text": "а", "note": ""}]}, "phrase.1.note"),
        ({"phrase": [{"text": "а", "why": "б"}]}, "phrase.1.why"),
    ],
)
def test_a_mistake_names_its_key(table: dict[str, object], key: str) -> None:
    """In both languages, with the key as it stands in the file."""
    with pytest.raises(UsageError, match=f"^answers.{key}: ") as caught:
        AnswerRules.parse(table)
    assert caught.value.values["key"] == key
    assert f"answers.{key}: {caught.value.values['reason_ru']}" in caught.value.localized("ru")


def test_contacts_are_not_in_the_repr() -> None:
    """Rules are printed without the contacts in them; they pickle whole."""
    rules = AnswerRules.parse({"own_contacts": ["own@example.ru"]})
    assert "own@example" not in repr(rules)
    assert pickle.loads(pickle.dumps(rules)) == rules
