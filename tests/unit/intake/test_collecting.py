"""Collecting: stored first, told after, whatever interrupts it; in both worlds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from mcu_sdk.errors import Conflict, StoreError, Unavailable
from mcu_sdk.intake import Collected, Inbox
from mcu_sdk.model import Batch, Reject

Run = Callable[[Any, Inbox], Collected]
Maker = Callable[..., Any]
Batches = Callable[..., Batch]


def ids_in(inbox: Inbox) -> list[str]:
    """What is stored, in the order of arrival."""
    return [message.external_id for message in inbox.messages()]


def test_a_queue_is_read_to_its_end_before_it_is_told(
    collected: Run, source: Maker, inbox: Inbox, batch: Batches
) -> None:
    """An acknowledgement shifts the pages, so all are stored first; then the queue is read again."""
    far = source([[batch("1", "2"), batch("3")], [batch("4")], []])
    result = collected(far, inbox)
    assert far.events == [
        "read from None",
        "page 1 2",
        "page 3",
        "told 1 2 3",
        "read from None",
        "page 4",
        "told 4",
        "read from None",
    ]
    assert result == Collected(new=4, known=0, quarantined=0, acknowledged=4)
    assert ids_in(inbox) == ["1", "2", "3", "4"]


def test_everything_is_stored_when_the_far_side_is_told(
    collected: Run, source: Maker, inbox: Inbox, batch: Batches
) -> None:
    """At the moment of the first acknowledgement no message is only in memory."""
    stored: list[list[str]] = []

    def confirms(external_ids: Sequence[str]) -> tuple[str, ...]:
        stored.append(ids_in(inbox))
        return tuple(external_ids)

    collected(source([[batch("1"), batch("2")]], confirms=confirms), inbox)
    assert stored == [["1", "2"]]


def test_known_messages_are_acknowledged_again(
    collected: Run, source: Maker, inbox: Inbox, batch: Batches
) -> None:
    """A message that is stored but still in the queue was not told last time: it is told now."""
    collected(source([[batch("1")]], confirms=lambda _: ()), inbox)
    far = source([[batch("1", "2")]])
    assert collected(far, inbox) == Collected(new=1, known=1, quarantined=0, acknowledged=2)
    assert "told 1 2" in far.events


def test_an_id_on_two_pages_is_told_once(collected: Run, source: Maker, inbox: Inbox, batch: Batches) -> None:
    """Overlapping pages do not make two acknowledgements."""
    far = source([[batch("1", "2"), batch("2", "3")]])
    assert collected(far, inbox) == Collected(new=3, known=1, quarantined=0, acknowledged=3)
    assert "told 1 2 3" in far.events


def test_a_dry_run_stores_and_stops(collected: Run, source: Maker, inbox: Inbox, batch: Batches) -> None:
    """A far side that was told nothing would hand out the same for ever: one pass is enough."""
    far = source([[batch("1")], [batch("1")]], confirms=lambda _: ())
    assert collected(far, inbox) == Collected(new=1, known=0, quarantined=0, unconfirmed=1)
    assert len(far.passes) == 1


def test_one_refused_message_does_not_hold_up_the_queue(
    collected: Run, source: Maker, inbox: Inbox, batch: Batches
) -> None:
    """A refused id stays on the far side and is counted; the others leave the queue, and no loop begins."""
    far = source(
        [[batch("1", "2")], [batch("2", "3")], [batch("2")], [batch("2")]],
        confirms=lambda ids: tuple(one for one in ids if one != "2"),
    )
    result = collected(far, inbox)
    assert (result.new, result.acknowledged, result.unconfirmed) == (3, 2, 1)
    assert ids_in(inbox) == ["1", "2", "3"]
    assert len(far.passes) == 1


def test_a_message_handed_out_after_its_confirmation_is_an_error(
    collected: Run, source: Maker, inbox: Inbox, batch: Batches
) -> None:
    """A far side that confirms and forgets is told so after one round, with everything stored."""
    far = source([[batch("1", "2")], [batch("2", "3")], [batch("2")]])
    with pytest.raises(Conflict) as caught:
        collected(far, inbox)
    assert caught.value.code == "intake.confirmed_again"
    assert "1" in caught.value.localized("ru")
    assert ids_in(inbox) == ["1", "2", "3"]


def test_the_unreadable_leaves_the_queue_too(
    collected: Run, source: Maker, inbox: Inbox, batch: Batches
) -> None:
    """Once put aside it is told by its id; one without an id stays and does not make a loop."""
    rejects = (Reject(reason="r", external_id="7", raw={"id": 7}), Reject(reason="r", raw="?"))
    far = source([[batch("1", rejects=rejects)], [batch(rejects=rejects[1:])], [batch(rejects=rejects[1:])]])
    assert collected(far, inbox) == Collected(new=1, known=0, quarantined=2, acknowledged=2)
    assert "told 1 7" in far.events
    assert len(far.passes) == 1


def test_a_source_with_a_cursor_is_told_page_by_page(
    collected: Run, source: Maker, inbox: Inbox, batch: Batches
) -> None:
    """Its pages do not shift: each is stored with its cursor, told, and the reading ends with the pages."""
    far = source([[batch("1", cursor="a"), batch("2", cursor="b")]], queue=False)
    assert collected(far, inbox) == Collected(new=2, known=0, quarantined=0, acknowledged=2)
    assert far.events == ["read from None", "page 1", "told 1", "page 2", "told 2"]
    again = source([[]], queue=False)
    collected(again, inbox)
    assert again.events == ["read from b"]


def test_an_empty_source_brings_nothing(collected: Run, source: Maker, inbox: Inbox) -> None:
    """Nothing new is told as nothing new."""
    assert collected(source([]), inbox) == Collected(new=0, known=0, quarantined=0)


def test_unknown_words_are_counted(collected: Run, source: Maker, inbox: Inbox, batch: Batches) -> None:
    """A new status of the far side shows in the result; the messages are there."""
    far = source([[batch("1", "2", status="Эскалировано")]])
    assert collected(far, inbox).unknown_words == {"status=Эскалировано": 2}


@pytest.mark.parametrize("queue", [True, False])
@pytest.mark.parametrize("failing", ["page", "store", "told"])
def test_an_interrupted_run_loses_and_doubles_nothing(
    collected: Run,
    source: Maker,
    inbox: Inbox,
    batch: Batches,
    monkeypatch: pytest.MonkeyPatch,
    queue: bool,
    failing: str,
) -> None:
    """Wherever it breaks, nothing untold is lost, nothing unstored is told, and the next run completes it."""
    pages: list[Batch | Exception] = [batch("1", "2", cursor="a"), batch("3", cursor="b")]
    told: list[str] = []

    def confirms(external_ids: Sequence[str]) -> tuple[str, ...]:
        if failing == "told" and not told:
            raise Unavailable("api.unavailable", "m", status=503)
        told.extend(external_ids)
        assert set(told) <= set(ids_in(inbox))
        return tuple(external_ids)

    receive = inbox.receive

    def full(received: Batch, at: Any) -> Any:
        if failing == "store" and received.cursor == "b":
            raise StoreError("store.failed", "disk full", place="p", reason="disk full")
        return receive(received, at)

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "receive", full)
        broken = [pages[0], Unavailable("api.unavailable", "m", status=503)] if failing == "page" else pages
        with pytest.raises((Unavailable, StoreError)):
            collected(source([broken], queue=queue, confirms=confirms), inbox)
    failing = "nothing"
    left = [page for page in pages if isinstance(page, Batch) and not set(page.external_ids) <= set(told)]
    result = collected(source([left], queue=queue, confirms=confirms), inbox)
    assert ids_in(inbox) == ["1", "2", "3"]
    assert sorted(told) == ["1", "2", "3"]
    assert inbox.cursor("portal", "town") == "b"
    assert result.new + result.known == sum(len(page.external_ids) for page in left)
