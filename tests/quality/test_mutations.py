from __future__ import annotations

from typing import TYPE_CHECKING

import coding_mutations  # noqa: F401 (each adds its kinds of damage)
import group_mutations  # noqa: F401
import pytest
import segment_mutations  # noqa: F401
import text_mutations  # noqa: F401
from good_study import CONTEXT, good_tables, suites_for
from mutations import MUTATIONS, Mutation

from analysis.quality.evaluation import check_tables

if TYPE_CHECKING:
    from analysis.quality.suites import Suite

    Suites = tuple[Suite, ...]


def _good(stage: str) -> dict[str, object]:
    tables = good_tables()
    if stage == "cleaned":
        # Cleaning doesn't change the codebook: it is checked as received alone.
        del tables["codebook"]
    return tables


def _damaged(mutation: Mutation) -> dict[str, object]:
    tables = _good(mutation.stage)
    mutation.damage(tables)
    return tables


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=lambda each: each.name)
def test_damage_is_caught_by_the_expectation_meant_for_it(
    suites: Suites, mutation: Mutation
) -> None:
    """Each kind of damage makes the expectation meant for it fall short, and few others."""
    ids = {(suite.table, each.fault): each.id for suite in suites for each in suite.expectations}
    damaged, stage = _damaged(mutation), mutation.stage
    few = suites_for(damaged, stage, suites)
    report = check_tables(damaged, CONTEXT, stage=stage, suites=few)
    short = [each for each in report.outcomes if not each.held]

    assert ids[mutation.meant] in {each.expectation for each in short}
    assert {(each.table, each.fault) for each in short} == {mutation.meant, *mutation.also}


@pytest.mark.parametrize("stage", ["received", "cleaned"])
def test_good_study_is_caught_by_none(suites: Suites, stage: str) -> None:
    """A study without a fault falls short of nothing, at either stage."""
    report = check_tables(_good(stage), CONTEXT, stage=stage, suites=suites)

    assert [outcome.message for outcome in report.outcomes if not outcome.held] == []
