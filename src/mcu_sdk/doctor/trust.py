"""Whom this machine trusts: the roots of certifi, and each account's own."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import certifi

from mcu_sdk.doctor.finding import Finding, finding, words_of
from mcu_sdk.errors import UsageError
from mcu_sdk.transport import NetworkSettings

__all__ = ["CaFile", "Root", "gather_ca_file", "gather_roots", "judge_ca_file", "judge_roots"]

_ROOTS_ARE_OLD = timedelta(days=365)
_ENDS_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Root:
    """One certificate of an authority and the last moment of its validity."""

    name: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CaFile:
    """An account's file of roots: what stands in it, or why it cannot be used.

    `others` counts certificates that are no authority's; when they end is not known.
    """

    account: str
    file: str
    roots: tuple[Root, ...] = ()
    others: int = 0
    problem: UsageError | None = None


def gather_roots() -> tuple[str, int]:
    """Return certifi's version and how many roots it brings; none where its file cannot be read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(certifi.where())
    except OSError:  # ssl.SSLError is one
        return certifi.__version__, 0
    return certifi.__version__, context.cert_store_stats()["x509"]


def judge_roots(version: str, count: int, today: date) -> Finding:
    """Judge the usual roots by their number and their age."""
    if count == 0:
        return finding("roots.missing", version=version)
    issued = _date_of(version)
    if issued is None:
        return finding("roots.unnamed", version=version, count=count)
    if today - issued > _ROOTS_ARE_OLD:
        return finding("roots.old", version=version, count=count, issued=issued)
    return finding("roots.good", version=version, count=count, issued=issued)


def gather_ca_file(account: str, file: Path) -> CaFile:
    """Read an account's file of roots as its client would."""
    try:
        NetworkSettings(ca_file=file).tls_context()
    except UsageError as problem:
        return CaFile(account, str(file), problem=problem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without the usual roots
    context.load_verify_locations(file)
    roots = tuple(_root(described) for described in context.get_ca_certs())
    return CaFile(account, str(file), roots, context.cert_store_stats()["x509"] - len(roots))


def judge_ca_file(facts: CaFile, now: datetime) -> tuple[Finding, ...]:
    """Judge an account's file of roots: unusable, all ended, some ended, ending soon."""
    account, file = facts.account, facts.file
    if facts.problem is not None:
        return (finding("ca_file.unusable", account=account, file=file, reason=words_of(facts.problem)),)
    ended = [root for root in facts.roots if root.ends_at <= now]
    if ended and len(ended) == len(facts.roots) and not facts.others:
        newest = max(ended, key=lambda root: root.ends_at)
        return (finding("ca_file.ended", account=account, file=file, ends=newest.ends_at.date()),)
    found = [
        finding("ca_file.one_ended", account=account, file=file, name=root.name, ends=root.ends_at.date())
        for root in ended
    ]
    found += [
        finding("ca_file.ends_soon", account=account, file=file, name=root.name, ends=root.ends_at.date())
        for root in facts.roots
        if now < root.ends_at <= now + _ENDS_SOON
    ]
    count = len(facts.roots) + facts.others
    return tuple(found) or (finding("ca_file.good", account=account, file=file, count=count),)


def _date_of(version: str) -> date | None:
    found = re.match(r"(\d{4})\.(\d{1,2})\.(\d{1,2})(?!\d)", version)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _root(described: Mapping[str, object]) -> Root:
    subject = cast("tuple[tuple[tuple[str, str], ...], ...]", described.get("subject", ()))
    names = dict(pair for part in subject for pair in part)
    name = names.get("commonName") or names.get("organizationName") or "?"
    ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(described["notAfter"])), UTC)
    return Root(name, ends_at)
