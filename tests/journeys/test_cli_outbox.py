"""A specialist sends, approves, stops and settles on the command line, and checks the journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mcu_sdk.cli import main
from mcu_sdk.intake import Outbox
from mcu_sdk.model import Outgoing, OutgoingKind
from mcu_sdk.sandbox import FaultScript, PortalSandbox, SandboxServer, seeded_messages

MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"


def mcu(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str]:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return stopped.value.code or 0, printed.out + printed.err


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    sandbox = PortalSandbox(seeded_messages(1, MONDAY), faults=FaultScript.parse("report/503@1"))
    monkeypatch.setenv("MCU_PORTAL_SECRET", sandbox.organisation_secret)
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", sandbox.client_secret)
    with SandboxServer(sandbox) as server:
        path = tmp_path / "town.toml"
        text = PROFILE.read_text("utf-8").replace("http://127.0.0.1:8765", server.url)
        path.write_text(text + "\n[sending]\ntwo_persons = true\n", "utf-8")
        with Outbox.open(tmp_path / "town.sqlite3", two_persons=True) as outbox:
            step = Outgoing(
                key="a-1",
                channel="portal",
                account="portal",
                external_id=str(sandbox.queue[0]),
                kind=OutgoingKind.ANSWER,
                text="Контейнер вернули.",
                created_at=MONDAY,
            )
            outbox.put(step, by="Специалист", now=MONDAY)
        yield path


def test_the_whole_way(capsys: pytest.CaptureFixture[str], profile: Path, tmp_path: Path) -> None:
    inbox = ("--inbox", tmp_path / "town.sqlite3")
    send = ("deliver", "--profile", profile, *inbox)
    assert "ждёт одобрения" in mcu(capsys, "outbox", "list", *inbox)[1]
    assert mcu(capsys, "outbox", "approve", "a-1", "--by", "Специалист", *inbox)[0] == 2
    assert mcu(capsys, "outbox", "approve", "a-1", "--by", "Куратор", *inbox) == (0, "Одобрено.\n")
    mcu(capsys, "outbox", "stop", "--by", "Куратор", "--reason", "проверка", *inbox)
    assert "Отправка остановлена" in mcu(capsys, *send)[1]
    mcu(capsys, "outbox", "resume", "--by", "Куратор", *inbox)
    assert "под вопросом: 1" in mcu(capsys, *send)[1]
    settled = mcu(capsys, "outbox", "settle", "a-1", "--not-sent", "--by", "Специалист", *inbox)
    assert settled == (0, "Теперь: ждёт отправки.\n")
    assert mcu(capsys, *send)[1].startswith("Отправлено: 1,")
    listed = mcu(capsys, "outbox", "list", "--state", "sent", "--lang", "en", *inbox)[1]
    assert listed.splitlines()[1].split("\t")[0] == "a-1"
    assert "Контейнер" not in listed


def test_a_changed_journal_shows(capsys: pytest.CaptureFixture[str], profile: Path, tmp_path: Path) -> None:
    inbox = ("--inbox", tmp_path / "town.sqlite3")
    assert profile.exists()
    assert mcu(capsys, "journal", "verify", *inbox) == (0, "Журнал цел.\n")
    assert len(mcu(capsys, "journal", "head", *inbox)[1].split()[-1]) == 64
    with closing(sqlite3.connect(tmp_path / "town.sqlite3")) as store, store:
        store.execute("UPDATE mcu_journal SET subject = 'a-2'")
    assert mcu(capsys, "journal", "verify", *inbox) == (1, "Запись изменена: portal/portal, 1\n")
