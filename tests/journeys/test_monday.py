"""Monday 12.01.2026, 08:05, after the holidays: a portal specialist's morning on the command line.

Fourteen portal messages of every sort and the cabinet's register file; what is late and due today is
right and explained; one taken, one forwarded, one extended, one answered after the guard sent it back;
the network cut after sending; settled; a rerun changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mcu_sdk.cli import main
from mcu_sdk.sandbox import FaultScript, PortalSandbox, SandboxServer, seeded_messages

MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
NOW = ("--now", "2026-01-12T08:05+03:00")
LATER = ("--now", "2026-01-12T09:40+03:00")
PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"
BY = ("--by", "Специалист")

HEADINGS = (
    "Номер;Категория;Подкатегория;Факт;Дата поступления;Дата планируемого завершения работ;"
    "Дата фактического завершения работ;Статус;Просрочено;Фаст-трек;Заявитель выбрал подачу по 59-ФЗ"
)
REGISTER = (
    # answered on 30 December in the cabinet itself, which the queue never tells
    "SANDBOX-1000002;Дороги;Ямы;Яма;09.12.2025;08.01.2026;30.12.2025;Отправлен ответ заявителю;Нет;Нет;Нет",
    # its term was moved in the cabinet from 17 to 27 January
    "SANDBOX-1000004;Связь;Связь;-;18.12.2025;27.01.2026;-;Назначен исполнитель;Нет;Нет;Нет",
    # the file says late, its own planned date says not yet
    "SANDBOX-1000005;Деревья;Дерево;-;22.12.2025;21.01.2026;-;Назначен исполнитель;Да;Нет;Нет",
    # known from the file alone; planned for Sunday, and the file says it is not late
    "СТАРОЕ-77;Дороги;Ямы;Яма;12.12.2025;11.01.2026;-;Назначен исполнитель;Нет;Нет;Нет",
    # a date that is none
    "СТАРОЕ-78;Дороги;Ямы;Яма;32.13.2025;11.01.2026;-;Назначен исполнитель;Нет;Нет;Нет",
)


class Morning:
    """The specialist's terminal: the verbs, the sandbox behind them, and one file for everything."""

    def __init__(self, folder: Path, sandbox: PortalSandbox, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self._capsys = capsys
        self._place = ("--profile", folder / "town.toml", "--inbox", folder / "town.sqlite3")

    def mcu(self, *arguments: object) -> tuple[int, str]:
        """Run a verb at this place; return its exit status and all it printed."""
        verb, *rest = arguments
        place = self._place[2:] if verb in ("outbox", "journal") else self._place
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in (verb, *rest, *place)])
        printed = self._capsys.readouterr()
        code = stopped.value.code
        return (code if isinstance(code, int) else 0), printed.out + printed.err

    def said(self, *arguments: object) -> str:
        """Run a verb that must end well."""
        status, out = self.mcu(*arguments)
        assert status == 0, out
        return out

    def facts(self, *arguments: object) -> Any:
        """Run a verb that prints JSON."""
        return json.loads(self.said(*arguments, "--json"))

    def written(self) -> list[str]:
        """What was written to the portal so far, in order."""
        return [
            entry.path
            for entry in self.sandbox.log
            if entry.method == "POST" and not entry.path.endswith("/token")
        ]

    def standings(self, now: tuple[str, str] = NOW) -> dict[str, list[str]]:
        """The numbers of the worklist by standing, in its order."""
        found: dict[str, list[str]] = {}
        for item in self.facts("worklist", *now):
            found.setdefault(item["standing"], []).append(item["number"].removeprefix("SANDBOX-10000"))
        return found


@pytest.fixture
def morning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Morning]:
    faults = FaultScript.parse("report/reset_after@2")
    sandbox = PortalSandbox(seeded_messages(1, MONDAY), faults=faults)
    monkeypatch.setenv("MCU_PORTAL_SECRET", sandbox.organisation_secret)
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", sandbox.client_secret)
    (tmp_path / "register.csv").write_text("\n".join(("ПОС. Выгрузка;", HEADINGS, *REGISTER)), "cp1251")
    with SandboxServer(sandbox) as server:
        text = PROFILE.read_text("utf-8").replace("http://127.0.0.1:8765", server.url)
        (tmp_path / "town.toml").write_text(text, "utf-8")
        yield Morning(tmp_path, sandbox, capsys)


