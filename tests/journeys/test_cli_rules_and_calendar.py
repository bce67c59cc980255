"""A specialist looks rules and calendars up on the command line, and checks a file of rules before use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mcu_sdk.cli import main
from mcu_sdk.sla import ProductionCalendar, load_rules

OWN = """
[[rule]]
id = "town.answer"
title = "Ответ"
act = { name = "постановление", number = "1", date = 2026-01-15 }
start_event = "registered"
amount = 5
unit = "working_days"
evidence = "text"
verified = true

[[rule]]
id = "comments.90_minutes"
counted_on = "duty"
"""


def mcu(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run the command in this process; return its exit status, output and complaints."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    code = stopped.value.code
    return (code if isinstance(code, int) else 0), printed.out, printed.err


def test_rules_are_listed_with_amount_act_and_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a rule, tabs in a pipe; what nobody checked says so."""
    status, out, _ = mcu(capsys, "rules", "list")
    rows = [line.split("\t") for line in out.splitlines()]
    assert status == 0
    assert rows[0] == ["Правило", "Название", "Срок", "Акт", "Достоверность"]
    assert [row[0] for row in rows[1:]] == list(load_rules().ids)
    facts = {row[0]: row[1:] for row in rows[1:]}
    assert facts["59fz.examination"] == [
        "Рассмотрение обращения",
        "30 календарных дней",
        "Федеральный закон от 02.05.2006 № 59-ФЗ, ч. 1 ст. 12",
        "норма прочитана в копии акта; сверено по копии, не по официальной публикации",
    ]
    assert "НЕ СВЕРЕНО" in facts["59fz.copies"][-1]
    assert "\x1b" not in out


