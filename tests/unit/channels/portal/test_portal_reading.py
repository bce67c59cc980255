"""What the portal answers, read as it was observed and as it may turn out to be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.channels.portal import PortalMessage, StatusReport, calls
from mcu_sdk.channels.portal.canonical import batch_of, message_of
from mcu_sdk.errors import Invalid, Unreadable
from mcu_sdk.model import Author, Organisation, Person, Place, Status, Topic
from mcu_sdk.wire import Page, Response, Secret

GOLDEN: dict[str, Any] = json.loads(Path(__file__).with_name("golden_page.json").read_text("utf-8"))
ITEM: dict[str, Any] = GOLDEN["content"][0]


def answer(page: object) -> Response:
    """A success with *page* as its body."""
    return Response(200, {"content-type": "application/json"}, json.dumps(page).encode())


def read(*items: object, **fields: object) -> Page[PortalMessage]:
    """The first page of a queue with these items."""
    return calls.list_messages().read(answer({"content": items, "number": 0, "last": True} | fields))


def test_the_golden_page_becomes_canonical_messages() -> None:
    """Every observed field lands where all channels keep it; the text is clean, the moments are aware."""
    page = calls.list_messages().read(answer(GOLDEN))
    assert (len(page.items), page.unread, page.following, page.total) == (1, (), None, 1)
    (message,) = batch_of(page, "town").items
    assert message.key == ("portal", "town", "1048576")
    assert (message.number, message.registration_number) == ("ПОС-17", "ПОС-17")
    assert message.registered_at == datetime(2026, 1, 12, 6, 30, tzinfo=UTC)
    assert message.created_at == datetime(2026, 1, 12, 6, 5, tzinfo=UTC)
    assert message.due_at == datetime(2026, 2, 11, 21, tzinfo=UTC)
    assert message.fast_track
    assert message.status is Status.NEW
    assert message.text == "Яма на дороге, звоните +7 910 123-45-67\nЖду"
    assert message.topic == Topic(group="Дороги", topic="Ямы", scheme="portal")
    assert message.place == Place(
        region="Калужская область",
        oktmo="29627101",
        settlement="Мещовск",
        street="Ленина",
        house="1",
        flat="2",
        address="г Мещовск, ул Ленина, д 1, кв 2",
        latitude_degrees=54.32,
        longitude_degrees=35.28,
    )
    assert message.author == Author(
        display_name="Канарейкина Анна",
        surname="Канарейкина",
        name="Анна",
        email="anna@canary.ru",
        phone="+79101234567",
        postal_address="249240, Мещовск",
        collective=True,
        co_authors=(Person(surname="Щеглов", phone="+79107654321"),),
    )
    assert message.organisation == Organisation(external_id="77", name="Администрация")
    assert [file.url for file in message.attachments] == ["https://portal.example/files/7", "новый вид"]


def test_the_whole_original_stays_in_raw() -> None:
    """Unknown fields, nulls and other people's shapes are kept; moments in one notation."""
    (message,) = batch_of(calls.list_messages().read(answer(GOLDEN)), "town").items
    moments = {
        "regNumberSetAt": "2026-01-12T06:30:00Z",
        "createdAt": "2026-01-12T06:05:00Z",
        "answerAt": "2026-02-11T21:00:00Z",
    }
    assert message.raw == ITEM | moments


def test_a_message_with_nothing_but_its_id_is_a_message() -> None:
    """Whatever the portal leaves out or sends as null, the resident's message is not lost."""
    for item in ({"id": 7}, dict.fromkeys(ITEM) | {"id": 7}):
        (portal_message,) = read(item).items
        message = message_of(portal_message, "town")
        assert (message.external_id, message.number, message.text) == ("7", "7", "")
        assert message.author == Author()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"createdAt": "2026-01-12T09:05:00"}, "createdAt"),
        ({"answerAt": 1768200300000}, "answerAt"),
        ({"createdAt": "0001-01-01T00:00:00+03:00"}, "createdAt"),
        ({"id": None}, "id"),
        ({"id": "canary"}, "id"),
        ({"description": {"canary": 1}}, "description"),
        ({"applicant": {"phone": 79101234567}}, "phone"),
        ({"coApplicants": "canary"}, "coApplicants"),
        ({"attachments": "canary"}, "attachments"),
    ],
)
def test_one_unreadable_item_does_not_hide_the_others(change: dict[str, object], field: str) -> None:
    """It becomes a reject with its id, reason and raw form; the reason holds no value."""
    broken = ITEM | change
    page = read({"id": 1}, broken, {"id": 2})
    assert [item.id for item in page.items] == [1, 2]
    batch = batch_of(page, "town")
    assert batch.external_ids[:2] == ("1", "2")
    (reject,) = batch.rejects
    assert field in reject.reason
    assert reject.raw == broken
    told = reject.reason + repr(reject) + repr(page)
    assert not any(word in told for word in ("Канарейкина", "canary.ru", "79101234567", "Яма"))


def test_rejects_have_an_id_where_one_can_be_seen() -> None:
    """An id lets the message leave the queue; an item that is no table has none."""
    batch = batch_of(
        read({"id": 5, "createdAt": "x"}, {"createdAt": "x"}, "text", None, {"id": True}), "town"
    )
    assert [reject.external_id for reject in batch.rejects if reject.external_id] == ["5"]


