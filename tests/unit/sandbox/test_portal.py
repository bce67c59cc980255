"""The far side of the portal, asked by requests written from the description of its interface."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox import FaultScript, JsonObject, LogEntry, PortalSandbox
from mcu_sdk.wire import Body, Request, Response

PERSON: JsonObject = {"surname": "Исполнитель", "name": "Первый"}
TAKEN: JsonObject = {"status": "В работе", "executorInfo": PERSON, "managerInfo": PERSON}
ANSWERED: JsonObject = {"status": "Закрыто", "answer": True, "answerText": "Яма засыпана."}
LOGIN = {
    "grant_type": "password",
    "scope": "any",
    "username": PortalSandbox.organisation_id,
    "password": PortalSandbox.organisation_secret,
}
BASIC = "Basic " + base64.b64encode(b"sandbox-client:sandbox").decode()


def queue_of(count: int) -> list[JsonObject]:
    return [{"id": number, "description": f"Сообщение {number}"} for number in range(1, count + 1)]


def login(sandbox: PortalSandbox) -> Response:
    body = Body(urlencode(LOGIN).encode(), "application/x-www-form-urlencoded")
    headers = (("Authorization", BASIC),)
    return sandbox.handle(Request("POST", "/user-service/oauth/token", headers=headers, body=body))


def bearer(sandbox: PortalSandbox) -> str:
    token: str = json.loads(login(sandbox).body)["access_token"]
    return f"Bearer {token}"


def ask(
    sandbox: PortalSandbox,
    method: str,
    path: str,
    body: Body | None = None,
    *,
    token: str | None = None,
    query: tuple[tuple[str, str], ...] = (),
) -> Response:
    headers = (("authorization", bearer(sandbox) if token is None else token),)
    return sandbox.handle(Request(method, path, query, headers, body))


def report(sandbox: PortalSandbox, fields: JsonObject, message_id: int = 1) -> Response:
    body = Body(json.dumps(fields).encode(), "application/json")
    return ask(sandbox, "POST", f"/appeal-service/edms/{message_id}", body)


def page(sandbox: PortalSandbox, **query: str) -> JsonObject:
    response = ask(sandbox, "GET", "/appeal-service/edms", query=tuple(query.items()))
    assert response.status == 200
    content: JsonObject = json.loads(response.body)
    return content


def ids(listing: JsonObject) -> list[int]:
    content = listing["content"]
    assert isinstance(content, list)
    return [item["id"] for item in content if isinstance(item, dict) and isinstance(item["id"], int)]


def words(response: Response) -> list[str]:
    refusal: dict[str, list[str]] = json.loads(response.body)
    return refusal["messages"]


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer sandbox-token-9", BASIC])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/appeal-service/edms"),
        ("POST", "/appeal-service/edms/1"),
        ("POST", "/appeal-service/edms/1/mark-accepted"),
        ("POST", "/file-storage-service/filestorage"),
        ("GET", "/file-storage-service/filestorage/1"),
    ],
)
def test_every_operation_needs_a_token(method: str, path: str, token: str) -> None:
    """Without a known token nothing is shown and nothing changes: 401 in JSON."""
    sandbox = PortalSandbox(queue_of(1))
    response = ask(sandbox, method, path, token=token)
    assert (response.status, response.content_type) == (401, "application/json")
    assert words(response)
    assert sandbox.queue == (1,)


def test_token_is_carried_as_bearer() -> None:
    """A good token under another scheme does not open the portal; the scheme's letters may be of any case."""
    sandbox = PortalSandbox()
    token = bearer(sandbox).removeprefix("Bearer ")
    schemes = ("bearer", "Basic", "Token")
    asked = [ask(sandbox, "GET", "/appeal-service/edms", token=f"{scheme} {token}") for scheme in schemes]
    assert [response.status for response in asked] == [200, 401, 401]


def test_token_expires() -> None:
    """A token is good until its lifetime has passed, and not at that moment any more."""
    now_seconds = 100.0
    sandbox = PortalSandbox(token_lifetime=timedelta(seconds=60), monotonic=lambda: now_seconds)
    token = bearer(sandbox)
    now_seconds = 159.9
    assert ask(sandbox, "GET", "/appeal-service/edms", token=token).status == 200
    now_seconds = 160.0
    assert ask(sandbox, "GET", "/appeal-service/edms", token=token).status == 401


