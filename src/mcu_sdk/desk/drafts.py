"""A specialist's step as a draft in the outbox: put once, whatever is pressed twice."""

from __future__ import annotations

from datetime import datetime

from mcu_sdk.errors import UsageError
from mcu_sdk.intake import Outbox, OutboxEntry, OutboxState
from mcu_sdk.intake.store import alone_of
from mcu_sdk.model import Message, Outgoing, OutgoingKind

__all__ = ["draft", "put_once"]

_NOT_SAID = {
    *("key", "created_at", "executor", "manager", "outgoing_at"),
    *("organisation", "registration_number", "registered_at"),
}
_GIVEN_UP = (OutboxState.FAILED, OutboxState.CANCELLED)


def draft(message: Message, kind: OutgoingKind, now: datetime, **fields: object) -> Outgoing:
    """Return a step on *message* that has no key yet. Raises UsageError where none can be sent."""
    if message.by_number:
        raise UsageError(
            "desk.known_by_number",
            f"message {message.number!r} is known from a file alone, so nothing can be sent on it",
            "do it in the system the file comes from",
            number=message.number or "-",
        )
    return Outgoing.model_validate(
        {
            "key": "",
            "channel": message.channel,
            "account": message.account,
            "external_id": message.external_id,
            "kind": kind,
            "registration_number": message.registration_number,
            "registered_at": message.registered_at if isinstance(message.registered_at, datetime) else None,
            "organisation": message.organisation,
            "created_at": now,
            **fields,
        }
    )


def put_once(
    outbox: Outbox, step: Outgoing, *, by: str, now: datetime, again: bool = False, over: bool = False
) -> OutboxEntry:
    """Put *step* and return its entry; the entry that is there when it was put before.

    Two steps are the same when they say the same, whoever signs. Raises UsageError for another step
    of the kind that is not sent yet, and unless *again* for a second answer or forwarding, also where
    the message is *over* on the far side.
    """
    with outbox.store.transaction(alone_of(step.channel, step.account)):
        before = outbox.entries_on(step.channel, step.account, step.external_id)
        for entry in before:
            if entry.state in _GIVEN_UP:
                continue
            if _said(entry.outgoing) == _said(step) and not (again and entry.state is OutboxState.SENT):
                return entry
            _refuse_second(step, entry, again=again)
        if over and step.ends and not again:
            raise UsageError(
                "desk.ended_there",
                "this message was answered or closed on the far side already",
                "say that it is meant again",
            )
        key = "/".join((step.channel, step.account, step.external_id, str(len(before) + 1)))
        return outbox.put(step.model_copy(update={"key": key}), by=by, now=now)


def _refuse_second(step: Outgoing, entry: OutboxEntry, *, again: bool) -> None:
    if entry.outgoing.kind is not step.kind and not (step.ends and entry.outgoing.ends):
        return
    if entry.state is not OutboxState.SENT:
        raise UsageError(
            "desk.step_open",
            f"another step on this message is still in the outbox: {entry.key!r}",
            "send it, settle it or cancel it first",
            key=entry.key,
        )
    if step.ends and not again:
        raise UsageError(
            "desk.ended",
            f"this message was answered or forwarded already by {entry.key!r}",
            "say that it is meant again",
            key=entry.key,
        )


def _said(step: Outgoing) -> str:
    """What the step says to the resident, whoever signs it, whenever, and whatever else we learned since."""
    return step.model_dump_json(exclude=_NOT_SAID, exclude_defaults=True)
