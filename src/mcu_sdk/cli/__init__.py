"""The `mcu` command. `main` is its entry point; it ends with a sentence, never with a traceback."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise

from mcu_sdk.errors import FileError, Language, McuError, MissingExtra, SlaError, UsageError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit: 0 done, 2 the user's mistake, 1 anything else that failed."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _run(given)
    except McuError as error:
        print(error.localized(_language(given)), file=sys.stderr)  # noqa: T201
        sys.exit(2 if isinstance(error, UsageError | FileError | SlaError) else 1)


def _run(arguments: list[str]) -> None:
    try:
        application = import_module("mcu_sdk.cli.application")
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich"):
            raise
        raise MissingExtra.named("cli", "mcu") from None
    application.run(arguments)


def _language(arguments: list[str]) -> Language:
    following = dict(pairwise(arguments))
    return "en" if "--lang=en" in arguments or following.get("--lang") == "en" else "ru"
