"""What we want to say, in the portal's words, as far as these were observed."""

from __future__ import annotations

from mcu_sdk.channels.portal.models import AnswerType, StatusReport
from mcu_sdk.errors import CapabilityMissing
from mcu_sdk.model import Outcome, Outgoing, OutgoingKind, Person

__all__ = ["report_of"]

_ANSWERS = {
    Outcome.SOLVED: AnswerType.SOLVED,
    Outcome.NOT_SOLVED: AnswerType.NOT_SOLVED,
    Outcome.FORWARDED: AnswerType.FORWARDED,
    Outcome.REJECTED: AnswerType.REJECTED,
    Outcome.POSTPONED: AnswerType.POSTPONED,
}


def report_of(outgoing: Outgoing) -> StatusReport:
    """Return the report that says *outgoing*. Raises CapabilityMissing for what has no observed words.

    Files are named by the `external_id` that the upload gave them.
    """
    executor, manager = _named(outgoing.executor, "executor"), _named(outgoing.manager, "manager")
    if outgoing.kind is OutgoingKind.TAKE:
        return StatusReport.taken(None, executor=executor, manager=manager)
    if outgoing.kind is not OutgoingKind.ANSWER:
        raise _not_expressible(f"the step {outgoing.kind.value}")
    if outgoing.outcome is None or outgoing.outcome not in _ANSWERS:
        raise _not_expressible(f"the outcome {outgoing.outcome.value if outgoing.outcome else 'none'}")
    file_ids = tuple(attachment.external_id or "" for attachment in outgoing.attachments)
    if not all(file_ids):
        raise _not_expressible("a file that was not uploaded")
    report = StatusReport.answered(
        None,
        outgoing.text,
        _ANSWERS[outgoing.outcome],
        executor=executor,
        manager=manager,
        outgoing_number=outgoing.outgoing_number,
        outgoing_at=outgoing.outgoing_at,
        attachment_ids=file_ids or None,
    )
    return report.model_copy(update={"postponed_date": outgoing.postponed_until})


def _named(person: Person | None, role: str) -> Person:
    if person is None:
        raise _not_expressible(f"a step without its {role}")
    return person


def _not_expressible(what: str) -> CapabilityMissing:
    return CapabilityMissing(
        "portal.not_expressible",
        f"the portal has no observed words for {what}",
        "report it in the portal's own cabinet",
        what=what,
    )
