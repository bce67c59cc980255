"""Files made to harm, each generated on the spot, with what reading it must come to."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MIB = 1024 * 1024
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Номер</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Дата</t></is></c></row>'
)
GOOD = '<row r="2"><c r="A2"><v>7</v></c><c r="B2" t="inlineStr"><is><t>06.01.2026</t></is></c></row>'


def links(*targets: tuple[str, str]) -> str:
    """A part of relations."""
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{LINKS}">{rows}</Relationships>'


def parts(sheet: str | bytes, strings: str | bytes = f'<sst xmlns="{MAIN}"/>') -> dict[str, str | bytes]:
    """The parts of the smallest workbook."""
    return {
        "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": links(
            ("worksheet", "worksheets/sheet1.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("styles", "styles.xml"),
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Sheet0" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": strings,
        "xl/worksheets/sheet1.xml": sheet,
    }


def sheet(rows: str, before: str = "") -> str:
    """The XML of a sheet."""
    start = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">'
    return f"{start}{before}<sheetData>{rows}</sheetData></worksheet>"


def write(path: Path, contents: dict[str, str | bytes], method: int = ZIP_DEFLATED) -> None:
    """Pack the parts."""
    with ZipFile(path, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def workbook(path: Path, rows: str, before: str = "") -> None:
    """A workbook with one sheet of these rows below a good header."""
    write(path, parts(sheet(HEADER + rows, before)))


def noise(size_bytes: int) -> str:
    """Text that does not pack, for a ratio below suspicion."""
    return random.Random(1).randbytes(size_bytes // 2).hex()


def noisy(rows: str) -> str:
    """Rows with enough noise in comments that their ratio is an ordinary one."""
    room = len(rows) // 60
    text = noise(room)
    return rows + "".join(f"<!--{text[start : start + 1000]}--><row/>" for start in range(0, len(text), 1000))


def zip_bomb(path: Path) -> None:
    workbook(path, "", before="<!--" + " " * 100 * MIB + "-->")


def lying_zip(path: Path) -> None:
    """A part that inflates to more than the archive declares."""
    zip_bomb(path)
    content = bytearray(path.read_bytes())
    with ZipFile(path) as archive:
        declared = struct.pack("<L", archive.getinfo("xl/worksheets/sheet1.xml").file_size)
    while (at := content.find(declared)) >= 0:
        content[at : at + 4] = struct.pack("<L", 1000)
    path.write_bytes(content)


def great_total(path: Path) -> None:
    """Many parts, each of an ordinary ratio."""
    text = noise(2 * MIB)
    block = "".join(text[start : start + 80] + "0" * 1920 for start in range(0, len(text), 80))
    write(path, parts(sheet(HEADER)) | {f"xl/media/{number}.bin": block for number in range(6)})


def many_entries(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        for number in range(5_000):
            archive.writestr(ZipInfo(f"xl/{number}"), b"")


def huge_list(path: Path) -> None:
    """A list of entries of 100 MiB, of which zipfile would make objects before anybody is asked."""
    entry = (
        struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
        + b"a"
    )
    count = 100 * MIB // len(entry)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, count * len(entry), 0, 0)
    path.write_bytes(entry * count + end)


def archive_in_archive(path: Path) -> None:
    inner = path.with_name("inner.xlsx")
    workbook(inner, GOOD)
    write(path, {"выгрузка.xlsx": inner.read_bytes()})


def embedded_archive(path: Path) -> None:
    bomb = path.with_name("bomb.zip")
    write(bomb, {"a": b"\0" * 100 * MIB})
    write(path, parts(sheet(HEADER + GOOD)) | {"xl/embeddings/bomb.zip": bomb.read_bytes()})


def rows_8_million(path: Path) -> None:
    workbook(path, "<row/>" * 8_000_000)


def noisy_rows_7_million(path: Path) -> None:
    """The same below the bound of the ratio and of the tags."""
    write(path, parts(sheet(HEADER + noisy("<row/>" * 7_000_000))))


def cells_8_million(path: Path) -> None:
    write(path, parts(sheet(HEADER + noisy("<row>" + "<c><v>1</v></c>" * 2_600_000 + "</row>"))))


def wide_row(path: Path) -> None:
    write(path, parts(sheet(HEADER + noisy("<row>" + "<c><v>1</v></c>" * 16_000 + "</row>"))))


def last_cell(path: Path) -> None:
    workbook(path, GOOD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def row_beyond(path: Path) -> None:
    workbook(path, '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')


def column_beyond(path: Path) -> None:
    workbook(path, '<row r="2"><c r="ZZZ2"><v>1</v></c></row>')


def huge_dimension(path: Path) -> None:
    workbook(path, GOOD, before='<dimension ref="A1:XFD1048576"/>')


def wrong_dimension(path: Path) -> None:
    workbook(path, GOOD, before='<dimension ref="A1"/>')


def entities(path: Path) -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    xml = (
        f'<!DOCTYPE w [<!ENTITY e0 "ha">{lines}]>'
        + sheet('<row><c t="str"><v>&e9;</v></c></row>').partition("?>")[2]
    )
    write(path, parts(xml))


def entities_in_strings(path: Path) -> None:
    xml = (
        '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst xmlns="'
        + MAIN
        + '"><si><t>&e;</t></si></sst>'
    )
    write(path, parts(sheet(HEADER + GOOD), xml))


def entities_in_utf_16(path: Path) -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY e "ha">]><worksheet/>'
    write(path, parts(xml.encode("utf-16")))


def many_strings(path: Path) -> None:
    """A million shared texts: much, and lawful."""
    texts = "".join(f"<si><t>{number:x}</t></si>" for number in range(1_000_000))
    write(path, parts(sheet(HEADER + GOOD), f'<sst xmlns="{MAIN}" uniqueCount="4000000000">{texts}</sst>'))


def strings_bomb(path: Path) -> None:
    block = noise(100_000)
    texts = "".join(
        f"<si><t>{'Я' * 20_000}{block[number : number + 800]}</t></si>" for number in range(3_000)
    )
    write(path, parts(sheet(HEADER + GOOD), f'<sst xmlns="{MAIN}">{texts}</sst>'))


def long_string(path: Path) -> None:
    write(path, parts(sheet(HEADER + GOOD), f'<sst xmlns="{MAIN}"><si><t>{noise(8 * MIB)}</t></si></sst>'))


def long_attribute(path: Path) -> None:
    workbook(path, f'<row r="2" x="{noise(8 * MIB)}"/>')


def long_comment(path: Path) -> None:
    workbook(path, f"<!--{noise(8 * MIB)}-->")


def deep_xml(path: Path) -> None:
    write(path, parts(noisy(f'<worksheet xmlns="{MAIN}">' + "<a>" * 7_000_000)))


def many_styles(path: Path) -> None:
    contents = parts(sheet(HEADER + GOOD))
    contents["xl/styles.xml"] = noisy(
        f'<styleSheet xmlns="{MAIN}"><cellXfs>' + '<xf numFmtId="0"/>' * 4_000_000
    )
    write(path, contents)


def old_excel(path: Path) -> None:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096) + "Workbook".encode("utf-16-le") + bytes(4096)
    )


def encrypted(path: Path) -> None:
    entry = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(65_520) + entry + bytes(4096))


def encrypted_entry(path: Path) -> None:
    workbook(path, GOOD)
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)


def not_zip(path: Path) -> None:
    path.write_bytes(b"PK\3\4" + random.Random(2).randbytes(100_000))


def no_workbook(path: Path) -> None:
    write(
        path, {"word/document.xml": "<w/>", "_rels/.rels": links(("officeDocument", "word/document.xml.bin"))}
    )


def odd_packing(path: Path) -> None:
    write(path, parts(sheet(HEADER + GOOD)), ZIP_BZIP2)


def truncated(path: Path) -> None:
    workbook(path, GOOD * 1)
    path.write_bytes(path.read_bytes()[:-300])


def wrong_checksum(path: Path) -> None:
    """Whole to look at; the last bytes of the sheet are others than those that were packed."""
    workbook(
        path, "".join(GOOD.replace('"2"', f'"{row}"').replace("A2", f"A{row}") for row in range(2, 4000))
    )
    content = path.read_bytes()
    with ZipFile(path) as archive:
        crc = archive.getinfo("xl/worksheets/sheet1.xml").CRC
    path.write_bytes(content.replace(struct.pack("<L", crc), struct.pack("<L", zlib.crc32(b"another"))))


def broken_xml(path: Path) -> None:
    write(path, parts(f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}<row><c></row>'))


def csv_nul(path: Path) -> None:
    path.write_bytes("Номер;Дата\n1;06.01.2026\n".encode() + b"2;\x00\n")


def csv_long_line(path: Path) -> None:
    path.write_bytes("Номер;Дата\n1;".encode() + b"a" * 100 * MIB + b"\n")


def csv_long_row(path: Path) -> None:
    """One row over many lines, none of them long."""
    path.write_bytes("Номер;Дата\n".encode() + b'1;"' + b'a\n";"' * 5_000_000 + b'"\n')


def csv_open_quote(path: Path) -> None:
    path.write_text('Номер;Дата\n1;06.01.2026\n2;"07.01.2026\n3;08.01.2026\n', "utf-8")


def csv_utf_16(path: Path) -> None:
    path.write_text("Номер;Дата\n1;06.01.2026\n", "utf-16")


def csv_binary(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + random.Random(3).randbytes(MIB))


def csv_wrong_bytes(path: Path) -> None:
    path.write_bytes("Номер;Дата\n".encode("cp1251") + b"\x98;06.01.2026\n")


def csv_dos_letters(path: Path) -> None:
    path.write_text("Номер;Дата\n1;06.01.2026\n", "cp866")


def csv_many_columns(path: Path) -> None:
    path.write_text("Номер;Дата" + ";x" * 1_000_000 + "\n", "utf-8")


def too_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(129 * MIB)


def no_file(path: Path) -> None:
    """Nothing."""


HOSTILE: dict[str, tuple[str, Callable[[Path], None], str]] = {
    f"{make.__name__} as {name}": (name, make, outcome)
    for name, make, outcome in (
        ("a.xlsx", zip_bomb, "file.inflates"),
        ("a.xlsx", lying_zip, "file.broken"),
        ("a.xlsx", great_total, "file.inflates"),
        ("a.xlsx", many_entries, "file.too_many_entries"),
        ("a.xlsx", huge_list, "file.too_many_entries"),
        ("a.xlsx", archive_in_archive, "file.archive"),
        ("a.xlsx", embedded_archive, "1 rows"),
        ("a.xlsx", rows_8_million, "file.inflates"),
        ("a.xlsx", noisy_rows_7_million, "file.too_many_rows"),
        ("a.xlsx", cells_8_million, "file.too_many_cells"),
        ("a.xlsx", wide_row, "file.row_too_long"),
        ("a.xlsx", last_cell, "2 rows"),
        ("a.xlsx", row_beyond, "file.too_many_rows"),
        ("a.xlsx", column_beyond, "file.broken"),
        ("a.xlsx", huge_dimension, "1 rows"),
        ("a.xlsx", wrong_dimension, "1 rows"),
        ("a.xlsx", entities, "file.entities"),
        ("a.xlsx", entities_in_strings, "file.entities"),
        ("a.xlsx", entities_in_utf_16, "file.entities"),
        ("a.xlsx", many_strings, "1 rows"),
        ("a.xlsx", strings_bomb, "file.too_much_text"),
        ("a.xlsx", long_string, "file.cell_too_long"),
        ("a.xlsx", long_attribute, "file.broken"),
        ("a.xlsx", long_comment, "file.broken"),
        ("a.xlsx", deep_xml, "file.broken"),
        ("a.xlsx", many_styles, "file.broken"),
        ("a.xlsx", old_excel, "file.old_excel"),
        ("a.csv", old_excel, "file.old_excel"),
        ("a.xlsx", encrypted, "file.encrypted"),
        ("a.xlsx", encrypted_entry, "file.encrypted"),
        ("a.xlsx", not_zip, "file.broken"),
        ("a.xlsx", no_workbook, "file.not_workbook"),
        ("a.xlsx", odd_packing, "file.broken"),
        ("a.xlsx", truncated, "file.broken"),
        ("a.xlsx", wrong_checksum, "file.broken"),
        ("a.xlsx", broken_xml, "file.broken"),
        ("a.csv", csv_nul, "file.not_text"),
        ("a.csv", csv_long_line, "file.cell_too_long"),
        ("a.csv", csv_long_row, "file.cell_too_long"),
        ("a.csv", csv_open_quote, "file.quotes"),
        ("a.csv", csv_utf_16, "file.not_text"),
        ("a.xlsx", csv_binary, "file.not_text"),
        ("a.csv", csv_wrong_bytes, "file.not_text"),
        ("a.csv", csv_dos_letters, "file.no_header"),
        ("a.csv", csv_many_columns, "file.row_too_long"),
        ("a.xlsx", too_large, "file.too_large"),
        ("a.xlsx", no_file, "file.not_opened"),
    )
}
