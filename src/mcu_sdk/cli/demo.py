"""`mcu demo`: a resident's message travels the whole way on this machine."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import date, datetime
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from mcu_sdk.channels.portal import Portal, PortalSettings
from mcu_sdk.cli.collect import show_collected
from mcu_sdk.cli.options import LanguageOption, NowOption, moment_now
from mcu_sdk.cli.screen import Screen
from mcu_sdk.cli.worklist import show_worklist
from mcu_sdk.desk import worklist
from mcu_sdk.intake import Inbox, collect
from mcu_sdk.municipality import Municipality, zone_data_version
from mcu_sdk.sandbox import PortalSandbox, SandboxServer, seeded_messages
from mcu_sdk.wire import Secret

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
        with (
            Portal(_settings(town, sandbox)) as portal,
            Inbox.open(Path(folder) / "town.sqlite3") as inbox,
        ):
            screen.heading("2. Сбор во входящие (SQLite)", "2. Collecting into the inbox (SQLite)")
            show_collected(screen, collect(portal, inbox))
            _show_work(screen, town, inbox, moment)
            screen.heading("5. Ещё один сбор", "5. Collecting once more")
            show_collected(screen, collect(portal, inbox))
    _show_appeal(screen, town)
    command = _own_command()
    screen.heading("Дальше", "Next")
    for arguments in ("deadline 59fz.examination 2025-12-08 --roll next", "sandbox", "--help"):
        screen.text(f"{command} {arguments}")


def _settings(town: Municipality, sandbox: PortalSandbox) -> PortalSettings:
    """The account of the profile with the sandbox's own keys, whatever the user's real ones are."""
    return replace(
        town.accounts["portal"],
        organisation_secret=Secret(sandbox.organisation_secret),
        client_secret=Secret(sandbox.client_secret),
    )


def _show_work(screen: Screen, town: Municipality, inbox: Inbox, moment: datetime) -> None:
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
    screen.text(first.explain(screen.language))


def _show_appeal(screen: Screen, town: Municipality) -> None:
    appeal = town.rules.rule("59fz.examination").bind(town.calendars).deadline(date(2025, 12, 8))
    screen.heading(
        "6. Обращение по 59-ФЗ от 08.12.2025: срок попал на каникулы",
        "6. An appeal under 59-FZ of 08.12.2025: the term ends in the holidays",
    )
    screen.text(appeal.explain(screen.language, tz_version=zone_data_version()))


def _own_command() -> str:
    """Return how this very command is called from the current folder."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{_near(Path(sys.executable))} -m mcu_sdk.cli"
    found = shutil.which(called.name)
    if found and Path(found).absolute() == called.absolute():
        return called.name
    return _near(called)


def _near(program: Path) -> str:
    here, program = Path.cwd(), program.absolute()
    shown = str(program.relative_to(here) if program.is_relative_to(here) else program)
    return f'"{shown}"' if " " in shown else shown
