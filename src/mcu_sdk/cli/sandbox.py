"""`mcu sandbox`: the far side of the portal on this machine."""

from __future__ import annotations

import threading
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import LanguageOption, NowOption, moment_now
from mcu_sdk.cli.screen import Screen
from mcu_sdk.sandbox import (
    FAULT_KINDS,
    FaultScript,
    PortalSandbox,
    SandboxServer,
    messages_from_csv,
    seeded_messages,
)

__all__ = ["sandbox_verb"]


def sandbox_verb(
    *,
    port: Annotated[int, typer.Option(help="Порт; 0 — любой свободный.", min=0, max=65535)] = 8765,
    seed: Annotated[int, typer.Option(help="Какой набор сообщений придумать.")] = 1,
    messages: Annotated[
        Path | None,
        typer.Option(help="Свои сообщения: CSV с колонками id, text, topic, executor.", show_default=False),
    ] = None,
    faults: Annotated[
        str,
        typer.Option(
            help="Сбои по номеру запроса: «503@5, 429@12:1, report/reset_after@1»; list — перечислить все.",
            show_default=False,
        ),
    ] = "",
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Запустить учебный портал на этой машине (остановка: Ctrl+C)."""
    screen = Screen(lang)
    if faults == "list":
        _list_faults(screen)
        return
    moment = moment_now(now, UTC)
    queue = seeded_messages(seed, moment) if messages is None else messages_from_csv(messages, moment)
    portal = PortalSandbox(queue, faults=FaultScript.parse(faults))
    with SandboxServer(portal, port=port) as server:
        screen.say(
            f"Учебный портал: {server.url}, сообщений в очереди: {len(queue)}. Остановка: Ctrl+C.",
            f"The sandbox portal: {server.url}, messages in the queue: {len(queue)}. Stop: Ctrl+C.",
        )
        screen.say(
            "Ключи: export MCU_PORTAL_SECRET=sandbox MCU_PORTAL_CLIENT_SECRET=sandbox",
            "Keys: export MCU_PORTAL_SECRET=sandbox MCU_PORTAL_CLIENT_SECRET=sandbox",
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            screen.say("Остановлено.", "Stopped.")


def _list_faults(screen: Screen) -> None:
    russian = screen.language == "ru"
    done, not_done = ("выполнен", "не выполнен") if russian else ("done", "not done")
    rows = [
        (
            f"{kind.name}:{kind.seconds:g}" if kind.seconds is not None else kind.name,
            done if kind.takes_effect else not_done,
            kind.russian if russian else kind.english,
        )
        for kind in FAULT_KINDS.values()
    ]
    statuses = "отказ с этим кодом; 429:5 — Retry-After" if russian else "a refusal; 429:5 says Retry-After"
    rows.append(("400-599", not_done, statuses))
    screen.table(("Сбой", "Запрос", "Что происходит") if russian else ("Fault", "Request", "What"), rows)
