"""The verbs of the command, put together."""

from __future__ import annotations

import typer

from mcu_sdk.cli.calendar import calendar_verb
from mcu_sdk.cli.collect import collect_verb
from mcu_sdk.cli.deadline import deadline_verb
from mcu_sdk.cli.demo import demo_verb
from mcu_sdk.cli.rules import rules_verbs
from mcu_sdk.cli.sandbox import sandbox_verb
from mcu_sdk.cli.worklist import worklist_verb

__all__ = ["run"]

_application = typer.Typer(
    name="mcu",
    help="Сообщения жителей: собрать, увидеть сроки, ответить вовремя.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_application.command("demo")(demo_verb)
_application.command("sandbox")(sandbox_verb)
_application.command("collect")(collect_verb)
_application.command("worklist")(worklist_verb)
_application.command("deadline")(deadline_verb)
_application.command("calendar")(calendar_verb)
_application.add_typer(rules_verbs, name="rules")


def run(arguments: list[str]) -> None:
    """Run the command with *arguments*; ends by SystemExit or by an error of ours."""
    _application(args=arguments, prog_name="mcu")
