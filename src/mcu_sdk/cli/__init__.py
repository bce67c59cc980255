"""The `mcu` command. `main` is its entry point; it ends with a sentence, never with a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise

from mcu_sdk.errors import (
    ApiError,
    FileError,
    Language,
    McuError,
    MissingExtra,
    SlaError,
    TransportError,
    UsageError,
)

__all__ = ["main"]

_INTERRUPTED = 130
_CLOSED_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit: 0 done, 2 the user's mistake, 1 anything else that failed.

    130 after Ctrl+C, 141 when the reader of a pipe has gone, as the shell counts both.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _print_any_letter()
    try:
        status = _run(given)
        sys.stdout.flush()
    except McuError as error:
        print(error.localized(_language(given)), *_ids(error, _language(given)), file=sys.stderr, sep="\n")  # noqa: T201
        status = 2 if isinstance(error, UsageError | FileError | SlaError) else 1
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except (BrokenPipeError, SystemExit) as end:
        if not _pipe_was_closed(end):
            raise
        status = _CLOSED_PIPE
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    try:
        application = import_module("mcu_sdk.cli.application")
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich"):
            raise
        raise MissingExtra.named("cli", "mcu") from None
    status: int = application.run(arguments)
    return status


def _language(arguments: list[str]) -> Language:
    following = dict(pairwise(arguments))
    return "en" if "--lang=en" in arguments or following.get("--lang") == "en" else "ru"


def _ids(error: McuError, language: Language) -> list[str]:
    """Return what the support desk asks for: our id of the call, and the far side's where it gave one."""
    if not isinstance(error, TransportError | ApiError) or error.call_id is None:
        return []
    ours, theirs = ("Номер запроса", "у системы") if language == "ru" else ("Request id", "theirs")
    of_theirs = error.request_id or ""
    shown = f", {theirs}: {of_theirs}" if of_theirs.isprintable() and of_theirs else ""
    return [f"{ours}: {error.call_id}{shown}"]


def _print_any_letter() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _pipe_was_closed(end: BaseException) -> bool:
    """Tell whether nobody reads the output any more; typer and rich make an exit of that."""
    if not isinstance(end, BrokenPipeError) and not isinstance(end.__context__, BrokenPipeError):
        return False
    if sys.__stdout__ is not None:  # what is still in the buffer must go somewhere when Python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
    return True
