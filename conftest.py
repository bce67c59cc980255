"""The code of README and docs is run: one namespace a page, in an empty folder, beside a sandbox."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from tests.spark import spark_trouble

from mcu_sdk.sandbox import PortalSandbox, SandboxServer, seeded_messages

pytest_plugins = ["tests.postgresql"]

ROOT = Path(__file__).parent
STARTED_AT = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)


def beside_a_sandbox(namespace: dict[str, Any]) -> None:
    """Enter an empty folder that holds the example profile, pointed to a sandbox of the page's own."""
    stack = namespace["_page"] = ExitStack()
    folder = stack.enter_context(TemporaryDirectory())
    sandbox = PortalSandbox(seeded_messages(1, STARTED_AT))
    server = stack.enter_context(SandboxServer(sandbox))
    profile = (ROOT / "examples" / "meshchovsk.toml").read_text("utf-8")
    Path(folder, "meshchovsk.toml").write_text(profile.replace("http://127.0.0.1:8765", server.url), "utf-8")
    keys = {
        "MCU_PORTAL_SECRET": sandbox.organisation_secret,
        "MCU_PORTAL_CLIENT_SECRET": sandbox.client_secret,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    before = (Path.cwd(), {name: os.environ.get(name) for name in keys})
    stack.callback(_restore, *before)
    os.chdir(folder)
    os.environ.update(keys)
    namespace["portal_url"] = server.url
    namespace["spark_trouble"] = spark_trouble


def _restore(folder: Path, variables: dict[str, str | None]) -> None:
    os.chdir(folder)
    for name, value in variables.items():
        os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


def leave_the_page(namespace: dict[str, Any]) -> None:
    """Stop the page's sandbox, go back, and forget what the page made."""
    namespace["_page"].close()
    namespace.clear()


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README*.md", "*.md"],
    excludes=["CHANGELOG.md"],
    setup=beside_a_sandbox,
    teardown=leave_the_page,
).pytest()
