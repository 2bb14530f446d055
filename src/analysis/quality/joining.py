"""The joining of what was found in parts of the tables, so that it reads as found in the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.quality.outcomes import GuardReport, Outcome
from analysis.quality.wording import fill_touches, say_details, say_fault, say_where

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def join_parts(
    study: GuardReport, parts: Iterable[GuardReport], cells: Sequence[str]
) -> GuardReport:
    """Return what the guards found in the tables as received, as if they had been guarded whole.

    Parameters
    ----------
    study : GuardReport
        What was found in what is whole: an outcome for each expectation, told to hold where parts
        decide.
    parts : iterable of GuardReport
        What was found in each part of the tables, in any order.
    cells : sequence of str
        The cells of the instrument, in its order.

    Returns
    -------
    GuardReport
        In the order of the study's own outcomes. A row that stands in several parts is told once.
    """
    told: dict[str, list[Outcome]] = {outcome.expectation: [] for outcome in study.outcomes}
    for report in parts:
        for outcome in report.outcomes:
            told[outcome.expectation].append(outcome)
    return GuardReport(
        tuple(_join(outcome, told[outcome.expectation], cells) for outcome in study.outcomes)
    )


def _join(of_study: Outcome, of_parts: Sequence[Outcome], cells: Sequence[str]) -> Outcome:
    if not of_study.held:
        return of_study
    # What could not be evaluated on one part could not be on the whole.
    spoiled = [each for each in of_parts if each.verdict == "not_evaluated"]
    short = [each for each in of_parts if each.verdict == "fell_short"]
    if spoiled:
        return spoiled[0]
    return _merge(of_study, short, cells) if short else of_study


def _merge(held: Outcome, short: Sequence[Outcome], cells: Sequence[str]) -> Outcome:
    """Tell of the rows of all parts as one, in the words of what would have held."""
    ids = {row: id_ for each in short for row, id_ in zip(each.rows, each.ids, strict=True)}
    told = {row: said for each in short for row, said in zip(each.rows, each.details, strict=False)}
    rows = tuple(sorted(ids))
    found = {cell for each in short for cell in each.cells}
    in_order = tuple(cell for cell in cells if cell in found)
    details = tuple(told[row] for row in rows) if told else ()
    groups = tuple(sorted({group for each in short for group in each.focus_groups}))
    return replace(
        held,
        verdict="fell_short",
        touches=fill_touches(held.touches, in_order),
        failing=len(rows),
        rows=rows,
        ids=tuple(ids[row] for row in rows),
        details=details,
        cells=in_order,
        focus_groups=groups,
        everywhere=any(each.everywhere for each in short),
        message=say_fault(
            held.fault + say_details(details), held.table, len(rows), say_where(groups, in_order)
        ),
    )
