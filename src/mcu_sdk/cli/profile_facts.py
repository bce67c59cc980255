"""What a municipality's file comes to, as plain data for the screen and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from mcu_sdk.errors import Language, SlaError
from mcu_sdk.municipality import ChannelRules, Municipality, Post, remarks, rules_by_channel
from mcu_sdk.sla import Calendar, PolicyRow
from mcu_sdk.wire import SecretReference

__all__ = ["profile_facts"]


def profile_facts(town: Municipality, now: datetime, language: Language) -> dict[str, Any]:
    """Return the summary of *town* at the aware moment *now*; no secret is read."""
    today = now.astimezone(town.zone).date()
    return {
        "ok": True,
        "name": town.name,
        "oktmo": town.oktmo,
        "zone": str(town.zone),
        "calendars": [
            {"name": name, "today": _hours(calendar, today, language)}
            for name, calendar in town.calendars.items()
        ],
        "accounts": [_account(town, name) for name in town.accounts],
        "rules": list(_rules(town)),
        "roster": [_post(town, post, now, language) for post in town.roster.posts if post.is_valid_on(today)],
        "routes": [
            {
                "row": row.number,
                "topics": list(row.topics),
                "territories": list(row.territories),
                "executor": str(town.routing.bodies[row.executor]),
                "valid": _valid(row.valid_from, row.valid_to),
            }
            for row in town.routing.rows
        ],
        "remarks": [
            {"place": remark.place, "text": remark.text.in_language(language)} for remark in remarks(town)
        ],
    }


def _hours(calendar: Calendar, today: date, language: Language) -> str:
    try:
        intervals = calendar.intervals(today)
    except SlaError as error:
        return error.localized(language)
    closed = "закрыто" if language == "ru" else "closed"
    hours = (f"{one.opens:%H:%M}–{_closing(one.closes, today)}" for one in intervals)
    return ", ".join(hours) or closed


def _closing(closes: datetime, today: date) -> str:
    midnight = closes.date() != today and not closes.hour and not closes.minute
    return "24:00" if midnight else f"{closes:%H:%M}"


def _account(town: Municipality, name: str) -> dict[str, Any]:
    settings = town.accounts[name]
    secrets = (settings.organisation_secret, settings.client_secret, settings.network.proxy)
    return {
        "name": name,
        "channel": town.account_channels[name],
        "url": settings.url,
        "writes": settings.writes,
        "secrets": [secret.text for secret in secrets if isinstance(secret, SecretReference)],
    }


def _rules(town: Municipality) -> Iterator[dict[str, Any]]:
    """Yield what each channel gets, regimes that get the same together, and channels alike in all of them."""
    by_channel: dict[str, list[dict[str, Any]]] = {}
    for one in rules_by_channel(town):
        _add_regime(by_channel.setdefault(one.channel, []), one)
    alike: list[tuple[list[str], list[dict[str, Any]]]] = []
    for channel, entries in by_channel.items():
        for channels, known in alike:
            if known == entries:
                channels.append(channel)
                break
        else:
            alike.append(([channel], entries))
    for channels, entries in alike:
        yield from ({"channels": channels, **entry} for entry in entries)


def _add_regime(entries: list[dict[str, Any]], one: ChannelRules) -> None:
    rows = [_row(one, row) for row in one.rows]
    default = one.regime.value if one.is_default else None
    for entry in entries:
        if entry["rows"] == rows and entry["complete"] == one.complete:
            entry["regimes"].append(one.regime.value)
            entry["default_regime"] = default or entry["default_regime"]
            return
    regimes = [one.regime.value]
    entries.append({"regimes": regimes, "default_regime": default, "rows": rows, "complete": one.complete})


def _row(rules: ChannelRules, row: PolicyRow) -> dict[str, Any]:
    when = {fact: list(allowed) for fact, allowed in rules.conditions_of(row).items()}
    return {"row": row.number, "when": when, "rules": dict(row.rules), "authority": row.authority}


def _post(town: Municipality, post: Post, now: datetime, language: Language) -> dict[str, Any]:
    standings = town.roster.standings(post, now)
    acting = next((one for one in standings if one.absent_through is None), None)
    away = "никого нет" if language == "ru" else "nobody is there"
    unnamed = "не назван" if language == "ru" else "not named"
    who = away if acting is None else acting.addressee or unnamed
    return {"post": str(post), "channels": list(post.answers_for), "acting": who}


def _valid(first: date | None, last: date | None) -> str:
    return " — ".join(f"{day:%d.%m.%Y}" if day else "…" for day in (first, last)) if first or last else "…"
