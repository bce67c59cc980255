"""Keeps the headers of answers (cookies, redirects with a token in them) out of httpcore's log."""

from __future__ import annotations

import logging

__all__ = ["scrub_connection_logs"]

_LOGGERS = ("httpcore.http11", "httpcore.proxy")  # the ones that see an answer; we speak no HTTP/2
_HEADERS_BEGIN = ", [("


def scrub_connection_logs() -> None:
    """Have the headers left out of what httpcore logs at DEBUG; doing so twice changes nothing."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_without_headers)


def _without_headers(record: logging.LogRecord) -> bool:
    text = record.getMessage()
    if _HEADERS_BEGIN in text:
        record.msg = text.partition(_HEADERS_BEGIN)[0] + ", headers left out)"
        record.args = None
    return True
