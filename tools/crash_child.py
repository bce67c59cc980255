"""The programs that are killed, run by tools/crash.py: one collects and handles, one delivers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator, Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Client, Connection

from mcu_sdk.intake import Inbox, Outbox, collect, deliver, failpoints, handle, reconcile, subscribe
from mcu_sdk.model import Batch, Message, Outcome, Outgoing, OutgoingKind, Presence, Receipt


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


class CrashSender:
    """A far side at the other end of *line* that takes answers and can be asked for them."""

    channel = "portal"
    account = "town"

    def __init__(self, line: Connection) -> None:
        self._line = line

    def send(self, outgoing: Outgoing) -> Receipt:
        """Say it."""
        self._line.send(("say", [int(outgoing.key)]))
        self._line.recv()
        return Receipt(sent=True)

    def find(self, outgoing: Outgoing) -> Presence:
        """Ask whether it was said."""
        self._line.send(("find", [int(outgoing.key)]))
        return Presence.THERE if self._line.recv() else Presence.ABSENT


def main(task: str, store: str, address: str, step: str, hits: str) -> None:
    """Do *task*; with *step*, kill the program when it gets there for the *hits*-th time."""
    left = int(hits)

    def count_down() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if step:
        failpoints.arm(step, count_down)
    print("at work", flush=True)
    with Client(address, "AF_UNIX") as line:
        {"collect": collect_all, "deliver": deliver_all}[task](store, line)


def collect_all(store: str, line: Connection) -> None:
    """Collect everything there is, then handle it."""
    with Inbox.open(store) as inbox:
        inbox.store.write("CREATE TABLE IF NOT EXISTS effects (number INTEGER NOT NULL)")

        def work(message: Message) -> None:
            inbox.store.write("INSERT INTO effects VALUES (?)", (int(message.external_id),))

        subscribe(inbox, "effects")
        collect(CrashSource(line), inbox)
        handle(inbox, "effects", work, together=True)


def deliver_all(store: str, line: Connection) -> None:
    """Put every answer there is to put, clear up what a crashed one left, and send the rest."""
    sender = CrashSender(line)
    line.send(("pages", []))
    numbers = sorted({number for page in line.recv() for number in page})
    with Outbox.open(store) as outbox:
        for number in numbers:
            outbox.put(_answer(number), by="clerk", now=datetime.now(UTC))
        later = datetime.now(UTC) + timedelta(hours=1)  # what a crashed one had in hand is past its lease
        reconcile(outbox, [sender], now=lambda: later)
        deliver(outbox, [sender])


def _answer(number: int) -> Outgoing:
    return Outgoing(
        key=str(number),
        channel="portal",
        account="town",
        external_id=str(number),
        kind=OutgoingKind.ANSWER,
        text=f"Сделано {number}",
        outcome=Outcome.SOLVED,
        created_at=datetime(2026, 1, 12, 9, 5, tzinfo=UTC),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
