"""The columns that are derived from segments and code applications to guard them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.quality.distinct_values import is_among, say_of_each
from analysis.quality.guarded_column import GuardedColumn
from analysis.tables import focus_groups
from analysis.tables.alike import number_alike
from analysis.tables.segments import (
    FOCUS_GROUP,
    POSITION,
    QUESTION,
    ROLE,
    SECTION,
    SOURCE_SHA256,
    TEXT_KIND,
)

if TYPE_CHECKING:
    from analysis.quality.guard_context import GuardContext
    from analysis.quality.linked_tables import LinkedTables

POSITION_OF_ROLE = {
    "point": re.compile(r"[1-9][0-9]*"),
    "subpoint": re.compile(r"[1-9][0-9]*[a-z]"),
    "prose": re.compile(r"p[1-9][0-9]*"),
    "lead_in": re.compile(r"p[1-9][0-9]*"),
}
NO_DIGIT = re.compile(r"[^0-9]")
WELL_FORMED_POSITION = re.compile(r"p?[1-9][0-9]*|[1-9][0-9]*[a-z]")


def _focus_group_known(tables: LinkedTables, _: GuardContext) -> pd.Series:
    known = tables["focus_groups"][focus_groups.FOCUS_GROUP]
    return is_among(tables["segments"][FOCUS_GROUP], known)


def _consent_lets_count(tables: LinkedTables, _: GuardContext) -> pd.Series:
    groups = tables["focus_groups"]
    left_out = groups.loc[~focus_groups.may_count(groups), focus_groups.FOCUS_GROUP]
    return ~is_among(tables["segments"][FOCUS_GROUP], left_out)


def _cell_known(tables: LinkedTables, context: GuardContext) -> pd.Series:
    texts = tables["segments"]
    section_known = texts[SECTION].isin(context.sections)
    question_known = texts[QUESTION].isin(context.questions)
    return ~(section_known & question_known) | tables.cells.isin(context.cells)


def _role_fits_position(tables: LinkedTables, _: GuardContext) -> pd.Series:
    def fits(pair: str) -> bool:
        position, _, role = pair.rpartition("\n")
        is_sound = WELL_FORMED_POSITION.fullmatch(position) and role in POSITION_OF_ROLE
        return not is_sound or bool(POSITION_OF_ROLE[role].fullmatch(position))

    texts = tables["segments"]
    return say_of_each(texts[POSITION] + "\n" + texts[ROLE], fits)


def _limited_points(tables: LinkedTables, context: GuardContext) -> pd.Series:
    texts = tables["segments"]
    is_point = texts[ROLE].isin(["point", "subpoint"]) & tables.cells.isin(context.limited_cells)
    cell = tables.cell_numbers[is_point]
    point = say_of_each(texts.loc[is_point, POSITION], lambda text: NO_DIGIT.split(text)[0])
    is_first = (point != "") & ~number_alike(cell, point).duplicated()
    counts = np.bincount(cell[is_first], minlength=len(texts))
    return pd.Series(counts[cell], cell.index).reindex(texts.index, fill_value=0)


def _text_kind_fits_study(tables: LinkedTables, context: GuardContext) -> pd.Series:
    kinds = tables["segments"][TEXT_KIND]
    return (kinds == "") | ((kinds == "synthetic") == context.synthetic)


def _source_sha256_given(tables: LinkedTables, _: GuardContext) -> pd.Series:
    texts = tables["segments"]
    return (texts[TEXT_KIND] != "restated") | (texts[SOURCE_SHA256] != "")


def _lead_in_uncoded(tables: LinkedTables, _: GuardContext) -> pd.Series:
    return (tables["segments"][ROLE] != "lead_in") | ~tables.is_coded


def _heading_uncoded(tables: LinkedTables, _: GuardContext) -> pd.Series:
    return ~tables.is_heading | ~tables.is_coded


def _is_coded(tables: LinkedTables, _: GuardContext) -> pd.Series:
    return tables.is_coded | (tables["segments"][ROLE] == "lead_in") | tables.is_heading


def _segment_known(tables: LinkedTables, _: GuardContext) -> pd.Series:
    return pd.Series(tables.coded >= 0, tables["code_applications"].index)


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
