"""People: residents who write and employees who answer."""

from __future__ import annotations

from typing import Self

from mcu_sdk.model.record import Record
from mcu_sdk.model.words import ApplicantKind

__all__ = ["Author", "Person"]


class Person(Record):
    """An employee as the channels name one. Everything here is personal data."""

    surname: str | None = None
    name: str | None = None
    patronymic: str | None = None
    email: str | None = None
    phone: str | None = None


class Author(Record):
    """Who wrote. Everything but `kind` and `collective` is personal data."""

    display_name: str | None = None
    surname: str | None = None
    name: str | None = None
    patronymic: str | None = None
    email: str | None = None
    phone: str | None = None
    postal_address: str | None = None
    network: str | None = None
    profile_url: str | None = None
    kind: ApplicantKind = ApplicantKind.PERSON
    kind_raw: str | None = None
    collective: bool = False
    co_authors: tuple[Person, ...] = ()

    _shown = ("kind", "collective")

    def masked(self) -> Self:
        """Return what may be shown: the kind of applicant, and nothing else."""
        return type(self)(kind=self.kind, collective=self.collective)
