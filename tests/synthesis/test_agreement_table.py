from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from analysis.synthesis.agreement_table import (
    MODEL_CAVEAT,
    NOTHING_COMPARED,
    show_code_agreement,
    show_overall_agreement,
)

from analysis.synthesis.claims import Ledger
from analysis.synthesis.coverage import Coverage, open_coverage
from tiny_study import STUDY

if TYPE_CHECKING:
    from analysis.synthesis.claims import Claim, Fragment


@pytest.fixture
def coverage(tiny_root: object) -> Coverage:  # noqa: ARG001 (the root must be there)
    """Give the tiny study: two of its focus groups were coded by both coders."""
    return open_coverage(STUDY)


def by_id(fragment: Fragment) -> dict[str, Claim]:
    return {claim.id.removeprefix("study."): claim for claim in fragment.claims}


def test_counts_rest_on_just_what_they_count(coverage: Coverage) -> None:
    """Segments that several put a code on, and those of one alone, each rest on themselves."""
    claims = by_id(show_code_agreement(coverage, Ledger("study")))

    several, one = claims["put_by_several.criminalization"], claims["put_by_one.criminalization"]
    assert (several.value, several.segments) == (1, ("afr.1",))
    assert (one.value, set(one.segments)) == (3, {"ken.5", "ken.6", "afr.2"})


def test_every_count_is_as_long_as_its_segments(coverage: Coverage) -> None:
    """For each code, what is counted is what is listed."""
    claims = by_id(show_code_agreement(coverage, Ledger("study")))

    counts = [claim for name, claim in claims.items() if name.startswith("put_by")]
    assert [claim.value for claim in counts] == [len(claim.segments) for claim in counts]
    assert len(counts) == 2 * len(coverage.study.codebook.codes)


def test_agreement_that_is_not_defined_is_said_so(coverage: Coverage) -> None:
    """A code on which coders did not vary has no alpha, and the figure leaves it out."""
    stigma = list(coverage.study.codebook.codes).index("stigma")
    only = coverage.code_applications[coverage.code_applications["code"] != stigma]

    shown = show_code_agreement(replace(coverage, code_applications=only), Ledger("study"))

    assert by_id(shown)["alpha.stigma"].text == "not defined"
    told = shown.html.split('aria-label="')[1].split('"')[0]
    assert "Services 1.00" in told
    assert "Stigma" not in told


def test_lowest_agreement_stands_first(coverage: Coverage) -> None:
    """Codes stand by rising alpha, so that what needs reading again comes first."""
    claims = by_id(show_code_agreement(coverage, Ledger("study")))

    alphas = [claim.value for name, claim in claims.items() if name.startswith("alpha.")]
    assert alphas == sorted(alphas)


def test_overall_agreement_tells_what_was_compared(coverage: Coverage) -> None:
    """The coefficients over all codes stand with the segments that several coders coded."""
    shown = show_overall_agreement(coverage, Ledger("study"))

    assert list(by_id(shown)) == [
        *("agreement.compared", "agreement.set_alpha", "agreement.alpha", "agreement.ac1"),
    ]
    assert by_id(shown)["agreement.compared"].value == 6
    assert by_id(shown)["agreement.compared"].focus_groups == ("afr", "ken")


def test_agreement_with_a_model_bears_a_caveat(coverage: Coverage) -> None:
    """Where a coder is a language model, it is said what agreement with it is worth."""
    assert MODEL_CAVEAT in show_overall_agreement(coverage, Ledger("study")).text


@pytest.mark.parametrize("show", [show_overall_agreement, show_code_agreement])
def test_nothing_compared_is_said(coverage: Coverage, show: object) -> None:
    """Where no focus group had two coders, no coefficient is shown, and it is said why."""
    alone = coverage.code_applications[coverage.code_applications["coder"] == 0]

    shown = show(replace(coverage, code_applications=alone), Ledger("study"))

    assert (shown.text, shown.claims) == (NOTHING_COMPARED, ())


def test_order_of_code_applications_moves_no_number(coverage: Coverage) -> None:
    """Whatever the order of code applications, the same agreement is told."""
    turned = replace(coverage, code_applications=coverage.code_applications.iloc[::-1])

    told = [
        [show(each, Ledger("study")) for show in (show_overall_agreement, show_code_agreement)]
        for each in (coverage, turned)
    ]

    assert told[0] == told[1]
