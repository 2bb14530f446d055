"""The columns that are derived from segments and code applications to guard them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.guarded_column import GuardedColumn
from analysis.tables import code_applications, focus_groups
from analysis.tables.segments import (
    FOCUS_GROUP,
    POSITION,
    QUESTION,
    ROLE,
    SECTION,
    SEGMENT,
    SOURCE_SHA256,
    TEXT,
    TEXT_KIND,
    cells_of,
    headings_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.quality.guard_context import GuardContext

POSITION_OF_ROLE = {
    "point": r"[1-9][0-9]*",
    "subpoint": r"[1-9][0-9]*[a-z]",
    "prose": r"p[1-9][0-9]*",
    "lead_in": r"p[1-9][0-9]*",
}
WELL_FORMED_POSITION = r"p?[1-9][0-9]*|[1-9][0-9]*[a-z]"


def _focus_group_known(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    known = tables["focus_groups"][focus_groups.FOCUS_GROUP]
    return tables["segments"][FOCUS_GROUP].isin(known[known != ""].unique())


def _consent_lets_count(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    groups = tables["focus_groups"]
    lets_count = groups[focus_groups.CONSENT].isin(focus_groups.CONSENT_TO_COUNT)
    is_left_out = ~lets_count | (groups[focus_groups.WITHDRAWN] != "")
    left_out = groups.loc[is_left_out, focus_groups.FOCUS_GROUP]
    return ~tables["segments"][FOCUS_GROUP].isin(left_out.unique())


def _cell_known(tables: Mapping[str, pd.DataFrame], context: GuardContext) -> pd.Series:
    texts = tables["segments"]
    section_known = texts[SECTION].isin(context.sections)
    question_known = texts[QUESTION].isin(context.questions)
    return ~(section_known & question_known) | cells_of(texts).isin(context.cells)


def _role_fits_position(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    texts = tables["segments"]
    fits = ~texts[POSITION].str.fullmatch(WELL_FORMED_POSITION) | ~texts[ROLE].isin(
        list(POSITION_OF_ROLE)
    )
    for role, pattern in POSITION_OF_ROLE.items():
        fits |= (texts[ROLE] == role) & texts[POSITION].str.fullmatch(pattern)
    return fits


def _limited_points(tables: Mapping[str, pd.DataFrame], context: GuardContext) -> pd.Series:
    texts = tables["segments"]
    is_limited = cells_of(texts).isin(context.limited_cells)
    is_point = texts[ROLE].isin(["point", "subpoint"]) & is_limited
    point = texts[POSITION].str.extract(r"^([0-9]+)", expand=False).where(is_point)
    counted = point.groupby([texts[FOCUS_GROUP], texts[SECTION], texts[QUESTION]])
    return counted.transform("nunique").where(is_point, 0).astype("int64")


def _text_kind_fits_study(tables: Mapping[str, pd.DataFrame], context: GuardContext) -> pd.Series:
    kinds = tables["segments"][TEXT_KIND]
    return (kinds == "") | ((kinds == "synthetic") == context.synthetic)


def _source_sha256_given(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    texts = tables["segments"]
    return (texts[TEXT_KIND] != "restated") | (texts[SOURCE_SHA256] != "")


def _said_once(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    texts = tables["segments"]
    words = texts[TEXT].str.lower().str.replace(r"\s+", " ", regex=True).str.strip()
    said = pd.DataFrame({FOCUS_GROUP: texts[FOCUS_GROUP], TEXT: words})
    return (words == "") | ~said.duplicated(keep=False)


def _is_uncoded(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    coded = tables["code_applications"][code_applications.SEGMENT].unique()
    return ~tables["segments"][SEGMENT].isin(coded)


def _lead_in_uncoded(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    return (tables["segments"][ROLE] != "lead_in") | _is_uncoded(tables)


def _heading_uncoded(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    return ~headings_of(tables["segments"]) | _is_uncoded(tables)


def _is_coded(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    texts = tables["segments"]
    return ~_is_uncoded(tables) | (texts[ROLE] == "lead_in") | headings_of(texts)


def _segment_known(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    known = tables["segments"][SEGMENT]
    return tables["code_applications"][code_applications.SEGMENT].isin(known[known != ""].unique())


IN_TEMPLATE = ("segments.focus_group", "segments.section", "segments.question")

COLUMNS = (
    GuardedColumn(
        table="segments",
        name="focus_group_known",
        meaning="The focus group is in the table of focus groups.",
        needs=("segments.focus_group", "focus_groups.focus_group"),
        compute=_focus_group_known,
    ),
    GuardedColumn(
        table="segments",
        name="consent_lets_count",
        meaning="The focus group gave consent to be counted, and is not withdrawn.",
        needs=(
            "segments.focus_group",
            "focus_groups.focus_group",
            "focus_groups.consent",
            "focus_groups.withdrawn",
        ),
        compute=_consent_lets_count,
    ),
    GuardedColumn(
        table="segments",
        name="cell_known",
        meaning="The instrument asks this question in this section (both being known).",
        needs=("segments.section", "segments.question"),
        compute=_cell_known,
    ),
    GuardedColumn(
        table="segments",
        name="role_fits_position",
        meaning="A point stands at 3, a sub-point at 3a, prose and a lead-in at p1.",
        needs=("segments.role", "segments.position"),
        compute=_role_fits_position,
    ),
    GuardedColumn(
        table="segments",
        name="limited_points",
        meaning="How many points its focus group has in its cell; 0 where there is no limit.",
        needs=(*IN_TEMPLATE, "segments.role", "segments.position"),
        compute=_limited_points,
    ),
    GuardedColumn(
        table="segments",
        name="text_kind_fits_study",
        meaning="The text is synthetic if the study is, and only then.",
        needs=("segments.text_kind",),
        compute=_text_kind_fits_study,
    ),
    GuardedColumn(
        table="segments",
        name="source_sha256_given",
        meaning="The text is not restated, or has the sha256 of its source.",
        needs=("segments.text_kind", "segments.source_sha256"),
        compute=_source_sha256_given,
    ),
    GuardedColumn(
        table="segments",
        name="said_once",
        meaning="No other segment of its focus group has the same text, but for case and space.",
        needs=("segments.focus_group", "segments.text"),
        compute=_said_once,
    ),
    GuardedColumn(
        table="segments",
        name="lead_in_uncoded",
        meaning="The segment is no lead-in, or has no code.",
        needs=("segments.segment", "segments.role", "code_applications.segment"),
        compute=_lead_in_uncoded,
    ),
    GuardedColumn(
        table="segments",
        name="heading_uncoded",
        meaning="The segment is no point above sub-points, or has no code.",
        needs=(
            *IN_TEMPLATE,
            "segments.segment",
            "segments.role",
            "segments.position",
            "code_applications.segment",
        ),
        compute=_heading_uncoded,
    ),
    GuardedColumn(
        table="segments",
        name="is_coded",
        meaning="The segment has a code, or is a lead-in or a point above sub-points.",
        needs=(
            *IN_TEMPLATE,
            "segments.segment",
            "segments.role",
            "segments.position",
            "code_applications.segment",
        ),
        compute=_is_coded,
    ),
    GuardedColumn(
        table="code_applications",
        name="segment_known",
        meaning="The segment is in the table of segments.",
        needs=("code_applications.segment", "segments.segment"),
        compute=_segment_known,
    ),
)
