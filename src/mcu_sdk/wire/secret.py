"""A secret value that does not show itself, and the reference to where one is kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from mcu_sdk.errors import UsageError

__all__ = ["Secret", "SecretReference"]


class Secret:
    """A password or token. `reveal()` gives it; `repr`, `str` and formatting do not; it does not pickle.

    >>> Secret("s3cret")
    Secret(***)
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value, to be put into a request and nowhere else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise UsageError("usage.secret_pickle", "a secret does not pickle", "pickle the reference to it")


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where a secret is kept: `"env:NAME"`, a variable, or `"file:PATH"`, a file's whole text.

    It pickles and shows itself; the secret is read only by `resolve()`.
    """

    text: str

    def __post_init__(self) -> None:
        kind, _, name = self.text.partition(":")
        if kind not in ("env", "file") or not name:
            raise UsageError(
                "usage.secret_reference",
                "a secret is named by reference",
                'write "env:NAME_OF_VARIABLE" or "file:/path/to/file"',
            )

    def resolve(self) -> Secret:
        """Return the secret. Raises UsageError when the variable or the file is missing or empty."""
        kind, _, name = self.text.partition(":")
        try:
            value = os.environ.get(name, "") if kind == "env" else Path(name).read_text("utf-8").strip()
        except (OSError, ValueError):  # not UTF-8, or a NUL in the path
            value = ""
        if not value:
            raise UsageError(
                "usage.secret_missing",
                f"there is no secret at {self.text}",
                "set the variable or write the file",
                reference=self.text,
            )
        return Secret(value)
