"""The program that is killed: collects everything there is, then handles it; run by tools/crash.py."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator, Sequence
from multiprocessing.connection import Client, Connection

from mcu_sdk.intake import Inbox, collect, failpoints, handle, subscribe
from mcu_sdk.model import Batch, Message


class CrashSource:
    """A queue at the other end of *line*."""

    channel = "portal"
    account = "town"
    queue = True

    def __init__(self, line: Connection) -> None:
        self._line = line

    def batches(self, cursor: str | None) -> Generator[Batch]:
        """Yield the pages of a pass."""
        del cursor
        self._line.send(("pages", []))
        for numbers in self._line.recv():
            yield Batch(
                channel=self.channel,
                account=self.account,
                items=tuple(
                    Message(
                        channel=self.channel,
                        account=self.account,
                        external_id=str(number),
                        text=f"Яма {number}",
                    )
                    for number in numbers
                ),
            )

    def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        """Tell the far side."""
        self._line.send(("told", [int(external_id) for external_id in external_ids]))
        self._line.recv()
        return tuple(external_ids)


def main(store: str, address: str, step: str, hits: str) -> None:
    """Collect and handle; with *step*, kill the program when it gets there for the *hits*-th time."""
    left = int(hits)

    def count_down() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if step:
        failpoints.arm(step, count_down)
    print("at work", flush=True)
    with Client(address, "AF_UNIX") as line, Inbox.open(store) as inbox:
        inbox.store.write("CREATE TABLE IF NOT EXISTS effects (number INTEGER NOT NULL)")

        def work(message: Message) -> None:
            inbox.store.write("INSERT INTO effects VALUES (?)", (int(message.external_id),))

        subscribe(inbox, "effects")
        collect(CrashSource(line), inbox)
        handle(inbox, "effects", work, together=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
