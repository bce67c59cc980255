"""What importing the package costs and loads, and what its source never does."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mcu_sdk.sla
from mcu_sdk import sla

FOLDER = Path(mcu_sdk.sla.__file__).parent


def loaded_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("code", ["import mcu_sdk.sla", "from mcu_sdk.sla import *"])
def test_neither_pydantic_nor_httpx_is_loaded(code: str) -> None:
    """The calculator needs the standard library alone; dateutil waits for the first rule in months."""
    loaded = loaded_after(code)
    assert "mcu_sdk.sla" in loaded
    assert not {"pydantic", "httpx", "anyio", "dateutil", "csv", "numpy", "pyarrow"} & loaded


def test_every_promised_name_is_there() -> None:
    """`__all__` is sorted, static, and each of its names loads."""
    assert sorted(sla.__all__) == sla.__all__ == dir(sla)
    for name in sla.__all__:
        assert getattr(sla, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        sla.no_such_name  # noqa: B018


def test_imports_go_down_only() -> None:
    """From the library, `sla` imports itself and the errors; from outside, those named here."""
    guests = {"dateutil": {"months.py"}, "numpy": {"batch", "arrow"}, "pyarrow": {"arrow"}}
    for module in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                root = name.split(".")[0]
                if root == "mcu_sdk":
                    assert name == "mcu_sdk.errors" or name.startswith("mcu_sdk.sla"), (module.name, name)
                    if module.parent == FOLDER:
                        assert not name.startswith(("mcu_sdk.sla.batch", "mcu_sdk.sla.arrow")), module.name
                elif root in guests:
                    assert {module.name, module.parent.name} & guests[root], (module.name, name)
                else:
                    assert root in sys.stdlib_module_names, (module.name, name)


def test_no_clock_is_read() -> None:
    """No call of now, today or timestamp: what time it is, is told."""
    forbidden_calls = {"now", "utcnow", "today", "timestamp"}
    for module in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if ast.unparse(node.func) == "pa.timestamp":
                    continue  # a type of Arrow
                assert node.func.attr not in forbidden_calls, f"{module.name}:{node.lineno}"
