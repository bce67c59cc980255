"""The portal's file storage: files out of `multipart/form-data` and back out for download."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from mcu_sdk.sandbox.answers import data, refusal
from mcu_sdk.wire import Body, Request, Response

__all__ = ["STORAGE_PATH", "FileStorage", "SandboxFile"]

STORAGE_PATH = "/file-storage-service/filestorage"


@dataclass(frozen=True, slots=True)
class SandboxFile:
    """A file on the portal, whole."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


class FileStorage:
    """Files by the path they are downloaded from; uploaded ones get ids of their own."""

    def __init__(self, files: Mapping[str, SandboxFile]) -> None:
        self._by_path = dict(files)
        self._uploaded: dict[str, SandboxFile] = {}

    @property
    def uploaded(self) -> Mapping[str, SandboxFile]:
        """What was uploaded, by id, in order."""
        return dict(self._uploaded)

    def store(self, request: Request) -> Response:
        """Take the multipart field `file` of *request*; return its description, or 400."""
        stored = _field_file(request.body) if request.body else None
        if stored is None:
            return refusal(400, "Нужно поле file в multipart/form-data")
        file_id = str(uuid5(NAMESPACE_URL, f"sandbox-file-{len(self._uploaded) + 1}"))
        path = f"{STORAGE_PATH}/{file_id}"
        self._uploaded[file_id] = self._by_path[path] = stored
        return data(
            {
                "id": file_id,
                "name": stored.name,
                "size": len(stored.content),
                "contentType": stored.content_type,
                "temporary": True,
                "avatar": False,
                "previewUrl": None,
                "url": path,
            }
        )

    def give(self, path: str) -> Response:
        """Return the file at *path* with its name (RFC 6266), or 404."""
        found = self._by_path.get(path)
        if found is None:
            return refusal(404, "Файл не найден")
        disposition = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        return Response(
            200, {"content-type": found.content_type, "content-disposition": disposition}, found.content
        )


def _field_file(body: Body) -> SandboxFile | None:
    """Return the part named `file`. Bytes are cut by hand: the e-mail parser would touch line ends."""
    boundary = _headers(f"Content-Type: {body.content_type}").get_param("boundary")
    if not body.content_type.lower().startswith("multipart/form-data") or not isinstance(boundary, str):
        return None
    for part in (b"\r\n" + body.content).split(b"\r\n--" + boundary.encode())[1:]:
        head, end, content = part.partition(b"\r\n\r\n")
        headers = _headers(head.decode(errors="replace").removeprefix("\r\n"))
        name = headers.get_filename()
        if end and name and headers.get_param("name", header="content-disposition") == "file":
            return SandboxFile(name, headers.get_content_type(), content)
    return None


def _headers(text: str) -> Message:
    # The older policy on purpose: the newer ones raise IndexError for some broken headers.
    return HeaderParser(policy=compat32).parsestr(text, headersonly=True)
