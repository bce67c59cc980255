"""The reasons for a deadline in a few lines that can be checked by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mcu_sdk.sla import words
from mcu_sdk.sla.bilingual import Text, both
from mcu_sdk.sla.trace import reason_off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcu_sdk.errors import Language
    from mcu_sdk.sla.deadline import Deadline
    from mcu_sdk.sla.rule import Rule
    from mcu_sdk.sla.trace import Step

_MOST_PIECES = 6

_LINES = {
    "rule": Text("Правило: {title} ({id}). {act}.", "Rule: {title} ({id}). {act}."),
    "evidence": Text("Достоверность: {evidence}; {verified}.", "Evidence: {evidence}; {verified}."),
    "note": Text("Примечание: {note}.", "Note: {note}."),
    "start": Text("Начало: {event}, {start}.", "Start: {event}, {start}."),
    "start_moved": Text(
        "Начало: {event}, {start}; вне рабочего времени, счёт с {moved}.",
        "Start: {event}, {start}; outside hours, counted from {moved}.",
    ),
    "count_next": Text(
        "Счёт: {amount} со дня, следующего за {first}; последний день — {last}.",
        "Count: {amount} from the date after {first}; the last date is {last}.",
    ),
    "count_same": Text(
        "Счёт: {amount}, считая и {first}; последний день — {last}.",
        "Count: {amount}, {first} included; the last date is {last}.",
    ),
    "count_time": Text(
        "Счёт: {amount} по календарю «{calendar}»: {pieces}.",
        "Count: {amount} on the calendar '{calendar}': {pieces}.",
    ),
    "skipped": Text("Не считаются: {days}.", "Not counted: {days}."),
    "short": Text("Сокращены: {days}.", "Shortened: {days}."),
    "paused": Text("Приостановка: {pause}.", "Paused: {pause}."),
    "moved": Text(
        "С приостановками последний день — {last} вместо {first}.",
        "With the pauses the last date is {last} instead of {first}.",
    ),
    "extension": Text(
        "Продление: считается от {first}, до переноса, не далее {latest}; уведомление {noticed};"
        " продлено до {last}.",
        "Extension: from the unrolled {first}, at most to {latest}; notice {noticed}; extended to {last}.",
    ),
    "extension_late": Text(
        "Продление не засчитано: уведомление {noticed} — позже срока.",
        "The extension does not count: the notice of {noticed} came after the due moment.",
    ),
    "roll": Text(
        "Перенос: с {first} на {how}, {last}. Нерабочие дни: {days}.",
        "Roll: from {first} to {how}, {last}. Not working: {days}.",
    ),
    "roll_evidence": Text("Основание переноса: {evidence}.", "Why rolled so: {evidence}."),
    "floor": Text(
        "Срок не может истечь раньше начала: вместо {first} — {last}.",
        "A term cannot end before it starts: {last} instead of {first}.",
    ),
    "not_rolled": Text(
        "Последний день нерабочий, правило его не переносит: {days}.",
        "The last date is not a working one, and the rule does not roll it: {days}.",
    ),
    "due": Text("Срок: {due} включительно.", "Due: {due}, inclusive."),
    "internal": Text("Внутренний срок, не из закона: {due}.", "Internal date, not the lawful one: {due}."),
    "overlay": Text("Даты региона: {name}; {evidence}.", "Dates of the region: {name}; {evidence}."),
    "projected": Text(
        "ВНИМАНИЕ: часть дат — прогноз, производственный календарь на них не утверждён.",
        "CAUTION: some dates are a projection; no act sets the production calendar for them yet.",
    ),
    "versions": Text(
        "Версии: правила {rules}; производственный календарь {calendar}; часовые пояса {tz}.",
        "Versions: rules {rules}; production calendar {calendar}; time zones {tz}.",
    ),
}


def explain(deadline: Deadline, language: Language, tz_version: str) -> str:
    """Return the explanation of a deadline, one fact a line."""
    return "\n".join(_lines(deadline, language, tz_version))


def _say(line: str, language: Language, **values: str) -> str:
    return _LINES[line].in_language(language).format_map(values)


def _lines(deadline: Deadline, language: Language, tz_version: str) -> Iterator[str]:
    rule = deadline.rule
    title = rule.title.in_language(language)
    yield _say("rule", language, title=title, id=rule.id, act=act_name(rule, language))
    evidence, verified = words.evidence_of(rule, language)
    yield _say("evidence", language, evidence=evidence, verified=verified)
    if note := rule.note.in_language(language):
        yield _say("note", language, note=note)
    steps = deadline.trace
    for step in steps:
        yield from _step(deadline, step, language)
    yield from _overlays(deadline, steps, language)
    if deadline.internal_due:
        yield _say("internal", language, due=words.at_moment(deadline.internal_due, language))
    if "projected" in deadline.cautions:
        yield _say("projected", language)
    production = deadline.calendar.production
    yield _say(
        "versions",
        language,
        rules=rule.version or "—",
        calendar=f"{production.version} ({production.digest})" if production else "—",
        tz=words.UNKNOWN.in_language(language) if tz_version == "unknown" else tz_version,
    )


def act_name(rule: Rule, language: Language) -> str:
    """Return the rule's act and article as they are cited."""
    act = rule.act
    name = act.name.in_language(language)
    name = name[:1].upper() + name[1:]
    if act.date:
        name += f" от {words.on_date(act.date)}" if language == "ru" else f" of {words.on_date(act.date)}"
    if act.number:
        name += f" № {act.number}" if language == "ru" else f" No. {act.number}"
    article = act.article.in_language(language)
    return f"{name}, {article}" if article else name


