"""Kinds of damage to the places of segments, and to what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutations import (
    APPLIED,
    GROUPS,
    MOVED,
    SEGMENTS,
    UNCODED,
    caught_by,
    repeat_rows,
    shift_rows,
    swap_values,
)

if TYPE_CHECKING:
    from mutations import Tables


@caught_by(*MOVED)
def swapped_segment_ids(tables: Tables) -> None:
    swap_values(tables[SEGMENTS], "segment", (2, 3))


@caught_by(*MOVED)
def swapped_focus_groups(tables: Tables) -> None:
    texts = tables[SEGMENTS]
    texts["focus_group"] = texts["focus_group"].replace({"fg02": "fg03", "fg03": "fg02"})


@caught_by(
    *MOVED,
    (SEGMENTS, "position missing before this one"),
    (SEGMENTS, "sub-point without its point"),
    (SEGMENTS, "role and position disagree"),
    (SEGMENTS, "position used twice in an answer"),
    UNCODED,
)
def shifted_positions(tables: Tables) -> None:
    shift_rows(tables[SEGMENTS], ["position"])


@caught_by(*MOVED, (SEGMENTS, "position used twice in an answer"))
def shifted_focus_groups(tables: Tables) -> None:
    texts = tables[SEGMENTS].loc[9:16]
    tables[SEGMENTS].loc[9:16, "focus_group"] = ["fg02", *texts["focus_group"][:-1]]


@caught_by(*MOVED, (SEGMENTS, "lead-in coded"), UNCODED)
def shifted_segment_ids(tables: Tables) -> None:
    shift_rows(tables[SEGMENTS], ["segment"])


@caught_by(SEGMENTS, "role unknown", (SEGMENTS, "position malformed"), MOVED)
def row_shifted_by_one_cell(tables: Tables) -> None:
    columns = ["position", "role", "label", "text"]
    tables[SEGMENTS].loc[3, columns] = ["", *tables[SEGMENTS].loc[3, columns][:-1]]
    tables[SEGMENTS].loc[3, "position"] = "situation"


@caught_by(*MOVED)
def id_of_another_cell(tables: Tables) -> None:
    tables[SEGMENTS].loc[8, ["section", "question"]] = ["recommendations", "start"]


@caught_by(SEGMENTS, "kept without consent", stage="cleaned")
def refused_consent_after_cleaning(tables: Tables) -> None:
    tables[GROUPS].loc[3, "consent"] = "none"


@caught_by(SEGMENTS, "position missing before this one", MOVED)
def gap_in_positions(tables: Tables) -> None:
    tables[SEGMENTS].loc[10, "position"] = "3"


@caught_by(SEGMENTS, "position missing before this one")
def row_lost_on_the_way(tables: Tables) -> None:
    _drop(tables, "fg02.context.situation.1")


@caught_by(SEGMENTS, "position missing before this one")
def sub_point_lost_on_the_way(tables: Tables) -> None:
    _drop(tables, "fg01.context.hope.1a")


@caught_by(SEGMENTS, "sub-point without its point")
def point_lost_above_its_sub_points(tables: Tables) -> None:
    _drop(tables, "fg01.context.hope.1")


def _drop(tables: Tables, segment: str) -> None:
    """Take a segment out, with the codes on it."""
    for table in (SEGMENTS, APPLIED):
        tables[table] = tables[table][tables[table]["segment"] != segment]


@caught_by(SEGMENTS, "lead-in without a list")
def prose_taken_for_a_lead_in(tables: Tables) -> None:
    tables[SEGMENTS].loc[8, ["segment", "position", "role"]] = [
        "fg01.recommendations.stop.p1",
        "p1",
        "lead_in",
    ]
    applied = tables[APPLIED]
    tables[APPLIED] = applied[applied["segment"] != "fg01.recommendations.stop.1"]


@caught_by(SEGMENTS, "position used twice in an answer", MOVED)
def position_twice(tables: Tables) -> None:
    tables[SEGMENTS].loc[10, "position"] = "1"


@caught_by(SEGMENTS, "role and position disagree")
def sub_point_as_a_point(tables: Tables) -> None:
    tables[SEGMENTS].loc[6, "role"] = "point"


@caught_by(
    SEGMENTS, "more points in one answer than the template allows", MOVED, (GROUPS, "no passages")
)
def points_of_all_in_one_cell(tables: Tables) -> None:
    texts = tables[SEGMENTS]
    texts.loc[9:14, ["focus_group", "section", "question"]] = ["fg04", "recommendations", "start"]
    texts.loc[9:14, "position"] = list("123456")


@caught_by(SEGMENTS, "section does not ask this question", MOVED)
def question_that_the_section_lacks(tables: Tables) -> None:
    tables[SEGMENTS].loc[8, "question"] = "hope"


@caught_by(SEGMENTS, "section unknown", MOVED)
def section_by_its_title(tables: Tables) -> None:
    tables[SEGMENTS].loc[8, "section"] = "Recommendations"


@caught_by(SEGMENTS, "synthetic and real mixed")
def invented_words_among_real_ones(tables: Tables) -> None:
    tables[SEGMENTS].loc[9, "text_kind"] = "synthetic"


@caught_by(SEGMENTS, "restated without the digest of its source")
def restated_without_its_source(tables: Tables) -> None:
    tables[SEGMENTS].loc[9, "text_kind"] = "restated"


@caught_by(
    SEGMENTS,
    "passage listed twice",
    *[(SEGMENTS, fault) for fault in ("text pasted twice", "position used twice in an answer")],
)
def segment_listed_twice(tables: Tables) -> None:
    repeat_rows(tables, SEGMENTS, tables[SEGMENTS].loc[[9]])


@caught_by(SEGMENTS, "focus group unknown", MOVED, (GROUPS, "no passages"))
def focus_group_renamed_in_one_table(tables: Tables) -> None:
    tables[SEGMENTS]["focus_group"] = tables[SEGMENTS]["focus_group"].replace("fg04", "fg4")
