"""The watch over the whole run finds what it is there to find."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFTEST = """
from tests.leaks import LeakWatch

def pytest_configure(config):
    config.pluginmanager.register(LeakWatch())
"""
LEAKS = {
    "a log line at DEBUG": "logging.getLogger('any.other').debug('GET /?access_token=canary-query-token')",
    "an error's words": "McuError('x', 'no such person: Канарейкина')",
    "an error's values": "McuError('x', 'm', name='Канарейкина')",
    "an error's cause": """
    error = McuError('x', 'm')
    error.__cause__ = ValueError('canary-access-token')
""",
    "an error's pickle": "McuError('x', 'm').__dict__.update(body=b'canary-cookie')",
    "a warning": "warnings.warn('+7 910 123-45-67')",
    "what a command printed": "print('anna@canary.example'); capsys.readouterr()",
    "what nobody read": "print('canary-client-secret')",
    "a header": "logging.getLogger('httpcore').debug('Bearer abcdefgh')",
}
CLEAN = "logging.getLogger('any').debug('nothing'); McuError('x', 'm', name='***'); print('well')"


def run(tmp_path: Path, body: str) -> tuple[int, str]:
    """Return how a run of one test ended and what it printed, by a file: the watch reads pipes too."""
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    lines = "import logging\nimport warnings\nfrom mcu_sdk.errors import McuError\n\n\ndef test_it(capsys):\n"
    (tmp_path / "test_it.py").write_text(lines + "    " + body.strip() + "\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    told = tmp_path / "told.txt"
    with told.open("wb") as output:
        ended = subprocess.run(
            [*command, str(tmp_path)],
            check=False,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
            cwd=tmp_path,
        )
    return ended.returncode, told.read_text("utf-8")


@pytest.mark.parametrize("body", LEAKS.values(), ids=list(LEAKS))
def test_a_leak_fails_the_run(tmp_path: Path, body: str) -> None:
    status, told = run(tmp_path, body)
    assert status == 1
    assert "leaked" in told


def test_a_clean_run_passes(tmp_path: Path) -> None:
    status, told = run(tmp_path, CLEAN)
    assert (status, "leaked" in told) == (0, False)
