"""What is sent to the portal, to the byte."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl

import pytest

from mcu_sdk.channels.portal import AnswerType, DownloadedFile, Portal, StatusReport, calls
from mcu_sdk.errors import Denied, Invalid, Unreadable, UsageError
from mcu_sdk.model import Person
from mcu_sdk.wire import Body, Call, Repeat, Request, Response, Secret, upload_body

REPORT = StatusReport(
    status="Закрыто",
    status_text="Обращение рассмотрено",
    answer=True,
    answer_text="Яма засыпана",
    appeal_answer_type=AnswerType.SOLVED,
    attachment_ids=("f-1",),
    executor_info=Person(surname="Щеглов", phone="+7"),
    outgoing_number="12-и",
    outgoing_number_set_at=datetime(2026, 2, 1, 1, 30, 5, 999, tzinfo=timezone(timedelta(hours=3))),
)
ALL: dict[str, Call[object]] = {
    "token": calls.issue_token("org", Secret("s"), "mcu", Secret("c")),
    "list_messages": calls.list_messages(),
    "mark_accepted": calls.mark_accepted(42),
    "report": calls.report(42, REPORT),
    "upload": calls.upload("a.pdf", b"%PDF", "application/pdf"),
    "download": calls.download("https://portal.example/files/7", "https://portal.example"),
}


def test_the_login() -> None:
    """The organisation's pair in the form, the OAuth pair over HTTP Basic, no token of ours."""
    request = calls.issue_token("орг", Secret("п&1"), "mcu", Secret("ключ")).request
    assert (request.method, request.path) == ("POST", "/user-service/oauth/token")
    assert not request.authorized
    assert request.body is not None
    assert request.body.content_type == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(request.body.content.decode())) == {
        "grant_type": "password",
        "scope": "any",
        "username": "орг",
        "password": "п&1",
    }
    ((name, value),) = request.headers
    assert name == "Authorization"
    assert base64.b64decode(value.removeprefix("Basic ")) == "mcu:ключ".encode()


def test_the_queue_and_the_acknowledgement() -> None:
    """Both are safe to repeat; the acknowledgement has no body."""
    assert calls.list_messages().request == Request("GET", "/appeal-service/edms")
    assert calls.mark_accepted(42).request == Request("POST", "/appeal-service/edms/42/mark-accepted")


def test_the_report() -> None:
    """Fields left out are not sent, names are the portal's, times true UTC with whole seconds."""
    request = calls.report("42", REPORT).request
    assert (request.method, request.path) == ("POST", "/appeal-service/edms/42")
    assert (request.repeat, request.authorized) == (Repeat.NEVER, True)
    assert request.body == Body(
        '{"id":42,"status":"Закрыто","statusText":"Обращение рассмотрено","answer":true,'
        '"answerText":"Яма засыпана","appealAnswerType":"SOLVED","attachmentIds":["f-1"],'
        '"executorInfo":{"surname":"Щеглов","phone":"+7"},"outgoingNumber":"12-и",'
        '"outgoingNumberSetAt":"2026-01-31T22:30:05Z"}'.encode(),
        "application/json",
    )


def test_the_upload() -> None:
    """The file goes as the multipart field `file` and is not repeated blindly."""
    request = calls.upload("Ответ.pdf", b"%PDF", "application/pdf").request
    assert (request.method, request.path) == ("POST", "/file-storage-service/filestorage")
    assert request.repeat is Repeat.NEVER
    assert request.body == upload_body("file", "Ответ.pdf", b"%PDF", "application/pdf")


@pytest.mark.parametrize("message_id", ["", ".", ".."])
def test_an_id_cannot_climb(message_id: str) -> None:
    """A broken id is told before anything is sent to a wrong address."""
    with pytest.raises(UsageError):
        calls.mark_accepted(message_id)
    with pytest.raises(UsageError):
        calls.report(message_id, REPORT)


