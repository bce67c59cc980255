"""Whether every secret that an account names is there. Secrets are looked for, never kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mcu_sdk.channels.portal import PortalSettings
from mcu_sdk.doctor.finding import Finding, finding
from mcu_sdk.errors import UsageError
from mcu_sdk.wire import SecretReference

__all__ = ["SecretPlace", "gather_secret_places", "judge_secret_place"]


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where one secret of an account is kept, what is wrong with it, and whether others may read its file."""

    account: str
    key: str
    reference: str
    problem: Literal["no_variable", "no_file", "no_right", "no_text"] | None = None
    open_to_all: bool = False


def gather_secret_places(account: str, settings: PortalSettings) -> tuple[SecretPlace, ...]:
    """Look at each place of a secret that *settings* name."""
    return tuple(_looked_at(account, key, reference) for key, reference in _references(settings))


def judge_secret_place(facts: SecretPlace) -> Finding:
    """Judge whether the secret is there and is kept from others."""
    codes = {
        None: "secrets.good",
        "no_variable": "secrets.no_variable",
        "no_file": "secrets.no_file",
        "no_right": "secrets.no_right",
        "no_text": "secrets.no_text",
    }
    code = codes[facts.problem]
    if facts.problem is None and facts.open_to_all:
        code = "secrets.open_to_all"
    place = facts.reference.partition(":")[2]
    return finding(code, account=facts.account, key=facts.key, reference=facts.reference, place=place)


def _references(settings: PortalSettings) -> Iterator[tuple[str, SecretReference]]:
    named = {
        "organisation_secret": settings.organisation_secret,
        "client_secret": settings.client_secret,
        "proxy": settings.network.proxy,
    }
    for key, value in named.items():
        if isinstance(value, SecretReference):
            yield key, value


def _looked_at(account: str, key: str, reference: SecretReference) -> SecretPlace:
    kind, _, name = reference.text.partition(":")
    file = Path(name) if kind == "file" else None
    try:
        reference.resolve()
    except UsageError:
        problem = "no_variable" if file is None else _why_missing(file)
        return SecretPlace(account, key, reference.text, problem)
    return SecretPlace(account, key, reference.text, open_to_all=file is not None and _open_to_all(file))


def _why_missing(file: Path) -> Literal["no_file", "no_right", "no_text"]:
    try:
        with file.open("rb"):
            return "no_text"
    except PermissionError:
        return "no_right"
    except (OSError, ValueError):
        return "no_file"


def _open_to_all(file: Path) -> bool:
    return os.name == "posix" and bool(file.stat().st_mode & stat.S_IROTH)
