"""Whether rules and policy can be followed: they read, their words exist, their calendars are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, cast, get_args

from mcu_sdk.errors import CalendarNotChosen, PolicyError, RuleError, SlaError
from mcu_sdk.model import ApplicantKind, Kind, Regime
from mcu_sdk.municipality.mistakes import Mistakes
from mcu_sdk.municipality.people import Channel
from mcu_sdk.sla import Calendar, Policy, PolicyRow, RuleBook, load_rules
from mcu_sdk.sla.bilingual import Text

__all__ = ["read_policy", "read_rules"]

_WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(word for word in Kind if word is not Kind.UNKNOWN),
    "regime": tuple(word for word in Regime if word is not Regime.UNKNOWN),
    "channel": get_args(Channel),
    "applicant_kind": tuple(word for word in ApplicantKind if word is not ApplicantKind.UNKNOWN),
}
_MOST_OF_A_ROW = 100
_OF_A_RULE: Mapping[str, object] = {
    "title": "-",
    "act": {"name": "-"},
    "start_event": "-",
    "amount": 0,
    "evidence": "secondary",
    "verified": False,
}


def read_rules(rows: Mapping[int, dict[str, Any]], mistakes: Mistakes) -> RuleBook:
    """Return the shipped book with the municipality's rows over it; wrong rows are noted and left out."""
    book, file = load_rules(), mistakes.path.name
    good: list[dict[str, Any]] = []
    for number, row in rows.items():
        found = list(_all_errors(lambda table: book.with_tables([table], file), row, _OF_A_RULE))
        for key, reason in found:
            mistakes.add(f"rule.{number}.{key}", reason)
        if not found:
            good.append(row)
    try:
        return book.with_tables(good, file)
    except RuleError as error:  # rows that are right one by one: two are valid on one date
        last = max(number for number, row in rows.items() if row.get("id") == error.values["table"])
        mistakes.add(f"rule.{last}.{error.values['key']}", _reason(error))
        return book


def read_policy(
    table: Mapping[str, Any], book: RuleBook, calendars: Mapping[str, Calendar], mistakes: Mistakes
) -> Policy:
    """Return the policy of the file, every rule of it tried on the calendars; what is wrong is noted."""
    rows = table.get("row")
    if not isinstance(rows, list) or not rows:
        if not mistakes.touch("policy"):
            needed = Text("нужна хотя бы одна строка [[policy.row]]", "needs a [[policy.row]] at least")
            mistakes.add("policy.row", needed)
        return Policy((), book)
    tables, wrong = cast("list[dict[str, Any]]", rows), set[int]()
    stand_ins = {"rules.final": book.ids[0]}
    for number, row in enumerate(tables, 1):
        _note_words(number, row, mistakes)
        for key, reason in _all_errors(lambda one: Policy.parse({"row": [one]}, book), row, stand_ins):
            wrong.add(number)
            if not (key.startswith("rules.") and mistakes.touch("rule")):
                mistakes.add(f"policy.row.{number}.{key}", reason)
    fits_none = {"when": {"municipality": ""}, "rules": {"final": book.ids[0]}}
    stood_in = [fits_none if number in wrong else row for number, row in enumerate(tables, 1)]
    try:
        policy = Policy.parse({**table, "row": stood_in}, book)
    except PolicyError as error:
        place = "policy.row.{row}.{key}" if error.values["row"] != "-" else "policy"
        mistakes.add(place.format_map(error.values), _reason(error))
        return Policy((), book)
    for read in policy.rows:
        if read.number not in wrong:
            _note_calendars(read, book, calendars, mistakes)
    return policy


def _all_errors(
    read: Callable[[dict[str, Any]], object], table: Any, stand_ins: Mapping[str, object]
) -> Iterator[tuple[str, Text]]:
    """Yield the key and reason of each mistake of a row: what is wrong is taken out, the rest read again.

    What a row cannot do without is replaced by its *stand_ins* instead.
    """
    rest, seen = deepcopy(table), set[str]()
    for _ in range(_MOST_OF_A_ROW):
        try:
            read(rest)
        except (RuleError, PolicyError) as error:
            key = str(error.values["key"])
            if key in seen:  # it was taken out for its mistake and is missed now
                return
            seen.add(key)
            yield key, _reason(error)
            if not _mended(rest, key, stand_ins.get(key)):
                return
        else:
            return


def _mended(table: object, key: str, stand_in: object) -> bool:
    """Take the value of *key* out of a table of tables, or put *stand_in* in; tell whether that was done."""
    first, _, rest = key.partition(".")
    if not isinstance(table, dict):
        return False
    rows = cast("dict[str, object]", table)
    if rest and (stand_in is not None or isinstance(rows.get(first), dict)):
        return _mended(rows.setdefault(first, {}), rest, stand_in)
    if stand_in is not None:
        rows[first] = stand_in
        return True
    return rows.pop(first, None) is not None


def _reason(error: SlaError) -> Text:
    return Text(str(error.values["reason_ru"]), str(error.values["reason"]))


def _note_words(number: int, row: object, mistakes: Mistakes) -> None:
    when = _table(_table(row).get("when"))
    for fact, words in _WORDS.items():
        told = when.get(fact, [])
        listed = cast("list[object]", told) if isinstance(told, list) else [told]
        if any(one not in words for one in listed):
            allowed = ", ".join(f"'{word}'" for word in words)
            reason = Text(f"допустимо только: {allowed}", f"must be one of {allowed}")
            mistakes.add(f"policy.row.{number}.when.{fact}", reason)


def _table(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _note_calendars(
    row: PolicyRow, book: RuleBook, calendars: Mapping[str, Calendar], mistakes: Mistakes
) -> None:
    for clock, rule_id in row.rules.items():
        for rule in book:
            try:
                if rule.id == rule_id:
                    rule.bind(calendars)
            except CalendarNotChosen as error:
                if not mistakes.touch(f"calendars.{error.values['calendar']}"):
                    reason = Text(error.localized("ru"), str(error))
                    mistakes.add(f"policy.row.{row.number}.rules.{clock}", reason)
