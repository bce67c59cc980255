"""The same Monday through the public face: what burns, why, the next steps, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mcu_sdk import Desk, Inbox, Municipality, collect
from mcu_sdk.desk import AnswerBlocked, Signers, Standing, notices
from mcu_sdk.desk.workbook import worklist_workbook
from mcu_sdk.errors import UsageError
from mcu_sdk.intake import Delivered, OutboxState, Reconciled, deliver, reconcile
from mcu_sdk.model import Outcome, Person
from mcu_sdk.sandbox import FaultScript, PortalSandbox, SandboxServer, seeded_messages

NOW = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"
PEOPLE = Signers(
    executor=Person(surname="Исполнитель", name="Первый"),
    manager=Person(surname="Руководитель", name="Второй"),
)
BY = "Специалист"


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> PortalSandbox:
    monkeypatch.setenv("MCU_PORTAL_SECRET", PortalSandbox.organisation_secret)
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", PortalSandbox.client_secret)
    return PortalSandbox(seeded_messages(1, NOW), faults=FaultScript.parse("report/close_after@1"))


@pytest.fixture
def town(sandbox: PortalSandbox) -> Iterator[Municipality]:
    with SandboxServer(sandbox) as server:
        yield Municipality.load(PROFILE, urls={"portal": server.url})


@pytest.fixture
def desk(town: Municipality, tmp_path: Path) -> Iterator[Desk]:
    with town.portal() as portal, Inbox.open(tmp_path / "town.sqlite3") as inbox:
        assert collect(portal, inbox, now=lambda: NOW).new == 14
        yield Desk(town, inbox)


def send(desk: Desk, now: datetime = NOW) -> tuple[Reconciled, Delivered]:
    with desk.town.portal() as portal:
        return (
            reconcile(desk.outbox, [portal], now=lambda: now),
            deliver(desk.outbox, [portal], now=lambda: now),
        )


def test_what_burns_is_on_top_and_says_why(desk: Desk) -> None:
    items = desk.worklist(NOW)
    assert [item.standing.value for item in items[:6]] == ["late"] * 3 + ["due_today"] * 2 + [
        "waiting_for_us"
    ]
    tonight = desk.item("SANDBOX-1000003", NOW)
    assert tonight.remaining(NOW) == timedelta(hours=14, minutes=36, seconds=18)
    assert tonight.working_remaining(NOW) == timedelta(
        hours=8, minutes=7
    )  # to 17:00, less 48 minutes of lunch
    assert tonight.our_due == datetime(2026, 1, 13, 20, 59, 59, tzinfo=UTC)
    assert "12.01.2026 22:41:18 МСК (источник: portal)" in tonight.explain("ru")
    assert "the far system's decides" in tonight.explain("en")


def test_the_morning(desk: Desk, sandbox: PortalSandbox) -> None:
    """Taken, forwarded, extended, answered after the guard; the first one in doubt; settled; again."""
    desk.take("SANDBOX-1000013", by=BY, now=NOW, signers=PEOPLE)
    desk.forward("SANDBOX-1000006", "utilities", "Переслано в отдел ЖКХ.", by=BY, now=NOW, signers=PEOPLE)
    desk.extend("SANDBOX-1000003", date(2026, 2, 10), "Ждём акт осмотра.", by=BY, now=NOW, signers=PEOPLE)
    with pytest.raises(AnswerBlocked) as blocked:
        desk.answer("SANDBOX-1000008", "Звоните +7 (000) 000-00-00.", by=BY, now=NOW, signers=PEOPLE)
    assert [finding.check for finding in blocked.value.findings if finding.level == "block"]
    text = "Фонарь у остановки заменён 10.01.2026, свет проверен."
    desk.answer("SANDBOX-1000008", text, by=BY, now=NOW, outcome=Outcome.SOLVED, signers=PEOPLE)

    assert send(desk) == (Reconciled(), Delivered(sent=3, unknown=1))
    (doubtful,) = desk.outbox.entries(OutboxState.UNKNOWN)
    assert doubtful.external_id == "1000013"
    assert send(desk) == (Reconciled(in_doubt=1), Delivered())
    assert len(sandbox.reports(1_000_013)) == 1  # a person sees it there
    desk.outbox.settle(doubtful.key, sent=True, by=BY, now=NOW)

    after = {item.message.external_id: item for item in desk.worklist(NOW)}
    assert not {"1000008", "1000006"} & after.keys()
    assert after["1000003"].due == datetime(2026, 2, 10, 20, 59, 59, tzinfo=UTC)
    assert after["1000003"].standing is Standing.WAITING_FOR_US
    assert desk.item("SANDBOX-1000008", NOW).standing is Standing.DONE

    reports = [sandbox.reports(1_000_000 + number) for number in range(1, 15)]
    desk.take("SANDBOX-1000013", by=BY, now=NOW, signers=PEOPLE)
    desk.answer("SANDBOX-1000008", text, by=BY, now=NOW, outcome=Outcome.SOLVED, signers=PEOPLE)
    with desk.town.portal() as portal:
        assert collect(portal, desk.inbox, now=lambda: NOW).new == 0
    assert send(desk) == (Reconciled(), Delivered())
    assert [sandbox.reports(1_000_000 + number) for number in range(1, 15)] == reports
    assert {item.message.external_id for item in desk.worklist(NOW)} == after.keys()
    assert desk.outbox.journal.verify() == ()


def test_a_late_extension_is_shown_and_cures_nothing(desk: Desk) -> None:
    desk.extend("SANDBOX-1000002", date(2026, 2, 10), "Ждём акт осмотра.", by=BY, now=NOW, signers=PEOPLE)
    send(desk)
    desk.outbox.settle(desk.outbox.entries()[0].key, sent=True, by=BY, now=NOW)
    item = desk.item("SANDBOX-1000002", NOW)
    assert item.standing is Standing.LATE
    assert item.due == datetime(2026, 1, 8, 6, 26, 45, tzinfo=UTC)


def test_nobody_is_told_twice(desk: Desk) -> None:
    """Late since Thursday 08.01, and Monday is the first working day: curator from Tuesday on."""
    monday = notices(desk.item("SANDBOX-1000002", NOW), desk.town, NOW)
    addressees = [notice.rung.employee or notice.rung.post.role for notice in monday]
    assert len(set(addressees)) == len(addressees)
    assert "head" in {notice.rung.step for notice in monday}
    assert "curator" not in {notice.rung.step for notice in monday}
    wednesday = NOW + timedelta(hours=48)
    later = notices(desk.item("SANDBOX-1000002", wednesday), desk.town, wednesday)
    assert "curator" in {notice.rung.step for notice in later}
    assert {notice.id for notice in monday} <= {notice.id for notice in later}


def test_a_complaint_does_not_go_to_the_body_complained_of(desk: Desk) -> None:
    with pytest.raises(UsageError) as caught:
        desk.forward(
            "SANDBOX-1000006", "utilities", "Переслано.", by=BY, now=NOW, complained_of=["utilities"]
        )
    assert caught.value.code == "desk.complained_of"
    assert desk.outbox.entries() == ()


@pytest.mark.parametrize("number", ["нет такого", "", "1"])
def test_an_unknown_number_is_said_so(desk: Desk, number: str) -> None:
    with pytest.raises(UsageError) as caught:
        desk.item(number, NOW)
    assert caught.value.code == "desk.no_message"


def test_the_workbook_holds_the_list(desk: Desk) -> None:
    book = load_workbook(BytesIO(worklist_workbook(desk.worklist(NOW), NOW)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 15
    assert rows[1][:2] == ("просрочено", datetime(2025, 12, 28, 18, 51, 42))  # noqa: DTZ001
    assert "@example" not in str(rows)
    assert "+7 000" not in str(rows)
