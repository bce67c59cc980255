"""Write docs/sla/rules.md from the rule book.

python tools/rules_page.py            write the page
python tools/rules_page.py --check    fail if it differs
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from mcu_sdk.sla import Rule, load_rules
from mcu_sdk.sla.explain import act_name
from mcu_sdk.sla.words import EVENTS, EVIDENCE, ROLLS, counted, evidence_of

PAGE = Path(__file__).parents[1] / "docs" / "sla" / "rules.md"
GROUPS = {
    "59fz": "Appeals of citizens, 59-ФЗ",
    "8fz": "Requests for information, 8-ФЗ",
    "media": "Requests of the press, media law",
    "deputies": "Requests of deputies",
    "210fz": "Complaints about a service, 210-ФЗ",
    "portal": "The portal's feedback platform",
    "incidents": "«Инцидент Менеджмент»",
    "comments": "Comments",
}
HEAD = """# The rule book

<!-- Written by tools/rules_page.py from src/mcu_sdk/sla/russia/rules.toml. Change the data, not this
page. -->

Every amount the library ships, with its act and how well it is known. A rule that was not *checked* says
so in every explanation. `mcu rules list` and `mcu rules show ID` print the same.

- **Evidence**: `text`, the norm was read · `secondary`, press, commentary or another body's act ·
  `artefact`, real data · `recalled`, from memory. Only `text` can be checked, against the act or against
  a copy of it.
- **Roll**: what happens when the last date is off. No federal text settles it for 59-ФЗ. Acts of two
  bodies say the previous working day; the Civil Code, which does not govern appeals, and (from memory)
  an order of the Prosecutor General say the next one. The book takes the earlier date and calls the
  choice inferred; replace it where an act of yours says otherwise.
- **Not in the book**: items without an amount (anonymous appeals, a clarified request), targets that are
  means and not terms (eight days on average for a portal message), stages of the portal whose terms were
  not found.
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for group, rules in groupby(load_rules(), key=lambda rule: rule.id.partition(".")[0]):
        parts.append(f"\n## {GROUPS[group]}\n")
        parts += [_described(rule) for rule in rules]
    return "\n".join(parts)


def _described(rule: Rule) -> str:
    rows = [(name, value.replace("|", "\\|")) for name, value in _rows(rule) if value]
    lines = [f"### `{rule.id}`", "", f"{rule.title.en} · {rule.title.ru}", "", "| | |", "|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {value} |" for name, value in rows), ""])


def _rows(rule: Rule) -> list[tuple[str, str]]:
    event = EVENTS[rule.start_event].en if rule.start_event in EVENTS else rule.start_event
    calendar = f"`{rule.counted_on}`" if rule.counted_on else "chosen by the municipality"
    ends = [f"{day:%d.%m.%Y}" if day else "…" for day in (rule.valid_from, rule.valid_to)]
    roll = ROLLS[rule.roll].en if rule.counts_days else ""
    if rule.roll_evidence:
        roll += f" ({EVIDENCE[rule.roll_evidence].en})"
    return [
        ("Act", act_name(rule, "en")),
        ("Amount", counted(rule.amount, rule.unit, "en")),
        ("Calendar", "" if rule.counts_days else calendar),
        ("Start", event + (", itself the first date" if rule.first_day == "same" else "")),
        ("Roll", roll),
        ("Extension", f"at most {_extension(rule)}" if rule.extension else ""),
        ("Valid", " – ".join(ends) if rule.valid_from or rule.valid_to else ""),
        ("Evidence", f"`{rule.evidence}`: {evidence_of(rule, 'en')[0]}"),
        ("Checked", evidence_of(rule, "en")[1] if rule.verified else "**no**"),
        ("Source", f"<{rule.source}>" if rule.source.startswith("http") else rule.source),
        ("Note", rule.note.en),
    ]


def _extension(rule: Rule) -> str:
    assert rule.extension
    return f"{counted(rule.extension.most, rule.extension.unit, 'en')}, counted from the unrolled end"


def main() -> int:
    """Write or check; return 1 when the page is not the data's."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), "utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text("utf-8") == page():
        return 0
    print("docs/sla/rules.md differs from the data; run: python tools/rules_page.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
