"""The rows of those whom no report may count: without consent, or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables import code_applications, segments
from analysis.tables.focus_groups import FOCUS_GROUP, may_count
from analysis.tables.parted import ELSEWHERE
from analysis.tables.streaming import ROW
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.tables.build_folder import BuildFolder

GROUPS, SEGMENTS, APPLICATIONS = TABLES


@dataclass(frozen=True)
class LeftOut:
    """Focus groups that no report may count, and where their rows stand.

    Parameters
    ----------
    focus_groups : frozenset of str
        Their ids, well formed or not.
    rows : mapping of str to frozenset of int
        Their rows in the file of each table; an id that is malformed would not tell them.
    """

    focus_groups: frozenset[str] = frozenset()
    rows: Mapping[str, frozenset[int]] = field(default_factory=dict)


def read_left_out(build: BuildFolder) -> LeftOut:
    """Return those whom no report may count.

    Parameters
    ----------
    build : BuildFolder
        Where the tables are parted; what may not be counted stands elsewhere.
    """
    folder = build.received(ELSEWHERE)
    groups, said, coded = (
        pd.read_parquet(folder / f"{table}.parquet").set_index(ROW) for table in TABLES
    )
    groups = groups[~may_count(groups)]
    said = said[said[segments.FOCUS_GROUP].isin(groups[FOCUS_GROUP])]
    coded = coded[coded[code_applications.SEGMENT].isin(said[segments.SEGMENT])]
    rows = {GROUPS: groups, SEGMENTS: said, APPLICATIONS: coded}
    return LeftOut(
        focus_groups=frozenset(groups[FOCUS_GROUP]),
        rows={table: frozenset(of_them.index.tolist()) for table, of_them in rows.items()},
    )
