"""Columns derived from focus groups and their segments: whether words are there, own and coded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.context import are_among, derived
from analysis.tables.focus_groups import CONSENT, FOCUS_GROUP, WITHDRAWN, may_count

if TYPE_CHECKING:
    from analysis.quality.context import CheckContext, CheckedTables

TABLE = "focus_groups"
COMPARED = (FOCUS_GROUP, "segments.focus_group", "segments.text")
CODED = (
    FOCUS_GROUP,
    CONSENT,
    WITHDRAWN,
    "segments.segment",
    "segments.focus_group",
    "code_applications.segment",
)
# Who coded fewer focus groups may have been asked for these alone.
OTHERS = 3


@derived(
    TABLE,
    "The focus group is not withdrawn, or none of its segments is left.",
    FOCUS_GROUP,
    WITHDRAWN,
    "segments.focus_group",
)
def withdrawn_left_nothing(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether a withdrawn focus group is without segments."""
    return (tables[TABLE][WITHDRAWN] == "") | ~tables.has_segments


@derived(
    TABLE,
    "The consent is not none, or it is withdrawn, or none of its segments is left.",
    FOCUS_GROUP,
    CONSENT,
    WITHDRAWN,
    "segments.focus_group",
)
def consent_left_nothing(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether a focus group without consent is without segments."""
    groups = tables[TABLE]
    return (groups[CONSENT] != "none") | (groups[WITHDRAWN] != "") | ~tables.has_segments


@derived(
    TABLE,
    "The focus group has segments, or is withdrawn or without consent.",
    FOCUS_GROUP,
    CONSENT,
    WITHDRAWN,
    "segments.focus_group",
)
def has_segments(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether a focus group that may be counted has segments."""
    return ~may_count(tables[TABLE]) | tables.has_segments


@derived(
    TABLE,
    "No other focus group has exactly the same texts (of two or more segments) or half of its "
    "runs of words, or a person has reviewed the two (`separate_groups` in `study.yaml`).",
    *COMPARED,
)
def has_own_words(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether the texts of a focus group differ from those of each other one.

    Texts are compared whatever their order, by the sum of their hashes.
    """
    said = tables["segments"]
    hashes = pd.util.hash_pandas_object(said["text"], index=False, categorize=False)
    texts = hashes.groupby(said["focus_group"]).agg(["size", "sum"]).reset_index()
    texts = texts[texts["size"] > 1]
    same = texts.merge(texts, on=["size", "sum"])
    same = same.set_axis(["group", "size", "sum", "other"], axis=1).query("group != other")
    return _lacks_pairs(tables, context, pd.concat([same, tables.alike_groups]))


@derived(
    TABLE,
    "No other focus group has four fifths of its runs of words (20 or more), or it theirs, or a "
    "person has reviewed the two (`separate_groups` in `study.yaml`).",
    *COMPARED,
)
def is_no_copy(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether no focus group seems to be a copy that nobody has reviewed."""
    alike = tables.alike_groups
    return _lacks_pairs(tables, context, alike[alike["is_copy"]])


def _lacks_pairs(tables: CheckedTables, context: CheckContext, pairs: pd.DataFrame) -> pd.Series:
    """Return whether each focus group is in none of the pairs that nobody has reviewed."""
    named = zip(pairs["group"], pairs["other"], strict=True)
    found = {group for group, other in named if {group, other} not in context.separate_groups}
    ids = tables[TABLE][FOCUS_GROUP]
    return (ids == "") | ~ids.isin(found)


@derived(
    TABLE,
    "It has a code, or no segments, or half of the focus groups with segments have none.",
    *CODED,
)
def has_codes(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether no focus group was left out of the coding."""
    ids = tables[TABLE][FOCUS_GROUP]
    coded = tables["segments"].loc[tables.is_coded, FOCUS_GROUP]
    is_coded, is_asked = are_among(ids, coded), may_count(tables[TABLE]) & tables.has_segments
    return is_coded | ~is_asked | (2 * (is_coded & is_asked).sum() < is_asked.sum())


@derived(
    TABLE,
    "No coder coded all other focus groups that have codes (three or more), and not this one.",
    *CODED,
    "code_applications.coder",
)
def coders_are_all_there(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether no coder's file seems to be missing for a focus group."""
    applied = tables["code_applications"]
    coded = pd.DataFrame({"coder": applied["coder"], "group": tables.groups_coded})
    by_coder = coded.dropna().drop_duplicates().groupby("coder")["group"].agg(frozenset)
    every = frozenset[str]().union(*by_coder)
    missing = [every - of_coder for of_coder in by_coder]
    left_out = {next(iter(each)) for each in missing if len(each) == 1 and len(every) > OTHERS}
    return ~tables[TABLE][FOCUS_GROUP].isin(left_out)