def test_first_page_has_the_spring_form() -> None:
    """Without parameters the first twenty are listed, with the numbers of a Spring page."""
    listing = page(PortalSandbox(queue_of(45)))
    assert ids(listing) == list(range(1, 21))
    del listing["content"], listing["sort"]
    assert listing == {
        "pageable": {
            "pageNumber": 0,
            "pageSize": 20,
            "offset": 0,
            "sort": {"sorted": False, "unsorted": True, "empty": True},
        },
        "totalElements": 45,
        "totalPages": 3,
        "first": True,
        "last": False,
        "number": 0,
        "numberOfElements": 20,
        "size": 20,
        "empty": False,
    }


@pytest.mark.parametrize(
    ("query", "expected", "first", "last"),
    [
        ({"page": "2", "size": "2"}, [5], False, True),
        ({"page": "1", "size": "3"}, [4, 5], False, True),
        ({"page": "9"}, [], False, True),
        ({"page": "-1", "size": "x"}, [1, 2, 3, 4, 5], True, True),
        ({"size": "0"}, [1, 2, 3, 4, 5], True, True),
        ({"page": "9" * 5000}, [1, 2, 3, 4, 5], True, True),
    ],
)
def test_page_and_size(query: dict[str, str], expected: list[int], first: bool, last: bool) -> None:
    """`page` counts from 0; what is no number counts as not given, as in Spring."""
    listing = page(PortalSandbox(queue_of(5)), **query)
    assert (ids(listing), listing["first"], listing["last"]) == (expected, first, last)


def test_empty_queue_is_one_empty_page() -> None:
    """An empty queue is a page that is first, last and empty."""
    listing = page(PortalSandbox())
    assert (listing["first"], listing["last"], listing["empty"], listing["totalPages"]) == (
        True,
        True,
        True,
        0,
    )


def test_accepting_shifts_the_pages() -> None:
    """Who acknowledges between two pages misses messages: the list holds only what is not accepted."""
    sandbox = PortalSandbox(queue_of(6))
    assert ids(page(sandbox, size="2")) == [1, 2]
    for number in (1, 2):
        assert ask(sandbox, "POST", f"/appeal-service/edms/{number}/mark-accepted").status == 200
    assert ids(page(sandbox, page="1", size="2")) == [5, 6]
    assert (sandbox.queue, sandbox.accepted) == ((3, 4, 5, 6), (1, 2))


def test_accepting_twice_is_harmless() -> None:
    """A repeated acknowledgement is confirmed and changes nothing."""
    sandbox = PortalSandbox(queue_of(2))
    answers = [ask(sandbox, "POST", "/appeal-service/edms/2/mark-accepted") for _ in range(2)]
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"")] * 2
    assert (sandbox.queue, sandbox.accepted) == ((1,), (2,))


@pytest.mark.parametrize("message_id", ["3", "0", "-1", "x", "01", "%D1%82", "9" * 5000])
@pytest.mark.parametrize("suffix", ["", "/mark-accepted"])
def test_unknown_message_is_not_found(message_id: str, suffix: str) -> None:
    """What is not in the cabinet is 404 with words."""
    response = ask(PortalSandbox(queue_of(2)), "POST", f"/appeal-service/edms/{message_id}{suffix}")
    assert (response.status, words(response)) == (404, ["Сообщение не найдено"])


@pytest.mark.parametrize("method_and_path", ["PUT /appeal-service/edms", "GET /", "POST //[", "GET *"])
def test_unknown_operation_is_not_found(method_and_path: str) -> None:
    """What was not observed is 404, whatever the path looks like."""
    method, _, path = method_and_path.partition(" ")
    assert ask(PortalSandbox(), method, path).status == 404


