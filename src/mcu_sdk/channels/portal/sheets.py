"""The portal's register, exported as a file by somebody who has a cabinet there."""

from __future__ import annotations

from datetime import tzinfo
from functools import cache
from importlib.resources import files
from pathlib import Path

from mcu_sdk.channels.portal.canonical import CHANNEL
from mcu_sdk.model import Kind, Message, Organisation, Outcome, Regime, Status, Topic
from mcu_sdk.sheets import Layout, Row, SheetLimits, SheetSource, load_layout

__all__ = ["PortalExport", "export_layout"]

_EXTENDED = "extended"


@cache
def export_layout() -> Layout:
    """Return the shipped layout of an export, as observed in public code; read once.

    >>> len(export_layout().fields)
    25
    """
    return load_layout(files("mcu_sdk.channels.portal").joinpath("export.toml"))


class PortalExport(SheetSource):
    """The messages of an exported register; a Source for `collect()`.

    `external_id` is `"export:"` and the «Номер»: how that number stands to the whole-number ids of
    the machine interface is not known, so the two can never be taken for each other. A message that
    came both ways is there twice, under the same `number` where the portal shows the same.
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
        super().__init__(path, account, zone, layout or export_layout(), limits)

    def message_of(self, row: Row) -> Message:
        """Return the message of a whole row. Raises RecordError."""
        status, extended = _status(row)
        finished_at = row.when("finished")
        regime = _regime(row)
        received_by, lies_with = row.text("received_by"), row.text("organisation")
        return Message(
            channel=CHANNEL,
            account=self.account,
            external_id=f"export:{row.text('number')}",
            number=row.text("number"),
            kind=Kind.APPEAL if regime is Regime.LAW_59 else Kind.MESSAGE,
            regime=regime,
            regime_raw=row.raw("law"),
            created_at=row.when("received"),
            registered_at=row.when("received"),  # the portal registers by itself, at once
            due_at=row.when("planned"),
            answered_at=finished_at if status is Status.ANSWERED else None,
            closed_at=None if status is Status.ANSWERED else finished_at,
            topic=Topic(
                group=row.text("category"),
                topic=row.text("subcategory"),
                fact=row.text("fact"),
                scheme="portal",
            ),
            organisation=Organisation(name=lies_with or received_by),
            routed_from=Organisation(name=received_by) if lies_with and received_by != lies_with else None,
            executor=row.person("executor"),
            manager=row.person("manager"),
            status=status,
            status_raw=row.raw("status"),
            status_text=row.text("stage"),
            extended=extended,
            outcome=_outcome(row),
            outcome_raw=row.raw("outcome"),
            fast_track=bool(row.flag("fast_track")),
            said_late=row.flag("late"),
            rating=row.rating("rating"),
            reopened_count=1 if row.text("repeated") else 0,
            profile=self.layout.profile,
            by_number=True,
            raw=dict(row.cells),
        )


def _status(row: Row) -> tuple[Status, bool]:
    """Return where the message stands, and whether its term was extended."""
    word = row.text("status")
    if word == _EXTENDED:
        return Status.IN_PROGRESS, True
    return (Status.NEW if word is None else Status(word)), False


def _regime(row: Row) -> Regime:
    """Return the regime: the applicant's own choice comes before the word of the column."""
    if row.flag("chose_59fz"):
        return Regime.LAW_59
    word = row.text("law")
    return Regime.MESSAGE if word is None else Regime(word)


def _outcome(row: Row) -> Outcome | None:
    word = row.text("outcome")
    return None if word is None else Outcome(word)
