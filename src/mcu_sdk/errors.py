"""Every error this library raises, in one tree.

```text
McuError(code, message, hint)
├── UsageError                 the caller's mistake; nothing was sent or written
│   ├── MissingExtra           an optional part is not installed
│   ├── ProfileError           a municipality's file: file, table, key;  .mistakes
│   ├── CapabilityMissing      the channel cannot do this
│   ├── NaiveMomentError       a datetime without a zone
│   └── RecordError            a model was given a value it does not take
├── TransportError             no answer;  .delivered: "no" | "unknown", .call_id
│   ├── TimeLimitExceeded      the call's whole time is used up, or would be by a wait
│   └── OutcomeUnknown         a write that may have been delivered
├── ApiError                   an answer that says no;  .status .call_id .request_id .retry_after_seconds
│   ├── Denied                 401, 403
│   ├── NotFound               404, 410
│   ├── Invalid                400, 413, 422 and other refusals of the request
│   ├── Conflict               409, 412
│   ├── RateLimited            429
│   ├── Unavailable            5xx
│   └── Unreadable             an answer that is not what the channel answers
├── FileError                  a user's file;  .file .sheet .row .field
├── StoreError                 the message store
└── SlaError                   calendars, rules, policies
    ├── CalendarHorizonError   a date outside the years the calendar covers
    ├── CalendarNotChosen      an hour or minute rule without a calendar
    ├── RuleError              a rule or rule file that cannot be read;  .file .table .key
    ├── PolicyError            a policy that cannot be read or matches nothing
    └── CaseError              events that cannot have happened
```

The message is English and names no token and no personal data; `hint` says what to do.
`localized("ru")` gives both in Russian. Errors pickle.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, Self

Delivered = Literal["no", "unknown"]
Language = Literal["ru", "en"]

__all__ = [
    "ApiError",
    "CalendarHorizonError",
    "CalendarNotChosen",
    "CapabilityMissing",
    "CaseError",
    "Conflict",
    "Delivered",
    "Denied",
    "FileError",
    "Invalid",
    "Language",
    "McuError",
    "MissingExtra",
    "NaiveMomentError",
    "NotFound",
    "OutcomeUnknown",
    "PolicyError",
    "ProfileError",
    "ProfileMistake",
    "RateLimited",
    "RecordError",
    "RuleError",
    "SlaError",
    "StoreError",
    "TimeLimitExceeded",
    "TransportError",
    "Unavailable",
    "Unreadable",
    "UsageError",
]


class McuError(Exception):
    """The root of everything this library raises.

    `code` is stable and dotted (`"sla.calendar_horizon"`), `message` says what happened, `hint`
    what to do; `values` are the facts the Russian text is filled with. Errors that say the same are equal.
    """

    def __init__(self, code: str, message: str, hint: str = "", **values: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.values = values

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return (self.args, vars(self)) == (other.args, vars(other))

    def __hash__(self) -> int:
        return hash((type(self), self.code, self.args))

    def __reduce__(self) -> tuple[object, ...]:
        return _revive, (type(self), self.args, self.__dict__)

    def localized(self, language: Language = "ru") -> str:
        """Return message and hint in one sentence each, in Russian or English.

        A code without a Russian text gives the English one.
        """
        texts = _russian_texts().get(self.code) if language == "ru" else None
        if texts is None:
            return str(self)
        parts = (texts["message"], texts.get("hint", ""))
        return ". ".join(part.format_map(self.values) for part in parts if part)


def _revive(kind: type[McuError], args: tuple[object, ...], state: dict[str, object]) -> McuError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


@cache
def _russian_texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = tomllib.loads(
        files("mcu_sdk").joinpath("errors_ru.toml").read_text("utf-8")
    )
    return texts


class UsageError(McuError):
    """The caller's mistake: nothing was sent, nothing was written."""


class MissingExtra(UsageError):
    """An optional part of the library is not installed."""

    @classmethod
    def named(cls, extra: str, needed_for: str) -> Self:
        """Return the error for the extra *extra*, say `"cli"`, needed for *needed_for*."""
        return cls(
            "usage.missing_extra",
            f"{needed_for} needs the extra {extra!r}",
            f"pip install 'mcu-sdk[{extra}]'",
            extra=extra,
            needed_for=needed_for,
        )


