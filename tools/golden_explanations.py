"""Keep the explanation of every shipped rule as text, so that a change of a word is seen and read.

python tools/golden_explanations.py            compare, and tell what differs
python tools/golden_explanations.py --write    write the texts anew; then read every one of them
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from mcu_sdk.sla import Calendar, load_rules

FOLDER = Path(__file__).parents[1] / "tests" / "unit" / "sla" / "golden"
ZONE = ZoneInfo("Europe/Moscow")
LANGUAGES: tuple[Literal["ru", "en"], ...] = ("ru", "en")


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name of each golden file and the text that belongs in it."""
    calendars = {
        "office": Calendar.russia(
            zone=ZONE, schedule="mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
        ),
        "duty": Calendar.weekly(zone=ZONE, schedule="mon-sun 09:00-21:00"),
        "round_the_clock": Calendar.round_the_clock(ZONE),
    }
    starts = tomllib.loads((FOLDER / "starts.toml").read_text("utf-8"))
    for rule_id in load_rules().ids:
        start: datetime = starts[rule_id]["start"].replace(tzinfo=ZONE)
        rule = load_rules().rule(rule_id, on=start.date())
        if "calendar" in starts[rule_id]:
            rule = rule.replace(counted_on=starts[rule_id]["calendar"])
        deadline = rule.bind(calendars).deadline(start)
        for language in LANGUAGES:
            yield f"{rule_id}.{language}.txt", deadline.explain(language, tz_version="2026f") + "\n"
            if "noticed" in starts[rule_id]:
                extended = deadline.extended(noticed_at=starts[rule_id]["noticed"].replace(tzinfo=ZONE))
                text = extended.explain(language, tz_version="2026f")
                yield f"{rule_id}.extended.{language}.txt", text + "\n"


def main() -> int:
    """Compare or write; return 1 when something differs."""
    wanted = dict(texts())
    kept = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.txt")}
    if "--write" in sys.argv[1:]:
        for name in kept.keys() - wanted.keys():
            (FOLDER / name).unlink()
        for name, text in wanted.items():
            (FOLDER / name).write_text(text, "utf-8")
        return 0
    differing = sorted(name for name in wanted.keys() | kept.keys() if wanted.get(name) != kept.get(name))
    for name in differing:
        print(f"{name} differs; read the new text, then: python tools/golden_explanations.py --write")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
