"""Hold the library against the slow oracle: 200,000 random cases, every date, every exact edge; in bulk too.

Usage: python -m tools.oracle [SEED], or MCU_ORACLE_SEED. A seed repeats the run. Exits 1 on any difference.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from multiprocessing import get_context
from time import perf_counter

from tests.laws.contest import RUSSIA, WEEKLY, Entry, contest

RANDOM_CASES = 200_000
ENTRIES = [*WEEKLY, *RUSSIA]
CASES_EACH = -(-RANDOM_CASES // len(ENTRIES))
SHOWN = 20


def hold(job: tuple[Entry, str]) -> tuple[Counter[str], list[str]]:
    """Hold one calendar's contest; return what was asked and what differed."""
    held = contest(*job, CASES_EACH)
    return held.asked, held.differences


def main() -> int:
    """Run all, print counts and differences."""
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MCU_ORACLE_SEED")
    seed = given or str(random.SystemRandom().randrange(10**9))
    print(f"seed {seed}; {len(ENTRIES)} calendars, {CASES_EACH * len(ENTRIES)} random cases", flush=True)
    asked: Counter[str] = Counter()
    differences: list[str] = []
    begun = perf_counter()
    # A process is left after a few calendars, so that their tables do not pile up.
    with get_context("spawn").Pool(os.cpu_count(), maxtasksperchild=8) as pool:
        for counts, found in pool.imap_unordered(hold, [(entry, seed) for entry in ENTRIES]):
            asked += counts
            differences += found
    for name, number in sorted(asked.items()):
        print(f"{name:18} {number:>10,}")
    print(f"{'answers compared':18} {asked.total():>10,} in {perf_counter() - begun:.0f} s")
    print(f"{'differences':18} {len(differences):>10,}")
    print(*differences[:SHOWN], sep="\n")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
