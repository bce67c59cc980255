"""The desk over an inbox where the portal, a register file and our own steps each say something."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.senders import Sent

from mcu_sdk import Desk, Inbox, Municipality, worklist
from mcu_sdk.desk import Standing, bulk, disagreements, notices
from mcu_sdk.desk.worklist import judged_all
from mcu_sdk.errors import OutcomeUnknown, UsageError
from mcu_sdk.intake import deliver, reconcile
from mcu_sdk.model import Batch, Message, Organisation, Outgoing, Presence, Receipt

TOWN = Municipality.load(Path(__file__).parents[3] / "examples" / "meshchovsk.toml")
ANSWER = "Здравствуйте! Яма засыпана 12.01.2026, работы выполнены."


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=TOWN.zone)


def message(**fields: object) -> Message:
    values = {
        "channel": "portal",
        "account": "portal",
        "external_id": "1",
        "number": "N1",
        "created_at": at(1, 1),
        "registered_at": at(1, 1),
    }
    return Message.model_validate(values | fields)


def row(**fields: object) -> Message:
    """A row of the same number in a register file, which keeps dates alone."""
    return Message.model_validate(
        {"channel": "portal", "account": "portal", "external_id": "export:N1", "number": "N1"}
        | {"by_number": True, "created_at": date(2026, 1, 1), **fields}
    )


class Town:
    """An inbox and the desk over it."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox, self.desk = inbox, Desk(TOWN, inbox)

    def came(self, when: datetime, *messages: Message) -> None:
        self.inbox.receive(Batch(channel="portal", account="portal", items=messages), when)

    def sent(self, when: datetime, sender: Sent | None = None) -> None:
        deliver(self.desk.outbox, [sender or Sent()], now=lambda: when)

    def extended(self, until: date, when: datetime) -> None:
        self.desk.extend("N1", until, "Ждём акт.", by="Специалист", now=when)
        self.sent(when)

    def seen(self, now: datetime) -> tuple[str, str]:
        item = self.desk.item("N1", now)
        return item.standing.value, f"{item.due:%d.%m}"


@pytest.fixture
def town() -> Town:
    return Town(Inbox.open(":memory:"))


def test_a_reopened_message_is_back_on_the_list(town: Town) -> None:
    """By the new date of the portal; answered anew it is done."""
    town.came(at(1, 2), message(due_at=at(2, 1)))
    town.desk.answer("N1", ANSWER, by="Специалист", now=at(1, 13))
    town.sent(at(1, 13))
    assert town.desk.worklist(at(1, 14)) == []
    town.came(at(1, 20), message(due_at=at(2, 10, 18), status="reopened", reopened_count=1))
    for listed in (town.desk.worklist(at(1, 21)), bulk.worklist(town.inbox, TOWN, at(1, 21), limit=9)):
        assert [f"{item.due:%d.%m %H:%M}" for item in listed] == ["10.02 18:00"]
    town.desk.answer("N1", ANSWER, by="Специалист", now=at(1, 22), again=True)
    town.sent(at(1, 22))
    assert town.desk.worklist(at(1, 23)) == []


@pytest.mark.parametrize("field", ["answered_at", "closed_at"])
def test_a_reopened_message_may_still_tell_its_old_end(town: Town, field: str) -> None:
    town.came(at(1, 20), message(status="reopened", **{field: at(1, 15)}))
    now = at(2, 5)  # thirty days from the registration are over, and from the reopening they are not
    assert [item.standing.value for item in town.desk.worklist(now)] == ["waiting_for_us"]
    assert bulk.tally(town.inbox, TOWN, now).standings == {Standing.WAITING_FOR_US: 1}


def test_an_extension_counts_by_the_date_in_force_when_it_was_sent(town: Town) -> None:
    """The register told the 20th after our first extension: one of the 21st comes too late."""
    town.came(at(1, 2), message(due_at=at(1, 13, 18)))
    town.extended(date(2026, 1, 30), at(1, 12))
    town.came(at(1, 15), row(due_at=date(2026, 1, 20)))
    assert town.seen(at(1, 21)) == ("late", "20.01")
    town.extended(date(2026, 2, 10), at(1, 21))
    assert town.seen(at(1, 22)) == ("late", "20.01")


