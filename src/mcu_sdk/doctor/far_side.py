"""Whether an account's address answers, and how far this machine's clock is from the clock there.

One request without credentials, which changes nothing: the base address itself is asked for, and every
answer will do, for each one bears a `Date`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from mcu_sdk.doctor.finding import Finding, finding, words_of
from mcu_sdk.errors import McuError
from mcu_sdk.sla import Text
from mcu_sdk.transport import HttpxTransport, NetworkSettings, RetryPolicy, Session
from mcu_sdk.wire import Call, Request, Response

__all__ = ["FarAnswer", "FarSide", "ask_date", "gather_far_side", "judge_far_side"]

_TIME_LIMIT = timedelta(seconds=5)
_CLOCK_IS_OFF = timedelta(seconds=2)
_CLOCK_IS_WRONG = timedelta(seconds=60)
_DATE_UNIT = timedelta(seconds=1)
_CLOCK_FAST, _CLOCK_SLOW = Text("спешат", "fast"), Text("отстают", "slow")


@dataclass(frozen=True, slots=True)
class FarAnswer:
    """The status of an answer, and what the far side's clock showed, None when it cannot be told."""

    status: int
    date: datetime | None


@dataclass(frozen=True, slots=True)
class FarSide:
    """What came of asking: an answer or an error, and this machine's clock before and after."""

    account: str
    outcome: FarAnswer | McuError
    asked_at: datetime
    answered_at: datetime

    @property
    def clock_ahead(self) -> timedelta | None:
        """How far this machine's clock is surely ahead, negative when behind; None when it cannot be told.

        A `Date` says no more than the second, and the answer was on its way for a while: what these
        may explain is no difference.
        """
        if isinstance(self.outcome, McuError) or self.outcome.date is None:
            return None
        date = self.outcome.date
        ahead, behind = self.asked_at - (date + _DATE_UNIT), date - self.answered_at
        return max(ahead, timedelta()) - max(behind, timedelta())


def ask_date() -> Call[FarAnswer]:
    """Return the call that asks the far side what its clock shows; no refusal is an error."""
    return Call(Request("GET", "/", authorized=False), _read_date)


def gather_far_side(account: str, url: str, network: NetworkSettings, now: Callable[[], datetime]) -> FarSide:
    """Ask the far side of *account* at *url* once, for 5 seconds at most. Errors are facts."""
    asked_at = now()
    try:
        transport = HttpxTransport(url, ssl_context=network.tls_context(), proxy=network.proxy_url(url))
        session = Session(transport, retry=RetryPolicy(attempts=1), time_limit=_TIME_LIMIT)
        try:
            outcome: FarAnswer | McuError = session.run(ask_date())
        finally:
            session.close()
    except McuError as error:
        outcome = error
    return FarSide(account, outcome, asked_at, now())


def judge_far_side(facts: FarSide) -> tuple[Finding, ...]:
    """Judge the way to the far side, and the clock if an answer came."""
    account, outcome = facts.account, facts.outcome
    if isinstance(outcome, McuError):
        untrusted = outcome.code.startswith("transport.certificate_")
        code = "reach.untrusted" if untrusted else "reach.failed"
        return (finding(code, account=account, error=outcome.code, reason=words_of(outcome)),)
    code = "reach.good" if outcome.status < 500 else "reach.unavailable"
    return finding(code, account=account, status=outcome.status), _judge_clock(account, facts.clock_ahead)


def _judge_clock(account: str, ahead: timedelta | None) -> Finding:
    if ahead is None:
        return finding("clock.unknown", account=account)
    direction = _CLOCK_FAST if ahead > timedelta() else _CLOCK_SLOW
    seconds = round(abs(ahead).total_seconds())
    if abs(ahead) > _CLOCK_IS_WRONG:
        return finding("clock.wrong", account=account, direction=direction, off_seconds=seconds)
    if abs(ahead) > _CLOCK_IS_OFF:
        return finding("clock.off", account=account, direction=direction, off_seconds=seconds)
    return finding("clock.good", account=account)


def _read_date(response: Response) -> FarAnswer:
    if "age" in response.headers:  # a copy that a cache kept: its clock is of another time
        return FarAnswer(response.status, None)
    try:
        date = parsedate_to_datetime(response.headers.get("date", ""))
    except (ValueError, OverflowError):
        return FarAnswer(response.status, None)
    return FarAnswer(response.status, date if date.tzinfo is not None else date.replace(tzinfo=UTC))
