"""What a run of collecting came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mcu_sdk.intake.receiving import Received
from mcu_sdk.model import Batch

__all__ = ["Collected", "Tally"]


@dataclass(frozen=True, slots=True)
class Collected:
    """Counts of one run: messages stored for the first time, met before, and put aside unread.

    `changed` of the known ones came with a new content, which is stored beside the old one. The far
    side confirmed `acknowledged` of them; `unconfirmed` are stored here all the same, because it
    refused them or writes are off. `unknown_words` counts the words of closed lists the library did
    not know.
    """

    new: int
    known: int
    quarantined: int
    changed: int = field(default=0, repr=False)
    acknowledged: int = field(default=0, repr=False)
    unconfirmed: int = field(default=0, repr=False)
    unknown_words: Mapping[str, int] = field(default_factory=dict[str, int], repr=False)


@dataclass(slots=True)
class Tally:
    """The same counts while they grow."""

    received: Received = field(default_factory=lambda: Received(0, 0, 0, 0))
    acknowledged: set[str] = field(default_factory=set[str])
    unconfirmed: set[str] = field(default_factory=set[str])
    unknown_words: Counter[str] = field(default_factory=Counter[str])

    def add(self, batch: Batch, received: Received) -> None:
        """Count one stored batch."""
        self.received = self.received + received
        for item in batch.items:
            self.unknown_words.update(item.unknown_words())

    def told(self, external_ids: Sequence[str], confirmed: Sequence[str]) -> None:
        """Count what the far side was told and what of it it confirmed."""
        self.acknowledged.update(confirmed)
        self.unconfirmed.update(external_ids)
        self.unconfirmed -= self.acknowledged

    def result(self) -> Collected:
        """Return the counts, fixed."""
        return Collected(
            new=self.received.new,
            known=self.received.known,
            quarantined=self.received.quarantined,
            changed=self.received.changed,
            acknowledged=len(self.acknowledged),
            unconfirmed=len(self.unconfirmed),
            unknown_words=dict(self.unknown_words),
        )
