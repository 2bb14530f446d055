from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis.publishing.quality_page import ShownOutcome, render_quality
from analysis.publishing.rendering import Page
from analysis.quality.outcomes import Outcome

PAGE = Page("Data quality")
TOUCHED = "Numbers on “Recommendations: Stop”; counts of focus groups."
CELLS = {"recommendations.stop": "Recommendations: Stop"}
HELD = Outcome(
    expectation="a",
    table="segments",
    stage="received",
    severity="critical",
    verdict="held",
    fault="no id",
    notes="It could not be traced.",
)
FALLEN = replace(
    HELD,
    expectation="b",
    severity="warning",
    verdict="fell_short",
    fault="more than five points",
    remedy="count them all",
    failing=4,
    touches=("*recommendations.stop*", "groups"),
    focus_groups=("afr-1",),
)


def test_what_fell_short_is_told_with_rows_and_remedy():
    """An expectation that fell short shows table, rows, focus groups, numbers touched, remedy."""
    html = render_quality(PAGE, [FALLEN], CELLS)

    for part in (
        "More than five points",
        "<code>segments.csv</code>",
        "4 rows",
        "afr-1",
        TOUCHED,
        "Count them all.",
    ):
        assert part in html


def test_focus_groups_beyond_a_dozen_are_counted():
    """Of hundreds of focus groups concerned the first are named, and the others counted."""
    groups = tuple(f"g{at:03}" for at in range(15))
    shown = ShownOutcome(replace(FALLEN, focus_groups=groups), ("cleaned",))

    assert shown.focus_groups == ", ".join(groups[:12]) + " and 3 more"


def test_severest_comes_first():
    """Critical outcomes stand above warnings."""
    critical = replace(FALLEN, severity="critical")
    html = render_quality(PAGE, [FALLEN, critical], CELLS)

    assert html.index('id="critical"') < html.index('id="warning"')


def test_same_outcome_at_both_stages_is_shown_once():
    """What holds as received and again after cleaning is one row that says so."""
    html = render_quality(PAGE, [HELD, replace(HELD, stage="cleaned")], CELLS)

    assert html.count("No id") == 1
    assert "as received and cleaned" in html


def test_study_without_faults_says_so():
    """When all held, the page says so first."""
    html = render_quality(PAGE, [HELD], CELLS)

    assert "Nothing: the data met every expectation." in html


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {},
            f"{TOUCHED} Shown beside none: no cleaned table has such a row.",
        ),
        ({"stage": "cleaned"}, TOUCHED),
        ({"severity": "info"}, TOUCHED),
        ({"touches": ()}, "No number."),
        (
            {"expectation": "c"},
            TOUCHED,
        ),  # asked of received tables alone
    ],
)
def test_warning_that_cleaning_mends_says_that_it_marks_nothing(changed: dict, said: str):
    """Where the cleaned tables hold no such row, the page says that no number bears a mark."""
    mended = replace(HELD, expectation=FALLEN.expectation, stage="cleaned")
    html = render_quality(PAGE, [replace(FALLEN, **changed), mended], CELLS)

    (told,) = re.findall(r'<td data-label="Touches">([^<]*)<', html)
    assert told.strip() == said


def test_expectation_that_held_is_told_once():
    """What held in the rows that may be counted is the same at both stages, whatever it says."""
    received = replace(HELD, message="Held in all rows that may be counted.", touches=("groups",))
    html = render_quality(PAGE, [received, replace(HELD, stage="cleaned", message="Held.")], CELLS)

    assert html.count("No id") == 1
