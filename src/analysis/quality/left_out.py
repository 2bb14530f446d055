"""What guards found, without what no report may tell: rows that do not count, digests of words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from analysis.quality.outcomes import GuardReport
from analysis.quality.personal_data.text_digests import TOLD_DIGEST
from analysis.quality.wording import empty_touches, say_details, say_fault, say_where

if TYPE_CHECKING:
    from analysis.quality.outcomes import Outcome
    from analysis.tables.left_out import LeftOut

T = TypeVar("T")


def without(found: GuardReport, left_out: LeftOut) -> GuardReport:
    """Return a report that tells nothing of some focus groups.

    Parameters
    ----------
    found : GuardReport
        What the guards found in all tables.
    left_out : LeftOut
        The focus groups that may not be counted, and their rows.
    """
    return GuardReport(tuple(_without(outcome, left_out) for outcome in found.outcomes))


def without_digests(found: GuardReport) -> GuardReport:
    """Return a report that tells no digest of a cell, from which a short text could be guessed.

    Parameters
    ----------
    found : GuardReport
        What the guards found, and tell those who review it.
    """
    return GuardReport(tuple(map(_without_digests, found.outcomes)))


def _without_digests(outcome: Outcome) -> Outcome:
    details = tuple(TOLD_DIGEST.sub("", told) for told in outcome.details)
    return outcome if details == outcome.details else _short(replace(outcome, details=details))


def _without(outcome: Outcome, left_out: LeftOut) -> Outcome:
    hidden = left_out.rows.get(outcome.table, frozenset())
    kept = [at for at, row in enumerate(outcome.rows) if row not in hidden]
    if outcome.held or len(kept) == len(outcome.rows):
        return outcome
    named = tuple(name for name in outcome.focus_groups if name not in left_out.focus_groups)
    rest = replace(
        outcome,
        failing=len(kept),
        rows=_chosen(outcome.rows, kept),
        ids=_chosen(outcome.ids, kept),
        details=_chosen(outcome.details, kept),
        # Which cell a row is of is not known any more.
        touches=empty_touches(outcome.touches, outcome.cells),
        cells=(),
        focus_groups=named,
    )
    return _short(rest) if kept else _held(rest)


def _chosen(values: tuple[T, ...], kept: list[int]) -> tuple[T, ...]:
    return tuple(values[at] for at in kept) if values else ()


def _short(outcome: Outcome) -> Outcome:
    fault = outcome.fault + say_details(outcome.details)
    where = say_where(outcome.focus_groups, outcome.cells)
    return replace(outcome, message=say_fault(fault, outcome.table, outcome.failing, where))


def _held(outcome: Outcome) -> Outcome:
    return replace(
        outcome,
        verdict="held",
        everywhere=False,
        message=f"Held in all rows of {outcome.table}.csv that may be counted.",
    )
