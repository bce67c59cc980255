"""One appeal at a time: a phone call, a visit to the reception, a letter handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from itertools import count
from typing import Literal, TypeAlias

from mcu_sdk.channels.register.identity import CHANNEL, journal_id
from mcu_sdk.errors import UsageError
from mcu_sdk.model import ApplicantKind, Author, Kind, Message, Regime, Status, Topic
from mcu_sdk.text import clean_text

__all__ = ["Way", "appeal_added"]

Way: TypeAlias = Literal["phone", "reception", "letter"]
"""How an appeal reached the municipality."""

_LETTERS: dict[Way, str] = {"phone": "Т", "reception": "П", "letter": "О"}


def appeal_added(
    *,
    account: str,
    way: Way,
    text: str,
    registered: datetime,
    received: datetime | date | None = None,
    number: str | None = None,
    taken: Callable[[str], bool] = lambda _: False,
    zone: tzinfo,
    regime: Regime | None = None,
    author: Author = Author(),  # noqa: B008  # frozen
    topic: str | None = None,
) -> Message:
    """Return the message of an appeal that somebody took down, registered at that moment.

    It has the id that the same number would have in a journal file of the account. Without a *number*
    it gets one of the way's letter, the date in *zone* and the next free sequence, passing over the
    ids that are *taken*. A phone call is a message and the rest an appeal under 59-FZ, unless *regime* says
    otherwise. Raises UsageError for an empty text, a number that is taken, or a receipt after the
    registration.

    >>> from datetime import UTC
    >>> now = datetime(2026, 1, 12, 9, tzinfo=UTC)
    >>> appeal_added(account="journal", way="phone", text="Яма", registered=now, zone=UTC).number
    'Т-20260112-1'
    """
    words = clean_text(text)
    if not words:
        raise UsageError("register.no_text", "the appeal has no text", "say what it is about")
    local = registered.astimezone(zone)
    arrived = received if received is not None else local
    _refuse_future(arrived, local)
    number = " ".join((number or "").split()) or _next_number(way, local, zone, taken)
    external_id = journal_id(number, local, zone)
    if taken(external_id):
        raise UsageError(
            "register.number_taken",
            f"the number {number} of {local.year} is taken",
            "give another one",
            number=number,
            year=local.year,
        )
    regime = regime or (Regime.MESSAGE if way == "phone" else Regime.LAW_59)
    return Message(
        channel=CHANNEL,
        account=account,
        external_id=external_id,
        number=number,
        registration_number=number,
        kind=Kind.MESSAGE if regime is Regime.MESSAGE else Kind.APPEAL,
        regime=regime,
        created_at=arrived,
        registered_at=local,
        text=words,
        topic=Topic(topic=topic, scheme=CHANNEL),
        author=author.model_copy(update={"collective": author.kind is ApplicantKind.COLLECTIVE}),
        status=Status.ACCEPTED,
        tags=(way,),
        profile="register.added/1",
    )


def _next_number(way: Way, local: datetime, zone: tzinfo, taken: Callable[[str], bool]) -> str:
    begins = f"{_LETTERS[way]}-{local:%Y%m%d}-"
    return next(
        number
        for number in (f"{begins}{sequence}" for sequence in count(1))
        if not taken(journal_id(number, local, zone))
    )


def _refuse_future(arrived: datetime | date, registered: datetime) -> None:
    later = arrived > registered if isinstance(arrived, datetime) else arrived > registered.date()
    if later:
        raise UsageError(
            "register.received_later",
            "it was received after its registration",
            "check the date of receipt",
        )
