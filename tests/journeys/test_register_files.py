"""A municipality without machine access: its register files, its calls, where the registers differ."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from mcu_sdk.cli import main
from mcu_sdk.sandbox import portal_export

PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"
WANTED = "нужно записать дату, например 06.01.2026, или дату и время"
NOW = ("--now", "2026-01-12T08:05")


def mcu(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run the command in this process; return its exit status, output and complaints."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    code = stopped.value.code
    return (code if isinstance(code, int) else 0), printed.out, printed.err


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "town.toml"
    journal = '\n[accounts.journal]\nchannel = "register"\n'
    path.write_text(PROFILE.read_text("utf-8") + journal, "utf-8")
    return path


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes(portal_export())
    return path


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "журнал.xlsx"
    with xlsxwriter.Workbook(path) as book:
        shown = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet("2025")
        sheet.write_row(0, 0, ["Журнал обращений граждан"])
        sheet.write_row(
            2, 0, ["№ регистрации", "Дата регистрации", "Заявитель", "Содержание", "Контрольный срок", "Этаж"]
        )
        for row, (number, registered, control) in enumerate(
            [(14, date(2025, 12, 8), "30.12.2025"), (15, date(2025, 12, 30), "завтра")], start=3
        ):
            sheet.write_number(row, 0, number)
            sheet.write_datetime(row, 1, registered, shown)
            sheet.write_row(row, 2, ["Условная А. П.", "Просит отремонтировать дорогу", control, "2"])
    return path


def test_an_export_goes_in_and_shows_where_it_differs(
    capsys: pytest.CaptureFixture[str], profile: Path, export: Path, tmp_path: Path
) -> None:
    """Counts, unknown words and disagreements, in Russian; a second import brings nothing new."""
    arguments = ("import", export, "--profile", profile, "--inbox", tmp_path / "town.sqlite3", *NOW)
    status, out, err = mcu(capsys, *arguments)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "export.csv: выгрузка реестра сообщений ПОС, учётная запись portal.",
        "Заголовок в строке 1, известных столбцов: 25.",
        "Строк: 8, сообщений: 8, отложено строк: 0.",
        "Во входящих новых: 8, изменившихся: 0, прежних: 0.",
        "Незнакомое слово law=59-ФЗ: 1.",
        "Незнакомое слово status=На согласовании у руководителя: 1.",
        "Расхождений с нашим расчётом: 3 (слово «просрочено»: 1, плановая дата: 2).",
        "Номер\tО чём\tВ реестре\tУ нас",
        "9000002\tсрок\t15.12.2025 23:59:59\t11.12.2025 23:59:59",
        "9000004\tпросрочено\tнет\tда",
        "9000007\tсрок\t15.01.2026 23:59:59\t09.01.2026 23:59:59",
    ]
    _, out, _ = mcu(capsys, *arguments, "--lang", "en")
    assert "In the inbox: new 0, changed 0, as before 8." in out

    _, out, _ = mcu(
        capsys, "worklist", "--profile", profile, "--inbox", tmp_path / "town.sqlite3", *NOW, "--json"
    )
    assert [fact["number"] for fact in json.loads(out)] == [
        "9000004",
        "9000007",
        "9000003",
        "9000006",
        "9000008",
    ]

    shown = ("disagreements", "--profile", profile, "--inbox", tmp_path / "town.sqlite3", *NOW)
    facts = json.loads(mcu(capsys, *shown, "--json")[1])
    assert [(fact["number"], fact["what"], fact["far"], fact["ours"]) for fact in facts][1] == (
        "9000004",
        "late_word",
        False,
        True,
    )
    assert "решает внешняя система" in mcu(capsys, *shown, "--explain")[1]


def test_a_journal_is_recognised_by_its_headings(
    capsys: pytest.CaptureFixture[str], profile: Path, journal: Path, tmp_path: Path
) -> None:
    """The sheet, the flaw with its place, the unknown column; the good rows are in, with their terms."""
    inbox = tmp_path / "town.sqlite3"
    status, out, err = mcu(capsys, "import", journal, "--profile", profile, "--inbox", inbox, *NOW)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "журнал.xlsx: журнал обращений граждан, учётная запись journal.",
        "Лист «2025», заголовок в строке 3, известных столбцов: 5.",
        "Строк: 2, сообщений: 2, отложено строк: 0.",
        "Во входящих новых: 2, изменившихся: 0, прежних: 0.",
        "Непрочитанные ячейки: 1.",
        f"  журнал.xlsx · 2025 · строка 5 · «Контрольный срок» (E): {WANTED}",
        "Незнакомый столбец «Этаж», заполнено ячеек: 2.",
        "Расхождений с нашим расчётом: 0 (слово «просрочено»: 0, плановая дата: 0).",
    ]
    _, out, _ = mcu(capsys, "worklist", "--profile", profile, "--inbox", inbox, *NOW)
    assert [line.split("\t")[:3] for line in out.splitlines()[1:]] == [
        ["30.12.2025 23:59:59", "просрочено на 12 сут 8 ч", "14"],
        ["29.01.2026 23:59:59", "17 сут 15 ч", "15"],
    ]


def test_a_dry_run_writes_nothing(
    capsys: pytest.CaptureFixture[str], profile: Path, export: Path, tmp_path: Path
) -> None:
    """`--dry-run` reads and tells all the same, and makes no inbox."""
    inbox = tmp_path / "town.sqlite3"
    status, out, _ = mcu(capsys, "import", export, "--profile", profile, "--inbox", inbox, "--dry-run", *NOW)
    assert status == 0
    assert "Ничего не записано (--dry-run)." in out
    assert "Расхождений с нашим расчётом: 3" in out
    assert not inbox.exists()


def test_calls_and_visits_are_added(
    capsys: pytest.CaptureFixture[str], profile: Path, tmp_path: Path
) -> None:
    """Each gets a number, a second one the next; a journal file of the same number is the same appeal."""
    inbox = tmp_path / "town.sqlite3"
    add = ("add", "--profile", profile, "--inbox", inbox, "--text", "Яма на дороге", *NOW)
    assert mcu(capsys, *add, "--phone-call")[1] == "Записано под номером Т-20260112-1.\n"
    assert mcu(capsys, *add, "--phone-call", "--topic", "Дороги")[1] == "Записано под номером Т-20260112-2.\n"
    assert (
        mcu(capsys, *add, "--reception", "--lang", "en")[1] == "Written down under the number П-20260112-1.\n"
    )
    given = (*add, "--number", "15", "--received", "2026-01-09", "--applicant-kind", "collective")
    assert mcu(capsys, *given)[0] == 0
    status, _, err = mcu(capsys, *given)
    assert status == 2
    assert "Номер 15 за 2026 год уже занят" in err

    (tmp_path / "a.csv").write_text("Рег. №;Дата регистрации\n15;12.01.2026\n", "utf-8")
    _, out, _ = mcu(capsys, "import", tmp_path / "a.csv", "--profile", profile, "--inbox", inbox, *NOW)
    assert "Во входящих новых: 0, изменившихся: 1, прежних: 0." in out
    _, out, _ = mcu(capsys, "worklist", "--profile", profile, "--inbox", inbox, *NOW, "--json")
    assert {fact["number"] for fact in json.loads(out)} == {
        "15",
        "П-20260112-1",
        "Т-20260112-1",
        "Т-20260112-2",
    }


@pytest.mark.parametrize(
    ("content", "extra", "words"),
    [
        ("а;б\n1;2\n", (), "нет строки с заголовками"),
        ("Номер;Дата поступления\n1;06.01.2026\n", ("--account", "portal"), "нет столбцов «Статус»"),
        ("Номер;Дата поступления;Статус\n", ("--account", "gis"), "accounts.gis"),
        ("Номер;Номер\n", (), "нет столбцов"),
    ],
)
def test_a_file_that_does_not_fit_is_told(
    content: str,
    extra: tuple[str, ...],
    words: str,
    capsys: pytest.CaptureFixture[str],
    profile: Path,
    tmp_path: Path,
) -> None:
    """One Russian sentence with the place; no inbox is made."""
    (tmp_path / "a.csv").write_text(content, "utf-8")
    inbox = tmp_path / "town.sqlite3"
    status, out, err = mcu(
        capsys, "import", tmp_path / "a.csv", "--profile", profile, "--inbox", inbox, *extra
    )
    assert (status, out) == (2, "")
    assert words in err
    assert not inbox.exists()


def test_a_journal_without_an_account_is_not_taken_for_an_export(
    capsys: pytest.CaptureFixture[str], journal: Path, tmp_path: Path
) -> None:
    """What fits the journal's layout better asks for an account of a journal."""
    both = tmp_path / "both.csv"
    both.write_text(
        "Номер;Дата поступления;Статус;Заявитель;Содержание;Исх. №\n1;06.01.2026;x;y;z;5\n", "utf-8"
    )
    for file in (journal, both):
        status, _, err = mcu(capsys, "import", file, "--profile", PROFILE, "--inbox", tmp_path / "x.sqlite3")
        assert status == 2
        assert "похож на журнал обращений" in err


