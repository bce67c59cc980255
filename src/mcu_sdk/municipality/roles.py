"""The roles that a municipality's control centre usually has, by the decree that made one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from mcu_sdk.sla.bilingual import Text

__all__ = ["CURATOR", "HEAD", "known_roles"]

CURATOR = "mcu.curator"
HEAD = "mcu.head"


@cache
def known_roles() -> Mapping[str, Text]:
    """Return the usual roles with their titles; a profile may name others.

    >>> known_roles()["mcu.head"].en
    'Head of the municipal control centre'
    """
    table = tomllib.loads(files("mcu_sdk.municipality").joinpath("roles.toml").read_text("utf-8"))
    return MappingProxyType({row["role"]: Text(**row["title"]) for row in table["role"]})
