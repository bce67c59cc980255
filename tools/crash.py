"""Kill a collecting program at any moment, let it go on, and look whether anything was lost or done twice.

make crash                     every step once, then 50 random moments of a run over 10,000 messages
MCU_CRASH_SEED=7 make crash    the same moments again

One program collects from a far side that delivers at least once, with overlaps, and handles every
message; each handling adds one row. The far side looks into the store by itself at every
acknowledgement, before it believes it. Another puts answers and delivers them; the far side counts
what it is told by key.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from mcu_sdk.intake import Inbox

ROOT = Path(__file__).resolve().parent.parent
CHILD = Path(__file__).with_name("crash_child.py")
MESSAGES, ANSWERS = 10_000, 500
TASKS = (("collect", ("collect.", "handle."), MESSAGES), ("deliver", ("deliver.", "outbox."), ANSWERS))
PAGE = 200
OVERLAP = 5
BARS = 10


@dataclass
class FarSide:
    """Hands out what is not acknowledged, a little of it twice, and checks that acknowledged is stored."""

    store: Path
    count: int
    acknowledged: list[int] = field(default_factory=list)
    premature: list[int] = field(default_factory=list)
    said: list[int] = field(default_factory=list)

    def pages(self) -> list[list[int]]:
        """The pages of one pass; each begins with the end of the one before."""
        known = set(self.acknowledged)
        waiting = [number for number in range(self.count) if number not in known]
        starts = range(0, len(waiting), PAGE)
        return [waiting[max(0, start - OVERLAP) : start + PAGE] for start in starts]

    def take(self, numbers: list[int]) -> None:
        """Note an acknowledgement, and which of its messages were not committed when it came."""
        with closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as looking:
            stored = {int(row[0]) for row in looking.execute("SELECT external_id FROM mcu_inbox")}
        self.premature.extend(number for number in numbers if number not in stored)
        self.acknowledged.extend(numbers)

    def serve(self, line: Connection) -> bool:
        """Answer one program until it is gone; return whether it asked for the end of it all."""
        try:
            while True:
                asked, numbers = line.recv()
                if asked == "stop":
                    return True
                if asked == "pages":
                    line.send(self.pages())
                elif asked == "say":
                    self.said.extend(numbers)
                    line.send(None)
                elif asked == "find":
                    line.send(numbers[0] in self.said)
                else:
                    self.take(numbers)
                    line.send(None)
        except (EOFError, OSError):
            return False


@dataclass(frozen=True)
class Outcome:
    """What a store holds after a program was killed and let go on."""

    lost: int
    handled_twice: int
    not_handled: int
    premature: int
    flaws: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return self == Outcome(0, 0, 0, 0, ())


@contextmanager
def served(far: FarSide, folder: Path) -> Iterator[str]:
    """The far side on a socket in *folder*."""
    address = str(folder / "far.sock")
    with Listener(address, "AF_UNIX") as listener:

        def accept() -> None:
            stopped = False
            while not stopped:
                with listener.accept() as line:
                    stopped = far.serve(line)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield address
        finally:
            with Client(address, "AF_UNIX") as line:
                line.send(("stop", []))
            thread.join()


class Program:
    """One run of the collecting program; `started_at` is when it is past its imports."""

    def __init__(self, task: str, far: FarSide, address: str, step: str = "", hits: int = 1) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(CHILD), task, str(far.store), address, step, str(hits)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self.started_at = time.monotonic()

    def killed_after(self, seconds: float) -> bool:
        """Kill it then; return whether it was still at work."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
        return self.status() == -signal.SIGKILL

    def status(self) -> int:
        """Wait for its end and return how it ended."""
        status = self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        return status


