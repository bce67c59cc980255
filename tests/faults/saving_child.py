"""Saves one file again and again, killed a step later each time; run as a process of its own.

Writes, as JSON, what stood under the final name after each death, and how often.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

from mcu_sdk.transport import PartFile

OLD, NEW = b"old", b"n" * 20_000


def save(path: Path) -> None:
    """Save NEW under *path* in pieces."""
    with PartFile(path, size_bytes=len(NEW)) as part:
        part.restart()
        for start in range(0, len(NEW), 7000):
            part.write(NEW[start : start + 7000])
        part.finish()


def killed_at(step: int, path: Path) -> bool:
    """Save in a forked child that kills itself at its call or return number *step*; say whether it died."""
    child = os.fork()
    if child == 0:
        steps = 0

        def count(frame: FrameType, event: str, argument: object) -> None:
            nonlocal steps
            del frame, event, argument
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count)
        save(path)
        sys.setprofile(None)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main(folder: Path, *, before: bytes | None) -> dict[str, int]:
    """Kill at every step; return how often the name stood for nothing, the old and the new file."""
    path = folder / "file"
    seen: Counter[str] = Counter()
    step = 0
    died = True
    while died:
        step += 1
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
        died = killed_at(step, path)
        content = path.read_bytes() if path.exists() else None
        seen[{None: "nothing", OLD: "old", NEW: "new"}.get(content, "broken")] += 1
    parts = [place for place in folder.iterdir() if place != path]
    assert all(place.name.startswith("file.") and place.suffix == ".part" for place in parts), parts
    return dict(seen) | {"steps": step, "parts": len(parts)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), before=OLD if sys.argv[2] == "old" else None)))
