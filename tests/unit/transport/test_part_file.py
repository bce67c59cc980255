"""A file appears under its name whole, or not at all, and leaves nothing beside it."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from mcu_sdk.errors import FileError, Unreadable, UsageError
from mcu_sdk.transport import PartFile, SavedFile

BODY = b"whole body"
DIGEST = hashlib.sha256(BODY).hexdigest()


def save(path: Path | str, *chunks: bytes, **options: Any) -> SavedFile:
    """Save *chunks* as one body."""
    with PartFile(path, **options) as part:
        part.restart()
        for chunk in chunks:
            part.write(chunk)
        return part.finish("text/plain")


def break_off(path: Path, length: int) -> None:
    """Begin a body of *length* chunks and never finish it."""
    with PartFile(path) as part:
        for _ in range(length):
            part.write(b"x" * 100_000)
        raise KeyboardInterrupt


def names_in(folder: Path) -> list[str]:
    """The names in *folder*, sorted."""
    return sorted(path.name for path in folder.iterdir())


def test_a_saved_file_is_described(tmp_path: Path) -> None:
    """Path, size, digest and type come back, and the folder holds the file alone."""
    saved = save(tmp_path / "a.txt", b"whole ", b"body", sha256=DIGEST.upper(), size_bytes=len(BODY))
    assert saved == SavedFile(tmp_path / "a.txt", len(BODY), DIGEST, "text/plain")
    assert (tmp_path / "a.txt").read_bytes() == BODY
    assert names_in(tmp_path) == ["a.txt"]


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    """Nothing, promised as nothing, is saved."""
    assert save(tmp_path / "a", size_bytes=0).size_bytes == 0
    assert (tmp_path / "a").read_bytes() == b""


def test_a_new_beginning_forgets_the_first(tmp_path: Path) -> None:
    """A second attempt leaves nothing of a longer first one, in the file or the digest."""
    with PartFile(tmp_path / "a", sha256=DIGEST, size_bytes=len(BODY)) as part:
        part.restart()
        part.write(b"x" * 9)
        part.restart()
        part.write(BODY)
        assert part.finish().sha256 == DIGEST
    assert (tmp_path / "a").read_bytes() == BODY


def test_rights_are_those_of_any_new_file(tmp_path: Path) -> None:
    """The process's own mask decides, as everywhere."""
    before = os.umask(0o027)
    try:
        save(tmp_path / "a", BODY)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@pytest.mark.parametrize("old", [None, b"old"])
@pytest.mark.parametrize(
    ("chunks", "options", "code"),
    [
        ([b"whole "], {"size_bytes": len(BODY)}, "api.wrong_size"),
        ([BODY, b"!"], {"size_bytes": len(BODY)}, "api.wrong_size"),
        ([b"whole bodY"], {"sha256": DIGEST}, "api.wrong_digest"),
        ([BODY, b"!"], {"largest_bytes": len(BODY)}, "api.body_too_large"),
    ],
    ids=["short", "long", "another", "over the bound"],
)
def test_another_file_than_promised_is_not_kept(
    tmp_path: Path, old: bytes | None, chunks: list[bytes], options: dict[str, Any], code: str
) -> None:
    """The wrong file leaves no trace, and the one before it stays."""
    path = tmp_path / "a"
    if old is not None:
        path.write_bytes(old)
    with pytest.raises(Unreadable) as raised:
        save(path, *chunks, **options)
    assert raised.value.code == code
    assert names_in(tmp_path) == ([] if old is None else ["a"])
    assert old is None or path.read_bytes() == old


@pytest.mark.parametrize("length", range(4))
def test_a_body_broken_off_anywhere_leaves_nothing(tmp_path: Path, length: int) -> None:
    """Whatever error ends the block, a keyboard interrupt included."""
    with pytest.raises(KeyboardInterrupt):
        break_off(tmp_path / "a", length)
    assert names_in(tmp_path) == []


def test_a_block_without_a_finish_saves_nothing(tmp_path: Path) -> None:
    """Only `finish()` gives the file its name."""
    with PartFile(tmp_path / "a") as part:
        part.write(BODY)
        assert len(names_in(tmp_path)) == 1
        assert names_in(tmp_path)[0].startswith("a.")
        assert names_in(tmp_path)[0].endswith(".part")
    assert names_in(tmp_path) == []


def test_two_may_save_to_one_path(tmp_path: Path) -> None:
    """Each has a part of its own; the later to finish wins, whole."""
    with PartFile(tmp_path / "a") as first, PartFile(tmp_path / "a") as second:
        first.write(b"first")
        second.write(b"second")
        second.finish()
        first.finish()
    assert (tmp_path / "a").read_bytes() == b"first"
    assert names_in(tmp_path) == ["a"]


@pytest.mark.parametrize("name", ["я" * 120, "a" * 255, "🌳" * 60])
def test_names_may_be_as_long_as_the_file_system_takes(tmp_path: Path, name: str) -> None:
    """The part's longer name does not shorten what a file may be called."""
    assert save(tmp_path / name, BODY).path.read_bytes() == BODY
    assert names_in(tmp_path) == [name]


@pytest.mark.parametrize("place", ["missing/a", "file/a", "folder", "", "nul\0", "b" * 300])
def test_a_place_that_cannot_be_written_is_told_before_anything_comes(tmp_path: Path, place: str) -> None:
    """No folder, a file for a folder, a folder for a file, names that are none: our error, nothing left."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    path = f"{tmp_path}/{place}"
    with pytest.raises(FileError) as raised:
        PartFile(path).__enter__()
    assert (raised.value.code, raised.value.file) == ("file.not_written", str(Path(path)))
    assert raised.value.__suppress_context__
    assert names_in(tmp_path) == ["file", "folder"]


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64, DIGEST + "\n"])
def test_a_digest_that_is_none_is_refused_at_once(tmp_path: Path, digest: str) -> None:
    """A mistyped digest would refuse every file, after its whole way."""
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        PartFile(tmp_path / "a", sha256=digest)
