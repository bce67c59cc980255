"""The portal's file storage: what is stored, given back and refused."""

from __future__ import annotations

import json
from base64 import b64encode
from urllib.parse import unquote

import pytest

from mcu_sdk.sandbox import PortalSandbox, SandboxFile
from mcu_sdk.wire import Body, Request, Response

LOGIN = Body(
    b"grant_type=password&scope=any&username=sandbox-organisation&password=sandbox",
    "application/x-www-form-urlencoded",
)
BASIC = ("Authorization", "Basic " + b64encode(b"sandbox-client:sandbox").decode())


def ask(sandbox: PortalSandbox, method: str, path: str, body: Body | None = None) -> Response:
    login = sandbox.handle(Request("POST", "/user-service/oauth/token", headers=(BASIC,), body=LOGIN))
    token = ("authorization", f"Bearer {json.loads(login.body)['access_token']}")
    return sandbox.handle(Request(method, path, headers=(token,), body=body))


def multipart(head: str, content: bytes) -> Body:
    part = f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content
    return Body(part + b"\r\n--b--\r\n", "multipart/form-data; boundary=b")


@pytest.mark.parametrize(
    "head",
    ['name="file"; filename="Ответ.pdf"', "name=file; filename*=UTF-8''%D0%9E%D1%82%D0%B2%D0%B5%D1%82.pdf"],
)
def test_upload_keeps_every_byte_and_can_be_attached(head: str) -> None:
    """A stored file has the sent bytes and name, comes back from its url, and an answer can carry it."""
    sandbox = PortalSandbox([{"id": 1, "description": "Яма"}])
    content = b"\r\n\r--\x00\xff--b \r\n--\r"
    reply = json.loads(
        ask(sandbox, "POST", "/file-storage-service/filestorage", multipart(head, content)).body
    )
    assert (reply["name"], reply["size"]) == ("Ответ.pdf", len(content))
    assert {"id", "contentType", "temporary", "avatar", "previewUrl", "url"} <= reply.keys()
    assert [stored.content for stored in sandbox.uploads] == [content]
    assert ask(sandbox, "GET", reply["url"]).body == content
    answer = {"status": "Закрыто", "answer": True, "answerText": "Засыпана.", "attachmentIds": [reply["id"]]}
    body = Body(json.dumps(answer).encode(), "application/json")
    assert ask(sandbox, "POST", "/appeal-service/edms/1", body).status == 200


@pytest.mark.parametrize(
    "body",
    [
        None,
        Body(b"x", "text/plain"),
        Body(b"x", "multipart/form-data"),
        multipart('name="picture"; filename="a.png"', b"x"),
        multipart('name="file"', b"x"),
        multipart("name=file; filename*", b"x"),
        Body(b"--b\r\n", "multipart/form-data; boundary=b"),
    ],
)
def test_upload_without_the_field_is_refused(body: Body | None) -> None:
    """Without the multipart field `file` nothing is stored: 400, also for a broken part."""
    sandbox = PortalSandbox()
    assert ask(sandbox, "POST", "/file-storage-service/filestorage", body).status == 400
    assert sandbox.uploads == ()


def test_download_has_the_cyrillic_name() -> None:
    """A file comes with its type and its name in the form of RFC 6266; the headers are plain ASCII."""
    path = "/file-storage-service/filestorage/7"
    sandbox = PortalSandbox(files={path: SandboxFile("Фото ямы.png", "image/png", b"\x89PNG")})
    response = ask(sandbox, "GET", path)
    assert (response.status, response.content_type, response.body) == (200, "image/png", b"\x89PNG")
    disposition = response.headers["content-disposition"]
    assert disposition.isascii()
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == "Фото ямы.png"
    assert ask(sandbox, "GET", path + "0").status == 404
