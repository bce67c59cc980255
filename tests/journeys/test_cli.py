"""A specialist's path on the command line, every verb, with real HTTP on loopback."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from mcu_sdk.cli import main
from mcu_sdk.sandbox import FAULT_KINDS, PortalSandbox, SandboxServer, seeded_messages

MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"


def mcu(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run the command in this process; return its exit status, output and complaints."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    code = stopped.value.code
    return (code if isinstance(code, int) else 0), printed.out, printed.err


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    sandbox = PortalSandbox(seeded_messages(1, MONDAY))
    monkeypatch.setenv("MCU_PORTAL_SECRET", sandbox.organisation_secret)
    monkeypatch.setenv("MCU_PORTAL_CLIENT_SECRET", sandbox.client_secret)
    with SandboxServer(sandbox) as server:
        path = tmp_path / "town.toml"
        text = PROFILE.read_text("utf-8").replace("http://127.0.0.1:8765", server.url)
        path.write_text(text, "utf-8")
        yield path


def test_collect_then_worklist(capsys: pytest.CaptureFixture[str], profile: Path, tmp_path: Path) -> None:
    """Collected once, known ever after; the list is sorted by due moment, in Russian and plain in a pipe."""
    inbox = tmp_path / "town.sqlite3"
    status, out, _ = mcu(capsys, "collect", "--profile", profile, "--inbox", inbox)
    assert (status, out) == (0, "Новых сообщений: 14, известных: 0, отложено нечитаемых: 0.\n")
    status, out, _ = mcu(capsys, "collect", "--profile", profile, "--inbox", inbox)
    assert (status, out) == (0, "Новых сообщений: 0, известных: 0, отложено нечитаемых: 0.\n")

    listing = ("worklist", "--profile", profile, "--inbox", inbox, "--now", "2026-01-12T08:05")
    status, out, _ = mcu(capsys, *listing)
    rows = [line.split("\t") for line in out.splitlines()]
    assert status == 0
    assert rows[0] == ["Срок", "Осталось", "Номер", "О чём", "Кто отвечает"]
    assert len(rows) == 15
    assert "\x1b" not in out

    status, out, _ = mcu(capsys, *listing, "--json", "--lang", "en")
    facts = json.loads(out)
    assert status == 0
    dues = [datetime.fromisoformat(fact["due"]) for fact in facts]
    assert len(dues) == 14
    assert dues == sorted(dues)
    assert {"due", "late", "number", "responsible", "explanation"} <= facts[0].keys()
    assert "+7 000" not in out
    assert "@example" not in out


def test_an_empty_worklist_says_so(capsys: pytest.CaptureFixture[str], profile: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "town.sqlite3"
    mcu(capsys, "collect", "--profile", profile, "--inbox", inbox)
    listing = ("worklist", "--profile", profile, "--inbox", inbox, "--state", "waiting_for_others")
    assert mcu(capsys, *listing)[1] == "Таких сообщений нет.\n"
    assert mcu(capsys, *listing, "--limit", 3, "--lang", "en")[1] == "There are no such messages.\n"
    status, _, complaint = mcu(capsys, *listing, "--state", "done")
    assert (status, complaint.split(",")[0]) == (2, "В списке дел только открытые сообщения")


def test_worklist_explains(capsys: pytest.CaptureFixture[str], profile: Path, tmp_path: Path) -> None:
    """`--explain` prints the reason of every date under its number."""
    inbox = tmp_path / "town.sqlite3"
    mcu(capsys, "collect", "--profile", profile, "--inbox", inbox)
    status, out, _ = mcu(
        capsys,
        "worklist",
        "--profile",
        profile,
        "--inbox",
        inbox,
        "--now",
        "2026-01-12T08:05",
        "--explain",
        "--limit",
        1,
    )
    assert status == 0
    assert "МСК" in out
    assert "календарных" in out


@pytest.mark.parametrize("state", [(), ("--state", "due_soon", "--state", "late")])
def test_the_beginning_of_a_list_is_the_same_without_numpy(
    capsys: pytest.CaptureFixture[str],
    profile: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: tuple[str, ...],
) -> None:
    """`--limit` counts in columns where it can; what it shows is the beginning of the whole list."""
    inbox = tmp_path / "town.sqlite3"
    mcu(capsys, "collect", "--profile", profile, "--inbox", inbox)
    listing = ("worklist", "--profile", profile, "--inbox", inbox, "--now", "2026-01-12T08:05", *state)
    _, whole, _ = mcu(capsys, *listing)
    _, in_columns, _ = mcu(capsys, *listing, "--limit", 4)
    assert "mcu_sdk.desk.bulk" in sys.modules
    monkeypatch.delitem(sys.modules, "mcu_sdk.desk.bulk")
    monkeypatch.delattr("mcu_sdk.desk.bulk")
    monkeypatch.setitem(sys.modules, "numpy", None)
    status, one_by_one, _ = mcu(capsys, *listing, "--limit", 4)
    assert status == 0
    assert "mcu_sdk.desk.bulk" not in sys.modules
    assert in_columns == one_by_one == "".join(whole.splitlines(keepends=True)[:5])


def test_deadline(capsys: pytest.CaptureFixture[str]) -> None:
    """One rule and one start give the date and the reason, as text and as JSON."""
    status, out, _ = mcu(capsys, "deadline", "59fz.examination", "2025-12-08")
    assert status == 0
    assert "30.12.2025" in out
    status, out, _ = mcu(capsys, "deadline", "59fz.examination", "2025-12-08", "--roll", "next", "--json")
    assert status == 0
    assert json.loads(out)["due_date"] == "2026-01-12"
    status, out, _ = mcu(
        capsys,
        "deadline",
        "comments.90_minutes",
        "2026-01-16T15:30",
        "--counted-on",
        "office",
        "--profile",
        PROFILE,
        "--json",
    )
    assert json.loads(out)["due"] == "2026-01-19T09:00:00+03:00"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("deadline", "59fz.nothing", "2025-12-08"), "59fz.nothing"),
        (("deadline", "59fz.examination", "вчера"), "вчера"),
        (("deadline", "59fz.examination", "2050-01-01"), "2050"),
        (("deadline", "comments.90_minutes", "2026-01-16T15:30"), "календар"),
        (("deadline", "59fz.examination", "2025-12-08", "--zone", "Europe/Nowhere"), "Europe/Nowhere"),
        (("deadline", "59fz.examination", "2025-12-08", "--schedule", "иногда"), "иногда"),
        (("worklist", "--profile", "no-such-file.toml"), "no-such-file.toml"),
        (("worklist", "--profile", PROFILE, "--inbox", "/no/such/folder/inbox.sqlite3"), "/no/such/folder"),
        (("worklist", "--profile", PROFILE, "--now", "потом"), "--now"),
        (("sandbox", "--faults", "999"), "999"),
        (("sandbox", "--messages", "no-such-file.csv"), "no-such-file.csv"),
    ],
)
def test_a_mistake_gets_a_russian_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[object, ...], words: str
) -> None:
    """A user's mistake ends with one Russian sentence that names the place, and no traceback."""
    status, out, err = mcu(capsys, *arguments)
    assert status in {1, 2}
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert any("а" <= letter <= "я" for letter in err)


