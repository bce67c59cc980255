"""Keeps what a far side says (cookies, redirects with a token in them) out of httpcore's log."""

from __future__ import annotations

import logging
import re

__all__ = ["scrub_connection_logs"]

_LOGGERS = ("httpcore.http11", "httpcore.proxy")  # the ones that see an answer; we speak no HTTP/2
# The status is kept of an answer, the kind of an exception: its words may quote a broken header line.
_SAID = re.compile(r"(return_value=\(b'HTTP/1\.[01]', \d+|exception=\w+).*", re.DOTALL)


def scrub_connection_logs() -> None:
    """Have the far side's words left out of what httpcore logs at DEBUG; doing so twice changes nothing."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_without_words)


def _without_words(record: logging.LogRecord) -> bool:
    text = record.getMessage()
    scrubbed = _SAID.sub(r"\1, the rest left out", text)
    if scrubbed != text:
        record.msg = scrubbed
        record.args = None
    return True
