"""From messages and sent steps to a case: its facts for the policy and what has happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, tzinfo

from mcu_sdk.intake import Inbox, Outbox, OutboxEntry, OutboxState
from mcu_sdk.model import Message, MomentOrDate, OutgoingKind, Status
from mcu_sdk.municipality import Municipality
from mcu_sdk.sla import Calendar, Case, CaseEvent, EventKind
from mcu_sdk.sla.bare_dates import first_second
from mcu_sdk.sla.moment import epoch_seconds

__all__ = ["Evidence", "appeared_at", "case_of", "ended_at", "facts_of", "gathered", "is_over"]

_NOT_KNOWN = (Status.NEW, Status.UNKNOWN)
_ENDED = (Status.ANSWERED, Status.REJECTED)
_LAST_SECOND = time(23, 59, 59)


class Evidence:
    """One message of a resident, with what registers say of the same number and what we sent on it."""

    __slots__ = ("copies", "message", "steps")

    def __init__(
        self, message: Message, copies: Sequence[Message] = (), steps: Sequence[OutboxEntry] = ()
    ) -> None:
        self.message = _completed(message, copies) if copies else message
        self.copies = tuple(copies)
        self.steps = tuple(steps)


def gathered(source: Inbox | Iterable[Message]) -> Iterator[Evidence]:
    """Yield each message of *source* once: one known by number alone joins that of the number in its account.

    The steps of an inbox's own outbox count.
    """
    by_message: dict[tuple[str, str, str], list[OutboxEntry]] = {}
    if isinstance(source, Inbox):
        for step in Outbox(source.store).entries():
            by_message.setdefault((step.channel, step.account, step.external_id), []).append(step)
        messages, registers = source.messages(), source.known_by_number()
    else:
        kept = list(source)
        messages, registers = iter(kept), (message for message in kept if message.by_number)
    copies: dict[tuple[str, str, str | None], list[Message]] = {}
    for message in registers:
        copies.setdefault(_number_of(message), []).append(message)
    for message in messages:
        if not message.by_number:
            yield Evidence(message, copies.pop(_number_of(message), ()), by_message.get(message.key, ()))
    for first, *others in copies.values():
        yield Evidence(first, others)


def case_of(evidence: Evidence, town: Municipality) -> Case:
    """Return the case of one message in the municipality.

    The far system's own date becomes a `due_set` event by the channel, at the moment the message
    appeared; a step that was sent becomes what it did at that moment.
    """
    message, zone = evidence.message, town.zone
    dates = tuple(_dates_told(evidence, zone))
    happened = (*_told(message), *dates, *_done(evidence, dates, zone), *_reopened(evidence, zone))
    return Case("/".join(message.key), facts_of(message, town), happened)


def facts_of(message: Message, town: Municipality) -> dict[str, object]:
    """Return what a policy may ask of *message*."""
    return {
        "kind": message.kind.value,
        "regime": town.regime_of(message).value,
        "channel": message.channel,
        "topic": message.topic.topic or message.topic.group,
        "priority": message.priority,
        "fast_track": message.fast_track,
        "applicant_kind": "collective" if message.author.collective else message.author.kind.value,
        "municipality": town.oktmo,
    }


def appeared_at(message: Message) -> MomentOrDate | None:
    """Return when the far system's own date was there: when the message was."""
    return message.created_at or message.registered_at or message.received_at


def is_over(evidence: Evidence, office: Calendar | None, now: int) -> bool:
    """Tell whether a message was answered, closed or forwarded by the epoch second *now*, in time or not."""
    ended, message = ended_at(evidence.message, office), evidence.message
    learned = learned_at(message) if message.status is Status.REOPENED else None
    since = epoch_seconds(learned) if learned else 0
    sent = any(since <= epoch_seconds(at) <= now for at in _sent_ends(evidence))
    return sent or (ended is not None and ended <= now)


def ended_at(message: Message, calendar: Calendar | None) -> int | None:
    """Return the epoch second at which the message was answered or closed by its own dates, and stayed so."""
    if message.status is Status.REOPENED:
        return None
    ends = [at for at in (message.answered_at, message.closed_at) if at is not None]
    if not ends and message.status in _ENDED and (learned := learned_at(message)):
        ends = [learned]
    return min((first_second(at, calendar) for at in ends), default=None)


def learned_at(message: Message) -> datetime | None:
    """Return when what the message says now first came."""
    return message.updated_at or message.received_at


def _number_of(message: Message) -> tuple[str, str, str | None]:
    return message.channel, message.account, message.number


def _completed(message: Message, copies: Sequence[Message]) -> Message:
    """Return *message* with what only the copies know, the newest copy first."""
    known = {name: getattr(message, name) for name in message.model_fields_set}
    fields = type(message).model_fields
    update: dict[str, object] = {}
    for copy in sorted(copies, key=_learned_order, reverse=True):
        for name in copy.model_fields_set - update.keys():
            if name not in known or known[name] == fields[name].get_default(call_default_factory=True):
                update[name] = getattr(copy, name)
    update |= _status_of(message, max(copies, key=_learned_order))
    return message.model_copy(update=update | {"by_number": message.by_number})


