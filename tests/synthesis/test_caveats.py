from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.quality.outcomes import Outcome
from analysis.synthesis.caveats import Caveats

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_warning(name: str, **said: object) -> Outcome:
    told = {"table": "segments", "touches": ("prevalence.*",), "ids": ("ken.1",), **said}
    return Outcome(
        expectation=name, stage="cleaned", severity="warning", verdict="fell_short", **told
    )


@pytest.mark.parametrize(
    ("claim", "groups", "segments", "touching"),
    [
        ("prevalence.stigma", ["ken"], ["ken.1", "ken.2"], ["segment", "group"]),
        ("prevalence.stigma", ["ken"], ["ken.2"], ["group"]),
        ("prevalence.stigma", ["uga"], ["uga.1"], []),
        ("points.stigma", ["ken"], ["ken.1"], []),
        ("prevalence", ["ken"], ["ken.1"], []),
    ],
    ids=["both", "group-alone", "other-rows", "other-claims", "whole-name"],
)
def test_warning_touches_claims_of_its_kind_on_its_rows(
    claim: str, groups: Sequence[str], segments: Sequence[str], touching: Sequence[str]
) -> None:
    """A warning touches a claim of a kind that it names, on a row that fell short."""
    caveats = Caveats(
        [
            make_warning("segment"),
            make_warning("group", table="focus_groups", ids=("ken",)),
            make_warning("elsewhere", ids=("gha.1",)),
            make_warning("untouching", touches=()),
        ]
    )

    found = caveats.touching(claim, groups, segments)

    assert [warning.expectation for warning in found] == touching


@pytest.mark.parametrize(
    ("claim", "touching"),
    [
        ("prevalence.stigma", ["code"]),
        ("cell.context.hope.stigma", ["code"]),
        ("prevalence.services", []),
        ("prevalence", []),
    ],
)
def test_warning_on_a_code_touches_the_claims_on_it(claim: str, touching: Sequence[str]) -> None:
    """What falls short in the codebook stands beside the numbers on its code, and no others."""
    of_code = make_warning("code", table="codebook", touches=("*.stigma",), ids=("stigma",))

    found = Caveats([of_code]).touching(claim, ["ken"], ["ken.1"])

    assert [warning.expectation for warning in found] == touching
