"""From the step all channels share to the portal's status report."""

from __future__ import annotations

from mcu_sdk.channels.portal.canonical import CHANNEL
from mcu_sdk.channels.portal.models import ANSWERED_WORDS, TAKEN_WORDS, AnswerType, StatusReport
from mcu_sdk.errors import CapabilityMissing, UsageError
from mcu_sdk.model import Organisation, Outcome, Outgoing, OutgoingKind

__all__ = ["report_of"]

_ANSWER_TYPES = {
    Outcome.SOLVED: AnswerType.SOLVED,
    Outcome.NOT_SOLVED: AnswerType.NOT_SOLVED,
    Outcome.FORWARDED: AnswerType.FORWARDED,
    Outcome.REJECTED: AnswerType.REJECTED,
    Outcome.POSTPONED: AnswerType.POSTPONED,
}
_OF_ANSWERS = (
    "text",
    "outcome",
    "outgoing_number",
    "outgoing_at",
    "postponed_until",
    "routed_to",
    "attachments",
)


def report_of(outgoing: Outgoing, account: str) -> StatusReport:
    """Return the report that says *outgoing*, in the words observed for it.

    Raises CapabilityMissing, which names what the observed interface has no place for, and UsageError
    for a step of another account.
    """
    if (outgoing.channel, outgoing.account) != (CHANNEL, account):
        raise UsageError(
            "portal.other_account",
            f"the step {outgoing.key!r} is for another account",
            "send it by its own client",
            key=outgoing.key,
        )
    if outgoing.kind not in _REPORTS:
        raise _not_expressible(f"kind {outgoing.kind.value}")
    return _REPORTS[outgoing.kind](outgoing)


def _taken(outgoing: Outgoing) -> StatusReport:
    for name in _OF_ANSWERS:
        if getattr(outgoing, name):
            raise _not_expressible(f"{name} of kind take")
    return _report(outgoing, TAKEN_WORDS)


def _answered(outgoing: Outgoing) -> StatusReport:
    if outgoing.outcome is not None and outgoing.outcome not in _ANSWER_TYPES:
        raise _not_expressible(f"outcome {outgoing.outcome.value}")
    answer_type = None if outgoing.outcome is None else _ANSWER_TYPES[outgoing.outcome]
    return _report(outgoing, ANSWERED_WORDS, answer_type, answer=True)


def _extended(outgoing: Outgoing) -> StatusReport:
    """The answer type is observed; that the words of taking to work go with it is inferred."""
    if outgoing.postponed_until is None:
        raise _not_expressible("an extension without its new date")
    return _report(outgoing, TAKEN_WORDS, AnswerType.POSTPONED, answer=True)


def _forwarded(outgoing: Outgoing) -> StatusReport:
    """The form of reassignmentInfo was not observed: the body forwarded to stands in the text alone."""
    return _report(outgoing, ANSWERED_WORDS, AnswerType.FORWARDED, answer=True)


def _report(
    outgoing: Outgoing, words: tuple[str, str], answer_type: AnswerType | None = None, *, answer: bool = False
) -> StatusReport:
    ids = tuple(attachment.external_id for attachment in outgoing.attachments)
    if None in ids:
        raise _not_expressible("an attachment that is not stored on the portal")
    status, status_text = words
    organisation = outgoing.organisation or Organisation()
    return StatusReport(
        status=status,
        status_text=status_text,
        answer=answer,
        answer_text=outgoing.text if answer else None,
        appeal_answer_type=answer_type,
        executor_info=outgoing.executor,
        manager_info=outgoing.manager,
        outgoing_number=outgoing.outgoing_number,
        outgoing_number_set_at=outgoing.outgoing_at,
        postponed_date=outgoing.postponed_until,
        attachment_ids=tuple(one for one in ids if one is not None) or None,
        opa_id=organisation.external_id,
        opa_name=organisation.name,
        reg_number=outgoing.registration_number,
        reg_number_set_at=outgoing.registered_at,
    )


_REPORTS = {
    OutgoingKind.TAKE: _taken,
    OutgoingKind.ANSWER: _answered,
    OutgoingKind.EXTEND: _extended,
    OutgoingKind.FORWARD: _forwarded,
}


def _not_expressible(what: str) -> CapabilityMissing:
    return CapabilityMissing(
        "portal.not_expressible",
        f"the observed interface of the portal cannot say: {what}",
        "do it on the portal by hand",
        what=what,
    )
