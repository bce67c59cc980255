"""Which account a register file belongs to, by the headings it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mcu_sdk.channels.register import RegisterJournal
from mcu_sdk.errors import FileError, UsageError
from mcu_sdk.municipality import Municipality
from mcu_sdk.sheets import SheetSource

__all__ = ["source_of"]

_NO_ACCOUNT = ""


def source_of(town: Municipality, file: Path, account: str | None) -> SheetSource:
    """Return *file* as a source of *account*, without one of the account whose layout fits it best.

    Raises FileError where no layout fits, UsageError where several do alike, or where it looks like a
    journal and the profile has none.
    """
    if account is not None:
        named = (
            town.register(account, file) if account in town.journals else town.portal_export(file, account)
        )
        named.table()
        return named
    fitting: dict[SheetSource, int] = {}
    failures: list[FileError] = []
    for source in _candidates(town, file):
        try:
            fitting[source] = sum(header.found for header in source.table().headers)
        except FileError as failure:
            if failure.code not in ("file.no_header", "file.heading_missing", "file.heading_repeated"):
                raise
            failures.append(failure)
    if not fitting:
        raise max(failures, key=lambda failure: failure.row is not None)
    best = [source for source, found in fitting.items() if found == max(fitting.values())]
    if len(best) > 1:
        raise _ambiguous(best)
    if best[0].account == _NO_ACCOUNT:
        raise UsageError(
            "import.no_journal",
            f"{file.name} looks like a journal of appeals, and the profile has no account for it",
            'add to the profile: [accounts.journal] and channel = "register"',
            file=file.name,
        )
    return best[0]


def _candidates(town: Municipality, file: Path) -> Iterator[SheetSource]:
    for account in town.exports or ("portal",):
        yield town.portal_export(file, account)
    for account in town.journals:
        yield town.register(account, file)
    if not town.journals:
        yield RegisterJournal(file, _NO_ACCOUNT, town.zone)


def _ambiguous(sources: list[SheetSource]) -> UsageError:
    accounts = ", ".join(source.account or "-" for source in sources)
    return UsageError(
        "import.ambiguous",
        f"the file fits several accounts alike: {accounts}",
        "name one with --account",
        accounts=accounts,
    )
