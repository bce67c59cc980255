"""From the rows of a profile to its roster; every row that cannot be meant is a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from types import MappingProxyType

from mcu_sdk.municipality.form import Rows
from mcu_sdk.municipality.mistakes import Mistakes
from mcu_sdk.municipality.people import Absence, Duty, Employee, Post
from mcu_sdk.municipality.profile import ProfileForm
from mcu_sdk.municipality.roles import known_roles
from mcu_sdk.municipality.roster import Roster
from mcu_sdk.municipality.roster_forms import DutyForm, PostForm
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.moment import epoch_seconds
from mcu_sdk.sla.nearest import nearest

__all__ = ["note_backwards", "note_repeated_keys", "read_roster"]

_A_DAY = timedelta(days=1)


def read_roster(form: ProfileForm, zone: tzinfo, mistakes: Mistakes) -> Roster:
    """Return the roster of *form* in *zone*; what contradicts itself is noted in *mistakes*."""
    complete = not mistakes.touch("employee")
    note_repeated_keys("employee", {row: one.key for row, one in form.employee.items()}, mistakes)
    employees = {
        one.key: Employee(one.key, one.name, one.title, one.contact) for one in form.employee.values()
    }
    check = _References(employees, mistakes, complete=complete)
    for row, one in form.absence.items():
        check.employee(f"absence.{row}.employee", one.employee)
        note_backwards(f"absence.{row}.to", one.first, one.last, mistakes)
    roles = {one.role for one in form.roster.values()} if not mistakes.touch("roster") else None
    return Roster(
        tuple(_post(row, one, check) for row, one in form.roster.items()),
        MappingProxyType(employees),
        tuple(Absence(one.employee, one.first, one.last, one.reason) for one in form.absence.values()),
        tuple(_duties(form.duty, roles, zone, check)),
        zone,
    )


def note_repeated_keys(table: str, keys: Mapping[int, str], mistakes: Mistakes) -> None:
    """Note every row whose key an earlier row has."""
    first: dict[str, int] = {}
    for row, key in keys.items():
        if first.setdefault(key, row) != row:
            earlier = first[key]
            mistakes.add(
                f"{table}.{row}.key",
                Text(f"такой ключ уже есть в строке {earlier}", f"row {earlier} has this key already"),
            )


def note_backwards(place: str, first: date | None, last: date | None, mistakes: Mistakes) -> None:
    """Note a span of dates that ends before it begins."""
    if first is not None and last is not None and last < first:
        mistakes.add(place, Text("раньше начала", "lies before the beginning"))


class _References:
    """Whether the employees that rows name are there; what a row says is not repeated, it may be a name.

    Rows are not to blame unless the employees are `complete`: one of them may be left out as wrong.
    """

    def __init__(self, employees: Mapping[str, Employee], mistakes: Mistakes, *, complete: bool) -> None:
        self.employees = employees
        self.mistakes = mistakes
        self.complete = complete

    def employee(self, place: str, key: str) -> None:
        if key not in self.employees and self.complete:
            told = nearest(key, self.employees)
            self.mistakes.add(
                place,
                Text(
                    f"нет такого ключа среди [[employee]], {told.ru}",
                    f"no such key among [[employee]]; {told.en}",
                ),
            )

    def substitutes(self, place: str, keys: Iterable[str], holder: str | None) -> None:
        seen = {holder}
        for number, key in enumerate(keys, 1):
            self.employee(f"{place}.{number}", key)
            if key in seen:
                self.mistakes.add(
                    f"{place}.{number}",
                    Text("этот сотрудник здесь уже назван", "this employee is named here already"),
                )
            seen.add(key)


def _post(row: int, form: PostForm, check: _References) -> Post:
    place = f"roster.{row}"
    if form.holder is not None:
        check.employee(f"{place}.holder", form.holder)
    check.substitutes(f"{place}.substitutes", form.substitutes, form.holder)
    note_backwards(f"{place}.valid_to", form.valid_from, form.valid_to, check.mistakes)
    title = form.title or (known_roles()[form.role].ru if form.role in known_roles() else "")
    if not title:
        roles = nearest(form.role, known_roles())
        check.mistakes.add(
            f"{place}.title",
            Text(
                f"роль не из обычных, поэтому нужно название; {roles.ru}",
                f"is missing, and the role is none of the usual ones: {roles.en}",
            ),
        )
    return Post(
        form.role,
        title,
        form.holder,
        tuple(form.answers_for),
        tuple(form.substitutes),
        form.valid_from,
        form.valid_to,
    )


def _duties(rows: Rows[DutyForm], roles: set[str] | None, zone: tzinfo, check: _References) -> list[Duty]:
    mistakes = check.mistakes
    read: dict[int, Duty] = {}
    for row, form in rows.items():
        place = f"duty.{row}"
        check.employee(f"{place}.employee", form.employee)
        if roles is not None and form.role not in roles:
            told = nearest(form.role, sorted(roles))
            mistakes.add(
                f"{place}.role",
                Text(
                    f"нет такой роли среди [[roster]], {told.ru}", f"no such role among [[roster]]; {told.en}"
                ),
            )
        duty = Duty(form.role, form.employee, _begins(form.begins, zone), _ends(form.ends, zone))
        begins, ends = epoch_seconds(duty.begins_at), epoch_seconds(duty.ends_at)
        if ends <= begins:
            mistakes.add(f"{place}.to", Text("не позже начала", "must lie after the beginning"))
            continue
        for earlier, other in read.items():
            apart = ends <= epoch_seconds(other.begins_at) or epoch_seconds(other.ends_at) <= begins
            if other.role == duty.role and not apart:
                mistakes.add(
                    f"{place}.from",
                    Text(
                        f"пересекается по времени со строкой {earlier} той же роли",
                        f"overlaps row {earlier} of the same role",
                    ),
                )
        read[row] = duty
    return list(read.values())


def _begins(value: datetime | date, zone: tzinfo) -> datetime:
    """Return the moment of a local time, or of the midnight that begins a date."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001  # the zone follows
    return value if value.utcoffset() is not None else value.replace(tzinfo=zone)


def _ends(value: datetime | date, zone: tzinfo) -> datetime:
    """Return the moment of a local time, or of the midnight that ends a date."""
    return _begins(value if isinstance(value, datetime) else value + _A_DAY, zone)
