"""The facts of a real machine: files, rights, stores, certificates, a server on loopback."""

from __future__ import annotations

import os
import shutil
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme

from mcu_sdk.channels.portal import PortalSettings
from mcu_sdk.doctor import far_side
from mcu_sdk.doctor.far_side import FarAnswer, gather_far_side
from mcu_sdk.doctor.machine import EXTRAS, gather_extras, gather_python, gather_sqlite
from mcu_sdk.doctor.secret_places import SecretPlace, gather_secret_places
from mcu_sdk.doctor.storage import gather_disk, gather_store
from mcu_sdk.doctor.trust import gather_ca_file, gather_roots
from mcu_sdk.doctor.zones import gather_zones
from mcu_sdk.errors import McuError
from mcu_sdk.intake import Inbox
from mcu_sdk.intake.heartbeat import beat
from mcu_sdk.sandbox import Fault, FaultScript, PortalSandbox, SandboxServer
from mcu_sdk.transport import NetworkSettings
from mcu_sdk.wire import Request, Response, SecretReference

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_this_machine_can_work() -> None:
    """Where these tests run, Python, SQLite, roots and zones are told, and the extras are all there."""
    assert gather_python().count(".") == 2
    assert gather_sqlite().version >= (3, 37, 0)
    version, count = gather_roots()
    assert (version[:2], count > 50) == ("20", True)
    assert gather_extras() == dict.fromkeys(EXTRAS, True)
    probes = gather_zones().probes
    assert [probe.found_minutes for probe in probes] == [240, 180]
    assert [probe.offset_minutes for probe in probes] == [240, 180]


def settings(reference: str, network: NetworkSettings | None = None) -> PortalSettings:
    secret = SecretReference(reference)
    return PortalSettings(
        "http://127.0.0.1:1", "portal", "o", secret, "c", secret, network=network or NetworkSettings()
    )


def looked_at(reference: str) -> SecretPlace:
    """What is found at one place."""
    first, second = gather_secret_places("portal", settings(reference))
    assert (first.key, second.key) == ("organisation_secret", "client_secret")
    assert (first.problem, first.open_to_all) == (second.problem, second.open_to_all)
    return first


def test_secrets_in_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unset or empty variable is missing."""
    monkeypatch.setenv("MCU_HERE", "canary-client-secret")
    monkeypatch.setenv("MCU_EMPTY", "")
    monkeypatch.delenv("MCU_NOWHERE", raising=False)
    assert looked_at("env:MCU_HERE") == SecretPlace("portal", "organisation_secret", "env:MCU_HERE")
    assert looked_at("env:MCU_EMPTY").problem == "no_variable"
    assert looked_at("env:MCU_NOWHERE").problem == "no_variable"


@pytest.mark.parametrize(
    ("content", "mode", "problem", "open_to_all"),
    [
        (b"key", 0o600, None, False),
        (b"key", 0o640, None, False),
        (b"key", 0o644, None, True),
        (b" \n", 0o600, "no_text", False),
        ("ключ".encode("cp1251"), 0o600, "no_text", False),
        (None, 0o600, "no_file", False),
    ],
)
def test_secrets_in_files(
    tmp_path: Path, content: bytes | None, mode: int, problem: str | None, open_to_all: bool
) -> None:
    """A file that all users may read is told; so is one without a text."""
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    found = looked_at(f"file:{file}")
    assert (found.problem, found.open_to_all) == (problem, open_to_all)
    assert looked_at(f"file:{tmp_path}").problem == "no_file"


@contextmanager
def as_a_plain_user() -> Iterator[None]:
    """Run without the rights of root, to which every file is open; `os.access` asks for the real user."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_a_secret_that_may_not_be_read(tmp_path: Path) -> None:
    """A right that is missing is not a file that is missing."""
    file = tmp_path / "key"
    file.write_text("canary-client-secret", "utf-8")
    file.chmod(0o000)
    with as_a_plain_user():
        found = looked_at(f"file:{file}")
    assert found.problem == "no_right"


def test_the_proxy_is_a_secret_place_only_by_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address in plain text holds no secret."""
    monkeypatch.setenv("MCU_PROXY", "http://user:canary-proxy-password@127.0.0.1:3128")
    by_reference = settings("env:A", NetworkSettings(proxy=SecretReference("env:MCU_PROXY")))
    plain = settings("env:A", NetworkSettings(proxy="http://127.0.0.1:3128"))
    assert [place.key for place in gather_secret_places("portal", by_reference)][2:] == ["proxy"]
    assert len(gather_secret_places("portal", plain)) == 2


def test_ca_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each root with its name and end; what is no authority's is counted; what is unusable says why."""
    valid, file = trustme.CA(organization_name="Valid Root"), tmp_path / "roots.pem"
    monkeypatch.setattr(trustme, "DEFAULT_EXPIRY", datetime(2020, 1, 1))  # noqa: DTZ001  # as trustme has it
    ended = trustme.CA(organization_name="Ended Root")
    valid.cert_pem.write_to_path(str(file))
    ended.cert_pem.write_to_path(str(file), append=True)
    valid.issue_cert("town.example").cert_chain_pems[0].write_to_path(str(file), append=True)
    found = gather_ca_file("portal", file)
    ends_at = {root.name: root.ends_at for root in found.roots}
    assert ends_at == {
        "Valid Root": datetime(3000, 1, 1, tzinfo=UTC),
        "Ended Root": datetime(2020, 1, 1, tzinfo=UTC),
    }
    assert (found.others, found.problem) == (1, None)

    file.write_text("no certificate", "utf-8")
    for path in (file, tmp_path, tmp_path / "nowhere.pem"):
        problem = gather_ca_file("portal", path).problem
        assert problem is not None
        assert problem.code == "usage.ca_file"


