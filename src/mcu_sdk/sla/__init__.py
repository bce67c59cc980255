"""Lawful deadlines, purely: when is it due, how much time is left, and why.

No clock, no network, no environment: the answer depends on the arguments and on the data that ships
with the package. Names are loaded on first use, so importing the package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcu_sdk.sla.bilingual import Text
    from mcu_sdk.sla.bound import BoundRule
    from mcu_sdk.sla.calendar import Calendar, Interval
    from mcu_sdk.sla.case import Case
    from mcu_sdk.sla.changes import CaseChange, diff
    from mcu_sdk.sla.clock import Clock, ClockState
    from mcu_sdk.sla.deadline import AskedExtension, CountedPause, Deadline, DeadlineWarning
    from mcu_sdk.sla.evaluation import evaluate
    from mcu_sdk.sla.events import CaseEvent, EventKind
    from mcu_sdk.sla.extension import CaseExtension
    from mcu_sdk.sla.overlay import Overlay, OverlayDay
    from mcu_sdk.sla.pauses import CasePause
    from mcu_sdk.sla.policy import Policy, PolicyRow
    from mcu_sdk.sla.production import DayFact, ProductionCalendar, ProductionTotals
    from mcu_sdk.sla.rule import Act, Extension, Rule, Span
    from mcu_sdk.sla.rulebook import RuleBook, load_rules
    from mcu_sdk.sla.schedule import Schedule
    from mcu_sdk.sla.trace import Step
    from mcu_sdk.sla.verdict import Verdict
    from mcu_sdk.sla.warning import CaseWarning

__all__ = [
    "Act",
    "AskedExtension",
    "BoundRule",
    "Calendar",
    "Case",
    "CaseChange",
    "CaseEvent",
    "CaseExtension",
    "CasePause",
    "CaseWarning",
    "Clock",
    "ClockState",
    "CountedPause",
    "DayFact",
    "Deadline",
    "DeadlineWarning",
    "EventKind",
    "Extension",
    "Interval",
    "Overlay",
    "OverlayDay",
    "Policy",
    "PolicyRow",
    "ProductionCalendar",
    "ProductionTotals",
    "Rule",
    "RuleBook",
    "Schedule",
    "Span",
    "Step",
    "Text",
    "Verdict",
    "diff",
    "evaluate",
    "load_rules",
]

_MODULES = {
    "bilingual": ("Text",),
    "bound": ("BoundRule",),
    "calendar": ("Calendar", "Interval"),
    "case": ("Case",),
    "clock": ("Clock", "ClockState"),
    "deadline": ("AskedExtension", "CountedPause", "Deadline", "DeadlineWarning"),
    "changes": ("CaseChange", "diff"),
    "evaluation": ("evaluate",),
    "events": ("CaseEvent", "EventKind"),
    "extension": ("CaseExtension",),
    "overlay": ("Overlay", "OverlayDay"),
    "pauses": ("CasePause",),
    "policy": ("Policy", "PolicyRow"),
    "production": ("DayFact", "ProductionCalendar", "ProductionTotals"),
    "rule": ("Act", "Extension", "Rule", "Span"),
    "rulebook": ("RuleBook", "load_rules"),
    "schedule": ("Schedule",),
    "trace": ("Step",),
    "verdict": ("Verdict",),
    "warning": ("CaseWarning",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  (only the first use of a name comes here)

    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
