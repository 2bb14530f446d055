"""What no part of a study's tables can tell: its small tables, and expectations on whole tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.basis import is_told_by_parts
from analysis.quality.guards import Guarded, blank_columns
from analysis.quality.linked_tables import PartedTables
from analysis.quality.needed_columns import needed_columns
from analysis.quality.personal_data.exceptions import ids_in_question, read_exceptions
from analysis.quality.personal_data.scanned import ID_COLUMNS
from analysis.quality.personal_data.study_texts import require_known_rows
from analysis.tables import segments
from analysis.tables.received import COLUMNS, read_table, table_paths
from analysis.tables.streaming import ROW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.quality.outcomes import Stage
    from analysis.quality.suites import Expectation, Suite
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.parted import Parting

STAGE: Stage = "received"
SMALL_TABLES = ("codebook", "focus_groups")


def suites_of_parts(suites: Sequence[Suite]) -> list[Suite]:
    """Return the suites with the expectations that hold if, and only if, they hold on each part."""
    chosen = [
        replace(suite, expectations=tuple(_told_by_parts(suite, is_told=True))) for suite in suites
    ]
    return [suite for suite in chosen if suite.at(STAGE)]


def whole_study(
    opened: OpenedStudy, build: BuildFolder, parting: Parting, suites: Sequence[Suite]
) -> Guarded:
    """Return a study's tables as received, to be guarded for what no part can tell.

    Large tables are read only where an expectation is on the whole of one, and then only the
    columns that it takes.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        Holds the parts.
    parting : Parting
        How the tables are parted.
    suites : sequence of Suite
        What is expected.

    Raises
    ------
    StudyError
        When a reviewed exception is for a row that the study does not have.
    """
    paths = table_paths(opened.folder)
    tables = {name: read_table(paths[name], COLUMNS[name]) for name in SMALL_TABLES}
    _require_known(opened, build, parting, tables)
    parted = parting.tables
    codebook = tables["codebook"]
    large = {name: _read(build, parting, name, each) for name, each in _needed(suites).items()}
    return Guarded(
        tables=PartedTables(tables | large, parting),
        stage=STAGE,
        suites=suites,
        empty_tables=[
            *([] if len(codebook) else ["codebook"]),
            *(name for name, told in parted.items() if not told.rows),
        ],
        blank_columns={
            "codebook": blank_columns(codebook),
            **{name: told.blank_columns for name, told in parted.items()},
        },
        elsewhere={each.id for suite in suites for each in _told_by_parts(suite, is_told=True)},
    )


def _require_known(
    opened: OpenedStudy, build: BuildFolder, parting: Parting, tables: Mapping[str, pd.DataFrame]
) -> None:
    """Refuse reviewed exceptions for rows that the study does not have."""
    exceptions = read_exceptions(opened.folder)
    asked = ids_in_question(exceptions, "segments")
    known = {name: set(tables[name][ID_COLUMNS[name]]) for name in SMALL_TABLES}
    # The ids of a large study are looked through part by part, and only for those asked about.
    chosen = [
        pd.read_parquet(
            build.received(part) / "segments.parquet",
            columns=[segments.SEGMENT],
            filters=[(segments.SEGMENT, "in", asked)],
        )[segments.SEGMENT]
        for part in (parting.parts if asked else ())
    ]
    known["segments"] = {name for each in chosen for name in each}
    require_known_rows(opened, exceptions, known)


def _told_by_parts(suite: Suite, *, is_told: bool) -> Iterator[Expectation]:
    """Yield the expectations that parts tell, or those that they do not."""
    for each in suite.expectations:
        if is_told_by_parts(suite.table, each) == is_told:
            yield each


def _needed(suites: Sequence[Suite]) -> dict[str, set[str]]:
    """Name the columns of large tables that take part in expectations on the whole of one."""
    asked = [
        (suite.table, each)
        for suite in suites
        if suite.table not in SMALL_TABLES
        for each in _told_by_parts(suite, is_told=False)
    ]
    needed = needed_columns(asked)
    return {table: columns for table, columns in needed.items() if table not in SMALL_TABLES}


def _read(
    build: BuildFolder, parting: Parting, table: str, columns: Collection[str]
) -> pd.DataFrame:
    """Read columns of a table from its parts, each row once and in the order of the file."""
    wanted = [ROW, *(name for name in COLUMNS[table] if name in columns)]
    rows = pd.concat(
        pd.read_parquet(build.received(part) / f"{table}.parquet", columns=wanted).set_index(ROW)
        for part in parting.parts
    )
    return rows[~rows.index.duplicated()].sort_index()
