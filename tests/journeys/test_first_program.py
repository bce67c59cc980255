"""The first ten lines of a user's program, as the README and the example have them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from mcu_sdk.sandbox import PortalSandbox, SandboxServer, seeded_messages

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)


def test_the_example_runs_beside_a_sandbox(tmp_path: Path) -> None:
    """The example file, run as its docstring says, prints what was collected and a reason for each date."""
    sandbox = PortalSandbox(seeded_messages(1, MONDAY))
    with SandboxServer(sandbox) as server:
        profile = (ROOT / "examples" / "meshchovsk.toml").read_text("utf-8")
        (tmp_path / "meshchovsk.toml").write_text(
            profile.replace("http://127.0.0.1:8765", server.url), "utf-8"
        )
        program = tmp_path / "first_program.py"
        program.write_text((ROOT / "examples" / "first_program.py").read_text("utf-8"), "utf-8")
        done = subprocess.run(
            [sys.executable, "-W", "error", str(program)],
            cwd=tmp_path,
            env=os.environ
            | {
                "MCU_PORTAL_SECRET": sandbox.organisation_secret,
                "MCU_PORTAL_CLIENT_SECRET": sandbox.client_secret,
                "PYTHONIOENCODING": "utf-8",
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert done.stderr == ""
    assert done.stdout.startswith("Collected(new=14, known=0, quarantined=0)\n")
    assert done.stdout.count("portal.coordinator") == 14


def test_readme_and_example_are_one_program() -> None:
    """The README's first block differs from the example file only in where the profile lies."""
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert block is not None
    example = (ROOT / "examples" / "first_program.py").read_text("utf-8").partition('"""\n\n')[2]
    assert _words(block[1]) == _words(
        example.replace("from pathlib import Path\n", "").replace(
            'Path(__file__).with_name("meshchovsk.toml")', '"meshchovsk.toml"'
        )
    )
    russian = re.search(r"```python\n(.*?)```", (ROOT / "README.ru.md").read_text("utf-8"), re.DOTALL)
    assert russian is not None
    assert _words(russian[1]) == _words(block[1])


def test_packaged_profile_is_the_example() -> None:
    """The profile `mcu demo` carries is the one in `examples/`, to the byte."""
    packaged = ROOT / "src" / "mcu_sdk" / "sandbox" / "meshchovsk.toml"
    assert packaged.read_bytes() == (ROOT / "examples" / "meshchovsk.toml").read_bytes()


def _words(program: str) -> list[str]:
    return [line.split("  #")[0].rstrip() for line in program.splitlines() if line.strip()]
