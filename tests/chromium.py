"""Headless Chromium over its debugging pipe, for pages that must work from a file and without a network."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Self

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")


class Page:
    """One open page: commands of the DevTools protocol, and all that the console and the network told."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to_browser = to_browser
        self._from_browser = from_browser
        self._numbers = count(1)
        self._rest = b""
        self.events: list[dict[str, Any]] = []
        self._session: str | None = None

    def open(self, path: Path) -> Self:
        """Attach to a new page, cut its network off, and show the file."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.send(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=0,
            uploadThroughput=0,
        )
        self.send("Page.navigate", url=path.as_uri())
        self.wait_for("Page.loadEventFired")
        return self

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._to_browser, json.dumps(command).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == number:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result
            self.events.append(told)

    def wait_for(self, event: str) -> None:
        """Wait until the browser tells *event*."""
        while not any(told.get("method") == event for told in self.events):
            self.events.append(self._next())

    def value(self, expression: str) -> Any:
        """Return what an expression is worth on the page."""
        return self.send("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press one key, as a hand on a keyboard does."""
        shared = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **shared)
        self.send("Input.dispatchKeyEvent", type="keyUp", **shared)

    def complaints(self) -> list[dict[str, Any]]:
        """Return what went wrong: console errors and warnings, exceptions, requests beyond the file."""
        named = ("Runtime.exceptionThrown", "Log.entryAdded", "Network.loadingFailed")
        requests = [told for told in self.events if told.get("method") == "Network.requestWillBeSent"]
        strangers = [
            told for told in requests if not told["params"]["request"]["url"].startswith(("file:", "data:"))
        ]
        consoles = [
            told
            for told in self.events
            if told.get("method") == "Runtime.consoleAPICalled"
            and told["params"]["type"] in ("error", "warning", "assert")
        ]
        return [told for told in self.events if told.get("method") in named] + consoles + strangers

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._from_browser, 1 << 16)
            assert more, "the browser has gone"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def chromium(folder: Path) -> Iterator[Page]:
    """Start a browser with a fresh profile in *folder*; skips where there is none."""
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium on this machine: apt install chromium")
    commands_read, commands_write = _pipe_off_the_way()
    answers_read, answers_write = _pipe_off_the_way()

    def as_three_and_four() -> None:
        os.dup2(commands_read, 3)
        os.dup2(answers_write, 4)

    arguments = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--remote-debugging-pipe",
        f"--user-data-dir={folder / 'browser'}",
        "--window-size=1400,900",
        "about:blank",
    )
    browser = subprocess.Popen(
        [program, *arguments],
        preexec_fn=as_three_and_four,  # noqa: PLW1509  # nothing else runs in the child before it
        pass_fds=(3, 4),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(commands_read)
    os.close(answers_write)
    try:
        yield Page(commands_write, answers_read)
    finally:
        browser.kill()
        browser.wait()
        os.close(commands_write)
        os.close(answers_read)


def _pipe_off_the_way() -> tuple[int, int]:
    """Return a pipe whose ends are far from the numbers 3 and 4, which the browser reads and writes."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
