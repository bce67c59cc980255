"""The inbox: every message once, with every content, and rows and cursor together or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import mcu_sdk.intake.inbox
import mcu_sdk.intake.sqlite
from mcu_sdk.errors import NaiveMomentError, RecordError, StoreError
from mcu_sdk.intake import Inbox, Received
from mcu_sdk.intake.sqlite import SqliteStore
from mcu_sdk.model import Batch, Message, Reject

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
Batches = Callable[..., Batch]
KEY = ("portal", "town", "1")


def test_a_message_is_stored_once(inbox: Inbox, batch: Batches) -> None:
    """The same content again changes nothing and counts as known."""
    assert inbox.receive(batch("1", "2"), AT) == Received(new=2, known=0, changed=0, quarantined=0)
    assert inbox.receive(batch("2", "1"), AT) == Received(new=0, known=2, changed=0, quarantined=0)
    assert inbox.count() == 2
    assert [message.external_id for message in inbox.messages()] == ["1", "2"]


def test_a_message_twice_in_one_page_is_stored_once(inbox: Inbox, batch: Batches) -> None:
    """Pages overlap; a page may even hold the same item twice."""
    assert inbox.receive(batch("1", "1"), AT) == Received(new=1, known=1, changed=0, quarantined=0)


@pytest.mark.parametrize("other", [{"channel": "vk"}, {"account": "village"}, {"external_id": "01"}])
def test_the_identity_is_channel_account_and_id(inbox: Inbox, batch: Batches, other: dict[str, Any]) -> None:
    """The same number elsewhere is another message."""
    inbox.receive(batch("1"), AT)
    items = tuple(message.model_copy(update=other) for message in batch("1").items)
    channel, account, _ = items[0].key
    assert inbox.receive(Batch(channel=channel, account=account, items=items), AT).new == 1
    assert inbox.count() == 2


def test_a_changed_content_is_a_new_version(inbox: Inbox, batch: Batches) -> None:
    """The current content is the last one; the earlier one is kept beside it."""
    inbox.receive(batch("1", text="Яма"), AT)
    assert inbox.receive(batch("1", text="Яма и лужа"), AT) == Received(0, 1, 1, 0)
    assert inbox.receive(batch("1", text="Яма"), AT).changed == 1
    message = inbox.get(*KEY)
    assert message is not None
    assert (message.text, inbox.count(), len(list(inbox.messages()))) == ("Яма", 1, 1)
    assert inbox._store.rows("SELECT version FROM mcu_inbox ORDER BY sequence") == [(1,), (2,), (3,)]


def test_a_new_version_keeps_the_place_and_time_of_the_first(inbox: Inbox, batch: Batches) -> None:
    """The clock of an answer starts at the first arrival, whatever was corrected later."""
    inbox.receive(batch("1", "2"), AT)
    inbox.receive(batch("1", text="исправлено"), AT + timedelta(days=3))
    listed = list(inbox.messages())
    assert [(message.external_id, message.text) for message in listed] == [("1", "исправлено"), ("2", "")]
    assert {message.received_at for message in [*listed, inbox.get(*KEY)] if message} == {AT}


def test_more_messages_than_are_read_at_once(
    inbox: Inbox, batch: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is whole however it is cut into readings, and while more is being stored."""
    monkeypatch.setattr(mcu_sdk.intake.inbox, "_CHUNK_ROWS", 3)
    inbox.receive(batch(*map(str, range(7))), AT)
    listed = inbox.messages()
    first = next(listed)
    inbox.receive(batch("0", "8", text="новое"), AT)
    assert [first.external_id, *(message.external_id for message in listed)] == [*map(str, range(7)), "8"]


def test_another_order_of_the_same_fields_is_no_change(inbox: Inbox, batch: Batches) -> None:
    """A far side that writes its tables in no fixed order does not fill the inbox with versions."""
    inbox.receive(batch("1", raw={"a": 1, "b": {"c": 2, "d": 3}}), AT)
    assert inbox.receive(batch("1", raw={"b": {"d": 3, "c": 2}, "a": 1}), AT).changed == 0


def test_what_comes_out_is_what_went_in(inbox: Inbox, batch: Batches) -> None:
    """Nothing is lost on the way through the file; the time of arrival is added."""
    fields = {
        "text": "Ёж 😀\n\x00",
        "raw": {"n": [1, None, {"x": 1.5}]},
        "created_at": AT,
        "rating": 5,
        "tags": ["a"],
    }
    (sent,) = batch("1", **fields).items
    inbox.receive(batch("1", **fields), AT)
    message = inbox.get(*KEY)
    assert message == sent.model_copy(update={"received_at": AT, "updated_at": AT})
    assert list(inbox.messages()) == [message]


def test_a_changed_message_tells_when_it_came_and_when_it_changed(inbox: Inbox, batch: Batches) -> None:
    """Read or handed over; told again, neither is stored nor makes another version."""
    inbox.receive(batch("1", text="а"), AT)
    inbox.receive(batch("1", text="б"), AT + timedelta(hours=1))
    (message,) = inbox.messages()
    assert message == inbox.get(*KEY)
    assert (message.received_at, message.updated_at) == (AT, AT + timedelta(hours=1))
    again = batch("1", text="б").model_copy(update={"items": (message,)})
    assert inbox.receive(again, AT + timedelta(hours=2)).known == 1
    assert next(inbox.messages()).updated_at == message.updated_at


