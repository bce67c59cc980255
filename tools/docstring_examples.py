"""Examples of docstrings become code in the reference; Markdown would make quotations of them."""

from __future__ import annotations

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)


def fenced(text: str) -> str:
    """Return *text* with a fence around every example.

    >>> fenced("Return one.\\n\\n>>> one()\\n1").splitlines()
    ['Return one.', '', '```pycon', '>>> one()', '1', '```']
    """
    return _EXAMPLE.sub(lambda example: f"```pycon\n{example[0]}\n```", text)


class DocstringExamples(griffe.Extension):
    """Fences the examples in every docstring that is read."""

    def on_instance(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Mend one docstring."""
        del kwargs
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)
