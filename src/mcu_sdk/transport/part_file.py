"""A file that arrives: under its name stands the whole of it, or what stood there before."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from mcu_sdk.errors import FileError, Unreadable, UsageError

__all__ = ["LARGEST_FILE_BYTES", "PartFile", "SavedFile"]

LARGEST_FILE_BYTES = 4 * 1024**3
_LONGEST_NAME_BYTES = 200  # of the 255 that file systems take: the part's mark comes after it
_SUCCESS = 200


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file on the disk, whole. `sha256` is in lower-case hexadecimal."""

    path: Path
    size_bytes: int
    sha256: str
    content_type: str | None = None


class PartFile:
    """Takes a body into `NAME.….part` beside *path*; `finish()` gives it its name.

    In a `with` block: whatever ends it before `finish()`, the part is removed and *path* is as it
    was. Only a killed process leaves its part behind, which nothing reads. Every part has a name of
    its own, so that two processes may save to one path; the later wins.

    Raises UsageError for a *sha256* that is none, FileError where the file cannot be written, and
    Unreadable for a body that grows over *size_bytes* or *largest_bytes*.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, PartFile(f"{folder}/a.txt", size_bytes=3) as part:
    ...     part.write(b"abc")
    ...     saved = part.finish("text/plain")
    >>> saved.size_bytes, saved.sha256[:8]
    (3, 'ba7816bf')
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        sha256: str | None = None,
        size_bytes: int | None = None,
        largest_bytes: int = LARGEST_FILE_BYTES,
    ) -> None:
        if sha256 is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
            raise UsageError(
                "usage.digest", "a SHA-256 digest is 64 hexadecimal digits", "leave it out if it is not known"
            )
        self._path = Path(path)
        self._wanted_sha256 = sha256.lower() if sha256 else None
        self._wanted_bytes = size_bytes
        self._largest_bytes = largest_bytes
        self._size_bytes = 0
        self._digest = hashlib.sha256()
        name = self._path.name.encode("utf-8", "ignore")[:_LONGEST_NAME_BYTES].decode("utf-8", "ignore")
        self._part = self._path.parent / f"{name}.{secrets.token_hex(6)}.part"

    def __enter__(self) -> Self:
        with self._ours_on_failure():
            if self._path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            self._file = self._part.open("xb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is left of a finished part is nothing; of a failed one, its buffer may fail again.
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._part.unlink()

    def restart(self) -> None:
        """Forget what came before: a body begins."""
        with self._ours_on_failure():
            self._file.seek(0)
            self._file.truncate()
        self._size_bytes = 0
        self._digest = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._size_bytes += len(chunk)
        if self._size_bytes > self._largest_bytes:
            raise Unreadable(
                "api.body_too_large",
                f"the file is larger than {self._largest_bytes} bytes",
                "allow more, if that is to be expected",
                status=_SUCCESS,
                largest_body_bytes=self._largest_bytes,
            )
        if self._wanted_bytes is not None and self._size_bytes > self._wanted_bytes:
            raise _wrong_size(self._wanted_bytes)
        self._digest.update(chunk)
        with self._ours_on_failure():
            self._file.write(chunk)

    def finish(self, content_type: str | None = None) -> SavedFile:
        """Return the file under its name, checked, and on the disk for good; waits for the disk.

        Raises Unreadable for another length or digest than was promised, FileError where the disk
        or the rights forbid it.
        """
        sha256 = self._digest.hexdigest()
        if self._wanted_bytes not in (None, self._size_bytes):
            raise _wrong_size(self._wanted_bytes)
        if self._wanted_sha256 not in (None, sha256):
            raise Unreadable(
                "api.wrong_digest",
                "the file is not the promised one: its SHA-256 digest differs",
                "get the file's address and digest anew",
                status=_SUCCESS,
            )
        with self._ours_on_failure(), _folder_synced_after(self._path.parent):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._part.replace(self._path)
        return SavedFile(self._path, self._size_bytes, sha256, content_type)

    @contextmanager
    def _ours_on_failure(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
        except ValueError:  # a NUL in the path, or a part that is closed
            reason = "ValueError"
        else:
            return
        raise FileError(
            "file.not_written",
            f"{self._path} cannot be written: {reason}",
            "check the path, the rights and the free space",
            file=str(self._path),
            reason=reason,
        ) from None


@contextmanager
def _folder_synced_after(folder: Path) -> Generator[None]:
    if os.name != "posix":
        yield
        return
    # Opened first: once the file has its name, as little as may be can still fail.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems cannot do it for a folder
            raise
    finally:
        os.close(descriptor)


def _wrong_size(wanted_bytes: int | None) -> Unreadable:
    return Unreadable(
        "api.wrong_size",
        f"the file is not the promised one: it does not have {wanted_bytes} bytes",
        "get the file's address and size anew",
        status=_SUCCESS,
        wanted_bytes=wanted_bytes,
    )