def outcome(task: str, far: FarSide) -> Outcome:
    """Look at the store, and at what the far side saw."""
    with Inbox.open(far.store) as inbox:
        flaws = (*inbox.store.check(), *map(str, inbox.journal.verify()))
    with closing(sqlite3.connect(far.store)) as looking:
        if task == "collect":
            stored = Counter(int(row[0]) for row in looking.execute("SELECT external_id FROM mcu_inbox"))
            done = Counter(int(row[0]) for row in looking.execute("SELECT number FROM effects"))
        else:
            sent = "SELECT key FROM mcu_outbox WHERE state = 'sent'"
            stored, done = Counter(int(row[0]) for row in looking.execute(sent)), Counter(far.said)
    wanted = range(far.count)
    return Outcome(
        lost=sum(number not in stored for number in wanted),
        handled_twice=sum(times > 1 for counted in (stored, done) for times in counted.values()),
        not_handled=sum(number not in done for number in wanted),
        premature=len(far.premature),
        flaws=flaws,
    )


def steps() -> list[str]:
    """Every named step of the library, as its source names them."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    return sorted(set(re.findall(r'\bhit\("([^"]+)"\)', source)))


def killed_at_step(task: str, step: str, hits: int, count: int) -> tuple[bool, Outcome]:
    """Kill a program at its *hits*-th pass of *step*, let another finish; return whether it was reached."""
    with tempfile.TemporaryDirectory() as name:
        far = FarSide(Path(name, "town.sqlite3"), count)
        with served(far, Path(name)) as address:
            reached = Program(task, far, address, step, hits).status() == -signal.SIGKILL
            assert Program(task, far, address).status() == 0
        return reached, outcome(task, far)


def measured_seconds(task: str, count: int) -> float:
    """How long the program takes undisturbed, past its imports."""
    with tempfile.TemporaryDirectory() as name:
        far = FarSide(Path(name, "town.sqlite3"), count)
        with served(far, Path(name)) as address:
            program = Program(task, far, address)
            assert program.status() == 0
            seconds = time.monotonic() - program.started_at
        assert outcome(task, far).is_clean
        return seconds


def killed_after(task: str, seconds: float, count: int) -> Outcome:
    """Kill a program after *seconds* and let another finish."""
    with tempfile.TemporaryDirectory() as name:
        far = FarSide(Path(name, "town.sqlite3"), count)
        with served(far, Path(name)) as address:
            Program(task, far, address).killed_after(seconds)
            assert Program(task, far, address).status() == 0
        return outcome(task, far)


def at_random_moments(task: str, runs: int, count: int, seed: int) -> list[Outcome]:
    """Kill *runs* programs at moments drawn evenly from the measured run, and print when."""
    drawn = random.Random(seed)
    whole_seconds = measured_seconds(task, count)
    bars: Counter[int] = Counter()
    outcomes: list[Outcome] = []
    for run in range(runs):
        seconds = drawn.uniform(0, whole_seconds)
        found = killed_after(task, seconds, count)
        bars[min(BARS - 1, int(BARS * seconds / whole_seconds))] += 1
        outcomes.append(found)
        print(f"  {run + 1:>3}  killed after {seconds:6.3f} s: {found}", flush=True)
    print(f"  moments, tenths of {whole_seconds:.2f} s: " + " ".join(str(bars[bar]) for bar in range(BARS)))
    return outcomes


def main() -> int:
    """Crash at every step, then at random moments; return 1 when anything was lost or done twice."""
    seed = int(os.environ.get("MCU_CRASH_SEED") or random.SystemRandom().randrange(10**6))
    runs = int(os.environ.get("MCU_CRASH_RUNS") or 50)
    wrong = 0
    for task, beginnings, count in TASKS:
        for step in (step for step in steps() if step.startswith(beginnings)):
            reached, found = killed_at_step(task, step, 1, 500)
            print(f"  {step:32} {'killed' if reached else 'NOT REACHED'}: {found}", flush=True)
            wrong += not (reached and found.is_clean)
        print(f"\n{task}: {runs} random moments over {count} messages, MCU_CRASH_SEED={seed}")
        wrong += sum(not found.is_clean for found in at_random_moments(task, runs, count, seed))
    print("nothing lost, nothing done twice" if not wrong else f"{wrong} RUNS WENT WRONG")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
