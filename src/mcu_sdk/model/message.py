"""A resident's message as every part of the library above the channels sees it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any, Self, cast

from pydantic import Field, JsonValue, ModelWrapValidatorHandler, model_validator

from mcu_sdk.model.person import Author, Person
from mcu_sdk.model.place import Place
from mcu_sdk.model.record import Moment, MomentOrDate, Record
from mcu_sdk.model.words import AnswerKind, Kind, Outcome, Regime, Status
from mcu_sdk.text import mask_text

__all__ = ["Answer", "Attachment", "HistoryEntry", "Message", "Organisation", "Topic"]


_CLOSED: dict[str, type[StrEnum]] = {"kind": Kind, "regime": Regime, "status": Status, "outcome": Outcome}


class Topic(Record):
    """What a message is about, from the widest word to the narrowest."""

    group: str | None = None
    topic: str | None = None
    subtopic: str | None = None
    fact: str | None = None
    scheme: str | None = None
    scheme_version: str | None = None
    code: str | None = None

    _shown = ("group", "topic", "subtopic")


class Organisation(Record):
    """The body a message lies with, as the channel knows it."""

    external_id: str | None = None
    name: str | None = None

    _shown = ("external_id", "name")


class Attachment(Record):
    """A file of a message or an answer. `url` and `name` may hold personal data."""

    external_id: str | None = None
    url: str | None = None
    name: str | None = None
    content_type: str | None = None
    size_bytes: int | None = None

    _shown = ("external_id", "content_type", "size_bytes")


class HistoryEntry(Record):
    """One step of a message's life on the far side."""

    at: Moment
    status: Status = Status.UNKNOWN
    status_raw: str | None = None
    actor: Person | None = None
    note: str | None = None

    _shown = ("at", "status", "status_raw")

    def masked(self) -> Self:
        """Return the step without its actor and note."""
        return self.model_copy(update={"actor": None, "note": None})


class Answer(Record):
    """What was answered to the resident."""

    text: str
    kind: AnswerKind = AnswerKind.FINAL
    outcome: Outcome | None = None
    outcome_raw: str | None = None
    at: Moment | None = None
    outgoing_number: str | None = None
    outgoing_at: Moment | None = None
    author: Person | None = None
    attachments: tuple[Attachment, ...] = ()

    _shown = ("kind", "outcome", "at", "outgoing_number")

    def masked(self) -> Self:
        """Return the answer without its author and files, personal data in the text masked."""
        return self.model_copy(update={"text": mask_text(self.text), "author": None, "attachments": ()})


class Message(Record):
    """One message of one resident, whatever channel it came through.

    Its identity is `(channel, account, external_id)`: `channel` names the system (`"portal"`),
    `account` our account in it, `external_id` the far system's own id. A closed word that the
    library does not know is UNKNOWN with its raw form beside it; what has no field is in `raw`.
    `profile` names the edition of the interface it was read by, as `"portal/1"`.
    `received_at` is when the store first had the message, `updated_at` when it first had this content.
    All moments are aware; those that registers give as a date without a time stay a `date`. `due_at`
    is the far system's own date, `said_late` its own word on whether that was missed. A message
    `by_number` is known from a file alone: nothing can be sent on it.
    """

    channel: str
    account: str
    external_id: str
    kind: Kind = Kind.MESSAGE
    kind_raw: str | None = None
    regime: Regime = Regime.MESSAGE
    regime_raw: str | None = None
    number: str | None = None
    registration_number: str | None = None
    url: str | None = None
    parent_id: str | None = None
    parent_url: str | None = None
    duplicate_of: str | None = None

    created_at: MomentOrDate | None = None
    detected_at: Moment | None = None
    received_at: Moment | None = None
    updated_at: Moment | None = None
    registered_at: MomentOrDate | None = None
    due_at: MomentOrDate | None = None
    first_reply_at: Moment | None = None
    interim_reply_at: Moment | None = None
    answered_at: MomentOrDate | None = None
    closed_at: MomentOrDate | None = None
    postponed_until: Moment | None = None

    text: str = ""
    topic: Topic = Topic()
    tags: tuple[str, ...] = ()
    sentiment: str | None = None
    place: Place = Place()
    author: Author = Author()
    attachments: tuple[Attachment, ...] = ()

    organisation: Organisation = Organisation()
    routed_from: Organisation | None = None
    routed_to: Organisation | None = None
    executor: Person | None = None
    manager: Person | None = None

    status: Status = Status.NEW
    status_raw: str | None = None
    status_text: str | None = None
    outcome: Outcome | None = None
    outcome_raw: str | None = None
    priority: str | None = None
    fast_track: bool = False
    extended: bool = False
    said_late: bool | None = None

    answer: Answer | None = None
    rating: int | None = Field(default=None, ge=1, le=5)
    rating_comment: str | None = None
    reopened_count: int = Field(default=0, ge=0)
    history: tuple[HistoryEntry, ...] = ()
    profile: str | None = None
    by_number: bool = False
    raw: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])

    _shown = ("channel", "account", "external_id", "number", "kind", "regime", "status", "status_raw")

    @model_validator(mode="wrap")
    @classmethod
    def _unknown_is_kept(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, dict):
            data = _with_unknown_kept(cast("dict[str, Any]", data), cls.model_fields.keys())
        return handler(data)

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> tuple[str, str, str]:
        """The identity of the message: channel, account, the far system's id."""
        return self.channel, self.account, self.external_id

    def unknown_words(self) -> tuple[str, ...]:
        """Return the words of closed lists that were not known, as `"status=Новый статус"`."""
        return tuple(
            f"{name}={getattr(self, f'{name}_raw')}" for name in _CLOSED if getattr(self, name) == "unknown"
        )

    def masked(self) -> Self:
        """Return a copy without personal data and without `raw`.

        The author is gone but for `collective`, so are employees' names, files, links and the
        address below the street; what `find_personal_data` finds inside the texts is masked.
        Names that a resident wrote into the text stay: finding them takes a language model.
        """
        return self.model_copy(
            update={
                "author": self.author.masked(),
                "place": self.place.masked(),
                "text": mask_text(self.text),
                "answer": self.answer and self.answer.masked(),
                "history": tuple(entry.masked() for entry in self.history),
                "status_text": self.status_text and mask_text(self.status_text),
                "tags": tuple(map(mask_text, self.tags)),
                "rating_comment": self.rating_comment and mask_text(self.rating_comment),
                "attachments": (),
                "executor": None,
                "manager": None,
                "url": None,
                "parent_url": None,
                "raw": {},
            }
        )


def _with_unknown_kept(fields: dict[str, Any], known: AbstractSet[str]) -> dict[str, Any]:
    """Return *fields* with what has no field in `raw`, and unknown words in their raw forms."""
    raw = fields.get("raw", {})
    unknown = {name: value for name, value in fields.items() if name not in known}
    if unknown and isinstance(raw, dict):
        fields = {name: value for name, value in fields.items() if name in known} | {"raw": raw | unknown}
    for name, words in _CLOSED.items():
        word = fields.get(name)
        if (
            isinstance(word, str)
            and words(word).value == "unknown" != word
            and fields.get(f"{name}_raw") is None
        ):
            fields = fields | {f"{name}_raw": word}
    return fields
