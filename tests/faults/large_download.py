"""Saves a large file over the network and prints by how much the memory grew; a process of its own."""

from __future__ import annotations

import json
import resource
import sys
from datetime import timedelta
from pathlib import Path

from mcu_sdk.transport import HttpxTransport, PartFile, SavedFile, Session
from mcu_sdk.wire import Call, Request, Response, check_status, check_whole


def content_type(response: Response) -> str:
    """Read the answer as a file's."""
    check_status(response)
    check_whole(response)
    return response.content_type


def saved(session: Session, size: str, path: str) -> SavedFile:
    """Save the body of *size* bytes that the server makes up."""
    call = Call(Request("GET", f"/{size}"), content_type)
    with PartFile(path, size_bytes=int(size)) as part:
        return part.finish(session.run(call, timedelta(minutes=5), into=part))


def peak_bytes() -> int:
    """The most memory this program has held so far.

    The kernel's figure of the program itself: `ru_maxrss` begins with that of the parent.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    (line,) = (line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    url, size_text, target = sys.argv[1:]
    session = Session(HttpxTransport(url))
    saved(session, "1000", target)
    before_bytes = peak_bytes()
    large = saved(session, size_text, target)
    session.close()
    sys.stdout.write(json.dumps({"grown_bytes": peak_bytes() - before_bytes, "size_bytes": large.size_bytes}))
