"""`mcu demo`: a resident's message travels the whole way on this machine."""

from __future__ import annotations

import os
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from mcu_sdk.cli.collect import show_collected
from mcu_sdk.cli.options import LanguageOption, NowOption, moment_now
from mcu_sdk.cli.screen import Screen
from mcu_sdk.cli.worklist import show_worklist
from mcu_sdk.desk import worklist
from mcu_sdk.intake import Inbox, collect
from mcu_sdk.municipality import Municipality, zone_data_version
from mcu_sdk.sandbox import PortalSandbox, SandboxServer, seeded_messages

__all__ = ["demo_verb"]

_SHOWN = 8


def demo_verb(
    seed: Annotated[int, typer.Option(help="Какой набор сообщений придумать.")] = 1,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Показать весь путь сообщения жителя: портал → входящие → срок → список дел."""
    screen = Screen(lang)
    moment = moment_now(now, ZoneInfo("Europe/Moscow"))
    queue = seeded_messages(seed, moment)
    sandbox = PortalSandbox(queue)
    os.environ.setdefault("MCU_PORTAL_SECRET", sandbox.organisation_secret)
    os.environ.setdefault("MCU_PORTAL_CLIENT_SECRET", sandbox.client_secret)
    with (
        TemporaryDirectory(prefix="mcu-demo-") as folder,
        SandboxServer(sandbox) as server,
        as_file(files("mcu_sdk.sandbox").joinpath("meshchovsk.toml")) as profile,
    ):
        town = Municipality.load(profile, urls={"portal": server.url})
        screen.heading(f"1. Портал ({server.url})", f"1. The portal ({server.url})")
        screen.say(
            f"Жители написали {len(queue)} сообщений; портал учебный, но разговор с ним идёт по HTTP.",
            f"Residents wrote {len(queue)} messages; the portal is a sandbox, but it is talked to over HTTP.",
        )
        with town.portal() as portal, Inbox.open(Path(folder) / "town.sqlite3") as inbox:
            screen.heading("2. Сбор во входящие (SQLite)", "2. Collecting into the inbox (SQLite)")
            show_collected(screen, collect(portal, inbox))
            items = worklist(inbox, town, moment)
            screen.heading(
                f"3. Список дел: {town.name}, {screen.moment(moment)}",
                f"3. The worklist: {town.name}, {screen.moment(moment)}",
            )
            show_worklist(screen, items[:_SHOWN], moment)
            if len(items) > _SHOWN:
                screen.say(f"… и ещё {len(items) - _SHOWN}.", f"… and {len(items) - _SHOWN} more.")
            first = items[0]
            screen.heading(
                f"4. Почему такой срок: {first.message.number}",
                f"4. Why that date: {first.message.number}",
            )
            screen.text(f"«{first.message.masked().text}»")
            screen.text(first.explain(lang))
            screen.heading("5. Ещё один сбор", "5. Collecting once more")
            show_collected(screen, collect(portal, inbox))
    appeal = town.rules.rule("59fz.examination").bind(town.calendars).deadline(date(2025, 12, 8))
    screen.heading(
        "6. Обращение по 59-ФЗ от 08.12.2025: срок попал на каникулы",
        "6. An appeal under 59-FZ of 08.12.2025: the term ends in the holidays",
    )
    screen.text(appeal.explain(lang, tz_version=zone_data_version()))
    screen.heading("Дальше", "Next")
    screen.text("mcu deadline 59fz.examination 2025-12-08 --roll next\nmcu sandbox\nmcu --help")
