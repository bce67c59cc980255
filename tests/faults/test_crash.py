"""A program killed at every named step and at random moments loses nothing and does nothing twice."""

from __future__ import annotations

import os
import random

import pytest
from tools import crash

STEPS = [
    "collect.after_acknowledge",
    "collect.after_commit",
    "collect.before_acknowledge",
    "collect.before_store",
    "handle.after_claim",
    "handle.after_done",
    "handle.after_work",
]
SEED = int(
    os.environ.get("MCU_CRASH_SEED") or (20260112 if os.environ.get("CI") else random.randrange(10**6))
)


def test_every_step_of_the_source_is_crashed_at() -> None:
    """A new step without a crash shows here."""
    assert crash.steps() == STEPS


@pytest.mark.parametrize("hits", [1, 2])
@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_a_step_loses_and_doubles_nothing(step: str, hits: int) -> None:
    reached, found = crash.killed_at_step(step, hits, 500)
    assert reached or (hits == 2 and "acknowledge" in step)  # one acknowledgement ends a run
    assert found.is_clean


def test_ten_crashes_at_random_moments_lose_and_double_nothing() -> None:
    outcomes = crash.at_random_moments(10, crash.MESSAGES, SEED)
    assert [found.is_clean for found in outcomes] == [True] * 10, f"again: MCU_CRASH_SEED={SEED}"
