"""The verbs of the command, put together."""

from __future__ import annotations

import re

import typer

from mcu_sdk.cli.adding import add_verb
from mcu_sdk.cli.answer import answer_verb
from mcu_sdk.cli.calendar import calendar_verb
from mcu_sdk.cli.check_answer import check_answer_verb
from mcu_sdk.cli.collect import collect_verb
from mcu_sdk.cli.deadline import deadline_verb
from mcu_sdk.cli.deliver import deliver_verb
from mcu_sdk.cli.demo import demo_verb
from mcu_sdk.cli.disagreements import disagreements_verb
from mcu_sdk.cli.doctor import doctor_verb
from mcu_sdk.cli.extend import extend_verb
from mcu_sdk.cli.forward import forward_verb
from mcu_sdk.cli.importing import import_verb
from mcu_sdk.cli.journal import journal_verbs
from mcu_sdk.cli.outbox import outbox_verbs
from mcu_sdk.cli.profile import profile_verbs
from mcu_sdk.cli.purge import purge_verb
from mcu_sdk.cli.quarantine import quarantine_verbs
from mcu_sdk.cli.rules import rules_verbs
from mcu_sdk.cli.sandbox import sandbox_verb
from mcu_sdk.cli.show import show_verb
from mcu_sdk.cli.store import store_verbs
from mcu_sdk.cli.take import take_verb
from mcu_sdk.cli.worklist import worklist_verb
from mcu_sdk.errors import UsageError

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
_application.command("import")(import_verb)
_application.command("add")(add_verb)
_application.command("worklist")(worklist_verb)
_application.command("disagreements")(disagreements_verb)
_application.command("show")(show_verb)
_application.command("take")(take_verb)
_application.command("answer")(answer_verb)
_application.command("extend")(extend_verb)
_application.command("forward")(forward_verb)
_application.command("deliver")(deliver_verb)
_application.command("check-answer")(check_answer_verb)
_application.command("deadline")(deadline_verb)
_application.command("calendar")(calendar_verb)
_application.command("doctor")(doctor_verb)
_application.command("purge")(purge_verb)
_application.add_typer(profile_verbs, name="profile")
_application.add_typer(rules_verbs, name="rules")
_application.add_typer(quarantine_verbs, name="quarantine")
_application.add_typer(store_verbs, name="store")
_application.add_typer(outbox_verbs, name="outbox")
_application.add_typer(journal_verbs, name="journal")


_RUSSIAN = (
    (r"No such option: (\S+)", "нет параметра {}"),
    (r"No such command (.+?)\. Did you mean (.+?)\?", "нет команды {}, возможно, {}"),
    (r"No such command (.+?)\.", "нет команды {}"),
    (r"Missing (?:argument|option|parameter) (.+?)\.", "не указано {}"),
    (r"Invalid value for (.+?): .* is not one of (.+?)\.?$", "для {} допустимо только: {}"),
    (r"Invalid value for (.+?): ", "не подходит значение {}"),
    (r"Got unexpected extra argument.*\((.+)\)", "лишнее: {}"),
    (r"Option (.+) requires an argument", "у параметра {} нет значения"),
)
# Not exported by typer under a name of its own.
_CommandMistake: type[Exception] = typer.BadParameter.__mro__[1]


def run(arguments: list[str]) -> int:
    """Run the command with *arguments* and return its exit status. Raises errors of ours only."""
    try:
        status: object = _application(args=arguments, prog_name="mcu", standalone_mode=False)
    except _CommandMistake as mistake:
        said = str(getattr(mistake, "format_message", mistake.__str__)())
        if type(mistake).__name__ == "NoArgsIsHelpError":
            print(said)  # noqa: T201
            return 2
        reason, reason_ru = said.rstrip("."), _in_russian(said)
    except typer.Abort:
        return 1
    else:
        return status if isinstance(status, int) else 0
    raise UsageError(
        "usage.command", f"wrong command: {reason}", "see mcu --help", reason=reason, reason_ru=reason_ru
    )


def _in_russian(said: str) -> str:
    for pattern, russian in _RUSSIAN:
        if found := re.match(pattern, said, re.DOTALL):
            return russian.format(*found.groups())
    return said
