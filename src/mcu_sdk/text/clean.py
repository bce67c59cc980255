"""From what an editor or a network stored to the words a resident wrote."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

__all__ = ["clean_text"]

_BREAKING = frozenset(
    [
        "address",
        "blockquote",
        "br",
        "dd",
        "div",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset({"head", "script", "style", "template", "title"})
_TAG = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]*[\s/>]|!--)")
_MENTION = re.compile(r"\[(?:club|public|event|id)\d{1,20}(?::[^\]|\[]{0,40})?\|([^\]\[|]{1,200})\]")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SPACES = re.compile(r"[^\S\n]+")
_MANY_ENDS = re.compile(r"\n\s*\n")
_BLANK_LINES = re.compile(r"\n{3,}")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SILENT:
            self._silent_depth += 1
        elif tag in _BREAKING:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent_depth = max(0, self._silent_depth - 1)
        elif tag in _BREAKING:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent_depth:
            self.parts.append(data)


def clean_text(text: str) -> str:
    r"""Return *text* without markup: HTML tags and entities, VK mentions, invisible characters.

    Paragraphs and list items become lines, runs of spaces one space; a plain text keeps single blank lines.
    A lone `<` that opens no tag stays. Never raises; cleaning twice changes nothing more unless the
    text spells out markup as words (`&lt;b&gt;`).

    >>> clean_text("<p>Яма&nbsp;на <b>дороге</b></p><p>[club1|Район], помогите</p>")
    'Яма на дороге\nРайон, помогите'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _TAG.search(text):
        words = _Words()
        words.feed(text)
        words.close()
        text = _MANY_ENDS.sub("\n", "".join(words.parts))
    else:
        text = unescape(text)
    text = _MENTION.sub(r"\1", _INVISIBLE.sub("", text))
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()
