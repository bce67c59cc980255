"""What mypy and pyright must infer of the public face; checked by `make check`, never run."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import assert_type

from mcu_sdk import (
    AsyncPortal,
    Calendar,
    Collected,
    Deadline,
    Inbox,
    Message,
    Municipality,
    Portal,
    WorkItem,
    collect,
    collect_async,
    load_rules,
    worklist,
)
from mcu_sdk.channels.portal import PortalExport, PortalMessage, StoredFile, WriteReceipt
from mcu_sdk.channels.register import RegisterJournal
from mcu_sdk.desk import Disagreement, disagreements
from mcu_sdk.municipality import Employee, Post, Route, Rung
from mcu_sdk.sheets import Row


def the_first_program(now: datetime) -> None:
    town = assert_type(Municipality.load("town.toml"), Municipality)
    with town.portal() as portal, Inbox.open("town.sqlite3") as inbox:
        assert_type(portal, Portal)
        assert_type(collect(portal, inbox), Collected)
        items = assert_type(worklist(inbox, town, now=now), list[WorkItem])
        assert_type(items[0].due, datetime | None)
        assert_type(items[0].responsible, Post | None)
        assert_type(items[0].message, Message)
        assert_type(items[0].explain("ru"), str)


def the_profile(town: Municipality, message: Message, now: datetime) -> None:
    assert_type(town.roster.ladder("portal", now), tuple[Rung, ...])
    assert_type(town.roster.acting("portal", now), Rung | None)
    assert_type(town.roster.ladder("portal", now)[0].employee, Employee | None)
    assert_type(town.roster.explain("portal", now), str)
    route = assert_type(town.routing.route(message, on=now.date(), complained_of=["town"]), Route)
    assert_type(route.row, int | None)
    assert_type(route.explain("en"), str)


def the_portal(portal: Portal) -> None:
    assert_type(portal.messages.list(limit=1), list[PortalMessage])
    assert_type(portal.messages.mark_accepted(1), WriteReceipt)
    assert_type(portal.files.upload("a.pdf", b""), StoredFile)


async def the_other_world(portal: AsyncPortal, inbox: Inbox) -> None:
    assert_type(await portal.messages.list(), list[PortalMessage])
    assert_type(await collect_async(portal, inbox), Collected)


def the_calculator(calendar: Calendar, moment: datetime) -> None:
    bound = load_rules().rule("59fz.examination").bind(calendar)
    assert_type(bound.due(date(2025, 12, 8)), datetime)
    assert_type(bound.deadline(moment), Deadline)
    assert_type(bound.deadline(moment).remaining(moment), timedelta)
    assert_type(calendar.worked(moment, moment), timedelta)


def the_registers(town: Municipality, inbox: Inbox, now: datetime) -> None:
    export = assert_type(town.portal_export("export.xlsx"), PortalExport)
    assert_type(town.register("journal", "journal.csv"), RegisterJournal)
    assert_type(collect(export, inbox), Collected)
    row = assert_type(next(export.table().rows()), Row)
    assert_type(row.when("received"), date | datetime | None)
    found = assert_type(next(disagreements(inbox, town, now)), Disagreement)
    assert_type(found.far, bool | datetime)
