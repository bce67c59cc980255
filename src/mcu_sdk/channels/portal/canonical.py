"""From the portal's shape to the one all channels share."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue, TypeAdapter

from mcu_sdk.channels.portal.interface import interface_version
from mcu_sdk.channels.portal.models import Applicant, PortalMessage
from mcu_sdk.model import Attachment, Author, Batch, Message, Organisation, Person, Place, Reject, Topic
from mcu_sdk.text import clean_text
from mcu_sdk.wire import Page, UnreadItem, parse_items

__all__ = ["CHANNEL", "batch_of", "message_of", "read_again"]

CHANNEL = "portal"
_MESSAGE = TypeAdapter(PortalMessage)


def batch_of(page: Page[PortalMessage], account: str) -> Batch:
    """Return *page* as a batch of *account*; an item without a form of its own becomes a reject."""
    return Batch(
        channel=CHANNEL,
        account=account,
        items=tuple(message_of(item, account) for item in page.items),
        rejects=tuple(_reject_of(item) for item in page.unread),
    )


def read_again(raw: JsonValue, account: str) -> Message | Reject:
    """Return what an item that was put aside reads as by now."""
    items, unread = parse_items((raw,), _MESSAGE)
    return message_of(items[0], account) if items else _reject_of(unread[0])


def message_of(portal_message: PortalMessage, account: str) -> Message:
    """Return the message with its text cleaned; the whole original stays in `raw`."""
    applicant = portal_message.applicant or Applicant()
    return Message(
        channel=CHANNEL,
        account=account,
        external_id=str(portal_message.id),
        number=portal_message.reg_number or str(portal_message.id),
        registration_number=portal_message.reg_number,
        registered_at=portal_message.reg_number_set_at,
        created_at=portal_message.created_at,
        due_at=portal_message.answer_at,
        fast_track=bool(portal_message.fast_track),
        text=clean_text(portal_message.description or ""),
        topic=Topic(
            group=portal_message.subject_name,
            topic=portal_message.subsubject_name,
            fact=portal_message.fact_name,
            scheme="portal",
        ),
        place=_place_of(portal_message),
        author=_author_of(applicant, portal_message),
        organisation=Organisation(external_id=_text(portal_message.opa_id), name=portal_message.opa_name),
        attachments=tuple(_attachments_of(portal_message.attachments or ())),
        profile=f"{CHANNEL}/{interface_version()}",
        raw=portal_message.model_dump(mode="json", by_alias=True, exclude_unset=True),
    )


def _author_of(applicant: Applicant, portal_message: PortalMessage) -> Author:
    names = (applicant.surname, applicant.name, applicant.patronymic)
    return Author(
        display_name=" ".join(name for name in names if name) or None,
        surname=applicant.surname,
        name=applicant.name,
        patronymic=applicant.patronymic,
        email=applicant.email,
        phone=applicant.phone,
        postal_address=applicant.post_address,
        collective=bool(portal_message.shared),
        co_authors=tuple(
            Person(
                surname=other.surname,
                name=other.name,
                patronymic=other.patronymic,
                email=other.email,
                phone=other.phone,
            )
            for other in portal_message.co_applicants or ()
        ),
    )


def _place_of(portal_message: PortalMessage) -> Place:
    where = portal_message.location_address or {}
    return Place(
        region=portal_message.region_name,
        oktmo=_text(where.get("oktmo")),
        settlement=_first_text(where, "settlementWithType", "settlement", "cityWithType", "city"),
        street=_first_text(where, "streetWithType", "street"),
        house=_text(where.get("house")),
        flat=_text(where.get("flat")),
        address=portal_message.address,
        latitude_degrees=_degrees(where.get("geoLat")),
        longitude_degrees=_degrees(where.get("geoLon")),
    )


def _attachments_of(items: Sequence[JsonValue]) -> Iterator[Attachment]:
    for item in items:
        if isinstance(item, str):
            yield Attachment(url=item)
        elif isinstance(item, dict):
            yield Attachment(
                external_id=_text(item.get("id")), url=_text(item.get("url")), name=_text(item.get("name"))
            )


def _first_text(where: Mapping[str, JsonValue], *names: str) -> str | None:
    return next((text for name in names if (text := _text(where.get(name)))), None)


def _reject_of(item: UnreadItem) -> Reject:
    external_id = item.raw.get("id") if isinstance(item.raw, dict) else None
    return Reject(reason=item.reason, external_id=_text(external_id), raw=item.raw)


def _text(value: JsonValue) -> str | None:
    return (
        str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None
    )


def _degrees(value: JsonValue) -> float | None:
    try:
        degrees = math.nan if isinstance(value, bool | list | dict | None) else float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) else None
