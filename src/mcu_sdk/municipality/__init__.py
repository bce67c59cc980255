"""One municipality: its zone, hours, rules, people and accounts, read from one file."""

from __future__ import annotations

from mcu_sdk.municipality.municipality import Municipality
from mcu_sdk.municipality.roster import Post, Roster

__all__ = ["Municipality", "Post", "Roster"]
