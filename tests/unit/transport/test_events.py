"""What a session tells while it works: enough to follow a call, nothing that must not be told."""

from __future__ import annotations

import copy
import logging
import pickle
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import anyio
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from mcu_sdk.errors import (
    ApiError,
    Denied,
    McuError,
    MissingExtra,
    OutcomeUnknown,
    TransportError,
    Unavailable,
    Unreadable,
)
from mcu_sdk.transport import (
    AsyncMemoryTransport,
    AsyncSession,
    AttemptEnded,
    AttemptStarted,
    Event,
    Limit,
    RateLimits,
    WaitStarted,
    log_events,
)
from mcu_sdk.transport.otel import trace_events
from mcu_sdk.wire import Call, Repeat, Request, Response, Secret, Token, check_status

Maker = Callable[..., Any]
WELL = Response(200, {"x-request-id": "theirs-2"}, b"well")
BUSY = Response(503, {"x-request-id": "theirs-1", "retry-after": "3"})
NOT_SENT = TransportError("transport.not_reached", "no way", delivered="no", kind="ConnectError")
BROKEN = TransportError("transport.broken", "broke", delivered="unknown", kind="ReadError")
CANARY = "canary-7f3a"


def read(response: Response) -> bytes:
    check_status(response)
    return response.body


CALL = Call(Request("GET", "/x", query=(("access_token", CANARY),), headers=(("X-Key", CANARY),)), read)


class Issuer:
    """Asks for a token at /token."""

    def issue(self) -> Call[Token]:
        return Call(
            Request("POST", "/token", authorized=False),
            lambda response: Token(Secret(read(response).decode())),
        )


def test_the_events_of_a_call_tell_its_story(driven: Maker) -> None:
    """Attempt, refusal, wait, attempt, answer: in this order, under one id, with the far side's ids."""
    seen: list[Event] = []
    session = driven(BUSY, WELL, on_event=seen.append)
    session.run(CALL)
    (call_id,) = {event.call_id for event in seen}
    common = {"call_id": call_id, "method": "GET", "path": "/x"}
    assert seen == [
        AttemptStarted(**common, attempt=1),
        AttemptEnded(
            **common,
            attempt=1,
            elapsed_seconds=0,
            status=503,
            request_id="theirs-1",
            error_code="api.unavailable",
        ),
        WaitStarted(**common, attempt=2, reason="retry", wait_seconds=3.0),
        AttemptStarted(**common, attempt=2),
        AttemptEnded(
            **common, attempt=2, elapsed_seconds=0, status=200, request_id="theirs-2", error_code=None
        ),
    ]
    assert session.far.call_ids == [call_id] * 2


def test_a_login_and_a_turn_are_told_too(driven: Maker) -> None:
    """The login is a call of its own; a wait for the limit says so, and time is measured."""
    seen: list[Event] = []

    def slow(request: Request) -> Response:
        session.clock.now += 2
        return WELL

    limits = RateLimits(Limit(1, timedelta(seconds=5)))
    session = driven(slow, limits=limits, issuer=Issuer(), on_event=seen.append)
    session.run(CALL)
    assert [(type(event).__name__, event.path) for event in seen] == [
        ("AttemptStarted", "/token"),
        ("AttemptEnded", "/token"),
        ("WaitStarted", "/x"),
        ("AttemptStarted", "/x"),
        ("AttemptEnded", "/x"),
    ]
    waits = [event for event in seen if isinstance(event, WaitStarted)]
    assert [(wait.reason, wait.wait_seconds) for wait in waits] == [("limit", 3)]
    assert [event.elapsed_seconds for event in seen if isinstance(event, AttemptEnded)] == [2, 2]
    assert len({event.call_id for event in seen}) == 2


def test_no_answer_has_no_status(driven: Maker) -> None:
    """A break is told by the code of our error."""
    seen: list[Event] = []
    session = driven(BROKEN, on_event=seen.append)
    with pytest.raises(OutcomeUnknown):
        session.run(Call(Request("POST", "/x", repeat=Repeat.NEVER), read))
    ended = seen[-1]
    assert isinstance(ended, AttemptEnded)
    assert (ended.status, ended.request_id, ended.error_code) == (None, None, "transport.broken")


@pytest.mark.anyio
async def test_a_cancelled_attempt_ends_too() -> None:
    """Whoever counts what is under way is told of every end."""
    seen: list[Event] = []

    class Hanging(AsyncMemoryTransport):
        async def send(self, *_: object) -> Response:
            scope.cancel()
            await anyio.sleep_forever()
            raise AssertionError

    session = AsyncSession(Hanging(lambda request: WELL), on_event=seen.append)
    with anyio.CancelScope() as scope:
        await session.run(CALL)
    ended = seen[-1]
    assert isinstance(ended, AttemptEnded)
    assert ended.error_code == "interrupted"


def test_a_hook_that_raises_harms_no_call(driven: Maker, caplog: pytest.LogCaptureFixture) -> None:
    """The call goes on; a warning names the kind of error and not its text, which could hold data."""

    def hook(event: Event) -> None:
        raise ValueError(CANARY)

    session = driven(BUSY, WELL, on_event=hook)
    assert session.run(CALL) == b"well"
    ours = [record for record in caplog.records if record.name.startswith("mcu_sdk")]
    assert {record.levelno for record in ours} == {logging.WARNING}
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text


