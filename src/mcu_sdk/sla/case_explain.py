"""A verdict in a few lines that can be checked by hand: what ran, paused, was extended, why late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla import words
from mcu_sdk.sla.bare_dates import first_second
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.moment import epoch_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcu_sdk.errors import Language
    from mcu_sdk.sla.clock import Clock, ClockState
    from mcu_sdk.sla.extension import CaseExtension
    from mcu_sdk.sla.policy import Authority
    from mcu_sdk.sla.verdict import Verdict

_STATE: dict[ClockState, Text] = {
    "pending": Text("Срок ещё не начался", "The term has not begun"),
    "running": Text("Срок идёт", "The term runs"),
    "paused": Text("Срок приостановлен", "The term is paused"),
    "met": Text("Исполнено в срок", "Done in time"),
    "met_late": Text("Исполнено с опозданием", "Done late"),
    "breached": Text("Срок нарушен", "The term is breached"),
    "cancelled": Text("Срок снят", "The term is cancelled"),
}
_LATE = Text(" (опоздание {late}{worked})", " (late by {late}{worked})")
_WORKED = Text(", рабочего времени — {worked}", ", {worked} of it working time")
_DONE_LATE = Text("Срок истёк {due}, окончание — {ended}", "The term ended on {due}, the end came on {ended}")
_NOT_DONE = Text(
    "Срок истёк {due}, исполнения нет", "The term ended on {due}, and what it asks for is not done"
)
_MERGED = Text("Присоединено к другому делу: {primary}", "Merged into another case: {primary}")
_AWAITS = Text(
    "Наш срок отсчитывают от события «{event}», а его ещё нет",
    "Our term is counted from the event “{event}”, which has not happened yet",
)
_UNKNOWN = Text("Наш срок не посчитан: ", "Our date is not known: ")
_COMPARE = Text("Наш расчёт, для сравнения:", "Our own count, for comparison:")
_EXTERNAL = Text(
    "Срок внешней системы: {due} (источник: {source})", "The far system's date: {due} (source: {source})"
)
_DISAGREE: dict[Authority, Text] = {
    "own": Text("Сроки расходятся; решает наш", "The dates differ; ours decides"),
    "external": Text(
        "Сроки расходятся; решает внешняя система", "The dates differ; the far system's decides"
    ),
}
_OTHERS = Text("Следующий шаг — не за нами", "The next step is not ours")
_PAUSED = Text(
    "Если возобновить сейчас, срок — {due}; счёт на этот случай:",
    "If resumed now, due {due}; counted for that case:",
)
_IGNORED = Text(
    "Приостановка с {begins}{ends}{reason} не засчитана: {why}",
    "The pause from {begins}{ends}{reason} does not count: {why}",
)
_TILL = Text(" по {ends}", " to {ends}")
_NOT_PAUSABLE = Text("правило не приостанавливается", "the rule does not pause")
_NOT_BY_POLICY = Text("по политике этот срок не приостанавливается", "the policy does not pause this term")
_AFTER_DUE = Text("она началась не раньше, чем истёк срок", "it began no sooner than the term ended")
_GRANTED = Text(
    "Продление{reason}: просили до {asked}, дано до {granted}, до переноса; {limit}",
    "Extension{reason}: asked until {asked}, granted until {granted}, before any roll; {limit}",
)
_IN_FULL = Text("как просили", "as asked")
_SHORTER = Text("срок и без того не короче", "the term was no shorter already")
_LIMITED = Text("больше правило не даёт ({act})", "the rule gives no more ({act})")
_REFUSED = {
    "late": Text(
        "Продление{reason} не засчитано: уведомление {noticed} — позже срока",
        "The extension{reason} does not count: the notice of {noticed} came after the due moment",
    ),
    "not_noticed": Text(
        "Продление{reason} пока не засчитано: заявителя не уведомили",
        "The extension{reason} does not count yet: the resident was not told",
    ),
    "ended": Text(
        "Продление{reason} не засчитано: уведомление {noticed} — после окончания",
        "The extension{reason} does not count: the notice of {noticed} came after the end",
    ),
    "no_extension": Text(
        "Продление{reason} не засчитано: правило его не даёт",
        "The extension{reason} does not count: the rule gives none",
    ),
}
_CLOCK = Text("{clock}{run}: {state}{late}{due}", "{clock}{run}: {state}{late}{due}")
_DUE = Text(", срок {due}", ", due {due}")
_RUN = Text(" № {number}", " No. {number}")
_EARLIER = Text("Раньше: ", "Earlier: ")


def explain(verdict: Verdict, language: Language, tz_version: str) -> str:
    """Return the explanation of a verdict, one fact a line."""
    return "\n".join(_lines(verdict, language, tz_version))


def _lines(verdict: Verdict, language: Language, tz_version: str) -> Iterator[str]:
    deciding = verdict.deciding
    state = _STATE[deciding.state].in_language(language)
    if words.is_uncounted(deciding):
        state = words.state_of(deciding, language)
    yield state[:1].upper() + state[1:] + _lateness(deciding, language)
    yield from _why_late(deciding, language)
    if verdict.merged_into is not None:
        yield _MERGED.in_language(language).format(primary=verdict.merged_into or "—")
    yield from _far_system(verdict, language)
    if verdict.waiting_for == "others":
        yield _OTHERS.in_language(language)
    for clock in verdict.clocks:
        if clock.name not in ("final", "external") and (clock.state != "pending" or clock.problem):
            yield _clock(clock, language)
    for clock in verdict.earlier:
        yield _EARLIER.in_language(language) + _clock(clock, language)
    yield from _own(verdict, language, tz_version)


def _own(verdict: Verdict, language: Language, tz_version: str) -> Iterator[str]:
    final = verdict.clock("final")
    if final is None:
        return
    if final.awaits and final.state == "pending":
        yield _AWAITS.in_language(language).format(event=words.event_name(final.awaits, language))
    if final.problem:
        yield _UNKNOWN.in_language(language) + final.problem.localized(language)
    for extension in final.extensions:
        yield from _extension(final, extension, language)
    yield from _ignored_pauses(verdict, final, language)
    if deadline := final.deadline:
        if final.due_if_resumed_now:
            due = words.at_moment(final.due_if_resumed_now, language)
            yield _PAUSED.in_language(language).format(due=due)
        elif verdict.authority == "external":
            yield _COMPARE.in_language(language)
        yield deadline.explain(language, tz_version=tz_version)


def _lateness(clock: Clock, language: Language) -> str:
    if not clock.late:
        return ""
    try:
        worked = _WORKED.in_language(language).format(worked=words.duration(clock.worked_late, language))
    except CalendarHorizonError:  # the elapsed time is known in any year
        worked = ""
    return _LATE.in_language(language).format(late=words.duration(clock.late_by, language), worked=worked)


def _why_late(clock: Clock, language: Language) -> Iterator[str]:
    if clock.late and clock.due:
        due = words.at_moment(clock.due, language)
        if clock.ended_at is None:
            yield _NOT_DONE.in_language(language).format(due=due)
        else:
            ended = words.at_moment(clock.ended_at, language)
            yield _DONE_LATE.in_language(language).format(due=due, ended=ended)


def _far_system(verdict: Verdict, language: Language) -> Iterator[str]:
    external = verdict.clock("external")
    if external and external.due:
        yield _EXTERNAL.in_language(language).format(
            due=words.at_moment(external.due, language), source=external.source or "—"
        )
    if verdict.disagreement:
        yield _DISAGREE[verdict.authority].in_language(language)


def _clock(clock: Clock, language: Language) -> str:
    name = words.clock_name(clock.name, language)
    run = _RUN.in_language(language).format(number=clock.activation) if clock.activation > 1 else ""
    due = words.at_moment(clock.due, language) if clock.due else ""
    if clock.problem:
        return f"{name[:1].upper()}{name[1:]}{run}: {clock.problem.localized(language)}"
    return _CLOCK.in_language(language).format(
        clock=name[:1].upper() + name[1:],
        run=run,
        state=words.state_of(clock, language),
        late=_lateness(clock, language),
        due=_DUE.in_language(language).format(due=due) if due else "",
    )


def _extension(final: Clock, extension: CaseExtension, language: Language) -> Iterator[str]:
    deadline = final.deadline
    reason = f" ({extension.reason})" if extension.reason else ""
    if extension.refused:
        shown = deadline.extension if deadline else None
        told_below = shown and not shown.counts and shown.noticed_at == extension.noticed_at
        if extension.refused != "late" or not told_below or reason:
            at = extension.noticed_at
            noticed = words.at_moment(at, language) if at else "—"
            yield _REFUSED[extension.refused].in_language(language).format(reason=reason, noticed=noticed)
    elif extension.asked_until and extension.granted_until and deadline:
        from mcu_sdk.sla.explain import act_name  # noqa: PLC0415  (explanations of rules come with it)

        limit = _IN_FULL
        if extension.granted_until != extension.asked_until:
            limit = _LIMITED if extension.granted_until < extension.asked_until else _SHORTER
        yield _GRANTED.in_language(language).format(
            reason=reason,
            asked=words.on_date(extension.asked_until),
            granted=words.on_date(extension.granted_until),
            limit=limit.in_language(language).format(act=act_name(deadline.rule, language)),
        )


def _ignored_pauses(verdict: Verdict, final: Clock, language: Language) -> Iterator[str]:
    if final.bound is None or final.started_at is None:
        return
    calendar = final.bound.calendar
    started = first_second(final.started_at, calendar)
    counted = {epoch_seconds(pause.paused_at) for pause in final.pauses}
    for pause in verdict.pauses:
        begins = epoch_seconds(pause.paused_at)
        before = pause.resumed_at is not None and epoch_seconds(pause.resumed_at) <= started
        after = final.ended_at is not None and begins >= first_second(final.ended_at, calendar)
        if before or after or max(begins, started) in counted:
            continue
        why = _AFTER_DUE
        if not final.bound.rule.pausable:
            why = _NOT_PAUSABLE
        elif not verdict.row.pauses("final", final.bound.rule):
            why = _NOT_BY_POLICY
        ends = (
            _TILL.in_language(language).format(ends=words.at_moment(pause.resumed_at, language))
            if pause.resumed_at
            else ""
        )
        yield _IGNORED.in_language(language).format(
            begins=words.at_moment(pause.paused_at, language),
            ends=ends,
            reason=f" ({pause.reason})" if pause.reason else "",
            why=why.in_language(language),
        )
