"""The one factory: from a municipality's file to calendars, rules, people and clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo

from mcu_sdk.channels.portal import AsyncPortal, Portal, PortalSettings
from mcu_sdk.errors import SlaError, UsageError
from mcu_sdk.intake import Outbox
from mcu_sdk.municipality.policy_check import check_policy
from mcu_sdk.municipality.profile import AccountForm, CalendarForm, ProfileForm, profile_error, read_profile
from mcu_sdk.municipality.roster import Post, Roster
from mcu_sdk.sla import Calendar, Overlay, Policy, RuleBook, load_rules
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

    `calendars` are known by name (`office`, `duty`, …); `rules` is the shipped book with the file's
    own rows over it; `policy` picks the rules of a case; `path` is the file itself;
    with `two_persons` a step is sent only after a second person approved it; `answer_rules` are what
    `check_answer` asks of its answers.
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
    answer_rules: AnswerRules = field(default_factory=lambda: AnswerRules.parse({}))
    _shared: dict[str, _Shared] = field(
        default_factory=dict[str, _Shared], init=False, repr=False, compare=False
    )

    @classmethod
    def load(cls, path: str | Path, *, urls: Mapping[str, str] | None = None) -> Self:
        """Return the municipality of the TOML file at *path*.

        Secrets stay references until a client is made. *urls* replaces the address of accounts by
        name, say by a sandbox. Every rule the policy names is tried on the calendars. Raises ProfileError,
        RuleError and PolicyError, which name the place.
        """
        path = Path(path)
        form = read_profile(path)
        calendars = {name: _calendar(path, name, table, form) for name, table in form.calendars.items()}
        rules = load_rules().with_tables(form.rule, file=path.name)
        policy = Policy.parse(form.policy, rules)
        check_policy(path, policy, calendars)
        return cls(
            name=form.municipality.name,
            oktmo=form.municipality.oktmo,
            zone=_zone(path, form),
            calendars=MappingProxyType(calendars),
            rules=rules,
            policy=policy,
            roster=Roster(
                tuple(
                    Post(post.role, post.title, post.holder, tuple(post.answers_for)) for post in form.roster
                )
            ),
            accounts=MappingProxyType(
                {
                    name: _settings(path, name, account, (urls or {}).get(name, account.url))
                    for name, account in form.accounts.items()
                }
            ),
            path=path,
            two_persons=form.sending.two_persons,
            answer_rules=_answer_rules(path, form),
        )

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

    def outbox(self, where: str | Path) -> Outbox:
        """Return the outbox in the store at a path or a `postgresql://` address, by the file's `[sending]`.

        Raises StoreError, MissingExtra.
        """
        return Outbox.open(where, two_persons=self.two_persons)

    def _account(self, name: str) -> tuple[PortalSettings, _Shared]:
        if name not in self.accounts:
            known = ", ".join(self.accounts) or "-"
            raise profile_error(
                self.path,
                f"accounts.{name}",
                f"there is no such account; known are {known}",
                f"такой учётной записи нет, есть: {known}",
            )
        settings = self.accounts[name]
        fresh = _Shared(RetryBudget(), RateLimits(*settings.limits) if settings.limits else None)
        return settings, self._shared.setdefault(name, fresh)


def _answer_rules(path: Path, form: ProfileForm) -> AnswerRules:
    try:
        return AnswerRules.parse(form.answers)
    except UsageError as error:
        place, reason, reason_ru = (str(error.values[name]) for name in ("key", "reason", "reason_ru"))
    raise profile_error(path, f"answers.{place}", reason, reason_ru)


def _zone(path: Path, form: ProfileForm) -> ZoneInfo:
    try:
        return Calendar.round_the_clock(form.municipality.zone).zone
    except SlaError:
        pass
    raise profile_error(
        path,
        "municipality.zone",
        "not an IANA zone, such as Europe/Moscow",
        "нет такого часового пояса, пример: Europe/Moscow",
    )


def _calendar(path: Path, name: str, table: CalendarForm, form: ProfileForm) -> Calendar:
    zone = _zone(path, form)
    overlays = _overlays(path, name, table)
    if table.kind == "round_the_clock":
        return Calendar.round_the_clock(zone)
    if table.schedule is None:
        raise profile_error(
            path,
            f"calendars.{name}.schedule",
            "the schedule is missing",
            "нет графика работы",
        )
    try:
        if table.kind == "weekly":
            return Calendar.weekly(zone=zone, schedule=table.schedule, overlays=overlays)
        return Calendar.russia(
            zone=zone,
            schedule=table.schedule,
            week=table.week,
            overlays=overlays,
            shortened=table.shortened,
            special_days_close=table.special_days_close,
            special_days_roll=table.special_days_roll,
            projected=table.projected,
        )
    except SlaError as error:
        reason, reason_ru = str(error), error.localized("ru")
    raise profile_error(path, f"calendars.{name}", reason, reason_ru)


def _overlays(path: Path, name: str, table: CalendarForm) -> tuple[Overlay, ...]:
    if table.overlays and table.kind == "round_the_clock":
        raise profile_error(
            path,
            f"calendars.{name}.overlays",
            "a round-the-clock calendar has no days off",
            "у круглосуточного календаря нет выходных",
        )
    place = f"calendars.{name}.overlays"
    return tuple(_overlay(path, f"{place}.{number}", text) for number, text in enumerate(table.overlays))


def _overlay(path: Path, place: str, text: str) -> Overlay:
    kind, _, file = text.partition(":")
    try:
        if kind == "file":
            return Overlay.load(path.parent / file)
        code, plus, _ = text.partition("+bodies")
        return Overlay.region(code, bodies=bool(plus))
    except SlaError as error:
        reason, reason_ru = str(error), error.localized("ru")
    except ValueError:  # a NUL in the path
        reason, reason_ru = "the file cannot be opened", "файл не открывается"
    raise profile_error(path, place, reason, reason_ru)


def _settings(path: Path, name: str, account: AccountForm, url: str) -> PortalSettings:
    return PortalSettings(
        url=url,
        account=name,
        organisation_id=account.organisation_id,
        organisation_secret=_reference(path, name, "organisation_secret", account.organisation_secret),
        client_id=account.client_id,
        client_secret=_reference(path, name, "client_secret", account.client_secret),
        writes=account.writes,
        time_limit=timedelta(seconds=account.time_limit_seconds),
        network=_network(path, name, account),
        limits=_limits(account.calls_per_second),
    )


def _limits(calls_per_second: float | None) -> tuple[Limit, ...]:
    """Return the limit that lets that many calls go, counted over the shortest whole seconds that fit."""
    if calls_per_second is None:
        return ()
    rate = Fraction(calls_per_second).limit_denominator(1000)
    return (Limit(rate.numerator, timedelta(seconds=rate.denominator)),)


def _network(path: Path, name: str, account: AccountForm) -> NetworkSettings:
    ca_file = None if account.ca_file is None else path.parent / account.ca_file
    proxy: str | SecretReference | None = account.proxy
    if account.proxy is not None and account.proxy.startswith(("env:", "file:")):
        proxy = _reference(path, name, "proxy", account.proxy)
    try:
        return NetworkSettings(ca_file=ca_file, proxy=proxy)
    except UsageError as error:
        reason, reason_ru = str(error), error.localized("ru")
    raise profile_error(path, f"accounts.{name}.proxy", reason, reason_ru)


def _reference(path: Path, account: str, key: str, text: str) -> SecretReference:
    kind, _, name = text.partition(":")
    try:
        return SecretReference(f"file:{path.parent / name}" if kind == "file" and name else text)
    except UsageError as error:
        reason, reason_ru = str(error), error.localized("ru")
    raise profile_error(path, f"accounts.{account}.{key}", reason, reason_ru)
