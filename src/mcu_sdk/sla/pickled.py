"""A calendar on the other side of a pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcu_sdk.errors import SlaError
from mcu_sdk.sla.calendar import Calendar

if TYPE_CHECKING:
    from mcu_sdk.sla.days import Definition


def revive(definition: Definition, data_digest: str) -> Calendar:
    """Return the calendar that was pickled, if this installation has the same data.

    Raises `SlaError` where it has not.
    """
    calendar = Calendar(definition)
    if calendar.data_digest != data_digest:
        raise SlaError(
            "sla.calendar_data_differs",
            "the calendar was pickled with other production calendar data",
            "install the same version of mcu-sdk on both sides",
            sent=data_digest,
            here=calendar.data_digest,
        )
    return calendar
