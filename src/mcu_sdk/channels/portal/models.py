"""The portal's own shapes: fields as they are named on the wire, unknown ones kept."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Self, TypedDict

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, PlainSerializer
from pydantic.alias_generators import to_camel

from mcu_sdk.model import Moment, Person
from mcu_sdk.model.record import Record

__all__ = [
    "AnswerType",
    "Applicant",
    "DownloadedFile",
    "Listing",
    "PortalMessage",
    "RawListing",
    "StatusReport",
    "StoredFile",
    "TokenReply",
    "WriteReceipt",
]


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a date and time outside the years 1 to 9999") from None


def _on_the_wire(moment: datetime) -> str:
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


UtcMoment = Annotated[Moment, AfterValidator(_in_utc)]
"""An aware moment, in true UTC whatever its offset was."""

SentMoment = Annotated[UtcMoment, PlainSerializer(_on_the_wire, return_type=str, when_used="json")]
"""The same, written in whole seconds with a Z."""


class PortalModel(BaseModel):
    """The ground of the wire models: frozen, unknown fields kept, `repr` without contents."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True
    )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __str__(self) -> str:
        return repr(self)


class TokenReply(PortalModel):
    """The answer to a request for a token; its OAuth names are not camel case."""

    access_token: str = Field(alias="access_token")


class Applicant(PortalModel):
    """The resident who filed the message."""

    surname: str | None = None
    name: str | None = None
    patronymic: str | None = None
    email: str | None = None
    phone: str | None = None
    post_address: str | None = None
    send_with_russia_post: bool | None = None


class PortalMessage(PortalModel):
    """One message of the queue. `answer_at` is the portal's own due moment."""

    id: int
    description: str | None = None
    reg_number: str | None = None
    reg_number_set_at: UtcMoment | None = None
    created_at: UtcMoment | None = None
    answer_at: UtcMoment | None = None
    fast_track: bool | None = None
    shared: bool | None = None
    subject_id: int | str | None = None
    subject_name: str | None = None
    subsubject_id: int | str | None = None
    subsubject_name: str | None = None
    fact_id: int | str | None = None
    fact_name: str | None = None
    opa_id: int | str | None = None
    opa_name: str | None = None
    region_id: int | str | None = None
    region_name: str | None = None
    address: str | None = None
    coordinates: str | None = None
    location_address: dict[str, JsonValue] | None = None
    applicant: Applicant | None = None
    co_applicants: tuple[Applicant, ...] | None = None
    attachments: tuple[JsonValue, ...] | None = None
    custom_field_values: tuple[JsonValue, ...] | None = None

    def __repr__(self) -> str:
        return f"PortalMessage(id={self.id}, reg_number={self.reg_number!r})"


class Listing(PortalModel):
    """A page of the queue, as a Spring service writes it."""

    content: tuple[PortalMessage, ...]
    number: int = 0
    size: int | None = None
    last: bool | None = None
    total_pages: int | None = None
    total_elements: int | None = None


class RawListing(PortalModel):
    """The same page with its items unread."""

    content: tuple[JsonValue, ...]
    number: int = 0
    size: int | None = None
    last: bool | None = None
    total_pages: int | None = None
    total_elements: int | None = None


class AnswerType(StrEnum):
    """What a final answer came to, in the portal's words."""

    SOLVED = "SOLVED"
    NOT_SOLVED = "NOT_SOLVED"
    FORWARDED = "FORWARDED"
    REJECTED = "REJECTED"
    POSTPONED = "POSTPONED"


TAKEN_WORDS = ("В работе", "Обращение принято в работу")
ANSWERED_WORDS = ("Закрыто", "Обращение рассмотрено")


class StatusReport(Record):
    """What the organisation reports on a message. Fields left out are not sent; an unknown one is refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    status: str
    status_text: str | None = None
    answer: bool = False
    answer_text: str | None = None
    appeal_answer_type: AnswerType | None = None
    appeal_issue_type: str | None = None
    attachment_ids: tuple[int | str, ...] | None = None
    comment: str | None = None
    executor_info: Person | None = None
    manager_info: Person | None = None
    outgoing_number: str | None = None
    outgoing_number_set_at: SentMoment | None = None
    notify_applicant: bool | None = None
    postponed_date: SentMoment | None = None
    reassignment_info: JsonValue = None
    opa_id: int | str | None = None
    opa_name: str | None = None
    reg_number: str | None = None
    reg_number_set_at: SentMoment | None = None

    _shown = ("answer", "appeal_answer_type")

    @classmethod
    def taken(cls, message: PortalMessage, *, executor: Person, manager: Person) -> Self:
        """Return the report that *message* is taken to work, in the words observed for it."""
        status, status_text = TAKEN_WORDS
        return cls(
            status=status,
            status_text=status_text,
            executor_info=executor,
            manager_info=manager,
            **_identity_of(message),
        )

    @classmethod
    def answered(
        cls,
        message: PortalMessage,
        text: str,
        kind: AnswerType,
        *,
        executor: Person,
        manager: Person,
        outgoing_number: str | None = None,
        outgoing_at: datetime | None = None,
        attachment_ids: tuple[int | str, ...] | None = None,
    ) -> Self:
        """Return the report that *message* is answered with *text*, in the words observed for it.

        The observed system always sent at least one file and the outgoing number and date.
        """
        status, status_text = ANSWERED_WORDS
        return cls(
            status=status,
            status_text=status_text,
            answer=True,
            answer_text=text,
            appeal_answer_type=kind,
            executor_info=executor,
            manager_info=manager,
            outgoing_number=outgoing_number,
            outgoing_number_set_at=outgoing_at,
            attachment_ids=attachment_ids,
            **_identity_of(message),
        )


class _Identity(TypedDict):
    opa_id: int | str | None
    opa_name: str | None
    reg_number: str | None
    reg_number_set_at: datetime | None


def _identity_of(message: PortalMessage) -> _Identity:
    return {
        "opa_id": message.opa_id,
        "opa_name": message.opa_name,
        "reg_number": message.reg_number,
        "reg_number_set_at": message.reg_number_set_at,
    }


class StoredFile(PortalModel):
    """A file on the portal; `id` goes to `StatusReport.attachment_ids`."""

    id: int | str
    name: str | None = None
    size: int | None = None
    content_type: str | None = None

    def __repr__(self) -> str:
        return f"StoredFile(id={self.id!r}, size={self.size})"


class DownloadedFile(PortalModel):
    """A file of a message, whole."""

    content: bytes
    name: str | None = None
    content_type: str | None = None


class WriteReceipt(PortalModel):
    """What became of a write. `sent` is false in a dry run: nothing left this machine."""

    sent: bool
    request: str

    def __repr__(self) -> str:
        return f"WriteReceipt(sent={self.sent}, request={self.request!r})"
