from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.synthesis.codings import count_codings

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy

SEGMENTS = pd.DataFrame(
    {
        "segment": ["ken.2", "ken.1", "uga.1"],
        "focus_group": ["ken", "ken", "uga"],
        "cell": ["structures.hope", "structures.hope", "structures.hope"],
    },
    dtype="str",
)
APPLICATIONS = pd.DataFrame(
    [
        ("ken.1", "stigma", "ann"),
        ("ken.1", "stigma", "bot"),
        ("ken.1", "stigma", "bot"),
        ("ken.1", "services", "bot"),
        ("uga.1", "services", "ann"),
        ("gone.1", "services", "ann"),
    ],
    columns=["segment", "code", "coder"],
    dtype="str",
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "any",
            [
                ("ken.1", "services", "support", 1, 2),
                ("ken.1", "stigma", "rights", 2, 2),
                ("uga.1", "services", "support", 1, 1),
            ],
        ),
        ("all", [("ken.1", "stigma", "rights", 2, 2), ("uga.1", "services", "support", 1, 1)]),
    ],
)
def test_code_counts_by_the_study_s_rule(
    study: OpenedStudy,
    rule: Literal["any", "all"],
    expected: list[tuple[str, str, str, int, int]],
) -> None:
    """A code counts once any coder put it, or when all did who coded the focus group."""
    codings = count_codings(SEGMENTS, APPLICATIONS, study.codebook, rule)

    counted = codings[["segment", "code", "theme", "coders", "of_coders"]]
    assert list(counted.itertuples(index=False, name=None)) == expected


def test_uncoded_study_has_no_codings(study: OpenedStudy) -> None:
    """Without code applications there are no codings, and the columns stand."""
    codings = count_codings(SEGMENTS, APPLICATIONS.iloc[:0], study.codebook, "any")

    assert (len(codings), "theme" in codings) == (0, True)


def test_code_outside_the_codebook_is_refused(study: OpenedStudy) -> None:
    """A code that the codebook does not have is refused, with the closest."""
    applied = pd.DataFrame([("ken.1", "stgma", "ann")], columns=["segment", "code", "coder"])

    with pytest.raises(StudyError, match=r"stgma \(closest: stigma\)"):
        count_codings(SEGMENTS, applied, study.codebook, "any")