def test_the_whole_morning(morning: Morning) -> None:
    said = morning.said("collect", *NOW)
    assert said == "Новых сообщений: 14, известных: 0, отложено нечитаемых: 0.\n"
    read = morning.said("import", morning.folder / "register.csv", *NOW)
    assert "register.csv" in read
    assert "Дата поступления" in read
    assert "СТАРОЕ-77" in read

    # Late: two dates of the portal that passed over the holidays (28.12, 11.01) and one of the register, to
    # the end of 11.01; 1000002 is not among them: the register knows its answer. Today: two of this evening.
    assert morning.standings() == {
        "late": ["01", "07", "СТАРОЕ-77"],
        "due_today": ["08", "03"],
        "waiting_for_us": ["11", "05", "13", "04", "06", "09", "10", "12", "14"],
    }
    shown = morning.said("show", "SANDBOX-1000003", *NOW)
    assert "12.01.2026 22:41" in shown
    assert "portal.ordinary" in shown
    assert "срок сегодня" in shown

    people = ("--executor", "Исполнитель Первый", "--manager", "Руководитель Второй")
    taken = morning.said("take", "SANDBOX-1000013", *BY, *people, *NOW)
    assert "ждёт отправки" in taken
    morning.said(
        "forward", "SANDBOX-1000006", *BY, "--to", "utilities", "--note", "Переслано в отдел ЖКХ.", *NOW
    )
    morning.said(
        "extend", "SANDBOX-1000003", *BY, "--until", "2026-02-10", "--reason", "Ждём акт осмотра линии.", *NOW
    )
    answer = ("answer", "SANDBOX-1000008", *BY, "--outcome", "solved", *NOW)
    status, refused = morning.mcu(*answer, "--text", "Примите к сведению. Звоните +7 (000) 000-00-00.")
    assert status == 2
    assert "не прошёл проверку" in refused
    answered = morning.said(*answer, "--text", "Фонарь у остановки заменён 10.01.2026, свет проверен.")
    assert "ждёт отправки" in answered

    # The second report, the forwarding, is done there, but the connection breaks before its answer.
    sent = morning.said("deliver", *NOW)
    assert "Отправлено: 3" in sent
    assert "под вопросом: 1" in sent
    assert [len(morning.sandbox.reports(1_000_000 + id_)) for id_ in (13, 6, 3, 8)] == [1, 1, 1, 1]
    doubtful = "portal/portal/1000006/1"
    assert doubtful in morning.said("outbox", "list", "--state", "unknown")
    morning.said("outbox", "settle", doubtful, "--sent", *BY, *NOW)

    after = morning.standings(LATER)
    # 08 is answered and 06 forwarded; 03 is extended from this evening to 10.02; 13 is taken, still to answer
    assert after == {
        "late": ["01", "07", "СТАРОЕ-77"],
        "waiting_for_us": ["11", "05", "13", "04", "09", "10", "12", "03", "14"],
    }
    extended = morning.said("show", "SANDBOX-1000003", *LATER)
    assert "10.02.2026" in extended

    _rerun(morning, people, after)


def _rerun(morning: Morning, people: tuple[str, ...], before: dict[str, list[str]]) -> None:
    """Everything once more: nothing new comes, nothing goes out twice, the list stays as it is."""
    written = morning.written()
    assert "Новых сообщений: 0" in morning.said("collect", *LATER)
    assert "новых: 0" in morning.said("import", morning.folder / "register.csv", *LATER).lower()
    taken = morning.said("take", "SANDBOX-1000013", *BY, *people, *LATER)
    assert "отправлено" in taken
    text = "Фонарь у остановки заменён 10.01.2026, свет проверен."
    assert "отправлено" in morning.said(
        "answer", "SANDBOX-1000008", *BY, "--outcome", "solved", "--text", text, *LATER
    )
    assert "Отправлено: 0" in morning.said("deliver", *LATER)
    assert morning.written() == written
    assert morning.standings(LATER) == before
    assert "Журнал цел" in morning.said("journal", "verify")
