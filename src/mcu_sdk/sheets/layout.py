"""A layout as data: which columns a table has, how their headings are written, what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["Field", "FieldKind", "Layout"]

FieldKind: TypeAlias = Literal[
    "text", "number", "date", "moment", "date_or_moment", "yes_no", "rating", "person", "words"
]
"""What a column holds; a `number` is a text, say of a registration number, leading zeros kept."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `headings` are its names, the more usual first; with `column`, counted from 1, it is
    found by its place instead. A row without a required field is no row.
    """

    name: str
    kind: FieldKind = "text"
    headings: tuple[str, ...] = ()
    required: bool = False
    column: int | None = None
    words: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    means: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def title(self) -> str:
        """How the column is called to a reader."""
        return self.headings[0] if self.headings else self.name


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of table is written. Read one with `Layout.load` in `mcu_sdk.sheets`.

    The header is sought in the first `header_within_rows` rows of every sheet, unless `header_row`
    says where it is. `empty` are the texts that mean nothing, `date_forms` those of `strptime`.
    """

    name: str
    version: str
    title: str
    fields: Mapping[str, Field]
    sheet: str | None = None
    header_row: int | None = None
    header_within_rows: int = 30
    empty: tuple[str, ...] = ("", "-", "–", "—")
    yes: tuple[str, ...] = ("да",)
    no: tuple[str, ...] = ("нет",)
    date_forms: tuple[str, ...] = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")
    source: str = ""
    evidence: str = ""

    @property
    def profile(self) -> str:
        """The edition a message was read by, as `"portal.export/1"`."""
        return f"{self.name}/{self.version}"

    @property
    def required(self) -> tuple[Field, ...]:
        """The fields that a table must have."""
        return tuple(each for each in self.fields.values() if each.required)