class ProfileMistake(NamedTuple):
    """One mistake of a profile: its place, as `"roster.2.holder"`, rows counted from 1, and what is wrong."""

    place: str
    reason: str
    reason_ru: str

    def in_language(self, language: Language) -> str:
        """Return what is wrong, in *language*."""
        return self.reason_ru if language == "ru" else self.reason


class ProfileError(UsageError):
    """A municipality's profile cannot be used; names the file, the table and the key.

    The text tells the first mistake and how many more there are; `mistakes` are all of them.
    """

    mistakes: tuple[ProfileMistake, ...] = ()


class CapabilityMissing(UsageError):
    """The channel cannot do what was asked, or it is switched off."""


class NaiveMomentError(UsageError):
    """A datetime without a zone was given where a moment is needed."""


class RecordError(UsageError):
    """A model was given a value it does not take; names the field, never the value."""


class TransportError(McuError):
    """No answer came. `delivered` says whether any attempt of the call may have taken effect there.

    `call_id` is our id of the call, sent with every attempt as X-Request-ID, `request_id` the far
    side's own; both are for the support desk and no part of the text.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        delivered: Delivered,
        request_id: str | None = None,
        **values: object,
    ) -> None:
        super().__init__(code, message, hint, **values)
        self.delivered: Delivered = delivered
        self.call_id: str | None = None
        self.request_id = request_id


class TimeLimitExceeded(TransportError):
    """The whole time allowed for a call, waits and retries included, is used up.

    Or it would be: a call that its own client-side limits hold back for longer fails at once, with
    the code `transport.rate_limit`; `retry_after_seconds` then says when it could go.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        delivered: Delivered,
        request_id: str | None = None,
        retry_after_seconds: float | None = None,
        **values: object,
    ) -> None:
        super().__init__(code, message, hint, delivered=delivered, request_id=request_id, **values)
        self.retry_after_seconds = retry_after_seconds


class OutcomeUnknown(TransportError):
    """A write that may have been delivered. Look the outcome up; do not repeat it blindly."""


class ApiError(McuError):
    """The far side answered, and the answer is not a success.

    `call_id` is our id of the call, sent with every attempt as X-Request-ID, `request_id` the far
    side's own; both are for the support desk and no part of the text. `retry_after_seconds` is what
    the far side asked to wait, if it did.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        status: int,
        request_id: str | None = None,
        retry_after_seconds: float | None = None,
        **values: object,
    ) -> None:
        super().__init__(code, message, hint, status=status, **values)
        self.status = status
        self.call_id: str | None = None
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds


class Denied(ApiError):
    """The credentials are wrong, expired or not enough (401, 403)."""


class NotFound(ApiError):
    """There is no such thing on the far side (404, 410)."""


class Invalid(ApiError):
    """The far side refused the request itself (400, 422 and the like)."""


class Conflict(ApiError):
    """The request contradicts the state of the far side (409, 412)."""


class Unreadable(ApiError):
    """The answer is not what this channel answers: an HTML page, broken JSON, a missing field."""


class RateLimited(ApiError):
    """Too many requests (429)."""


class Unavailable(ApiError):
    """The far side cannot answer now (5xx)."""


class FileError(McuError):
    """A user's file cannot be read or written; `file`, `sheet`, `row` and `field` name the place."""

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        file: str,
        sheet: str | None = None,
        row: int | None = None,
        field: str | None = None,
        **values: object,
    ) -> None:
        super().__init__(code, message, hint, file=file, sheet=sheet, row=row, field=field, **values)
        self.file = file
        self.sheet = sheet
        self.row = row
        self.field = field


class StoreError(McuError):
    """The message store cannot be opened, read or written."""


class SlaError(McuError):
    """Calendars, rules, policies and cases; never mixes with network errors."""


class CalendarHorizonError(SlaError):
    """The date lies outside the years the calendar has data for."""


class CalendarNotChosen(SlaError):
    """A rule in minutes or hours was not told which calendar it is counted on."""


class RuleError(SlaError):
    """A rule, or a file of rules, cannot be used.

    `file`, `table` (the rule's id) and `key` name the place; each is `"-"` where there is none.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        file: str = "-",
        table: str = "-",
        key: str = "-",
        **values: object,
    ) -> None:
        super().__init__(code, message, hint, file=file, table=table, key=key, **values)
        self.file = file
        self.table = table
        self.key = key


class PolicyError(SlaError):
    """A policy cannot be read, or none of its rows fits the case."""


class CaseError(SlaError):
    """A case's events contradict each other."""
