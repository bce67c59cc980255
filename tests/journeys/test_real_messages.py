"""The whole way on real input: 2,000 real messages served over HTTP, collected, judged, explained."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from mcu_sdk import AsyncPortal, Inbox, Municipality, Portal, PortalSettings, collect, collect_async, worklist
from mcu_sdk.sandbox import FaultScript, PortalSandbox, SandboxServer, messages_from_csv
from mcu_sdk.text import clean_text, find_personal_data, mask_text
from mcu_sdk.wire import Secret

NOW = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"
TROUBLE = "503@3x2, 401@40, 503@111, 429@500:0, 503@1500, 401@1700"
MARKUP = re.compile(
    r"</?(?:p|span|br|strong|li|ol|ul|a|u|i|b|figure|em|img|blockquote)\b[^>]*>|&(?:nbsp|amp|laquo|raquo);"
)


@dataclass
class PatientClock:
    """Monotonic time that passes only by waiting, and never really waits."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds


class PatientAsyncClock(PatientClock):
    """The same for the other world."""

    async def sleep(self, seconds: float) -> None:  # type: ignore[override]  # the asynchronous protocol
        PatientClock.sleep(self, seconds)


@contextmanager
def far_side(shared_folder: Path, faults: str) -> Iterator[tuple[PortalSandbox, PortalSettings]]:
    queue = messages_from_csv(shared_folder / "data" / "real" / "messages-kursk-masked.csv", NOW)
    sandbox = PortalSandbox(queue, faults=FaultScript.parse(faults))
    with SandboxServer(sandbox) as server:
        yield (
            sandbox,
            PortalSettings(
                url=server.url,
                account="portal",
                organisation_id=sandbox.organisation_id,
                organisation_secret=Secret(sandbox.organisation_secret),
                client_id=sandbox.client_id,
                client_secret=Secret(sandbox.client_secret),
                writes=True,
            ),
        )


@pytest.mark.real
@pytest.mark.parametrize("faults", ["", TROUBLE], ids=["calm", "trouble"])
@pytest.mark.parametrize("world", ["sync", "async"])
def test_two_thousand_messages_arrive_once(
    shared_folder: Path, tmp_path: Path, world: str, faults: str
) -> None:
    """All arrive, once, cleaned; a second run adds none; 503, 429 and 401 on the way change nothing."""
    clock = PatientClock() if world == "sync" else PatientAsyncClock()
    with (
        far_side(shared_folder, faults) as (sandbox, settings),
        Inbox.open(tmp_path / "town.sqlite3") as inbox,
    ):

        def run() -> object:
            if world == "sync":
                with Portal(settings, clock=clock) as portal:
                    return collect(portal, inbox, now=lambda: NOW)

            async def collecting() -> object:
                async with AsyncPortal(settings, clock=PatientAsyncClock()) as portal:
                    return await collect_async(portal, inbox, now=lambda: NOW)

            return anyio.run(collecting)

        assert repr(run()) == "Collected(new=2000, known=0, quarantined=0)"
        assert repr(run()) == "Collected(new=0, known=0, quarantined=0)"
        messages = list(inbox.messages())
        assert sandbox.queue == ()
    assert len({message.key for message in messages}) == 2000
    assert [message.external_id for message in messages if MARKUP.search(message.text)] == []
    assert all(message.text for message in messages)


@pytest.mark.real
def test_every_real_message_has_a_deadline_and_a_reason(shared_folder: Path, tmp_path: Path) -> None:
    """No message of the 2,000 is without a due moment, a responsible post and an explanation."""
    town = Municipality.load(PROFILE)
    with far_side(shared_folder, "") as (_, settings), Inbox.open(tmp_path / "town.sqlite3") as inbox:
        with Portal(settings) as portal:
            collect(portal, inbox, now=lambda: NOW)
        items = worklist(inbox, town, NOW)
    assert len(items) == 2000
    assert all(item.problem is None and item.due is not None for item in items)
    assert {item.responsible.role for item in items if item.responsible} == {"portal.coordinator"}
    dues = [item.due.timestamp() for item in items if item.due is not None]
    assert dues == sorted(dues)
    for item in items:
        text = item.explain("ru")
        assert item.due is not None
        assert f"{item.due:%d.%m.%Y}" in text
        assert item.late == (item.due.timestamp() < NOW.timestamp())
    assert items[0].remaining(NOW) == timedelta(seconds=dues[0] - NOW.timestamp())


@pytest.mark.real
def test_what_masking_finds_in_real_messages(shared_folder: Path) -> None:
    """Each find was read and is what it is called; most plates and some phones are of organisations."""
    queue = messages_from_csv(shared_folder / "data" / "real" / "messages-kursk-masked.csv", NOW)
    texts = [clean_text(str(message["description"])) for message in queue]
    found = Counter(one.kind.value for text in texts for one in find_personal_data(text))
    assert len(texts) == 2000
    assert found == {
        "address": 53,
        "plate": 30,
        "phone": 11,
        "number": 4,
        "passport": 1,
        "snils": 1,
        "inn": 1,
    }
    assert not any(find_personal_data(mask_text(text)) for text in texts)
