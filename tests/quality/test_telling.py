from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from defects import put

from analysis.errors import GuardError
from analysis.publishing.quality_page import render_quality
from analysis.publishing.quality_record import QualityRecord
from analysis.publishing.rendering import Page
from analysis.quality.guards import guard
from analysis.quality.one_screen import show_on_one_screen
from analysis.quality.outcomes import require_no_critical, write_outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from defects import Tables

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.outcomes import GuardReport, Outcome
    from analysis.quality.suites import Suite

    Suites = tuple[Suite, ...]

PRIVATE = "my name is Thandi"
CANARY = "Thandi of the corner house"


def _outcome(report: GuardReport, fault: str) -> Outcome:
    return next(outcome for outcome in report.outcomes if outcome.fault == fault)


def test_too_many_points_name_focus_group_and_cell(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """More points than allowed are told with their focus group and cell, and touch its claims."""
    put(("segments", 7, "focus_group", "one"), ("segments", 7, "position", "3"))(tables)

    report = guard(tables, context, stage="received", suites=suites)

    outcome = _outcome(report, "more points in one cell than the template allows")
    assert (outcome.message, outcome.touches) == (
        (
            "More points in one cell than the template allows: 3 rows of segments.csv "
            "(focus group one; cell recommendations.stop)."
        ),
        ("*recommendations.stop*",),
    )


def test_outcome_concerns_the_focus_groups_of_its_rows(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """An application with an unknown code stops the places of its focus group and no other."""
    put(("code_applications", 6, "code", "stgma"))(tables)

    (outcome,) = guard(tables, context, stage="received", suites=suites).critical

    assert (outcome.focus_groups, outcome.concerns(["one"]), outcome.concerns(["two"])) == (
        ("two",),
        False,
        True,
    )


def test_row_without_focus_group_concerns_every_place(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """A segment of an unknown focus group could belong to any place."""
    put(("segments", 5, "focus_group", "three"))(tables)

    (outcome,) = guard(tables, context, stage="received", suites=suites).critical

    assert (outcome.focus_groups, outcome.concerns(["two"])) == ((), True)


def test_no_value_of_a_cell_is_told(tables: Tables, context: GuardContext, suites: Suites) -> None:
    """No outcome repeats what stands in a cell, whatever falls short."""
    for table in tables.values():
        table.iloc[-1] = f"{PRIVATE} <i>\ufffd"

    report = guard(tables, context, stage="received", suites=suites)

    found = [outcome for outcome in report.outcomes if outcome.verdict == "fell_short"]
    assert (len(found) > 15, PRIVATE in report.to_json()) == (True, False)


def test_refusal_names_file_row_and_remedy(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """A refusal reads like a list of what to mend."""
    put(("code_applications", 3, "code", "stgma"))(tables)
    report = guard(tables, context, stage="received", suites=suites)

    with pytest.raises(GuardError) as refusal:
        require_no_critical(report)

    assert str(refusal.value) == (
        "A critical expectation did not hold; no report is made from these tables.\n"
        "  code_applications.csv row 3 (segment one.d): code unknown\n"
        "Why: A code that the codebook does not define would be counted without a meaning.\n"
        "What to do: add the code to codebook.csv, or mend it"
    )


def test_canary_in_any_cell_is_told_nowhere(
    tables: Tables, context: GuardContext, suites: Suites, tmp_path: Path
) -> None:
    """Whatever stands in a cell is in no result, wherever results are written or shown."""
    for table in tables.values():
        table.iloc[-1] = CANARY
        table.iloc[0, 1:] = f"{CANARY}\n<i>\ufffd"

    report = guard(tables, context, stage="received", suites=suites)

    write_outcomes(report, tmp_path / "outcomes.json")
    QualityRecord(report, {"esa": report}).write(tmp_path)
    with pytest.raises(GuardError) as refusal:
        require_no_critical(report)
    written = {
        "screen": "\n".join(line.text for line in show_on_one_screen(report)),
        "page": render_quality(Page("Data quality"), report.outcomes, {}),
        "refusal": str(refusal.value),
        "log": repr(report),
        **{path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()},
    }
    assert len(written) == 6
    assert [name for name, text in written.items() if CANARY in text or "Thandi" in text] == []
