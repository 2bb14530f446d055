"""The check of a study's tables as received, outside a build, and which places they concern."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from analysis.engine.build import processors
from analysis.engine.executors import can_fork_here, forked
from analysis.engine.memory import has_large_tables
from analysis.quality.outcomes import GuardReport
from analysis.quality.received_guarding import guard_received, join_shares, read_to_guard
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.tables.focus_groups import COLUMNS, FOCUS_GROUP, PLACES, split_values
from analysis.tables.freed_memory import keep_freed
from analysis.tables.placing import overlaps
from analysis.tables.received import read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd


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
    found = _guard(opened)
    if not places:
        return found
    groups = read_table(table_path(opened.folder, "focus_groups"), COLUMNS)
    wanted = groups_of_places(opened, groups, places)
    return GuardReport(
        tuple(outcome for outcome in found.outcomes if outcome.held or outcome.concerns(wanted))
    )


def _guard(opened: OpenedStudy) -> GuardReport:
    """Guard the tables; large ones by two processes, where there are two processors."""
    is_large = has_large_tables(opened.folder)
    if is_large:
        keep_freed()
    tables = read_to_guard(opened)
    if not (is_large and can_fork_here() and processors() > 1):
        return guard_received(opened, tables)
    with forked(partial(guard_received, opened, tables, "texts")) as texts:
        others = guard_received(opened, tables, "others")
        return join_shares(opened, others, texts())


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
