"""How outcomes are published: without rows, patterns and digests of words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.quality.outcomes import CheckReport
from analysis.quality.wording import (
    DIGEST_IN_DETAIL,
    describe_fault,
    describe_where,
    list_details,
)

if TYPE_CHECKING:
    from analysis.quality.outcomes import Outcome


def published(found: CheckReport) -> CheckReport:
    """Return a report on rows that may be counted and shown, as it may be published.

    What held says the same whether or not other rows are there.

    Parameters
    ----------
    found : CheckReport
        The outcomes in these rows.
    """
    return CheckReport(tuple(map(_published, found.outcomes)))


def without_digests(found: CheckReport) -> CheckReport:
    """Return a report without digests of cells, from which a short text could be guessed."""
    return CheckReport(tuple(map(_without_digests, found.outcomes)))


def _published(outcome: Outcome) -> Outcome:
    if outcome.held:
        message = f"Held in all rows of {outcome.table}.csv that may be counted and shown."
        outcome = replace(outcome, message=message)
    outcome = replace(_without_digests(outcome), patterns=())
    return outcome if outcome.caveat else replace(outcome, groups_of_rows=(), cells_of_rows=())


def _without_digests(outcome: Outcome) -> Outcome:
    details = tuple(DIGEST_IN_DETAIL.sub("", each) for each in outcome.details)
    if details == outcome.details:
        return outcome
    fault = outcome.fault + list_details(details)
    where = describe_where(outcome.focus_groups, outcome.answers)
    message = describe_fault(fault, outcome.table, outcome.failing, where)
    return replace(outcome, details=details, message=message)
