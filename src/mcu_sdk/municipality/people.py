"""Who works for the municipality: employees, posts, absences, duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, TypeAlias

from mcu_sdk.sla.moment import epoch_seconds

__all__ = ["Absence", "Channel", "Duty", "Employee", "Post", "Rung"]

Channel: TypeAlias = Literal["portal", "incidents", "vk", "ok", "telegram", "max", "register"]
"""The channels a profile may name."""


@dataclass(frozen=True, slots=True)
class Employee:
    """A person by the key that the rest of the profile uses; only the key shows in `repr`.

    `name` is surname, name and patronymic, `title` what the person is by the staff list, `contact`
    free text; each may be missing.
    """

    key: str
    name: str | None = None
    title: str | None = None
    contact: str | None = None

    def __repr__(self) -> str:
        return f"Employee({self.key!r})"

    def __str__(self) -> str:
        return f"{self.title} ({self.key})" if self.title else self.key


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the municipality and the channels its holder answers for.

    `role` is namespaced (`"portal.coordinator"`, `"mcu.curator"`); `title` is how the post is called;
    `holder` is the key of an employee, if the profile names one, and `substitutes` are the keys of those
    who stand in, in order. The post exists from `valid_from` to `valid_to`, both included.
    """

    role: str
    title: str
    holder: str | None = None
    answers_for: tuple[str, ...] = ()
    substitutes: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the post exists on the civil date *day*."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def __repr__(self) -> str:
        return f"Post(role={self.role!r})"

    def __str__(self) -> str:
        return f"{self.title} ({self.role})"


@dataclass(frozen=True, slots=True)
class Absence:
    """An employee is away from `first` to `last`, civil dates of the municipality, both included.

    The reason may be of a private kind: it shows nowhere.
    """

    employee: str
    first: date
    last: date
    reason: str | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the employee is away on the civil date *day*."""
        return self.first <= day <= self.last

    def __repr__(self) -> str:
        return f"Absence({self.employee!r}, {self.first}, {self.last})"


@dataclass(frozen=True, slots=True)
class Duty:
    """An employee stands in for the holder of a role from `begins_at` until `ends_at`, itself excluded."""

    role: str
    employee: str
    begins_at: datetime
    ends_at: datetime

    def covers(self, moment: datetime) -> bool:
        """Tell whether the duty lasts at the aware *moment*."""
        return epoch_seconds(self.begins_at) <= epoch_seconds(moment) < epoch_seconds(self.ends_at)


class Rung(NamedTuple):
    """One addressee of a ladder: a post, and the employee who acts for it, None where none is named."""

    step: Literal["responsible", "substitute", "head", "curator"]
    post: Post
    employee: Employee | None
