"""Check that a built site loads nothing from elsewhere, and that its links and anchors lead somewhere.

python tools/site_check.py site
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself; `a` and `area` wait for a click, a canonical link is never fetched.
_LOADING = {"src", "srcset", "poster", "data", "background", "xlink:href"}
_STILL = {"canonical", "alternate", "author", "license", "next", "prev"}
# The theme's script gets these from a network when a page has an element of the class.
_FETCHED_BY_CLASS = {"mermaid", "glightbox", "md-source"}
_CSS_ADDRESS = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?:|wss?:)?//", re.IGNORECASE)


class Page(HTMLParser):
    """What one page loads, where its links lead, and what anchors it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = {""}
        self.fetching: set[str] = set()
        self._in_style = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what *tag* says."""
        values = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        self.fetching |= _FETCHED_BY_CLASS.intersection(values.get("class", "").split())
        self.loaded += _CSS_ADDRESS.findall(values.get("style", ""))
        for name in _LOADING & values.keys():
            parts = values[name].split(",") if name == "srcset" else [values[name]]
            self.loaded += [part.split()[0] for part in parts if part.split()]
        if tag == "link" and not _STILL.intersection(values.get("rel", "").split()):
            self.loaded.append(values.get("href", ""))
        elif tag == "use" and "href" in values:
            self.loaded.append(values["href"])
        elif tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.loaded.append(values.get("content", "").partition("=")[2])
        elif tag in {"a", "area"} and "href" in values:
            self.links.append(values["href"])

    def handle_data(self, data: str) -> None:
        """Take down what a style sheet inside the page loads."""
        if self._in_style:
            self.loaded += _CSS_ADDRESS.findall(data)


def faults(site: Path) -> list[str]:
    """Return what is wrong with the site, a line each; nothing is the good case."""
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    found = [] if pages else [f"{site}: no pages"]
    for path, page in pages.items():
        name = path.relative_to(site)
        found += [f"{name}: loads {address}" for address in page.loaded if _REMOTE.match(address)]
        found += [
            f"{name}: class {name_of!r} makes the theme load a script" for name_of in sorted(page.fetching)
        ]
        for address in {*page.links, *page.loaded}:
            if fault := _lost(site, path, address, pages):
                found.append(f"{name}: {fault}")
    for path in sorted(site.rglob("*.css")):
        found += [
            f"{path.relative_to(site)}: loads {address}"
            for address in _CSS_ADDRESS.findall(path.read_text("utf-8"))
        ]
    return found


def _lost(site: Path, path: Path, address: str, pages: dict[Path, Page]) -> str:
    """Return what is wrong with *address* as the page at *path* has it, or nothing."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ""
    if path == site / "404.html":  # a server shows it at any address, so its paths begin at the root
        parts = parts._replace(path=parts.path.lstrip("/"))
    target = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
    if target.is_dir():
        target /= "index.html"
    if site not in target.parents or not target.is_file():
        return f"nothing is at {address}"
    if target in pages and unquote(parts.fragment) not in pages[target].anchors:
        return f"no anchor {address}"
    return ""


def main() -> int:
    """Print the faults of the site that is named; return 1 if there are any."""
    site = Path(sys.argv[1]).resolve()
    found = faults(site)
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
