"""The error tree: its shape, its pickles, its silence about secrets."""

from __future__ import annotations

import pickle
import re
from unittest.mock import ANY

import pytest

import mcu_sdk.errors as tree
from mcu_sdk.errors import ApiError, FileError, McuError, MissingExtra, TransportError

CLASSES: list[type[McuError]] = [
    kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, McuError)
]


def drawn_tree() -> dict[str, str]:
    """Child and parent of every line of the drawing in the module's docstring."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (tree.__doc__ or "").splitlines():
        if match := re.match(r"((?:│   |    )*)[├└]── (\w+)|(McuError)\(", line):
            depth = 0 if match[3] else len(match[1]) // 4 + 1
            name = match[3] or match[2]
            path[depth:] = [name]
            if depth:
                parents[name] = path[depth - 1]
    return parents


def test_the_drawing_is_the_tree() -> None:
    """The docstring shows exactly the classes there are, each under its real parent."""
    assert drawn_tree() == {
        kind.__name__: kind.__bases__[0].__name__ for kind in CLASSES if kind is not McuError
    }


def test_everything_is_exported() -> None:
    """`__all__` is the promise: all error classes and what their signatures and fields name."""
    assert set(tree.__all__) == {kind.__name__ for kind in CLASSES} | {
        "Delivered",
        "Language",
        "ProfileMistake",
    }


def an_error(kind: type[McuError]) -> McuError:
    """An error of *kind* with all that it can carry."""
    if issubclass(kind, TransportError):
        return kind("a.b", "m", "h", delivered="unknown", request_id="r-1", reason="x")
    if issubclass(kind, ApiError):
        return kind("a.b", "m", "h", status=503, request_id="r-1", retry_after_seconds=1.5, words="x")
    if issubclass(kind, FileError):
        return kind("a.b", "m", "h", file="f.csv", sheet="s", row=3, field="c", reason="x")
    return kind("a.b", "m", "h", file="f.toml", table="t", key="k", reason="x")


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_errors_pickle_whole(kind: type[McuError], protocol: int) -> None:
    """An error crosses a process border with its class, text and every attribute."""
    error = an_error(kind)
    again = pickle.loads(pickle.dumps(error, protocol))
    assert type(again) is kind
    assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))
    assert again.localized("ru") == error.localized("ru")


def test_a_subclass_with_arguments_of_its_own_pickles() -> None:
    """A channel's own error pickles whatever its constructor asks for."""
    again = pickle.loads(pickle.dumps(OwnError(7)))
    assert (type(again), again.code, again.number) == (OwnError, "own.code", 7)


class OwnError(McuError):
    """An error whose constructor does not take what McuError takes."""

    def __init__(self, number: int) -> None:
        super().__init__("own.code", f"number {number}")
        self.number = number


def test_text_is_message_and_hint() -> None:
    """`str` says what happened and what to do; without a hint it ends there."""
    assert str(McuError("a.b", "it broke", "mend it")) == "it broke; mend it"
    assert str(McuError("a.b", "it broke")) == "it broke"


def test_missing_extra_names_the_command() -> None:
    """Who lacks an extra reads the command that installs it, in both languages."""
    error = MissingExtra.named("xlsx", "writing XLSX")
    assert "pip install 'mcu-sdk[xlsx]'" in str(error)
    assert "pip install 'mcu-sdk[xlsx]'" in error.localized("ru")


def test_errors_that_say_the_same_are_equal() -> None:
    """By kind, code, text and values; other objects may have their own opinion."""
    one, same = (ApiError("a.b", "text", status=404) for _ in range(2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != ApiError("a.b", "text", status=410)
    assert one != McuError("a.b", "text")
    assert one == ANY