def _step(deadline: Deadline, step: Step, language: Language) -> Iterator[str]:
    first, last = words.at_moment(step.first, language), words.at_moment(step.last, language)
    if step.kind == "start":
        yield _start(deadline, step, language)
    elif step.kind == "count":
        yield _count(deadline, step, language)
    elif step.kind == "paused":
        pause = next(one for one in deadline.pauses if one.paused_at == step.first)
        yield _say("paused", language, pause=words.pause(pause, deadline.rule, language))
    elif step.kind == "extension":
        yield _extension(deadline, step, language)
    elif step.kind == "roll":
        how = words.ROLLS[deadline.rule.roll].in_language(language)
        days = words.days_off(step.days, language)
        yield _say("roll", language, first=first, last=last, how=how, days=days)
        if evidence := deadline.rule.roll_evidence:
            yield _say("roll_evidence", language, evidence=words.EVIDENCE[evidence].in_language(language))
    elif step.kind == "due":
        yield from _not_rolled(deadline, language)
        yield _say("due", language, due=words.at_moment(deadline.due, language))
    else:
        days = words.days_off(step.days, language)
        yield _say(step.kind, language, first=first, last=last, days=days)


def _start(deadline: Deadline, step: Step, language: Language) -> str:
    name = words.event_name(deadline.started_by or deadline.rule.start_event, language)
    start = words.at_moment(step.first, language)
    if deadline.rule.day_point == "same_time" and isinstance(step.first, datetime):
        opened = words.at_moment(deadline.calendar.next_opening(step.first), language)
        if opened != start:
            return _say("start_moved", language, event=name, start=start, moved=opened)
    return _say("start", language, event=name, start=start)


def _count(deadline: Deadline, step: Step, language: Language) -> str:
    rule = deadline.rule
    amount = words.counted(rule.amount, rule.unit, language)
    if rule.counts_days:
        return _say(
            f"count_{rule.first_day}",
            language,
            amount=amount,
            first=words.at_moment(step.first, language),
            last=words.at_moment(step.last, language),
        )
    pieces = [
        f"{piece.opens:%d.%m %H:%M}–{piece.closes:%H:%M}"
        f" ({words.duration(deadline.calendar.worked(piece.opens, piece.closes), language)})"
        for piece in step.worked
    ]
    if len(pieces) > _MOST_PIECES:
        half = _MOST_PIECES // 2
        pieces = [*pieces[:half], "…", *pieces[-half:]]
    none = words.duration(timedelta(), language)
    return _say(
        "count_time",
        language,
        amount=amount,
        calendar=rule.counted_on,
        pieces=", ".join(pieces) or none,
    )


def _not_rolled(deadline: Deadline, language: Language) -> Iterator[str]:
    last = deadline.due_date
    rule = deadline.rule
    if rule.counts_days and rule.roll == "none" and not deadline.calendar.is_working_day(last):
        off = (reason_off(deadline.calendar, last),)
        yield _say("not_rolled", language, days=words.days_off(off, language))


def _overlays(deadline: Deadline, steps: tuple[Step, ...], language: Language) -> Iterator[str]:
    acts = {fact.act_text for step in steps for fact in step.days}
    for overlay in deadline.calendar.definition.overlays:
        known = dict.fromkeys(
            words.EVIDENCE[day.evidence].in_language(language)
            for day in overlay.days
            if day.evidence and both(day.act) in acts
        )
        if known:
            name = both(overlay.name).in_language(language)
            yield _say("overlay", language, name=name, evidence="; ".join(known))


def _extension(deadline: Deadline, step: Step, language: Language) -> str:
    asked = deadline.extension
    if asked is None or not asked.counts:
        noticed = words.at_moment(asked.noticed_at, language) if asked else ""
        return _say("extension_late", language, noticed=noticed)
    return _say(
        "extension",
        language,
        first=words.at_moment(step.first, language),
        last=words.at_moment(step.last, language),
        latest=words.on_date(asked.latest),
        noticed=words.at_moment(asked.noticed_at, language),
    )
