"""Register files of a municipality: which layout the files of an account have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mcu_sdk.channels.portal import export_layout
from mcu_sdk.channels.register import journal_layout
from mcu_sdk.errors import FileError
from mcu_sdk.municipality.profile import (
    PortalAccountForm,
    ProfileForm,
    RegisterAccountForm,
    profile_error,
)
from mcu_sdk.sheets import Layout, extend_layout

__all__ = ["export_layouts", "journal_layouts"]


def export_layouts(path: Path, form: ProfileForm) -> Mapping[str, Layout]:
    """Return the layout of the register exports of each portal account. Raises ProfileError."""
    return {
        name: _layout(path, f"accounts.{name}.export_layout", account.export_layout, export_layout())
        for name, account in form.accounts.items()
        if isinstance(account, PortalAccountForm)
    }


def journal_layouts(path: Path, form: ProfileForm) -> Mapping[str, Layout]:
    """Return the layout of the files of each journal. Raises ProfileError."""
    return {
        name: _layout(path, f"accounts.{name}.layout", account.layout, journal_layout())
        for name, account in form.accounts.items()
        if isinstance(account, RegisterAccountForm)
    }


def _layout(path: Path, place: str, file: str | None, shipped: Layout) -> Layout:
    if file is None:
        return shipped
    try:
        return extend_layout(path.parent / file, shipped)
    except FileError as error:
        reason, reason_ru = str(error), error.localized("ru")
    raise profile_error(path, place, reason, reason_ru)
