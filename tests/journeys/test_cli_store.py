"""Keeping house on the command line: check, copy, purge, read anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mcu_sdk.cli import main
from mcu_sdk.intake import Inbox
from mcu_sdk.model import Batch, Message, Reject
from mcu_sdk.sandbox import seeded_messages

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)


def mcu(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    code = stopped.value.code
    return (code if isinstance(code, int) else 0), capsys.readouterr().out


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.sqlite3"
    (item, *_) = seeded_messages(1, AT)
    message = Message(channel="portal", account="town", external_id="1")
    rejects = (Reject(reason="old", external_id="7", raw=item), Reject(reason="no id", raw={}))
    with Inbox.open(path) as inbox:
        inbox.receive(Batch(channel="portal", account="town", items=(message,), rejects=rejects), AT)
    return path


def test_a_whole_store_is_told_so_and_a_changed_journal_is_not(
    capsys: pytest.CaptureFixture[str], town: Path
) -> None:
    assert mcu(capsys, "store", "check", "--inbox", town) == (
        0,
        "Сообщений: 1, отложено: 2.\nБаза и журнал целы.\n",
    )
    with Inbox.open(town) as inbox:
        inbox.store.write("UPDATE mcu_journal SET subject = '8' WHERE number = 2")
    status, out = mcu(capsys, "store", "check", "--inbox", town)
    assert (status, out.splitlines()[-1]) == (1, "Журнал: portal town 2 (changed)")


def test_a_copy_is_made_once(capsys: pytest.CaptureFixture[str], town: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    assert mcu(capsys, "store", "backup", copy, "--inbox", town)[0] == 0
    assert mcu(capsys, "store", "backup", copy, "--inbox", town)[0] == 2
    assert mcu(capsys, "store", "check", "--inbox", copy)[0] == 0


def test_purging_counts_first(capsys: pytest.CaptureFixture[str], town: Path) -> None:
    purge = ("purge", "--before", "2026-02-01", "--inbox", town)
    assert mcu(capsys, *purge) == (0, "Будет удалено: 3. Удалить: --yes.\n")
    assert mcu(capsys, *purge, "--yes") == (0, "Удалено: 3.\n")
    assert mcu(capsys, *purge) == (0, "Будет удалено: 0. Удалить: --yes.\n")


def test_what_reads_by_now_is_read(capsys: pytest.CaptureFixture[str], town: Path) -> None:
    assert len(mcu(capsys, "quarantine", "list", "--inbox", town)[1].splitlines()) == 3
    assert mcu(capsys, "quarantine", "retry", "--inbox", town) == (0, "Прочитано: 1, осталось: 1.\n")
