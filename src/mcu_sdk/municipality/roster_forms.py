"""The tables of a profile that tell of people: `[[employee]]`, `[[roster]]`, `[[absence]]`, `[[duty]]`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, PlainValidator, StringConstraints

from mcu_sdk.municipality.form import CivilDate, Form, Key, Words, refused
from mcu_sdk.municipality.people import Channel
from mcu_sdk.sla.bilingual import Text

__all__ = ["AbsenceForm", "DutyForm", "EmployeeForm", "PostForm", "Role"]

_YEARS = range(1990, 2200)

Role = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]


def _date_or_time(value: object) -> datetime | date:
    if isinstance(value, date) and value.year in _YEARS:
        return value
    raise refused(
        Text(
            "нужна дата или дата со временем без кавычек, например 2026-01-31 или 2026-01-31T09:00:00",
            "must be a date or a date and time such as 2026-01-31 or 2026-01-31T09:00:00",
        )
    )


DateOrTime = Annotated[datetime | date, PlainValidator(_date_or_time)]


class EmployeeForm(Form):
    """`[[employee]]`"""

    key: Key
    name: Words | None = None
    title: Words | None = None
    contact: Words | None = None


class PostForm(Form):
    """`[[roster]]`"""

    role: Role
    title: Words | None = None
    holder: str | None = None
    substitutes: list[str] = []
    answers_for: list[Channel] = []
    valid_from: CivilDate | None = None
    valid_to: CivilDate | None = None


class AbsenceForm(Form):
    """`[[absence]]`"""

    employee: str
    first: CivilDate = Field(alias="from")
    last: CivilDate = Field(alias="to")
    reason: str | None = None


class DutyForm(Form):
    """`[[duty]]`"""

    role: Role
    employee: str
    begins: DateOrTime = Field(alias="from")
    ends: DateOrTime = Field(alias="to")