def test_statuses_and_answers_are_kept() -> None:
    """Taking to work and the answer are taken in turn, accepted or not, and kept as they were sent."""
    sandbox = PortalSandbox(queue_of(1))
    assert report(sandbox, TAKEN | {"id": 1}).status == 200
    ask(sandbox, "POST", "/appeal-service/edms/1/mark-accepted")
    assert report(sandbox, ANSWERED).status == 200
    assert sandbox.reports(1) == (TAKEN | {"id": 1}, ANSWERED)
    assert sandbox.reports(2) == ()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["status", "executorInfo", "managerInfo"]),
        ({"status": "В работе", "executorInfo": PERSON}, ["managerInfo"]),
        (TAKEN | {"executorInfo": {"surname": "Один"}}, ["executorInfo"]),
        (TAKEN | {"managerInfo": "Начальник"}, ["managerInfo"]),
        (TAKEN | {"status": " "}, ["status"]),
        (TAKEN | {"answer": 0}, ["answer"]),
        (ANSWERED | {"answerText": ""}, ["answerText"]),
        (ANSWERED | {"appealAnswerType": "FINE"}, ["appealAnswerType"]),
        (ANSWERED | {"attachmentIds": ["7"]}, ["attachmentIds"]),
        (ANSWERED | {"attachmentIds": "7"}, ["attachmentIds"]),
        (ANSWERED | {"attachmentIds": [7]}, ["attachmentIds"]),
        (ANSWERED | {"outgoingNumberSetAt": "2026-04-06T12:00:00"}, ["outgoingNumberSetAt"]),
        (ANSWERED | {"postponedDate": "завтра"}, ["postponedDate"]),
        (ANSWERED | {"id": 2}, ["id в теле не совпадает с адресом"]),
    ],
)
def test_incomplete_report_is_refused(fields: JsonObject, expected: list[str]) -> None:
    """A refusal is 400 and names every wrong field; nothing is kept."""
    sandbox = PortalSandbox(queue_of(2))
    response = report(sandbox, fields)
    assert response.status == 400
    assert [word.partition(":")[0] for word in words(response)] == expected
    assert sandbox.reports(1) == ()


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'"text"'])
def test_report_must_be_a_json_object(content: bytes) -> None:
    """Anything but a JSON object is 400."""
    body = Body(content, "application/json") if content else None
    assert ask(PortalSandbox(queue_of(1)), "POST", "/appeal-service/edms/1", body).status == 400


def test_nulls_count_as_left_out() -> None:
    """A field sent as null is as good as one not sent."""
    fields = ANSWERED | {"appealAnswerType": None, "attachmentIds": None, "postponedDate": None}
    assert report(PortalSandbox(queue_of(1)), fields).status == 200


def test_scripted_401_revokes_the_tokens() -> None:
    """After a 401 by script the old token is of no use; a new login is needed."""
    sandbox = PortalSandbox(queue_of(1), faults=FaultScript.parse("401@2"))
    token = bearer(sandbox)
    asked = [ask(sandbox, "GET", "/appeal-service/edms", token=token).status for _ in range(2)]
    assert asked == [401, 401]
    assert ids(page(sandbox)) == [1]


def test_scripted_fault_has_no_effect_on_the_queue() -> None:
    """A request spoiled by script is not carried out."""
    sandbox = PortalSandbox(queue_of(1), faults=FaultScript.parse("503@2"))
    assert ask(sandbox, "POST", "/appeal-service/edms/1/mark-accepted").status == 503
    assert sandbox.queue == (1,)


def test_log_keeps_the_order_and_no_secrets() -> None:
    """The log says what was asked and answered, in order, without queries and tokens."""
    sandbox = PortalSandbox(queue_of(1))
    token = bearer(sandbox)
    ask(sandbox, "GET", "/appeal-service/edms", token=token, query=(("size", "1"),))
    ask(sandbox, "POST", "/appeal-service/edms/1/mark-accepted", token=token)
    assert sandbox.log == (
        LogEntry("POST", "/user-service/oauth/token", 200),
        LogEntry("GET", "/appeal-service/edms", 200),
        LogEntry("POST", "/appeal-service/edms/1/mark-accepted", 200),
    )


@pytest.mark.parametrize("message", [{}, {"id": "7"}, {"id": True}, {"id": 1}, {"id": 2}])
def test_added_message_needs_an_id_of_its_own(message: JsonObject) -> None:
    """A message joins the queue's end under a new integer id; accepted ids stay taken."""
    sandbox = PortalSandbox(queue_of(2))
    ask(sandbox, "POST", "/appeal-service/edms/2/mark-accepted")
    with pytest.raises(UsageError) as caught:
        sandbox.add(message)
    assert caught.value.code == "sandbox.message_id"
    sandbox.add({"id": 3})
    assert sandbox.queue == (1, 3)


def test_threads_share_the_sandbox() -> None:
    """Many threads at once accept every message exactly once."""
    sandbox = PortalSandbox(queue_of(200))
    token = bearer(sandbox)

    def accept(number: int) -> int:
        return ask(sandbox, "POST", f"/appeal-service/edms/{number}/mark-accepted", token=token).status

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(accept, range(1, 201))) == {200}
    assert sandbox.queue == ()
    assert sorted(sandbox.accepted) == list(range(1, 201))
    assert len(sandbox.log) == 201
