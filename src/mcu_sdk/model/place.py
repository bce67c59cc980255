"""Where the problem is."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import FiniteFloat, StringConstraints

from mcu_sdk.model.record import Record

__all__ = ["Oktmo", "Place"]

Oktmo = Annotated[str, StringConstraints(pattern=r"^(?:\d{8}|\d{11})$")]
"""A municipality's code: text of 8 digits, 11 for a settlement; a leading zero is kept."""


class Place(Record):
    """The place of a problem. Latitude and longitude are degrees, WGS 84."""

    region: str | None = None
    oktmo: str | None = None
    fias_id: str | None = None
    settlement: str | None = None
    street: str | None = None
    house: str | None = None
    flat: str | None = None
    address: str | None = None
    latitude_degrees: FiniteFloat | None = None
    longitude_degrees: FiniteFloat | None = None

    _shown = ("oktmo",)

    def masked(self) -> Self:
        """Return the place down to the street, without house, flat, free text and coordinates."""
        return type(self)(
            region=self.region, oktmo=self.oktmo, settlement=self.settlement, street=self.street
        )
