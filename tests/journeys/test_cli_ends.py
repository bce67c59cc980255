"""Every way out of the command: mistakes, Ctrl+C, a closed pipe, an encoding without Cyrillic."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mcu_sdk.cli import main
from mcu_sdk.intake import Inbox
from mcu_sdk.model import Batch, Reject
from mcu_sdk.sandbox import PortalSandbox, SandboxServer

PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"
COMMAND = [sys.executable, "-W", "error", "-m", "mcu_sdk.cli"]
MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)


def mcu(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run the command in this process; return its exit status, output and complaints."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    code = stopped.value.code
    return (code if isinstance(code, int) else 0), printed.out, printed.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--nope", "нет параметра --nope"),
        ("dedline", "нет команды 'dedline', возможно, 'deadline'"),
        ("xyzzy", "нет команды 'xyzzy'"),
        ("deadline", "не указано"),
        ("take X", "не указано '--by'"),
        ("deadline a b c", "лишнее: c"),
        ("worklist --profile", "у параметра '--profile' нет значения"),
        ("calendar 2026 --week seven", "для '--week' допустимо только: 'five', 'six'"),
        ("calendar 0", "не подходит значение"),
        ("calendar 9999", "не подходит значение"),
        ("demo --now 0001-01-01", "--now"),
        ("demo --now 9999-12-31", "--now"),
        ("sandbox --now 9999-12-31", "--now"),
        (f"worklist --profile {PROFILE} --now 0001-01-01", "--now"),
    ],
)
def test_a_wrong_command_gets_a_russian_sentence(
    capsys: pytest.CaptureFixture[str], arguments: str, words: str
) -> None:
    """A mistyped command, option or value is one Russian sentence without English in it, and status 2."""
    status, out, err = mcu(capsys, *arguments.split())
    assert (status, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert not {"Missing", "Invalid", "No", "Usage:"} & set(err.split())


def test_a_wrong_command_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    """`--lang en` gets the sentence in English."""
    assert "wrong command" in mcu(capsys, "worklist", "--nope", "--lang", "en")[2]


@pytest.mark.parametrize(
    ("arguments", "status"), [("--help", 0), ("deadline --help", 0), ("", 2), ("rules", 2)]
)
def test_help_is_printed(capsys: pytest.CaptureFixture[str], arguments: str, status: int) -> None:
    """Help is printed when asked for, and for a command that was given nothing."""
    ended, out, err = mcu(capsys, *arguments.split())
    assert (ended, err) == (status, "")
    assert "Usage: mcu" in out


def test_a_missing_inbox_is_refused_and_not_made(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A mistyped `--inbox` is a mistake with the path named; no empty file appears."""
    path = tmp_path / "typo.sqlite3"
    status, out, err = mcu(capsys, "worklist", "--profile", PROFILE, "--inbox", path)
    assert (status, out) == (2, "")
    assert str(path) in err
    assert not path.exists()


@pytest.mark.parametrize(("language", "words"), [("ru", "Номер запроса: "), ("en", "Request id: ")])
def test_a_failed_call_is_named_for_the_support_desk(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: str,
) -> None:
    """A refusal ends with the id that the request carried, so that a specialist can quote it."""
    monkeypatch.setenv("MCU_PORTAL_SECRET", "wrong")
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", "wrong")
    with SandboxServer(PortalSandbox()) as server:
        profile = tmp_path / "town.toml"
        profile.write_text(PROFILE.read_text("utf-8").replace("http://127.0.0.1:8765", server.url), "utf-8")
        inbox = tmp_path / "town.sqlite3"
        status, _, err = mcu(capsys, "collect", "--profile", profile, "--inbox", inbox, "--lang", language)
    assert status == 1
    assert re.fullmatch(f"{words}[0-9a-f]{{12}}(, .+)?", err.splitlines()[-1]), err


def test_ctrl_c_while_collecting(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+C ends a collection with a sentence that nothing is lost, and status 130."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mcu_sdk.cli.collect.collect", interrupted)
    monkeypatch.setenv("MCU_PORTAL_SECRET", "x")
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", "x")
    status, out, err = mcu(capsys, "collect", "--profile", PROFILE, "--inbox", tmp_path / "town.sqlite3")
    assert (status, err) == (130, "")
    assert "что собрано, то сохранено" in out


