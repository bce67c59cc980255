"""Kill a collecting program at any moment, let it go on, and look whether anything was lost or done twice.

make crash                     every step once, then 50 random moments of a run over 10,000 messages
MCU_CRASH_SEED=7 make crash    the same moments again

A program collects from a far side that delivers at least once, with overlaps, and handles every
message; each handling adds one row. The far side looks into the store by itself at every
acknowledgement, before it believes it.
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

ROOT = Path(__file__).resolve().parent.parent
CHILD = Path(__file__).with_name("crash_child.py")
MESSAGES = 10_000
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

    def serve(self, line: Connection) -> None:
        """Answer one program until it is gone."""
        try:
            while True:
                asked, numbers = line.recv()
                if asked == "pages":
                    line.send(self.pages())
                else:
                    self.take(numbers)
                    line.send(None)
        except (EOFError, OSError):
            return


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
            while True:
                try:
                    with listener.accept() as line:
                        if line.poll(0) and line.recv() == "stop":
                            return
                        far.serve(line)
                except (EOFError, OSError):
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield address
        finally:
            with Client(address, "AF_UNIX") as line:
                line.send("stop")
            thread.join()


class Program:
    """One run of the collecting program; `started_at` is when it is past its imports."""

    def __init__(self, store: Path, address: str, step: str = "", hits: int = 1) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(CHILD), str(store), address, step, str(hits)],
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


def outcome(far: FarSide) -> Outcome:
    """Look at the store with nothing of the library but its tables and its journal."""
    from mcu_sdk.intake import Inbox  # after a crash, as any program would

    with Inbox.open(far.store) as inbox:
        flaws = (*inbox.store.check(), *map(str, inbox.journal.verify()))
    with closing(sqlite3.connect(far.store)) as looking:
        stored = Counter(int(row[0]) for row in looking.execute("SELECT external_id FROM mcu_inbox"))
        effects = Counter(int(row[0]) for row in looking.execute("SELECT number FROM effects"))
    wanted = range(far.count)
    return Outcome(
        lost=sum(number not in stored for number in wanted),
        handled_twice=sum(times > 1 for times in effects.values()) + sum(times > 1 for times in stored.values()),
        not_handled=sum(number not in effects for number in wanted),
        premature=len(far.premature),
        flaws=flaws,
    )


def steps() -> list[str]:
    """Every named step of the collecting program, as the source names them."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src/mcu_sdk/intake").glob("*.py"))
    return sorted({name for name in re.findall(r'\bhit\("([^"]+)"\)', source) if not name.startswith(("deliver", "outbox"))})


def killed_at_step(step: str, hits: int, count: int) -> tuple[bool, Outcome]:
    """Kill a program at its *hits*-th pass of *step*, let another finish; return whether it was reached."""
    with tempfile.TemporaryDirectory() as name:
        far = FarSide(Path(name, "town.sqlite3"), count)
        with served(far, Path(name)) as address:
            reached = Program(far.store, address, step, hits).status() == -signal.SIGKILL
            assert Program(far.store, address).status() == 0
        return reached, outcome(far)


def measured_seconds(count: int) -> float:
    """How long the program takes undisturbed, past its imports."""
    with tempfile.TemporaryDirectory() as name:
        far = FarSide(Path(name, "town.sqlite3"), count)
        with served(far, Path(name)) as address:
            program = Program(far.store, address)
            assert program.status() == 0
            seconds = time.monotonic() - program.started_at
        assert outcome(far).is_clean
        return seconds


def killed_after(seconds: float, count: int) -> tuple[int, Outcome]:
    """Kill a program after *seconds*, let another finish; return how many messages were stored then."""
    with tempfile.TemporaryDirectory() as name:
        far = FarSide(Path(name, "town.sqlite3"), count)
        with served(far, Path(name)) as address:
            Program(far.store, address).killed_after(seconds)
            with closing(sqlite3.connect(far.store)) as looking:
                tables = looking.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'mcu_inbox'")
                exists = tables.fetchone()[0]
                counted = looking.execute("SELECT count(*) FROM mcu_inbox").fetchone()[0] if exists else 0
            assert Program(far.store, address).status() == 0
        return counted, outcome(far)


def at_random_moments(runs: int, count: int, seed: int) -> list[Outcome]:
    """Kill *runs* programs at moments drawn evenly from the measured run, and print when."""
    drawn = random.Random(seed)
    whole_seconds = measured_seconds(count)
    bars: Counter[int] = Counter()
    outcomes: list[Outcome] = []
    for run in range(runs):
        seconds = drawn.uniform(0, whole_seconds)
        stored, found = killed_after(seconds, count)
        bars[min(BARS - 1, int(BARS * seconds / whole_seconds))] += 1
        outcomes.append(found)
        print(f"  {run + 1:>3}  killed after {seconds:6.3f} s with {stored:>6} stored: {found}", flush=True)
    print(f"  moments, tenths of {whole_seconds:.2f} s: " + " ".join(str(bars[bar]) for bar in range(BARS)))
    return outcomes


def main() -> int:
    """Crash at every step, then at random moments; return 1 when anything was lost or done twice."""
    seed = int(os.environ.get("MCU_CRASH_SEED") or random.SystemRandom().randrange(10**6))
    runs = int(os.environ.get("MCU_CRASH_RUNS") or 50)
    wrong = 0
    for step in steps():
        reached, found = killed_at_step(step, 1, 500)
        print(f"  {step:32} {'killed' if reached else 'NOT REACHED'}: {found}", flush=True)
        wrong += not (reached and found.is_clean)
    print(f"\n{runs} random moments over {MESSAGES} messages, MCU_CRASH_SEED={seed}")
    wrong += sum(not found.is_clean for found in at_random_moments(runs, MESSAGES, seed))
    print("nothing lost, nothing handled twice" if not wrong else f"{wrong} RUNS WENT WRONG")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
