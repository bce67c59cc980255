"""What all channels agree on: a resident's message and everything that belongs to it."""

from __future__ import annotations

from mcu_sdk.model.batch import Batch, Reject
from mcu_sdk.model.message import Answer, Attachment, HistoryEntry, Message, Organisation, Topic
from mcu_sdk.model.outgoing import Outgoing
from mcu_sdk.model.person import Author, Person
from mcu_sdk.model.place import Place
from mcu_sdk.model.record import Moment, MomentOrDate
from mcu_sdk.model.sender import AsyncSender, Presence, Receipt, Sender
from mcu_sdk.model.source import AsyncSource, Source
from mcu_sdk.model.words import AnswerKind, ApplicantKind, Kind, Outcome, OutgoingKind, Regime, Status

__all__ = [
    "Answer",
    "AnswerKind",
    "ApplicantKind",
    "AsyncSender",
    "AsyncSource",
    "Attachment",
    "Author",
    "Batch",
    "HistoryEntry",
    "Kind",
    "Message",
    "Moment",
    "MomentOrDate",
    "Organisation",
    "Outcome",
    "Outgoing",
    "OutgoingKind",
    "Person",
    "Place",
    "Presence",
    "Receipt",
    "Regime",
    "Reject",
    "Sender",
    "Source",
    "Status",
    "Topic",
]
