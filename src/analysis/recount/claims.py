"""Every claim of a study, recounted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.recount.cleaning_report import recount_cleaning
from analysis.recount.corpus import open_whole
from analysis.recount.coverage import recount_coverage
from analysis.recount.report import recount_excerpts, recount_place
from analysis.recount.study import read_study

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from analysis.recount.corpus import Whole
    from analysis.recount.number import Number

    Claim = Mapping[str, Any]

COVERAGE = "coverage"
CLEANING = "-cleaning"


@dataclass(frozen=True)
class Recount:
    """What an independent recount found.

    Parameters
    ----------
    counted : int
        How many published numbers were recounted.
    not_counted : int
        How many weren't: those of the study's own notebooks, and intervals of agreement where more
        than 100 focus groups were coded twice.
    differing : tuple of str
        Where a claim and the recount differ, in a line each.
    """

    counted: int
    not_counted: int
    differing: tuple[str, ...]

    @property
    def agreeing(self) -> int:
        """How many the recount confirms."""
        return self.counted - len(self.differing)


def recount_claims(root: Path, study: str, claims: Mapping[str, Iterable[Claim]]) -> Recount:
    """Recount each published number of a study that plain Python can count.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study; its tables are CSV files.
    claims : mapping of str to iterable of mapping
        The claims as published, by report.

    Raises
    ------
    OSError
        When a table isn't there as a CSV file.
    """
    whole = open_whole(read_study(root, study))
    compared, not_counted = [], 0
    for report, published in claims.items():
        made = list(published)
        numbers = recount_report(whole, report, made)
        known = [claim for claim in made if claim["id"] in numbers]
        compared += ["; ".join(numbers[each["id"]].differences(each)) for each in known]
        not_counted += len(made) - len(known)
    return Recount(len(compared), not_counted, tuple(filter(None, compared)))


def recount_report(whole: Whole, report: str, claims: Iterable[Claim]) -> dict[str, Number]:
    """Return every number that a report may claim, by the claim's id.

    Parameters
    ----------
    whole : Whole
        The study.
    report : str
        The name of the report; of one that isn't known, nothing is recounted.
    claims : iterable of mapping
        The claims as published. Which passages are quoted is taken from them.
    """
    if report == COVERAGE:
        return recount_coverage(whole)
    place = report.removesuffix(CLEANING)
    if place not in whole.homes.places_of_reports:
        return {}
    if report != place:
        return recount_cleaning(whole, place)
    return recount_place(whole, place) | recount_excerpts(whole, place, claims)
