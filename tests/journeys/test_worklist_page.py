"""The worklist's page in a real browser, from a file, without a network: clean, readable, by keyboard."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.chromium import Page, chromium

from mcu_sdk import Municipality, worklist
from mcu_sdk.desk import worklist_page
from mcu_sdk.model import Message

MONDAY = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
TOWN = Municipality.load(Path(__file__).parents[2] / "examples" / "meshchovsk.toml")
HOSTILE = (
    "<script>console.error('ran')</script>",
    "<img src=x onerror=\"console.error('ran')\">",
    "</pre></details></td></tr></table><a href='http://example.com'>нажмите</a>",
    '" onfocus="console.error(\'ran\')" autofocus x="',
    "<style>body{background:url(http://example.com)}</style>",
    "&lt;b&gt; \u202e задом наперёд \x00",
)
VISIBLE = "[...document.querySelectorAll('tbody tr')].filter(row => row.offsetParent !== null).length"


def messages() -> Iterator[Message]:
    moments = ((10, 9), (9, 11), (20, 12), (20, 13), (20, 14), (20, 20))
    for number, (text, (started, due)) in enumerate(zip(HOSTILE, moments, strict=True)):
        yield Message(
            channel="portal",
            account="portal",
            external_id=str(number),
            number=f"{number}{text}",
            text=text,
            created_at=datetime(2025, 12, started, tzinfo=UTC),
            registered_at=datetime(2025, 12, started, tzinfo=UTC),
            due_at=datetime(2026, 1, due, 12, tzinfo=UTC),
        )


@pytest.fixture(params=["ru", "en"])
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    items = worklist(list(messages()), TOWN, MONDAY)
    path = tmp_path / "worklist.html"
    path.write_text(worklist_page(items, TOWN, MONDAY, request.param), "utf-8")
    with chromium(tmp_path) as opened:
        yield opened.open(path)


def test_hostile_texts_are_shown_and_do_nothing(page: Page) -> None:
    assert page.complaints() == []
    assert (
        page.value("document.querySelectorAll('script, img, a[href^=http], tbody style, [onfocus]').length")
        == 0
    )
    shown = page.value("document.body.innerText")
    for text in HOSTILE[:5]:
        assert " ".join(text.split()) in " ".join(shown.split())
    assert page.value("document.querySelectorAll('tbody tr').length") == len(HOSTILE)


def test_states_are_chosen_and_reasons_unfold_by_keyboard(page: Page) -> None:
    assert page.value(VISIBLE) == len(HOSTILE)
    page.press("Tab", 9)
    assert page.value("document.activeElement.className") == "skip"
    page.press("Tab", 9)
    assert page.value("document.activeElement.id") == "only-all"
    page.press("ArrowDown", 40)
    assert page.value("document.activeElement.id") == "only-late"
    assert page.value(VISIBLE) == 2
    page.press("Tab", 9)
    assert page.value("document.activeElement.id") == "list"
    page.press("Tab", 9)
    assert page.value("document.activeElement.tagName") == "SUMMARY"
    page.press("Enter", 13, "\r")
    assert page.value("document.querySelectorAll('details[open]').length") == 1
    assert page.complaints() == []


def test_it_prints_with_every_reason_and_no_controls(page: Page, tmp_path: Path) -> None:
    page.send("Emulation.setEmulatedMedia", media="print")
    assert page.value("document.querySelector('fieldset').offsetParent") is None
    heights = page.value("[...document.querySelectorAll('details pre')].map(reason => reason.offsetHeight)")
    assert len(heights) == len(HOSTILE)
    assert min(heights) > 20
    printed = base64.b64decode(page.send("Page.printToPDF", preferCSSPageSize=True)["data"])
    assert printed.startswith(b"%PDF")
