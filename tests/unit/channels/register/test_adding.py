"""One appeal taken down by hand: its number, its regime, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.channels.register import Way, appeal_added
from mcu_sdk.errors import UsageError
from mcu_sdk.model import ApplicantKind, Author, Kind, Message, Regime, Status

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2025, 12, 31, 22, 30, tzinfo=UTC)  # already the next year in Moscow


def added(way: Way = "letter", **values: Any) -> Message:
    fields: dict[str, Any] = {"account": "journal", "text": "Яма", "registered": NOW, "zone": MOSCOW}
    return appeal_added(way=way, **(fields | values))


@pytest.mark.parametrize(
    ("way", "number", "regime", "kind"),
    [
        ("phone", "Т-20260101-1", Regime.MESSAGE, Kind.MESSAGE),
        ("reception", "П-20260101-1", Regime.LAW_59, Kind.APPEAL),
        ("letter", "О-20260101-1", Regime.LAW_59, Kind.APPEAL),
    ],
)
def test_the_way_gives_number_and_regime(way: Way, number: str, regime: Regime, kind: Kind) -> None:
    """The date of a number is that of the municipality's clocks; a call is a message, the rest an appeal."""
    message = added(way)
    assert (message.number, message.external_id) == (number, f"2026/{number}")
    assert (message.regime, message.kind, message.tags) == (regime, kind, (way,))
    assert (message.status, message.registered_at, message.created_at) == (Status.ACCEPTED, NOW, NOW)
    assert added(way, regime=Regime.LAW_8).regime is Regime.LAW_8


def test_made_numbers_pass_over_taken_ones() -> None:
    """The next free sequence of that way and date."""
    taken = {"2026/О-20260101-1", "2026/О-20260101-2"}
    assert added(taken=taken.__contains__).number == "О-20260101-3"
    assert added("phone", taken=taken.__contains__).number == "Т-20260101-1"


def test_a_given_number_is_that_of_a_journal_file() -> None:
    """The same appeal in a journal's export is known by the same id."""
    message = added(number=" л -  15", received=date(2025, 12, 30))
    assert (message.number, message.external_id) == ("л - 15", "2026/Л-15")
    assert message.created_at == date(2025, 12, 30)


def test_the_author_is_kept() -> None:
    """Who wrote, and whether there were several."""
    author = added(author=Author(display_name="Условные", kind=ApplicantKind.COLLECTIVE)).author
    assert (author.display_name, author.kind, author.collective) == (
        "Условные",
        ApplicantKind.COLLECTIVE,
        True,
    )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": " <p></p> "}, "register.no_text"),
        ({"number": "Л-15", "taken": {"2026/Л-15"}.__contains__}, "register.number_taken"),
        ({"received": date(2026, 1, 2)}, "register.received_later"),
        ({"received": datetime(2025, 12, 31, 23, 0, tzinfo=UTC)}, "register.received_later"),
    ],
)
def test_mistakes_are_refused(values: dict[str, Any], code: str) -> None:
    """No text, a number that is taken, a receipt after the registration."""
    with pytest.raises(UsageError) as caught:
        added(**values)
    assert caught.value.code == code


def test_a_receipt_on_the_date_of_registration_is_none_too_late() -> None:
    """A bare date of the same local date stands, though it is ahead of the date in UTC."""
    assert added(received=date(2026, 1, 1)).created_at == date(2026, 1, 1)
