"""The JSON form of a message: the times the portal gives it and the people who file it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mcu_sdk.errors import NaiveMomentError, UsageError
from mcu_sdk.sandbox.answers import JsonObject
from mcu_sdk.sandbox.sample import sample

__all__ = ["aware", "message_json", "person_json", "times_json"]

DISTRICT_ZONE = ZoneInfo("Europe/Moscow")
_YEARS = range(1902, 2200)
_NAMED = ("subject", "subsubject", "fact", "opa", "region")
_BLANK: JsonObject = {
    **{f"{name}{part}": None for name in _NAMED for part in ("Id", "Name")},
    "address": None,
    "coordinates": None,
    "locationAddress": None,
}


def aware(now: datetime) -> datetime:
    """Return *now* in the district's zone.

    Raises NaiveMomentError for a datetime without a zone, UsageError for a year outside 1902-2199.
    """
    if now.utcoffset() is None:
        raise NaiveMomentError("time.naive", "the moment 'now' has no zone", "use an aware datetime")
    if now.year not in _YEARS:
        raise UsageError(
            "sandbox.now", f"the year {now.year} is too far away", "take one of 1902-2199", year=now.year
        )
    return now.astimezone(DISTRICT_ZONE)


def message_json(message_id: int, description: str, fields: JsonObject) -> JsonObject:
    """Return a message with every field the portal sends, null or empty where *fields* has none."""
    return {
        "id": message_id,
        "description": description,
        "regNumber": f"SANDBOX-{message_id}",
        **_BLANK,
        "shared": False,
        "coApplicants": [],
        "attachments": [],
        "customFieldValues": [],
        **fields,
    }


def times_json(created_at: datetime, now: datetime, *, fast_track: bool, in_utc: bool) -> JsonObject:
    """Return createdAt, regNumberSetAt and answerAt in ISO 8601, with `Z` when *in_utc*, and fastTrack.

    Registration follows the filing by three hours, at most by what has passed till *now*.
    """
    moments = {
        "createdAt": created_at,
        "regNumberSetAt": min(created_at + timedelta(hours=3), now),
        "answerAt": created_at + sample().term.of(fast_track=fast_track),
    }
    times: JsonObject = {name: _iso(moment, in_utc=in_utc) for name, moment in moments.items()}
    return times | {"fastTrack": fast_track}


def _iso(moment: datetime, *, in_utc: bool) -> str:
    if in_utc:
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return moment.isoformat(timespec="seconds")


def person_json(number: int, ordinal: str) -> JsonObject:
    """Return a placeholder for a resident, «Заявитель» and *ordinal*; *number* makes the contacts differ."""
    tail = f"{number % 10_000_000:07}"
    return {
        "surname": "Заявитель",
        "name": ordinal,
        "patronymic": None,
        "email": f"applicant-{number}@example.org",
        "phone": f"+7 000 {tail[:3]}-{tail[3:5]}-{tail[5:]}",
        "postAddress": None,
        "sendWithRussiaPost": False,
    }
