from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.synthesis.agreement import code_agreement, compare_coders, overall_agreement
from analysis.synthesis.agreement_section import (
    MODEL_CAVEAT,
    NOTHING_COMPARED,
    show_code_agreement,
    show_overall_agreement,
)
from analysis.synthesis.claims import Ledger
from analysis.synthesis.coefficients import (
    NO_OVERLAP,
    NO_VARIATION,
    TOO_FEW_CODERS,
    Agreement,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from analysis.synthesis.coverage import Coverage, open_coverage
from tiny_study import STUDY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.synthesis.agreement import SharedCoding
    from analysis.synthesis.claims import Claim, Fragment

CODES = ("hope", "law")
CODERS = ("ana", "ben")
SEGMENTS = pd.DataFrame(
    {
        "segment": ["g1.1", "g1.2", "g1.3", "g1.4", "g2.1"],
        "focus_group": ["g1", "g1", "g1", "g1", "g2"],
    }
)

triples = st.lists(
    st.tuples(
        st.sampled_from(list(SEGMENTS["segment"])),
        st.sampled_from(CODES),
        st.sampled_from(["ana", "ben", "cleo"]),
    ),
    max_size=20,
)


def applications(*rows: str) -> pd.DataFrame:
    return as_frame([tuple(row.split()) for row in rows])


def as_frame(rows: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["segment", "code", "coder"], dtype="str")


@pytest.fixture
def code_applications() -> pd.DataFrame:
    return applications(
        "g1.1 law ana", "g1.1 law ben", "g1.2 law ana", "g1.2 hope ben", "g2.1 hope ana"
    )


def compared(
    found: pd.DataFrame,
    *,
    codes: Sequence[str] = CODES,
    coders: Sequence[str] = CODERS,
    segments: pd.DataFrame = SEGMENTS,
) -> SharedCoding:
    return compare_coders(segments, found, codes=codes, coders=coders)


def code_sets(found: pd.DataFrame, coders: Sequence[str]) -> pd.DataFrame:
    """Give segments x coders, of sets: NaN where a coder has not coded the focus group."""
    group_of = dict(SEGMENTS.itertuples(index=False, name=None))
    rows = list(found.itertuples(index=False, name=None))
    has_coded = {(group_of[segment], coder) for segment, _, coder in rows}
    sets = {
        coder: [
            frozenset(code for at, code, by in rows if (at, by) == (segment, coder))
            if (group, coder) in has_coded
            else np.nan
            for segment, group in group_of.items()
        ]
        for coder in coders
    }
    return pd.DataFrame(sets, index=pd.Index(group_of), dtype=object)


def binary_ratings(sets: pd.DataFrame, code: str) -> pd.DataFrame:
    return sets.map(lambda held: code in held, na_action="ignore")


def test_code_agreement_counts_segments(code_applications: pd.DataFrame):
    """Of four segments, both applied one code to one, and one of them to another."""
    table = code_agreement(compared(code_applications))

    counts = table[["code", "units", "positive", "only_one", "two_or_more", "percent_agreement"]]
    assert counts.to_numpy().tolist() == [["hope", 4, 1, 1, 0, 0.75], ["law", 4, 2, 1, 1, 0.75]]


def test_code_agreement_counted_by_hand(code_applications: pd.DataFrame):
    """Law: 3 of 8 ratings positive, so that 2 of 8 differ where chance makes 30 of 56 differ."""
    table = code_agreement(compared(code_applications))

    law = table.set_index("code").loc["law"]
    assert law["alpha"] == pytest.approx(1 - (2 / 8) / (30 / 56))
    chance = 2 * 3 / 8 * 5 / 8
    assert law["ac1"] == pytest.approx((0.75 - chance) / (1 - chance))


def test_code_that_nobody_applied_has_no_alpha(code_applications: pd.DataFrame):
    """Nobody applied it: alpha is undefined and says why, while coders agree on its absence."""
    table = code_agreement(compared(code_applications, codes=(*CODES, "media")))

    media = table.set_index("code").loc["media"]
    assert media[["positive", "percent_agreement", "ac1", "reason"]].tolist() == [
        0,
        1,
        1,
        NO_VARIATION,
    ]
    assert np.isnan(media["alpha"])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], TOO_FEW_CODERS),
        (["g1.1 law ana"], TOO_FEW_CODERS),
        (["g1.1 law ana", "g1.1 law cleo"], TOO_FEW_CODERS),
        (["g1.1 law ana", "g2.1 law ben"], NO_OVERLAP),
    ],
)
def test_nothing_to_compare_has_a_reason(rows: list[str], reason: str):
    """Without two of the coders on one focus group, all is undefined and says why."""
    found = as_frame([tuple(row.split()) for row in rows])

    table = code_agreement(compared(found))
    overall = overall_agreement(compared(found))
    assert table["units"].tolist() == [0, 0]
    assert table["reason"].tolist() == [reason, reason]
    assert table[["percent_agreement", "alpha", "ac1"]].isna().all(axis=None)
    assert {overall.percent.reason, overall.alpha.reason, overall.set_alpha.reason} == {reason}


def test_unknown_code_is_refused_with_the_closest():
    """An applied code that is not to be compared is refused."""
    found = applications("g1.1 lw ana", "g1.1 law ben")

    with pytest.raises(ParameterError, match=r"lw \(closest: law\)"):
        compared(found)


