"""A journal of appeals as messages under 59-FZ."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.channels.register import RegisterJournal, journal_layout
from mcu_sdk.model import ApplicantKind, Kind, Message, Regime, Status

MOSCOW = ZoneInfo("Europe/Moscow")


def journal(tmp_path: Path, *lines: str) -> RegisterJournal:
    path = tmp_path / "journal.csv"
    path.write_text("\n".join(lines), "cp1251")
    return RegisterJournal(path, "journal", MOSCOW)


def read(tmp_path: Path, **cells: str) -> Message:
    """The message of one row of these cells by their fields in the layout."""
    fields = journal_layout().fields
    assert cells.keys() <= fields.keys()
    row = {"number": "15", "registered": "12.01.2026"} | cells
    lines = (";".join(fields[name].title for name in row), ";".join(row.values()))
    [batch] = journal(tmp_path, *lines).batches(None)
    [message] = batch.items
    return message


def test_a_whole_row(tmp_path: Path) -> None:
    """Every column goes where it belongs."""
    message = read(
        tmp_path,
        received="09.01.2026",
        forwarded_from="Правительство области",
        control="11.02.2026",
        executor="Образцов И. П.",
        answer_number="7-исх",
        answered="02.02.2026",
        applicant="Условная Анна Петровна",
        applicant_kind="Физическое лицо",
        applicant_address="д. Примерная, 1",
        subject="Дороги",
        summary="Просит <b>отремонтировать</b> дорогу",
        place="с. Условное",
        way="Почта",
    )
    assert message.key == ("register", "journal", "2026/15")
    assert (message.number, message.registration_number) == ("15", "15")
    assert (message.kind, message.regime) == (Kind.APPEAL, Regime.LAW_59)
    assert (message.created_at, message.registered_at) == (date(2026, 1, 9), date(2026, 1, 12))
    assert (message.due_at, message.answered_at) == (date(2026, 2, 11), date(2026, 2, 2))
    assert message.text == "Просит отремонтировать дорогу"
    assert (message.topic.topic, message.place.address, message.tags) == ("Дороги", "с. Условное", ("Почта",))
    assert message.author.surname == "Условная"
    assert (message.author.kind, message.author.collective) == (ApplicantKind.PERSON, False)
    assert message.author.postal_address == "д. Примерная, 1"
    assert message.routed_from is not None
    assert message.routed_from.name == "Правительство области"
    assert message.answer is not None
    assert message.answer.outgoing_number == "7-исх"
    assert message.status is Status.ANSWERED
    assert message.profile == "register.journal/1"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Физическое лицо", ApplicantKind.PERSON),
        ("коллективное", ApplicantKind.COLLECTIVE),
        ("Юридическое лицо", ApplicantKind.ORGANISATION),
        ("Организация", ApplicantKind.ORGANISATION),
        ("Депутат", ApplicantKind.OFFICIAL),
        ("СМИ", ApplicantKind.MEDIA),
        ("анонимное", ApplicantKind.ANONYMOUS),
        ("Прохожий", ApplicantKind.UNKNOWN),
        ("", ApplicantKind.PERSON),
    ],
)
def test_kinds_of_applicants(word: str, kind: ApplicantKind, tmp_path: Path) -> None:
    """The words of the layout; an unknown one is kept raw. Only people are split into names."""
    author = read(tmp_path, applicant_kind=word, applicant="Условная Анна").author
    assert (author.kind, author.kind_raw) == (kind, word or None)
    assert author.collective is (kind is ApplicantKind.COLLECTIVE)
    assert author.display_name == "Условная Анна"
    split = kind in (ApplicantKind.PERSON, ApplicantKind.OFFICIAL)
    assert author.surname == ("Условная" if split else None)


@pytest.mark.parametrize(
    ("word", "regime", "kind"),
    [
        ("", Regime.LAW_59, Kind.APPEAL),
        ("8-ФЗ", Regime.LAW_8, Kind.APPEAL),
        ("Запрос СМИ", Regime.MEDIA, Kind.APPEAL),
        ("Сообщение", Regime.MESSAGE, Kind.MESSAGE),
        ("Иное", Regime.UNKNOWN, Kind.APPEAL),
    ],
)
def test_regimes(word: str, regime: Regime, kind: Kind, tmp_path: Path) -> None:
    """Without a word it is 59-FZ; an unknown word is not taken for it."""
    message = read(tmp_path, regime=word)
    assert (message.regime, message.kind) == (regime, kind)


def test_status_follows_from_what_was_done(tmp_path: Path) -> None:
    """A journal has no status: answered, given to somebody, or registered."""
    assert read(tmp_path).status is Status.ACCEPTED
    assert read(tmp_path, executor="Образцов").status is Status.IN_PROGRESS
    assert read(tmp_path, executor="Образцов", answered="13.01.2026").status is Status.ANSWERED


def test_numbers_begin_anew_every_year(tmp_path: Path) -> None:
    """The same number of two years is two appeals; the year is that of registration, else of receipt."""
    source = journal(
        tmp_path,
        "Рег. №;Дата поступления;Дата регистрации",
        "15;30.12.2025;12.01.2026",
        "15;12.01.2025;",
        "л - 16;;12.01.2026",
        "17;;",
        "18;;2025-12-31T22:30:00+00:00",
    )
    [batch] = source.batches(None)
    assert [item.external_id for item in batch.items] == ["2026/15", "2025/15", "2026/Л-16", "2026/18"]
    assert [reject.reason for reject in batch.rejects] == [
        "journal.csv · row 5 · neither a date of registration nor one of receipt"
    ]
    assert "нет ни даты регистрации" in source.report.rejected[0].localized("ru")


def test_the_layout_says_that_it_is_our_own() -> None:
    """No official form is claimed."""
    assert journal_layout().evidence == "own"
    assert "no official form" in journal_layout().source
