"""Print every public name of the library with its signature, as the snapshot test keeps it.

python tools/public_face.py > tests/unit/public_face.txt
"""

from __future__ import annotations

import inspect
import re
from enum import Enum
from importlib import import_module
from types import ModuleType

from pydantic import BaseModel

PACKAGES = (
    "mcu_sdk",
    "mcu_sdk.channels.portal",
    "mcu_sdk.channels.register",
    "mcu_sdk.desk",
    "mcu_sdk.desk.bulk",
    "mcu_sdk.doctor",
    "mcu_sdk.errors",
    "mcu_sdk.intake",
    "mcu_sdk.model",
    "mcu_sdk.municipality",
    "mcu_sdk.sandbox",
    "mcu_sdk.sheets",
    "mcu_sdk.sla",
    "mcu_sdk.sla.arrow",
    "mcu_sdk.sla.batch",
    "mcu_sdk.text",
    "mcu_sdk.transport",
    "mcu_sdk.wire",
)


def face() -> str:
    """Return the whole public face as text, a line a name, members indented below it."""
    lines: list[str] = []
    for name in PACKAGES:
        package = import_module(name)
        lines.append(f"{name}:")
        for public in sorted(package.__all__):
            lines += _described(package, public)
    return "\n".join(lines) + "\n"


def _described(package: ModuleType, public: str) -> list[str]:
    value = getattr(package, public)
    home = getattr(value, "__module__", package.__name__)
    if package.__name__ == "mcu_sdk" and isinstance(home, str) and home != "mcu_sdk":
        return [f"    {public} (of {home})"]
    if inspect.isclass(value) and issubclass(value, BaseModel):
        return [f"    class {public}", *_fields(value), *_members(value)]
    if inspect.isclass(value):
        signature = "" if issubclass(value, Enum) else _signature(value)
        return [f"    class {public}{signature}", *_members(value)]
    return [f"    {public}{_signature(value) if callable(value) else ''}"]


def _fields(model: type[BaseModel]) -> list[str]:
    annotations = {
        name: text
        for owner in reversed(model.__mro__)
        for name, text in vars(owner).get("__annotations__", {}).items()
    }
    return [
        f"        {name}: {annotations[name]}{'' if field.is_required() else ' (optional)'}"
        for name, field in model.model_fields.items()
    ]


def _members(owner: type) -> list[str]:
    if issubclass(owner, Enum):
        return [f"        {member.name} = {member.value!r}" for member in owner]
    lines: list[str] = []
    for name in sorted(vars(owner)):
        if name.startswith(("_", "model_")):
            continue
        value = inspect.getattr_static(owner, name)
        plain = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        if isinstance(value, property):
            lines.append(f"        {name} (property)")
        elif inspect.isfunction(plain):
            lines.append(f"        {name}{_signature(plain)}")
    return lines


def _signature(value: object) -> str:
    if not callable(value):
        return ""
    try:
        return re.sub(r" at 0x[0-9a-f]+", "", str(inspect.signature(value)))
    except (ValueError, TypeError):
        return ""


if __name__ == "__main__":
    print(face(), end="")
