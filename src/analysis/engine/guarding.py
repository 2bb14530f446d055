"""Guarding the tables of a study, as received and as cleaned, and keeping what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.guard_context import context_of
from analysis.quality.guards import guard
from analysis.quality.outcomes import (
    GuardReport,
    join_reports,
    require_no_critical,
    write_outcomes,
)
from analysis.quality.suites import read_suites
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.tables.cleaning import read_cleaned
from analysis.tables.focus_groups import FOCUS_GROUP, PLACES, split_values
from analysis.tables.placing import overlaps
from analysis.tables.received import ReceivedTables, read_received

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.tables.build_folder import BuildFolder


def guard_received(opened: OpenedStudy, received: ReceivedTables) -> GuardReport:
    """Return what the suites find in the tables as received.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    received : ReceivedTables
        Its tables.

    Raises
    ------
    GuardError
        When a suite cannot be used.
    """
    suites = read_suites(opened.root / "expectations")
    return guard(received.by_name(), context_of(opened), stage="received", suites=suites)


def check_study(root: Path, name: str, places: Sequence[str] = ()) -> GuardReport:
    """Return what the suites find in the tables of a study, or of some of its places.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    name : str
        The study.
    places : sequence of str, optional
        Regions and continents; what fell short elsewhere alone is left out.

    Raises
    ------
    CompendiumError
        When the study, its tables or a suite cannot be used.
    """
    opened = open_study(root, name)
    received = read_received(opened.folder)
    found = guard_received(opened, received)
    if not places:
        return found
    wanted = groups_of_places(opened, received.focus_groups, places)
    return GuardReport(
        tuple(outcome for outcome in found.outcomes if outcome.held or outcome.concerns(wanted))
    )


def groups_of_places(opened: OpenedStudy, groups: pd.DataFrame, places: Sequence[str]) -> set[str]:
    """Return the focus groups that the reports on some places count or rest on.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    groups : DataFrame
        Its focus groups as received; those whose places are unknown are left out.
    places : sequence of str
        Regions and continents, by code or name.

    Raises
    ------
    PlaceError
        When a place is unknown.
    """
    wanted = [opened.places.resolve(place) for place in places]
    known = {*opened.places.countries, *opened.places.wider_places}
    return {
        group
        for group, held_at in zip(groups[FOCUS_GROUP], groups[PLACES], strict=True)
        if known.issuperset(split_values(held_at))
        and any(overlaps(held_at, place, opened.places) for place in wanted)
    }


def guard_cleaned(opened: OpenedStudy, build: BuildFolder, places: Iterable[str]) -> GuardReport:
    """Return what the suites find in the cleaned tables of places, keeping it for the reports.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        Holds the cleaned tables.
    places : iterable of str
        Places that were cleaned.

    Raises
    ------
    GuardError
        When a critical expectation does not hold at any of the places, or a suite cannot be used.
    """
    suites = read_suites(opened.root / "expectations")
    context = context_of(opened)
    reports = []
    for place in places:
        tables = read_cleaned(build.cleaned(place)).by_name()
        report = guard(tables, context, stage="cleaned", suites=suites)
        write_outcomes(report, build.outcomes(f"cleaned-{place}"))
        reports.append(report)
    found = join_reports(reports)
    require_no_critical(found)
    return found
