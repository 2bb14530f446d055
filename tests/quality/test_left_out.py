from __future__ import annotations

from analysis.quality.left_out import without
from analysis.quality.outcomes import GuardReport, Outcome

SHORT = Outcome(
    expectation="a",
    table="segments",
    stage="received",
    severity="warning",
    verdict="fell_short",
    fault="no words",
    failing=2,
    rows=(3, 7),
    ids=("ken.1", "shy.1"),
    focus_groups=("ken", "shy"),
)


def test_rows_of_others_stay() -> None:
    """An outcome tells of the rows of those who may be counted, and names nobody else."""
    (outcome,) = without(GuardReport((SHORT,)), {"shy", "shy.1"}).outcomes

    assert (outcome.rows, outcome.ids, outcome.focus_groups) == ((3,), ("ken.1",), ("ken",))
    assert (outcome.failing, outcome.verdict, "shy" in outcome.message) == (1, "fell_short", False)


def test_expectation_that_only_they_fell_short_of_held() -> None:
    """Where no row of others falls short, it held in all that may be counted."""
    (outcome,) = without(GuardReport((SHORT,)), {"shy", "shy.1", "ken", "ken.1"}).outcomes

    assert (outcome.held, outcome.rows, outcome.ids, outcome.focus_groups) == (True, (), (), ())
    assert "may be counted" in outcome.message


def test_nobody_left_out_changes_nothing() -> None:
    """Where all may be counted, the report is what it was."""
    found = GuardReport((SHORT,))

    assert without(found, ()) == found
