"""A program killed at every named step and at random moments loses nothing and does nothing twice."""

from __future__ import annotations

import os
import random

import pytest
from tools import crash

STEPS = {
    "collect.after_acknowledge": "collect",
    "collect.after_commit": "collect",
    "collect.before_acknowledge": "collect",
    "collect.before_store": "collect",
    "deliver.after_claim": "deliver",
    "deliver.after_send": "deliver",
    "deliver.after_settle": "deliver",
    "handle.after_claim": "collect",
    "handle.after_done": "collect",
    "handle.after_work": "collect",
    "outbox.after_put": "deliver",
    "purge.after_commit": None,
    "purge.before_commit": None,
    "quarantine.after_commit": None,
    "quarantine.before_commit": None,
}
"""Each step and the program that is killed there; those without one are in test_retention.py."""
SEED = int(
    os.environ.get("MCU_CRASH_SEED") or (20260112 if os.environ.get("CI") else random.randrange(10**6))
)


def test_every_step_of_the_source_is_crashed_at() -> None:
    """A new step without a crash shows here."""
    assert crash.steps() == list(STEPS)


@pytest.mark.parametrize("hits", [1, 2])
@pytest.mark.parametrize("step", [step for step, task in STEPS.items() if task])
def test_a_crash_at_a_step_loses_and_doubles_nothing(step: str, hits: int) -> None:
    task = STEPS[step]
    assert task is not None
    reached, found = crash.killed_at_step(task, step, hits, 500 if task == "collect" else 20)
    assert reached or (hits == 2 and "acknowledge" in step)  # one acknowledgement ends a run
    assert found.is_clean


@pytest.mark.parametrize(("task", "count"), [("collect", crash.MESSAGES), ("deliver", 200)])
def test_ten_crashes_at_random_moments_lose_and_double_nothing(task: str, count: int) -> None:
    outcomes = crash.at_random_moments(task, 10, count, SEED)
    assert [found.is_clean for found in outcomes] == [True] * 10, f"again: MCU_CRASH_SEED={SEED}"