def test_an_extension_within_the_registers_later_date_counts(town: Town) -> None:
    town.came(at(1, 2), message(due_at=at(1, 13, 18)))
    town.extended(date(2026, 1, 20), at(1, 12))
    town.came(at(1, 18), row(due_at=date(2026, 1, 30)))
    town.extended(date(2026, 2, 10), at(1, 25))
    assert town.seen(at(1, 31)) == ("waiting_for_us", "10.02")


def test_an_extension_never_makes_a_term_shorter(town: Town) -> None:
    town.came(at(1, 2), message(due_at=at(1, 30)))
    town.extended(date(2026, 1, 20), at(1, 12))
    assert town.seen(at(1, 21)) == ("waiting_for_us", "30.01")


def test_a_row_that_comes_again_says_its_date_when_it_changed(town: Town) -> None:
    """A weekly import: the date of the second file is newer than our extension."""
    town.came(at(1, 2), message(due_at=at(1, 13, 18)))
    town.came(at(1, 5), row(due_at=date(2026, 1, 13)))
    town.extended(date(2026, 1, 20), at(1, 12))
    town.came(at(1, 18), row(due_at=date(2026, 1, 30)))
    assert town.seen(at(1, 21)) == ("waiting_for_us", "30.01")


def test_a_late_answer_stays_late_though_a_row_says_answered_without_a_date(town: Town) -> None:
    town.came(at(1, 2), message(due_at=at(1, 13, 18)))
    town.desk.answer("N1", ANSWER, by="Специалист", now=at(1, 16))
    town.sent(at(1, 16))
    town.came(at(1, 20), row(status="answered", due_at=date(2026, 1, 13)))
    verdict = town.desk.item("N1", at(1, 21)).verdict
    assert verdict is not None
    assert (verdict.state, verdict.deciding.ended_at) == ("met_late", at(1, 16))
    assert "16.01.2026 00:00 МСК" in verdict.explain("ru")


def test_a_row_answered_without_a_date_ended_when_it_said_so(town: Town) -> None:
    town.came(at(1, 2), message(due_at=at(1, 13, 18)), row())
    assert town.seen(at(1, 25)) == ("late", "13.01")
    town.came(at(2, 5), row(status="answered"))
    verdict = town.desk.item("N1", at(2, 6)).verdict
    assert verdict is not None
    assert (verdict.deciding.ended_at, verdict.late) == (at(2, 5), True)


@pytest.mark.parametrize("status", ["new", "accepted", "in_progress", "unknown"])
def test_what_was_answered_in_the_cabinet_is_known(town: Town, status: str) -> None:
    town.came(at(1, 12), message(status=status))
    town.came(at(1, 20), row(status="answered"))
    assert [item.standing.value for item in judged_all(town.inbox, TOWN, at(1, 21))] == ["done"]


def test_a_step_is_the_same_whatever_a_row_adds(town: Town) -> None:
    town.came(at(1, 12), message())
    first = town.desk.take("N1", by="Специалист", now=at(1, 12, 10))
    town.sent(at(1, 12, 10))
    town.came(at(1, 13), row(organisation=Organisation(name="Администрация")))
    assert town.desk.take("N1", by="Специалист", now=at(1, 13, 10)).entry.key == first.entry.key
    one, other = (
        town.desk.answer(
            "N1", ANSWER, by="Специалист", now=now, outgoing_number="5", outgoing_at=now
        ).entry.key
        for now in (at(1, 13, 11), at(1, 13, 12))
    )
    assert one == other


def test_what_was_ended_there_is_not_answered_again_unasked(town: Town) -> None:
    town.came(at(1, 12), message())
    town.came(at(1, 20), row(status="answered", answered_at=date(2026, 1, 19)))
    with pytest.raises(UsageError) as caught:
        town.desk.answer("N1", ANSWER, by="Специалист", now=at(1, 20))
    assert caught.value.code == "desk.ended_there"
    assert town.desk.answer("N1", ANSWER, by="Специалист", now=at(1, 20), again=True).entry.key


