"""`mcu collect --follow`: every account of the file, again and again, until it is told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType

from mcu_sdk.cli.screen import Screen
from mcu_sdk.intake import Inbox, PassEnded, Progress, follow
from mcu_sdk.municipality import Municipality

__all__ = ["follow_accounts"]


def follow_accounts(screen: Screen, town: Municipality, inbox: Path, every: timedelta) -> None:
    """Follow all accounts; SIGTERM and Ctrl+C finish the batch in hand and leave."""
    shown = threading.Lock()

    def show(event: Progress) -> None:
        if not isinstance(event, PassEnded):
            return
        with shown:
            if event.collected is not None:
                new, known = event.collected.new, event.collected.known
                screen.say(
                    f"{event.account}: новых {new}, известных {known}.",
                    f"{event.account}: new {new}, known {known}.",
                )
            if event.error is not None:
                again = round(event.wait_seconds)
                screen.say(
                    f"{event.account}: {event.error.localized('ru')}. Снова через {again} с.",
                    f"{event.account}: {event.error}. Again in {again} s.",
                )

    with ExitStack() as stack, _stopped_by_signal() as stop:
        portals = [stack.enter_context(town.portal(name)) for name in town.accounts]
        opened = stack.enter_context(Inbox.open(inbox))
        follow(portals, opened, stop, every=every, on_progress=show)
    screen.say("Остановлено: что собрано, то сохранено.", "Stopped: what was collected is stored.")


@contextmanager
def _stopped_by_signal() -> Generator[threading.Event]:
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