def _status_of(message: Message, copy: Message) -> dict[str, object]:
    """Return the status of the newest copy where it knows more: an end, or anything against nothing."""
    over = copy.status in _ENDED and message.status not in (*_ENDED, Status.REOPENED)
    if copy.status in _NOT_KNOWN or not (over or message.status in _NOT_KNOWN):
        return {}
    return {"status": copy.status, "updated_at": learned_at(copy)}


def _learned_order(message: Message) -> float:
    learned = learned_at(message)
    return learned.timestamp() if learned else 0.0


def _sent_ends(evidence: Evidence) -> Iterator[datetime]:
    for step in evidence.steps:
        if step.state is OutboxState.SENT and step.outgoing.ends and step.settled_at:
            yield step.settled_at


def _told(message: Message) -> Iterator[CaseEvent]:
    for replied_at, how in ((message.first_reply_at, "public"), (message.interim_reply_at, "interim")):
        if replied_at is not None:
            yield CaseEvent(EventKind.REPLIED, replied_at, how=how)
    moments = (
        (EventKind.RECEIVED, message.created_at),
        (EventKind.DETECTED, message.detected_at),
        (EventKind.REGISTERED, message.registered_at),
        (EventKind.ANSWERED, message.answered_at),
        (EventKind.CLOSED, message.closed_at),
    )
    for kind, at in moments:
        if at is not None:
            yield CaseEvent(kind, at)
    learned = learned_at(message)
    undated = message.answered_at is None and message.closed_at is None
    if undated and learned and message.status in _ENDED:  # it is over, and that is all we know
        yield CaseEvent(EventKind.CLOSED, learned)


def _reopened(evidence: Evidence, zone: tzinfo) -> Iterator[CaseEvent]:
    """Yield that a message was reopened: when we learned of it, or at the end it tells if that came later."""
    message = evidence.message
    learned = learned_at(message)
    if message.status is not Status.REOPENED or learned is None:
        return
    ends = [at for at in (message.answered_at, message.closed_at) if at is not None]
    at = max([learned, *ends], key=lambda end: _seconds(end, time(), zone))
    yield CaseEvent(EventKind.REOPENED, at)
    if message.due_at is not None and _seconds(message.due_at, _LAST_SECOND, zone) >= _seconds(
        at, time(), zone
    ):
        yield CaseEvent(EventKind.DUE_SET, at, due=message.due_at, source=message.channel)


def _dates_told(evidence: Evidence, zone: tzinfo) -> Iterator[CaseEvent]:
    message = evidence.message
    known = message.due_at
    appeared = appeared_at(message)
    if known is not None and appeared is not None:
        yield CaseEvent(EventKind.DUE_SET, appeared, due=known, source=message.channel)
    for copy in sorted(evidence.copies, key=_learned_order):
        learned = learned_at(copy)
        if copy.due_at is not None and learned and not _same_date(known, copy.due_at, zone):
            known = copy.due_at
            yield CaseEvent(EventKind.DUE_SET, learned, due=known, source=message.channel)


def _same_date(one: MomentOrDate | None, other: MomentOrDate, zone: tzinfo) -> bool:
    """Tell whether two dates agree as far as both are precise: a register drops the time."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one == other
    return one is not None and _date_of(one, zone) == _date_of(other, zone)


def _date_of(when: datetime | date, zone: tzinfo) -> date:
    return when.astimezone(zone).date() if isinstance(when, datetime) else when


def _done(evidence: Evidence, dates: Sequence[CaseEvent], zone: tzinfo) -> Iterator[CaseEvent]:
    told = list(dates)
    for step in evidence.steps:
        at, said = step.settled_at, step.outgoing
        if step.state is not OutboxState.SENT or at is None:
            continue
        if said.kind is OutgoingKind.TAKE:
            yield CaseEvent(EventKind.SENT_TO_EXECUTOR, at)
        elif said.kind is OutgoingKind.ANSWER:
            yield CaseEvent(EventKind.ANSWERED, at)
        elif said.kind is OutgoingKind.FORWARD:
            to = said.routed_to.name if said.routed_to and said.routed_to.name else ""
            yield CaseEvent(EventKind.TRANSFERRED, at, whole=True, reason=to)
        elif said.kind is OutgoingKind.EXTEND and said.postponed_until:
            until = said.postponed_until.astimezone(zone)
            yield CaseEvent(EventKind.EXTENDED, at, until=until.date(), noticed_at=at, reason=said.text)
            before = [event for event in told if _seconds(event.at, time(), zone) <= at.timestamp()]
            before.sort(key=lambda event: _seconds(event.at, time(), zone))
            due = before[-1].due if before else None
            last = _seconds(due, _LAST_SECOND, zone) if due is not None else 0.0
            if at.timestamp() <= last < until.timestamp():  # no breach is cured, and no term made shorter
                told.append(CaseEvent(EventKind.DUE_SET, at, due=until, source=evidence.message.channel))
                yield told[-1]


def _seconds(when: datetime | date, clock: time, zone: tzinfo) -> float:
    """Return the seconds of *when* since the epoch, of a bare date at that time of day."""
    moment = when if isinstance(when, datetime) else datetime.combine(when, clock, zone)
    return moment.timestamp()
