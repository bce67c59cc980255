"""When each clock of a case starts and ends, read off the log; a clock may run several times."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mcu_sdk.sla.events import EventKind

if TYPE_CHECKING:
    from mcu_sdk.sla.case import Entry, Log

_DEAD = (EventKind.CANCELLED, EventKind.MERGED_INTO)


class Activation(NamedTuple):
    """One run of a clock: what started it and what ended it, if anything has.

    `since` is the number of log entries before it: 0 for the first, those up to its start for later ones.
    """

    number: int
    start: Entry | None
    end: Entry | None = None
    cancelled: bool = False
    since: int = 0


def once_and_reopened(clock: str, start_event: str, log: Log) -> list[Activation]:
    """Return the runs of a clock that runs once, and anew from a reopening.

    The first run starts with *start_event*; its end may stand before it in the log, where a register
    keeps dates alone. A reopening restarts the final clock once it has ended, other clocks only where
    they were stopped unfulfilled.
    """
    done: list[Activation] = []
    start = end = None
    cancelled, since = False, 0
    for index, entry in enumerate(log, 1):
        event = entry[1]
        if start is None and event.kind == start_event:
            start = entry
        if end is None:
            if clock in event.meets:
                end = entry
            elif clock in event.cancels:
                end, cancelled = entry, True
        elif event.kind is EventKind.REOPENED and (cancelled or clock == "final"):
            done.append(Activation(len(done) + 1, start, end, cancelled, since))
            start, end, cancelled, since = entry, None, False, index
    done.append(Activation(len(done) + 1, start, end, cancelled, since))
    return done


def reopened_before(run: Activation, log: Log) -> int:
    """Return how many entries of *log* there are up to the last reopening before *run*; 0 without one."""
    entries = enumerate(log[: run.since], 1)
    return max((number for number, (_, event) in entries if event.kind is EventKind.REOPENED), default=0)


def promised(log: Log) -> list[Activation]:
    """Return the runs of the promise: one for each, stopped by the next one."""
    runs: list[Activation] = []
    for index, entry in enumerate(log, 1):
        event = entry[1]
        going_on = bool(runs) and runs[-1].end is None
        if event.kind is EventKind.PROMISED:
            if going_on:
                runs[-1] = runs[-1]._replace(end=entry, cancelled=True)
            runs.append(Activation(len(runs) + 1, entry, since=index))
        elif going_on and "promise" in event.meets:
            runs[-1] = runs[-1]._replace(end=entry)
        elif going_on and "promise" in event.cancels:
            runs[-1] = runs[-1]._replace(end=entry, cancelled=True)
    return runs


def citizen_waits(log: Log, *, rearm: bool) -> list[Activation]:
    """Return the runs of the next reply: from the first unanswered message after a reply of ours.

    Once the final clock has ended, a message starts it only with *rearm*, and never in a case that was
    cancelled or merged into another; a reopening makes it startable again.
    """
    runs: list[Activation] = []
    replied = ended = dead = going_on = False
    for index, entry in enumerate(log, 1):
        event = entry[1]
        if going_on:
            meets = "next_reply" in event.meets
            if meets or "next_reply" in event.cancels:
                runs[-1] = runs[-1]._replace(end=entry, cancelled=not meets)
                going_on = False
        elif event.kind is EventKind.CITIZEN_WROTE and replied and not dead and (rearm or not ended):
            runs.append(Activation(len(runs) + 1, entry, since=index))
            going_on = True
        replied = replied or "next_reply" in event.meets
        if event.kind is EventKind.REOPENED:
            ended = dead = False
        ended = ended or "final" in event.meets or "final" in event.cancels
        dead = dead or event.kind in _DEAD
    return runs
