from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.quality.checks import check_study
from analysis.quality.outcomes import CheckReport, FailingRows, Outcome
from analysis.quality.screen import HINT, show_on_one_screen
from analysis.study.opened_study import open_study

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.quality.suites import Suite

HELD = Outcome(
    expectation="0", table="segments", stage="received", severity="critical", verdict="held"
)
SHORT = replace(
    HELD,
    verdict="fell_short",
    severity="warning",
    fault="text has HTML",
    remedy="copy the text again",
    touches=("*context.hope*",),
    failing=3,
    ids=("fg01.a", "fg01.b", "fg02.a"),
    focus_groups=("fg01", "fg02"),
)

ROWS = {"0": FailingRows((5, 6, 9), ("text has HTML",) * 3)}


def shown(*outcomes: Outcome) -> list[str]:
    return [line.text for line in show_on_one_screen(CheckReport(outcomes, ROWS))]


def test_outcome_is_reported_with_all_that_a_reader_needs() -> None:
    """What, how severe, where, what it touches and what to do, and last how much held."""
    assert shown(HELD, SHORT) == [
        "WARNING  Reports are built; each affected number shows the warning.",
        "  Text has HTML",
        "    where    segments.csv, 3 rows: 5-6, 9 (fg01 and fg02)",
        "    touches  numbers on context.hope",
        "    to do    copy the text again",
        "",
        "1 warning; 1 of 2 expectations held.",
    ]


def test_values_are_shown_where_they_are_known() -> None:
    """The terminal of whoever holds the tables shows the values of controlled columns."""
    rows = FailingRows((4,), ("unknown code 'helth' (closest: health)",))
    unknown = replace(SHORT, fault="code unknown", table="code_applications", failing=1)

    lines = [line.text for line in show_on_one_screen(CheckReport((unknown,), {"0": rows}))]

    assert lines[2:4] == [
        "    where    code_applications.csv, 1 row: 4 (fg01 and fg02)",
        "    found    unknown code 'helth' (closest: health)",
    ]


def test_codes_are_named_where_no_focus_group_is_concerned() -> None:
    """What falls short in the codebook is named by its codes."""
    book = replace(SHORT, table="codebook", ids=("hope", ""), failing=2, focus_groups=())

    assert shown(book)[2].endswith("codebook.csv, 2 rows: 5-6, 9 (hope)")


def test_gravest_is_reported_first() -> None:
    """What stops reports comes before warnings, whatever the order of suites."""
    critical = replace(SHORT, severity="critical", fault="no text")

    lines = shown(SHORT, critical)

    assert lines.index("  No text") < lines.index("  Text has HTML")


def test_what_says_the_same_is_reported_once() -> None:
    """Expectations that one missing column makes fail are one thing to fix."""
    fault = "could not be evaluated, x being missing"
    spoiled = replace(HELD, expectation="2", verdict="not_evaluated", fault=fault)

    lines = shown(spoiled, replace(spoiled, expectation="1", column="other"))

    assert lines[1:3] == [
        "  Could not be evaluated, x being missing (2 expectations)",
        "    where    the whole of segments.csv",
    ]


def test_all_that_held_is_reported_in_one_line() -> None:
    """A study without a fault needs no more than a line."""
    assert shown(HELD) == ["1 of 1 expectations held."]


@pytest.mark.parametrize("many", [7, 20, 60])
def test_screen_is_never_left(many: int) -> None:
    """However much falls short, 40 lines of 100 characters list it, for each severity."""
    outcomes = [
        replace(SHORT, expectation=f"{severity}{n}", severity=severity, fault=f"fault {n} " * 12)
        for severity in ("critical", "warning", "info")
        for n in range(many)
    ]

    lines = shown(*outcomes)

    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    assert [line.split()[0] for line in lines if line[:1].isupper() and "  " in line] == [
        "CRITICAL",
        "WARNING",
        "FOR",
    ]
    counts = f"{many} critical, {many} warnings, {many} for information"
    assert lines[-2:] == [HINT, f"{counts}; 0 of {3 * many} expectations held."]


def test_demo_fits_with_all_that_was_planted_in_it(root: Path, suites: tuple[Suite, ...]) -> None:
    """The demonstration lists each kind of its planted defects in full."""
    opened = open_study(root, "demo")
    report = check_study(opened, suites)

    lines = show_on_one_screen(report)
    assert [line.severity for line in lines if line.severity] == ["warning", "info"]
    assert sum(line.text.startswith("    to do") for line in lines) == 3
    assert len(lines) <= 40
