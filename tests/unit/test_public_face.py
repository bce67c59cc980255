"""The promise to users: names, signatures, docstrings and the examples in them."""

from __future__ import annotations

import doctest
import inspect
import pkgutil
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

import mcu_sdk

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(mcu_sdk.__path__, "mcu_sdk.")
    if not info.name.startswith("mcu_sdk.cli")
)


def _tool() -> ModuleType:
    spec = spec_from_file_location("public_face", ROOT / "tools" / "public_face.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_surface_is_the_promised_one() -> None:
    """Public names and signatures change only together with the snapshot and the changelog."""
    assert _tool().face() == (ROOT / "tests" / "unit" / "public_face.txt").read_text("utf-8")


def test_root_names_are_loaded_from_their_homes() -> None:
    """Every name of the root is there, and `dir()` shows no other."""
    assert dir(mcu_sdk) == sorted(mcu_sdk.__all__)
    for name in mcu_sdk.__all__:
        assert getattr(mcu_sdk, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        getattr(mcu_sdk, "no_such_name")  # noqa: B009  # a plain access would not pass the type checker


@pytest.mark.parametrize("name", _tool().PACKAGES)
def test_public_names_have_docstrings(name: str) -> None:
    """Every public class and function says what it is, and so does every public method of its own."""
    package = import_module(name)
    for public in package.__all__:
        value = getattr(package, public)
        if not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        assert inspect.getdoc(value), f"{name}.{public}"
        if not inspect.isclass(value) or getattr(value, "_is_protocol", False):
            continue
        for method_name, method in vars(value).items():
            if inspect.isfunction(method) and not method_name.startswith("_"):
                assert inspect.getdoc(method), f"{name}.{public}.{method_name}"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    """Every `>>>` example in the library gives what it shows."""
    assert doctest.testmod(import_module(name)).failed == 0
