"""Write the synchronous twin of every asynchronous module, or check that it is up to date.

python tools/unasync.py           write
python tools/unasync.py --check   exit 1 when a file differs or a substitution is of no use
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {
    "src/mcu_sdk/transport/async_downloads.py": "downloads.py",
    "src/mcu_sdk/transport/async_network.py": "network.py",
    "src/mcu_sdk/transport/async_httpx_transport.py": "httpx_transport.py",
    "src/mcu_sdk/transport/async_login.py": "login.py",
    "src/mcu_sdk/transport/async_session.py": "session.py",
    "src/mcu_sdk/channels/portal/async_client.py": "client.py",
    "src/mcu_sdk/intake/async_collecting.py": "collecting.py",
    "src/mcu_sdk/intake/async_delivering.py": "delivering.py",
}
SUBSTITUTIONS = [
    (r"(?:import anyio\n)?import anyio\.to_thread\n\n", ""),
    (r" *\w+ = anyio\.CapacityLimiter\(1\)\n", ""),
    (r"\basync_login\b", "login"),
    (r"import Awaitable, ", "import "),
    (r"\bAwaitable\[(\w+)\]", r"\1"),
    (r"await anyio\.to_thread\.run_sync\((\w+(?:\.\w+)*), (.+?), limiter=\w+\)", r"\1(\2)"),
    (r"await anyio\.to_thread\.run_sync\((\w+(?:\.\w+)*), limiter=\w+\)", r"\1()"),
    (r"await anyio\.to_thread\.run_sync\((\w+(?:\.\w+)*), (\w+)\)", r"\1(\2)"),
    (r"\b(collect|deliver|reconcile|resolve)_async\b", r"\1"),
    (r"\baiter\(", "iter("),
    (r"\bhandle_async_request\b", "handle_request"),
    (r"\bhttpcore\.AnyIOBackend\b", "httpcore.SyncBackend"),
    (r"\basync_(network|session|httpx_transport)\b", r"\1"),
    (r", for asyncio and trio\b", ""),
    (r"The asynchronous way", "The way"),
    (r"\bAsyncByteStream\b", "SyncByteStream"),
    (r"\b(_?)Async([A-Z]\w*)", r"\1\2"),
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\b__aenter__\b", "__enter__"),
    (r"\b__aexit__\b", "__exit__"),
    (r"\baclos(e|ing)\b", r"clos\1"),
    (r"\basynchronous\b", "synchronous"),
]
MARK = "# Generated from {name} by tools/unasync.py; edit that file.\n"


def synchronous(text: str, name: str, used: set[str]) -> str:
    """Return the synchronous twin of the module *text*, noting in *used* which patterns fitted."""
    for pattern, replacement in SUBSTITUTIONS:
        text, count = re.subn(pattern, replacement, text)
        if count:
            used.add(pattern)
    return _tidied(MARK.format(name=name) + text)


def _tidied(text: str) -> str:
    """Return *text* as ruff would leave it, so that it may be run over the whole tree."""
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check", "--select", "I", "--fix"], ["format"]):
        arguments = [*ruff, *command, "--quiet", "--stdin-filename", "src/mcu_sdk/twin.py", "-"]
        text = subprocess.run(
            arguments, input=text, capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
    return text


def main() -> int:
    """Write or check all twins; return the exit status."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true")
    check = arguments.parse_args().check
    used: set[str] = set()
    stale: list[str] = []
    for source, target_name in SOURCES.items():
        path = ROOT / source
        target = path.with_name(target_name)
        twin = synchronous(path.read_text("utf-8"), path.name, used)
        if target.exists() and target.read_text("utf-8") == twin:
            continue
        if check:
            stale.append(str(target.relative_to(ROOT)))
        else:
            target.write_text(twin, "utf-8")
    idle = [pattern for pattern, _ in SUBSTITUTIONS if pattern not in used]
    for name in stale:
        print(f"{name} differs from its asynchronous source; run: python tools/unasync.py")
    for pattern in idle:
        print(f"the substitution {pattern!r} fits nothing; remove it")
    return 1 if stale or idle else 0


if __name__ == "__main__":
    sys.exit(main())
