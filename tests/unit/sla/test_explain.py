"""Explanations that can be followed by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.sla import Calendar, load_rules
from mcu_sdk.sla.words import counted, duration, zone_label

OFFICE = Calendar.russia(
    zone="Asia/Krasnoyarsk", schedule="mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
)


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (1, "calendar_days", "1 календарный день"),
        (3, "calendar_days", "3 календарных дня"),
        (30, "calendar_days", "30 календарных дней"),
        (11, "working_days", "11 рабочих дней"),
        (22, "working_days", "22 рабочих дня"),
        (21, "hours", "21 час"),
        (90, "minutes", "90 минут"),
        (112, "minutes", "112 минут"),
        (2, "months", "2 месяца"),
    ],
)
def test_russian_numbers_take_their_form(amount: int, unit: str, words: str) -> None:
    """One, few and many, with the teens among the many."""
    assert counted(amount, unit, "ru") == words


def test_english_numbers_take_an_s() -> None:
    """One calendar day, two calendar days."""
    assert counted(1, "calendar_days", "en") == "1 calendar day"
    assert counted(2, "working_days", "en") == "2 working days"


def test_an_appeal_is_explained_line_by_line() -> None:
    """Rule and article, evidence, start, count, each date passed with its act, result and versions."""
    start = datetime(2025, 12, 8, 10, tzinfo=OFFICE.zone)
    deadline = load_rules().rule("59fz.examination").bind(OFFICE).deadline(start)
    lines = deadline.explain("ru", tz_version="2026f").splitlines()
    assert lines[0] == (
        "Правило: Рассмотрение обращения (59fz.examination)."
        " Федеральный закон от 02.05.2006 № 59-ФЗ, ч. 1 ст. 12."
    )
    assert lines[3:6] == [
        "Начало: регистрация, 08.12.2025 10:00 МСК+4.",
        "Счёт: 30 календарных дней со дня, следующего за 08.12.2025; последний день — 07.01.2026.",
        (
            "Перенос: с 07.01.2026 на предыдущий рабочий день, 30.12.2025."
            " Нерабочие дни: 31.12.2025 — выходной, перенесённый с 05.01.2025,"
            " постановление Правительства РФ от 04.10.2024 № 1335;"
            " 01.01–06.01.2026 — нерабочий праздничный день «новогодние каникулы», ч. 1 ст. 112 ТК РФ;"
            " 07.01.2026 — нерабочий праздничный день «Рождество Христово», ч. 1 ст. 112 ТК РФ."
        ),
    ]
    assert lines[6] == "Основание переноса: вывод разработчиков, прямой нормы нет."
    assert lines[7] == "Срок: 30.12.2025 23:59:59 МСК+4 включительно."
    assert "часовые пояса 2026f" in lines[-1]
    english = deadline.explain("en")
    assert "Government Decree No. 1335 of 04.10.2024" in english
    assert "Due: 30.12.2025 23:59:59 MSK+4, inclusive." in english
    assert "of unknown version" in english


def test_minutes_are_explained_by_their_pieces() -> None:
    """Ninety minutes over a weekend: half an hour on Friday, an hour on Monday, the dates between named."""
    rule = load_rules().rule("comments.90_minutes").replace(counted_on="office")
    explained = rule.bind(OFFICE).deadline(datetime(2026, 3, 20, 15, 30, tzinfo=OFFICE.zone)).explain()
    assert "90 минут по календарю «office»: 20.03 15:30–16:00 (30 мин), 23.03 08:00–09:00 (1 ч)." in explained
    assert "21.03–22.03.2026 — выходной" in explained


def test_a_shortened_date_is_named_where_it_mattered() -> None:
    """Counting over 02.11.2024 names the shortened Saturday with its partner's act."""
    rule = load_rules().rule("comments.90_minutes").replace(counted_on="office")
    explained = rule.bind(OFFICE).deadline(datetime(2024, 11, 2, 15, 30, tzinfo=OFFICE.zone)).explain()
    assert (
        "Сокращены: 02.11.2024 — сокращённый день вместо 30.04.2024,"
        " кануна праздника «Праздник Весны и Труда»"
    ) in explained
    assert "588н" in explained


def test_a_start_outside_hours_is_shown_where_it_moves() -> None:
    """A same-time rule begun on Saturday says that it is counted from Monday."""
    rule = load_rules().rule("portal.fast_track").replace(day_point="same_time")
    deadline = rule.bind(OFFICE).deadline(datetime(2026, 3, 21, 10, tzinfo=OFFICE.zone))
    assert "вне рабочего времени, счёт с 23.03.2026 08:00 МСК+4" in deadline.explain()


@pytest.mark.parametrize("evidence", ["secondary", "artefact", "recalled"])
def test_weak_evidence_is_said_plainly(evidence: str) -> None:
    """A rule that nobody compared with its act says so in capitals."""
    rules = [rule for rule in load_rules() if rule.evidence == evidence]
    explained = rules[0].replace(counted_on="").bind(OFFICE).deadline(date(2026, 3, 2)).explain()
    assert "НЕ СВЕРЕНО" in explained


def test_working_days_name_every_date_left_out() -> None:
    """Fifteen working days from 31.12.2025 leave out the holidays, the moved days and the weekends."""
    deadline = load_rules().rule("210fz.complaint").bind(OFFICE).deadline(date(2025, 12, 30))
    skipped = next(step for step in deadline.trace if step.kind == "skipped")
    walked = [deadline.counted_from + timedelta(n) for n in range(1, 100)]
    left_out = [day for day in walked if day <= deadline.due_date and not OFFICE.is_working_day(day)]
    assert [fact.on for fact in skipped.days] == left_out


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("Europe/Moscow", "МСК"),
        ("Europe/Kaliningrad", "МСК−1"),
        ("Asia/Kamchatka", "МСК+9"),
        ("Asia/Kolkata", "МСК+2:30"),
    ],
)
def test_zones_are_shown_from_moscow(zone: str, label: str) -> None:
    """Residents and prosecutors read zones as offsets from Moscow time."""
    assert zone_label(datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)), "ru") == label


def test_durations_leave_out_zeroes() -> None:
    """Hours, minutes and seconds, as many as there are."""
    assert duration(timedelta(days=2, minutes=5), "ru") == "48 ч 5 мин"
    assert duration(timedelta(seconds=1), "en") == "1 s"
    assert duration(timedelta(), "ru") == "0 мин"
