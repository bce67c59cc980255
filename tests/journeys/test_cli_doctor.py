"""`mcu doctor` from the user's side: a municipality's file, its store, a portal on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from tests.leaks import Canaries

from mcu_sdk.cli import main
from mcu_sdk.intake import Inbox
from mcu_sdk.intake.heartbeat import beat
from mcu_sdk.sandbox import Fault, PortalSandbox, SandboxServer
from mcu_sdk.wire import Request, Response

MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
NOW = "2026-01-12T08:05:00+03:00"
PROFILE = (Path(__file__).parents[2] / "examples" / "meshchovsk.toml").read_text("utf-8")


class Clocked(PortalSandbox):
    """A portal whose clock shows what it is told to."""

    date = "Mon, 12 Jan 2026 05:05:00 GMT"

    def answer(self, request: Request, fault: Fault | None) -> Response:
        response = super().answer(request, fault)
        return Response(response.status, {**response.headers, "date": self.date}, response.body)


@dataclass
class Town:
    """A municipality with all it needs, in a folder of its own."""

    folder: Path
    url: str
    sandbox: Clocked
    canaries: Canaries
    more: str = ""
    secrets: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.inbox = self.folder / "town.sqlite3"
        self.secrets = {
            "MCU_PORTAL_SECRET": self.canaries.organisation_secret,
            "MCU_PORTAL_CLIENT_SECRET": self.canaries.client_secret,
        }
        with Inbox.open(self.inbox) as opened:
            beat(opened.store, "portal portal", MONDAY)

    def arguments(self) -> list[str]:
        profile = self.folder / "town.toml"
        text = PROFILE.replace("http://127.0.0.1:8765", self.url)
        profile.write_text(text.replace("writes = true", f"writes = true\n{self.more}"), "utf-8")
        return ["doctor", "--profile", str(profile), "--inbox", str(self.inbox), "--now", NOW]


@pytest.fixture
def town(tmp_path: Path, canaries: Canaries) -> Iterator[Town]:
    sandbox = Clocked()
    with SandboxServer(sandbox) as server:
        yield Town(tmp_path, server.url, sandbox, canaries)


def doctor(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, town: Town, *more: str
) -> tuple[int, str]:
    """Run the command in this process; return its exit status and output."""
    for name, value in town.secrets.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        main([*town.arguments(), *more])
    printed = capsys.readouterr()
    assert printed.err == ""
    return int(stopped.value.code or 0), printed.out


def found_by(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, town: Town, *more: str
) -> dict[str, Any]:
    """What is found besides the good, by code. The zone data are this machine's own affair."""
    status, out = doctor(capsys, monkeypatch, town, "--json", *more)
    findings = json.loads(out)
    assert status == any(item["level"] == "trouble" for item in findings)
    return {
        item["code"]: item
        for item in findings
        if item["level"] != "good" and item["check"] not in ("extras", "zone_data")
    }