def test_an_answer_of_ours_that_a_row_confirms_is_still_the_same_step(town: Town) -> None:
    """Pressed twice, it is no second answer."""
    town.came(at(1, 12), message())
    first = town.desk.answer("N1", ANSWER, by="Специалист", now=at(1, 13))
    town.sent(at(1, 13))
    town.came(at(1, 20), row(status="answered", answered_at=date(2026, 1, 13)))
    assert town.desk.answer("N1", ANSWER, by="Специалист", now=at(1, 21)).entry.key == first.entry.key


class Lost(Sent):
    def send(self, outgoing: Outgoing) -> Receipt:
        raise OutcomeUnknown("x.lost", "lost", "look", delivered="unknown")

    def find(self, outgoing: Outgoing) -> Presence:
        del outgoing
        return Presence.THERE


@pytest.mark.parametrize("by_hand", [True, False])
def test_an_answer_found_later_was_sent_when_it_was_sent(town: Town, *, by_hand: bool) -> None:
    town.came(at(1, 2), message(due_at=at(1, 13, 18)))
    entry = town.desk.answer("N1", ANSWER, by="Специалист", now=at(1, 13, 17)).entry
    town.sent(at(1, 13, 17), Lost())
    if by_hand:
        town.desk.outbox.settle(entry.key, sent=True, by="Специалист", now=at(1, 14))
    else:
        reconcile(town.desk.outbox, [Lost()], now=lambda: at(1, 14))
    verdict = town.desk.item("N1", at(1, 15)).verdict
    assert verdict is not None
    assert (verdict.state, verdict.deciding.ended_at) == ("met", at(1, 13, 17))


def test_disagreements_know_our_own_steps(town: Town) -> None:
    """The portal's row shows the date that we extended to: nobody disagrees."""
    town.came(at(1, 2), message(regime="59fz", due_at=at(1, 30)))
    town.extended(date(2026, 3, 2), at(1, 20))
    town.came(at(1, 22), row(due_at=date(2026, 3, 2)))
    item = town.desk.item("N1", at(1, 23))
    assert item.verdict is not None
    assert item.verdict.disagreement is None
    assert list(disagreements(town.inbox, TOWN, at(1, 23))) == []


def test_notices_of_the_other_date_do_not_use_up_those_of_the_deciding_one() -> None:
    """The portal's date of 11 March is warned of first, then the term of the law, which decides."""
    appeal = message(regime="59fz", created_at=at(3, 2), registered_at=at(3, 2), due_at=at(3, 11, 18))
    told: dict[str, tuple[str, str]] = {}
    for hours in range(24 * 40):
        now = at(3, 2, 9) + timedelta(hours=hours)
        for item in worklist([appeal], TOWN, now):
            for notice in notices(item, TOWN, now):
                told.setdefault(notice.id, (f"{now:%d.%m}", notice.level))
    levels = [level for _, level in told.values()]
    assert levels == ["warned", "pressing", "warned", "pressing", "late", "late_longer"]
    assert [day for day, level in told.values() if level == "warned"] == ["03.03", "17.03"]


def test_nobody_says_in_time_of_what_had_no_start(town: Town) -> None:
    town.came(at(1, 2), message(registered_at=None, created_at=at(1, 1), answered_at=at(1, 5)))
    item = town.desk.item("N1", datetime(2026, 1, 12, tzinfo=UTC))
    assert item.explain("ru").startswith("Исполнено; в срок ли — неизвестно")
    assert item.remaining(at(1, 12)) is None


def test_replies_that_a_source_tells_are_known(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    text = Path(__file__).parents[3].joinpath("examples", "meshchovsk.toml").read_text("utf-8")
    rules = 'rules = { first_reply = "comments.90_minutes", final = "59fz.examination" }'
    path.write_text(text.replace('rules = { final = "59fz.examination" }', rules, 1), "utf-8")
    replied = message(regime="59fz", detected_at=at(1, 12, 9), first_reply_at=at(1, 12, 10))
    [item] = worklist([replied], Municipality.load(path), at(1, 12, 15))
    clock = item.verdict.clock("first_reply") if item.verdict else None
    assert clock is not None
    assert clock.state == "met"
