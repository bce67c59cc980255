"""Watches the whole run for secrets and personal data in what may be read by others.

A test's own secrets and persons bear a mark (`CANARIES`, or any value with its word in it). Every log
record of every logger at DEBUG, every error of our tree with its causes, values and pickle, every
warning and everything printed by the command is searched for a mark; a test during which one shows up
fails, and says where.

Not searched, by design: dumps and pickles of models and the inbox itself, which are lossless; a
`Request` and a `Response`, whose values are what travels; `Secret.reveal()`.
"""

from __future__ import annotations

import functools
import logging
import pickle
import re
import subprocess
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from mcu_sdk.errors import McuError


@dataclass(frozen=True)
class Canaries:
    """One value for everything that must not show."""

    organisation_secret: str = "canary-organisation-secret"
    client_secret: str = "canary-client-secret"
    token: str = "canary-access-token"
    proxy_password: str = "canary-proxy-password"
    query_token: str = "canary-query-token"
    cookie: str = "canary-cookie"
    surname: str = "Канарейкина"
    phone: str = "+7 910 123-45-67"
    email: str = "anna@canary.example"
    street: str = "Канареечная"


CANARIES = Canaries()
MARKS = {
    "a planted secret": re.compile("canary"),
    "a planted person or address": re.compile(
        "Канаре[йе]|%D0%9A%D0%B0%D0%BD%D0%B0%D1%80%D0%B5|\\\\u041a\\\\u0430\\\\u043d"
    ),
    "a planted phone": re.compile(r"910\D{0,2}123\D?45\D?67"),
    "a person of the sandbox": re.compile(r"applicant-\d+@|\+7 000 \d{3}"),
    "a token of the sandbox": re.compile(r"sandbox-token-\d"),
    "a header with credentials": re.compile(r"(Basic [A-Za-z0-9+/]{8,}|Bearer (?!realm)[\w.-]{4,})"),
}
_MOST_ERRORS_HELD = 50


class LeakWatch(logging.Handler):
    """The pytest plugin: installed for the session, asked after every test."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.found: list[str] = []
        self._errors: deque[McuError] = deque()
        self._undo: list[Callable[[], None]] = []

    def look(self, where: str, text: object) -> None:
        """Note *where* when *text* bears a mark; the text itself is not repeated."""
        searched = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        self.found.extend(f"{what} in {where}" for what, mark in MARKS.items() if mark.search(searched))

    def emit(self, record: logging.LogRecord) -> None:
        """Search a log record with everything it carries."""
        with suppress(Exception):  # a record that cannot be formatted is not ours to judge
            self.look(f"the log of {record.name}", f"{record.getMessage()} {vars(record)}")
            if record.exc_info and record.exc_info[1]:
                self.look(f"an exception in the log of {record.name}", repr(record.exc_info[1]))

    def remember(self, error: McuError) -> None:
        """Keep an error until it has got its causes and values."""
        self._errors.append(error)
        if len(self._errors) > _MOST_ERRORS_HELD:
            self._search(self._errors.popleft())

    def _search(self, error: McuError) -> None:
        for text in told_by(error):
            self.look(f"{type(error).__name__} {error.code}", text)

    def taken(self) -> list[str]:
        """Return what was found so far, and forget it."""
        while self._errors:
            self._search(self._errors.popleft())
        found, self.found = sorted(set(self.found)), []
        return found

    def pytest_sessionstart(self) -> None:
        """Listen to everything."""
        root = logging.getLogger()
        root.addHandler(self)
        level = root.level
        root.setLevel(logging.DEBUG)
        self._undo += [lambda: root.setLevel(level), lambda: root.removeHandler(self)]
        self._wrap(McuError, "__init__", self.remember_made)
        self._wrap(pytest.CaptureFixture, "readouterr", self.look_at_printed)
        self._wrap(subprocess.Popen, "communicate", self.look_at_printed)

    def remember_made(self, error: McuError, _: None) -> None:
        """Take part in the making of every error."""
        self.remember(error)

    def look_at_printed(self, source: object, printed: tuple[Any, Any]) -> None:
        """Search what a command printed, as its test reads it."""
        for text in printed:
            self.look(f"what was printed, read by {type(source).__name__}", text)

    def _wrap(self, owner: Any, name: str, then: Callable[[Any, Any], None]) -> None:
        original = getattr(owner, name)

        @functools.wraps(original)
        def wrapped(self: Any, *arguments: Any, **named: Any) -> Any:
            result = original(self, *arguments, **named)
            then(self, result)
            return result

        setattr(owner, name, wrapped)
        self._undo.append(lambda: setattr(owner, name, original))

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Search a warning."""
        self.look("a warning", warning_message.message)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Search what was printed and nobody read."""
        for _, text in report.sections if report.passed else ():
            self.look("captured output", text)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None]:
        """Fail the test during which a mark showed up."""
        yield
        if found := self.taken():
            pytest.fail(f"leaked: {'; '.join(found)}", pytrace=False)

    def pytest_sessionfinish(self) -> None:
        """Stop listening; what came after the last test fails the session."""
        while self._undo:
            self._undo.pop()()
        if found := self.taken():
            raise AssertionError(f"leaked after the last test: {'; '.join(found)}")


def told_by(error: BaseException) -> Iterator[object]:
    """Yield everything an error tells: words, values, notes, pickle, and the same of its causes."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield from (str(cause), repr(cause), cause.args, vars(cause))
        with suppress(Exception):  # a foreign error may not pickle
            yield pickle.dumps(cause)
        if isinstance(cause, McuError):
            with suppress(KeyError):  # a test's own error may lack the values its code promises
                yield cause.localized("ru")
        waiting += [cause.__cause__, cause.__context__]
