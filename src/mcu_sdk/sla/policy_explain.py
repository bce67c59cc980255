"""Why a policy's rows fit a case or do not, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.words import clock_name, on_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from mcu_sdk.errors import Language
    from mcu_sdk.sla.policy import Policy, PolicyRow

_FACTS = {
    "kind": Text("вид", "kind"),
    "regime": Text("режим", "regime"),
    "channel": Text("канал", "channel"),
    "topic": Text("тема", "topic"),
    "priority": Text("приоритет", "priority"),
    "fast_track": Text("ускоренный порядок", "fast track"),
    "applicant_kind": Text("заявитель", "applicant"),
    "municipality": Text("муниципалитет", "municipality"),
}
_WORDS = {True: Text("да", "yes"), False: Text("нет", "no")}
_CHOSEN = Text(
    "Строка {number} подходит и выбрана: {rules}; {authority}",
    "Row {number} fits and is chosen: {rules}; {authority}",
)
_LATER = Text(
    "Строка {number} подходит, но выбрана строка {chosen}", "Row {number} fits, but row {chosen} is chosen"
)
_MISFIT = Text("Строка {number} не подходит: {why}", "Row {number} does not fit: {why}")
_NONE = Text("Ни одна строка не подходит", "No row fits")
_RULE = Text("{clock} — {rule}", "{clock} by {rule}")
_OTHER = Text("{fact} — {value}, нужно {allowed}", "{fact} is {value}, wanted {allowed}")
_UNKNOWN = Text("{fact} — нет сведений, нужно {allowed}", "{fact} is not known, wanted {allowed}")
_OR = Text(" или ", " or ")
_DATES = Text("действует {dates}", "valid {dates}")
_FROM, _TO = Text("с {day}", "from {day}"), Text("по {day}", "to {day}")
_AUTHORITY = {
    "own": Text("решает наш срок", "our date decides"),
    "external": Text(
        "решает срок внешней системы, если она его назвала", "the far system's date decides where it set one"
    ),
}


def explain_choice(policy: Policy, facts: Mapping[str, object], language: Language, on: date | None) -> str:
    """Return a line for each row of *policy*."""
    chosen: int | None = None
    lines: list[str] = []
    for row in policy.rows:
        why = ", ".join(_misfits(row, facts, language, on))
        if why:
            lines.append(_MISFIT.in_language(language).format(number=row.number, why=why))
        elif chosen is not None:
            lines.append(_LATER.in_language(language).format(number=row.number, chosen=chosen))
        else:
            chosen = row.number
            lines.append(_choice(row, language))
    if chosen is None:
        lines.append(_NONE.in_language(language))
    return "\n".join(lines)


def _choice(row: PolicyRow, language: Language) -> str:
    rule = _RULE.in_language(language)
    rules = (rule.format(clock=clock_name(clock, language), rule=rule_id) for clock, rule_id in row.clocks)
    authority = _AUTHORITY[row.authority].in_language(language)
    return _CHOSEN.in_language(language).format(
        number=row.number, rules=", ".join(rules), authority=authority
    )


def _misfits(
    row: PolicyRow, facts: Mapping[str, object], language: Language, on: date | None
) -> Iterator[str]:
    for name, allowed in row.when:
        if name in facts and facts[name] in allowed:
            continue
        wanted = _OR.in_language(language).join(_word(value, language) for value in allowed)
        known = facts.get(name) not in (None, "")
        yield (
            (_OTHER if known else _UNKNOWN)
            .in_language(language)
            .format(
                fact=_FACTS[name].in_language(language),
                value=_word(facts.get(name), language),
                allowed=wanted,
            )
        )
    if on is not None and not row.is_valid_on(on):
        ends = ((_FROM, row.valid_from), (_TO, row.valid_to))
        dates = " ".join(text.in_language(language).format(day=on_date(day)) for text, day in ends if day)
        yield _DATES.in_language(language).format(dates=dates)


def _word(value: object, language: Language) -> str:
    return _WORDS[value].in_language(language) if isinstance(value, bool) else str(value)
