"""The data the sandbox ships with: terms, places, files and messages before they are filed."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from mcu_sdk.sandbox.answers import JsonObject
from mcu_sdk.sandbox.files import SandboxFile

__all__ = ["Sample", "Template", "portal_export", "sample", "sample_files"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _FileRow(_Row):
    path: str
    name: str
    content_type: str
    text: str


class _Term(_Row):
    ordinary_days: int
    fast_track_days: int

    def of(self, *, fast_track: bool) -> timedelta:
        return timedelta(days=self.fast_track_days if fast_track else self.ordinary_days)


class Template(_Row):
    """One message before it is filed."""

    age_days: int
    fast_track: bool = False
    shared: bool = False
    attachment: bool = False
    ordinal: str
    co_applicants: tuple[str, ...] = ()
    subject: str
    subsubject: str
    fact: str | None = None
    text: str
    address: str
    place: dict[str, str] | None = None

    @property
    def term(self) -> timedelta:
        """From the filing to the portal's date."""
        return sample().term.of(fast_track=self.fast_track)


class Sample(_Row):
    """The whole file."""

    term: _Term
    organisation: JsonObject
    location: JsonObject
    file: tuple[_FileRow, ...]
    message: tuple[Template, ...]


@cache
def sample() -> Sample:
    """Return what ships as `messages.toml`; read once."""
    text = files("mcu_sdk.sandbox").joinpath("messages.toml").read_text("utf-8")
    return Sample.model_validate(tomllib.loads(text))


def portal_export() -> bytes:
    """Return an invented export of the portal's register: a CSV of eight messages of every sort.

    Answered in time and late, running, late without the register saying so, rejected, routed,
    extended, and one under 59-FZ with a status that the library does not know. As of 12.01.2026.

    >>> portal_export().decode("utf-8-sig").partition(";")[0]
    'Номер'
    """
    return files("mcu_sdk.sandbox").joinpath("portal_export.csv").read_bytes()


def sample_files() -> dict[str, SandboxFile]:
    """Return the files that the invented messages point to, by path."""
    return {row.path: SandboxFile(row.name, row.content_type, row.text.encode()) for row in sample().file}
