"""The words explanations are written with, in Russian and English."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mcu_sdk.sla.bilingual import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcu_sdk.errors import Language
    from mcu_sdk.sla.clock import Clock
    from mcu_sdk.sla.deadline import CountedPause
    from mcu_sdk.sla.production import DayFact
    from mcu_sdk.sla.rule import Rule

UNITS_RU = {
    "minutes": ("минута", "минуты", "минут"),
    "hours": ("час", "часа", "часов"),
    "calendar_days": ("календарный день", "календарных дня", "календарных дней"),
    "working_days": ("рабочий день", "рабочих дня", "рабочих дней"),
    "months": ("месяц", "месяца", "месяцев"),
}
UNITS_EN = {
    "minutes": "minute",
    "hours": "hour",
    "calendar_days": "calendar day",
    "working_days": "working day",
    "months": "month",
}
EVIDENCE = {
    "text": Text("текст нормы прочитан", "the text of the norm was read"),
    "secondary": Text(
        "по вторичному источнику, акт не прочитан", "from a secondary source; the act was not read"
    ),
    "artefact": Text(
        "по образцу реальных данных, не по тексту акта", "from real data, not from the text of an act"
    ),
    "inferred": Text("вывод разработчиков, прямой нормы нет", "our conclusion; no norm says so"),
    "recalled": Text("приведено по памяти, текст не перечитан", "recalled; the text was not re-read"),
}
READ_IN_COPY = Text("норма прочитана в копии акта", "the norm was read in a copy of the act")
VERIFIED = Text("сверено с текстом акта", "checked against the act")
VERIFIED_BY_COPY = Text(
    "сверено по копии, не по официальной публикации", "checked against the copy, not the official publication"
)
UNVERIFIED = Text("НЕ СВЕРЕНО с действующим текстом", "NOT CHECKED against the text in force")
UNKNOWN = Text("неизвестно какой версии", "of unknown version")
EVENTS = {
    "received": Text("поступление", "receipt"),
    "registered": Text("регистрация", "registration"),
    "detected": Text("выявление", "detection"),
    "sent_to_executor": Text("направление исполнителю", "sending to the executor"),
    "citizen_wrote": Text("сообщение жителя", "the resident's message"),
    "reopened": Text("возврат в работу", "reopening"),
    "promised": Text("обещание", "promise"),
    "extended": Text("продление", "extension"),
    "due_set": Text("срок внешней системы", "the far system's date"),
}
CLOCKS = {
    "route": Text("направление исполнителю", "routing"),
    "registration": Text("регистрация", "registration"),
    "first_reply": Text("первый ответ", "first reply"),
    "interim": Text("промежуточный ответ", "interim reply"),
    "promise": Text("обещание", "promise"),
    "final": Text("ответ", "final"),
    "external": Text("срок внешней системы", "the far system's date"),
    "next_reply": Text("ответ на новое сообщение", "next reply"),
    "extension_notice": Text("уведомление о продлении", "notice of the extension"),
}
STATES = {
    "pending": Text("срок не начался", "not begun"),
    "running": Text("срок идёт", "runs"),
    "paused": Text("срок приостановлен", "paused"),
    "met": Text("исполнено в срок", "done in time"),
    "met_late": Text("исполнено с опозданием", "done late"),
    "breached": Text("срок нарушен", "breached"),
    "cancelled": Text("срок снят", "cancelled"),
}
# An end can be told without a due moment; whether it was in time cannot.
_UNCOUNTED = {
    "pending": Text("срок не посчитан", "not counted"),
    "met": Text("исполнено; в срок ли — неизвестно", "done; whether in time is not known"),
}


def state_of(clock: Clock, language: Language) -> str:
    """Return what is to be said of a clock's state."""
    state = STATES[clock.state]
    return (_UNCOUNTED.get(clock.state, state) if is_uncounted(clock) else state).in_language(language)


def is_uncounted(clock: Clock) -> bool:
    """Tell whether nobody knows when the clock was due: it has a problem, or ended without a start."""
    return clock.problem is not None or (clock.state == "met" and clock.due is None)


def clock_name(clock: str, language: Language) -> str:
    """Return what a clock of a case is called."""
    return CLOCKS[clock].in_language(language)


def event_name(event: str, language: Language) -> str:
    """Return what a start event is called; a word of a municipality's own stays as it is."""
    return EVENTS[event].in_language(language) if event in EVENTS else event


ROLLS = {
    "none": Text("нет", "none"),
    "previous": Text("предыдущий рабочий день", "the previous working day"),
    "next": Text("следующий рабочий день", "the next working day"),
}
_FACTS = {
    "weekend": Text("выходной", "weekend"),
    "closed": Text("закрыто по графику", "closed by schedule"),
    "holiday": Text("нерабочий праздничный день", "non-working holiday"),
    "day_off": Text("выходной, перенесённый с {partner}", "day off moved from {partner}"),
    "special": Text("нерабочий день по указу", "non-working day by decree"),
    "shortened": Text("сокращённый день", "shortened date"),
    "working": Text("рабочий день вместо {partner}", "working day instead of {partner}"),
}

_EVES = (
    Text("сокращённый день накануне праздника", "shortened date before a holiday"),
    Text(
        "сокращённый день вместо {partner}, кануна праздника",
        "shortened date instead of {partner}, the eve of a holiday",
    ),
)


