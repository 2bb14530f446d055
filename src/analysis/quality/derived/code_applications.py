"""Columns derived from code applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.context import are_among, derived
from analysis.tables.code_applications import SEGMENT

if TYPE_CHECKING:
    import pandas as pd

    from analysis.quality.context import CheckContext, CheckedTables

TABLE = "code_applications"


@derived(TABLE, "The segment is in the table of segments.", SEGMENT, "segments.segment")
def segment_known(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the segment of each code application is there; a blank one never is."""
    return are_among(tables[TABLE][SEGMENT], tables["segments"][SEGMENT])
