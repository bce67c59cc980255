"""An answer is checked on the command line before it is sent, by the municipality's own rules."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from mcu_sdk.cli import main

PROFILE = Path(__file__).parents[2] / "examples" / "meshchovsk.toml"
GOOD = "Канава у дома 5 очищена 12.05.2026, вода уходит.\nПроверил её отдел благоустройства.\n"
BAD = f"{GOOD}Пишите на a.b@example.ru, вопрос взят на контроль.\n"


def mcu(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run the command in this process; return its exit status, output and complaints."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    code = stopped.value.code
    return (code if isinstance(code, int) else 0), printed.out, printed.err


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "answer.txt"
    file.write_text(text, "utf-8", newline="")
    return file


def test_a_good_answer_may_go(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Nothing found, exit status 0, in both languages; Windows line ends and its mark are no matter."""
    file = written(tmp_path, "\ufeff" + GOOD.replace("\n", "\r\n"))
    assert mcu(capsys, "check-answer", file) == (0, "Замечаний нет.\n", "")
    assert mcu(capsys, "check-answer", file, "--lang", "en") == (0, "Nothing found.\n", "")


def test_each_finding_shows_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Line and column, what is wrong, the words marked; a block is exit status 1."""
    status, out, _ = mcu(capsys, "check-answer", written(tmp_path, BAD))
    assert status == 1
    assert out.splitlines() == [
        "3:11 нельзя: в публичном ответе персональные данные: электронная почта [personal_data]",
        "    Пишите на a.b@example.ru, вопрос взят на контроль.",
        "              ^^^^^^^^^^^^^^",
        "3:34 проверьте: шаблонная фраза: напишите, кто следит, за чем и до какого числа [stock_phrase]",
        "    ите на a.b@example.ru, вопрос взят на контроль.",
        "                                  ^^^^^^^^^^^^^^^^",
    ]


def test_to_the_applicant_alone_it_may_go(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A personal answer may hold contacts; warnings do not stop it. From the standard input too."""
    status, out, _ = mcu(capsys, "check-answer", written(tmp_path, BAD), "--personal", "--lang", "en")
    assert status == 0
    assert "3:34 warning: a stock phrase" in out
    assert "personal_data" not in out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert mcu(capsys, "check-answer", "-", "--personal", "--lang", "en")[:2] == (0, out)


def test_for_programs_the_words_are_left_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """JSON names places and checks; what was found is not repeated in it."""
    status, out, _ = mcu(capsys, "check-answer", written(tmp_path, BAD), "--json")
    assert status == 1
    first, second = json.loads(out)
    assert (first["check"], first["level"], first["line"], first["column"]) == (
        "personal_data",
        "block",
        3,
        11,
    )
    assert BAD[first["start"] : first["end"]] == "a.b@example.ru"
    assert second["level"] == "warn"
    assert "example.ru" not in out


def test_the_municipality_decides(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Levels, own contacts, phrases and limits come from `[answers]` of the profile."""
    profile = tmp_path / "town.toml"
    own = """
[answers]
stock_phrase = "block"
own_contacts = ["a.b@example.ru"]
[answers.limits.telegram]
most_characters = 100
[[answers.phrase]]
text = "отдел благоустройства"
note = "Назовите должность"
"""
    shipped = PROFILE.read_text("utf-8")
    profile.write_text(shipped.partition("[answers]")[0] + own, "utf-8")
    file = written(tmp_path, BAD)
    status, out, _ = mcu(capsys, "check-answer", file, "--profile", profile, "--channel", "telegram")
    assert status == 1
    assert [line for line in out.splitlines() if "[" in line] == [
        "2:13 проверьте: Назовите должность [own_phrase]",
        "3:17 нельзя: знаков 134, больше 100 [too_long]",
        "3:34 нельзя: шаблонная фраза: напишите, кто следит, за чем и до какого числа [stock_phrase]",
    ]


def test_mistakes_in_the_profile_are_told_together(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each wrong key of `[answers]` is told with its place."""
    profile = tmp_path / "town.toml"
    wrong = '[answers]\nstock_phrase = "never"\nno_such = "warn"\n[answers.limits]\nmost_characters = -1\n'
    profile.write_text(PROFILE.read_text("utf-8").partition("[answers]")[0] + wrong, "utf-8")
    status, out, complaint = mcu(capsys, "check-answer", written(tmp_path, GOOD), "--profile", profile)
    assert (status, out) == (2, "")
    assert "answers.stock_phrase: допустимо только: block, warn, off" in complaint
    status, out, complaint = mcu(capsys, "profile", "check", profile)
    assert status != 0
    for key in ("answers.stock_phrase", "answers.no_such", "answers.limits.most_characters"):
        assert key in out + complaint


@pytest.mark.parametrize("content", [None, "Ответ".encode("cp1251")])
def test_a_file_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes | None
) -> None:
    """Missing or not UTF-8: said plainly, exit status 2."""
    file = tmp_path / "answer.txt"
    if content is not None:
        file.write_bytes(content)
    status, out, complaint = mcu(capsys, "check-answer", file)
    assert (status, out) == (2, "")
    assert "answer.txt не прочитан" in complaint
