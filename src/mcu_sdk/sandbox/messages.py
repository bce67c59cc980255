"""The invented messages that ship with the sandbox, filed around any "now"."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from random import Random

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox.answers import JsonObject
from mcu_sdk.sandbox.filing import aware, message_json, person_json, times_json
from mcu_sdk.sandbox.sample import Template, sample

__all__ = ["seeded_messages"]

_FIRST_ID = 1_000_001
_OLDEST_DAYS = 45
_DAY_SECONDS = 86_400
_DAYTIME_SECONDS = (7 * 3600, 22 * 3600)


def seeded_messages(seed: int, now: datetime, count: int | None = None) -> tuple[JsonObject, ...]:
    """Return invented messages as the portal lists them, the oldest first; all 14 or *count*.

    The same *seed* and *now* give the same messages. Filing days are counted back from *now*: some
    messages are late, some due today, some new. Beyond 14 the texts repeat with other days. Raises
    NaiveMomentError for a *now* without a zone and UsageError for one outside 1902-2199 and for a
    negative *count*.

    >>> from datetime import UTC
    >>> messages = seeded_messages(1, datetime(2026, 4, 6, 9, 0, tzinfo=UTC))
    >>> len(messages), messages[0]["createdAt"][:10], messages[0]["answerAt"][:10]
    (14, '2026-02-20', '2026-03-22')
    """
    now = aware(now)
    templates = sample().message
    wanted = len(templates) if count is None else count
    if wanted < 0:
        raise UsageError("sandbox.count", "the count of messages is negative", "ask for 0 or more")
    random = Random(seed)  # noqa: S311  # repeatable by intent
    filed: list[tuple[datetime, Template]] = []
    for position in range(wanted):
        template = templates[position % len(templates)]
        first_round = position < len(templates)
        age_days = template.age_days if first_round else random.randint(0, _OLDEST_DAYS)
        filed.append((_filed_at(age_days, template.term, now, random), template))
    filed.sort(key=lambda pair: pair[0])
    return tuple(_message(number, *pair, now) for number, pair in enumerate(filed))


def _filed_at(age_days: int, term: timedelta, now: datetime, random: Random) -> datetime:
    """Return a moment of the day *age_days* ago: before now if today, after it if due today."""
    midnight = datetime.combine(now.date() - timedelta(days=age_days), time(), now.tzinfo)
    now_seconds = (now.hour * 60 + now.minute) * 60 + now.second
    earliest, latest = _DAYTIME_SECONDS
    if age_days == 0:
        earliest, latest = 0, now_seconds
    elif age_days == term.days:
        earliest, latest = min(now_seconds + 1, _DAY_SECONDS - 1), _DAY_SECONDS - 1
    return midnight + timedelta(seconds=random.randint(earliest, latest))


def _message(number: int, filed_at: datetime, template: Template, now: datetime) -> JsonObject:
    people = [person_json(100 * number + 1, template.ordinal)]
    people += [person_json(100 * number + 2 + i, word) for i, word in enumerate(template.co_applicants)]
    applicant, *others = people
    fields: JsonObject = {
        **sample().organisation,
        **_topic(template),
        **_place(template),
        "address": template.address,
        "shared": template.shared,
        "applicant": applicant,
        "coApplicants": [*others],
        "attachments": [row.path for row in sample().file] if template.attachment else [],
    }
    times = times_json(filed_at, now, fast_track=template.fast_track, in_utc=number % 3 == 0)
    return message_json(_FIRST_ID + number, template.text, fields | times)


def _topic(template: Template) -> JsonObject:
    topic: JsonObject = {}
    for level, name in (
        ("subject", template.subject),
        ("subsubject", template.subsubject),
        ("fact", template.fact),
    ):
        topic |= {f"{level}Id": None if name is None else _codes()[name], f"{level}Name": name}
    return topic


@cache
def _codes() -> dict[str, int]:
    names = [
        name
        for row in sample().message
        for name in (row.subject, row.subsubject, row.fact)
        if name is not None
    ]
    return {name: code for code, name in enumerate(dict.fromkeys(names), start=100)}


def _place(template: Template) -> JsonObject:
    if template.place is None:
        return {}
    place = template.place
    location: JsonObject = {**sample().location, **place, "value": template.address}
    for name in ("settlement", "city", "street"):
        if name in place:
            location[f"{name}WithType"] = f"{place[f'{name}Type']} {place[name]}"
    return {"locationAddress": location, "coordinates": f"{place['geoLat']}, {place['geoLon']}"}
