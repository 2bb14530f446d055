"""The claims of a cleaning report, recounted."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from analysis.recount.cleaned import (
    DUPLICATE,
    LEAD_IN,
    MERGED,
    NO_CONSENT,
    PERSONAL_DATA,
    WITHDRAWN,
)
from analysis.recount.number import quantity

if TYPE_CHECKING:
    from analysis.recount.corpus import Whole
    from analysis.recount.number import Counted, Number

LISTED = 60
REASONS = {
    "lead_ins": LEAD_IN,
    "duplicates": DUPLICATE,
    "personal_data": PERSONAL_DATA,
    "no_consent": NO_CONSENT,
    "withdrawn": WITHDRAWN,
    "merged": MERGED,
}


def recount_cleaning(whole: Whole, place: str) -> dict[str, Number]:
    """Return every number that a report on cleaning may claim, by the claim's id."""
    groups = whole.homes.received_at(place)
    received = [name for name, s in whole.cleaned.received.items() if s.group in groups]
    of_place = set(received)
    found = [
        *_balance(whole, received),
        *_codings(whole, [each for each in whole.cleaned.codings if each[0] in of_place]),
        *_changes(whole, [*groups, *received]),
    ]
    return {f"{place}.{rest}": number for rest, number in found}


def _balance(whole: Whole, received: list[str]) -> Counted:
    """Count passages received, kept and set aside."""
    set_aside = whole.cleaned.set_aside
    yield "balance.received", _passages(whole, received, "received")
    kept = [name for name in received if name not in set_aside]
    yield "balance.kept", _passages(whole, kept, "kept")
    for kind, reason in REASONS.items():
        names = [name for name in received if set_aside.get(name) == reason]
        yield f"balance.set_aside.{kind}", _passages(whole, names, reason)


def _codings(whole: Whole, codings: list[tuple[str, str, str]]) -> Counted:
    """Count code applications received, kept and set aside; each rests on its segments."""
    yield "codings.received", _passages(whole, [on for on, _, _ in codings], "received")
    kept = [to for _, to, reason in codings if not reason]
    yield "codings.kept", _passages(whole, kept, "kept")
    for kind, reason in REASONS.items():
        names = [on for on, _, why in codings if why == reason]
        yield f"codings.set_aside.{kind}", _passages(whole, names, reason)


def _passages(whole: Whole, names: list[str], about: str) -> Number:
    return quantity(len(names), about, groups=whole.groups_of(names), segments=names)


def _changes(whole: Whole, items: list[str]) -> Counted:
    """Count each kind of change; it rests on the segments and focus groups in whose words it is."""
    times: Counter[tuple[str, str]] = Counter()
    touched: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in items:
        for change, often in whole.cleaned.changes[item].items():
            times[change] += often
            touched[change].append(item)
    in_order = sorted(times)
    for number, change in enumerate(in_order[:LISTED], start=1):
        yield f"changed.{number}", _change(whole, times[change], touched[change], *change)
    rest = in_order[LISTED:]
    often, where = sum(times[each] for each in rest), [at for each in rest for at in touched[each]]
    yield "changed.others", _change(whole, often, where)


def _change(whole: Whole, often: int, items: list[str], *about: str) -> Number:
    segments = [item for item in items if item in whole.cleaned.received]
    groups = [item for item in items if item in whole.study.focus_groups]
    return quantity(often, *about, groups=groups, segments=segments)
