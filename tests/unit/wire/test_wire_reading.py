"""Reading answers: refusals by status, waits by header, bodies by type, one bad item aside."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from mcu_sdk.errors import (
    ApiError,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    RateLimited,
    Unavailable,
    Unreadable,
)
from mcu_sdk.wire import Response, check_status, parse_body, parse_items, retry_after_seconds, unreadable

REFUSALS: list[tuple[int, type[ApiError], str]] = [
    (301, Unreadable, "api.redirect"),
    (302, Unreadable, "api.redirect"),
    (304, Unreadable, "api.redirect"),
    (400, Invalid, "api.invalid"),
    (401, Denied, "api.unauthorized"),
    (403, Denied, "api.forbidden"),
    (404, NotFound, "api.not_found"),
    (405, Invalid, "api.invalid"),
    (409, Conflict, "api.conflict"),
    (410, NotFound, "api.not_found"),
    (412, Conflict, "api.conflict"),
    (413, Invalid, "api.invalid"),
    (422, Invalid, "api.invalid"),
    (429, RateLimited, "api.rate_limited"),
    (500, Unavailable, "api.unavailable"),
    (502, Unavailable, "api.unavailable"),
    (503, Unavailable, "api.unavailable"),
    (504, Unavailable, "api.unavailable"),
    (599, Unavailable, "api.unavailable"),
]


class Item(BaseModel):
    """What the answers of these tests hold."""

    model_config = ConfigDict(hide_input_in_errors=True)
    id: int
    name: str = ""


ITEM = TypeAdapter(Item)
LIST = TypeAdapter(list[JsonValue])


def answer(body: bytes, content_type: str = "application/json") -> Response:
    """A success with *body*."""
    return Response(200, {"content-type": content_type, "x-request-id": "r-1"}, body)


@pytest.mark.parametrize(("status", "kind", "code"), REFUSALS)
def test_a_refusal_becomes_its_error(status: int, kind: type[ApiError], code: str) -> None:
    """Every status that is no success has one error, with what the caller needs to go on."""
    headers = {"retry-after": "7", "x-request-id": "r-1"}
    with pytest.raises(ApiError) as caught:
        check_status(Response(status, headers, b"canary"))
    error = caught.value
    assert (type(error), error.code, error.status) == (kind, code, status)
    assert (error.request_id, error.retry_after_seconds) == ("r-1", 7.0)
    assert "canary" not in f"{error!r}{error}{vars(error)}{error.localized('ru')}"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_success_passes(status: int) -> None:
    """2xx is a success, whatever the body."""
    check_status(Response(status))


def test_the_words_of_the_channel_are_told() -> None:
    """What the far side says about a refusal ends in the text, in both languages."""
    with pytest.raises(Invalid) as caught:
        check_status(Response(400), lambda _: "нет исполнителя")
    assert "нет исполнителя" in str(caught.value)
    assert "нет исполнителя" in caught.value.localized("ru")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": " 120 "}, 120.0),
        ({"retry-after": "9" * 400}, 999_999_999.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:26:30 GMT"}, 90.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:30:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "yesterday"}, None),
        ({"retry-after": "Wednesday, 21-Oct-26 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:27:00 GMT"}, 60.0),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds and dates are understood, a date by the server's own clock; nonsense is no wait at all."""
    assert retry_after_seconds(Response(503, headers)) == seconds


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_breaks_the_reading_of_a_wait(wait: str, date: str) -> None:
    """A broken header is not an error of its own, and a wait is never negative."""
    seconds = retry_after_seconds(Response(503, {"retry-after": wait, "date": date}))
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    "body", [b'{"id":1}', b'\xef\xbb\xbf{"id":1}', b' {"id": 1}\n', b'{"id":1,"new":[]}']
)
def test_a_body_is_typed(body: bytes) -> None:
    """A byte order mark, blanks and new fields do not stand in the way."""
    assert parse_body(answer(body), ITEM) == Item(id=1)


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"<html>canary</html>", "text/html; charset=utf-8", "HTML"),
        (b"<html>canary</html>", "application/xhtml+xml", "HTML"),
        (b'{"id": 1', "application/json", "broken JSON"),
        (b"", "application/json", "broken JSON"),
        (b"<html>canary</html>", "application/json", "broken JSON"),
        (b'{"id": "canary"}', "application/json", "id: "),
        (b'{"name": "canary"}', "application/json", "id: "),
        (b'["canary"]', "application/json", "object"),
        (b"\xff\xfecanary", "application/json", "broken JSON"),
        (b"[" * 100_000, "application/json", "broken JSON"),
        (b"1" * 10_000, "application/json", "cannot be read"),
    ],
)
def test_an_unreadable_body_is_told_without_its_content(body: bytes, content_type: str, reason: str) -> None:
    """A success that cannot be read is Unreadable: place, size and request id, never a word of the body."""
    with pytest.raises(Unreadable, match=reason) as caught:
        parse_body(answer(body, content_type), ITEM)
    error = caught.value
    assert (error.status, error.request_id) == (200, "r-1")
    assert "canary" not in f"{error!r}{error}{vars(error)}"
    assert error.__context__ is None


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (rb'{"id":1,"name":"\ud83d"}', "?"),
        (rb'{"id":1,"name":"a\ude00b"}', "a?b"),
        (rb'{"id":1,"name":"\\ud83d"}', "\\ud83d"),
        (rb'{"id":1,"name":"\ud83d\ude00"}', "😀"),
    ],
)
def test_half_a_character_does_not_spoil_a_page(body: bytes, name: str) -> None:
    """An emoji cut in two by a UTF-16 system becomes a question mark; whole ones stay."""
    assert parse_body(answer(body), ITEM).name == name


def test_one_bad_item_does_not_take_the_others_along() -> None:
    """Items that can be read are read, in order; the others come with the reason and their raw form."""
    raw: list[JsonValue] = [{"id": 1}, {"id": "canary"}, "canary", {"id": 2}]
    good, bad = parse_items(raw, ITEM)
    assert good == (Item(id=1), Item(id=2))
    assert [item.raw for item in bad] == [raw[1], raw[2]]
    assert bad[0].reason.startswith("id: ")
    assert all("canary" not in f"{item!r}{item.reason}" for item in bad)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=6))
def test_any_json_list_is_read(value: JsonValue) -> None:
    """What another JSON writer wrote is read as it was meant."""
    assert parse_body(answer(json.dumps([value]).encode()), LIST) == [value]


def test_an_answer_shows_its_size_only() -> None:
    """`repr` of an answer is for a log: status and size."""
    assert repr(answer(b"canary")) == "Response(200, 6 bytes)"
    assert "canary" not in str(unreadable(answer(b"canary"), "x"))
