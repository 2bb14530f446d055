"""The claims of a cleaning report, counted again and known by their labels."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.recount.number import Number, quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.recount.corpus import Whole


def recount_cleaning(whole: Whole, place: str) -> dict[str, Number]:
    """Return every number that a report on cleaning may claim, by the claim's label."""
    groups = whole.homes.received_at(place)
    received = [name for name, s in whole.cleaned.received.items() if s.group in groups]
    return {
        **_balance(whole, received),
        **_codings(whole, received),
        **_changes(whole, [*groups, *received]),
    }


def _balance(whole: Whole, received: list[str]) -> dict[str, Number]:
    set_aside = whole.cleaned.set_aside
    balance = {
        "Passages received": received,
        "Passages kept": [name for name in received if name not in set_aside],
    }
    for reason in set(set_aside.values()):
        names = [name for name in received if set_aside.get(name) == reason]
        balance[f"Passages set aside, {reason}"] = names
    return {
        label: quantity(len(names), groups=whole.groups_of(names), segments=names)
        for label, names in balance.items()
    }


def _codings(whole: Whole, received: list[str]) -> dict[str, Number]:
    """Count code applications received, kept and set aside; each rests on its segments."""
    of_place = set(received)
    codings = [each for each in whole.cleaned.codings if each[0] in of_place]
    balance = {
        "Code applications received": [on for on, _, _ in codings],
        "Code applications kept": [to for _, to, reason in codings if not reason],
    }
    for reason in {reason for *_, reason in codings if reason}:
        balance[f"Code applications set aside, {reason}"] = [
            on for on, _, why in codings if why == reason
        ]
    return {
        label: quantity(len(names), groups=whole.groups_of(names), segments=names)
        for label, names in balance.items()
    }


def _changes(whole: Whole, items: Iterable[str]) -> dict[str, Number]:
    """Count each kind of change; it rests on the segments and focus groups in whose words it is."""
    times: Counter[tuple[str, str]] = Counter()
    touched: dict[tuple[str, str], list[str]] = {}
    for item in items:
        for change, often in whole.cleaned.changes[item].items():
            times[change] += often
            touched.setdefault(change, []).append(item)
    return {
        f"Changes by cleaning: {step}, {change}": _change(whole, often, touched[step, change])
        for (step, change), often in times.items()
    }


def _change(whole: Whole, often: int, items: list[str]) -> Number:
    segments = [item for item in items if item in whole.cleaned.received]
    groups = [item for item in items if item in whole.study.focus_groups]
    return quantity(often, groups=groups, segments=segments)
