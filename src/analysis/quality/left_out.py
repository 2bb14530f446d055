"""What guards found, without the rows of those whom no report may count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.quality.outcomes import GuardReport
from analysis.quality.wording import say_fault, say_where

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.quality.outcomes import Outcome


def without(found: GuardReport, left_out: Collection[str]) -> GuardReport:
    """Return a report that tells nothing of some focus groups.

    Parameters
    ----------
    found : GuardReport
        What the guards found in all tables.
    left_out : collection of str
        The ids of focus groups that may not be counted, and of their segments.
    """
    hidden = frozenset(left_out)
    return GuardReport(tuple(_without(outcome, hidden) for outcome in found.outcomes))


def _without(outcome: Outcome, hidden: frozenset[str]) -> Outcome:
    kept = [
        (row, id_) for row, id_ in zip(outcome.rows, outcome.ids, strict=False) if id_ not in hidden
    ]
    if outcome.held or len(kept) == len(outcome.rows):
        return outcome
    groups = tuple(group for group in outcome.focus_groups if group not in hidden)
    if not kept:
        return replace(
            outcome,
            verdict="held",
            failing=0,
            rows=(),
            ids=(),
            cells=(),
            focus_groups=(),
            everywhere=False,
            message=f"Held in all rows of {outcome.table}.csv that may be counted.",
        )
    return replace(
        outcome,
        failing=len(kept),
        rows=tuple(row for row, _ in kept),
        ids=tuple(id_ for _, id_ in kept),
        focus_groups=groups,
        message=say_fault(
            outcome.fault, outcome.table, len(kept), say_where(groups, outcome.cells)
        ),
    )
