"""The far side of the portal (ПОС) as it was observed in public code, for work without a network."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import ClassVar, NamedTuple
from urllib.parse import parse_qsl

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox.answers import JsonObject, confirmation, data, header_of, refusal
from mcu_sdk.sandbox.faults import Fault, FaultScript
from mcu_sdk.sandbox.files import FileStorage, SandboxFile
from mcu_sdk.sandbox.operations import operation_of
from mcu_sdk.sandbox.pages import page_of
from mcu_sdk.sandbox.reports import read_report, refusals_of
from mcu_sdk.sandbox.sample import sample_files
from mcu_sdk.sandbox.spoiling import refused
from mcu_sdk.sandbox.tokens import TokenDesk
from mcu_sdk.wire import Request, Response

__all__ = ["LogEntry", "PortalSandbox"]

_LOG_LENGTH = 100_000
_ID = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class LogEntry(NamedTuple):
    """One request and how it was answered, without the query, headers and bodies.

    The status is 0 for a request that a fault took away before anything was done.
    """

    method: str
    path: str
    status: int


class PortalSandbox:
    """Answers like the portal, from memory; `MemoryTransport(sandbox.handle)` makes a client talk to it.

    *messages* are JSON objects as the portal lists them, say from `seeded_messages`; *files* what
    their attachments point to, by path, otherwise the files of the invented messages. *faults* spoil
    some of the requests; those on the wire need a `SandboxServer`. The credentials are the class's
    own and open nothing else. Safe to share between threads.
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
        self._counts: Counter[str] = Counter()
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
        """Answer *request*. Never raises for what a client may send.

        Raises UsageError when the script has a fault of the wire: there is none here.
        """
        if wire := next((fault.name for fault in self._faults.faults if fault.on_the_wire), None):
            raise UsageError(
                "sandbox.wire_fault",
                f"the fault {wire!r} happens on the wire, and there is none",
                "serve the sandbox by SandboxServer",
                fault=wire,
            )
        return self.answer(request, self.fault_of(request))

    def fault_of(self, request: Request) -> Fault | None:
        """Count *request* and return the fault that the script has for it. For a server of the sandbox."""
        operation, _ = operation_of(request)
        with self._lock:
            self._counts.update(("", operation) if operation else ("",))
            return self._faults.at(self._counts[""], operation, self._counts[operation])

    def answer(self, request: Request, fault: Fault | None) -> Response:
        """Do what is asked, unless *fault* keeps it from taking effect, and return the answer.

        A fault of the wire leaves the answer to be sent as it is. For a server of the sandbox.
        """
        with self._lock:
            if fault is None or fault.takes_effect:
                response = self._answer(request)
            else:
                response = self._nothing_done(fault)
            if fault and fault.kind and fault.kind.spoil:
                response = fault.kind.spoil(response)
            self._log.append(LogEntry(request.method, request.target.partition("?")[0], response.status))
            return response

    def _nothing_done(self, fault: Fault) -> Response:
        if fault.status == 401:
            self._tokens.revoke_all()
        return Response(0) if fault.status is None else refused(fault.status, fault.value)

    def _answer(self, request: Request) -> Response:
        operation, number = operation_of(request)
        if operation != "token" and not self._tokens.admits(request):
            return refusal(401, "Требуется авторизация", www_authenticate="Bearer")
        path, _, query = request.target.partition("?")
        match operation:
            case "token":
                response = self._tokens.issue(request)
            case "list":
                response = self._list(request, query)
            case "mark-accepted":
                response = self._accept(number)
            case "report":
                response = self._report(number, request)
            case "upload":
                response = self._files.store(request)
            case "download":
                response = self._files.give(path)
            case _:
                response = refusal(404, "Нет такой операции")
        return response

    def _list(self, request: Request, query: str) -> Response:
        content, rest = page_of(self._queue.values(), dict(parse_qsl(query)))
        host = header_of(request, "host")
        root = f"{header_of(request, 'x-forwarded-proto') or 'http'}://{host}" if host else ""
        return data({"content": [_with_addresses(item, root) for item in content], **rest})

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


def _with_addresses(message: JsonObject, root: str) -> JsonObject:
    """Return *message* with whole addresses of its files when the request came over HTTP."""
    attached = message.get("attachments")
    if not root or not isinstance(attached, list) or not attached:
        return message
    whole = [f"{root}{path}" if isinstance(path, str) and path.startswith("/") else path for path in attached]
    return {**message, "attachments": whole}
