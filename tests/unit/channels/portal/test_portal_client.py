"""The client in both worlds: what leaves, what does not, and what it never shows."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mcu_sdk.channels.portal import AsyncPortal, Portal, PortalSettings, StatusReport, WriteReceipt
from mcu_sdk.errors import Denied, OutcomeUnknown, RateLimited, Unavailable, Unreadable, UsageError
from mcu_sdk.wire import Response, SecretReference

LIST = "GET /appeal-service/edms"
Maker = Callable[..., Any]


def page(*ids: int, number: int = 0, last: bool = True) -> Response:
    """A page of the queue with messages of these ids."""
    body = {"content": [{"id": one} for one in ids], "number": number, "last": last, "size": 2}
    return Response(200, {"content-type": "application/json"}, json.dumps(body).encode())


PAGES = {LIST: page(1, 2, last=False), f"{LIST}?page=1&size=2": page(3, number=1)}
ACCEPTED = {f"POST /appeal-service/edms/{number}/mark-accepted": Response(200) for number in (1, 2)}


def test_all_pages_make_the_list(client: Maker) -> None:
    """The list is whole; every request carries the token."""
    portal = client(PAGES)
    assert [message.id for message in portal.call("messages.list")] == [1, 2, 3]
    assert {dict(request.headers)["Authorization"] for request in portal.far.requests} == {
        "Bearer canary-token"
    }


@pytest.mark.parametrize(
    ("limit", "ids", "requests"), [(0, [], 1), (1, [1], 1), (2, [1, 2], 1), (3, [1, 2, 3], 2)]
)
def test_a_limited_list_asks_for_no_more_pages(
    client: Maker, limit: int, ids: list[int], requests: int
) -> None:
    """Who wants the first few does not read the whole queue, and leaves no open generator behind."""
    portal = client(PAGES)
    assert [message.id for message in portal.call("messages.list", limit=limit)] == ids
    assert len(portal.far.requests) == requests


def test_batches_hand_over_the_queue(client: Maker) -> None:
    """The client is a source: canonical messages by page, no cursor."""
    portal = client(PAGES)
    batches = portal.call("batches", None)
    assert [batch.external_ids for batch in batches] == [("1", "2"), ("3",)]
    assert {(batch.channel, batch.account, batch.cursor) for batch in batches} == {("portal", "town", None)}
    assert (portal.portal.channel, portal.portal.account, portal.portal.queue) == ("portal", "town", True)


def test_acknowledging_accepts_one_by_one(client: Maker) -> None:
    """Every id is accepted on the portal, in order, and the confirmed are counted."""
    portal = client(ACCEPTED)
    assert portal.call("acknowledge", ("1", "2")) == ("1", "2")
    assert [request.path for request in portal.far.requests] == [
        "/appeal-service/edms/1/mark-accepted",
        "/appeal-service/edms/2/mark-accepted",
    ]


def test_a_portal_without_page_numbers_is_read_page_by_page(client: Maker) -> None:
    """Page numbers are inferred: where the first page comes again, a batch ends and a list says so."""
    portal = client({LIST: page(1, 2, last=False), f"{LIST}?page=1&size=2": page(1, 2, last=False)})
    assert [batch.external_ids for batch in portal.call("batches", None)] == [("1", "2")]
    with pytest.raises(Unreadable) as caught:
        portal.call("messages.list")
    assert caught.value.code == "api.repeated_page"


def test_another_failure_of_a_page_is_not_taken_for_the_end(client: Maker) -> None:
    """Only a repeated page ends the batches; an unreadable one is an error."""
    html = Response(200, {"content-type": "text/html"}, b"<html>")
    portal = client({LIST: page(1, 2, last=False), f"{LIST}?page=1&size=2": html})
    with pytest.raises(Unreadable) as caught:
        portal.call("batches", None)
    assert caught.value.code == "api.unreadable"


REFUSED = "POST /appeal-service/edms/0/mark-accepted"
HTML = Response(200, {"content-type": "text/html"}, b"<html>")


@pytest.mark.parametrize("answer", [*map(Response, [400, 403, 404, 409, 422, 500]), HTML])
def test_a_refused_acknowledgement_does_not_stop_the_others(client: Maker, answer: Response) -> None:
    """The portal may refuse one message; the rest leave the queue, and only they are named."""
    assert client(ACCEPTED | {REFUSED: answer}).call("acknowledge", ("1", "0", "2")) == ("1", "2")


def test_ten_refusals_in_a_row_are_an_error(client: Maker) -> None:
    """When nothing is accepted any more the matter is not with one message."""
    portal = client(ACCEPTED | {REFUSED: Response(403)})
    assert portal.call("acknowledge", ("0",) * 9 + ("1",) + ("0",) * 9) == ("1",)
    with pytest.raises(Denied):
        portal.call("acknowledge", ("0",) * 10 + ("1",))


@pytest.mark.parametrize("status", [429, 503])
def test_what_concerns_all_messages_stops_at_once(client: Maker, status: int) -> None:
    """A portal that is down or asks for less is not asked for every message in turn."""
    answer = Response(status, {"retry-after": "999"})
    portal = client({REFUSED: answer})
    with pytest.raises((RateLimited, Unavailable)):
        portal.call("acknowledge", ("0", "0"))
    assert len(portal.far.requests) == 1


def test_a_limit_below_zero_is_a_mistake(client: Maker) -> None:
    """A negative limit does not quietly cut the end off the list."""
    with pytest.raises(UsageError):
        client(PAGES).call("messages.list", limit=-1)


def test_writes_give_a_receipt(client: Maker) -> None:
    """A write that was sent says so, and what was asked."""
    portal = client(ACCEPTED | {"POST /appeal-service/edms/1": Response(200)})
    assert portal.call("messages.mark_accepted", 1) == WriteReceipt(
        sent=True, request="POST /appeal-service/edms/1/mark-accepted"
    )
    receipt = portal.call("messages.report", 1, StatusReport(status="В работе"))
    assert receipt == WriteReceipt(sent=True, request="POST /appeal-service/edms/1")


def test_a_dry_run_changes_nothing(client: Maker) -> None:
    """Without writing switched on no write leaves this machine, and the receipts say so."""
    portal = client(writes=False)
    assert not portal.call("messages.mark_accepted", 1).sent
    assert not portal.call("messages.report", 1, StatusReport(status="В работе")).sent
    assert portal.call("files.upload", "a.pdf", b"abc").id == "dry-run"
    assert portal.call("acknowledge", ("1", "2")) == ()
    assert portal.far.requests == []


def test_a_dry_run_still_checks_what_would_be_sent(client: Maker) -> None:
    """A broken id is found in the rehearsal, not in earnest."""
    with pytest.raises(UsageError):
        client(writes=False).call("messages.mark_accepted", "..")


def test_writing_is_off_unless_switched_on() -> None:
    """A forgotten setting harms nobody."""
    reference = SecretReference("env:X")
    assert not PortalSettings("https://p.example", "a", "o", reference, "c", reference).writes


def test_a_dry_run_reads(client: Maker) -> None:
    """Reading changes nothing and works."""
    assert len(client(PAGES, writes=False).call("messages.list")) == 3


def test_files_travel_both_ways(client: Maker) -> None:
    """An upload gives the id for the report; a download gives the bytes."""
    stored = Response(200, {"content-type": "application/json"}, b'{"id":"f-1"}')
    portal = client(
        {
            "POST /file-storage-service/filestorage": stored,
            "GET /files/7": Response(200, {"content-type": "text/plain"}, b"abc"),
        }
    )
    assert portal.call("files.upload", "a.pdf", b"abc").id == "f-1"
    assert portal.call("files.download", "https://portal.example/files/7").content == b"abc"


def test_a_foreign_file_is_refused_before_the_login(client: Maker) -> None:
    """Nothing at all is sent for an address outside the portal."""
    portal = client()
    with pytest.raises(UsageError):
        portal.call("files.download", "https://evil.example/files/7")
    assert portal.far.requests == []


def test_a_report_in_doubt_is_sent_once(client: Maker) -> None:
    """A resident never gets the answer twice because the portal hiccupped."""
    portal = client({"POST /appeal-service/edms/1": Response(502)})
    with pytest.raises(OutcomeUnknown):
        portal.call("messages.report", 1, StatusReport(status="Закрыто", answer_text="canary"))
    assert len(portal.far.requests) == 1


def test_nothing_shows_a_secret(client: Maker, settings: PortalSettings) -> None:
    """Settings, clients and errors are fit for a log."""
    portal = client({LIST: Response(503, {"retry-after": "999"}, b"canary")})
    with pytest.raises(Unavailable) as caught:
        portal.call("messages.list")
    error = caught.value
    told = f"{settings!r}{settings}{portal.portal!r}{portal.portal}{error!r}{error}{vars(error)}"
    assert "canary" not in told
    assert repr(portal.portal).startswith(("Portal(account='town'", "AsyncPortal(account='town'"))


def test_settings_pickle_with_references_only(settings: PortalSettings) -> None:
    """A worker process gets the place of a secret, never the secret."""
    with pytest.raises(UsageError):
        pickle.dumps(settings)
    reference = SecretReference("env:X")
    named = replace(settings, organisation_secret=reference, client_secret=reference)
    assert pickle.loads(pickle.dumps(named)) == named


@pytest.mark.parametrize("kind", [Portal, AsyncPortal])
def test_a_missing_secret_is_told_at_once(kind: type[Portal], settings: PortalSettings) -> None:
    """The service fails when it starts, not at its first call."""
    with pytest.raises(UsageError, match="MCU_TEST_ABSENT"):
        kind(replace(settings, client_secret=SecretReference("env:MCU_TEST_ABSENT")))
