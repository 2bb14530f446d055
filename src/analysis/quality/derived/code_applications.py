"""Columns derived from code applications: whether each segment is there, and how coders code."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.context import are_among, derived
from analysis.tables.code_applications import CODE, CODER, SEGMENT, without_none
from analysis.tables.segments import FOCUS_GROUP

if TYPE_CHECKING:
    from analysis.quality.context import CheckContext, CheckedTables

TABLE = "code_applications"
CODINGS = (SEGMENT, CODE, CODER, "segments.segment", "segments.focus_group")
# Coders who agree on four segments of five agree on all of 20 once in a hundred times.
ALIKE = 20
# In fewer segments of a focus group, one code may be all that there is to apply.
FILLED = 5
# Most of a codebook says nothing of a segment; of a small one, it may.
MANY_CODES = 4
MOST_OF_CODEBOOK = 0.75
# Who codes most of what others code in three focus groups, and little of another, strayed there.
USUAL, STRAY, USUAL_GROUPS = 0.8, 0.2, 3


@derived(TABLE, "The segment is in the table of segments.", SEGMENT, "segments.segment")
def segment_known(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the segment of each code application is there; a blank one never is."""
    return are_among(tables[TABLE][SEGMENT], tables["segments"][SEGMENT])


@derived(
    TABLE,
    "Its code was not split since, or its coder put one of the new codes on the segment.",
    SEGMENT,
    CODE,
    CODER,
)
def is_recoded(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether no code is the first of those that another was split into, by default."""
    rows = tables[TABLE].index
    return pd.Series(~rows.isin([*context.rows_to_recode]), index=rows)


@derived(
    TABLE,
    "No other coder put the same codes on 20 or more shared segments.",
    *CODINGS[:3],
    "codebook.code",
)
def coder_differs(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the coder of each application codes in any way unlike each other coder.

    Sets of codes are compared by the sum of their hashes.
    """
    every = tables[TABLE]
    applied = without_none(every, tables["codebook"][CODE].array)
    hashes = pd.util.hash_pandas_object(applied[CODE], index=False)
    hashed = applied[[SEGMENT, CODER]].assign(codes=hashes)
    codes = hashed.pivot_table("codes", SEGMENT, CODER, "sum", fill_value=0)
    alike: set[str] = set()
    for one, other in combinations(map(str, codes), 2):
        shared = codes[(codes[one] != 0) & (codes[other] != 0)]
        if len(shared) >= ALIKE and (shared[one] == shared[other]).all():
            alike |= {one, other}
    return ~every[CODER].isin(alike)


@derived(
    TABLE,
    "Its coder put more than one code on five or more segments of the group.",
    *CODINGS,
    "codebook.code",
)
def codes_vary(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether no code seems to be filled down a focus group.

    A coder of one code alone, such as a search for a word, is left out.
    """
    applied = _with_groups(tables)
    of_group = applied.groupby([CODER, FOCUS_GROUP])
    is_filled = (
        (of_group[CODE].transform("nunique") == 1)
        & (of_group[SEGMENT].transform("nunique") >= FILLED)
        & applied.index.isin(without_none(applied, tables["codebook"][CODE].array).index)
    )
    return ~is_filled | (applied.groupby(CODER)[CODE].transform("nunique") == 1)


@derived(
    TABLE,
    "Its coder put less than three quarters of all codes (of four or more) on the segment.",
    *CODINGS[:3],
    "codebook.code",
    "codebook.parent",
)
def codes_chosen(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the coder chose among the codes for each segment."""
    applied = tables[TABLE]
    number = int((tables["codebook"]["parent"] != "").sum())
    put = applied.groupby([SEGMENT, CODER])[CODE].transform("nunique")
    return (put < MANY_CODES) | (put < MOST_OF_CODEBOOK * number)


@derived(TABLE, "Its coder codes more of the group than a stray segment.", *CODINGS)
def is_no_stray(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether no coder codes a little of one group, and most of three or more others.

    What a coder codes is compared with what any coder codes in the focus group.
    """
    applied = _with_groups(tables)
    by_any = applied.groupby(FOCUS_GROUP)[SEGMENT].nunique()
    by_coder = applied.groupby([CODER, FOCUS_GROUP])[SEGMENT].nunique()
    share = by_coder / by_any.reindex(by_coder.index.get_level_values(FOCUS_GROUP)).to_numpy()
    usual = (share >= USUAL).groupby(CODER).transform("sum") >= USUAL_GROUPS
    strays = share.index[usual & (share <= STRAY)]
    rows = pd.MultiIndex.from_frame(applied[[CODER, FOCUS_GROUP]])
    return pd.Series(~rows.isin(strays), index=applied.index)


def _with_groups(tables: CheckedTables) -> pd.DataFrame:
    """Return code applications with the focus group of their segment, "" where it is unknown."""
    groups = tables.groups_coded.fillna("").astype("str")
    return tables[TABLE].assign(**{FOCUS_GROUP: groups})
