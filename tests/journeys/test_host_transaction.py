"""The example of the host's own transaction does what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "host_transaction.py"


def test_a_message_and_a_card_are_kept_together(tmp_path: Path) -> None:
    run = [sys.executable, "-X", "utf8", str(EXAMPLE)]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines() == [
        "new: 1, stored: 0, cards: []",
        "new: 1, stored: 1, cards: [('Петрова',)]",
    ]
