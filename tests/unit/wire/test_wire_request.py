"""Requests and bodies as values: every byte is decided before anything is sent."""

from __future__ import annotations

import json
import pickle
from dataclasses import fields, replace
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.errors import UsageError
from mcu_sdk.wire import (
    Body,
    Repeat,
    Request,
    Secret,
    SecretReference,
    Token,
    form_body,
    json_body,
    path_of,
    upload_body,
)


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("edms", 42, "mark-accepted"), "/edms/42/mark-accepted"),
        (("a/b", "c?d", "e#f"), "/a%2Fb/c%3Fd/e%23f"),
        (("яма",), "/%D1%8F%D0%BC%D0%B0"),
        (("a b+c%",), "/a%20b%2Bc%25"),
        (("%2e%2e",), "/%252e%252e"),
        (("...",), "/..."),
        (("..%2F",), "/..%252F"),
    ],
)
def test_parts_are_quoted(parts: tuple[str | int, ...], path: str) -> None:
    """An identifier from outside cannot break out of its place in the path."""
    assert path_of(*parts) == path


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_dot_segments_and_emptiness_are_refused(part: str) -> None:
    """An identifier that would climb or vanish is a mistake of the caller, told before sending."""
    with pytest.raises(UsageError):
        path_of("edms", part)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4))
def test_a_path_gives_its_parts_back(parts: list[str]) -> None:
    """Whatever the identifiers, the path has exactly as many segments, and they read back the same."""
    if {".", ".."} & set(parts):
        with pytest.raises(UsageError):
            path_of(*parts)
    else:
        assert [unquote(part) for part in path_of(*parts).split("/")[1:]] == parts


def test_a_query_is_encoded_and_set_once() -> None:
    """A field set again replaces the old one; other fields keep their order."""
    request = Request("GET", "/x", (("a", "1"), ("page", "0"))).with_query(page=1, text="яма & лужа")
    assert request.target == "/x?a=1&page=1&text=%D1%8F%D0%BC%D0%B0+%26+%D0%BB%D1%83%D0%B6%D0%B0"
    assert dict(parse_qsl(request.target.partition("?")[2])) == {"a": "1", "page": "1", "text": "яма & лужа"}


def test_a_request_shows_neither_headers_nor_query_nor_body() -> None:
    """What lands in a log names the operation only: the token and the resident's data stay out."""
    request = Request(
        "POST", "/x", (("phone", "canary"),), (("Authorization", "canary"),), json_body({"a": "canary"})
    )
    token = Token(Secret("canary"))
    for text in (
        repr(request),
        repr(request.body),
        repr(token),
        repr(token.carried_by(request)),
        str(request),
    ):
        assert "canary" not in text


def test_a_request_is_safe_to_repeat_only_by_what_it_says() -> None:
    """The default is a reading call; a copy with more headers keeps its word about repeating."""
    assert Request("GET", "/x").repeat is Repeat.SAFE
    assert Request("POST", "/x", repeat=Repeat.NEVER).with_headers({"A": "b"}).repeat is Repeat.NEVER


def test_more_headers_change_nothing_else() -> None:
    """Every other field of a request goes along, whatever fields there are."""
    body, keys = json_body({}), (("chat", "1"),)
    request = Request("PUT", "/x", (("a", "b"),), (("C", "d"),), body, Repeat.KEYED, False, keys)
    with_more = request.with_headers({"E": "f"})
    assert with_more == replace(request, headers=(("C", "d"), ("E", "f")))
    assert all(getattr(request, field.name) != field.default for field in fields(request))


def test_json_is_compact_utf_8() -> None:
    """The bytes are settled here, not in the HTTP library."""
    body = json_body({"text": "Ёж «в» лесу", "n": 1, "none": None, "list": [1.5, True]})
    assert body == Body(
        '{"text":"Ёж «в» лесу","n":1,"none":null,"list":[1.5,true]}'.encode(), "application/json"
    )