def test_ctrl_c_elsewhere(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C in any other verb ends it without a traceback, with status 130."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mcu_sdk.cli.deadline.load_rules", interrupted)
    status, _, err = mcu(capsys, "deadline", "59fz.examination", "2025-12-08")
    assert (status, err) == (130, "")


@pytest.mark.parametrize("verb", ["calendar 2026", "rules list"])
def test_a_reader_that_has_gone_is_no_failure(verb: str) -> None:
    """Output nobody reads any more ends the command quietly, as the shell counts it: 141."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run(
            [*COMMAND, *verb.split()], stdout=gone, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("encoding", ["ascii", "cp1251"])
@pytest.mark.parametrize(("rule", "status"), [("59fz.examination", 0), ("📮", 2)])
def test_letters_the_terminal_lacks_are_spelled_out(encoding: str, rule: str, status: int) -> None:
    """Text that the output's encoding lacks is printed in escapes, in answers and in complaints."""
    done = subprocess.run(
        [*COMMAND, "deadline", rule, "2025-12-08"],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        timeout=60,
        check=False,
    )
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert done.stdout or b"\\U0001f4ee" in done.stderr


def test_demo_needs_no_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demonstration neither reads the user's real keys nor leaves keys behind."""
    monkeypatch.setenv("MCU_PORTAL_SECRET", "somebody's real key")
    monkeypatch.delenv("MCU_PORTAL_CLIENT_SECRET", raising=False)
    before = dict(os.environ)
    status, out, err = mcu(capsys, "demo", "--now", "2026-01-12T08:05")
    assert (status, err) == (0, "")
    assert "Новых сообщений: 14" in out
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("called", "path", "shown"),
    [
        (".venv/bin/mcu", "", ".venv/bin/mcu sandbox"),
        ("{here}/.venv/bin/mcu", "", ".venv/bin/mcu sandbox"),
        ("/opt/mcu/bin/mcu", "", "/opt/mcu/bin/mcu sandbox"),
        ("{here}/.venv/bin/mcu", "{here}/.venv/bin", "mcu sandbox"),
        ("{here}/mcu_sdk/cli/__main__.py", "", "-m mcu_sdk.cli sandbox"),
    ],
)
def test_demo_ends_with_commands_to_copy(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    called: str,
    path: str,
    shown: str,
) -> None:
    """The next commands are written as this one can be called from the current folder."""
    program = tmp_path / ".venv" / "bin" / "mcu"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [called.format(here=tmp_path)])
    monkeypatch.setenv("PATH", path.format(here=tmp_path))
    last = mcu(capsys, "demo", "--now", "2026-01-12T08:05")[1].splitlines()[-2]
    assert last == shown or (shown.startswith("-m") and last.endswith(shown))


def test_what_could_not_be_read_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`collect` names the newest ten items put aside, `worklist` says how many there are."""
    sandbox = PortalSandbox()
    monkeypatch.setenv("MCU_PORTAL_SECRET", sandbox.organisation_secret)
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", sandbox.client_secret)
    path = tmp_path / "town.sqlite3"
    rejects = tuple(Reject(reason="createdAt", external_id=f"id-{number}") for number in range(12))
    with Inbox.open(path) as inbox:
        inbox.receive(Batch(channel="portal", account="portal", rejects=rejects), MONDAY)
    with SandboxServer(sandbox) as server:
        profile = tmp_path / "town.toml"
        text = PROFILE.read_text("utf-8").replace("http://127.0.0.1:8765", server.url)
        profile.write_text(text, "utf-8")
        _, out, _ = mcu(capsys, "collect", "--profile", profile, "--inbox", path)
    lines = out.splitlines()[1:]
    assert len(lines) == 11
    assert lines[0] == "Отложено 12.01.2026 08:05: id-11 (createdAt)"
    assert lines[-1] == "… и ещё 2"
    _, out, _ = mcu(capsys, "worklist", "--profile", profile, "--inbox", path)
    assert out.splitlines()[1:] == ["Отложено нечитаемых: 12."]
