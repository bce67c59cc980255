"""The whole examination: whatever is given, it ends in findings."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mcu_sdk.doctor import Finding, examination, examine
from mcu_sdk.errors import NaiveMomentError
from mcu_sdk.intake import Inbox

MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
PROFILE = Path(__file__).parents[3] / "examples" / "meshchovsk.toml"
OF_THE_MACHINE = ["python", "extras", "zone_data", "sqlite", "roots", "horizon"]


def checks(found: tuple[Finding, ...]) -> list[str]:
    return [item.check for item in found]


def test_without_anything_the_machine_is_examined() -> None:
    """What was not looked at is said."""
    found = examine(now=lambda: MONDAY)
    assert checks(found) == [*OF_THE_MACHINE, "profile", "disk"]
    assert [item.level for item in found[-2:]] == ["skipped", "skipped"]


def test_findings_go_into_json_without_further_ado() -> None:
    """Dates are texts and words are of one language."""
    (python, *_) = written = [item.as_json("en") for item in examine(now=lambda: MONDAY)]
    assert json.loads(json.dumps(written)) == written
    assert python["check"] == "python"


def test_offline_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All but the way to the far side and the clock."""
    monkeypatch.setenv("MCU_PORTAL_SECRET", "a")
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", "b")
    Inbox.open(tmp_path / "town.sqlite3").close()
    found = examine(profile=PROFILE, inbox=tmp_path / "town.sqlite3", offline=True, now=lambda: MONDAY)
    of_the_profile = ["profile", "calendars", "secrets", "secrets", "reach"]
    assert checks(found) == [*OF_THE_MACHINE, *of_the_profile, "disk", "store", "collecting"]
    assert next(item for item in found if item.check == "reach").level == "skipped"


def test_a_clock_without_a_zone_is_the_callers_mistake() -> None:
    """It cannot be compared with anything."""
    with pytest.raises(NaiveMomentError):
        examine(now=lambda: MONDAY.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", ["municipality", "calendars", "policy"]),
        ("[municipality", ["-"]),
        (PROFILE.read_text("utf-8").replace("Europe/Moscow", "Europe/Nowhere"), ["municipality.zone"]),
        (
            PROFILE.read_text("utf-8").replace("mcu.head", "head").replace("writes =", "wites ="),
            ["accounts.portal.wites", "roster.2.role"],
        ),
    ],
)
def test_every_mistake_of_a_profile_is_a_finding(tmp_path: Path, text: str, places: list[str]) -> None:
    """Each with its place, in both languages; what the file would lead to is not guessed."""
    path = tmp_path / "town.toml"
    path.write_text(text, "utf-8")
    found = [item for item in examine(profile=path, now=lambda: MONDAY) if item.check not in OF_THE_MACHINE]
    *mistakes, _ = found
    assert [item.code for item in found] == [*len(mistakes) * ["profile.mistake"], "disk.skipped"]
    assert [item.facts["place"] for item in mistakes] == places
    assert all(f"town.toml, {place}: " in item.text.ru for item, place in zip(mistakes, places, strict=True))


@pytest.mark.parametrize("given", ["", ".", "..", "/", "no/such/folder/town.sqlite3", "a\0b", "x" * 5000])
def test_hostile_paths_end_in_findings(given: str) -> None:
    """Neither a profile nor an inbox of any name breaks the others' checks."""
    found = examine(profile=given, inbox=given, offline=True, now=lambda: MONDAY)
    assert [item.code for item in found[len(OF_THE_MACHINE) :]] == ["profile.mistake", "disk.no_place"]


def test_a_check_that_breaks_down_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind of the error is told, not its words, which may be anybody's; the others go on."""

    def broken(facts: object) -> Finding:
        raise RuntimeError("canary-access-token")

    monkeypatch.setattr(examination, "judge_sqlite", broken)
    found = examine(now=lambda: MONDAY)
    (failed,) = [item for item in found if item.check == "doctor"]
    assert (failed.level, failed.facts["failed_check"]) == ("trouble", "sqlite")
    assert failed.text.ru == "Проверка «sqlite» не удалась. RuntimeError"
    assert len(found) == len(OF_THE_MACHINE) + 2


def test_findings_pickle_and_compare() -> None:
    """They go through queues and into sets."""
    found = examine(now=lambda: MONDAY)
    assert pickle.loads(pickle.dumps(found)) == found
    assert len(set(found)) == len(found)


def test_a_store_that_breaks_its_check_does_not_hide_the_disk(tmp_path: Path) -> None:
    """A sign of life that is no moment: nobody but a stranger writes such a one."""
    path = tmp_path / "town.sqlite3"
    with Inbox.open(path) as inbox:
        inbox.store.write("INSERT INTO mcu_heartbeat VALUES ('portal', 'once', 'once', NULL)")
    found = examine(inbox=path, now=lambda: MONDAY)
    assert [item.code for item in found[-2:]] == ["disk.good", "doctor.failed"]
    assert found[-1].facts["failed_check"] == "store"
