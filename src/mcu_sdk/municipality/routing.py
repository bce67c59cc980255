"""Which body a message goes to: rows by topic and territory, and never to the body complained of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from mcu_sdk.errors import Language, UsageError
from mcu_sdk.model import Message
from mcu_sdk.municipality.complaints import complaint_words
from mcu_sdk.municipality.phrases import folded, words_of
from mcu_sdk.municipality.territory import lies_in

__all__ = ["Body", "Fit", "PassedOver", "Route", "RouteRow", "Routing"]


class Fit(NamedTuple):
    """The topic and the territory of a row that a message fits, as the row writes them."""

    topic: str | None = None
    territory: str | None = None


_NO_FIT = Fit()


@dataclass(frozen=True, slots=True)
class Body:
    """A body that messages go to: its title, the names residents give it, and the body above it."""

    key: str
    title: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None

    def __str__(self) -> str:
        return f"{self.title} ({self.key})"


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One row: what it is about and where, whom it names, and when it is in force, both ends included.

    Empty `topics` or `territories` fit every message; of several one is enough.
    """

    number: int
    executor: str
    topics: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the row is in force on the civil date *day*."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def fitting(self, message: Message) -> Fit | None:
        """Return which topic and territory of the row *message* fits, None if it does not fit the row."""
        topic = _topic_in(message, self.topics) if self.topics else None
        territory = next((one for one in self.territories if lies_in(message.place, one)), None)
        if (self.topics and topic is None) or (self.territories and territory is None):
            return None
        return Fit(topic, territory)


class PassedOver(NamedTuple):
    """A body that the message may not go to: `named` by the caller as complained of, or found in its `text`.

    `word` and `alias` are what was found, as the rule and the profile write them.
    """

    body: Body
    reason: Literal["named", "text"]
    word: str | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message goes on a date, and why.

    `executor` is None where no row fits and where a complaint has nobody above: then a person must
    choose. `row` is the number of the row that fitted, from 1; `fit` is what of it fitted, `valid_from`
    and `valid_to` are its dates.
    """

    executor: Body | None
    row: int | None
    passed_over: tuple[PassedOver, ...]
    on: date
    fit: Fit = _NO_FIT
    valid_from: date | None = None
    valid_to: date | None = None

    def explain(self, language: Language = "ru") -> str:
        """Return the row, the conditions that fitted, its dates, and who was passed over, a line each."""
        from mcu_sdk.municipality.routing_words import explained  # noqa: PLC0415  (it knows routes)

        return explained(self, language)


@dataclass(frozen=True, slots=True)
class Routing:
    """The bodies by key, and the rows in their order: the first that fits wins."""

    bodies: Mapping[str, Body] = field(default_factory=lambda: MappingProxyType({}))
    rows: tuple[RouteRow, ...] = ()

    def route(self, message: Message, *, on: date, complained_of: Collection[str] = ()) -> Route:
        """Return where *message* goes by the rows in force on the civil date *on*.

        A complaint does not go to the body complained of but to the one above it that is not. Complained
        of are the bodies whose keys *complained_of* gives, and those that the text names together with a
        word of complaint: rather too many than too few. Raises UsageError for an unknown key.

        >>> works = Body("works", "Служба благоустройства", parent="town")
        >>> bodies = {"works": works, "town": Body("town", "Администрация")}
        >>> routing = Routing(bodies, (RouteRow(1, "works"),))
        >>> message = Message(channel="portal", account="portal", external_id="1", text="Яма на дороге")
        >>> print(routing.route(message, on=date(2026, 1, 12)).executor)
        Служба благоустройства (works)
        >>> print(routing.route(message, on=date(2026, 1, 12), complained_of=["works"]).executor)
        Администрация (town)
        """
        self._refuse_unknown(complained_of)
        for row in self.rows:
            fit = row.fitting(message) if row.is_valid_on(on) else None
            if fit is not None:
                executor, passed_over = self._guarded(row, words_of(message.text), complained_of)
                return Route(executor, row.number, passed_over, on, fit, row.valid_from, row.valid_to)
        return Route(None, None, (), on)

    def barred(self, key: str, message: Message, complained_of: Collection[str] = ()) -> PassedOver | None:
        """Return why *message* may not go to the body of that key, None if it may; as `route` guards.

        Raises UsageError for an unknown key.
        """
        self._refuse_unknown((key, *complained_of))
        return _why_not(self.bodies[key], words_of(message.text), complained_of)

    def _guarded(
        self, row: RouteRow, words: Sequence[str], complained_of: Collection[str]
    ) -> tuple[Body | None, tuple[PassedOver, ...]]:
        passed_over: dict[str, PassedOver] = {}
        body = self.bodies.get(row.executor)
        while body is not None and body.key not in passed_over:
            reason = _why_not(body, words, complained_of)
            if reason is None:
                return body, tuple(passed_over.values())
            passed_over[body.key] = reason
            body = self.bodies.get(body.parent) if body.parent else None
        return None, tuple(passed_over.values())

    def _refuse_unknown(self, complained_of: Collection[str]) -> None:
        for key in complained_of:
            if key not in self.bodies:
                known = ", ".join(self.bodies) or "-"
                raise UsageError(
                    "routing.body_unknown",
                    f"there is no body of that key in the profile; known are {known}",
                    "name a key of [[body]]",
                    known=known,
                )


def _why_not(body: Body, words: Sequence[str], complained_of: Collection[str]) -> PassedOver | None:
    if body.key in complained_of:
        return PassedOver(body, "named")
    found = complaint_words(words, (body.title, *body.aliases))
    return PassedOver(body, "text", *found) if found else None


def _topic_in(message: Message, topics: Sequence[str]) -> str | None:
    topic = message.topic
    told = {folded(word) for word in (topic.group, topic.topic, topic.subtopic, topic.fact) if word}
    return next((one for one in topics if folded(one) in told), None)
