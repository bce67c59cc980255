"""From the rows of a profile to its routing; a row that can never be reached is a mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from types import MappingProxyType

from mcu_sdk.municipality.mistakes import Mistakes
from mcu_sdk.municipality.phrases import folded
from mcu_sdk.municipality.profile import ProfileForm
from mcu_sdk.municipality.roster_reading import note_backwards, note_repeated_keys
from mcu_sdk.municipality.routing import Body, RouteRow, Routing
from mcu_sdk.municipality.territory import covers
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.nearest import nearest

__all__ = ["read_routing"]


def read_routing(form: ProfileForm, mistakes: Mistakes) -> Routing:
    """Return the routing of *form*; what contradicts itself is noted in *mistakes*."""
    complete = not mistakes.touch("body")  # else the body that a row names may be left out as wrong
    note_repeated_keys("body", {row: one.key for row, one in form.body.items()}, mistakes)
    bodies = {one.key: Body(one.key, one.title, tuple(one.aliases), one.parent) for one in form.body.values()}
    for row, one in form.body.items():
        if one.parent is not None and complete:
            _note_unknown(f"body.{row}.parent", one.parent, bodies, mistakes)
    _note_circles(form, bodies, mistakes)
    rows: list[RouteRow] = []
    for number, route in form.route.items():
        if complete:
            _note_unknown(f"route.{number}.executor", route.executor, bodies, mistakes)
        note_backwards(f"route.{number}.valid_to", route.valid_from, route.valid_to, mistakes)
        read = RouteRow(
            number,
            route.executor,
            tuple(route.topic),
            tuple(route.territory),
            route.valid_from,
            route.valid_to,
        )
        _note_unreachable(read, rows, mistakes)
        rows.append(read)
    return Routing(MappingProxyType(bodies), tuple(rows))


def _note_unknown(place: str, key: str, bodies: Mapping[str, Body], mistakes: Mistakes) -> None:
    if key not in bodies:
        told = nearest(key, bodies)
        mistakes.add(
            place,
            Text(f"нет такого ключа среди [[body]], {told.ru}", f"no such key among [[body]]; {told.en}"),
        )


def _note_circles(form: ProfileForm, bodies: Mapping[str, Body], mistakes: Mistakes) -> None:
    """Note each circle of parents once, at the first of its rows."""
    told: set[str] = set()
    for row, one in form.body.items():
        above = [*_above(one.key, bodies)]
        if above and above[-1] == one.key and one.key not in told:
            told.update(above)
            circle = " → ".join((one.key, *above))
            mistakes.add(
                f"body.{row}.parent",
                Text(f"вышестоящие замкнуты в круг: {circle}", f"the parents form a circle: {circle}"),
            )


def _above(key: str, bodies: Mapping[str, Body]) -> Iterator[str]:
    """Yield the keys above *key* until there is none, or until one comes again."""
    seen: set[str] = set()
    while (body := bodies.get(key)) and body.parent and body.parent not in seen:
        key = body.parent
        seen.add(key)
        yield key


def _note_unreachable(row: RouteRow, earlier: list[RouteRow], mistakes: Mistakes) -> None:
    """Note a row whose every topic in every territory an earlier row takes, on all of its dates."""
    takers: set[int] = set()
    for topic, territory in product(row.topics or (None,), row.territories or (None,)):
        taker = next((one for one in earlier if _takes(one, row, topic, territory)), None)
        if taker is None:
            return
        takers.add(taker.number)
    numbers = ", ".join(map(str, sorted(takers)))
    mistakes.add(
        f"route.{row.number}",
        Text(
            f"до этой строки дело никогда не дойдёт: всё забирают строки выше ({numbers})",
            f"this row can never be reached: rows above take everything ({numbers})",
        ),
    )


def _takes(one: RouteRow, row: RouteRow, topic: str | None, territory: str | None) -> bool:
    if (one.valid_from or date.min) > (row.valid_from or date.min):
        return False
    if (one.valid_to or date.max) < (row.valid_to or date.max):
        return False
    if one.topics and (topic is None or folded(topic) not in map(folded, one.topics)):
        return False
    return not one.territories or (
        territory is not None and any(covers(wide, territory) for wide in one.territories)
    )
