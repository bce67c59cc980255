"""`mcu deliver`: send what waits in the outbox."""

from __future__ import annotations

from pathlib import Path

import typer

from mcu_sdk.cli.options import DEFAULT_PROFILE, InboxOption, LanguageOption, NowOption, ProfileOption, clock
from mcu_sdk.cli.screen import Screen
from mcu_sdk.intake import OutboxState, deliver, reconcile
from mcu_sdk.municipality import Municipality

__all__ = ["deliver_verb"]

_OPEN = (OutboxState.WAITING, OutboxState.SENDING, OutboxState.UNKNOWN)


def deliver_verb(
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    inbox: InboxOption = Path("inbox.sqlite3"),
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Отправить ответы, которые ждут в исходящих."""
    screen = Screen(lang)
    town = Municipality.load(profile)
    with town.outbox(inbox) as outbox:
        accounts = {entry.account for entry in outbox.entries() if entry.state in _OPEN}
        with town.senders(sorted(accounts)) as senders:
            found = reconcile(outbox, senders, now=clock(now, town.zone))
            done = deliver(outbox, senders, now=clock(now, town.zone))
    screen.say(
        f"Отправлено: {done.sent + found.sent}, отказано: {done.failed}, под вопросом: "
        f"{done.unknown + found.in_doubt}, ждёт после неудачи: {done.returned}.",
        f"Sent: {done.sent + found.sent}, refused: {done.failed}, in doubt: "
        f"{done.unknown + found.in_doubt}, waiting after a failure: {done.returned}.",
    )
    if done.not_sent:
        screen.say(
            f"Запись выключена, не отправлено: {done.not_sent}.",
            f"Writes are off, not sent: {done.not_sent}.",
        )
    for account in sorted(accounts - {sender.account for sender in senders}):
        screen.say(
            f"В файле муниципалитета нет учётной записи {account}: её шаги ждут.",
            f"The profile has no account {account}: its steps wait.",
        )
    if done.stopped:
        screen.say("Отправка остановлена: mcu outbox resume.", "Sending is stopped: mcu outbox resume.")
    for account, reason in sorted(done.troubles.items()):
        screen.say(f"{account}: {reason}", f"{account}: {reason}")
    if done.troubles:
        raise typer.Exit(1)
