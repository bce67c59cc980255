"""A journal of appeals as a file."""

from __future__ import annotations

from datetime import tzinfo
from functools import cache
from importlib.resources import files
from pathlib import Path

from mcu_sdk.channels.register.identity import CHANNEL, journal_id
from mcu_sdk.model import (
    Answer,
    ApplicantKind,
    Author,
    Kind,
    Message,
    Organisation,
    Person,
    Place,
    Regime,
    Status,
    Topic,
)
from mcu_sdk.sheets import Layout, Row, RowRejected, SheetLimits, SheetSource, load_layout, person_of
from mcu_sdk.text import clean_text

__all__ = ["RegisterJournal", "journal_layout"]

_NAMED = frozenset({ApplicantKind.PERSON, ApplicantKind.OFFICIAL})


@cache
def journal_layout() -> Layout:
    """Return the shipped layout of a journal: our own list of usual headings; read once.

    >>> journal_layout().fields["number"].required
    True
    """
    return load_layout(files("mcu_sdk.channels.register").joinpath("journal.toml"))


class RegisterJournal(SheetSource):
    """The appeals of a journal in a file; a Source for `collect()`.

    An appeal is known by its number and the year of its registration, or of its receipt where the
    journal has no date of registration. Without a word on its regime it is one under 59-FZ.
    Dates without a time stay dates; times are in *zone*. *layout* is a municipality's own.
    """

    channel: str = CHANNEL

    def __init__(
        self,
        path: str | Path,
        account: str,
        zone: tzinfo,
        layout: Layout | None = None,
        *,
        limits: SheetLimits | None = None,
    ) -> None:
        super().__init__(path, account, zone, layout or journal_layout(), limits)

    def message_of(self, row: Row) -> Message:
        """Return the appeal of a whole row. Raises RowRejected for one without a date, RecordError."""
        number, on = row.text("number") or "", row.when("registered") or row.when("received")
        if on is None:
            raise RowRejected(
                "neither a date of registration nor one of receipt",
                "нет ни даты регистрации, ни даты поступления",
            )
        regime = Regime(row.text("regime") or Regime.LAW_59)
        answered_at, sender = row.when("answered"), row.text("forwarded_from")
        return Message(
            channel=CHANNEL,
            account=self.account,
            external_id=journal_id(number, on, self.zone),
            number=number,
            registration_number=number,
            kind=Kind.MESSAGE if regime is Regime.MESSAGE else Kind.APPEAL,
            regime=regime,
            regime_raw=row.raw("regime"),
            created_at=row.when("received"),
            registered_at=row.when("registered"),
            due_at=row.when("control"),
            answered_at=answered_at,
            text=clean_text(row.text("summary") or ""),
            topic=Topic(topic=row.text("subject"), scheme=CHANNEL),
            place=Place(address=row.text("place")),
            author=_author_of(row),
            routed_from=Organisation(name=sender) if sender else None,
            executor=row.person("executor"),
            manager=row.person("manager"),
            status=_status(row),
            answer=_answer_of(row),
            tags=tuple(filter(None, (row.text("way"),))),
            profile=self.layout.profile,
            raw=dict(row.cells),
        )


def _status(row: Row) -> Status:
    if row.when("answered") is not None:
        return Status.ANSWERED
    return Status.IN_PROGRESS if row.person("executor") else Status.ACCEPTED


def _answer_of(row: Row) -> Answer | None:
    number = row.text("answer_number")
    return Answer(text="", outgoing_number=number) if number else None


def _author_of(row: Row) -> Author:
    kind = ApplicantKind(row.text("applicant_kind") or ApplicantKind.PERSON)
    name = row.text("applicant")
    person = person_of(name) if name and kind in _NAMED else Person()
    return Author(
        display_name=name,
        surname=person.surname,
        name=person.name,
        patronymic=person.patronymic,
        email=row.text("applicant_email"),
        phone=row.text("applicant_phone"),
        postal_address=row.text("applicant_address"),
        kind=kind,
        kind_raw=row.raw("applicant_kind"),
        collective=kind is ApplicantKind.COLLECTIVE,
    )
