"""From what an editor or a network stored to the words a resident wrote."""

from __future__ import annotations

import re
from html import unescape

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
_SILENT = frozenset({"!--", "head", "script", "style", "template", "title"})
# Possessive, and no tag reaches over the next "<": linear whatever is sent.
_MARK = re.compile(
    r'<(!--)|(--)>|<([!?])[a-zA-Z\[][^<>]*+>|<(/?[a-zA-Z][a-zA-Z0-9:]*+)(?=[\s/>])(?:[^<>"]|"[^"<]*+")*+>'
)
_MENTION = re.compile(r"\[(?:club|public|event|id)\d{1,20}(?::[^\]|\[]{0,40})?\|([^\]\[|]{1,200})\]")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SPACES = re.compile(r"[^\S\n]+")
_MANY_ENDS = re.compile(r"\n\s*\n")
_BLANK_LINES = re.compile(r"\n{3,}")


def _without_tags(text: str, silent: frozenset[str] = _SILENT) -> str:
    parts: list[str] = []
    start = 0
    closer = ""
    for mark in _MARK.finditer(text):
        name = mark[mark.lastindex or 0].lower()
        if closer:
            if name == closer:
                start, closer = mark.end(), ""
        elif name != "--":
            parts.append(text[start : mark.start()])
            start = mark.end()
            if name in silent:
                closer = "--" if name == "!--" else f"/{name}"
            elif name.removeprefix("/") in _BREAKING:
                parts.append("\n")
    if closer:  # never closed: what follows is the resident's
        return _without_tags(text, frozenset())
    return "".join(parts) + text[start:]


def clean_text(text: str) -> str:
    r"""Return *text* without markup: HTML tags and entities, VK mentions, invisible characters.

    Paragraphs and list items become lines, runs of spaces one space; a plain text keeps single blank lines.
    A lone `<` that opens no tag stays. Never raises, takes linear time; cleaning twice changes
    nothing more unless the text spells out markup as words (`&lt;b&gt;`).

    >>> clean_text("<p>Яма&nbsp;на <b>дороге</b></p><p>[club1|Район], помогите</p>")
    'Яма на дороге\nРайон, помогите'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    words = _without_tags(text)
    tagged = words != text
    text = unescape(words)
    if tagged:
        text = _MANY_ENDS.sub("\n", text)
    text = _MENTION.sub(r"\1", _INVISIBLE.sub("", text))
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()
