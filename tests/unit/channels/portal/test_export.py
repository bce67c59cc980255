"""The portal's register export as messages: 25 columns, words really seen, nothing else guessed."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.leaks import CANARIES

from mcu_sdk import Inbox, collect
from mcu_sdk.channels.portal import PortalExport, export_layout
from mcu_sdk.model import Kind, Message, Outcome, Regime, Status
from mcu_sdk.sandbox import portal_export

MOSCOW = ZoneInfo("Europe/Moscow")
REAL_COLUMNS = [
    "Номер",
    "Номер ЕПГУ",
    "Источник",
    "Верхнеуровневый ЛКО",
    "Категория",
    "Подкатегория",
    "Факт",
    "Организация, в которую поступило сообщение",
    "Организация, в которой находится сообщение",
    "Дата поступления",
    "Дата планируемого завершения работ",
    "Дата фактического завершения работ",
    "Стадия",
    "Статус",
    "Просрочено",
    "Фаст-трек",
    "ФЗ",
    "Заявитель выбрал подачу по 59-ФЗ",
    "Тип решения",
    "Направлено по email в ФОИВ, не подключенный к ПОС",
    "Оценка ответа заявителем",
    "Повторное рассмотрение",
    "ФИО координатора",
    "ФИО исполнителя",
    "ФИО руководителя",
]


def read(tmp_path: Path, **cells: str) -> Message:
    """The message of one row of these cells by their fields in the layout; the rest is `-`."""
    fields = export_layout().fields
    assert cells.keys() <= fields.keys()
    row = {"number": "77", "received": "06.01.2026", "status": "Назначен исполнитель"} | cells
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(each.title for each in fields.values())
        writer.writerow(row.get(name, "-") for name in fields)
    [batch] = PortalExport(path, "town", MOSCOW).batches(None)
    [message] = batch.items
    return message


def test_the_layout_is_that_of_the_real_export() -> None:
    """Every column that was seen, in its order, and no other."""
    assert [each.title for each in export_layout().fields.values()] == REAL_COLUMNS


def test_a_whole_row(tmp_path: Path) -> None:
    """Every column goes where it belongs; dates without a time stay dates, what has no field stays in raw."""
    message = read(
        tmp_path,
        citizen_number="123",
        category="Дороги",
        subcategory="Ямы",
        fact="Яма",
        received_by="Администрация",
        organisation="Дорожная служба",
        planned="05.02.2026",
        finished="20.01.2026 15:45",
        stage="Завершено",
        status="Отправлен ответ заявителю",
        late="Нет",
        fast_track="Да",
        law="Обычное сообщение",
        outcome="Решено",
        rating="4",
        repeated="Да",
        executor="Образцов Иван Петрович",
        manager="Условный П. И.",
    )
    assert message.key == ("portal", "town", "export:77")
    assert (message.number, message.registration_number) == ("77", None)
    assert (message.created_at, message.due_at) == (date(2026, 1, 6), date(2026, 2, 5))
    assert str(message.answered_at) == "2026-01-20 15:45:00+03:00"
    assert message.closed_at is None
    assert (message.topic.group, message.topic.topic, message.topic.fact) == ("Дороги", "Ямы", "Яма")
    assert message.organisation.name == "Дорожная служба"
    assert message.routed_from is not None
    assert message.routed_from.name == "Администрация"
    assert (message.status, message.status_raw, message.status_text) == (
        Status.ANSWERED,
        "Отправлен ответ заявителю",
        "Завершено",
    )
    assert (message.outcome, message.outcome_raw) == (Outcome.SOLVED, "Решено")
    assert (message.said_late, message.fast_track, message.rating, message.reopened_count) == (
        False,
        True,
        4,
        1,
    )
    assert (message.kind, message.regime) == (Kind.MESSAGE, Regime.MESSAGE)
    assert message.executor is not None
    assert message.executor.surname == "Образцов"
    assert message.profile == "portal.export/1"
    assert message.raw["Номер ЕПГУ"] == "123"
    assert message.unknown_words() == ()


def test_names_do_not_show(tmp_path: Path) -> None:
    """Executors are persons: neither `repr` nor the masked copy has them."""
    message = read(tmp_path, executor=f"{CANARIES.surname} А. Б.", coordinator=CANARIES.surname)
    assert message.executor is not None
    assert message.executor.surname == CANARIES.surname
    assert CANARIES.surname not in repr(message)
    assert CANARIES.surname not in message.masked().model_dump_json()


@pytest.mark.parametrize(
    ("word", "status", "extended"),
    [
        ("Отправлен ответ заявителю", Status.ANSWERED, False),
        ("Назначен исполнитель", Status.IN_PROGRESS, False),
        ("Перенос срока обработки утвержден. Отправлен ответ Заявителю", Status.IN_PROGRESS, True),
        ("Отклонено модератором", Status.REJECTED, False),
        ("Направлено в подведомственную организацию", Status.ROUTED, False),
        ("Передано в вышестоящую организацию", Status.ROUTED, False),
        ("Совсем новый статус", Status.UNKNOWN, False),
    ],
)
def test_words_of_status(word: str, status: Status, extended: bool, tmp_path: Path) -> None:
    """Only words really seen are known; another is kept raw. Only an answered one has its answer's date."""
    message = read(tmp_path, status=word, finished="08.01.2026")
    assert (message.status, message.status_raw, message.extended) == (status, word, extended)
    ends = (message.answered_at, message.closed_at)
    assert ends == ((date(2026, 1, 8), None) if status is Status.ANSWERED else (None, date(2026, 1, 8)))