def test_log_events_writes_lines_without_secrets(driven: Maker, caplog: pytest.LogCaptureFixture) -> None:
    """One line an event; query and headers never show."""
    session = driven(BUSY, WELL, on_event=log_events())
    with caplog.at_level(logging.DEBUG, "mcu_sdk"):
        session.run(CALL)
    (call_id,) = set(session.far.call_ids)
    assert [
        (record.levelname, record.getMessage()) for record in caplog.records if record.name == "mcu_sdk"
    ] == [
        ("DEBUG", f"sent: GET /x, attempt 1, call {call_id}"),
        ("INFO", f"503 api.unavailable after 0.000 s: GET /x, attempt 1, call {call_id}, their id theirs-1"),
        ("INFO", f"waits 3.000 s (retry): GET /x, attempt 2, call {call_id}"),
        ("DEBUG", f"sent: GET /x, attempt 2, call {call_id}"),
        ("INFO", f"200 after 0.000 s: GET /x, attempt 2, call {call_id}, their id theirs-2"),
    ]
    assert CANARY not in caplog.text


def test_the_library_configures_no_logging() -> None:
    """Our logger brings only a handler that does nothing."""
    logger = logging.getLogger("mcu_sdk")
    assert [type(handler) for handler in logger.handlers] == [logging.NullHandler]
    assert (logger.level, logger.propagate) == (logging.NOTSET, True)


def test_spans_follow_the_http_conventions_and_hold_no_secret(driven: Maker) -> None:
    """One client span an attempt, under the program's own span, its length the attempt's."""

    def slow(request: Request) -> Response:
        session.clock.now += 2
        return BUSY if len(session.far.requests) == 1 else WELL

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("test")
    session = driven(slow, on_event=trace_events(tracer))
    with tracer.start_as_current_span("job"):
        session.run(CALL)
    first, second, job = exporter.get_finished_spans()
    assert [span.name for span in (first, second)] == ["GET", "GET"]
    assert {span.kind for span in (first, second)} == {SpanKind.CLIENT}
    call_id = session.far.call_ids[0]
    common = {"http.request.method": "GET", "url.path": "/x", "mcu.call_id": call_id}
    assert dict(first.attributes or {}) == {
        **common,
        "http.response.status_code": 503,
        "mcu.request_id": "theirs-1",
        "error.type": "api.unavailable",
    }
    assert dict(second.attributes or {}) == {
        **common,
        "http.request.resend_count": 1,
        "http.response.status_code": 200,
        "mcu.request_id": "theirs-2",
    }
    assert (first.status.status_code, second.status.status_code) == (StatusCode.ERROR, StatusCode.UNSET)
    for span in (first, second):
        assert (span.end_time or 0) - (span.start_time or 0) == 2_000_000_000
        assert span.parent is not None
        assert job.context is not None
        assert span.parent.span_id == job.context.span_id
        assert CANARY not in span.to_json()


def test_without_the_extra_tracing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module exists for the extra; only importing it needs one."""
    monkeypatch.delitem(sys.modules, "mcu_sdk.transport.otel")
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(MissingExtra, match=r"mcu-sdk\[otel\]"):
        import_module("mcu_sdk.transport.otel")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(NOT_SENT, TransportError), (BUSY, Unavailable), (Response(401), Denied), (Response(302), Unreadable)],
)
def test_an_error_names_the_call(driven: Maker, answer: Response | McuError, kind: type[McuError]) -> None:
    """The id that every attempt carried is on the error, crosses processes, and is not in the text."""
    session = driven(answer)
    with pytest.raises(kind) as caught:
        session.run(CALL)
    error = caught.value
    assert isinstance(error, TransportError | ApiError)
    assert {error.call_id} == set(session.far.call_ids)
    assert error.call_id is not None
    assert error.call_id not in str(error) + error.localized("ru")
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (other.call_id, other.request_id) == (error.call_id, error.request_id)


def test_every_call_has_an_id_of_its_own(driven: Maker) -> None:
    """Short, random, in hexadecimal."""
    session = driven(WELL)
    for _ in range(20):
        session.run(CALL)
    ids = session.far.call_ids
    assert len(set(ids)) == 20
    assert all(len(one) == 12 and int(one, 16) >= 0 for one in ids)


def test_an_error_of_the_login_names_the_login(driven: Maker) -> None:
    """The id leads the support desk to the request that failed."""
    session = driven(Response(401), issuer=Issuer())
    with pytest.raises(Denied) as caught:
        session.run(CALL)
    assert session.far.call_ids == [caught.value.call_id]


@pytest.mark.parametrize(
    ("first", "delivered"),
    [(BROKEN, "unknown"), (Response(503), "unknown"), (Response(429), "no"), (NOT_SENT, "no")],
)
def test_delivered_tells_of_all_attempts(driven: Maker, first: Response | McuError, delivered: str) -> None:
    """When an earlier attempt may have taken effect, a last one that was not sent does not deny it."""
    session = driven(first, NOT_SENT)
    with pytest.raises(TransportError) as caught:
        session.run(CALL)
    assert (caught.value.code, caught.value.delivered) == ("transport.not_reached", delivered)


def test_a_lost_renewal_after_a_doubtful_attempt_leaves_the_doubt(driven: Maker) -> None:
    """Broken, then refused for the token, then no way to log in: the first attempt may have arrived."""
    answers = [Response(200, {}, b"t1"), BROKEN, Response(401), NOT_SENT]
    session = driven(*answers, issuer=Issuer())
    with pytest.raises(TransportError) as caught:
        session.run(CALL)
    assert caught.value.delivered == "unknown"
