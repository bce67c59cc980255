"""A specialist writes the municipality's file, and has it checked before it is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mcu_sdk.cli import main

PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"
SATURDAY = ("--now", "2026-01-10T12:00")


def check(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run `mcu profile check` in this process; return its exit status, output and complaints."""
    with pytest.raises(SystemExit) as stopped:
        main(["profile", "check", *map(str, arguments)])
    printed = capsys.readouterr()
    code = stopped.value.code
    return (code if isinstance(code, int) else 0), printed.out, printed.err


def tables(out: str) -> dict[str, list[list[str]]]:
    """The parts of the page by heading, each with its rows of cells."""
    parts = [part.splitlines() for part in out.split("\n\n")[1:]]
    return {lines[0]: [line.split("\t") for line in lines[1:]] for lines in parts}


def test_what_the_file_comes_to(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Hours, accounts, rules, people and routes on a Saturday; no secret is read."""
    monkeypatch.delenv("MCU_PORTAL_SECRET", raising=False)
    status, out, err = check(capsys, PROFILE, *SATURDAY)
    assert (status, err) == (0, "")
    assert out.startswith("Мещовский район: ОКТМО 29627000, время Europe/Moscow. Ошибок нет.\n")
    parts = tables(out)
    assert parts["Календари на 10.01.2026 12:00"][1:] == [
        ["office", "закрыто"],
        ["duty", "09:00–21:00"],
        ["round_the_clock", "00:00–24:00"],
    ]
    assert parts["Учётные записи"][1] == [
        "portal",
        "portal",
        "http://127.0.0.1:8765",
        "+",
        "env:MCU_PORTAL_SECRET, env:MCU_PORTAL_CLIENT_SECRET",
    ]
    rules = parts["Правила по каналам и режимам"][1:]
    assert ["portal", "59fz", "2", "—", "59fz.examination", "наш"] in rules
    networks = "incidents, vk, ok, telegram, max"
    assert [networks, "message, 8fz, 210fz, media", "4", "—", "portal.ordinary", "дата системы"] in rules
    assert ["register", "59fz (по умолчанию)", "2", "—", "59fz.examination", "наш"] in rules
    people = {row[0]: row[2] for row in parts["Люди на 10.01.2026 12:00"][1:]}
    assert people["Ответственный за портал (ПОС) (portal.coordinator)"] == "specialist-1"
    moderator = "Ответственный за «Инцидент Менеджмент» и комментарии (incidents.moderator)"
    assert people[moderator] == "specialist-3"
    assert [row[0] for row in parts["Маршруты"][1:]] == ["1", "2", "3", "4"]
    assert [row[0] for row in parts["Замечания"][1:]] == ["roster.4.answers_for", "body.1.parent"]


def test_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """The same as JSON, in English where words are said."""
    status, out, _ = check(capsys, PROFILE, *SATURDAY, "--json", "--lang", "en")
    facts = json.loads(out)
    assert status == 0
    assert facts["ok"] is True
    assert facts["calendars"][0] == {"name": "office", "today": "closed"}
    assert facts["accounts"][0]["secrets"] == ["env:MCU_PORTAL_SECRET", "env:MCU_PORTAL_CLIENT_SECRET"]
    appeals = [rule for rule in facts["rules"] if rule["channels"] == ["register"] and rule["default_regime"]]
    assert [rule["regimes"] for rule in appeals] == [["59fz"]]
    assert appeals[0]["rows"][-1] == {
        "row": 2,
        "when": {},
        "rules": {"final": "59fz.examination"},
        "authority": "own",
    }
    assert facts["routes"][0]["territories"] == ["29627101", "Мещовск"]
    assert {remark["place"] for remark in facts["remarks"]} == {"roster.4.answers_for", "body.1.parent"}


def test_all_mistakes_place_by_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Exit status 2, a line for each mistake in the asked language; as JSON too."""
    path = tmp_path / "town.toml"
    text = PROFILE.read_text("utf-8").replace('holder = "head-1"', 'holder = "hed-1"')
    path.write_text(text.replace("[sending]", "").replace("writes = true", "write = true"), "utf-8")
    status, out, err = check(capsys, path)
    assert (status, err) == (2, "")
    lines = out.splitlines()
    assert lines[0] == "Ошибок в файле town.toml: 2."
    assert [line.split("\t")[0] for line in lines[1:]] == [
        "Место",
        "accounts.portal.write",
        "roster.2.holder",
    ]
    assert "возможно, «head-1»" in lines[-1]
    status, out, _ = check(capsys, path, "--json", "--lang", "en")
    facts = json.loads(out)
    assert (status, facts["ok"], facts["file"]) == (2, False, "town.toml")
    assert [mistake["place"] for mistake in facts["mistakes"]] == ["accounts.portal.write", "roster.2.holder"]
    assert "did you mean 'head-1'?" in facts["mistakes"][1]["reason"]


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One mistake, of the file as a whole."""
    status, out, _ = check(capsys, tmp_path / "nowhere.toml", "--lang", "en")
    assert status == 2
    assert out.splitlines()[-1] == "-\tthe file cannot be opened"


def test_a_year_without_a_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    """The page is shown; where the hours would be, it says why there are none."""
    status, out, _ = check(capsys, PROFILE, "--now", "2100-01-10T12:00")
    assert status == 0
    office = tables(out)["Календари на 10.01.2100 12:00"][1]
    assert office[0] == "office"
    assert "2015–2027" in office[1]


def test_posts_that_nobody_holds_today(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A post of the past is not shown; one without employee or with all of them away says so."""
    path = tmp_path / "town.toml"
    text = PROFILE.read_text("utf-8")
    text = text.replace('role = "mcu.curator"\nholder = "curator-1"', 'role = "mcu.curator"')
    text = text.replace('role = "accounts.head"', 'role = "accounts.head"\nvalid_to = 2025-12-31')
    text += '\n[[absence]]\nemployee = "specialist-3"\nfrom = 2026-01-10\nto = 2026-01-10\n'
    path.write_text(text, "utf-8")
    people = {row[0]: row[2] for row in tables(check(capsys, path, *SATURDAY)[1])["Люди на 10.01.2026 12:00"]}
    assert people["Куратор муниципального центра управления (mcu.curator)"] == "не назван"
    assert people["Ответственный за аккаунты администрации (accounts.administration)"] == "никого нет"
    assert not any("accounts.head" in post for post in people)
