"""Write docs/resiliency.md from the table that the fault matrix is tested against.

python tools/resiliency_page.py            write the page
python tools/resiliency_page.py --check    fail if it differs
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from mcu_sdk.sandbox import FAULT_KINDS
from mcu_sdk.sandbox.operations import OPERATIONS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "resiliency.md"
TABLE = ROOT / "tests" / "faults" / "endings.toml"
HEAD = """# What happens when the network or the portal misbehaves

<!-- Written by tools/resiliency_page.py from tests/faults/endings.toml. Change the data, not this page. -->

Every fault below is played by the sandbox over real HTTP against every operation of `Portal` and
`AsyncPortal`, with a time limit of one second (`tests/faults/test_matrix.py`). In each case the call ends
within the limit by success or by the error named here, never by an error of a library below. A list or a
file is whole or there is none. A success of a write means that it took effect once; an error whose
`delivered` is `"no"` means that it did not; a status or a file that may have arrived is never sent again.

To play a fault yourself, see [Work against the sandbox](guide/work-against-the-sandbox.md).

## The words

Where a cell has two words, the first is for a fault that hits every request of the operation, the second
for one that hits a single request: the first, of `list` the second, where the second page is asked for.

| Word | Error and code | Meaning |
|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    table: dict[str, Any] = tomllib.loads(TABLE.read_text("utf-8"))
    words = [f"| {word} | {_error(row['error'])} | {row['text']} |" for word, row in table["words"].items()]
    lines = [
        "| Fault | What happens | The request | " + " | ".join(OPERATIONS) + " |",
        "|---" * (3 + len(OPERATIONS)) + "|",
        *(_row(fault, cells) for fault, cells in table["endings"].items()),
    ]
    return HEAD + "\n".join(words) + "\n\n## The faults\n\n" + "\n".join(lines) + "\n"


def _error(text: str) -> str:
    return " ".join(f"`{part}`" for part in text.split())


def _row(fault: str, cells: list[str]) -> str:
    name, _, value = fault.partition(":")
    if kind := FAULT_KINDS.get(name):
        what, done = kind.english, "takes effect" if kind.takes_effect else "has no effect"
    elif name.isdecimal():
        what, done = f"status {name}" + (f", Retry-After: {value}" if value else ""), "has no effect"
    else:
        what, done = "nobody listens at the address", "has no effect"
    shown = [cell.replace("/", " / ") for cell in cells]
    return f"| `{fault}` | {what} | {done} | {' | '.join(shown)} |"


def main() -> int:
    """Write or check; return 1 when the page is not the data's."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), "utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text("utf-8") == page():
        return 0
    print("docs/resiliency.md differs from the data; run: python tools/resiliency_page.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
