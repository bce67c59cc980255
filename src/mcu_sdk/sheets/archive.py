"""The archive that a workbook is, opened with every bound on what it may cost. Needs no extra."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from mcu_sdk.errors import FileError
from mcu_sdk.sheets.limits import SheetLimits

__all__ = ["Archive", "broken", "first_bytes"]

_MIB = 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_MOST_AT_ONCE_BYTES = _MIB
_ENCRYPTED = 1
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ARCHIVES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".zip", ".rar", ".7z")
# What zipfile and zlib raise on hostile files, found by reading them and by fuzzing.
_FAILURES = (
    BadZipFile,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


class _Bounded(io.FileIO):
    """A file that never gives much at once: the list of an archive's entries is read in one go."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = _MOST_AT_ONCE_BYTES
        if size > _MOST_AT_ONCE_BYTES:
            raise _ListTooLong
        return super().read(size) or b""


class _ListTooLong(Exception):
    """The list of entries is longer than any workbook's."""


class Archive:
    """The parts of one workbook, by name."""

    def __init__(self, path: Path, limits: SheetLimits) -> None:
        self._path = path
        self._limits = limits
        with self._opened() as archive:
            entries = archive.infolist()
        self._check(entries)
        self._names = {_plain(entry.filename): entry for entry in entries}

    @property
    def file(self) -> str:
        """The file's name, for errors."""
        return self._path.name

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._names

    def holds_tables(self) -> bool:
        """Tell whether the archive holds files that are tables or archives themselves."""
        return any(name.endswith(_ARCHIVES) for name in self._names)

    def chunks(self, name: str) -> Generator[bytes]:
        """Yield the inflated bytes of one part. Raises FileError, also for one that is not there."""
        entry = self._names.get(_plain(name))
        if entry is None:
            raise broken(self.file, "a part is missing", "нет одной из частей")
        inflated_bytes = 0
        with self._opened() as archive:
            try:
                with archive.open(entry) as part:
                    while chunk := part.read(_CHUNK_BYTES):
                        inflated_bytes += len(chunk)
                        self._check_size(inflated_bytes, entry.compress_size)
                        yield chunk
            except _FAILURES:
                failure = broken(self.file, "a part cannot be unpacked", "одна из частей не распаковывается")
            else:
                return
        raise failure

    def check_parts(self, names: Iterable[str]) -> None:
        """Inflate the parts once, so that nothing is read of a file that breaks off or costs too much.

        Every `<` begins a tag in any encoding of XML, so their number bounds the time of reading.
        """
        tags = 0
        for name in names:
            for chunk in self.chunks(name):
                tags += chunk.count(b"<")
                if tags > self._limits.most_tags:
                    raise FileError(
                        "file.too_many_cells",
                        f"{self.file} has more cells than are read at once",
                        "export it in parts, or give other limits",
                        file=self.file,
                    )

    @contextmanager
    def _opened(self) -> Generator[ZipFile]:
        try:
            with _Bounded(self._path) as file, ZipFile(file) as archive:
                yield archive
        except _ListTooLong:
            failure = self._too_many_entries()
        except _FAILURES:
            failure = broken(self.file, "it is no whole archive", "это не целый архив")
        else:
            return
        raise failure

    def _check(self, entries: list[ZipInfo]) -> None:
        if len(entries) > self._limits.most_entries:
            raise self._too_many_entries()
        for entry in entries:
            if entry.flag_bits & _ENCRYPTED:
                raise encrypted(self.file)
            if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise broken(
                    self.file,
                    "it is packed in a way that workbooks are not",
                    "он упакован не так, как книги Excel",
                )
            self._check_size(entry.file_size, entry.compress_size)
        self._check_size(sum(entry.file_size for entry in entries), self._limits.largest_inflated_bytes)

    def _check_size(self, inflated_bytes: int, packed_bytes: int) -> None:
        largest = self._limits.largest_inflated_bytes
        if inflated_bytes > min(largest, _MIB + packed_bytes * self._limits.largest_ratio):
            raise FileError(
                "file.inflates",
                f"{self.file} inflates beyond {largest // _MIB} MiB"
                f" or {self._limits.largest_ratio} times its size",
                "do not open it: it may be an attack; export the table again",
                file=self.file,
                largest_mib=largest // _MIB,
                largest_ratio=self._limits.largest_ratio,
            )

    def _too_many_entries(self) -> FileError:
        return FileError(
            "file.too_many_entries",
            f"{self.file} is an archive of more than {self._limits.most_entries} parts",
            "do not open it: it may be an attack; export the table again",
            file=self.file,
            most_entries=self._limits.most_entries,
        )


def first_bytes(path: Path, limits: SheetLimits) -> bytes:
    """Return the beginning of a file that is neither too large nor an old or encrypted workbook.

    Raises FileError.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(len(_OLE))
            size_bytes = file.seek(0, io.SEEK_END)
            if size_bytes <= limits.largest_file_bytes and beginning == _OLE:
                raise encrypted(path.name) if _is_encrypted(file) else _old_excel(path.name)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        pass
    else:
        if size_bytes > limits.largest_file_bytes:
            raise _too_large(path.name, limits)
        return beginning
    raise FileError(
        "file.not_opened", f"{path} cannot be opened", "check the path and the rights", file=str(path)
    )


def _is_encrypted(file: BinaryIO) -> bool:
    file.seek(0)
    before = b""
    while chunk := file.read(_CHUNK_BYTES):
        if _OLE_ENCRYPTED in before + chunk:
            return True
        before = chunk[-len(_OLE_ENCRYPTED) :]
    return False


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def broken(file: str, reason: str, reason_ru: str) -> FileError:
    """Return the error for a workbook that is damaged or made wrong."""
    return FileError(
        "file.broken",
        f"{file} is damaged: {reason}",
        "open it in a spreadsheet program and save it anew, or export it again",
        file=file,
        reason=reason,
        reason_ru=reason_ru,
    )


def encrypted(file: str) -> FileError:
    """Return the error for a workbook with a password."""
    return FileError(
        "file.encrypted", f"{file} is protected by a password", "save it without a password", file=file
    )


def _old_excel(file: str) -> FileError:
    return FileError(
        "file.old_excel",
        f"{file} is a workbook of Excel 97-2003, whatever its name says",
        "save it as .xlsx or CSV",
        file=file,
    )


def _too_large(file: str, limits: SheetLimits) -> FileError:
    return FileError(
        "file.too_large",
        f"{file} is larger than {limits.largest_file_bytes // _MIB} MiB",
        "export it in parts",
        file=file,
        largest_mib=limits.largest_file_bytes // _MIB,
    )
