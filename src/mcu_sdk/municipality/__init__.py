"""One municipality: its zone, hours, rules, people and accounts, read from one file."""

from __future__ import annotations

from mcu_sdk.municipality.municipality import Municipality
from mcu_sdk.municipality.remarks import Remark, remarks
from mcu_sdk.municipality.roster import Absence, Duty, Employee, Post, Roster, Rung
from mcu_sdk.municipality.routing import Body, Fit, PassedOver, Route, RouteRow, Routing
from mcu_sdk.municipality.rules_by_channel import ChannelRules, rules_by_channel
from mcu_sdk.municipality.zone_data import zone_data_version

__all__ = [
    "Absence",
    "Body",
    "ChannelRules",
    "Duty",
    "Employee",
    "Fit",
    "Municipality",
    "PassedOver",
    "Post",
    "Remark",
    "Roster",
    "Route",
    "RouteRow",
    "Routing",
    "Rung",
    "remarks",
    "rules_by_channel",
    "zone_data_version",
]
