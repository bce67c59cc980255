"""From a message to a case: its facts for the policy and what has happened to it."""

from __future__ import annotations

from collections.abc import Iterator

from mcu_sdk.model import Message
from mcu_sdk.sla import Case, CaseEvent, EventKind

__all__ = ["case_of"]


def case_of(message: Message, oktmo: str) -> Case:
    """Return the case of *message* in the municipality of that code.

    The far system's own date becomes a `due_set` event by the channel, at the moment the message
    appeared.
    """
    facts = {
        "kind": message.kind.value,
        "regime": message.regime.value,
        "channel": message.channel,
        "topic": message.topic.topic or message.topic.group,
        "priority": message.priority,
        "fast_track": message.fast_track,
        "applicant_kind": "collective" if message.author.collective else message.author.kind.value,
        "municipality": oktmo,
    }
    return Case("/".join(message.key), facts, tuple(_events(message)))


def _events(message: Message) -> Iterator[CaseEvent]:
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
    appeared_at = message.created_at or message.registered_at or message.received_at
    if message.due_at is not None and appeared_at is not None:
        yield CaseEvent(EventKind.DUE_SET, appeared_at, due=message.due_at, source=message.channel)
