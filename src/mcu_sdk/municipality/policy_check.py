"""Whether a policy can be followed: its words exist, and its rules find their calendars."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from mcu_sdk.errors import SlaError
from mcu_sdk.model import ApplicantKind, Kind, Regime
from mcu_sdk.municipality.profile import profile_error
from mcu_sdk.municipality.roster import Channel
from mcu_sdk.sla import Calendar, Policy, PolicyRow

__all__ = ["check_policy"]

_WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(word for word in Kind if word is not Kind.UNKNOWN),
    "regime": tuple(word for word in Regime if word is not Regime.UNKNOWN),
    "channel": get_args(Channel),
    "applicant_kind": tuple(word for word in ApplicantKind if word is not ApplicantKind.UNKNOWN),
}


def check_policy(path: Path, policy: Policy, calendars: Mapping[str, Calendar]) -> None:
    """Raise ProfileError for the first row that no message can fit or whose rule lacks its calendar."""
    for row in policy.rows:
        _check_words(path, row)
        for clock, rule_id in row.rules.items():
            try:
                for rule in policy.book:
                    if rule.id == rule_id:
                        rule.bind(calendars)
            except SlaError as error:
                place = f"policy.row.{row.number}.rules.{clock}"
                raise profile_error(path, place, str(error), error.localized("ru")) from None


def _check_words(path: Path, row: PolicyRow) -> None:
    for fact, allowed in row.when:
        known = _WORDS.get(fact)
        if known is not None and not set(allowed) <= set(known):
            words = ", ".join(f"'{word}'" for word in known)
            place = f"policy.row.{row.number}.when.{fact}"
            raise profile_error(path, place, f"must be one of {words}", f"допустимо только: {words}")
