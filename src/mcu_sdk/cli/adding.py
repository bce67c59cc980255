"""`mcu add`: one appeal taken down by hand."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from mcu_sdk.channels.register import CHANNEL, Way, appeal_added
from mcu_sdk.cli.options import (
    DEFAULT_PROFILE,
    InboxOption,
    LanguageOption,
    NowOption,
    ProfileOption,
    moment_now,
)
from mcu_sdk.cli.screen import Screen
from mcu_sdk.errors import UsageError
from mcu_sdk.intake import Inbox
from mcu_sdk.intake.store import alone_of
from mcu_sdk.model import ApplicantKind, Author, Batch, Regime
from mcu_sdk.municipality import Municipality

__all__ = ["add_verb"]


def add_verb(
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    inbox: InboxOption = Path("inbox.sqlite3"),
    account: Annotated[
        str | None, typer.Option(help="Журнал, если в файле муниципалитета их несколько.", show_default=False)
    ] = None,
    text: Annotated[str, typer.Option(help="О чём обращение.", show_default=False)],
    received: Annotated[
        str | None, typer.Option(help="Поступило: 2026-01-12 или 2026-01-12T08:05.", show_default=False)
    ] = None,
    number: Annotated[
        str | None, typer.Option(help="Регистрационный номер; без него даётся свой.", show_default=False)
    ] = None,
    phone_call: Annotated[bool, typer.Option("--phone-call", help="Звонок по телефону.")] = False,
    reception: Annotated[bool, typer.Option("--reception", help="Личный приём.")] = False,
    applicant: Annotated[str | None, typer.Option(help="Кто обратился.", show_default=False)] = None,
    applicant_kind: Annotated[
        Literal["person", "collective", "organisation", "official", "media", "anonymous"],
        typer.Option(help="Вид заявителя."),
    ] = "person",
    regime: Annotated[
        Literal["message", "59fz", "8fz", "210fz", "media"] | None,
        typer.Option(help="Режим; без него звонок — message, остальное — 59fz.", show_default=False),
    ] = None,
    topic: Annotated[str | None, typer.Option(help="Тема.", show_default=False)] = None,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Записать во входящие одно обращение: звонок, приём или письмо."""
    screen = Screen(lang)
    town = Municipality.load(profile)
    moment = moment_now(now, town.zone)
    journal = _journal(town, account)
    with Inbox.open(inbox) as opened, opened.store.transaction(alone_of(CHANNEL, journal)):
        message = appeal_added(
            account=journal,
            way=_way(phone_call=phone_call, reception=reception),
            text=text,
            registered=moment,
            received=_received(received, town.zone),
            number=number,
            taken=partial(opened.knows, CHANNEL, journal),
            zone=town.zone,
            regime=Regime(regime) if regime else None,
            author=Author(display_name=applicant, kind=ApplicantKind(applicant_kind)),
            topic=topic,
        )
        opened.receive(Batch(channel=CHANNEL, account=journal, items=(message,)), moment)
    screen.say(f"Записано под номером {message.number}.", f"Written down under the number {message.number}.")


def _journal(town: Municipality, account: str | None) -> str:
    if account is None and len(town.journals) == 1:
        return next(iter(town.journals))
    if account in town.journals:
        return str(account)
    known = ", ".join(town.journals) or "-"
    raise UsageError(
        "import.journal",
        f"name the journal with --account; known are {known}",
        'a journal is a table [accounts.NAME] with channel = "register" in the profile',
        known=known,
    )


def _way(*, phone_call: bool, reception: bool) -> Way:
    if phone_call and reception:
        raise UsageError(
            "import.two_ways", "--phone-call and --reception exclude each other", "leave one of them out"
        )
    return "phone" if phone_call else "reception" if reception else "letter"


def _received(text: str | None, zone: tzinfo) -> datetime | date | None:
    if text is None:
        return None
    try:
        if len(text) <= len("2026-01-12"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
    raise UsageError(
        "usage.received",
        f"{text!r} is not a date or a date and time",
        "write it as 2026-01-12 or 2026-01-12T08:05",
        text=text,
    )
