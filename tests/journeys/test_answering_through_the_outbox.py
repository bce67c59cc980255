"""An answer goes through the outbox to the sandbox over real HTTP: said once, or known to be in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mcu_sdk import Municipality
from mcu_sdk.errors import CapabilityMissing, ProfileError
from mcu_sdk.intake import Delivered, Reconciled, deliver, reconcile
from mcu_sdk.model import Attachment, Organisation, Outcome, Outgoing, OutgoingKind, Person
from mcu_sdk.sandbox import FaultScript, PortalSandbox, SandboxServer, seeded_messages

MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"
PERSON = Person(surname="Исполнитель", name="Первый")


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> PortalSandbox:
    monkeypatch.setenv("MCU_PORTAL_SECRET", PortalSandbox.organisation_secret)
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", PortalSandbox.client_secret)
    return PortalSandbox(seeded_messages(1, MONDAY), faults=FaultScript.parse("report/503@1"))


@pytest.fixture
def url(sandbox: PortalSandbox) -> Iterator[str]:
    with SandboxServer(sandbox) as server:
        yield server.url


def town(tmp_path: Path, url: str, sending: str) -> Municipality:
    path = tmp_path / "town.toml"
    path.write_text(PROFILE.read_text("utf-8") + f"\n[sending]\n{sending}\n", "utf-8")
    return Municipality.load(path, urls={"portal": url})


def answer(sandbox: PortalSandbox, key: str, **fields: object) -> Outgoing:
    values = {
        "key": key,
        "channel": "portal",
        "account": "portal",
        "external_id": str(sandbox.queue[0]),
        "kind": OutgoingKind.ANSWER,
        "text": "Контейнер вернули.",
        "outcome": Outcome.SOLVED,
        "executor": PERSON,
        "manager": PERSON,
        "created_at": MONDAY,
    }
    return Outgoing.model_validate(values | fields)


def test_an_answer_in_doubt_is_settled_by_a_person_and_nothing_goes_twice(
    tmp_path: Path, sandbox: PortalSandbox, url: str
) -> None:
    """Put, approved, stopped, resumed, a 503, looked up in vain, settled, sent once."""
    municipality = town(tmp_path, url, "two_persons = true")
    message = sandbox.queue[0]
    with municipality.portal() as portal, municipality.outbox(tmp_path / "town.sqlite3") as outbox:
        outbox.put(answer(sandbox, "a-1"), by="Специалист", now=MONDAY)
        assert deliver(outbox, [portal], now=lambda: MONDAY) == Delivered()
        outbox.approve("a-1", by="Куратор", now=MONDAY)
        outbox.stop(by="Куратор", reason="проверка", now=MONDAY)
        assert deliver(outbox, [portal], now=lambda: MONDAY) == Delivered(stopped=True)
        assert [entry for entry in sandbox.log if entry.method == "POST"] == []
        outbox.resume(by="Куратор", now=MONDAY)
        assert deliver(outbox, [portal], now=lambda: MONDAY) == Delivered(unknown=1)
        assert deliver(outbox, [portal], now=lambda: MONDAY) == Delivered()
        assert reconcile(outbox, [portal], now=lambda: MONDAY) == Reconciled(in_doubt=1)
        assert sandbox.reports(message) == ()
        outbox.settle("a-1", sent=False, by="Специалист", now=MONDAY)
        assert deliver(outbox, [portal], now=lambda: MONDAY) == Delivered(sent=1)
        assert deliver(outbox, [portal], now=lambda: MONDAY) == Delivered()
        assert outbox.journal.verify() == ()
    (sent,) = sandbox.reports(message)
    assert (sent["answer"], sent["answerText"], sent["appealAnswerType"]) == (
        True,
        "Контейнер вернули.",
        "SOLVED",
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {
                "kind": OutgoingKind.EXTEND,
                "outcome": None,
                "postponed_until": datetime(2026, 2, 10, 20, 59, 59, tzinfo=UTC),
            },
            {"status": "В работе", "appealAnswerType": "POSTPONED", "postponedDate": "2026-02-10T20:59:59Z"},
        ),
        (
            {"kind": OutgoingKind.FORWARD, "outcome": None, "routed_to": Organisation(name="Водоканал")},
            {"status": "Закрыто", "appealAnswerType": "FORWARDED"},
        ),
    ],
)
def test_an_extension_and_a_forwarding_are_answers_of_their_own_type(
    tmp_path: Path, sandbox: PortalSandbox, url: str, fields: dict[str, object], told: dict[str, object]
) -> None:
    """With the number of the message, as the observed system always sent it; its time in UTC."""
    municipality = town(tmp_path, url, "two_persons = false")
    message = sandbox.queue[1]
    moscow = timezone(timedelta(hours=3))
    meant = {
        "external_id": str(message),
        "registration_number": "SANDBOX-1",
        "registered_at": datetime(2026, 1, 1, 1, tzinfo=moscow),
        "organisation": Organisation(external_id="4000", name="Администрация"),
    }
    with municipality.portal() as portal, municipality.outbox(tmp_path / "town.sqlite3") as outbox:
        for key in ("first meets the scripted 503", "second"):
            outbox.put(answer(sandbox, key, **fields, **meant), by="Специалист", now=MONDAY)
        assert deliver(outbox, [portal], now=lambda: MONDAY) == Delivered(unknown=1)
        outbox.settle("first meets the scripted 503", sent=True, by="Специалист", now=MONDAY)
        assert deliver(outbox, [portal], now=lambda: MONDAY) == Delivered(sent=1)
    (report,) = sandbox.reports(message)
    assert told.items() <= report.items()
    assert (report["answer"], report["answerText"]) == (True, "Контейнер вернули.")
    assert (report["regNumber"], report["regNumberSetAt"], report["opaId"]) == (
        "SANDBOX-1",
        "2025-12-31T22:00:00Z",
        "4000",
    )


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"kind": OutgoingKind.UNKNOWN}, "kind unknown"),
        ({"kind": OutgoingKind.EXTEND}, "an extension without its new date"),
        ({"kind": OutgoingKind.TAKE}, "text of kind take"),
        ({"outcome": Outcome.SUPPORTED}, "outcome supported"),
        ({"attachments": (Attachment(name="a.pdf"),)}, "an attachment that is not stored on the portal"),
    ],
)
def test_what_the_portal_has_no_place_for_is_named_and_not_sent(
    tmp_path: Path, sandbox: PortalSandbox, url: str, fields: dict[str, object], named: str
) -> None:
    municipality = town(tmp_path, url, "two_persons = false")
    step = answer(sandbox, "a-1", **fields)
    with municipality.portal() as portal, municipality.outbox(tmp_path / "town.sqlite3") as outbox:
        with pytest.raises(CapabilityMissing) as caught:
            portal.send(step)
        assert caught.value.values["what"] == named
        outbox.put(step, by="Специалист", now=MONDAY)
        assert deliver(outbox, [portal], now=lambda: MONDAY) == Delivered(failed=1)
    assert sandbox.log == ()


@pytest.mark.parametrize("sending", ["two_persons = 1", "three_persons = true"])
def test_the_table_of_sending_is_checked(tmp_path: Path, url: str, sending: str) -> None:
    with pytest.raises(ProfileError, match=r"sending\."):
        town(tmp_path, url, sending)
