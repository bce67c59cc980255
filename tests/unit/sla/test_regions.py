"""The holidays of regions: what ships, what it says of itself, and what a calendar makes of it."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.errors import SlaError
from mcu_sdk.sla import Calendar, Overlay, load_rules
from mcu_sdk.sla.bilingual import both
from mcu_sdk.sla.overlay_reading import region_files

ZONE = ZoneInfo("Europe/Moscow")
CODES = sorted(region_files())
ONE_DAY = """
[[day]]
date = 2026-03-03
working = false
opens = false
act = "приказ"
"""


def office_of(*codes: str, bodies: bool = False) -> Calendar:
    return Calendar.russia(
        zone=ZONE,
        schedule="mon-fri 08:00-17:00",
        overlays=[Overlay.region(code, bodies=bodies) for code in codes],
    )


@pytest.mark.parametrize("code", CODES)
def test_every_region_says_where_its_dates_come_from(code: str) -> None:
    """Each row has its act in both languages, a source, secondary evidence, and a year that is covered."""
    overlay = Overlay.region(code, bodies=True)
    name = both(overlay.name)
    assert overlay.code == code
    assert overlay.days
    assert name.ru != name.en
    assert overlay.note.ru != overlay.note.en
    for day in overlay.days:
        act = both(day.act)
        assert act.ru != act.en
        assert day.evidence == "secondary"
        assert day.source
        assert day.region == code
        assert 2021 <= day.date.year <= 2027
    dates = [day.date for day in overlay.days]
    assert dates == sorted(set(dates)), "a date stands once, in order"


@pytest.mark.parametrize("code", CODES)
def test_every_region_makes_a_calendar_that_pickles_small(code: str) -> None:
    """A calendar with any region travels to a worker in at most four kilobytes."""
    office = office_of(code, bodies=True)
    written = pickle.dumps(office)
    assert len(written) <= 4096
    assert pickle.loads(written) == office


@pytest.mark.parametrize("code", CODES)
def test_no_movable_date_is_predicted(code: str) -> None:
    """In 2027 stand only fixed dates: ones that stood on the same date in a year before."""
    days = Overlay.region(code, bodies=True).days
    fixed = {(day.date.month, day.date.day) for day in days if day.date.year < 2027}
    for day in days:
        if day.date.year == 2027:
            assert (day.date.month, day.date.day) in fixed
            assert not {"Ураза-байрам", "Курбан-байрам", "Шагаа", "Сагаалган"} & {both(day.name).ru}


@pytest.mark.parametrize("code", CODES)
def test_both_dates_of_a_swap_stand_in_the_file(code: str) -> None:
    """A date worked in exchange names the date off it was given for, and that one names it back."""
    partners = {day.date: day.exchanged_for for day in Overlay.region(code, bodies=True).days}
    for day in Overlay.region(code, bodies=True).days:
        if day.working and day.exchanged_for:
            assert partners[day.exchanged_for] == day.date
            assert day.like, "it takes the hours of the weekday it replaces"


def test_a_weekend_moves_the_holiday_in_one_region_and_not_in_another() -> None:
    """Sunday 11.10.2026 gives Bashkortostan Monday off; Sunday 30.08.2026 gives Tatarstan nothing."""
    bashkortostan, tatarstan = office_of("RU-BA"), office_of("RU-TA")
    assert not bashkortostan.is_working_day(date(2026, 10, 12))
    assert bashkortostan.status(date(2026, 10, 12)).facts[-1].partner == date(2026, 10, 11)
    assert tatarstan.is_working_day(date(2026, 8, 31))
    assert tatarstan.intervals(date(2026, 11, 5))[-1].closes.hour == 16, "the eve of a holiday is shortened"


def test_moves_that_acts_spell_out() -> None:
    """Chechnya gives 25.03.2024 for Saturday 23.03; Adygea 20.04.2026 for Saturday 25.04, which is worked."""
    fact = office_of("RU-CE").status(date(2024, 3, 25)).facts[-1]
    assert (fact.kind, fact.partner) == ("day_off", date(2024, 3, 23))
    adygea = office_of("RU-AD")
    assert not adygea.is_working_day(date(2026, 4, 20))
    assert adygea.is_working_day(date(2026, 4, 25))
    assert adygea.is_open(date(2026, 4, 25))
    fact = adygea.status(date(2026, 4, 25)).facts[-1]
    assert (fact.kind, fact.partner) == ("working", date(2026, 4, 20))


def test_regions_differ_where_acts_differ() -> None:
    """Kurban Bayram of 2026 is one date in Tatarstan, three in Chechnya, and another one in Crimea."""
    off = {
        code: [n for n in range(27, 30) if not office_of(code).is_working_day(date(2026, 5, n))]
        for code in ("RU-TA", "RU-CE", "RU-CR")
    }
    assert off == {"RU-TA": [27], "RU-CE": [27, 28, 29], "RU-CR": [29]}


def test_dates_of_the_regions_bodies_are_the_municipalitys_own_decision() -> None:
    """What binds a region's bodies alone is left out until asked for; a region of nothing else is refused."""
    altai = date(2026, 7, 3)
    assert office_of("RU-AL").is_working_day(altai)
    assert not office_of("RU-AL", bodies=True).is_working_day(altai)
    with pytest.raises(SlaError, match="bind only its own bodies") as caught:
        Overlay.region("RU-SA")
    assert "+bodies" in caught.value.localized("ru")


