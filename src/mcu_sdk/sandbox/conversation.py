"""HTTP/1.1 on one connection: requests to the sandbox, its answers back, faults in between."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import parse_qsl

import h11

from mcu_sdk.sandbox.answers import header_of, refusal
from mcu_sdk.sandbox.faults import Fault
from mcu_sdk.sandbox.line import Line
from mcu_sdk.sandbox.portal import PortalSandbox
from mcu_sdk.wire import Body, Request, Response

__all__ = ["Conversation"]

_SILENCE_SECONDS = 30.0
_LARGEST_HEAD_BYTES = 64 * 1024
_LARGEST_DISCARDED_BYTES = 256 * 1024 * 1024


class Conversation:
    """The exchanges with one client. *scheme* goes with every request as X-Forwarded-Proto."""

    def __init__(self, line: Line, sandbox: PortalSandbox, largest_body_bytes: int, scheme: str) -> None:
        self._line = line
        self._sandbox = sandbox
        self._largest_body_bytes = largest_body_bytes
        self._scheme = scheme
        self._http = h11.Connection(h11.SERVER, _LARGEST_HEAD_BYTES)

    async def hold(self) -> None:
        """Answer requests till one side has enough. Raises OSError when the client goes away."""
        while await self._exchange():
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _exchange(self) -> bool:
        """Answer one request; return whether another may follow."""
        try:
            head = await self._next_event()
            if not isinstance(head, h11.Request):
                return False
            request = self._request(head)
            if wrong := await self._refusal_of(request):
                await self._answer(wrong)
                return False
            fault = self._sandbox.fault_of(request)
            if fault and fault.kind and fault.kind.unread:
                await self._play(fault, request)
                return False
            request = await self._with_body(request)
        except h11.RemoteProtocolError as error:
            await self._answer(_closing(HTTPStatus.BAD_REQUEST, f"Не разобрать запрос: {error}"))
            return False
        if fault and fault.on_the_wire:
            await self._play(fault, request)
            return False
        await self._answer(self._sandbox.answer(request, fault), method=request.method)
        return True

    async def _play(self, fault: Fault, request: Request) -> None:
        assert fault.kind is not None  # noqa: S101  # told to the type checker
        assert fault.kind.play is not None  # noqa: S101  # same
        await fault.kind.play(self._line, self._sandbox.answer(request, fault), fault.seconds)

    async def _next_event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                await self._send(h11.InformationalResponse(status_code=100, headers=[]))
            async with asyncio.timeout(_SILENCE_SECONDS):
                received = await self._line.receive()
            if not received and self._http.their_state is h11.SEND_BODY:
                raise ConnectionResetError  # a body that ends early is dropped with its request
            self._http.receive_data(received)
        return event

    def _request(self, head: h11.Request) -> Request:
        path, _, query = head.target.decode("ascii").partition("?")
        headers = tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in head.headers)
        return Request(
            head.method.decode("ascii"),
            path,
            query=tuple(parse_qsl(query, keep_blank_values=True)),
            headers=(*headers, ("x-forwarded-proto", self._scheme)),
        )

    async def _refusal_of(self, request: Request) -> Response | None:
        if header_of(request, "transfer-encoding"):
            return _closing(HTTPStatus.LENGTH_REQUIRED, "Нужен Content-Length")
        length_bytes = int(header_of(request, "content-length") or "0")
        if length_bytes <= self._largest_body_bytes:
            return None
        # Unread bytes would reset the connection before the client has read the answer.
        await self._body(min(length_bytes, _LARGEST_DISCARDED_BYTES), keep=False)
        return _closing(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Тело больше {self._largest_body_bytes} байт")

    async def _with_body(self, request: Request) -> Request:
        content = await self._body(self._largest_body_bytes, keep=True)
        body = Body(content, header_of(request, "content-type")) if content else None
        return replace(request, body=body)

    async def _body(self, most_bytes: int, *, keep: bool) -> bytes:
        content = bytearray()
        received_bytes = 0
        while isinstance(event := await self._next_event(), h11.Data) and received_bytes < most_bytes:
            received_bytes += len(event.data)
            if keep:
                content += event.data
        return bytes(content)

    async def _answer(self, response: Response, *, method: str = "GET") -> None:
        headers = {
            "server": "mcu-sandbox",
            "date": formatdate(usegmt=True),
            **response.headers,
            "content-length": str(len(response.body)),
        }
        reason = HTTPStatus(response.status).phrase if response.status in _KNOWN_STATUSES else ""
        head = h11.Response(
            status_code=response.status,
            headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()],
            reason=reason,
        )
        body = b"" if method == "HEAD" else response.body
        await self._send(head, h11.Data(data=body), h11.EndOfMessage())

    async def _send(self, *events: h11.Event) -> None:
        # In one piece: a client on a kept connection would wait 40 ms for the second.
        await self._line.send(b"".join(self._http.send(event) or b"" for event in events))


_KNOWN_STATUSES = frozenset(HTTPStatus)


def _closing(status: HTTPStatus, words: str) -> Response:
    return refusal(status, words, connection="close")
