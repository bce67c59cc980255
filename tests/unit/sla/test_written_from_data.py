"""Texts that are written from the rule book are the book's: explanations and the page of rules."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from mcu_sdk.sla import load_rules

ROOT = Path(__file__).parents[3]


def tool(name: str) -> ModuleType:
    spec = spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOLDEN = tool("golden_explanations")
TEXTS: dict[str, str] = dict(GOLDEN.texts())


def test_every_rule_has_its_two_texts_and_no_text_lacks_a_rule() -> None:
    """A rule is explained in Russian and in English; a text whose rule is gone is deleted."""
    needed = {f"{rule_id}.{language}.txt" for rule_id in load_rules().ids for language in ("ru", "en")}
    assert needed <= TEXTS.keys()
    assert {path.name for path in GOLDEN.FOLDER.glob("*.txt")} == TEXTS.keys()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_explanation_is_the_one_that_was_read(name: str) -> None:
    """Not a word changes unread: see tools/golden_explanations.py to write the texts anew."""
    assert TEXTS[name] == (GOLDEN.FOLDER / name).read_text("utf-8")


def test_an_explanation_never_contradicts_its_rule() -> None:
    """What was read in a copy is not "checked against the act"; what was not checked says so in capitals."""
    for rule in load_rules():
        text = TEXTS[f"{rule.id}.ru.txt"]
        assert ("НЕ СВЕРЕНО" in text) == (not rule.verified)
        assert ("сверено по копии" in text) == (rule.verified and rule.read_in == "copy")
        assert ("сверено с текстом акта" in text) == (rule.verified and rule.read_in == "act")


def test_the_page_of_rules_is_written_from_the_book() -> None:
    """docs/sla/rules.md is what tools/rules_page.py writes, and has every rule."""
    page = tool("rules_page").page()
    assert page == (ROOT / "docs" / "sla" / "rules.md").read_text("utf-8")
    assert re.findall(r"^### `(.+)`$", page, re.MULTILINE) == list(load_rules().ids)


def test_every_amount_says_how_it_is_known_on_the_page() -> None:
    """Only a rule that was checked is shown as checked."""
    sections = tool("rules_page").page().split("### ")[1:]
    checked = [section for section in sections if "| Checked | **no** |" not in section]
    assert len(checked) == sum(rule.verified for rule in load_rules())
