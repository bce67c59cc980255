"""One municipality: its zone, hours, rules, people and accounts, read from one file."""

from __future__ import annotations

from mcu_sdk.municipality.municipality import Municipality
from mcu_sdk.municipality.roster import Post, Roster
from mcu_sdk.municipality.zone_data import zone_data_version

__all__ = ["Municipality", "Post", "Roster", "zone_data_version"]
