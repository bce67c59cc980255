"""Stores batches until the store fails, and says how; a process of its own, whose disk is made small."""

from __future__ import annotations

import json
import resource
import signal
import sys
from datetime import UTC, datetime

from mcu_sdk.errors import StoreError
from mcu_sdk.intake import Inbox
from mcu_sdk.model import Batch, Message

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)


def page(number: int) -> Batch:
    """Ten messages and the cursor after them."""
    items = tuple(
        Message(channel="portal", account="town", external_id=f"{number}-{one}", text="Яма " * 100)
        for one in range(10)
    )
    return Batch(channel="portal", account="town", items=items, cursor=str(number))


def main(path: str, limit_bytes: str) -> dict[str, object]:
    """Return how many pages were stored and the code of the error that ended it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    stored = 0
    try:
        with Inbox.open(path) as inbox:
            if int(limit_bytes):
                resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit_bytes), resource.RLIM_INFINITY))
            while stored < 200:
                inbox.receive(page(stored), AT)
                stored += 1
    except StoreError as error:
        return {"stored": stored, "code": error.code}
    return {"stored": stored, "code": None}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
