"""The invented messages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.errors import NaiveMomentError, UsageError
from mcu_sdk.sandbox import JsonObject, PortalSandbox, seeded_messages
from mcu_sdk.sandbox.sample import sample_files

NOW = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


def moment(message: JsonObject, field: str) -> datetime:
    value = message[field]
    assert isinstance(value, str)
    return datetime.fromisoformat(value)


def test_same_seed_and_now_give_the_same_messages() -> None:
    """The messages depend on the seed and on now, and on nothing else."""
    first = seeded_messages(7, NOW, 40)
    assert first == seeded_messages(7, NOW.astimezone(MOSCOW), 40)
    assert first != seeded_messages(8, NOW, 40)
    assert first != seeded_messages(7, NOW + timedelta(days=1), 40)


@pytest.mark.parametrize("hour", [0, 9, 20, 23])
@pytest.mark.parametrize("seed", range(5))
def test_some_are_late_some_due_today_some_new(seed: int, hour: int) -> None:
    """At any hour some messages are late, some due later today, some filed today; none in the future."""
    now = datetime(2026, 4, 6, hour, 30, tzinfo=MOSCOW)
    messages = seeded_messages(seed, now)
    due = [moment(message, "answerAt").astimezone(MOSCOW) for message in messages]
    created = [moment(message, "createdAt").astimezone(MOSCOW) for message in messages]
    assert sum(answer_at < now for answer_at in due) >= 2
    assert sum(now < answer_at and answer_at.date() == now.date() for answer_at in due) == 2
    assert sum(filed_at.date() == now.date() for filed_at in created) == 2
    assert created == sorted(created)
    assert created[-1] <= now


def test_term_is_thirty_or_ten_calendar_days() -> None:
    """answerAt lies 30 calendar days after the filing, 10 on the fast track; both forms of a zone occur."""
    messages = seeded_messages(1, NOW, 600)
    for message in messages:
        days = 10 if message["fastTrack"] else 30
        assert moment(message, "answerAt") - moment(message, "createdAt") == timedelta(days=days)
        assert moment(message, "createdAt") <= moment(message, "regNumberSetAt") <= NOW
    assert {str(message["createdAt"])[19:] for message in messages} == {"Z", "+03:00"}


def test_set_holds_every_kind_of_message() -> None:
    """The 14 messages hold what a client must cope with: markup, a collective one, nulls, a file."""
    messages = seeded_messages(1, NOW)
    assert len(messages) == 14
    assert sum("<p>" in str(message["description"]) for message in messages) >= 4
    assert any("&nbsp;" in str(message["description"]) for message in messages)
    assert {message["fastTrack"] for message in messages} == {True, False}
    assert [len(str(message["coApplicants"])) > 2 for message in messages if message["shared"]] == [True]
    assert any(message["factName"] is None and message["factId"] is None for message in messages)
    assert {message["locationAddress"] is None for message in messages} == {True, False}
    assert all(message.keys() == messages[0].keys() for message in messages)


def test_people_are_placeholders() -> None:
    """Applicants bear invented names, the code 000 and the domain example.org, each of their own."""
    people = [message["applicant"] for message in seeded_messages(1, NOW, 30)]
    assert all(isinstance(person, dict) and person["surname"] == "Заявитель" for person in people)
    phones = {str(person["phone"]) for person in people if isinstance(person, dict)}
    assert len(phones) == 30
    assert all(phone.startswith("+7 000 ") for phone in phones)
    assert all(str(person["email"]).endswith("@example.org") for person in people if isinstance(person, dict))


def test_attachments_can_be_downloaded() -> None:
    """Every listed attachment is among the files that ship with the messages."""
    listed = {
        url
        for message in seeded_messages(1, NOW)
        if isinstance(urls := message["attachments"], list)
        for url in urls
    }
    assert listed == sample_files().keys()


@pytest.mark.parametrize("count", [0, 3, 14, 500])
def test_count_is_kept(count: int) -> None:
    """As many messages as asked for, under ids of their own, as JSON."""
    messages = seeded_messages(1, NOW, count)
    assert len(PortalSandbox(messages).queue) == count
    assert json.loads(json.dumps(messages)) == list(messages)


def test_bad_arguments_are_refused() -> None:
    """A negative count and a now without a zone are the caller's mistakes."""
    with pytest.raises(UsageError) as caught:
        seeded_messages(1, NOW, -1)
    assert caught.value.code == "sandbox.count"
    with pytest.raises(NaiveMomentError):
        seeded_messages(1, NOW.replace(tzinfo=None))


@pytest.mark.parametrize("year", [1, 1901, 2200, 9999])
def test_a_far_now_is_refused(year: int) -> None:
    """A now that the times of messages cannot be counted from is the caller's mistake."""
    with pytest.raises(UsageError) as caught:
        seeded_messages(1, NOW.replace(year=year))
    assert caught.value.code == "sandbox.now"
    assert str(year) in caught.value.localized("ru")
