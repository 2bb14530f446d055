from __future__ import annotations

from dataclasses import replace

from analysis.quality.joining import join_parts
from analysis.quality.outcomes import GuardReport, Outcome

CELLS = ("structures.hope", "recommendations.stop")
HELD = Outcome(
    expectation="a",
    table="segments",
    stage="received",
    severity="warning",
    verdict="held",
    fault="no text",
    touches=("segments", "*{cell}*"),
    message="Held in all rows of segments.csv.",
)
FIRST = replace(
    HELD,
    verdict="fell_short",
    rows=(2, 9),
    ids=("one.a", "one.b"),
    cells=("recommendations.stop",),
    focus_groups=("one",),
)
SECOND = replace(
    FIRST,
    rows=(3, 9),
    ids=("", "one.b"),
    cells=("structures.hope", "recommendations.stop"),
    focus_groups=("one", "two"),
    everywhere=True,
)


def join(of_study: Outcome, *of_parts: Outcome) -> Outcome:
    reports = [GuardReport((outcome,)) for outcome in of_parts]
    (joined,) = join_parts(GuardReport((of_study,)), reports, CELLS).outcomes
    return joined


def test_rows_of_parts_are_told_in_the_order_of_the_file() -> None:
    """Rows of all parts are told once each, with their ids, cells in the template's order."""
    joined = join(HELD, FIRST, HELD, SECOND)

    assert joined == replace(
        HELD,
        verdict="fell_short",
        touches=("segments", "*structures.hope*", "*recommendations.stop*"),
        failing=3,
        rows=(2, 3, 9),
        ids=("one.a", "", "one.b"),
        cells=CELLS,
        focus_groups=("one", "two"),
        everywhere=True,
        message=(
            "No text: 3 rows of segments.csv "
            "(focus groups one, two; cells structures.hope, recommendations.stop)."
        ),
    )


def test_order_of_parts_does_not_matter() -> None:
    """Parts are joined alike in whatever order they come."""
    assert join(HELD, FIRST, SECOND) == join(HELD, SECOND, FIRST)


def test_what_holds_in_all_parts_holds() -> None:
    """Where no part falls short the whole does not."""
    assert join(HELD, HELD, HELD) == HELD


def test_what_is_said_of_the_whole_stands() -> None:
    """That a column is blank throughout tells more than that it is blank in each part."""
    blank = replace(HELD, verdict="all_null", severity="critical")

    assert join(blank, FIRST) == blank


def test_what_one_part_could_not_evaluate_was_not_evaluated() -> None:
    """An expectation that one part could not take is not told to fall short in others alone."""
    spoiled = replace(HELD, verdict="not_evaluated", severity="critical")

    assert join(HELD, FIRST, spoiled) == spoiled