@pytest.mark.parametrize(
    ("url", "base_url", "target"),
    [
        ("https://portal.example/files/7", "https://portal.example", "/files/7"),
        (
            "https://portal.example/files/7?v=1&n=%D1%8F#top",
            "https://portal.example/",
            "/files/7?v=1&n=%D1%8F",
        ),
        ("/files/7", "https://portal.example", "/files/7"),
        ("https://portal.example/gate/files/7", "https://portal.example/gate", "/files/7"),
        ("https://portal.example/a..b/c", "https://portal.example", "/a..b/c"),
    ],
)
def test_a_file_of_the_portal_is_fetched(url: str, base_url: str, target: str) -> None:
    """Its path is counted from the base address, as that of every other call."""
    assert calls.download(url, base_url).request == Request("GET", target)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/files/7",
        "https://portal.example.evil.example/x",
        "https://portal.example@evil.example/x",
        "https://portal.example:8443/x",
        "http://portal.example/x",
        "ftp://portal.example/x",
        "//evil.example/x",
        "https:///x",
        "https:evil",
        "https://portal.example//evil.example/x",
        "https://portal.example/gate/../other",
        "https://portal.example/gate/%2e%2e/other",
        "https://portal.example/gate/..\\other",
        "https://portal.example/other",
        "https://portal.example/gatecrasher",
        "https://portal.example",
        "https://[portal.example/x",
        "files/7",
        "",
        "javascript:alert(1)",
    ],
)
def test_a_file_elsewhere_is_not_fetched(url: str) -> None:
    """Our token goes nowhere but to the portal, below its base address."""
    with pytest.raises(UsageError) as caught:
        calls.download(url, "https://portal.example/gate")
    assert caught.value.code == "portal.foreign_file"


@pytest.mark.parametrize(
    "url", ["https://portal.example//evil.example/x", "https://portal.example/a/../x", "//x/y"]
)
def test_a_path_that_another_reader_may_take_for_a_host_is_not_fetched(url: str) -> None:
    """Two slashes in front are a host to some HTTP libraries, also where the base address has no path."""
    with pytest.raises(UsageError):
        calls.download(url, "https://portal.example")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (None, None),
        ("attachment", None),
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename*=UTF-8''%D0%9E%D1%82%D0%B2%D0%B5%D1%82.pdf", "Ответ.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\x\\\\y.pdf"', "y.pdf"),
        ('attachment; filename=".."', None),
        ("attachment; filename=", None),
        ("broken;;;=", None),
    ],
)
def test_a_download_is_read_with_a_safe_name(disposition: str | None, name: str | None) -> None:
    """The far side's name is a name, never a path out of the folder it is saved in."""
    headers = {"content-type": "application/pdf; x=1"} | (
        {} if disposition is None else {"content-disposition": disposition}
    )
    file = ALL["download"].read(Response(200, headers, b"%PDF"))
    assert file == DownloadedFile(content=b"%PDF", name=name, content_type="application/pdf")


@pytest.mark.parametrize("operation", sorted(ALL))
def test_a_refusal_tells_the_portals_own_words_masked(operation: str) -> None:
    """The `messages` of a refusal are told, contact details in them masked."""
    body = json.dumps({"messages": ["Нет исполнителя", "тел. +7 910 123-45-67"]}).encode()
    with pytest.raises(Invalid, match=r"Нет исполнителя; тел. \[телефон\]"):
        ALL[operation].read(Response(400, {"content-type": "application/json"}, body))


@pytest.mark.parametrize("operation", sorted(ALL))
@pytest.mark.parametrize(
    "body", [b"", b"<html>canary</html>", b'{"messages":"canary"}', b'{"error":"canary"}', b"\xff"]
)
def test_a_refusal_without_words_is_a_refusal_still(operation: str, body: bytes) -> None:
    """No body makes a 401 look like a success or like another error."""
    with pytest.raises(Denied) as caught:
        ALL[operation].read(Response(401, {}, body))
    assert "canary" not in f"{caught.value!r}{vars(caught.value)}"


@pytest.mark.parametrize("operation", sorted(set(ALL) - {"download"}))
def test_a_login_page_is_no_success(operation: str) -> None:
    """HTML with 200 means that the session was lost: neither an empty queue nor a confirmed write."""
    with pytest.raises(Unreadable, match="HTML"):
        ALL[operation].read(Response(200, {"content-type": "text/html"}, b"<html>login</html>"))


def test_the_described_interface_is_what_is_called() -> None:
    """interface.toml names every call with its method and path, and claims nothing as verified."""
    described = {operation.name: operation for operation in Portal.describe()}
    assert set(described) == set(ALL)
    for name, operation in described.items():
        request = ALL[name].request
        assert operation.method == request.method
        pattern = re.escape(operation.path).replace(r"\{id\}", r"\d+").replace(r"\{attachment\}", "/.+")
        assert re.fullmatch(pattern, request.path)
        assert operation.evidence in ("observed", "inferred")
        assert not operation.verified
        assert operation.note
        assert operation.source