def kept(place: Path) -> dict[str, bytes]:
    """Everything in a folder, to see that nothing was written."""
    return {file.name: file.read_bytes() for file in place.iterdir()}


def made(path: Path) -> Path:
    """A store with a sign of life."""
    with Inbox.open(path) as inbox:
        beat(inbox.store, "portal main", NOON)
    return path


def test_a_whole_store(tmp_path: Path) -> None:
    """It is read and left as it was."""
    path = made(tmp_path / "town # 1?.sqlite3")
    before = kept(tmp_path)
    found = gather_store(path)
    assert (found.problem, found.flaws, [life.name for life in found.beats]) == (None, (), ["portal main"])
    disk = gather_disk(path)
    assert disk.file_bytes == path.stat().st_size
    assert disk.writable
    assert disk.free_bytes
    assert (disk.journal_bytes, disk.log_bytes) == (0, 0)
    assert kept(tmp_path) == before


def test_a_store_of_the_first_version_is_not_carried_forward(tmp_path: Path) -> None:
    """Looking is not opening: the file stays of its version."""
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(files("mcu_sdk.intake").joinpath("schema_1.sql").read_text("utf-8"))
        old.executescript(f"PRAGMA application_id={0x4D43552D}; PRAGMA user_version=1")
    before = kept(tmp_path)
    found = gather_store(path)
    assert (found.problem, found.flaws, found.beats) == (None, (), ())
    assert kept(tmp_path) == before


def test_a_file_that_is_no_store_of_ours(tmp_path: Path) -> None:
    """Another program's database, a newer one of ours, and no database at all."""
    foreign, newer, text = tmp_path / "foreign", made(tmp_path / "newer"), tmp_path / "text"
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE own (x)")
    with closing(sqlite3.connect(newer)) as ours:
        ours.execute("PRAGMA user_version=99")
    text.write_text("no database " * 1000, "utf-8")
    problems = [gather_store(path).problem for path in (foreign, newer, text)]
    assert [problem and problem.code for problem in problems] == [
        "store.foreign",
        "store.newer",
        "store.failed",
    ]


@pytest.mark.parametrize("offset", [0, 8])
def test_a_broken_store(tmp_path: Path, offset: int) -> None:
    """A page that is none, a row that lies nowhere: flaws, also where the check itself breaks off."""
    path = made(tmp_path / "broken.sqlite3")
    with closing(sqlite3.connect(path)) as ours:
        page = ours.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'mcu_heartbeat'").fetchone()[0]
        size = ours.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size + offset)
        file.write(b"\xff\xff")
    found = gather_store(path)
    assert found.flaws
    assert (found.problem, found.beats) == (None, ())