@pytest.mark.parametrize(
    ("code", "meant"),
    [("RU-NO", "RU-SE"), ("RU-MR", "RU-MO"), ("ta", "RU-TA"), ("UA-43", "RU-CR"), ("RU-BAS", "RU-BA")],
)
def test_a_wrong_code_gets_a_hint(code: str, meant: str) -> None:
    """Codes that other libraries use, and slips, are answered with the right one, in both languages."""
    with pytest.raises(SlaError) as caught:
        Overlay.region(code)
    assert meant in caught.value.hint
    assert f"нужен {meant} (" in caught.value.localized("ru")


def test_an_unknown_code_lists_the_known_ones() -> None:
    """A region without data is an error that names those that have some."""
    with pytest.raises(SlaError, match=r"RU-AD, .*RU-ZAB") as caught:
        Overlay.region("RU-XXXX")
    assert caught.value.code == "sla.region"
    assert "RU-ZAB" in caught.value.localized("ru")


def test_explanations_name_the_region_its_act_and_how_it_is_known() -> None:
    """A term that rolls off a regional holiday cites its act in either language and says it is secondary."""
    rule = load_rules().rule("59fz.examination").bind(office_of("RU-TA"))
    deadline = rule.deadline(datetime(2026, 10, 7, 10, tzinfo=ZONE))
    assert deadline.due_date == date(2026, 11, 5)
    russian, english = deadline.explain("ru"), deadline.explain("en")
    assert (
        "06.11.2026 — нерабочий праздничный день «День Конституции Республики Татарстан»,"
        " закон Республики Татарстан от 19.02.1992 № 1448-XII"
    ) in russian
    assert "Даты региона: Республика Татарстан; по вторичному источнику, акт не прочитан." in russian
    assert "(Constitution Day of Tatarstan), Law of Tatarstan No. 1448-XII of 19.02.1992" in english
    assert "Dates of the region: Republic of Tatarstan; from a secondary source" in english
    untouched = rule.deadline(datetime(2026, 2, 2, 10, tzinfo=ZONE))
    assert "Татарстан" not in untouched.explain("ru")


def test_a_file_names_dates_in_three_ways(tmp_path: Path) -> None:
    """One date, several that share the rest, and a fixed one for some years; the file gives them in order."""
    path = tmp_path / "ours.toml"
    rest = ONE_DAY.partition("date = 2026-03-03\n")[2]
    path.write_text(
        'name = "Наш город"\n'
        + ONE_DAY
        + "[[day]]\ndates = [2026-05-05, 2026-02-02]\n"
        + rest
        + '[[day]]\nevery_year = "01-15"\nyears = [2026, 2027]\n'
        + rest,
        "utf-8",
    )
    assert [f"{day.date:%Y-%m-%d}" for day in Overlay.load(path).days] == [
        "2026-01-15",
        "2026-02-02",
        "2026-03-03",
        "2026-05-05",
        "2027-01-15",
    ]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("date = 2026-03-03", "", "date"),
        ("date = 2026-03-03", "date = 2026-03-03\ndates = [2026-03-03]", "date"),
        ("date = 2026-03-03", 'dates = ["2026-03-03"]', "dates"),
        ("date = 2026-03-03", 'every_year = "03-03"', "years"),
        ("date = 2026-03-03", 'every_year = "02-30"\nyears = [2026, 2027]', "every_year"),
        ('act = "приказ"', 'act = { ru = "приказ" }', "act"),
        ('act = "приказ"', 'act = ""', "act"),
        ("working = false", 'working = false\nevidence = "rumour"', "evidence"),
        ("working = false", 'working = false\nbinds = "nobody"', "binds"),
        ("working = false", 'working = false\nexchanged_for = "saturday"', "exchanged_for"),
        ("[[day]]", "colour = 1\n[[day]]", "colour"),
        ("[[day]]", "[day]", "day"),
    ],
)
def test_every_wrong_key_of_an_overlay_is_named(old: str, new: str, key: str) -> None:
    """Whatever is wrong, the key is in the error, with a reason in Russian too."""
    with pytest.raises(SlaError) as caught:
        Overlay.parse(ONE_DAY.replace(old, new))
    assert caught.value.values["key"] == key
    assert f"ключ «{key}»" in caught.value.localized("ru")


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not UTF-8"])
def test_an_unreadable_overlay_is_an_error_of_ours(tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing or not UTF-8 is named."""
    path = tmp_path / "ours.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SlaError, match=r"ours\.toml"):
        Overlay.load(path)