def test_same_application_twice_counts_once(code_applications: pd.DataFrame):
    """A repeated row is still one code application."""
    twice = pd.concat([code_applications, code_applications])

    expected = code_agreement(compared(code_applications))
    table = code_agreement(compared(twice))
    assert table.equals(expected)


def test_overall_agreement_is_over_pairs_and_over_sets(code_applications: pd.DataFrame):
    """Six of eight pairs of segment and code alike; three of four sets alike."""
    overall = overall_agreement(compared(code_applications))

    assert overall.percent == Agreement("percent agreement", 0.75, units=8, coders=2)
    assert (overall.set_alpha.units, overall.set_alpha.coders) == (4, 2)
    # Ratings: law 3, hope 1, none 4: of 56 ordered pairs 6 + 24 + 8 differ, by a distance of 1.
    assert overall.set_alpha.value == pytest.approx(1 - (2 / 8) / (38 / 56))


@settings(deadline=None, max_examples=40)
@given(rows=triples)
def test_code_agreement_is_that_of_the_binary_ratings(rows: list[tuple[str, str, str]]):
    """Counting alike segments together gives what a table of segments and coders gives."""
    coders = ("ana", "ben", "cleo")
    found = as_frame(rows)
    sets = code_sets(found, coders)
    ratings = binary_ratings(sets[sets.count(axis="columns") >= 2], "law")

    table = code_agreement(compared(found, coders=coders)).set_index("code")
    expected = [
        percent_agreement(ratings).value,
        krippendorff_alpha(ratings).value,
        gwet_ac1(ratings, categories=[True, False]).value,
    ]
    values = table.loc["law", ["percent_agreement", "alpha", "ac1"]].tolist()
    assert [None if np.isnan(value) else value for value in values] == expected


@settings(deadline=None, max_examples=40)
@given(rows=triples)
def test_alpha_of_sets_is_that_of_the_ratings(rows: list[tuple[str, str, str]]):
    """Sets tallied as bits give what a table of sets gives, by segments and coders."""
    coders = ("ana", "ben", "cleo")
    found = as_frame(rows)

    overall = overall_agreement(compared(found, coders=coders))
    assert overall.set_alpha == krippendorff_alpha(code_sets(found, coders), level="set")


@settings(deadline=None, max_examples=40)
@given(rows=triples, data=st.data())
def test_order_of_coders_and_rows_is_irrelevant(
    rows: list[tuple[str, str, str]], data: st.DataObject
):
    """Any order of coders, segments and code applications gives the same agreement."""
    coders = data.draw(st.permutations(["ana", "ben", "cleo"]))
    shuffled = as_frame(data.draw(st.permutations(rows)))
    segments = SEGMENTS.iloc[data.draw(st.permutations(range(len(SEGMENTS))))]

    found = overall_agreement(compared(shuffled, coders=coders, segments=segments))
    assert found == overall_agreement(compared(as_frame(rows), coders=("ana", "ben", "cleo")))


def test_segments_are_compared_where_two_coders_coded_the_focus_group() -> None:
    """All segments of a focus group of two coders are compared; others play no part."""
    rows = ("g1.1 law ana", "g1.2 law ben", "g2.1 law ana", "g9.1 law ben", "g2.1 x ed")
    found = applications(*rows)

    shared = compared(found)

    assert shared.segments["segment"].tolist() == ["g1.1", "g1.2", "g1.3", "g1.4"]
    assert (shared.present, shared.comparing) == (2, 2)


def test_codes_applied_are_counted_by_coders(code_applications: pd.DataFrame) -> None:
    """Each code on each segment compared appears once, with how many coders applied it."""
    applied = compared(code_applications).applied

    assert applied[["segment", "code", "coders"]].to_numpy().tolist() == [
        ["g1.1", "law", 2],
        ["g1.2", "law", 1],
        ["g1.2", "hope", 1],
    ]


def test_blank_code_is_refused() -> None:
    """A blank is not a code."""
    blank = pd.DataFrame({"segment": ["g1.1"], "code": [""], "coder": ["ana"]}, dtype="str")

    with pytest.raises(ParameterError):
        compared(blank)


@pytest.fixture
def coverage(tiny_root: object) -> Coverage:  # noqa: ARG001 (the root must be there)
    """Give the tiny study: two of its focus groups were coded by both coders."""
    return open_coverage(STUDY)


def with_applications(coverage: Coverage, applications: pd.DataFrame) -> Coverage:
    """Give a coverage of other code applications."""
    coders = [coder.coder for coder in coverage.study.settings.coders]
    codes = list(coverage.study.codebook.codes)
    shared = compare_coders(coverage.segments, applications, codes=codes, coders=coders)
    return replace(coverage, code_applications=applications, shared=shared)


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
    only = coverage.code_applications[coverage.code_applications["code"] != "stigma"]

    shown = show_code_agreement(with_applications(coverage, only), Ledger("study"))

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
    alone = coverage.code_applications[coverage.code_applications["coder"] == "ann"]

    shown = show(with_applications(coverage, alone), Ledger("study"))

    assert (shown.text, shown.claims) == (NOTHING_COMPARED, ())


def test_order_of_code_applications_moves_no_number(coverage: Coverage) -> None:
    """Whatever the order of code applications, the same agreement is told."""
    turned = with_applications(coverage, coverage.code_applications.iloc[::-1])

    told = [
        [show(each, Ledger("study")) for show in (show_overall_agreement, show_code_agreement)]
        for each in (coverage, turned)
    ]

    assert told[0] == told[1]
