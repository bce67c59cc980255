"""The entry point without its optional packages."""

from __future__ import annotations

import sys

import pytest

from mcu_sdk.cli import main


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
