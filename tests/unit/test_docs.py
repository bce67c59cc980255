"""Links of the pages lead somewhere, and the check of the built site sees what it is for."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tools import reference_pages, site_check

import mcu_sdk

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    [page for page in DOCS.rglob("*.md") if not page.match("reference/mcu*.md")]
    + [ROOT / name for name in ("README.md", "README.ru.md", "CHANGELOG.md")]
)


def tokens(page: Path) -> list[Token]:
    parsed = MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))
    return [token for outer in parsed for token in (outer, *(outer.children or ()))]


def links(page: Path) -> list[str]:
    return [
        str(token.attrs[name]) for token in tokens(page) for name in ("href", "src") if name in token.attrs
    ]


def anchors(page: Path) -> list[str]:
    """Return the anchors of the headings, as a code host and the site make them."""
    seen = tokens(page)
    headings = [seen[index + 1] for index, token in enumerate(seen) if token.type == "heading_open"]
    texts = ["".join(part.content for part in heading.children or ()) for heading in headings]
    return [re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-") for text in texts]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link inside the repository has its file, every anchor its one heading; docs stay in docs."""
    for link in links(page):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = page if not parts.path else (page.parent / unquote(parts.path)).resolve()
        assert target.is_file(), link
        assert page.parent == ROOT or target.is_relative_to(DOCS), f"{link} would leave the site"
        if parts.fragment:
            assert anchors(target).count(unquote(parts.fragment)) == 1, link


def test_the_readme_names_every_guide() -> None:
    """Whoever reads the README finds each page of the guide there."""
    linked = {(ROOT / link).resolve() for link in links(ROOT / "README.md")}
    assert not {page.name for page in (DOCS / "guide").glob("*.md") if page not in linked}


def test_pages_speak_the_markdown_of_the_site() -> None:
    """A list right below a paragraph is a list on a code host alone: the site would run it into the text."""
    for page in PAGES:
        text = re.sub(r"^(`{3,})[^\n]*\n.*?^\1$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        glued = re.findall(r"^(?!\s*(?:[-*|>#]|\d+\.) )\S.*\n(?:[-*]|\d+\.) .*$", text, re.MULTILINE)
        assert not glued, page.name


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<a href="https://example.org/">a link waits for a click</a>', None),
        ('<link rel="canonical" href="https://example.org/">', None),
        ('<a href="other.html#here">there</a><a href="#top">up</a><i id="top"></i>', None),
        ('<script src="https://example.org/x.js"></script>', "loads https://example.org/x.js"),
        ('<script src="//example.org/x.js"></script>', "loads //example.org/x.js"),
        ('<link rel="preconnect" href="https://example.org">', "loads https://example.org"),
        ('<img srcset="https://example.org/a.png 1x, b.png 2x">', "loads https://example.org/a.png"),
        ("<style>@import 'https://example.org/a.css';</style>", "loads https://example.org/a.css"),
        ('<p style="background: url(http://example.org/a.png)">', "loads http://example.org/a.png"),
        ('<pre class="mermaid">graph</pre>', "class 'mermaid' makes the theme load a script"),
        ('<img src="gone.png">', "nothing is at gone.png"),
        ('<a href="gone.html">', "nothing is at gone.html"),
        ('<a href="../outside.html">', "nothing is at ../outside.html"),
        ('<a href="other.html#gone">', "no anchor other.html#gone"),
        ('<a href="#gone">', "no anchor #gone"),
    ],
)
def test_the_site_check_sees_faults(tmp_path: Path, html: str, fault: str | None) -> None:
    """What a browser would fetch from elsewhere, and links to nowhere."""
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "outside.html").write_text("", "utf-8")
    (site / "index.html").write_text(html, "utf-8")
    (site / "b.png").write_bytes(b"")
    (site / "other.html").write_text('<h2 id="here"></h2>', "utf-8")
    assert site_check.faults(site)[:1] == ([f"index.html: {fault}"] if fault else [])


def test_the_site_check_reads_style_sheets_and_needs_pages(tmp_path: Path) -> None:
    """A remote font hides in a style sheet; an empty folder is no site."""
    assert site_check.faults(tmp_path) == [f"{tmp_path}: no pages"]
    (tmp_path / "index.html").write_text("", "utf-8")
    (tmp_path / "a.css").write_text("@font-face{src:url(https://example.org/f.woff2)}", "utf-8")
    assert site_check.faults(tmp_path) == ["a.css: loads https://example.org/f.woff2"]


def test_every_public_name_has_a_place_in_the_reference() -> None:
    """The root's page links its names to where they live, a function behind a module of its name too."""
    linked = re.findall(r"^\| \[`(\w+)`\]\((\S+)\)", reference_pages.root_page(), re.MULTILINE)
    assert [name for name, _ in linked] == [name for name in mcu_sdk.__all__ if name != "__version__"]
    assert dict(linked)["Calendar"] == "mcu_sdk.sla.md#mcu_sdk.sla.Calendar"
    assert dict(linked)["worklist"] == "mcu_sdk.desk.md#mcu_sdk.desk.worklist.worklist"
    assert "::: mcu_sdk.desk.worklist.worklist\n" in reference_pages.package_page("mcu_sdk.desk")
    for path in [path for parts in reference_pages.REACHED_THROUGH.values() for path in parts.values()]:
        module, _, name = path.rpartition(".")
        assert hasattr(import_module(module), name), path


def test_the_command_page_has_every_verb() -> None:
    """The page is the command's own help, nested verbs too."""
    headings = re.findall(r"^#+ `mcu (.+)`$", reference_pages.command_page(), re.MULTILINE)
    assert {"collect", "rules list", "outbox settle"} < set(headings)


def test_the_design_shows_the_floors_of_the_contract() -> None:
    """The picture of the floors is the one that `make check` proves."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    shown = next(token.content for token in tokens(DOCS / "design.md") if token.info == "text")
    assert shown.splitlines() == [layer.replace("mcu_sdk.", "") for layer in layers]
