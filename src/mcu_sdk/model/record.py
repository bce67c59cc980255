"""The ground of all models: frozen, strict about moments, silent about personal data."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ModelWrapValidatorHandler, ValidationError
from pydantic import model_validator as pydantic_validator

from mcu_sdk.errors import RecordError

__all__ = ["Moment", "MomentOrDate", "Record", "moment_from", "moment_or_date_from"]


def moment_from(value: object) -> object:
    """Return *value* as an aware datetime; a bare number or a time without a zone is refused.

    A text is ISO 8601 with an offset (`Z`, `+03:00` or `+0300`). Raises ValueError, which a model
    turns into RecordError.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("not a date and time in ISO 8601") from None
    if not isinstance(value, datetime):
        raise ValueError("a date and time is expected, not a number or another type")  # noqa: TRY004
    if value.utcoffset() is None:
        raise ValueError("a date and time without a zone")
    return value


Moment = Annotated[datetime, BeforeValidator(moment_from)]
"""An aware datetime. Naive ones and bare numbers are refused, never guessed."""


def moment_or_date_from(value: object) -> object:
    """Return *value* as a date where it says no time, else as `moment_from` does."""
    if isinstance(value, str) and len(value) == len("2026-01-12"):
        with suppress(ValueError):
            return date.fromisoformat(value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value
    return moment_from(value)


MomentOrDate = Annotated[datetime | date, BeforeValidator(moment_or_date_from)]
"""An aware datetime, or a bare date where the source says no time: never a silent 00:00."""


def record_error(where: str, reason: str, hint: str = "") -> RecordError:
    """Return the error for the field *where*; *reason* says why and holds no value."""
    return RecordError("model.record", f"{where}: {reason}", hint, where=where, reason=reason)


class Record(BaseModel):
    """A frozen model whose `repr` shows only the fields named in `_shown`.

    A value it does not take raises RecordError, which names the field and never the value. Dumps
    (`model_dump_json`) and pickles are lossless.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, ser_json_inf_nan="constants"
    )

    _shown: ClassVar[tuple[str, ...]] = ()

    @pydantic_validator(mode="wrap")
    @classmethod
    def _ours_on_failure(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            count = error.error_count()
        where = ".".join((cls.__name__, *map(str, first["loc"])))
        hint = f"{count} fields do not fit" if count > 1 else ""
        raise record_error(where, first["msg"].removeprefix("Value error, "), hint)

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object = None) -> None:
            raise RecordError(
                "model.frozen",
                f"{type(self).__name__} cannot be changed",
                "make a changed copy: model_copy(update={...})",
                where=type(self).__name__,
            )

        __delattr__ = __setattr__

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        return [(name, getattr(self, name)) for name in self._shown if getattr(self, name) is not None]

    def __str__(self) -> str:
        return repr(self)
