"""Scripts of faults."""

from __future__ import annotations

import pytest

from mcu_sdk.errors import Unavailable, UsageError
from mcu_sdk.sandbox import FAULT_KINDS, Fault, FaultScript, PortalSandbox
from mcu_sdk.wire import Request, check_status


def test_script_is_read_whole() -> None:
    """A part is status@request with an optional repetition and Retry-After in seconds."""
    assert FaultScript.parse(" 503@5 ,401@9x2, 429@12:1,502@20x3:0") == FaultScript(
        (Fault("503", 5), Fault("401", 9, 2), Fault("429", 12, 1, "1"), Fault("502", 20, 3, "0"))
    )


@pytest.mark.parametrize("text", ["", "  "])
def test_empty_script_has_no_faults(text: str) -> None:
    """An empty text spoils nothing."""
    assert FaultScript.parse(text) == FaultScript()


@pytest.mark.parametrize(
    "part", ["503", "503@0", "200@1", "600@1", "503@1x0", "429@1:", "429@1:-1", "503@5 x3", "", "٤03@1"]
)
def test_bad_part_is_named(part: str) -> None:
    """A part that cannot be read is named in both languages."""
    with pytest.raises(UsageError) as caught:
        FaultScript.parse(f"503@5,{part}")
    assert caught.value.code == "sandbox.script"
    assert caught.value.values["part"] == part
    assert f"«{part}»" in caught.value.localized("ru")


def test_requests_are_counted_from_one() -> None:
    """The n-th request gets the fault, refused ones counting too; Retry-After comes with it."""
    sandbox = PortalSandbox(faults=FaultScript.parse("503@2x2,429@5:7"))
    answers = [sandbox.handle(Request("GET", "/appeal-service/edms")) for _ in range(6)]
    assert [answer.status for answer in answers] == [401, 503, 503, 401, 429, 401]
    assert [answer.headers.get("retry-after") for answer in answers] == [None] * 4 + ["7", None]


def test_first_of_two_faults_counts() -> None:
    """Where two faults meet, the one written first is given."""
    fault = FaultScript.parse("503@1x5,429@3").at(3)
    assert fault is not None
    assert fault.status == 503


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ("dripp@1", "drip"),
        ("login/503@1", "token"),
        ("reset_after@1:5", "reset_after"),
        ("drip@1:slow", "0.5"),
        ("429@1:never", "huge"),
    ],
)
def test_reason_is_said(part: str, word: str) -> None:
    """An unknown name gets close ones, an unknown operation the known ones, a wrong value what fits."""
    with pytest.raises(UsageError) as caught:
        FaultScript.parse(part)
    assert word in caught.value.message
    assert word in caught.value.localized("ru")


def test_operations_are_counted_by_themselves() -> None:
    """With an operation, its own requests count; @* is every request, x counts from the first on."""
    script = FaultScript.parse("mark-accepted/drip@2, report/reset_after@*, 503@4x2:0.5")
    assert script.faults == (
        Fault("drip", 2, 1, "", "mark-accepted"),
        Fault("reset_after", 1, None, "", "report"),
        Fault("503", 4, 2, "0.5"),
    )
    found = [script.at(9, "mark-accepted", 2), script.at(1, "report", 1), script.at(99, "report", 50)]
    assert [fault and fault.name for fault in found] == ["drip", "reset_after", "reset_after"]
    assert script.at(2, "mark-accepted", 1) is None
    assert script.at(2, "list", 2) is None


@pytest.mark.parametrize(
    ("value", "header", "seconds"),
    [("5", "5", 5), ("bad", "soon", None), ("past", "Sun, 11 Jan 2026 08:05:00 GMT", 0), ("date", None, 1)],
)
def test_retry_after_in_every_form(value: str, header: str | None, seconds: float | None) -> None:
    """After the colon of a status stands a number, or a word for the other things Retry-After may say."""
    answer = PortalSandbox(faults=FaultScript.parse(f"503@1:{value}")).handle(Request("GET", "/"))
    assert header in (None, answer.headers["retry-after"])
    with pytest.raises(Unavailable) as caught:
        check_status(answer)
    assert caught.value.retry_after_seconds == seconds


def test_no_name_is_a_part_of_the_grammar() -> None:
    """Every name can be written in a script, and every kind says what it does in both languages."""
    for name, kind in FAULT_KINDS.items():
        assert FaultScript.parse(f"{name}@1").faults[0].kind is kind
        assert (kind.spoil is None) is not (kind.play is None)
        assert kind.english.isascii()
        assert not kind.russian.isascii()
