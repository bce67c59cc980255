"""What an answer is checked for: the shipped checks, and what a municipality changes in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, TypeAlias, cast

from mcu_sdk.errors import Language, UsageError
from mcu_sdk.text.personal_data import PersonalDataKind
from mcu_sdk.text.phrases import LONGEST_PHRASE, phrase_pattern

__all__ = ["AnswerCheck", "AnswerLimits", "AnswerRules", "Level", "Pattern", "Wording"]

Level: TypeAlias = Literal["block", "warn"]
Setting: TypeAlias = Literal["block", "warn", "off"]
CheckKind: TypeAlias = Literal["pattern", "pattern_without", "missing", "length", "personal_data"]

_SETTINGS: Mapping[str, Setting] = {"block": "block", "warn": "warn", "off": "off"}
_BOUNDS = ("least_characters", "most_characters")
_MOST_CHARACTERS = 1_000_000
_ANY_CHANNEL = "any"
_OWN_PHRASE = "own_phrase"


class Wording(NamedTuple):
    """A sentence for the person who writes the answer, in two languages."""

    ru: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the sentence in *language*."""
        return self.ru if language == "ru" else self.en


class Pattern(NamedTuple):
    """One pattern of a check, with a wording of its own if it has one."""

    expression: re.Pattern[str]
    wording: Wording | None = None


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """One check. `kind` says how it looks, `level` what a find means; `"off"` does not look.

    `as_typed` patterns tell large letters from small; with `alone` a find makes the other checks idle.
    """

    id: str
    kind: CheckKind
    level: Setting
    wording: Wording
    public_only: bool = False
    alone: bool = False
    as_typed: bool = False
    patterns: tuple[Pattern, ...] = ()
    without: tuple[Pattern, ...] = ()
    personal: frozenset[PersonalDataKind] = frozenset()
    bound: Literal["least_characters", "most_characters"] | None = None


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How many characters an answer has, both ends allowed."""

    least_characters: int = 0
    most_characters: int = _MOST_CHARACTERS


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """The checks in force, the limits by channel, and the contacts that may stand in a public answer."""

    version: str
    checks: tuple[AnswerCheck, ...]
    limits: Mapping[str, AnswerLimits]
    own_contacts: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def parse(cls, table: Mapping[str, object]) -> AnswerRules:
        """Return the shipped rules as changed by *table*, the `[answers]` of a municipality's file.

        A key with a check's id sets it to `"block"`, `"warn"` or `"off"`; `limits` holds `least_characters`
        and `most_characters`, for all channels or in a table by channel; `own_contacts` lists phones and
        e-mail addresses of the administration; each `[[phrase]]` has a `text`, and may have `level` and
        `note`. Raises UsageError, whose `values["key"]` names the place.

        >>> rules = AnswerRules.parse({"promise_without_date": "block", "limits": {"most_characters": 2000}})
        >>> rules.limits_of("portal").most_characters
        2000
        """
        rules = _shipped()
        levels = {check.id: check.level for check in rules.checks}
        phrases: list[AnswerCheck] = []
        limits, contacts = rules.limits, rules.own_contacts
        for key, value in table.items():
            if key == "limits":
                limits = _own_limits(rules.limits, value)
            elif key == "own_contacts":
                contacts = frozenset(_contacts(value))
            elif key == "phrase":
                phrases = _own_phrases(value)
            elif key not in levels:
                known = ", ".join([*levels, "limits", "own_contacts", "phrase"])
                raise _error(key, f"no such key; known are {known}", f"такого ключа нет, есть: {known}")
            else:
                levels[key] = _setting(key, value)
        checks = tuple(replace(check, level=levels[check.id]) for check in rules.checks)
        return cls(rules.version, (*checks, *phrases), limits, contacts)

    def limits_of(self, channel: str | None) -> AnswerLimits:
        """Return the limits of a channel; those for any channel if it has none of its own."""
        return self.limits.get(channel or _ANY_CHANNEL, self.limits[_ANY_CHANNEL])


def _error(key: str, reason: str, reason_ru: str) -> UsageError:
    return UsageError(
        "usage.answer_rules",
        f"answers.{key}: {reason}",
        "see docs/guide/check-an-answer.md",
        key=key,
        reason=reason,
        reason_ru=reason_ru,
    )


def _setting(key: str, value: object) -> Setting:
    if not isinstance(value, str) or value not in _SETTINGS:
        raise _error(key, "must be block, warn or off", "допустимо только: block, warn, off")
    return _SETTINGS[value]


def _table(key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _error(key, "must be a table", "нужна таблица")
    return cast("Mapping[str, object]", value)


def _list(key: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise _error(key, "must be a list", "нужен список")
    return cast("list[object]", value)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _error(key, "must be a text that is not empty", "нужен непустой текст в кавычках")
    return value


def _own_limits(shipped: Mapping[str, AnswerLimits], value: object) -> Mapping[str, AnswerLimits]:
    table = _table("limits", value)
    by_channel = {name for name, one in table.items() if isinstance(one, Mapping)}
    general = {name: one for name, one in table.items() if name not in by_channel}
    limits = {channel: _limits("limits", general, one) for channel, one in shipped.items()}
    for channel in sorted(by_channel):
        place = f"limits.{channel}"
        base = limits.get(channel, limits[_ANY_CHANNEL])
        limits[channel] = _limits(place, _table(place, table[channel]), base)
    return limits


def _limits(place: str, table: Mapping[str, object], base: AnswerLimits) -> AnswerLimits:
    bounds = {name: getattr(base, name) for name in _BOUNDS}
    for name, value in table.items():
        key = f"{place}.{name}"
        if name not in _BOUNDS:
            known = ", ".join(_BOUNDS)
            raise _error(key, f"no such key; known are {known}", f"такого ключа нет, есть: {known}")
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_CHARACTERS:
            raise _error(
                key,
                f"must be a whole number of 0-{_MOST_CHARACTERS}",
                f"нужно целое число от 0 до {_MOST_CHARACTERS}",
            )
        bounds[name] = value
    limits = AnswerLimits(**bounds)
    if limits.least_characters > limits.most_characters:
        raise _error(place, "the least is more than the most", "наименьшее больше наибольшего")
    return limits


def _contacts(value: object) -> list[str]:
    contacts: list[str] = []
    for number, one in enumerate(_list("own_contacts", value), 1):
        contact = _text(f"own_contacts.{number}", one)
        contacts.append(contact.strip().lower() if "@" in contact else re.sub(r"\D", "", contact))
        if not contacts[-1]:
            raise _error(
                f"own_contacts.{number}", "is no phone and no e-mail address", "это не телефон и не почта"
            )
    return contacts


def _own_phrases(value: object) -> list[AnswerCheck]:
    checks: list[AnswerCheck] = []
    for number, one in enumerate(_list("phrase", value), 1):
        place = f"phrase.{number}"
        table = _table(place, one)
        for name in table:
            if name not in ("text", "level", "note"):
                raise _error(
                    f"{place}.{name}",
                    "no such key; known are text, level, note",
                    "такого ключа нет, есть: text, level, note",
                )
        pattern = _phrase(f"{place}.text", table.get("text"))
        level = _setting(f"{place}.level", table.get("level", "warn"))
        wording = Wording("фраза из списка муниципалитета", "a phrase of the municipality's list")
        if "note" in table:
            note = _text(f"{place}.note", table["note"])
            wording = Wording(note, note)
        checks.append(AnswerCheck(_OWN_PHRASE, "pattern", level, wording, patterns=(Pattern(pattern),)))
    return checks


def _phrase(key: str, value: object) -> re.Pattern[str]:
    pattern = phrase_pattern(_text(key, value))
    if pattern is None:
        raise _error(
            key,
            f"a phrase begins and ends with a word and has at most {LONGEST_PHRASE} characters",
            f"фраза начинается и кончается словом, в ней не больше {LONGEST_PHRASE} знаков",
        )
    return pattern


@cache
def _shipped() -> AnswerRules:
    data = tomllib.loads(files("mcu_sdk.text").joinpath("answer_checks.toml").read_text("utf-8"))
    limits = {row["channel"]: _limits("limit", _bounds(row), AnswerLimits()) for row in data["limit"]}
    return AnswerRules(data["version"], tuple(map(_check, data["check"])), limits)


def _bounds(row: Mapping[str, object]) -> dict[str, object]:
    return {name: row[name] for name in _BOUNDS if name in row}


def _check(row: Mapping[str, object]) -> AnswerCheck:
    return AnswerCheck(
        id=cast("str", row["id"]),
        kind=cast("CheckKind", row["kind"]),
        level=cast("Setting", row["level"]),
        wording=Wording(**cast("dict[str, str]", row["text"])),
        public_only=bool(row.get("public_only")),
        alone=bool(row.get("alone")),
        as_typed=bool(row.get("as_typed")),
        patterns=_patterns(row, "patterns", "phrases"),
        without=_patterns(row, "without", "without_phrases"),
        personal=frozenset(map(PersonalDataKind, cast("list[str]", row.get("personal", [])))),
        bound=cast("Literal['least_characters', 'most_characters'] | None", row.get("bound")),
    )


def _patterns(row: Mapping[str, object], expressions: str, phrases: str) -> tuple[Pattern, ...]:
    found = [Pattern(re.compile(one)) for one in cast("list[str]", row.get(expressions, []))]
    found += [Pattern(_phrase(phrases, one)) for one in cast("list[str]", row.get(phrases, []))]
    for phrase in cast("list[dict[str, str]]", row.get("phrase", [])) if phrases == "phrases" else []:
        found.append(Pattern(_phrase("phrase", phrase["text"]), Wording(phrase["ru"], phrase["en"])))
    return tuple(found)