def test_two_journals_must_be_told_apart(
    capsys: pytest.CaptureFixture[str], profile: Path, journal: Path, tmp_path: Path
) -> None:
    """A file that fits two accounts alike asks which; adding asks too."""
    profile.write_text(profile.read_text("utf-8") + '\n[accounts.village]\nchannel = "register"\n', "utf-8")
    inbox = ("--inbox", tmp_path / "town.sqlite3", "--profile", profile)
    status, _, err = mcu(capsys, "import", journal, *inbox)
    assert (status, "journal, village" in err) == (2, True)
    status, _, err = mcu(capsys, "add", "--text", "Яма", *inbox)
    assert (status, "journal, village" in err) == (2, True)
    assert mcu(capsys, "import", journal, *inbox, "--account", "village", *NOW)[0] == 0
    assert mcu(capsys, "add", "--text", "Яма", *inbox, "--account", "village", *NOW)[0] == 0


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (("--phone-call", "--reception"), "исключают друг друга"),
        (("--received", "вчера"), "вчера"),
        (("--received", "2026-02-01"), "позже"),
        (("--regime", "60fz"), "допустимо только"),
    ],
)
def test_mistakes_in_adding_are_told(
    extra: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str], profile: Path, tmp_path: Path
) -> None:
    """One Russian sentence, and nothing is written."""
    inbox = tmp_path / "town.sqlite3"
    arguments = ("add", "--profile", profile, "--inbox", inbox, "--text", "Яма", *NOW, *extra)
    status, out, err = mcu(capsys, *arguments)
    assert (status, out) == (2, "")
    assert words in err
