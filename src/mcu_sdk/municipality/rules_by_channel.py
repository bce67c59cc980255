"""Which rules the messages of each channel get, by their regime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from mcu_sdk.model import Regime
from mcu_sdk.municipality.municipality import Municipality
from mcu_sdk.municipality.people import Channel
from mcu_sdk.sla import PolicyRow

__all__ = ["ChannelRules", "rules_by_channel"]


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """The policy rows that a message of one channel and regime may meet, in order.

    The last one takes all the rest if `complete`; else there are messages that no row fits. `is_default`
    marks the regime of messages that do not tell theirs.
    """

    channel: str
    regime: Regime
    rows: tuple[PolicyRow, ...]
    complete: bool
    is_default: bool = False

    def conditions_of(self, row: PolicyRow) -> Mapping[str, tuple[object, ...]]:
        """Return what *row* asks besides channel and regime; empty when it takes all the rest."""
        return {fact: allowed for fact, allowed in row.when if fact not in _SETTLED}


_SETTLED = frozenset({"channel", "regime", "municipality"})


def rules_by_channel(town: Municipality) -> tuple[ChannelRules, ...]:
    """Return what each channel that the profile names gets in each regime, in the order of the lists."""
    return tuple(
        _rules(town, channel, regime)
        for channel in _channels_named(town)
        for regime in Regime
        if regime is not Regime.UNKNOWN
    )


def _channels_named(town: Municipality) -> Iterator[str]:
    named = {*town.account_channels.values(), *town.regimes}
    named.update(channel for post in town.roster.posts for channel in post.answers_for)
    named.update(
        str(word)
        for row in town.policy.rows
        for fact, words in row.when
        if fact == "channel"
        for word in words
    )
    return (channel for channel in get_args(Channel) if channel in named)


def _rules(town: Municipality, channel: str, regime: Regime) -> ChannelRules:
    known = {"channel": channel, "regime": regime.value, "municipality": town.oktmo}
    met: list[PolicyRow] = []
    complete = False
    for row in town.policy.rows:
        if all(known[fact] in allowed for fact, allowed in row.when if fact in known):
            met.append(row)
            complete = not row.dated and all(fact in known for fact, _ in row.when)
        if complete:
            break
    return ChannelRules(channel, regime, tuple(met), complete, town.regimes.get(channel) is regime)