def test_json_refuses_what_is_no_json() -> None:
    """NaN would be refused or misread on the far side."""
    with pytest.raises(ValueError, match="JSON"):
        json_body({"x": float("nan")})


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=10), max_size=4))
def test_a_form_reads_back(fields: dict[str, str]) -> None:
    """Every character of a name or a password arrives as it was."""
    body = form_body(fields)
    assert body.content_type == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(body.content.decode("ascii"), keep_blank_values=True)) == fields


def parsed_upload(body: Body) -> Message:
    """The only part of a multipart body, read by the standard library's mail parser."""
    whole = message_from_bytes(f"Content-Type: {body.content_type}\r\n\r\n".encode() + body.content)
    parts = whole.get_payload()
    assert isinstance(parts, list)
    assert len(parts) == 1
    assert isinstance(parts[0], Message)
    return parts[0]


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\r\n--\r\n\x00\xff", b"--boundary--\r\n", bytes(range(256)) * 40]
)
def test_an_upload_is_read_back_by_another_parser(content: bytes) -> None:
    """Bytes, name and type arrive whole, whatever the bytes are."""
    part = parsed_upload(upload_body("file", "answer.pdf", content, "application/pdf"))
    assert part.get_payload(decode=True) == content
    assert part.get_content_type() == "application/pdf"
    assert part.get_param("name", header="Content-Disposition") == "file"
    assert part.get_filename() == "answer.pdf"


def test_an_upload_byte_for_byte() -> None:
    """The form is that of RFC 7578, the name in UTF-8, the boundary from the content."""
    body = upload_body("file", "Ответ.txt", b"abc", "text/plain")
    boundary = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"
    assert body.content_type == f"multipart/form-data; boundary={boundary}"
    assert (
        body.content
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="Ответ.txt"\r\n'
            f"Content-Type: text/plain\r\n\r\nabc\r\n--{boundary}--\r\n"
        ).encode()
    )


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ('a"; name="x', "a%22; name=%22x"),
        ("a\r\nX-Evil: 1", "a%0D%0AX-Evil: 1"),
        ("a\nb", "a%0Ab"),
    ],
)
def test_a_file_name_cannot_add_headers(name: str, sent: str) -> None:
    """A quote or a line end in a file's name stays inside the name."""
    part = parsed_upload(upload_body("file", name, b"abc", "text/plain"))
    assert part.get_param("name", header="Content-Disposition") == "file"
    assert part.get_filename() == sent
    assert sorted(part.keys()) == ["Content-Disposition", "Content-Type"]
    assert part.get_payload(decode=True) == b"abc"


def test_a_secret_does_not_show_or_pickle() -> None:
    """A secret is revealed by one explicit word and by nothing else."""
    secret = Secret("canary")
    assert secret.reveal() == "canary"
    assert secret == Secret("canary")
    for text in (repr(secret), str(secret), f"{secret}", repr([secret])):
        assert "canary" not in text
    with pytest.raises(UsageError):
        pickle.dumps(secret)


def test_a_reference_reads_the_secret_only_when_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A reference pickles; the variable or the file is read at `resolve()`."""
    place = tmp_path / "secret"
    references = [SecretReference("env:MCU_TEST_SECRET"), SecretReference(f"file:{place}")]
    references = pickle.loads(pickle.dumps(references))
    monkeypatch.setenv("MCU_TEST_SECRET", "canary")
    place.write_text("canary\n", "utf-8")
    assert [reference.resolve() for reference in references] == [Secret("canary")] * 2


@pytest.mark.parametrize("text", ["env:MCU_TEST_ABSENT", "file:/nonexistent/secret"])
def test_a_missing_secret_names_its_place(text: str) -> None:
    """Who runs the library reads which variable or file is missing."""
    with pytest.raises(UsageError) as caught:
        SecretReference(text).resolve()
    assert text in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("text", ["canary-password", "env:", "http:canary", ""])
def test_a_secret_itself_is_not_a_reference(text: str) -> None:
    """A password written where a reference belongs is refused and not repeated in the error."""
    with pytest.raises(UsageError) as caught:
        SecretReference(text)
    assert "canary" not in str(caught.value) + caught.value.localized("ru") + json.dumps(caught.value.values)
