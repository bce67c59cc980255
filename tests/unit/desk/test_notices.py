"""Who hears of a term: by the date that decides, whatever other clocks of the case say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mcu_sdk import Municipality, worklist
from mcu_sdk.desk import notices
from mcu_sdk.model import Message, Regime

TEXT = Path(__file__).parents[3].joinpath("examples", "meshchovsk.toml").read_text("utf-8")
MONDAY = datetime(2026, 1, 12, 9, tzinfo=UTC)


@pytest.fixture
def town(tmp_path: Path) -> Municipality:
    """A municipality that asks for a first reply to an appeal within ninety minutes of its detection."""
    rules = 'rules = { first_reply = "comments.90_minutes", final = "59fz.examination" }'
    path = tmp_path / "town.toml"
    path.write_text(TEXT.replace('rules = { final = "59fz.examination" }', rules, 1), "utf-8")
    return Municipality.load(path)


def levels(town: Municipality, appeal: Message, now: datetime) -> list[str]:
    [item] = worklist([appeal], town, now)
    return [notice.level for notice in notices(item, town, now)]


def test_the_warning_of_another_clock_is_not_that_of_the_term(town: Municipality) -> None:
    """Told of the first reply under the term's name, nobody would hear of the term when it burns."""
    appeal = Message(
        channel="portal",
        account="portal",
        external_id="1",
        regime=Regime.LAW_59,
        registered_at=MONDAY - timedelta(days=3),
        detected_at=MONDAY,
    )
    soon = MONDAY + timedelta(minutes=80)
    [item] = worklist([appeal], town, soon)
    assert item.verdict is not None
    assert {one.clock for one in item.verdict.warnings_due(soon)} == {"first_reply"}
    assert levels(town, appeal, soon) == []
    assert levels(town, appeal, datetime(2026, 2, 9, 9, tzinfo=UTC))[:1] == ["warned"]
