"""Reading the XML of a workbook piece by piece. One of two modules that know defusedxml."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TypeVar
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from mcu_sdk.errors import FileError, MissingExtra
from mcu_sdk.sheets.archive import Archive, broken
from mcu_sdk.sheets.limits import SheetLimits
from mcu_sdk.sheets.row_limits import cell_too_long

try:
    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import DefusedExpatParser
except ImportError as _error:
    raise MissingExtra.named("xlsx", "reading .xlsx") from _error

__all__ = ["PartHandler", "read_part"]

_DEEPEST = 64
_LONGEST_SILENCE_BYTES = 1024 * 1024


class PartHandler(ContentHandler):
    """Hears the elements of one part, by their names without prefixes.

    A subclass overrides `begin` and `finish`, and sets `listening` while it wants the text.
    """

    def __init__(self, file: str, limits: SheetLimits) -> None:
        super().__init__()
        self.file = file
        self.over = False
        self.listening = False
        self.events = 0
        self.row: int | None = None
        self._longest = limits.longest_cell_characters
        self._heard: list[str] = []
        self._heard_characters = 0
        self._depth = 0

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """Hear the start of an element."""

    def finish(self, name: str) -> None:
        """Hear its end."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # SAX's own name
        """Pass an element on."""
        self.events += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise broken(self.file, "its XML is nested too deeply", "XML слишком глубоко вложен")
        self.begin(name.rpartition(":")[2] if ":" in name else name, attrs)  # type: ignore[arg-type]

    def endElement(self, name: str) -> None:  # noqa: N802
        """Pass its end on."""
        self.events += 1
        self._depth -= 1
        self.finish(name.rpartition(":")[2] if ":" in name else name)

    def characters(self, content: str) -> None:
        """Keep text while it is wanted."""
        self.events += 1
        if self.listening:
            self._heard.append(content)
            self._heard_characters += len(content)
            if self._heard_characters > self._longest:
                raise cell_too_long(self.file, None, self.row, self._longest)

    def text(self) -> str:
        """Return what was heard, and stop listening."""
        heard = "".join(self._heard)
        self._heard.clear()
        self._heard_characters = 0
        self.listening = False
        return heard


_Item = TypeVar("_Item")


def read_part(
    archive: Archive, name: str, handler: PartHandler, taken: Callable[[], list[_Item]]
) -> Generator[_Item]:
    """Feed one part to *handler*, yielding what it has *taken* so far, until it is over.

    A document type, an entity, a token of more than a MiB and broken XML are refused with FileError.
    """
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    silent_bytes = 0
    for chunk in archive.chunks(name):
        before = handler.events
        _feed(parser, chunk, archive.file)
        silent_bytes = 0 if handler.events > before else silent_bytes + len(chunk)
        if silent_bytes > _LONGEST_SILENCE_BYTES:
            raise broken(
                archive.file,
                "its XML has a part of more than a MiB without an end",
                "в XML есть часть больше МиБ без конца",
            )
        yield from taken()
        if handler.over:
            return
    _close(parser, archive.file)
    yield from taken()


def _feed(parser: DefusedExpatParser, chunk: bytes, file: str) -> None:
    try:
        parser.feed(chunk)
    except DefusedXmlException:
        failure = FileError(
            "file.entities",
            f"{file} declares XML entities or a document type, which no workbook needs",
            "do not open it: it may be an attack; export the table again",
            file=file,
        )
    except (SAXException, ValueError, LookupError):  # an unknown encoding is a LookupError
        failure = broken(file, "its XML cannot be read", "XML не читается")
    else:
        return
    raise failure


def _close(parser: DefusedExpatParser, file: str) -> None:
    try:
        parser.close()
    except (SAXException, ValueError):
        failure = broken(file, "its XML breaks off", "XML обрывается")
    else:
        return
    raise failure
