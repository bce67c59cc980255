"""People: residents who write and employees who answer."""

from __future__ import annotations

from typing import Self

from mcu_sdk.model.record import Record

__all__ = ["Author", "Person"]


class Person(Record):
    """An employee as the channels name one. Everything here is personal data."""

    surname: str | None = None
    name: str | None = None
    patronymic: str | None = None
    email: str | None = None
    phone: str | None = None


class Author(Record):
    """The resident who wrote. Everything but `collective` is personal data."""

    display_name: str | None = None
    surname: str | None = None
    name: str | None = None
    patronymic: str | None = None
    email: str | None = None
    phone: str | None = None
    postal_address: str | None = None
    network: str | None = None
    profile_url: str | None = None
    collective: bool = False
    co_authors: tuple[Person, ...] = ()

    _shown = ("collective",)

    def masked(self) -> Self:
        """Return what may be shown: whether the message is a collective one, and nothing else."""
        return type(self)(collective=self.collective)