def test_rules_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` gives the same rules with amounts as numbers and units as words."""
    status, out, _ = mcu(capsys, "rules", "list", "--json", "--lang", "en")
    facts = {fact["id"]: fact for fact in json.loads(out)}
    assert status == 0
    assert list(facts) == list(load_rules().ids)
    assert (facts["comments.90_minutes"]["amount"], facts["comments.90_minutes"]["unit"]) == (90, "minutes")
    assert facts["incidents.bashkortostan.answer"]["valid_to"] == "2019-12-31"
    assert facts["59fz.examination"]["read_in"] == "copy"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ru",
            (
                "Начало: регистрация",
                "Перенос: предыдущий рабочий день (вывод",
                "сверено по копии",
                "Вологодской",
            ),
        ),
        ("en", ("Start: registration", "Roll: the previous working day (our", "against the copy", "Vologda")),
    ],
)
def test_one_rule_is_shown_whole(
    capsys: pytest.CaptureFixture[str], language: str, words: tuple[str, ...]
) -> None:
    """`show` gives the notes on contradictions, the roll's evidence and the source as well."""
    status, out, _ = mcu(capsys, "rules", "show", "59fz.examination", "--lang", language)
    assert status == 0
    for word in (*words, "https://"):
        assert word in out
    status, out, _ = mcu(capsys, "rules", "show", "incidents.bashkortostan.answer", "--lang", language)
    assert "01.01.2019 — 31.12.2019" in out


def test_a_slip_in_a_rules_name_is_answered_with_close_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown id is one sentence in either language with at most three suggestions."""
    status, out, err = mcu(capsys, "rules", "show", "59fz.examinaton")
    assert (status, out) == (2, "")
    assert err.startswith("Правила «59fz.examinaton» нет; похожие: 59fz.examination,")
    status, _, err = mcu(capsys, "rules", "show", "59fz.examinaton", "--lang", "en")
    assert status == 2
    assert err.startswith("there is no rule '59fz.examinaton'; close to it: 59fz.examination,")


def test_a_good_file_of_rules_is_ok(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A new rule and an override of a shipped one are two rules."""
    path = tmp_path / "rules.toml"
    path.write_text(OWN, "utf-8")
    assert mcu(capsys, "rules", "check", path) == (0, "ok: правил 2\n", "")
    assert mcu(capsys, "rules", "check", path, "--lang", "en") == (0, "ok: 2 rules\n", "")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            '"working_days"',
            '"days"',
            ("town.answer", "unit", "minutes, hours, calendar_days, working_days, months"),
        ),
        ('evidence = "text"', 'evidence = "recalled"', ("town.answer", "verified", "evidence = text")),
        ("amount = 5", "amount = -5", ("town.answer", "amount", "целое число от 0")),
        ("amount = 5", "", ("town.answer", "amount", "не указан")),
        ("counted_on", "calendar", ("comments.90_minutes", "calendar", "counted_on")),
        ("[[rule]]", "[[rule", ("ошибка записи TOML",)),
    ],
)
def test_a_mistake_in_a_file_of_rules_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    """File, rule, key and what is allowed, in one Russian sentence; the exit status is 2."""
    path = tmp_path / "rules.toml"
    path.write_text(OWN.replace(old, new, 1), "utf-8")
    status, out, err = mcu(capsys, "rules", "check", path)
    assert (status, out) == (2, "")
    for word in (str(path), *words):
        assert word in err
    assert "Traceback" not in err


def test_a_month_as_people_know_it(capsys: pytest.CaptureFixture[str]) -> None:
    """May 2026: holidays in square brackets, weekends in round ones, 8 May with a star, the acts below."""
    status, out, _ = mcu(capsys, "calendar", 2026, "--month", 5)
    assert status == 0
    assert out.splitlines()[2:] == [
        "Май 2026",
        "  Пн   Вт   Ср   Чт   Пт   Сб   Вс",
        "                      [1]  (2)  (3)",
        "   4    5    6    7    8*  [9] (10)",
        " [11]  12   13   14   15  (16) (17)",
        "  18   19   20   21   22  (23) (24)",
        "  25   26   27   28   29  (30) (31)",
        "01.05.2026 — нерабочий праздничный день «Праздник Весны и Труда», ч. 1 ст. 112 ТК РФ",
        "08.05.2026 — сокращённый день накануне праздника «День Победы», ч. 1 ст. 95 ТК РФ",
        "09.05.2026 — нерабочий праздничный день «День Победы», ч. 1 ст. 112 ТК РФ",
        "11.05.2026 — выходной, перенесённый с 09.05.2026, ч. 2 ст. 112 ТК РФ",
        (
            "Итого: рабочих дней 19, нерабочих 12, сокращённых 1;"
            " часов при неделе 40 — 151, 36 — 135.8, 24 — 90.2."
        ),
    ]


def test_a_swapped_saturday_and_a_region(capsys: pytest.CaptureFixture[str]) -> None:
    """November 2024 in Tatarstan: a shortened Saturday, the region's day with its act and eve, its note."""
    status, out, _ = mcu(capsys, "calendar", 2024, "--month", 11, "--region", "RU-TA", "--lang", "en")
    assert status == 0
    for line in (
        "                       1    2*  (3)",
        "  [4]   5*  [6]   7    8   (9) (10)",
        "02.11.2024 — working day instead of 30.04.2024, Government Decree No. 1314 of 10.08.2023",
        "Law of Tatarstan No. 1448-XII of 19.02.1992",
        "Totals: working days 20, off 10, shortened 2; hours for a week of 40 — 158, 36 — 142, 24 — 94.",
        "Republic of Tatarstan. Since 2017 a holiday on a weekend does not move",
    ):
        assert line in out


def test_days_by_decree_are_marked_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """The days of 2020 by decree stand in braces and stay in the totals, as the published tables have it."""
    _, out, _ = mcu(capsys, "calendar", 2020, "--month", 5)
    assert "{6}  {7}  {8}  [9] (10)" in out
    assert "указ Президента РФ от 28.04.2020 № 294" in out
    assert "рабочих дней 17, нерабочих 14, сокращённых 1; часов при неделе 40 — 135" in out


@pytest.mark.parametrize("week", ["five", "six"])
@pytest.mark.parametrize("year", range(2015, 2028))
def test_a_years_totals_are_the_published_ones(
    capsys: pytest.CaptureFixture[str], year: int, week: str
) -> None:
    """Days and the norm of the 40-hour week equal the production calendar's figures for either week."""
    _, out, _ = mcu(capsys, "calendar", year, "--week", week)
    totals = ProductionCalendar.load("six" if week == "six" else "five").totals(year)
    assert (
        f"{year} год: рабочих дней {totals.working_days}, нерабочих {totals.days_off},"
        f" сокращённых {totals.shortened_days}; часов при неделе 40 — {totals.hours},"
    ) in out
    assert out.count("Итого:") == 12


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((2050,), "2050"),
        ((2026, "--region", "RU-NO"), "RU-SE"),
        ((2026, "--region", "RU-SA"), "только для его органов"),
    ],
)
def test_a_mistake_about_a_calendar_is_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[object, ...], words: str
) -> None:
    """A year or a region without data prints nothing but one Russian sentence."""
    status, out, err = mcu(capsys, "calendar", *arguments)
    assert (status, out) == (2, "")
    assert words in err


def test_dates_of_the_regions_bodies_are_shown_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    """Yakutia's days are for the republic's bodies; `--bodies` shows them."""
    status, out, _ = mcu(capsys, "calendar", 2026, "--month", 4, "--region", "RU-SA", "--bodies")
    assert status == 0
    assert "27.04.2026 — нерабочий праздничный день «День Республики Саха (Якутия)»" in out
