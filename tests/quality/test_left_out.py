from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.quality.left_out import without, without_digests
from analysis.quality.outcomes import GuardReport, Outcome
from analysis.tables.left_out import LeftOut

SHORT = Outcome(
    expectation="a",
    table="segments",
    stage="received",
    severity="warning",
    verdict="fell_short",
    fault="no words",
    touches=("*context.hope*", "*theme.hope*", "segments"),
    failing=3,
    rows=(3, 7, 9),
    ids=("ken.1", "shy.1", ""),
    details=("text: phone", "text: email", "label: email"),
    cells=("context.hope", "theme.hope"),
    focus_groups=("ken", "shy"),
    message="No words (text: phone; text: email): 3 rows.",
)
DIGEST = "5f0c1d2e3b4a5968"
SHY = LeftOut(frozenset({"shy"}), {"segments": frozenset({7, 9})})


def test_rows_of_others_stay() -> None:
    """An outcome tells of the rows of those who may be counted, and of nobody else."""
    (outcome,) = without(GuardReport((SHORT,)), SHY).outcomes

    assert outcome == replace(
        SHORT,
        touches=("*", "segments"),
        failing=1,
        rows=(3,),
        ids=("ken.1",),
        details=("text: phone",),
        cells=(),
        focus_groups=("ken",),
        message="No words (text: phone): 1 row of segments.csv (focus group ken).",
    )
    assert outcome.offenders() == ["segments.csv row 3 (segment ken.1): no words (text: phone)"]


def test_expectation_that_only_they_fell_short_of_held() -> None:
    """Where no row of others falls short, it held in all that may be counted, and tells nothing."""
    left_out = LeftOut(frozenset({"ken", "shy"}), {"segments": frozenset({3, 7, 9})})

    (outcome,) = without(GuardReport((SHORT,)), left_out).outcomes

    assert outcome == replace(
        SHORT,
        verdict="held",
        touches=("*", "segments"),
        failing=0,
        rows=(),
        ids=(),
        details=(),
        cells=(),
        focus_groups=(),
        message="Held in all rows of segments.csv that may be counted.",
    )


def test_digest_of_words_is_told_to_reviewers_alone() -> None:
    """What was reviewed when its words were others is told by column and kind, and no digest."""
    told = replace(
        SHORT,
        details=(
            f"text: phone: text_sha256 is {DIGEST}, text: email: text_sha256 is {DIGEST}",
            "",
            f"label: email: text_sha256 is {DIGEST}",
        ),
    )

    (outcome,) = without_digests(GuardReport((told,))).outcomes

    assert (outcome.details, outcome.message) == (
        ("text: phone, text: email", "", "label: email"),
        (
            "No words (text: phone, text: email; label: email): 3 rows of segments.csv "
            "(focus groups ken, shy; cells context.hope, theme.hope)."
        ),
    )
    assert without_digests(GuardReport((SHORT,))) == GuardReport((SHORT,))


@pytest.mark.parametrize(
    "left_out", [LeftOut(), LeftOut(SHY.focus_groups, {"focus_groups": frozenset({3, 7})})]
)
def test_rows_of_no_such_group_are_told(left_out: LeftOut) -> None:
    """Where all may be counted, or rows of another table alone are hidden, nothing changes."""
    found = GuardReport((SHORT,))

    assert without(found, left_out) == found
