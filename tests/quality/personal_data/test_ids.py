from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.quality.evaluation import check_tables
from analysis.quality.personal_data.exceptions import PrivacyException, short_digest
from analysis.quality.personal_data.table_scan import (
    are_naming,
    find_naming,
    find_naming_segments,
)
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from analysis.quality.context import CheckContext
    from analysis.quality.suites import Suite

NAMED = "grace-wanjiru"


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("grace-wanjiru-interview", True),
        ("interview_3_amina_diallo", True),
        ("fg-2.fatou.diop", True),
        ("ama-owusu-2", True),
        ("ken-uga-tza-2020-09-26", False),
        ("sen-north-2", False),
        ("sen.ama", False),
        ("africa-2020-10-12", False),
        ("regional-esa", False),
        ("d-0deadbeef1", False),
        ("grace", False),
        ("", False),
    ],
)
def test_two_words_in_a_row_may_be_a_full_name(id_: str, *, expected: bool) -> None:
    """Codes of countries, days, digests and a name alone are none."""
    assert are_naming(pd.Series([id_, "x", id_])).tolist() == [expected, False, expected]


def test_words_of_two_ids_are_no_full_name() -> None:
    """Only words next to each other in one id are read together."""
    assert (
        are_naming(pd.Series(["grace", "wanjiru", "fg-amina", "diallo-2"])).tolist() == [False] * 4
    )


def test_no_cell_of_the_template_is_a_name() -> None:
    """Ids of segments are made of cells, behind the id of any focus group."""
    cells = read_instrument().cells

    ids = pd.Series([id_ for x in cells for id_ in (f"ken.{x}.p1", f"ama-{x}")])
    assert ids[are_naming(ids)].tolist() == []


def test_segments_are_reported_for_what_they_add_to_the_id_of_their_focus_group() -> None:
    """One focus group that names somebody is one finding, however many segments it has."""
    ids = pd.Series([f"{NAMED}.1", "two.amina-diallo", "two.7", f"{NAMED}.fatou-diop.2"])
    groups = pd.Series([NAMED, "two", "two", NAMED])

    assert find_naming(ids) == [0, 1, 3]
    assert find_naming_segments(ids, groups) == [1, 3]


@pytest.mark.parametrize("is_reviewed", [False, True])
def test_id_that_names_somebody_stops_reports_and_is_not_repeated(
    tables: dict[str, pd.DataFrame],
    context: CheckContext,
    suites: tuple[Suite, ...],
    *,
    is_reviewed: bool,
) -> None:
    """It is reported by its row alone, until a person has reviewed it."""
    for name in ("focus_groups", "segments"):
        tables[name]["focus_group"] = tables[name]["focus_group"].replace("one", NAMED)
    reviewed = PrivacyException(
        "focus_groups", NAMED, "focus_group", "name", 2, short_digest(NAMED)
    )
    if is_reviewed:
        context = replace(context, privacy_exceptions=(reviewed,))

    report = check_tables(tables, context, stage="received", suites=suites)

    found = [each for each in report.critical if each.fault == "personal data"]
    unreviewed = [("focus_groups", (2,), ("",), ("focus_group: name",))]
    assert [
        (x.table, report.failing_rows[x.expectation].rows, x.ids, x.details) for x in found
    ] == ([] if is_reviewed else unreviewed)
    assert is_reviewed or "wanjiru" not in json.dumps([vars(each) for each in report.outcomes])
