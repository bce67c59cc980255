"""What lives in one process: connections, locks and counts."""

from __future__ import annotations

from typing import NoReturn

from mcu_sdk.errors import UsageError

__all__ = ["OfOneProcess"]


class OfOneProcess:
    """A base of what neither pickles nor copies: a copy would share or lose what is counted and connected."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise UsageError(
            "usage.client_pickle",
            f"{type(self).__name__} neither pickles nor copies",
            "pass the settings on and make a client of them there",
            kind=type(self).__name__,
        )
