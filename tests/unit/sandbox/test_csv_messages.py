"""Messages from a CSV file."""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mcu_sdk.errors import FileError, NaiveMomentError
from mcu_sdk.sandbox import PortalSandbox, messages_from_csv, seeded_messages

NOW = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)
HEADER = "id,text,topic,executor\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "messages.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_rows_become_messages(tmp_path: Path, encoding: str) -> None:
    """Text is kept as it is, topic and executor go to their fields; blank lines are passed over."""
    rows = 'id,executor,more,topic,text\n7,Район,x,Дороги,"<p>Яма,&nbsp;\nбольшая </p>"\n\n5,,x,,Свет\n'
    first, second = messages_from_csv(write(tmp_path, rows, encoding), NOW)
    assert (first["id"], first["description"]) == (7, "<p>Яма,&nbsp;\nбольшая </p>")
    assert (first["subsubjectName"], first["opaName"]) == ("Дороги", "Район")
    assert (second["id"], second["subsubjectName"], second["opaName"]) == (5, None, None)
    assert first.keys() == seeded_messages(1, NOW)[0].keys()


def test_times_depend_on_the_id_and_now_alone(tmp_path: Path) -> None:
    """A message keeps its times when other rows come and go."""
    many = messages_from_csv(write(tmp_path, HEADER + "".join(f"{n},a,b,c\n" for n in range(1, 9))), NOW)
    assert messages_from_csv(write(tmp_path, HEADER + "5,a,b,c\n"), NOW) == (many[4],)


def test_times_are_spread_over_forty_days(tmp_path: Path) -> None:
    """Filing lies within the 40 days before now; a part is on the fast track with 10 days instead of 30."""
    path = write(tmp_path, HEADER + "".join(f"{number},a,b,c\n" for number in range(1, 501)))
    messages = messages_from_csv(path, NOW)
    created = [datetime.fromisoformat(str(message["createdAt"])) for message in messages]
    assert NOW - timedelta(days=40, seconds=1) <= min(created) < NOW - timedelta(days=38)
    assert NOW - timedelta(days=2) < max(created) <= NOW
    assert 60 < sum(message["fastTrack"] is True for message in messages) < 140
    for message, filed_at in zip(messages, created, strict=True):
        term = datetime.fromisoformat(str(message["answerAt"])) - filed_at
        assert term == timedelta(days=10 if message["fastTrack"] else 30)


@pytest.mark.parametrize(
    ("text", "code", "row", "field"),
    [
        ("", "sandbox.csv_column", 1, "id"),
        ("id,text,executor\n1,a,b\n", "sandbox.csv_column", 1, "topic"),
        (HEADER + "1,a,b,c\nx,a,b,c\n", "sandbox.csv_id", 3, "id"),
        (HEADER + "0,a,b,c\n", "sandbox.csv_id", 2, "id"),
        (HEADER + "-3,a,b,c\n", "sandbox.csv_id", 2, "id"),
        (HEADER + "9" * 5000 + ",a,b,c\n", "sandbox.csv_id", 2, "id"),
        (HEADER + '1,"a\nb",b,c\n1,a,b,c\n', "sandbox.csv_id", 3, "id"),
        (HEADER + "1,a\n", "sandbox.csv_row", 2, "topic"),
        (HEADER + '1,a,b,c\n2,"a', "sandbox.csv", 3, None),
        (HEADER + '1,"a"x,b,c\n', "sandbox.csv", 2, None),
    ],
)
def test_bad_place_is_named(tmp_path: Path, text: str, code: str, row: int | None, field: str | None) -> None:
    """An error names file, row (the header is row 1) and field, in both languages, and no value."""
    path = write(tmp_path, text)
    with pytest.raises(FileError) as caught:
        messages_from_csv(path, NOW)
    error = caught.value
    assert (error.code, error.file, error.row, error.field) == (code, str(path), row, field)
    assert str(path) in error.localized("ru")


def test_unreadable_file_is_an_error_of_ours(tmp_path: Path) -> None:
    """A missing file and one that is not UTF-8 raise FileError."""
    for path in (tmp_path / "none.csv", write(tmp_path, HEADER + "1,Яма,b,c\n", "cp1251")):
        with pytest.raises(FileError) as caught:
            messages_from_csv(str(path), NOW)
        assert caught.value.code == "sandbox.csv"


def test_a_long_text_is_read(tmp_path: Path) -> None:
    """A text longer than the csv module's own limit is kept whole, and that limit is put back."""
    before = csv.field_size_limit()
    (message,) = messages_from_csv(write(tmp_path, HEADER + f"1,{'я' * (before + 1)},b,c\n"), NOW)
    assert len(str(message["description"])) == before + 1
    assert csv.field_size_limit() == before


def test_the_true_reason_is_told(tmp_path: Path) -> None:
    """What broke the reading off is said in both languages, with the row it happened in."""
    with pytest.raises(FileError, match="row 2: a quote is never closed") as caught:
        messages_from_csv(write(tmp_path, HEADER + '1,"a'), NOW)
    assert "строка 2: кавычка не закрыта" in caught.value.localized("ru")
    with pytest.raises(FileError, match="not UTF-8"):
        messages_from_csv(write(tmp_path, HEADER + "1,Яма,b,c\n", "cp1251"), NOW)


def test_a_header_alone_is_an_empty_queue(tmp_path: Path) -> None:
    """A table without messages is no mistake."""
    assert messages_from_csv(write(tmp_path, HEADER), NOW) == ()


def test_now_needs_a_zone(tmp_path: Path) -> None:
    """A now without a zone is refused before the file is looked at."""
    with pytest.raises(NaiveMomentError):
        messages_from_csv(tmp_path / "none.csv", NOW.replace(tzinfo=None))


@pytest.mark.real
def test_real_messages_load() -> None:
    """All 2,000 real messages become a queue."""
    path = Path(os.environ.get("MCU_SHARED", "nowhere"), "data/real/messages-kursk-masked.csv")
    if not path.exists():
        pytest.skip("the real messages are not here; MCU_SHARED names their folder")
    messages = messages_from_csv(path, NOW)
    assert len(PortalSandbox(messages).queue) == 2000
    assert any("<p>" in str(message["description"]) for message in messages)
