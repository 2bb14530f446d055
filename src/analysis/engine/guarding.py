"""The check of a study's tables as received, outside a build, and which places they concern."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from analysis.engine.build import processors
from analysis.engine.memory import has_large_tables
from analysis.engine.processes import process_apart
from analysis.engine.scratch import Scratch
from analysis.quality.guarding import guard_parts, prepare
from analysis.quality.joining import join_parts
from analysis.quality.outcomes import GuardReport
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.tables.build_folder import WHOLE, BuildFolder
from analysis.tables.focus_groups import COLUMNS, FOCUS_GROUP, PLACES, split_values
from analysis.tables.freed_memory import give_back
from analysis.tables.parting import leave_parting
from analysis.tables.placing import overlaps
from analysis.tables.received import read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    import pandas as pd

    from analysis.tables.parted import Parting


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
    """Guard the tables part by part, as a build does, so that large ones take no more memory."""
    with (
        Scratch() as scratch,
        ThreadPoolExecutor(1) as beside,
        _helper(opened, str(scratch.path)) as helper,
    ):
        build = BuildFolder(scratch.path)
        asked = opened.root, opened.settings.name, build
        # What judges is imported here, while the tables are read.
        parted = (helper or beside.submit)(_part, *asked)
        prepare()
        parting = parted.result()
        here, there = shares_of(parting.rows) if helper else (list(parting.parts), [])
        helped = helper(_open_and_guard, *asked, there) if helper else None
        study, *found = _guard_received(opened, build, [WHOLE, *here])
        found += helped.result() if helped else []
    return join_parts(study, found, opened.instrument.cells)


@contextmanager
def _helper(opened: OpenedStudy, scratch: str) -> Iterator[Callable[..., Future[Any]] | None]:
    """Give a second process for tables that are worth its import, where there is a processor."""
    if not has_large_tables(opened.folder) or processors() == 1:
        yield None
        return
    with process_apart(scratch) as helper:
        yield helper


def shares_of(rows: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Return parts in two shares with about as many rows.

    Parameters
    ----------
    rows : mapping of str to int
        How many rows each part has.
    """
    shares: tuple[list[str], list[str]] = ([], [])
    for part in sorted(rows, key=lambda part: -rows[part]):
        min(shares, key=lambda share: sum(rows[each] for each in share)).append(part)
    return shares


def _part(root: Path, study: str, build: BuildFolder) -> Parting:
    parting = leave_parting(open_study(root, study), build)
    give_back()
    return parting


def _open_and_guard(
    root: Path, study: str, build: BuildFolder, parts: Sequence[str]
) -> list[GuardReport]:
    return _guard_received(open_study(root, study), build, parts)


def _guard_received(
    opened: OpenedStudy, build: BuildFolder, parts: Sequence[str]
) -> list[GuardReport]:
    return list(guard_parts(opened, build, [(part, "received") for part in parts]))


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
