"""Whether zones are computed by data as new as it can be had here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzdata

from mcu_sdk.doctor.finding import Finding, finding
from mcu_sdk.municipality import zone_data_version

__all__ = ["Probe", "ZoneFacts", "gather_zones", "judge_zones"]


@dataclass(frozen=True, slots=True)
class Probe:
    """A moment at which a zone's offset is known, and what is computed here, None without the zone."""

    zone: str
    at: datetime
    offset_minutes: int
    found_minutes: int | None


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """The edition that zones are read from, `"unknown"` if not told; that of the tzdata package; probes."""

    used: str
    package: str
    probes: tuple[Probe, ...]


def gather_zones() -> ZoneFacts:
    """Read the editions and compute the probes."""
    text = files("mcu_sdk.doctor").joinpath("zone_probes.toml").read_text("utf-8")
    probes = tuple(
        Probe(row["zone"], row["at"], row["offset_minutes"], _offset_minutes(row["zone"], row["at"]))
        for row in tomllib.loads(text)["probe"]
    )
    return ZoneFacts(zone_data_version(), tzdata.IANA_VERSION, probes)


def judge_zones(facts: ZoneFacts) -> Finding:
    """Judge by the gravest: a zone that is missing, a wrong offset, an old edition, an unnamed one."""
    for probe in facts.probes:
        if probe.found_minutes is None:
            return finding("zone_data.missing", zone=probe.zone)
    for probe in facts.probes:
        if probe.found_minutes != probe.offset_minutes:
            return finding("zone_data.wrong", zone=probe.zone, at=probe.at, used=facts.used)
    if facts.used == "unknown":
        return finding("zone_data.unnamed", package=facts.package)
    if facts.used < facts.package:  # editions are a year and a letter
        return finding("zone_data.older", used=facts.used, package=facts.package)
    return finding("zone_data.good", used=facts.used, package=facts.package)


def _offset_minutes(zone: str, at: datetime) -> int | None:
    try:
        offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    except ZoneInfoNotFoundError:
        return None
    return None if offset is None else int(offset.total_seconds()) // 60
