"""What may be published of outcomes: nothing of who may not be counted, no digest of words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.quality.outcomes import CheckReport
from analysis.quality.personal_data.review_digests import DIGEST_IN_DETAIL
from analysis.quality.wording import describe_fault, describe_where, list_details

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.quality.outcomes import Outcome

# Nothing published uses numbers of people but what is rounded.
NUMBERS_OF_PEOPLE = "participants_are_few"


def published(found: CheckReport, left_out: Collection[str] = ()) -> CheckReport:
    """Return a report as it may be published.

    Parameters
    ----------
    found : CheckReport
        The outcomes in all tables.
    left_out : collection of str
        The focus groups that may not be counted.
    """
    shown = (each for each in found.outcomes if each.column != NUMBERS_OF_PEOPLE)
    return CheckReport(tuple(_published(outcome, left_out) for outcome in shown))


def without_digests(found: CheckReport) -> CheckReport:
    """Return a report without digests of cells, from which a short text could be guessed."""
    return CheckReport(tuple(map(_without_digests, found.outcomes)))


def _published(outcome: Outcome, left_out: Collection[str]) -> Outcome:
    counted = outcome.in_groups({*outcome.focus_groups}.difference(left_out) | {""})
    if counted.held and not outcome.held:
        message = f"Held in all rows of {outcome.table}.csv that may be counted."
        counted = replace(counted, message=message)
    return replace(_without_digests(counted), patterns=(), groups_of_rows=(), cells_of_rows=())


def _without_digests(outcome: Outcome) -> Outcome:
    details = tuple(DIGEST_IN_DETAIL.sub("", each) for each in outcome.details)
    if details == outcome.details:
        return outcome
    fault = outcome.fault + list_details(details)
    where = describe_where(outcome.focus_groups, outcome.cells)
    message = describe_fault(fault, outcome.table, outcome.failing, where)
    return replace(outcome, details=details, message=message)
