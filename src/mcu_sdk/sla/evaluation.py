"""From a case's log to a verdict: which clocks run, and what each is worth at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mcu_sdk.errors import CalendarHorizonError, CaseError, NaiveMomentError, RuleError
from mcu_sdk.sla.activations import Activation, citizen_waits, once_and_reopened, promised, reopened_before
from mcu_sdk.sla.bare_dates import civil_date, last_second
from mcu_sdk.sla.bound import DAY_CALENDAR, bound_once
from mcu_sdk.sla.case import bit, happened, regime_of, seen
from mcu_sdk.sla.clock import Clock
from mcu_sdk.sla.events import CaseEvent, EventKind
from mcu_sdk.sla.extension import asked_in, counted
from mcu_sdk.sla.moment import epoch_seconds
from mcu_sdk.sla.pauses import pauses_of
from mcu_sdk.sla.settling import settled, uncounted, unstarted
from mcu_sdk.sla.verdict import Verdict
from mcu_sdk.sla.waiting import waiting_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mcu_sdk.sla.bound import BoundRule
    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.case import Case, Entry, Log
    from mcu_sdk.sla.extension import Asked, Term
    from mcu_sdk.sla.pauses import Pause
    from mcu_sdk.sla.policy import Policy, PolicyRow

_REGIME, _PAUSED = bit(EventKind.REGIME_CHANGED), bit(EventKind.PAUSED)
_PROMISED, _EXTENDED = bit(EventKind.PROMISED), bit(EventKind.EXTENDED)
_DUE_SET, _MERGED = bit(EventKind.DUE_SET), bit(EventKind.MERGED_INTO)


def evaluate(
    case: Case,
    policy: Policy,
    calendars: Mapping[str, Calendar],
    now: datetime,
    *,
    primary: Case | None = None,
) -> Verdict:
    r"""Return what the case's log means at *now*; events after *now* do not exist yet.

    *calendars* maps names to calendars (`office`, `duty`). Bare dates lie in the zone of `office`, a bare
    external date in that of the rule's calendar. The rules are those of the regime at *now* and of the
    policy row that is valid on the date of the first event. Where the external date decides, it does so
    beyond the years of our calendar too; the final clock then carries the `problem`, as any other clock
    does that cannot be counted.

    A case merged into another is stopped. With *primary*, the case it was merged into, the verdict is that
    of the primary: it has its clocks, and those of the merged case are `earlier` ones. Raises `CaseError`
    for another primary than the log names, `PolicyError`, `CalendarNotChosen`, `CalendarHorizonError`,
    `RuleError`, `NaiveMomentError`.

    >>> from mcu_sdk.sla import Calendar, Case, CaseEvent, EventKind, Policy
    >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
    >>> policy = Policy.parse('[[row]]\nrules = { final = "59fz.examination" }')
    >>> registered = CaseEvent(EventKind.REGISTERED, date(2025, 12, 8))
    >>> now = datetime(2025, 12, 31, 10, tzinfo=office.zone)
    >>> evaluate(Case("1", {}, (registered,)), policy, {"office": office}, now).state
    'breached'
    """
    own = _Reading(case, policy, calendars, now).verdict()
    if primary is None or own.merged_into is None:
        return own
    if own.merged_into not in ("", primary.id):
        raise CaseError(
            "sla.other_primary",
            "the case was merged into another case than the one given",
            "give the case that its merged_into event names",
        )
    followed = evaluate(primary, policy, calendars, now)
    earlier = (*own.earlier, *own.clocks)
    return replace(followed, case_id=case.id, earlier=earlier, merged_into=primary.id, follows=True)


class _Reading:
    """One case read as of one moment."""

    __slots__ = (
        *("book", "calendars", "case", "clocks", "earlier", "kinds"),
        *("log", "now", "now_at", "pauses", "regime_since", "row", "zone"),
    )

    def __init__(self, case: Case, policy: Policy, calendars: Mapping[str, Calendar], now: datetime) -> None:
        self.case, self.book, self.calendars = case, policy.book, calendars
        self.now, self.now_at = epoch_seconds(now), now
        office = calendars.get(DAY_CALENDAR) or next(iter(calendars.values()), None)
        self.zone = office.zone if office else ZoneInfo("UTC")
        self.log: Log = happened(case.events, self.now, office)
        self.kinds = seen(self.log)
        facts = case.facts
        self.regime_since: datetime | date | None = None
        if self.kinds & _REGIME:
            regime, self.regime_since = regime_of(self.log, facts.get("regime"))
            facts = {**facts, "regime": regime}
        on = self._first_date() if policy.dated else None
        self.row: PolicyRow = policy.choose(facts, on)
        self.pauses: Sequence[Pause] = pauses_of(self.log) if self.kinds & _PAUSED else ()
        self.clocks: list[Clock] = []
        self.earlier: list[Clock] = []

    def _first_date(self) -> date:
        return civil_date(self.log[0][1].at if self.log else self.now_at, self.zone)

    def verdict(self) -> Verdict:
        for clock, rule_id in self.row.clocks:
            if clock == "final":
                self._final(rule_id)
            elif clock == "next_reply":
                runs = citizen_waits(self.log, rearm=self.row.rearm_next_reply)
                self._side(clock, rule_id, runs, awaits=EventKind.CITIZEN_WROTE)
            elif clock not in ("promise", "extension_notice"):
                event = self._start_event(rule_id)
                self._side(clock, rule_id, once_and_reopened(clock, event, self.log), awaits=event)
        if self.kinds & _PROMISED:
            self._promise()
        merged_into = _merged_into(self.log) if self.kinds & _MERGED else None
        return Verdict(
            case_id=self.case.id,
            at=self.now_at,
            row=self.row,
            clocks=tuple(self.clocks),
            earlier=tuple(self.earlier),
            pauses=tuple(pause.in_zone(self.zone) for pause in self.pauses),
            merged_into=merged_into,
            regime_since=self.regime_since,
            waiting_for=waiting_for(self.log, self.kinds, self.pauses, self.clocks),
        )

    def _keep(self, clocks: Sequence[Clock]) -> None:
        """Keep the runs of one clock, in their order; the last is the current one."""
        self.earlier += clocks[:-1]
        self.clocks += clocks[-1:]

    def _start_event(self, rule_id: str) -> str:
        """Return what starts a term: of records with different starts, the one valid when its own came."""
        latest, *others = self.book.records(rule_id)
        for rule in (latest, *others) if others else ():
            start = next((event for _, event in self.log if event.kind == rule.start_event), None)
            zone = bound_once(rule, self.calendars).calendar.zone
            if start and rule.is_valid_on(civil_date(start.at, zone)):
                return rule.start_event
        return latest.start_event

    def _bound(self, rule_id: str, at: datetime | date | None) -> BoundRule:
        """Return the record that is valid for a start at *at*, on its calendar; the latest before a start."""
        latest, *others = self.book.records(rule_id)
        bound = bound_once(latest, self.calendars)
        if at is None or not (others or latest.valid_from or latest.valid_to):
            return bound
        # The record valid on that date may be counted on another calendar.
        return bound_once(self.book.rule(rule_id, on=civil_date(at, bound.calendar.zone)), self.calendars)

    def _final(self, rule_id: str) -> None:
        event = self._start_event(rule_id)
        runs = once_and_reopened("final", event, self.log)
        for run, following in zip(runs, [*runs[1:], None], strict=True):
            clocks, notices = self._final_run(rule_id, run, following, event)
            if following:
                self.earlier += clocks + notices
            else:
                self.clocks += clocks
                self._keep(notices)

    def _final_run(
        self, rule_id: str, run: Activation, following: Activation | None, awaits: str
    ) -> tuple[list[Clock], list[Clock]]:
        """Return the final clock with the far system's, and the notices of extensions, of one run."""
        bound = bound_once(self.book.records(rule_id)[0], self.calendars)
        external = self._external(run, following, bound) if self.kinds & _DUE_SET else None
        asked: Sequence[Asked] = ()
        if self.kinds & _EXTENDED:
            log = self.log[run.since : following.since if following else None]
            asked = asked_in(log, bound.calendar, self.now)
        term = None
        try:
            final, term = self._own("final", rule_id, run, awaits, asked)
        except CalendarHorizonError as error:
            if external is None or self.row.authority == "own":
                raise
            final = uncounted("final", run, error)
        except NaiveMomentError as error:
            final = uncounted("final", run, error)
        clocks = [final, external] if external else [final]
        return clocks, self._notices(run, final, term, asked) if term else []

    def _side(self, clock: str, rule_id: str, runs: Iterable[Activation], awaits: str) -> None:
        clocks = self._ruled(clock, rule_id, runs, awaits)
        self._keep(clocks or [Clock(name=clock, state="pending", awaits=awaits)])

    def _ruled(self, clock: str, rule_id: str, runs: Iterable[Activation], awaits: str) -> list[Clock]:
        """Return the runs of a clock that is not the final one: what cannot be counted is its own problem."""
        clocks: list[Clock] = []
        for run in runs:
            try:
                clocks.append(self._own(clock, rule_id, run, awaits)[0])
            except (CalendarHorizonError, NaiveMomentError, RuleError) as error:
                clocks.append(uncounted(clock, run, error))
        return clocks

    def _own(
        self, clock: str, rule_id: str, run: Activation, awaits: str, asked: Sequence[Asked] = ()
    ) -> tuple[Clock, Term | None]:
        """Return one run of a clock that a rule counts."""
        if run.start is None:
            return unstarted(clock, run, awaits), None
        at = run.start[1].at
        bound = self._bound(rule_id, at)
        pauses = self.pauses if self.pauses and self.row.pauses(clock, bound.rule) else ()
        if not pauses and not asked:
            return settled(clock, run, bound.due(at), bound, self.now), None
        term = counted(bound, at, pauses, asked, end=run.end, now=self.now)
        return settled(clock, run, term.deadline.due, bound, self.now, term=term), term

    def _external(self, run: Activation, following: Activation | None, bound: BoundRule) -> Clock | None:
        """Return the clock of the date that the far system set last; a reopening asks for a new one."""
        since = run.start[0] if run.start and run.since else self.log[0][0]
        until = following.start[0] if following and following.start else None
        first: Entry | None = None
        due: datetime | None = None
        source = ""
        for entry in self.log:
            if until is not None and entry[0] >= until:
                break
            event = entry[1]
            if event.kind is not EventKind.DUE_SET or event.due is None or entry[0] < since:
                continue
            said = last_second(event.due, bound.calendar)
            # A date that is told again is not set anew: its warnings would move with every look.
            if due is None or epoch_seconds(said) != epoch_seconds(due):
                first, due = entry, said
            source = event.source
        if first is None:
            return None
        return settled("external", run._replace(start=first), due, bound, self.now, given=True, source=source)

    def _notices(self, run: Activation, final: Clock, term: Term, asked: Sequence[Asked]) -> list[Clock]:
        """Return a clock for each extension asked for: the resident is told of it by its due moment."""
        rule_id = self.row.rules.get("extension_notice")
        clocks: list[Clock] = []
        before = sum(clock.name == "extension_notice" for clock in self.earlier)
        for number, (one, said) in enumerate(zip(asked, term.extensions, strict=True)):
            if said.refused == "no_extension":
                continue
            end, cancelled = run.end, True
            if one.noticed_at is not None and said.refused != "ended":
                end, cancelled = (one.noticed, CaseEvent(EventKind.EXTENDED, one.noticed_at)), False
            notice = Activation(before + len(clocks) + 1, one.start, end, cancelled)
            if rule_id:
                notice = self._counted_from(rule_id, notice, run.since)
                clocks += self._ruled("extension_notice", rule_id, [notice], "")
                continue
            paused = said.counts or (final.state == "paused" and end is None)
            due, bound = term.due_before[number], term.deadline.bound
            clocks.append(
                settled("extension_notice", notice, due, bound, self.now, paused=paused, given=True)
            )
        return clocks

    def _promise(self) -> None:
        rule_id = self.row.rules.get("promise")
        bound = self._bound(rule_id or self.row.rules["final"], None)
        clocks: list[Clock] = []
        for run in promised(self.log):
            by = run.start[1].by if run.start else None
            if by is None and rule_id:
                since = reopened_before(run, self.log)
                clocks += self._ruled("promise", rule_id, [self._counted_from(rule_id, run, since)], "")
            else:
                due = None if by is None else last_second(by, bound.calendar)
                clocks.append(settled("promise", run, due, bound, self.now, given=True))
        self._keep(clocks)

    def _counted_from(self, rule_id: str, run: Activation, since: int) -> Activation:
        """Return the run counted from the event that its rule names, where that has happened.

        After the first *since* entries, the last of which reopened the case; else from the reopening.
        """
        event = self._start_event(rule_id)
        if run.start and run.start[1].kind == event:
            return run
        start = self.log[since - 1] if since else run.start
        named = (entry for entry in self.log[since:] if entry[1].kind == event)
        return run._replace(start=next(named, start))


def _merged_into(log: Log) -> str | None:
    """Return the case that this one was merged into, empty if it is not named; None if it was not merged."""
    merged_into: str | None = None
    for _, event in log:
        if event.kind is EventKind.MERGED_INTO:
            merged_into = event.primary
        elif event.kind is EventKind.REOPENED:
            merged_into = None
    return merged_into
