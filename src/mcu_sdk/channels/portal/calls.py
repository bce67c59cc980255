"""Every operation of the portal as a call: what to send and how to read the answer."""

from __future__ import annotations

import base64
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import partial
from urllib.parse import unquote, urlsplit

from pydantic import TypeAdapter

from mcu_sdk.channels.portal.errors import words_of
from mcu_sdk.channels.portal.models import (
    DownloadedFile,
    Listing,
    PortalMessage,
    RawListing,
    StatusReport,
    StoredFile,
    TokenReply,
)
from mcu_sdk.errors import Unreadable, UsageError
from mcu_sdk.wire import (
    Call,
    Page,
    Repeat,
    Request,
    Response,
    Secret,
    Token,
    UnreadItem,
    check_status,
    check_whole,
    form_body,
    json_body,
    parse_body,
    parse_items,
    path_of,
    repeated_page,
    unreadable,
    upload_body,
)

__all__ = ["download", "issue_token", "list_messages", "mark_accepted", "report", "save", "upload"]

_LISTING = TypeAdapter(Listing)
_RAW_LISTING = TypeAdapter(RawListing)
_MESSAGE = TypeAdapter(PortalMessage)
_TOKEN = TypeAdapter(TokenReply)
_FILE = TypeAdapter(StoredFile)


def issue_token(
    organisation_id: str, organisation_secret: Secret, client_id: str, client_secret: Secret
) -> Call[Token]:
    """Return the call for an access token (password grant, client pair over HTTP Basic)."""
    pair = base64.b64encode(f"{client_id}:{client_secret.reveal()}".encode()).decode("ascii")
    request = Request(
        "POST",
        "/user-service/oauth/token",
        headers=(("Authorization", f"Basic {pair}"),),
        body=form_body(
            {
                "grant_type": "password",
                "scope": "any",
                "username": organisation_id,
                "password": organisation_secret.reveal(),
            }
        ),
        authorized=False,
    )
    return Call(request, _read_token)


def _read_token(response: Response) -> Token:
    check_status(response, words_of)
    token = parse_body(response, _TOKEN).access_token
    if not token or not all("!" <= letter <= "~" for letter in token):
        raise unreadable(response, "access_token is not a token (RFC 6750)")
    return Token(Secret(token))


def list_messages() -> Call[Page[PortalMessage]]:
    """Return the call for the first page of messages that are not yet accepted."""
    request = Request("GET", "/appeal-service/edms")
    return Call(request, partial(_read_page, request, None))


def _read_page(request: Request, asked_number: int | None, response: Response) -> Page[PortalMessage]:
    check_status(response, words_of)
    listing: Listing | RawListing
    unread: tuple[UnreadItem, ...] = ()
    try:
        listing = parse_body(response, _LISTING)
        items = listing.content
    except Unreadable:
        listing = parse_body(response, _RAW_LISTING)
        items, unread = parse_items(listing.content, _MESSAGE)
    if asked_number not in (None, listing.number):
        raise repeated_page(response.status)
    following = None
    if not _is_last(listing):
        number = listing.number + 1
        after = request.with_query(page=number, **({"size": listing.size} if listing.size else {}))
        following = Call(after, partial(_read_page, after, number))
    return Page(items, unread, following, listing.total_elements)


def _is_last(listing: Listing | RawListing) -> bool:
    if listing.last is not None:
        return listing.last
    return not listing.content or listing.number + 1 >= (listing.total_pages or 1)


def mark_accepted(message_id: int | str) -> Call[None]:
    """Return the call that takes a message off the queue; repeating it is harmless."""
    return Call(
        Request("POST", path_of("appeal-service", "edms", message_id, "mark-accepted")), _read_nothing
    )


def report(message_id: int | str, status_report: StatusReport) -> Call[None]:
    """Return the call that reports a status or an answer. It is never repeated blindly."""
    fields = status_report.model_dump(mode="json", by_alias=True, exclude_none=True)
    text = str(message_id)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else message_id
    return Call(
        Request(
            "POST",
            path_of("appeal-service", "edms", message_id),
            body=json_body({"id": number} | fields),
            repeat=Repeat.NEVER,
        ),
        _read_nothing,
    )


def _read_nothing(response: Response) -> None:
    check_status(response, words_of)
    if response.is_html:
        raise unreadable(response, "an HTML page instead of a confirmation")


def upload(name: str, content: bytes, content_type: str) -> Call[StoredFile]:
    """Return the call that stores a file on the portal."""
    return Call(
        Request(
            "POST",
            "/file-storage-service/filestorage",
            body=upload_body("file", name, content, content_type),
            repeat=Repeat.NEVER,
        ),
        _read_file,
    )


def _read_file(response: Response) -> StoredFile:
    check_status(response, words_of)
    return parse_body(response, _FILE)


def download(url: str, base_url: str) -> Call[DownloadedFile]:
    """Return the call for a message's file. Raises UsageError for an address outside *base_url*.

    Such an address would be sent our token.
    """
    return Call(_file_request(url, base_url), _read_download)


def save(url: str, base_url: str, *, otherwise_checked: bool) -> Call[str | None]:
    """Return the call whose body is a message's file and whose answer its content type.

    *otherwise_checked* says that its size or digest is known. Raises UsageError like `download`.
    """
    return Call(_file_request(url, base_url), partial(_read_saved, otherwise_checked))


def _file_request(url: str, base_url: str) -> Request:
    path = _path_under(url, base_url)
    if path is None:
        raise UsageError(
            "portal.foreign_file",
            "the file does not lie on the portal",
            "open its address by hand",
        )
    return Request("GET", path)


def _path_under(url: str, base_url: str) -> str | None:
    try:
        there, ours = urlsplit(url), urlsplit(base_url)
    except ValueError:
        return None
    root = ours.path.rstrip("/")
    path = there.path.removeprefix(root)
    elsewhere = (there.scheme or there.netloc) and (there.scheme, there.netloc) != (ours.scheme, ours.netloc)
    if elsewhere or not there.path.startswith(f"{root}/") or path.startswith("//"):
        return None
    if ".." in unquote(path).replace("\\", "/").split("/"):
        return None
    return f"{path}?{there.query}" if there.query else path


def _file_name(response: Response) -> str:
    """Return the name in Content-Disposition, the extended form before the plain one (RFC 6266, 4.3)."""
    header = Message()
    header["Content-Disposition"] = response.headers.get("content-disposition", "attachment")
    parameters: list[tuple[str, str | tuple[str, str, str]]] = header.get_params([], "content-disposition")  # type: ignore[assignment]  # typeshed leaves the extended form out
    values = [value for name, value in parameters if name == "filename"]
    return collapse_rfc2231_value(max(values, key=lambda value: isinstance(value, tuple), default=""))


def _read_saved(otherwise_checked: bool, response: Response) -> str | None:
    _check_file(response, otherwise_checked=otherwise_checked)
    return response.content_type or None


def _check_file(response: Response, *, otherwise_checked: bool = False) -> None:
    check_status(response, words_of)
    check_whole(response, otherwise_checked=otherwise_checked)
    if response.is_html and "content-disposition" not in response.headers:
        raise unreadable(response, "an HTML page instead of a file; the login may have been lost")


def _read_download(response: Response) -> DownloadedFile:
    _check_file(response)
    name = _file_name(response).replace("\\", "/").rpartition("/")[2]
    return DownloadedFile(
        content=response.body,
        name=name if name.strip(".") else None,
        content_type=response.content_type or None,
    )
