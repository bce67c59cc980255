"""Register files of a municipality: which layout the files of an account have."""

from __future__ import annotations

from mcu_sdk.channels.portal import export_layout
from mcu_sdk.channels.register import journal_layout
from mcu_sdk.errors import FileError
from mcu_sdk.municipality.mistakes import Mistakes
from mcu_sdk.municipality.profile import PortalAccountForm, ProfileForm, RegisterAccountForm
from mcu_sdk.sheets import Layout, extend_layout
from mcu_sdk.sla.bilingual import Text

__all__ = ["export_layouts", "journal_layouts"]


def export_layouts(form: ProfileForm, mistakes: Mistakes) -> dict[str, Layout]:
    """Return the layout of the register exports of each portal account; what is wrong is noted."""
    return {
        name: _layout(f"accounts.{name}.export_layout", account.export_layout, export_layout(), mistakes)
        for name, account in form.accounts.items()
        if isinstance(account, PortalAccountForm)
    }


def journal_layouts(form: ProfileForm, mistakes: Mistakes) -> dict[str, Layout]:
    """Return the layout of the files of each journal; what is wrong is noted."""
    return {
        name: _layout(f"accounts.{name}.layout", account.layout, journal_layout(), mistakes)
        for name, account in form.accounts.items()
        if isinstance(account, RegisterAccountForm)
    }


def _layout(place: str, file: str | None, shipped: Layout, mistakes: Mistakes) -> Layout:
    if file is None:
        return shipped
    try:
        return extend_layout(mistakes.path.parent / file, shipped)
    except FileError as error:
        mistakes.add(place, Text(error.localized("ru"), str(error)))
        return shipped
