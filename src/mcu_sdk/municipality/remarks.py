"""What is allowed in a profile and yet worth a look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from mcu_sdk.municipality.municipality import Municipality
from mcu_sdk.municipality.roles import CURATOR, HEAD, known_roles
from mcu_sdk.municipality.rules_by_channel import rules_by_channel
from mcu_sdk.sla.bilingual import Text

__all__ = ["Remark", "remarks"]

_A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at, with its place in the file, rows counted from 1."""

    place: str
    text: Text


def remarks(town: Municipality) -> tuple[Remark, ...]:
    """Return what a person should look at in the profile of *town*; nothing of it stops the work."""
    return (
        *_of_posts(town),
        *_of_channels(town),
        *_of_absences(town),
        *_of_bodies(town),
        *_of_rules(town),
    )


def _of_posts(town: Municipality) -> Iterator[Remark]:
    roster = town.roster
    for role in (HEAD, CURATOR):
        if roster.holding(role) is None:
            yield Remark(
                "roster",
                Text(
                    f"нет должности {role} ({known_roles()[role].ru}): о просроченном некому сообщить",
                    f"there is no post {role} ({known_roles()[role].en}): nobody is told what is late",
                ),
            )
    for number, post in enumerate(roster.posts, 1):
        near = get_close_matches(post.role, known_roles(), n=1, cutoff=0.8)
        if post.role not in known_roles() and near:
            yield Remark(
                f"roster.{number}.role",
                Text(f"роль похожа на обычную {near[0]}", f"the role is close to the usual {near[0]}"),
            )
        if post.answers_for and post.holder is None:
            yield Remark(
                f"roster.{number}.holder",
                Text("сотрудник не назван", "no employee is named"),
            )


def _of_channels(town: Municipality) -> Iterator[Remark]:
    answered = {channel for post in town.roster.posts for channel in post.answers_for}
    accounts = set(town.account_channels.values())
    for number, post in enumerate(town.roster.posts, 1):
        if missing := ", ".join(channel for channel in post.answers_for if channel not in accounts):
            yield Remark(
                f"roster.{number}.answers_for",
                Text(f"нет учётных записей: {missing}", f"there are no accounts of: {missing}"),
            )
    for name, channel in town.account_channels.items():
        if channel not in answered:
            yield Remark(
                f"accounts.{name}",
                Text(f"за канал {channel} никто не отвечает", f"nobody answers for channel {channel}"),
            )


def _of_absences(town: Municipality) -> Iterator[Remark]:
    for number, duty in enumerate(town.roster.duties, 1):
        first = duty.begins_at.astimezone(town.zone).date()
        last = (duty.ends_at - _A_SECOND).astimezone(town.zone).date()
        if any(
            absence.employee == duty.employee and absence.first <= last and first <= absence.last
            for absence in town.roster.absences
        ):
            yield Remark(
                f"duty.{number}.employee",
                Text("в эти дни сотрудника нет на месте", "the employee is absent on these dates"),
            )


def _of_bodies(town: Municipality) -> Iterator[Remark]:
    routing = town.routing
    executors = {row.executor for row in routing.rows}
    for number, body in enumerate(routing.bodies.values(), 1):
        if body.parent is None and body.key in executors:
            yield Remark(
                f"body.{number}.parent",
                Text(
                    "вышестоящий не указан: жалобу на этот орган направит человек",
                    "no parent is named: a person must send on complaints of this body",
                ),
            )
    if routing.rows and (routing.rows[-1].topics or routing.rows[-1].territories):
        yield Remark(
            f"route.{routing.rows[-1].number}",
            Text(
                "последняя строка с условием: остальным сообщениям исполнителя выберет человек",
                "the last row has a condition: a person must choose the executor of all the rest",
            ),
        )


def _of_rules(town: Municipality) -> Iterator[Remark]:
    incomplete: dict[str, list[str]] = {}
    for one in rules_by_channel(town):
        if not one.complete:
            incomplete.setdefault(one.channel, []).append(one.regime.value)
    for channel, regimes in incomplete.items():
        named = f"{channel} ({', '.join(regimes)})"
        yield Remark(
            "policy",
            Text(
                f"есть сообщения, которым не подойдёт ни одна строка: {named}",
                f"there are messages that no row fits: {named}",
            ),
        )
