"""The check of a study: what its suites find in the tables as received, and in cleaned ones.

`check_study` is the whole of ``compendium check``, and the one check of a build of the tables as
received; `check_cleaned` is the check of a place. Both read what is expected from the suites and
have it evaluated (`evaluation`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.quality.context import context_of
from analysis.quality.evaluation import check_tables
from analysis.quality.personal_data.columns import ID_COLUMNS
from analysis.quality.personal_data.exceptions import ids_in_question
from analysis.quality.personal_data.study_texts import require_impersonal, require_known_rows
from analysis.quality.suites import read_suites
from analysis.study.opened_study import open_study
from analysis.tables import focus_groups
from analysis.tables.placing import overlaps
from analysis.tables.received import COLUMNS, read_received, read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.quality.outcomes import CheckReport
    from analysis.quality.suites import Suite
    from analysis.study.opened_study import OpenedStudy

SUITES = "expectations"


def check_named(root: Path, name: str, places: Sequence[str] = ()) -> CheckReport:
    """Return what the suites find in the tables of a study, or of some of its places.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``expectations/``.
    name : str
        The study.
    places : sequence of str, optional
        Regions and continents; outcomes that fell short elsewhere alone are left out.

    Raises
    ------
    CompendiumError
        When the study, its tables or a suite cannot be used.
    """
    opened = open_study(root, name)
    found = check_study(opened, read_suites(root / SUITES))
    if not places:
        return found
    groups = read_table(table_path(opened.folder, "focus_groups"), COLUMNS["focus_groups"])
    return found.concerning(groups_of_places(opened, groups, places))


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
    held_at = zip(groups[focus_groups.FOCUS_GROUP], groups[focus_groups.PLACES], strict=True)
    return {
        group
        for group, at in held_at
        if known.issuperset(focus_groups.split_values(at))
        and any(overlaps(at, place, opened.places) for place in wanted)
    }


def check_study(opened: OpenedStudy, suites: Sequence[Suite]) -> CheckReport:
    """Return what the suites find in the tables of a study as received.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    suites : sequence of Suite
        What is expected of its tables.

    Raises
    ------
    TableError
        When a table is absent or there twice, or cannot be read.
    CheckError
        When the study holds personal data beside its tables.
    StudyError
        When a reviewed exception cannot be used, or is for a row that the study does not have.
    """
    context = context_of(opened)
    tables = read_received(opened.folder).by_name()
    require_impersonal(opened, context.privacy_exceptions)
    known = {
        name: set(tables[name][column]).intersection(
            ids_in_question(context.privacy_exceptions, name)
        )
        for name, column in ID_COLUMNS.items()
    }
    require_known_rows(opened, context.privacy_exceptions, known)
    return check_tables(tables, context, stage="received", suites=suites)


def check_cleaned(
    opened: OpenedStudy,
    tables: Mapping[str, pd.DataFrame],
    template: pd.DataFrame,
    suites: Sequence[Suite],
) -> CheckReport:
    """Return what the suites find in the cleaned tables of a place.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    tables : mapping of str to DataFrame
        ``focus_groups``, ``segments`` and ``code_applications`` as cleaned; others are ignored.
    template : DataFrame
        The segments of the place as received, of which ``focus_group, section, question, position,
        role`` are used.
    suites : sequence of Suite
        What is expected of them.

    Raises
    ------
    StudyError
        When a reviewed exception cannot be used.
    """
    # Cleaning does not change the codebook, and numbers depend on it too.
    codebook = read_table(table_path(opened.folder, "codebook"), COLUMNS["codebook"])
    together = {"codebook": codebook, **{name: tables[name] for name in COLUMNS if name in tables}}
    return check_tables(
        together, context_of(opened), stage="cleaned", suites=suites, template=template
    )


def with_failing_rows(opened: OpenedStudy, found: CheckReport) -> CheckReport:
    """Return outcomes read from a file, with the rows and values of those that stop reports.

    Files hold neither: the expectations in question are evaluated again on the tables as received.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    found : CheckReport
        Outcomes of a check of it.

    Raises
    ------
    CompendiumError
        When the tables or a suite cannot be used.
    """
    ids = {each.expectation for each in found.critical if each.failing}
    if not ids:
        return found
    suites = [
        replace(suite, expectations=tuple(each for each in suite.expectations if each.id in ids))
        for suite in read_suites(opened.root / SUITES)
    ]
    again = check_study(opened, suites)
    return replace(found, failing_rows=again.failing_rows)


def shown_as_received(suites: Sequence[Suite]) -> frozenset[str]:
    """Return the expectations that affect numbers and are evaluated on tables as received alone.

    Of all others, the check of cleaned tables reports what still falls short when reports count.
    """
    cleaned = {each.id for suite in suites for each in suite.at("cleaned")}
    received = (each for suite in suites for each in suite.at("received") if each.touches)
    return frozenset(each.id for each in received) - cleaned