def test_an_unknown_id_is_none(inbox: Inbox) -> None:
    """Asking for what never came is no error."""
    assert inbox.get(*KEY) is None
    assert inbox.cursor("portal", "town") is None


def test_a_naive_arrival_is_refused(inbox: Inbox, batch: Batches) -> None:
    """An arrival time without a zone is a mistake told before anything is stored."""
    with pytest.raises(NaiveMomentError):
        inbox.receive(batch("1"), datetime(2026, 1, 12))  # noqa: DTZ001  # the naive one is what is refused
    assert inbox.count() == 0


def test_the_cursor_moves_with_the_rows(inbox: Inbox, batch: Batches) -> None:
    """Each account has its own; a batch without one leaves it where it was."""
    inbox.receive(batch("1", cursor="ts-1"), AT)
    inbox.receive(batch("2", cursor="ts-2"), AT)
    inbox.receive(batch("3"), AT)
    assert inbox.cursor("portal", "town") == "ts-2"
    assert inbox.cursor("portal", "village") is None


@pytest.mark.parametrize("failing", ["inbox", "quarantine", "cursor"])
def test_a_failure_in_the_middle_leaves_neither_rows_nor_cursor(
    inbox: Inbox, batch: Batches, failing: str
) -> None:
    """When the store fails at any table, nothing of that batch is there, and the next one works."""
    inbox.receive(batch("0", cursor="before"), AT)
    store = inbox._store
    when = "NEW.external_id = '2'" if failing == "inbox" else "1 = 1"
    if isinstance(store, SqliteStore):
        store.write(
            f"CREATE TRIGGER fail BEFORE INSERT ON mcu_{failing} WHEN {when} "
            "BEGIN SELECT RAISE(ABORT, 'disk'); END"
        )
    else:
        store.write("CREATE FUNCTION fail() RETURNS trigger AS 'BEGIN RAISE ''disk''; END' LANGUAGE plpgsql")
        store.write(
            f"CREATE TRIGGER fail BEFORE INSERT ON mcu_{failing} FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION fail()"
        )
    whole = batch("1", "2", "3", cursor="after", rejects=(Reject(reason="r", raw=1),))
    with pytest.raises(StoreError, match=r"disk|RaiseException"):
        inbox.receive(whole, AT)
    assert (inbox.count(), inbox.cursor("portal", "town"), inbox.quarantined()) == (1, "before", ())
    store.write("DROP TRIGGER fail" + ("" if isinstance(store, SqliteStore) else f" ON mcu_{failing}"))
    assert inbox.receive(whole, AT) == Received(3, 0, 0, 1)
    assert inbox.cursor("portal", "town") == "after"


