"""`mcu collect --follow` as a process: it collects, lives through trouble, and leaves when it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mcu_sdk.intake import Inbox, heartbeats
from mcu_sdk.sandbox import FaultScript, PortalSandbox, SandboxServer, seeded_messages

PROFILE = Path(__file__).resolve().parents[2] / "examples" / "meshchovsk.toml"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_follows_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    sandbox = PortalSandbox(
        seeded_messages(1, datetime(2026, 1, 12, 5, 5, tzinfo=UTC)), faults=FaultScript.parse("500@2")
    )
    with SandboxServer(sandbox) as server:
        text = PROFILE.read_text("utf-8").replace("http://127.0.0.1:8765", server.url)
        (tmp_path / "town.toml").write_text(text, "utf-8")
        keys = {
            "MCU_PORTAL_SECRET": sandbox.organisation_secret,
            "MCU_PORTAL_CLIENT_SECRET": sandbox.client_secret,
        }
        command = ["-m", "mcu_sdk.cli", "collect", "--profile", "town.toml", "--follow", "--every", "1"]
        with subprocess.Popen(
            [sys.executable, "-u", *command],
            cwd=tmp_path,
            env={**os.environ, **keys, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            text=True,
        ) as program:
            assert program.stdout is not None
            lines = [program.stdout.readline() for _ in range(2)]
            program.send_signal(number)
            lines += program.stdout.readlines()
        assert program.returncode == 0
    assert "500" in lines[0]
    assert "новых 14" in lines[1]
    assert lines[-1].startswith("Остановлено")
    with Inbox.open(tmp_path / "inbox.sqlite3") as inbox:
        assert inbox.count() == 14
        (life,) = heartbeats(inbox.store)
        assert (life.name, life.failure) == ("portal portal", None)
