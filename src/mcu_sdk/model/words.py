"""The closed lists of the model. A word they do not know becomes UNKNOWN; its raw form stays beside it."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["AnswerKind", "ApplicantKind", "Kind", "Outcome", "OutgoingKind", "Regime", "Status"]


class _OpenWord(StrEnum):
    @classmethod
    def _missing_(cls, value: object) -> _OpenWord | None:
        return cls["UNKNOWN"] if isinstance(value, str) else None


class Kind(_OpenWord):
    """What a resident's message is."""

    MESSAGE = "message"
    APPEAL = "appeal"
    INCIDENT = "incident"
    COMMENT = "comment"
    POLL_REPLY = "poll_reply"
    UNKNOWN = "unknown"


class Regime(_OpenWord):
    """The rules a message is handled by («режим рассмотрения»); may change during a case."""

    MESSAGE = "message"
    LAW_59 = "59fz"
    LAW_8 = "8fz"
    LAW_210 = "210fz"
    MEDIA = "media"
    UNKNOWN = "unknown"


class Status(_OpenWord):
    """Where a message stands, in the words all channels share."""

    NEW = "new"
    ACCEPTED = "accepted"
    ROUTED = "routed"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    ANSWERED = "answered"
    REJECTED = "rejected"
    REOPENED = "reopened"
    UNKNOWN = "unknown"


class Outcome(_OpenWord):
    """What a finished message came to."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    EXPLAINED = "explained"
    SUPPORTED = "supported"
    SUPPORTED_ACTIONS_TAKEN = "supported_actions_taken"
    NOT_SUPPORTED = "not_supported"
    FORWARDED = "forwarded"
    REJECTED = "rejected"
    POSTPONED = "postponed"
    LEFT_WITHOUT_ANSWER = "left_without_answer"
    UNKNOWN = "unknown"


class AnswerKind(_OpenWord):
    """Whether an answer ends the matter or promises the full one."""

    FINAL = "final"
    INTERIM = "interim"
    UNKNOWN = "unknown"


class ApplicantKind(_OpenWord):
    """Who wrote: the rules may differ by it."""

    PERSON = "person"
    COLLECTIVE = "collective"
    ORGANISATION = "organisation"
    OFFICIAL = "official"
    MEDIA = "media"
    ANONYMOUS = "anonymous"
    UNKNOWN = "unknown"


class OutgoingKind(_OpenWord):
    """What we want to tell the far side."""

    TAKE = "take"
    ANSWER = "answer"
    EXTEND = "extend"
    FORWARD = "forward"
    UNKNOWN = "unknown"
