"""The one factory: from a municipality's file to calendars, rules, people and clients."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo

from mcu_sdk.channels.portal import AsyncPortal, Portal, PortalExport, PortalSettings
from mcu_sdk.channels.register import RegisterJournal, RegisterRecorder
from mcu_sdk.errors import ProfileError
from mcu_sdk.intake import Outbox
from mcu_sdk.model import Message, Regime, Sender
from mcu_sdk.municipality.answers import read_answer_rules
from mcu_sdk.municipality.calendars import read_calendars
from mcu_sdk.municipality.mistakes import Mistakes
from mcu_sdk.municipality.policy_check import read_policy, read_rules
from mcu_sdk.municipality.profile import PortalAccountForm, profile_error, read_profile
from mcu_sdk.municipality.registers import export_layouts, journal_layouts
from mcu_sdk.municipality.roster import Roster
from mcu_sdk.municipality.roster_reading import read_roster
from mcu_sdk.municipality.routing import Routing
from mcu_sdk.municipality.routing_reading import read_routing
from mcu_sdk.sheets import Layout
from mcu_sdk.sla import Calendar, Policy, RuleBook
from mcu_sdk.text import AnswerRules
from mcu_sdk.transport import (
    AsyncTransport,
    EventHook,
    Limit,
    NetworkSettings,
    RateLimits,
    RetryBudget,
    Transport,
)
from mcu_sdk.wire import SecretReference

__all__ = ["Municipality"]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all clients of one account count together, in both worlds."""

    budget: RetryBudget
    limits: RateLimits | None


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality as its file describes it.

    `accounts` are the portal's; `exports` and `journals` are the layouts of the register files of its
    portal accounts and of its journals.
    `calendars` are known by name (`office`, `duty`, …); `rules` is the shipped book with the file's
    own rows over it; `policy` picks the rules of a case; `path` is the file itself;
    with `two_persons` a step is sent only after a second person approved it. `roster` knows who must act,
    `routing` which body a message goes to; `regimes` are those of channels whose messages do not tell
    theirs, `account_channels` the channel of each account; `answer_rules` are what `check_answer` asks of
    its answers.
    """

    name: str
    oktmo: str
    zone: tzinfo
    calendars: Mapping[str, Calendar]
    rules: RuleBook
    policy: Policy
    roster: Roster
    accounts: Mapping[str, PortalSettings]
    path: Path
    two_persons: bool = False
    exports: Mapping[str, Layout] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    journals: Mapping[str, Layout] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    routing: Routing = field(default_factory=Routing)
    regimes: Mapping[str, Regime] = field(default_factory=lambda: MappingProxyType({}))
    account_channels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    answer_rules: AnswerRules = field(default_factory=lambda: AnswerRules.parse({}))
    _shared: dict[str, _Shared] = field(
        default_factory=dict[str, _Shared], init=False, repr=False, compare=False
    )

    @classmethod
    def load(cls, path: str | Path, *, urls: Mapping[str, str] | None = None) -> Self:
        """Return the municipality of the TOML file at *path*.

        Secrets stay references until a client is made. *urls* replaces the address of accounts by
        name, say by a sandbox. Every rule the policy names is tried on the calendars. Raises ProfileError,
        which holds every mistake of the file with its place.
        """
        path = Path(path)
        mistakes = Mistakes(path)
        form = read_profile(path, mistakes)
        zone = ZoneInfo(form.municipality.zone)
        calendars = read_calendars(form, mistakes)
        rules = read_rules(form.rule, mistakes)
        policy = read_policy(form.policy, rules, calendars, mistakes)
        roster = read_roster(form, zone, mistakes)
        routing = read_routing(form, mistakes)
        exports, journals = export_layouts(form, mistakes), journal_layouts(form, mistakes)
        answer_rules = read_answer_rules(form.answers, mistakes)
        mistakes.refuse()
        return cls(
            name=form.municipality.name,
            oktmo=form.municipality.oktmo,
            zone=zone,
            calendars=calendars,
            rules=rules,
            policy=policy,
            roster=roster,
            accounts=MappingProxyType(
                {
                    name: _settings(path, name, account, (urls or {}).get(name, account.url))
                    for name, account in form.accounts.items()
                    if isinstance(account, PortalAccountForm)
                }
            ),
            path=path,
            two_persons=form.sending.two_persons,
            exports=MappingProxyType(exports),
            journals=MappingProxyType(journals),
            routing=routing,
            regimes=MappingProxyType(
                {channel: Regime(table.regime) for channel, table in form.channels.items()}
            ),
            account_channels=MappingProxyType(
                {name: account.channel for name, account in form.accounts.items()}
            ),
            answer_rules=answer_rules,
        )

    def regime_of(self, message: Message) -> Regime:
        """Return the rules that *message* is handled by: its own regime, the channel's where it is unknown.

        The channel's is that of `[channels.NAME]`; without one the regime stays UNKNOWN.
        """
        if message.regime is not Regime.UNKNOWN:
            return message.regime
        return self.regimes.get(message.channel, Regime.UNKNOWN)

    def portal(
        self,
        account: str = "portal",
        *,
        transport: Transport | None = None,
        on_event: EventHook | None = None,
    ) -> Portal:
        """Return the portal client of the account of that name in the file; *transport* replaces the network.

        All clients of one account, of both worlds, share its retry budget and its limits. Raises
        ProfileError for an unknown account, UsageError when a secret is missing.
        """
        settings, shared = self._account(account)
        return Portal(
            settings, transport=transport, budget=shared.budget, limits=shared.limits, on_event=on_event
        )

    def async_portal(
        self,
        account: str = "portal",
        *,
        transport: AsyncTransport | None = None,
        on_event: EventHook | None = None,
    ) -> AsyncPortal:
        """Return the asynchronous portal client, as `portal` does."""
        settings, shared = self._account(account)
        return AsyncPortal(
            settings, transport=transport, budget=shared.budget, limits=shared.limits, on_event=on_event
        )

    def portal_export(self, path: str | Path, account: str = "portal") -> PortalExport:
        """Return the register exported from the portal to the file at *path*, as a Source.

        A municipality without a portal account in its file has the export of `portal` all the same.
        Raises ProfileError for another account that is not there.
        """
        layout = self.exports.get(account)
        if layout is None and (self.exports or account != "portal"):
            raise self._no_account(account, self.exports)
        return PortalExport(path, account, self.zone, layout)

    def register(self, account: str, path: str | Path) -> RegisterJournal:
        """Return the journal of that account in the file at *path*, as a Source. Raises ProfileError."""
        if account not in self.journals:
            raise self._no_account(account, self.journals)
        return RegisterJournal(path, account, self.zone, self.journals[account])

    @contextmanager
    def senders(self, accounts: Iterable[str]) -> Generator[tuple[Sender, ...]]:
        """Open what sends the steps of *accounts*, for `deliver()`, and close it after the block.

        A journal has no far side: its steps are recorded. An account that the file does not name has
        no sender. Raises UsageError when a secret is missing.
        """
        with ExitStack() as opened:
            names = dict.fromkeys(accounts)
            portals = [opened.enter_context(self.portal(name)) for name in names if name in self.accounts]
            journals = [RegisterRecorder(name) for name in names if name in self.journals]
            yield (*portals, *journals)

    def outbox(self, where: str | Path) -> Outbox:
        """Return the outbox in the store at a path or a `postgresql://` address, by the file's `[sending]`.

        Raises StoreError, MissingExtra.
        """
        return Outbox.open(where, two_persons=self.two_persons)

    def _account(self, name: str) -> tuple[PortalSettings, _Shared]:
        if name not in self.accounts:
            raise self._no_account(name, self.accounts)
        settings = self.accounts[name]
        fresh = _Shared(RetryBudget(), RateLimits(*settings.limits) if settings.limits else None)
        return settings, self._shared.setdefault(name, fresh)

    def _no_account(self, name: str, accounts: Iterable[str]) -> ProfileError:
        known = ", ".join(accounts) or "-"
        return profile_error(
            self.path,
            f"accounts.{name}",
            f"there is no such account; known are {known}",
            f"такой учётной записи нет, есть: {known}",
        )


def _settings(path: Path, name: str, account: PortalAccountForm, url: str) -> PortalSettings:
    return PortalSettings(
        url=url,
        account=name,
        organisation_id=account.organisation_id,
        organisation_secret=_reference(path, account.organisation_secret),
        client_id=account.client_id,
        client_secret=_reference(path, account.client_secret),
        writes=account.writes,
        time_limit=timedelta(seconds=account.time_limit_seconds),
        network=_network(path, account),
        limits=_limits(account.calls_per_second),
    )


def _limits(calls_per_second: float | None) -> tuple[Limit, ...]:
    """Return the limit that lets that many calls go, counted over the shortest whole seconds that fit."""
    if calls_per_second is None:
        return ()
    rate = Fraction(calls_per_second).limit_denominator(1000)
    return (Limit(rate.numerator, timedelta(seconds=rate.denominator)),)


def _network(path: Path, account: PortalAccountForm) -> NetworkSettings:
    ca_file = None if account.ca_file is None else path.parent / account.ca_file
    proxy: str | SecretReference | None = account.proxy
    if account.proxy is not None and account.proxy.startswith(("env:", "file:")):
        proxy = _reference(path, account.proxy)
    return NetworkSettings(ca_file=ca_file, proxy=proxy)


def _reference(path: Path, text: str) -> SecretReference:
    """Return a reference, a file's counted from the folder of the profile."""
    kind, _, name = text.partition(":")
    return SecretReference(f"file:{path.parent / name}" if kind == "file" else text)
