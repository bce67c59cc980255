"""Scripts of faults."""

from __future__ import annotations

import pytest

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox import Fault, FaultScript, PortalSandbox
from mcu_sdk.wire import Request


def test_script_is_read_whole() -> None:
    """A part is status@request with an optional repetition and Retry-After in seconds."""
    assert FaultScript.parse(" 503@5 ,401@9x2, 429@12:1,502@20x3:0") == FaultScript(
        (Fault(503, 5), Fault(401, 9, 2), Fault(429, 12, 1, 1), Fault(502, 20, 3, 0))
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
