"""One specialist's desk: find a message, see why it burns, put the next step into the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from mcu_sdk.desk.cases import Evidence, ended_at, gathered
from mcu_sdk.desk.drafts import draft, put_once
from mcu_sdk.desk.items import WorkItem
from mcu_sdk.desk.signing import NOBODY, Signers
from mcu_sdk.desk.worklist import Session, worklist
from mcu_sdk.errors import UsageError
from mcu_sdk.intake import Inbox, Outbox, OutboxEntry
from mcu_sdk.model import Attachment, Kind, Message, Organisation, Outcome, OutgoingKind
from mcu_sdk.municipality import Municipality
from mcu_sdk.text import Finding, check_answer

__all__ = ["AnswerBlocked", "Desk", "Drafted"]

_PUBLIC = (Kind.COMMENT, Kind.INCIDENT)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A step in the outbox, and what the answer guard warned of."""

    entry: OutboxEntry
    findings: tuple[Finding, ...] = field(default=(), repr=False)


class AnswerBlocked(UsageError):
    """The guard does not let an answer go; `findings` are all it found, each with its place in the text."""

    findings: tuple[Finding, ...] = ()


class Desk:
    """The work on the messages of one inbox by the rules of one municipality.

    Every step is a draft in the inbox's own outbox; `deliver()` sends it. Putting the same step again
    changes nothing.
    """

    def __init__(self, town: Municipality, inbox: Inbox) -> None:
        self.town = town
        self.inbox = inbox
        self.outbox = Outbox(inbox.store, two_persons=town.two_persons)

    def worklist(self, now: datetime) -> list[WorkItem]:
        """Return the open messages, what burns first on top; see `worklist`."""
        return worklist(self.inbox, self.town, now)

    def item(self, number: str, now: datetime) -> WorkItem:
        """Return one message, finished or not, by its number, registration number or far id.

        Raises UsageError where none has it, or more than one.
        """
        return Session(self.town, now).judged(self._evidence(number))

    def take(
        self,
        number: str,
        *,
        by: str,
        now: datetime,
        signers: Signers = NOBODY,
        again: bool = False,
    ) -> Drafted:
        """Put down that the message is taken to work; *again* for a change of executor."""
        message = self._evidence(number).message
        return self._put(message, OutgoingKind.TAKE, by=by, now=now, signers=signers, again=again)

    def answer(
        self,
        number: str,
        text: str,
        *,
        by: str,
        now: datetime,
        outcome: Outcome | None = None,
        signers: Signers = NOBODY,
        outgoing_number: str | None = None,
        outgoing_at: datetime | None = None,
        attachments: Sequence[Attachment] = (),
        again: bool = False,
    ) -> Drafted:
        """Put down an answer after the guard has read it.

        Raises AnswerBlocked, which holds the findings, when the municipality's rules for answers
        forbid it; nothing is put then.
        """
        message = self._evidence(number).message
        findings = check_answer(
            text,
            public=message.kind in _PUBLIC,
            channel=message.channel,
            rules=self.town.answer_rules,
        )
        blocking = sum(finding.level == "block" for finding in findings)
        if blocking:
            blocked = AnswerBlocked(
                "desk.answer_blocked",
                f"the answer did not pass the guard, findings that block: {blocking}",
                "mend the text",
                count=blocking,
            )
            blocked.findings = findings
            raise blocked
        drafted = self._put(
            message,
            OutgoingKind.ANSWER,
            by=by,
            now=now,
            again=again,
            text=text,
            outcome=outcome,
            signers=signers,
            outgoing_number=outgoing_number,
            outgoing_at=outgoing_at,
            attachments=tuple(attachments),
        )
        return Drafted(drafted.entry, findings)

    def extend(
        self,
        number: str,
        until: date,
        reason: str,
        *,
        by: str,
        now: datetime,
        signers: Signers = NOBODY,
    ) -> Drafted:
        """Put down that the term is extended until the end of the civil date *until*, with the reason.

        The notice counts from the moment it is sent: one that goes after the due moment cures nothing.
        Raises UsageError for a date that is not ahead, or without a reason.
        """
        last = datetime.combine(until, time(23, 59, 59), self.town.zone)
        if last.timestamp() <= now.timestamp():
            raise UsageError("desk.extension_past", "the new date is not ahead", "name a later date")
        self._said_why(reason)
        message = self._evidence(number).message
        return self._put(
            message, OutgoingKind.EXTEND, by=by, now=now, signers=signers, text=reason, postponed_until=last
        )

    def forward(
        self,
        number: str,
        to: str,
        note: str,
        *,
        by: str,
        now: datetime,
        complained_of: Collection[str] = (),
        signers: Signers = NOBODY,
        again: bool = False,
    ) -> Drafted:
        """Put down that the message goes whole to the body *to*, with a note to the resident.

        *to* is a key of the profile. A complaint never goes to the body complained of: *complained_of*
        names such bodies, and those that the text complains of by name are known. Raises UsageError for
        them and for an unknown key.
        """
        self._said_why(note)
        message = self._evidence(number).message
        if self.town.routing.barred(to, message, complained_of):
            raise UsageError(
                "desk.complained_of",
                f"message {number!r} complains of the body {to!r} itself",
                "forward it to the body above",
                number=number,
                body=to,
            )
        body = self.town.routing.bodies[to]
        return self._put(
            message,
            OutgoingKind.FORWARD,
            by=by,
            now=now,
            again=again,
            text=note,
            signers=signers,
            routed_to=Organisation(external_id=body.key, name=body.title),
        )

    def _put(
        self,
        message: Message,
        kind: OutgoingKind,
        *,
        by: str,
        now: datetime,
        signers: Signers,
        again: bool = False,
        **fields: object,
    ) -> Drafted:
        people = {"executor": signers.executor, "manager": signers.manager}
        step = draft(message, kind, now, **people, **fields)
        ended = ended_at(message, self.town.calendars.get("office"))
        over = ended is not None and ended <= now.timestamp()
        return Drafted(put_once(self.outbox, step, by=by, now=now, again=again, over=over))

    def _evidence(self, number: str) -> Evidence:
        named = {message.key: message for message in self.inbox.called(number)}
        for message in tuple(named.values()):
            if message.number:  # its rows in register files
                named |= {other.key: other for other in self.inbox.called(message.number)}
        found = [one for one in gathered(named.values()) if number in _names_of(one.message)]
        if len(found) == 1:
            message = found[0].message
            return Evidence(message, found[0].copies, self.outbox.entries_on(*message.key))
        if found:
            raise UsageError(
                "desk.many",
                f"{len(found)} messages are called {number!r}",
                "use the id of the far system",
                number=number,
                count=len(found),
            )
        raise UsageError(
            "desk.no_message", f"no message is called {number!r}", "see the worklist", number=number
        )

    def _said_why(self, reason: str) -> None:
        if not reason.strip():
            raise UsageError("desk.no_reason", "the resident is not told why", "write the reason")


def _names_of(message: Message) -> tuple[str | None, ...]:
    return message.number, message.registration_number, message.external_id
