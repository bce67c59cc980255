"""Named steps between which a crash must lose nothing; a test stops the program at each of them."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["arm", "hit"]

_armed: dict[str, Callable[[], object]] = {}


def hit(name: str) -> None:
    """Say that the step *name* is reached; outside of tests nothing happens."""
    if _armed and (action := _armed.get(name)):
        action()


def arm(name: str, action: Callable[[], object] | None) -> None:
    """Have *action* run whenever the step *name* is reached; None disarms it."""
    if action is None:
        _armed.pop(name, None)
    else:
        _armed[name] = action