def test_any_exception_inside_a_batch_rolls_it_back(
    inbox: Inbox, batch: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only the store's own errors: an interrupt between two rows leaves nothing either."""
    dump = Message.model_dump

    def interrupted(self: Message, **options: Any) -> dict[str, Any]:
        if self.external_id == "2":
            raise KeyboardInterrupt
        return dump(self, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Message, "model_dump", interrupted)
        with pytest.raises(KeyboardInterrupt):
            inbox.receive(batch("1", "2", cursor="after"), AT)
    assert (inbox.count(), inbox.cursor("portal", "town")) == (0, None)
    assert inbox.receive(batch("1", "2"), AT).new == 2


def test_what_cannot_be_read_is_put_aside_once(inbox: Inbox, batch: Batches) -> None:
    """With an id it is known by the id, without one by what came; it is never dropped and never doubled."""
    rejects = (
        Reject(reason="createdAt: a date", external_id="7", raw={"id": 7}),
        Reject(reason="no id", raw={"b": 1, "a": 2}),
        Reject(reason="no id", raw={"a": 2, "b": 1}),
        Reject(reason="no id", raw="other"),
    )
    assert inbox.receive(batch(rejects=rejects), AT).quarantined == 3
    assert inbox.receive(batch(rejects=rejects), AT + timedelta(days=1)).quarantined == 0
    kept = inbox.quarantined()
    assert [(one.external_id, one.reason) for one in kept] == [
        ("7", rejects[0].reason),
        (None, "no id"),
        (None, "no id"),
    ]
    assert {(one.channel, one.account, one.received_at) for one in kept} == {("portal", "town", AT)}
    assert inbox.count() == 0


def test_everything_is_there_after_reopening(place: str, batch: Batches) -> None:
    """What was told as stored is in the file, with the cursor."""
    with Inbox.open(place) as inbox:
        inbox.receive(batch("1", cursor="ts", rejects=(Reject(reason="r"),)), AT)
    with Inbox.open(place) as inbox:
        assert (inbox.count(), inbox.cursor("portal", "town"), len(inbox.quarantined())) == (1, "ts", 1)


def test_a_file_of_a_newer_version_is_not_touched(town: Path) -> None:
    """An old program does not write into a file it does not know."""
    Inbox.open(town).close()
    with closing(sqlite3.connect(town)) as other:
        other.execute("PRAGMA user_version=99")
    before = town.read_bytes()
    with pytest.raises(StoreError) as caught:
        Inbox.open(town)
    assert caught.value.code == "store.newer"
    assert town.read_bytes() == before


def test_unusable_places_are_store_errors(tmp_path: Path) -> None:
    """A directory, a missing folder and a file that is no store are told with the path."""
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"this is no database, but it is long enough to look like one " * 100)
    for place in (tmp_path, tmp_path / "absent" / "x.sqlite3", broken):
        with pytest.raises(StoreError) as caught:
            Inbox.open(place)
        assert str(place) in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_file_held_by_another_program_is_a_store_error(
    town: Path, batch: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits in vain for the file is told so, and goes on when it is free."""
    monkeypatch.setattr(mcu_sdk.intake.sqlite, "_BUSY_SECONDS", 0.01)
    with Inbox.open(town) as inbox, closing(sqlite3.connect(town, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked"):
            inbox.receive(batch("1"), AT)
        other.execute("ROLLBACK")
        assert inbox.receive(batch("1"), AT).new == 1


def test_a_closed_inbox_says_so(place: str, batch: Batches) -> None:
    """Work after `close` is our error."""
    inbox = Inbox.open(place)
    inbox.close()
    with pytest.raises(StoreError):
        inbox.receive(batch("1"), AT)


def test_commits_are_durable(town: Path) -> None:
    """The rollback journal with full synchronisation: a power cut keeps every commit."""
    with Inbox.open(town) as inbox:
        rows = inbox._store.rows
        assert [rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous")] == ["delete", 2]


def test_threads_share_an_inbox(inbox: Inbox, batch: Batches) -> None:
    """Eight threads with overlapping pages store every message once; no page is torn."""
    pages = [batch(*map(str, range(start, start + 20)), cursor=str(start)) for start in range(0, 160, 10)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda page: inbox.receive(page, AT), pages))
    assert sum(result.new for result in results) == inbox.count() == 170
    assert sum(result.known for result in results) == 16 * 20 - 170


def test_two_inboxes_share_a_file(place: str, batch: Batches) -> None:
    """Two processes, here two connections, see each other's messages."""
    with Inbox.open(place) as one, Inbox.open(place) as two:
        assert one.receive(batch("1"), AT).new == 1
        assert two.receive(batch("1"), AT).known == 1


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    """A file that holds somebody else's tables is left alone."""
    path = tmp_path / "crm.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE contacts (name TEXT)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Inbox.open(path)
    assert caught.value.code == "store.foreign"
    assert path.read_bytes() == before


def test_quarantine_keeps_what_came(inbox: Inbox) -> None:
    """What could not be read can be looked at again, and its contents are not in `repr`."""
    raw: dict[str, Any] = {"id": 7, "createdAt": "canary"}
    reject = Reject(reason="createdAt: without a zone", external_id="7", raw=raw)
    inbox.receive(Batch(channel="portal", account="town", rejects=(reject,)), AT)
    (kept,) = inbox.quarantined()
    assert (kept.external_id, kept.raw, kept.received_at) == ("7", raw, AT)
    assert "canary" not in repr(kept)


@pytest.mark.parametrize("fields", [{"text": "\ud83d"}, {"raw": {"a": "\ud83d"}}, {"raw": {"a": 10**5000}}])
def test_what_cannot_be_written_is_refused_whole(
    inbox: Inbox, batch: Batches, fields: dict[str, Any]
) -> None:
    """Half a character or an endless number is our error, and nothing of the batch is stored."""
    odd = batch("2").items[0].model_copy(update=fields)
    ours = batch("1")
    with pytest.raises(RecordError):
        inbox.receive(ours.model_copy(update={"items": (*ours.items, odd)}), AT)
    assert inbox.count() == 0


def test_a_reader_takes_no_right_to_write(batch: Batches, town: Path) -> None:
    """While another program writes, an existing inbox is opened and read without waiting for it."""
    with Inbox.open(town) as inbox:
        inbox.receive(batch("1"), AT)
    with closing(sqlite3.connect(town, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with Inbox.open(town) as reader:
            assert reader.count() == 1
        writer.execute("ROLLBACK")


def test_a_path_with_a_nul_is_our_error() -> None:
    """A path that no file can have is a StoreError."""
    with pytest.raises(StoreError):
        Inbox.open("a\0b")


@pytest.mark.parametrize("external_id", ["a\0b", "\ud83d"])
def test_an_id_that_no_database_can_hold_is_refused_whole(
    inbox: Inbox, batch: Batches, external_id: str
) -> None:
    """It is our error in both databases, for what was read and what was not, and nothing is stored."""
    for whole in (
        batch("1", external_id),
        batch("1", rejects=(Reject(reason="r", external_id=external_id),)),
    ):
        with pytest.raises(RecordError):
            inbox.receive(whole, AT)
    assert inbox.count() == 0
