"""The entry point without its optional packages."""

from __future__ import annotations

import sys

import pytest

from mcu_sdk.cli import main
from mcu_sdk.errors import Denied


@pytest.mark.parametrize("language", ["ru", "en"])
def test_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    """Without typer the command says which extra to install, and exits with 2."""
    for name in [name for name in sys.modules if name.startswith("mcu_sdk.cli.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "typer", None)
    with pytest.raises(SystemExit) as stopped:
        main(["demo", "--lang", language])
    assert stopped.value.code == 2
    assert "pip install 'mcu-sdk[cli]'" in capsys.readouterr().err


@pytest.mark.parametrize(("theirs", "shown"), [(None, ""), ("r-7", ", у системы: r-7"), ("r\x1b[2J", "")])
def test_the_ids_of_a_failed_call_are_a_line_of_their_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], theirs: str | None, shown: str
) -> None:
    """Ours and the far side's; an id that would steer the terminal is left out."""
    error = Denied("api.unauthorized", "no", status=401, request_id=theirs, words="")
    error.call_id = "00c0ffee0000"

    def refused(arguments: list[str]) -> int:
        raise error

    monkeypatch.setattr("mcu_sdk.cli._run", refused)
    with pytest.raises(SystemExit):
        main(["collect"])
    assert capsys.readouterr().err.splitlines()[1:] == [f"Номер запроса: 00c0ffee0000{shown}"]