def test_the_far_side_is_down(capsys: pytest.CaptureFixture[str], profile: Path, tmp_path: Path) -> None:
    """A portal that refuses the keys is a sentence too, without the keys in it."""
    text = profile.read_text("utf-8").replace("sandbox-client", "somebody-else")
    profile.write_text(text, "utf-8")
    status, _, err = mcu(capsys, "collect", "--profile", profile, "--inbox", tmp_path / "town.sqlite3")
    assert status == 1
    assert "Traceback" not in err
    assert "401" in err


@pytest.mark.parametrize("language", ["ru", "en"])
def test_demo(language: str) -> None:
    """`mcu demo` shows the whole way in a process of its own: collected, listed, explained, nothing twice."""
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-m",
            "mcu_sdk.cli",
            "demo",
            "--now",
            "2026-01-12T08:05",
            "--lang",
            language,
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.count("14") >= 2
    assert ("известных: 0" if language == "ru" else "known: 0") in done.stdout
    assert "59fz.examination" in done.stdout


def test_collecting_without_writes(capsys: pytest.CaptureFixture[str], profile: Path, tmp_path: Path) -> None:
    """With writes off all is collected, the portal is told nothing, and the command says so."""
    profile.write_text(profile.read_text("utf-8").replace("writes = true", "writes = false"), "utf-8")
    arguments = ("collect", "--profile", profile, "--inbox", tmp_path / "town.sqlite3")
    assert mcu(capsys, *arguments)[1].splitlines() == [
        "Новых сообщений: 14, известных: 0, отложено нечитаемых: 0.",
        "Портал не подтвердил приём: 14 (запись выключена или он отказал).",
    ]
    assert "известных: 14" in mcu(capsys, *arguments)[1]


@pytest.mark.parametrize(("language", "word"), [("ru", "выполнен"), ("en", "done")])
def test_sandbox_lists_its_faults(capsys: pytest.CaptureFixture[str], language: str, word: str) -> None:
    """Every fault is told by name, with its usual seconds, and whether the request takes effect."""
    status, out, _ = mcu(capsys, "sandbox", "--faults", "list", "--lang", language)
    rows = {line.split("\t")[0].partition(":")[0]: line.split("\t") for line in out.splitlines()[1:]}
    assert status == 0
    assert set(rows) == {*FAULT_KINDS, "400-599"}
    assert rows["reset_after"][1] == word
    assert rows["drip"][0] == "drip:0.2"


def test_sandbox_serves_until_it_is_stopped(tmp_path: Path) -> None:
    """`mcu sandbox` serves a user's CSV with scripted failures, says where, and ends on Ctrl+C."""
    table = tmp_path / "messages.csv"
    table.write_text("id,text,topic,executor\n7,Яма,Дороги,Администрация\n", "utf-8")
    command = [sys.executable, "-u", "-m", "mcu_sdk.cli", "sandbox", "--port", "0", "--messages", str(table)]
    with subprocess.Popen(
        [*command, "--faults", "503@1"], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as serving:
        assert serving.stdout is not None
        first = serving.stdout.readline()
        url = first.split("портал: ")[1].split(",")[0]
        statuses = [httpx.get(f"{url}/appeal-service/edms", trust_env=False).status_code for _ in range(2)]
        serving.send_signal(signal.SIGINT)
        rest = serving.communicate(timeout=30)[0]
    assert "сообщений в очереди: 1" in first
    assert statuses == [503, 401]
    assert "Остановлено." in rest
    assert serving.returncode == 0
