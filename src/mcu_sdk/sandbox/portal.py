"""The far side of the portal (ПОС) as it was observed in public code, for work without a network."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import ClassVar, NamedTuple
from urllib.parse import parse_qsl, unquote

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox.answers import JsonObject, confirmation, data, header_of, refusal
from mcu_sdk.sandbox.faults import FaultScript
from mcu_sdk.sandbox.files import FileStorage, SandboxFile
from mcu_sdk.sandbox.pages import page_of
from mcu_sdk.sandbox.reports import read_report, refusals_of
from mcu_sdk.sandbox.sample import sample_files
from mcu_sdk.sandbox.tokens import TokenDesk
from mcu_sdk.wire import Request, Response

__all__ = ["LogEntry", "PortalSandbox"]

_LOG_LENGTH = 100_000
_ID = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class LogEntry(NamedTuple):
    """One request and how it was answered, without the query, headers and bodies."""

    method: str
    path: str
    status: int


class PortalSandbox:
    """Answers like the portal, from memory; `MemoryTransport(sandbox.handle)` makes a client talk to it.

    *messages* are JSON objects as the portal lists them, say from `seeded_messages`; *files* what
    their attachments point to, by path, otherwise the files of the invented messages. *faults* spoil
    some of the requests. The credentials are the class's own and open nothing else. Safe to share
    between threads.
    """

    organisation_id: ClassVar[str] = "sandbox-organisation"
    organisation_secret: ClassVar[str] = "sandbox"  # noqa: S105  # opens the sandbox alone
    client_id: ClassVar[str] = "sandbox-client"
    client_secret: ClassVar[str] = "sandbox"  # noqa: S105  # same

    def __init__(
        self,
        messages: Iterable[JsonObject] = (),
        *,
        files: Mapping[str, SandboxFile] | None = None,
        faults: FaultScript | None = None,
        token_lifetime: timedelta = timedelta(hours=12),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lock = threading.Lock()
        self._queue: dict[int, JsonObject] = {}
        self._accepted: dict[int, JsonObject] = {}
        self._reports: dict[int, list[JsonObject]] = {}
        self._log: deque[LogEntry] = deque(maxlen=_LOG_LENGTH)
        self._request_count = 0
        self._faults = faults or FaultScript()
        self._files = FileStorage(sample_files() if files is None else files)
        self._tokens = TokenDesk(
            (self.organisation_id, self.organisation_secret),
            (self.client_id, self.client_secret),
            token_lifetime,
            monotonic,
        )
        for message in messages:
            self.add(message)

    def add(self, message: JsonObject) -> None:
        """Put a new message at the end of the queue. Raises UsageError unless its `id` is a new integer."""
        message_id = message.get("id")
        with self._lock:
            if type(message_id) is not int or self._knows(message_id):
                raise UsageError(
                    "sandbox.message_id",
                    "a message of the sandbox needs an integer id of its own",
                    "give it another id",
                )
            self._queue[message_id] = message

    @property
    def queue(self) -> tuple[int, ...]:
        """The ids of the messages not yet accepted, in the order they are listed."""
        with self._lock:
            return tuple(self._queue)

    @property
    def accepted(self) -> tuple[int, ...]:
        """The ids of the accepted messages, in the order they were accepted."""
        with self._lock:
            return tuple(self._accepted)

    def reports(self, message_id: int) -> tuple[JsonObject, ...]:
        """Return the statuses and answers taken for a message, as they were sent."""
        with self._lock:
            return tuple(self._reports.get(message_id, ()))

    @property
    def uploads(self) -> tuple[SandboxFile, ...]:
        """The files that were uploaded, in order."""
        with self._lock:
            return tuple(self._files.uploaded.values())

    @property
    def log(self) -> tuple[LogEntry, ...]:
        """What was asked and answered, in order; of a long run the last 100,000."""
        with self._lock:
            return tuple(self._log)

    def handle(self, request: Request) -> Response:
        """Answer *request*. Never raises for what a client may send."""
        path, _, query = request.target.partition("?")
        with self._lock:
            self._request_count += 1
            response = self._spoiled() or self._answer(request, path, query)
            self._log.append(LogEntry(request.method, path, response.status))
            return response

    def _spoiled(self) -> Response | None:
        fault = self._faults.at(self._request_count)
        if fault is None:
            return None
        if fault.status == 401:
            self._tokens.revoke_all()
        return fault.response()

    def _answer(self, request: Request, path: str, query: str) -> Response:
        route = (request.method, *(unquote(part) for part in path.split("/")[1:]))
        if route == ("POST", "user-service", "oauth", "token"):
            return self._tokens.issue(request)
        if not self._tokens.admits(request):
            return refusal(401, "Требуется авторизация", www_authenticate="Bearer")
        return self._operate(route, request, path, query)

    def _operate(self, route: tuple[str, ...], request: Request, path: str, query: str) -> Response:
        match route:
            case ("GET", "appeal-service", "edms"):
                return self._list(request, query)
            case ("POST", "appeal-service", "edms", number, "mark-accepted"):
                return self._accept(number)
            case ("POST", "appeal-service", "edms", number):
                return self._report(number, request)
            case ("POST", "file-storage-service", "filestorage"):
                return self._files.store(request)
            case ("GET", "file-storage-service", "filestorage", _):
                return self._files.give(path)
            case _:
                return refusal(404, "Нет такой операции")

    def _list(self, request: Request, query: str) -> Response:
        content, rest = page_of(self._queue.values(), dict(parse_qsl(query)))
        host = header_of(request, "host")
        return data({"content": [_with_addresses(item, host) for item in content], **rest})

    def _accept(self, number: str) -> Response:
        message_id = self._id_of(number)
        if message_id is None:
            return _unknown_message()
        if message_id in self._queue:
            self._accepted[message_id] = self._queue.pop(message_id)
        return confirmation()

    def _report(self, number: str, request: Request) -> Response:
        message_id = self._id_of(number)
        if message_id is None:
            return _unknown_message()
        report = read_report(request.body.content) if request.body else None
        if report is None:
            return refusal(400, "Тело запроса — не объект JSON")
        if wrong := refusals_of(report, message_id, self._files.uploaded):
            return refusal(400, *wrong)
        self._reports.setdefault(message_id, []).append(report)
        return confirmation()

    def _id_of(self, number: str) -> int | None:
        message_id = int(number) if _ID.fullmatch(number) else 0
        return message_id if self._knows(message_id) else None

    def _knows(self, message_id: int) -> bool:
        return message_id in self._queue or message_id in self._accepted


def _unknown_message() -> Response:
    return refusal(404, "Сообщение не найдено")


def _with_addresses(message: JsonObject, host: str) -> JsonObject:
    """Return *message* with whole addresses of its files when the request came over HTTP."""
    attached = message.get("attachments")
    if not host or not isinstance(attached, list) or not attached:
        return message
    whole = [
        f"http://{host}{path}" if isinstance(path, str) and path.startswith("/") else path
        for path in attached
    ]
    return {**message, "attachments": whole}
