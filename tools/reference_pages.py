"""Write the reference pages of the site, one for each part of the public face, and one of the command.

python -m tools.reference_pages

They are not kept: mkdocstrings fills them from the source when the site is built.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tools.public_face import PACKAGES

import mcu_sdk

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
# Whoever has a public object calls methods of these too, though nobody makes one by name.
REACHED_THROUGH = {
    "mcu_sdk.channels.portal": {
        "messages": "mcu_sdk.channels.portal.client.Messages",
        "files": "mcu_sdk.channels.portal.client.Files",
    },
}


def package_page(package: str) -> str:
    """Return the page of one part: all names of its `__all__`, and what is reached through them."""
    blocks = [f"# {package}\n\n::: {package}\n"]
    blocks += [
        _block(place(package, name), name)
        for name in import_module(package).__all__
        if _hidden(package, name)
    ]
    blocks += [_block(path, f".{name}") for name, path in REACHED_THROUGH.get(package, {}).items()]
    return "\n".join(blocks)


def _block(path: str, heading: str) -> str:
    options = {"heading": heading, "show_root_heading": "true", "show_root_toc_entry": "true"}
    if heading.startswith("."):
        options["merge_init_into_class"] = "false"
    return f"::: {path}\n    options:\n" + "".join(
        f"      {key}: {value}\n" for key, value in options.items()
    )


def place(package: str, name: str) -> str:
    """Return where the page of *package* has *name*: a function is behind a module of its name."""
    return f"{package}.{name}.{name}" if _hidden(package, name) else f"{package}.{name}"


def _hidden(package: str, name: str) -> bool:
    return hasattr(import_module(package), "__path__") and find_spec(f"{package}.{name}") is not None


def root_page() -> str:
    """Return the page of `mcu_sdk`: its names with links to where they live."""
    rows = []
    for name in mcu_sdk.__all__:
        home = next((part for part in PACKAGES[1:] if name in import_module(part).__all__), None)
        if home:
            said = (inspect.getdoc(getattr(mcu_sdk, name)) or "").partition("\n\n")[0].replace("\n", " ")
            rows.append(f"| [`{name}`]({home}.md#{place(home, name)}) | {said} |")
    head = "The names that most programs need are at the root, loaded on first use."
    return f"# mcu_sdk\n\n{head}\n\n| Name | |\n|---|---|\n" + "\n".join(rows) + "\n"


def command_page() -> str:
    """Return the page of the command, in the language that its help speaks."""
    typer = [sys.executable, "-m", "typer", "--app", "_application", "mcu_sdk.cli.application"]
    done = subprocess.run([*typer, "utils", "docs", "--name", "mcu"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def main() -> None:
    """Write all pages anew; pages of what is gone are removed."""
    for old in FOLDER.glob("mcu*.md"):
        old.unlink()
    pages = {"mcu_sdk": root_page(), "mcu": command_page()}
    pages |= {package: package_page(package) for package in PACKAGES[1:]}
    for name, text in pages.items():
        FOLDER.joinpath(f"{name}.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
