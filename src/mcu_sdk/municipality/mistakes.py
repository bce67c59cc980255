"""Every mistake of one file, gathered place by place, told at once."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from mcu_sdk.errors import ProfileError, ProfileMistake
from mcu_sdk.sla.bilingual import Text

__all__ = ["Mistakes", "profile_error"]


class Mistakes:
    """The mistakes of the file at *path*, in the order they were found."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._found: list[ProfileMistake] = []

    def add(self, place: str, reason: Text) -> None:
        """Note a mistake; a place with one is not told of again."""
        if all(mistake.place != place for mistake in self._found):
            self._found.append(ProfileMistake(place, reason.en, reason.ru))

    def touch(self, place: str) -> bool:
        """Tell whether a mistake lies at *place*, within it, or around it."""
        return any(_within(mistake.place, place) or _within(place, mistake.place) for mistake in self._found)

    @contextmanager
    def gathered(self) -> Generator[None]:
        """Note what a ProfileError raised inside tells, and go on after the block."""
        try:
            yield
        except ProfileError as error:
            for mistake in error.mistakes:
                self.add(mistake.place, Text(mistake.reason_ru, mistake.reason))

    def refuse(self) -> None:
        """Raise ProfileError if there are any."""
        if self._found:
            raise _error(self.path, tuple(self._found))


def profile_error(path: Path, place: str, reason: str, reason_ru: str) -> ProfileError:
    """Return the error for one place of a profile."""
    return _error(path, (ProfileMistake(place, reason, reason_ru),))


def _within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(f"{outer}.")


def _error(path: Path, mistakes: tuple[ProfileMistake, ...]) -> ProfileError:
    first, more = mistakes[0], len(mistakes) - 1
    error = ProfileError(
        "profile.invalid",
        f"{path.name}: {first.place}: {first.reason}" + (f" (and {more} more)" if more else ""),
        "mend the file; all mistakes at once: mcu profile check",
        file=path.name,
        place=first.place,
        reason=first.reason,
        reason_ru=first.reason_ru,
        more_ru=f" (и ещё ошибок: {more})" if more else "",
    )
    error.mistakes = mistakes
    return error