@pytest.mark.parametrize("degrees", ["", "north", "nan", "inf", 10**400, True, [], {}, None])
def test_broken_coordinates_do_not_cost_the_message(degrees: object) -> None:
    """A coordinate that is no number on earth is left out; it stays in `raw`."""
    (message,) = batch_of(read({"id": 1, "locationAddress": {"geoLat": degrees}}), "town").items
    assert message.place.latitude_degrees is None


def test_an_emoji_cut_in_two_does_not_stop_the_queue() -> None:
    """A text shortened in the middle of a character spoils that character only."""
    body = (
        rb'{"content":[{"id":1,"description":"\u042f\u043c\u0430 \ud83d"},{"id":2}],"number":0,"last":true}'
    )
    page = calls.list_messages().read(Response(200, {"content-type": "application/json"}, body))
    assert [item.description for item in page.items] == ["Яма ?", None]


@pytest.mark.parametrize(
    ("fields", "follows"),
    [
        ({"last": False, "size": 20}, "/appeal-service/edms?page=1&size=20"),
        ({"last": False}, "/appeal-service/edms?page=1"),
        ({"last": None, "totalPages": 2}, "/appeal-service/edms?page=1"),
        ({"last": None, "totalPages": 1}, None),
        ({"last": None}, None),
        ({"last": True, "totalPages": 9}, None),
        ({"last": False, "number": 1}, "/appeal-service/edms?page=2"),
    ],
)
def test_the_next_page_is_asked_for_when_there_is_one(fields: dict[str, object], follows: str | None) -> None:
    """The first page names its own number, 0 or 1; the next is asked for by the number after it."""
    following = read({"id": 1}, **fields).following
    assert (following.request.target if following else None) == follows


def test_a_repeated_first_page_is_not_followed_for_ever() -> None:
    """A portal that answers page 0 when page 1 was asked for is not believed to have shown all."""
    first = read({"id": 1}, last=False)
    assert first.following is not None
    with pytest.raises(Unreadable) as caught:
        first.following.read(answer({"content": [{"id": 1}], "number": 0, "last": False}))
    assert caught.value.code == "api.repeated_page"


@pytest.mark.parametrize(
    "page", [[], {}, {"content": None}, {"content": {}}, {"content": [], "number": "x"}, None, 5]
)
def test_a_page_of_another_form_is_told(page: object) -> None:
    """An answer that is no page never looks like an empty queue."""
    with pytest.raises(Unreadable):
        calls.list_messages().read(answer(page))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(ITEM)) | st.text(), inner)
        ),
        max_leaves=12,
    )
)
def test_any_item_ends_as_a_message_or_a_reject(item: object) -> None:
    """Nothing a far side can write breaks the reading of a page or loses an item."""
    fields = ITEM | item if isinstance(item, dict) else item
    page = read(fields, {"id": 2})
    batch = batch_of(page, "town")
    assert len(batch.items) + len(batch.rejects) == 2
    assert batch.items[-1].external_id == "2"


def test_replies_of_login_and_storage() -> None:
    """The token is a secret, the file's id a text; new fields of both do no harm."""
    token = calls.issue_token("o", Secret("s"), "c", Secret("s")).read(
        answer({"access_token": "canary", "token_type": "bearer", "expires_in": 43199, "surname": "canary"})
    )
    assert token.value.reveal() == "canary"
    assert "canary" not in repr(token)
    file = calls.upload("a", b"", "x/y").read(
        answer({"id": "f-1", "size": 3, "contentType": "x/y", "avatar": False})
    )
    assert (file.id, file.size, file.content_type) == ("f-1", 3, "x/y")


@pytest.mark.parametrize("token", ["", "тайна", "a b", "a\nb", "\x7f"])
def test_a_token_that_cannot_be_sent_is_unreadable(token: str) -> None:
    """What does not fit into a header is told at the login, not as a broken connection later."""
    call = calls.issue_token("o", Secret("s"), "c", Secret("s"))
    with pytest.raises(Unreadable, match="access_token"):
        call.read(answer({"access_token": token}))


def test_models_do_not_show_their_contents() -> None:
    """`repr` and `str` of everything the portal gives are fit for a log."""
    (message,) = calls.list_messages().read(answer(GOLDEN)).items
    report = StatusReport(status="canary", answer_text="canary")
    told = f"{message!r}{message}{[message.applicant]}{message.co_applicants}{report!r}{report}"
    assert not any(word in told for word in ("canary", "Канарейкина", "Щеглов", "7910", "Яма"))


def test_the_words_of_a_refusal_cannot_play_with_a_terminal() -> None:
    """Control characters of the far side end in blanks, contact details in their mask."""
    body = json.dumps({"messages": ["нет\x1b[2J\r\nтакого", "звоните +7 910 123-45-67"]}).encode()
    with pytest.raises(Invalid) as caught:
        calls.mark_accepted(1).read(Response(400, {"content-type": "application/json"}, body))
    assert str(caught.value).isprintable()
    assert "123" not in str(caught.value)
