"""The desk: messages joined with their deadlines, who must act, and the next step."""

from __future__ import annotations

from mcu_sdk.desk.columns import about, addressee, facts, who_acts
from mcu_sdk.desk.desk import AnswerBlocked, Desk, Drafted
from mcu_sdk.desk.disagreements import Disagreement, DisagreementKind, disagreements
from mcu_sdk.desk.escalation import Notice, notices
from mcu_sdk.desk.items import Standing, WorkItem
from mcu_sdk.desk.page import worklist_page
from mcu_sdk.desk.signing import Signers, person_named, signers_of
from mcu_sdk.desk.spans import span_text
from mcu_sdk.desk.worklist import worklist

__all__ = [
    "AnswerBlocked",
    "Desk",
    "Disagreement",
    "DisagreementKind",
    "Drafted",
    "Notice",
    "Signers",
    "Standing",
    "WorkItem",
    "about",
    "addressee",
    "disagreements",
    "facts",
    "notices",
    "person_named",
    "signers_of",
    "span_text",
    "who_acts",
    "worklist",
    "worklist_page",
]