@pytest.mark.parametrize(
    ("law", "chose", "regime", "kind"),
    [
        ("Обычное сообщение", "Нет", Regime.MESSAGE, Kind.MESSAGE),
        ("Обычное сообщение", "Да", Regime.LAW_59, Kind.APPEAL),
        ("Незнакомое", "Да", Regime.LAW_59, Kind.APPEAL),
        ("Незнакомое", "Нет", Regime.UNKNOWN, Kind.MESSAGE),
        ("-", "-", Regime.MESSAGE, Kind.MESSAGE),
    ],
)
def test_the_applicants_choice_decides_the_regime(
    law: str, chose: str, regime: Regime, kind: Kind, tmp_path: Path
) -> None:
    """Who chose 59-FZ has an appeal whatever the other column says."""
    message = read(tmp_path, law=law, chose_59fz=chose)
    assert (message.regime, message.kind) == (regime, kind)


def test_empty_cells_are_nothing(tmp_path: Path) -> None:
    """`-` is no text, no rating, no repeat and no person."""
    message = read(tmp_path)
    assert (message.due_at, message.said_late, message.rating, message.reopened_count) == (
        None,
        None,
        None,
        0,
    )
    assert (message.executor, message.routed_from, message.outcome) == (None, None, None)
    assert message.raw == {"Номер": "77", "Дата поступления": "06.01.2026", "Статус": "Назначен исполнитель"}


def test_collecting_twice_changes_nothing(tmp_path: Path) -> None:
    """The sample goes into the inbox once; unknown words are counted."""
    path = tmp_path / "export.csv"
    path.write_bytes(portal_export())
    source = PortalExport(path, "portal", MOSCOW)
    with Inbox.open(":memory:") as inbox:
        first, second = collect(source, inbox), collect(source, inbox)
    assert (first.new, first.known, first.quarantined) == (8, 0, 0)
    assert (second.new, second.known, second.changed) == (0, 8, 0)
    assert first.unknown_words == {"status=На согласовании у руководителя": 1}
    assert source.report.unknown_words == {"status=На согласовании у руководителя": 1, "law=59-ФЗ": 1}


def test_rows_that_cannot_be_messages_are_put_aside(tmp_path: Path) -> None:
    """A row of totals, a bad date, a number met before with another content: each with place and reason."""
    lines = [
        "Номер;Дата поступления;Статус;Факт",
        "1;06.01.2026;Назначен исполнитель;Яма",
        "2;сегодня;Назначен исполнитель;Яма",
        "1;06.01.2026;Назначен исполнитель;Яма",
        "1;06.01.2026;Назначен исполнитель;Другая яма",
        "Итого: 3;;;",
    ]
    path = tmp_path / "export.csv"
    path.write_text("\n".join(lines), "utf-8")
    source = PortalExport(path, "portal", MOSCOW)
    with Inbox.open(":memory:") as inbox:
        collected = collect(source, inbox)
        again = collect(source, inbox)
        reasons = [item.reason for item in inbox.quarantined()]
    assert (collected.new, collected.known, collected.quarantined) == (1, 1, 3)
    assert again.quarantined == 0
    assert [reason.partition(":")[0] for reason in reasons] == [
        "export.csv · row 3 · «Дата поступления» (B)",
        "export.csv · row 5 · the same number as in row 2, with another content",
        "export.csv · row 6 · «Дата поступления» (B)",
    ]
    assert "строкой" not in source.report.rejected[1].localized("ru")
    assert "в строке 2" in source.report.rejected[1].localized("ru")
    assert source.report.rejected_count == 3


def test_nothing_is_stored_of_a_file_that_breaks_off(tmp_path: Path) -> None:
    """A quote that is never closed, thousands of rows on: the error comes before the first message."""
    row = ";06.01.2026;Назначен исполнитель\n"
    text = (
        "Номер;Дата поступления;Статус\n" + "".join(f"{number}{row}" for number in range(2000)) + '"9' + row
    )
    path = tmp_path / "export.csv"
    path.write_text(text, "utf-8")
    with Inbox.open(":memory:") as inbox:
        with pytest.raises(Exception, match="quote") as caught:
            collect(PortalExport(path, "portal", MOSCOW), inbox)
        assert inbox.count() == 0
    assert getattr(caught.value, "code", "") == "file.quotes"
