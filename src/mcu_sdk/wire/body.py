"""Request bodies as bytes with their content type."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

__all__ = ["Body", "form_body", "json_body", "upload_body"]


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a body and what they are."""

    content: bytes = field(repr=False)
    content_type: str


def json_body(value: Mapping[str, object]) -> Body:
    """Return *value* as compact UTF-8 JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Body(text.encode(), "application/json")


def form_body(fields: Mapping[str, str]) -> Body:
    """Return *fields* as `application/x-www-form-urlencoded`."""
    return Body(urlencode(fields).encode("ascii"), "application/x-www-form-urlencoded")


def upload_body(field_name: str, file_name: str, content: bytes, content_type: str) -> Body:
    """Return one file as `multipart/form-data` (RFC 7578, names in UTF-8).

    The boundary comes from the content, so that the same file is the same request.
    """
    boundary = hashlib.sha256(content).hexdigest()[:48]
    escaped = file_name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{escaped}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    )
    body = head.encode("utf-8", "replace") + content + f"\r\n--{boundary}--\r\n".encode("ascii")
    return Body(body, f"multipart/form-data; boundary={boundary}")
