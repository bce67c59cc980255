"""Who is responsible for what, by role, and who acts now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from mcu_sdk.errors import Language
from mcu_sdk.municipality.people import Absence, Channel, Duty, Employee, Post, Rung
from mcu_sdk.municipality.roles import CURATOR, HEAD
from mcu_sdk.sla.moment import epoch_seconds

__all__ = ["Absence", "Channel", "Duty", "Employee", "Post", "Roster", "Rung", "Standing"]


Place: TypeAlias = Literal["duty", "holder", "substitute"]


class Standing(NamedTuple):
    """One who may act for a post: as what, until when a duty lasts or through which date an absence."""

    place: Place
    employee: Employee | None
    duty_until: datetime | None = None
    absent_through: date | None = None

    @property
    def addressee(self) -> str | None:
        """The key of the employee, None for a post that names none."""
        return self.employee.key if self.employee else None


@dataclass(frozen=True, slots=True)
class Roster:
    """The posts of one municipality, in the order of its file, and the employees behind them.

    `employees` are known by key; `zone` says when a civil date begins.
    """

    posts: tuple[Post, ...] = ()
    employees: Mapping[str, Employee] = field(default_factory=lambda: MappingProxyType({}))
    absences: tuple[Absence, ...] = ()
    duties: tuple[Duty, ...] = ()
    zone: tzinfo = UTC

    def responsible_for(self, channel: str, on: date | None = None) -> Post | None:
        """Return the first post that answers for *channel*, else the curator, else None.

        *on* leaves out posts that do not exist on that civil date.
        """
        for post in self.posts:
            if channel in post.answers_for and (on is None or post.is_valid_on(on)):
                return post
        return self.holding(CURATOR, on)

    def holding(self, role: str, on: date | None = None) -> Post | None:
        """Return the first post of that role, None when there is none; *on* as in `responsible_for`."""
        return next(
            (post for post in self.posts if post.role == role and (on is None or post.is_valid_on(on))),
            None,
        )

    def ladder(self, channel: str, at: datetime) -> tuple[Rung, ...]:
        """Return whom to turn to about *channel* at the aware moment *at*, in order, nobody twice.

        First who acts for the responsible post: on duty, else its holder, else a substitute; then the
        others of these who are there, then who acts for the head, then for the curator. Absent employees
        are passed over. The first rung is always the step `responsible`, whoever is left to act. A post
        that names no employee is one addressee, by its role. Raises NaiveMomentError.

        >>> from mcu_sdk.municipality import Employee, Post, Roster
        >>> staff = {key: Employee(key) for key in ("clerk", "deputy")}
        >>> post = Post("portal.coordinator", "Coordinator", "clerk", ("portal",), ("deputy",))
        >>> roster = Roster((post, Post("mcu.head", "Head")), staff)
        >>> at = datetime(2026, 1, 12, 9, tzinfo=UTC)
        >>> [(rung.step, rung.employee) for rung in roster.ladder("portal", at)]
        [('responsible', Employee('clerk')), ('substitute', Employee('deputy')), ('head', None)]
        """
        rungs: list[Rung] = []
        told: set[str] = set()
        for step, post, standing in self._addressees(channel, at):
            addressee = standing.addressee or f"\0{post.role}"  # no key is spelled like that
            if addressee not in told:
                told.add(addressee)
                rungs.append(Rung(step if rungs else "responsible", post, standing.employee))
        return tuple(rungs)

    def acting(self, channel: str, at: datetime) -> Rung | None:
        """Return who must act on *channel* at the aware moment *at*, None where nobody is left."""
        return next(iter(self.ladder(channel, at)), None)

    def explain(self, channel: str, at: datetime, language: Language = "ru") -> str:
        """Return why just that person must act, in a few lines: duty, absences, substitutes."""
        from mcu_sdk.municipality.roster_words import explained  # noqa: PLC0415  (it knows rosters)

        return explained(self, channel, at, language)

    def standings(self, post: Post, at: datetime) -> tuple[Standing, ...]:
        """Return who may act for *post* at the aware moment *at*, in order, the absent among them."""
        day = self.civil_date(at)
        on_duty = [duty for duty in self.duties if duty.role == post.role and duty.covers(at)]
        return (
            *(self._standing("duty", duty.employee, day, duty.ends_at) for duty in on_duty),
            self._standing("holder", post.holder, day) if post.holder else Standing("holder", None),
            *(self._standing("substitute", key, day) for key in post.substitutes),
        )

    def civil_date(self, at: datetime) -> date:
        """Return the date in the municipality at the aware moment *at*. Raises NaiveMomentError."""
        epoch_seconds(at)
        return at.astimezone(self.zone).date()

    def _addressees(
        self, channel: str, at: datetime
    ) -> Iterator[tuple[Literal["substitute", "head", "curator"], Post, Standing]]:
        day = self.civil_date(at)
        if responsible := self.responsible_for(channel, day):
            for standing in self._present(responsible, at):
                yield "substitute", responsible, standing
        for step, role in _ABOVE:
            post = self.holding(role, day)
            if post and (first := next(self._present(post, at), None)):
                yield step, post, first

    def _present(self, post: Post, at: datetime) -> Iterator[Standing]:
        return (standing for standing in self.standings(post, at) if standing.absent_through is None)

    def _standing(self, place: Place, key: str, day: date, duty_until: datetime | None = None) -> Standing:
        employee = self.employees.get(key, Employee(key))
        return Standing(place, employee, duty_until, self._absent_through(key, day))

    def _absent_through(self, key: str, day: date) -> date | None:
        """Return the last date of the absences that follow on one another from *day*, None if present."""
        last: date | None = None
        own = [absence for absence in self.absences if absence.employee == key]
        while found := [absence.last for absence in own if absence.covers(day)]:
            last = max(found)
            day = last + timedelta(days=1)
        return last


_ABOVE: tuple[tuple[Literal["head", "curator"], str], ...] = (("head", HEAD), ("curator", CURATOR))
