"""A specialist's raw calls against the sandbox over real HTTP: taken, answered, refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mcu_sdk import Portal, PortalSettings
from mcu_sdk.channels.portal import AnswerType, PortalMessage, StatusReport
from mcu_sdk.errors import Invalid, NotFound, OutcomeUnknown
from mcu_sdk.model import Person
from mcu_sdk.sandbox import FaultScript, PortalSandbox, SandboxServer, seeded_messages
from mcu_sdk.wire import Secret

MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
EXECUTOR = Person(surname="Исполнитель", name="Первый")
MANAGER = Person(surname="Руководитель", name="Второй")


@pytest.fixture
def sandbox() -> PortalSandbox:
    return PortalSandbox(seeded_messages(1, MONDAY))


@pytest.fixture
def portal(sandbox: PortalSandbox) -> Iterator[Portal]:
    with SandboxServer(sandbox) as server, Portal(settings(server.url, sandbox)) as client:
        yield client


def settings(url: str, sandbox: PortalSandbox) -> PortalSettings:
    return PortalSettings(
        url=url,
        account="portal",
        organisation_id=sandbox.organisation_id,
        organisation_secret=Secret(sandbox.organisation_secret),
        client_id=sandbox.client_id,
        client_secret=Secret(sandbox.client_secret),
        writes=True,
    )


def test_taken_then_answered(portal: Portal, sandbox: PortalSandbox) -> None:
    """A message is taken, a file is stored, the answer goes out with it, with times in true UTC."""
    message = portal.messages.list(limit=1)[0]
    assert portal.messages.report(
        message.id, StatusReport.taken(message, executor=EXECUTOR, manager=MANAGER)
    ).sent
    stored = portal.files.upload("ответ.pdf", b"%PDF-1.4 ...", "application/pdf")
    answer = StatusReport.answered(
        message,
        "Контейнер вернули 12.01.2026.",
        AnswerType.SOLVED,
        executor=EXECUTOR,
        manager=MANAGER,
        outgoing_number="01-17/5",
        outgoing_at=datetime(2026, 1, 12, 16, 30, tzinfo=timezone(timedelta(hours=3))),
        attachment_ids=(stored.id,),
    )
    assert portal.messages.report(message.id, answer).sent
    taken, answered = sandbox.reports(message.id)
    assert (taken["status"], taken["answer"]) == ("В работе", False)
    assert (answered["status"], answered["appealAnswerType"]) == ("Закрыто", "SOLVED")
    assert answered["outgoingNumberSetAt"] == "2026-01-12T13:30:00Z"
    assert answered["regNumber"] == message.reg_number
    assert [(file.name, file.content_type) for file in sandbox.uploads] == [("ответ.pdf", "application/pdf")]


def test_a_message_file_is_downloaded(portal: Portal) -> None:
    """The file of a message comes with its Cyrillic name."""
    with_file = next(message for message in portal.messages.list() if message.attachments)
    assert with_file.attachments is not None
    downloaded = portal.files.download(str(with_file.attachments[0]))
    assert downloaded.content
    assert downloaded.name
    assert not downloaded.name.isascii()


def test_a_refusal_says_the_portal_s_words(portal: Portal) -> None:
    """A report that the portal refuses is Invalid with its words; an unknown message is NotFound."""
    message = portal.messages.list(limit=1)[0]
    with pytest.raises(Invalid) as caught:
        portal.messages.report(message.id, StatusReport(status="В работе"))
    assert caught.value.status == 400
    assert caught.value.values["words"]
    with pytest.raises(NotFound):
        portal.messages.report(999, StatusReport.taken(message, executor=EXECUTOR, manager=MANAGER))


def test_a_broken_answer_to_a_write_is_an_unknown_outcome() -> None:
    """A 503 after an answer was sent is not repeated and not called a failure: nobody knows."""
    sandbox = PortalSandbox(seeded_messages(1, MONDAY), faults=FaultScript.parse("503@3"))
    with SandboxServer(sandbox) as server, Portal(settings(server.url, sandbox)) as portal:
        message: PortalMessage = portal.messages.list(limit=1)[0]
        with pytest.raises(OutcomeUnknown):
            portal.messages.report(
                message.id, StatusReport.taken(message, executor=EXECUTOR, manager=MANAGER)
            )
    assert [entry.method for entry in sandbox.log].count("POST") == 2