def test_what_a_broken_program_left(tmp_path: Path) -> None:
    """A hot journal keeps the file from being read without restoring it, which is not done here."""
    whole = made(tmp_path / "whole.sqlite3")
    left = tmp_path / "left" / "town.sqlite3"
    left.parent.mkdir()
    with closing(sqlite3.connect(whole, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size=1")
        writer.execute("BEGIN IMMEDIATE")
        writer.executemany(
            "INSERT INTO mcu_cursor VALUES (?, 'a', ?)", [(f"c{number}", "x" * 3000) for number in range(50)]
        )
        shutil.copy(whole, left)
        shutil.copy(f"{whole}-journal", f"{left}-journal")
        writer.execute("ROLLBACK")
    before = kept(left.parent)
    assert gather_disk(left).journal_bytes > 0
    assert gather_store(left).interrupted
    assert kept(left.parent) == before


def test_places_where_no_file_can_be(tmp_path: Path) -> None:
    """A folder that is not there, and one in place of the file; a file that is yet to come is no trouble."""
    assert gather_disk(tmp_path / "nowhere" / "town.sqlite3").free_bytes is None
    assert gather_disk(tmp_path).free_bytes is None
    coming = gather_disk(tmp_path / "town.sqlite3")
    assert coming.free_bytes
    assert (coming.file_bytes, coming.writable) == (None, True)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_a_store_without_the_right_to_write() -> None:
    """The file may be written, but its folder, where the journal goes, may not; and the other way round."""
    found = []
    with TemporaryDirectory() as place:  # pytest's own folder is closed to others
        folder = Path(place)
        path = made(folder / "town.sqlite3")
        for of_the_folder, of_the_file in ((0o777, 0o666), (0o555, 0o666), (0o777, 0o444)):
            path.chmod(of_the_file)
            folder.chmod(of_the_folder)
            with as_a_plain_user():
                found.append(gather_disk(path).writable)
        folder.chmod(0o700)
    assert found == [True, False, False]


class Recorded(PortalSandbox):
    """A sandbox with a clock of its own, which keeps what it was asked."""

    def __init__(self, date: str, faults: FaultScript | None = None) -> None:
        super().__init__(faults=faults or FaultScript())
        self.date = date
        self.asked: list[Request] = []

    def answer(self, request: Request, fault: Fault | None) -> Response:
        self.asked.append(request)
        response = super().answer(request, fault)
        return Response(response.status, {**response.headers, "date": self.date}, response.body)


def test_a_far_side_is_asked_once_without_credentials() -> None:
    """One GET of the base address, without a token, a key or a body."""
    sandbox = Recorded("Tue, 24 Nov 2026 11:00:00 GMT")
    with SandboxServer(sandbox) as server:
        found = gather_far_side("portal", f"{server.url}/api", NetworkSettings(), lambda: NOON)
    assert found.outcome == FarAnswer(401, datetime(2026, 11, 24, 11, tzinfo=UTC))
    (request,) = sandbox.asked
    assert (request.method, request.path, request.body) == ("GET", "/api/", None)
    assert {name.lower() for name, _ in request.headers} == {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "x-request-id",
        "x-forwarded-proto",
    }


@pytest.mark.parametrize(
    ("fault", "status"), [("503@*", 503), ("429@*:1", 429), ("401@*", 401), ("redirect_away@*", 302)]
)
def test_a_refusal_is_an_answer(fault: str, status: int) -> None:
    """It is not asked again, waited for or followed: its date is all that is wanted."""
    sandbox = Recorded("Tue, 24 Nov 2026 12:00:00 GMT", FaultScript.parse(fault))
    with SandboxServer(sandbox) as server:
        found = gather_far_side("portal", server.url, NetworkSettings(), lambda: NOON)
    assert found.outcome == FarAnswer(status, NOON)
    assert len(sandbox.asked) == 1


def code_of(found: far_side.FarSide) -> str:
    """The code of the error that came of asking."""
    assert isinstance(found.outcome, McuError)
    return found.outcome.code


def test_a_slow_far_side_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole conversation has a time limit, of seconds: an answer that comes later is none."""
    assert far_side._TIME_LIMIT.total_seconds() == 5
    monkeypatch.setattr(far_side, "_TIME_LIMIT", far_side._TIME_LIMIT / 50)
    with SandboxServer(Recorded("", FaultScript.parse("latency@*:2"))) as server:
        found = gather_far_side("portal", server.url, NetworkSettings(), lambda: NOON)
    assert code_of(found) == "transport.time_limit"


def test_a_broken_line_is_told_as_it_is() -> None:
    """Asking again would show a line that holds every second time as a good one."""
    with SandboxServer(Recorded("", FaultScript.parse("reset_before@1"))) as server:
        found = gather_far_side("portal", server.url, NetworkSettings(), lambda: NOON)
    assert code_of(found) == "transport.broken"


def test_what_keeps_from_asking_is_a_fact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody there, an address that cannot be used, a proxy without its secret, a CA file that is none."""
    with SandboxServer(PortalSandbox()) as server:
        url = server.url
    monkeypatch.delenv("MCU_NOWHERE", raising=False)
    proxy = NetworkSettings(proxy=SecretReference("env:MCU_NOWHERE"))
    ca_file = NetworkSettings(ca_file=tmp_path / "nowhere.pem")
    found = [
        gather_far_side("portal", address, network, lambda: NOON)
        for address, network in (
            (url, NetworkSettings()),
            ("http://portal.example", NetworkSettings()),
            (url, proxy),
            (url, ca_file),
        )
    ]
    assert [code_of(facts) for facts in found] == [
        "transport.not_reached",
        "usage.base_url",
        "usage.secret_missing",
        "usage.ca_file",
    ]


def test_the_trust_is_the_accounts_own(tmp_path: Path) -> None:
    """The far side's certificate is checked by the account's CA file, as its client does."""
    root, file = trustme.CA(), tmp_path / "root.pem"
    root.cert_pem.write_to_path(str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    root.issue_cert("127.0.0.1").configure_cert(context)
    with SandboxServer(Recorded("Tue, 24 Nov 2026 12:00:00 GMT"), ssl_context=context) as server:
        trusted = gather_far_side("portal", server.url, NetworkSettings(ca_file=file), lambda: NOON)
        untrusted = gather_far_side("portal", server.url, NetworkSettings(), lambda: NOON)
    assert trusted.outcome == FarAnswer(401, NOON)
    assert code_of(untrusted) == "transport.certificate_authority"