def counted(amount: int, unit: str, language: Language) -> str:
    """Return an amount with its unit in the right grammatical number.

    >>> [counted(n, "calendar_days", "ru") for n in (1, 3, 11, 30)]
    ['1 календарный день', '3 календарных дня', '11 календарных дней', '30 календарных дней']
    """
    if language == "en":
        return f"{amount} {UNITS_EN[unit]}{'' if amount == 1 else 's'}"
    one, few, many = UNITS_RU[unit]
    if amount % 10 == 1 and amount % 100 != 11:
        return f"{amount} {one}"
    if amount % 10 in (2, 3, 4) and amount % 100 not in (12, 13, 14):
        return f"{amount} {few}"
    return f"{amount} {many}"


def duration(amount: timedelta, language: Language) -> str:
    """Return a length of working time in hours, minutes and seconds, leaving out zeroes.

    >>> duration(timedelta(minutes=90), "ru")
    '1 ч 30 мин'
    """
    hours, rest = divmod(amount.days * 86_400 + amount.seconds, 3600)
    names = ("ч", "мин", "с") if language == "ru" else ("h", "min", "s")
    parts = zip((hours, *divmod(rest, 60)), names, strict=True)
    return " ".join(f"{number} {name}" for number, name in parts if number) or f"0 {names[1]}"


def zone_label(moment: datetime, language: Language) -> str:
    """Return the moment's offset from Moscow time, as in `МСК+4`.

    >>> zone_label(datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Krasnoyarsk")), "ru")
    'МСК+4'
    """
    try:
        moscow = moment.astimezone(ZoneInfo("Europe/Moscow")).utcoffset() or timedelta()
    except OverflowError:  # the last hours of the year 9999 have no Moscow time
        return moment.tzname() or ""
    ahead = int(((moment.utcoffset() or timedelta()) - moscow).total_seconds()) // 60
    label = "МСК" if language == "ru" else "MSK"
    if not ahead:
        return label
    hours, minutes = divmod(abs(ahead), 60)
    return f"{label}{'+' if ahead > 0 else '−'}{hours}{f':{minutes:02}' if minutes else ''}"


def on_date(day: date) -> str:
    """Return a civil date as `31.12.2025`."""
    return f"{day:%d.%m.%Y}"


def at_moment(moment: datetime | date, language: Language) -> str:
    """Return a moment with its zone, or a bare date."""
    if not isinstance(moment, datetime):
        return on_date(moment)
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"{on_date(moment)} {clock} {zone_label(moment, language)}"


def pause(pause: CountedPause, rule: Rule, language: Language) -> str:
    """Return when a term was paused, why, and what that gave back."""
    begins, ends = at_moment(pause.paused_at, language), at_moment(pause.resumed_at, language)
    text = _FROM_TO.in_language(language).format(begins=begins, ends=ends)
    if pause.reason:
        text += f" ({pause.reason})"
    if not rule.counts_days:
        return text + _ADDED.in_language(language).format(added=duration(pause.added, language))
    unit = "working_days" if rule.unit == "working_days" else "calendar_days"
    return text + _DATES.in_language(language).format(dates=counted(pause.dates, unit, language))


_FROM_TO = Text("с {begins} по {ends}", "from {begins} to {ends}")
_ADDED = Text(", добавлено рабочего времени: {added}", ", working time added: {added}")
_DATES = Text(", целиком не считаются: {dates}", ", whole dates not counted: {dates}")


def evidence_of(rule: Rule, language: Language) -> tuple[str, str]:
    """Return how a rule is known, and whether it was checked."""
    in_copy = rule.read_in == "copy"
    known = READ_IN_COPY if in_copy else EVIDENCE[rule.evidence]
    checked = UNVERIFIED if not rule.verified else VERIFIED_BY_COPY if in_copy else VERIFIED
    return known.in_language(language), checked.in_language(language)


def days_off(facts: Sequence[DayFact], language: Language) -> str:
    """Return dates and the acts behind them in one line, runs of the same reason joined."""
    return "; ".join(reasons(facts, language))


def reasons(facts: Sequence[DayFact], language: Language) -> list[str]:
    """Return dates and the acts behind them, a text for each run of the same reason."""
    runs: list[list[DayFact]] = []
    for fact in facts:
        if runs and _same_run(runs[-1][-1], fact):
            runs[-1].append(fact)
        else:
            runs.append([fact])
    return [f"{_span(run)} — {_reason(run[0], language)}" for run in runs]


def _same_run(before: DayFact, fact: DayFact) -> bool:
    return before[1:] == fact[1:] and fact.on - before.on == timedelta(1)


def _span(run: list[DayFact]) -> str:
    first, last = run[0].on, run[-1].on
    return on_date(first) if first == last else f"{first:%d.%m}–{on_date(last)}"


def _reason(fact: DayFact, language: Language) -> str:
    name = fact.name_text.in_language(language)
    act = fact.act_text.in_language(language)
    eve = fact.kind == "shortened" and bool(name)
    pattern = (_EVES[fact.partner is not None] if eve else _FACTS[fact.kind]).in_language(language)
    text = pattern.format(partner=on_date(fact.partner) if fact.partner else "")
    return (
        text
        + (f" «{name}»" if name and language == "ru" else f" ({name})" if name else "")
        + (f", {act}" if act else "")
    )
