"""Who works on a step and who signs it, as the far system wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mcu_sdk.desk.items import WorkItem
from mcu_sdk.errors import UsageError
from mcu_sdk.model import Person
from mcu_sdk.municipality import Employee, Municipality

__all__ = ["NOBODY", "Signers", "person_named", "signers_of"]

_NAMES = (2, 3)


@dataclass(frozen=True, slots=True)
class Signers:
    """Who works on a step and who signs it; the portal wants both for a message taken to work."""

    executor: Person | None = None
    manager: Person | None = None


NOBODY = Signers()
"""Where the far system need not be told."""


def signers_of(town: Municipality, item: WorkItem, at: datetime) -> Signers:
    """Return the employee who must act on *item*, and the head or else the curator at that moment.

    None where the profile gives no name.
    """
    ladder = town.roster.ladder(item.message.channel, at)
    above = (_person(rung.employee) for rung in ladder if rung.step in ("head", "curator"))
    return Signers(
        _person(item.acting.employee if item.acting else None), next((one for one in above if one), None)
    )


def person_named(town: Municipality, text: str) -> Person:
    """Return the person that *text* names: the key of an employee, or surname, name and patronymic.

    Raises UsageError for anything else, without repeating it.
    """
    employee = town.roster.employees.get(text)
    person = _person(employee) or _person_of(text)
    if person is None:
        raise UsageError(
            "desk.person",
            "this is neither an employee of the profile with a name nor a surname and a name",
            "write a key of [[employee]] that has a name, or 'Surname Name Patronymic'",
        )
    return person


def _person(employee: Employee | None) -> Person | None:
    return _person_of(employee.name) if employee and employee.name else None


def _person_of(full_name: str) -> Person | None:
    parts = full_name.split()
    if len(parts) not in _NAMES:
        return None
    return Person(surname=parts[0], name=parts[1], patronymic=parts[2] if len(parts) > 2 else None)