def test_a_fit_machine_and_town(town: Town) -> None:
    """Everything is good, in Russian, and the status says so. The zone data are the package's here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MCU", "COVERAGE"))}
    done = subprocess.run(
        [sys.executable, "-m", "mcu_sdk.cli", *town.arguments()],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**kept, **town.secrets, "PYTHONTZPATH": "", "PYTHONUTF8": "1"},
        check=False,
    )
    heading, *rows, end = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert heading == "Состояние\tЧто найдено\tЧто сделать"
    assert Counter(row.split("\t")[0] for row in rows) == {"хорошо": 14, "к сведению": 1}
    assert end == "Неисправностей: 0, предупреждений: 0."
    assert "хорошо\t«portal»: часы этого компьютера и системы идут одинаково\t" in rows


def test_every_language_says_it_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    """The same findings for programs and in both languages; codes do not change with the language."""
    russian = json.loads(doctor(capsys, monkeypatch, town, "--json")[1])
    english = json.loads(doctor(capsys, monkeypatch, town, "--json", "--lang", "en")[1])
    assert [item["code"] for item in russian] == [item["code"] for item in english]
    assert all(item.keys() == {"check", "code", "level", "text", "ask", "facts"} for item in russian)
    (clock,) = [item for item in english if item["check"] == "clock"]
    assert clock["text"] == "portal: this machine's clock agrees with the far side's"
    _, plain = doctor(capsys, monkeypatch, town, "--lang", "en")
    assert plain.splitlines()[0] == "State\tFound\tTo do"
    assert len(plain.splitlines()) == len(english) + 2


def test_a_clock_that_is_off(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    """Ten seconds are a warning, an hour is trouble, and whom to ask is said."""
    town.sandbox.date = "Mon, 12 Jan 2026 05:05:10 GMT"
    (off,) = found_by(capsys, monkeypatch, town).values()
    assert (off["code"], off["level"], off["facts"]["off_seconds"]) == ("clock.off", "warning", 10)
    town.sandbox.date = "Mon, 12 Jan 2026 04:05:00 GMT"
    (wrong,) = found_by(capsys, monkeypatch, town).values()
    assert (wrong["code"], wrong["level"]) == ("clock.wrong", "trouble")
    assert "спешат против часов системы на 3599 с" in wrong["text"]
    assert "Попросите администратора сервера исправить часы" in wrong["ask"]


def test_offline_the_clock_is_not_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    """Nothing reaches the portal."""
    town.sandbox.date = "Mon, 12 Jan 2026 04:05:00 GMT"
    assert found_by(capsys, monkeypatch, town, "--offline").keys() == {"reach.skipped"}
    assert len(town.sandbox.log) == 0


def test_secrets_that_are_not_there_or_lie_open(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    """Told by their places; the run is watched for the values."""
    key = town.folder / "client.key"
    key.write_text(town.canaries.client_secret, "utf-8")
    key.chmod(0o644)
    monkeypatch.setitem(
        globals(), "PROFILE", PROFILE.replace("env:MCU_PORTAL_CLIENT_SECRET", "file:client.key")
    )
    town.secrets["MCU_PORTAL_SECRET"] = ""
    found = found_by(capsys, monkeypatch, town)
    assert found.keys() == {"secrets.no_variable", "secrets.open_to_all"}
    assert "MCU_PORTAL_SECRET" in found["secrets.no_variable"]["ask"]
    assert f"chmod o-rwx {key}" in found["secrets.open_to_all"]["ask"]


def test_an_expired_root_and_a_proxy_with_a_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    """The CA file has ended; nobody is at the proxy, whose password is not shown."""
    monkeypatch.setattr(trustme, "DEFAULT_EXPIRY", datetime(2026, 1, 11))  # noqa: DTZ001  # as trustme has it
    trustme.CA(organization_name="Old Root").cert_pem.write_to_path(str(town.folder / "root.pem"))
    town.secrets["MCU_PROXY"] = f"http://user:{town.canaries.proxy_password}@127.0.0.1:1"
    town.more = 'ca_file = "root.pem"\nproxy = "env:MCU_PROXY"'
    found = found_by(capsys, monkeypatch, town)
    assert found.keys() == {"ca_file.ended", "reach.failed"}
    assert "кончился 11.01.2026" in found["ca_file.ended"]["text"]
    assert found["ca_file.ended"]["facts"]["ends"] == "2026-01-11"
    assert found["reach.failed"]["facts"]["error"] == "transport.not_reached"


def test_a_store_nobody_collects_into(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    """The last success was long ago, and why since then is told."""
    with Inbox.open(town.inbox) as opened:
        beat(opened.store, "portal portal", datetime(2026, 1, 12, 3, tzinfo=UTC))
        beat(opened.store, "portal portal", MONDAY, "api.forbidden")
    found = found_by(capsys, monkeypatch, town)
    assert found.keys() == {"collecting.failing_since"}
    assert "(api.forbidden): последний удачный был 125 мин назад" in found["collecting.failing_since"]["text"]


def test_a_mistake_on_the_command_line_is_not_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2, as for every verb."""
    with pytest.raises(SystemExit) as stopped:
        main(["doctor", "--now", "потом"])
    assert stopped.value.code == 2
    assert "--now" in capsys.readouterr().err
