from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.synthesis.claims import Claim, Ledger
from analysis.synthesis.heat_table import shade_of
from analysis.synthesis.prevalence import Prevalence, claim_under, measure_prevalence, show_raised
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

HOPE = "reaching_person.hope"
SEGMENTS = [{"segment": name} for name in ("ken.1", "ken.2", "uga.1", "tza.1")]


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give three focus groups, of which one has no coded segment."""
    return make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza"),
        segments=SEGMENTS,
        codings=[
            *make_codings("ken.1 stigma", "ken.2 stigma", coders=1, of_coders=2),
            *make_codings("ken.2 criminalization", coders=2, of_coders=2),
            *make_codings("uga.1 stigma"),
        ],
    )


def by_code(measured: list[Prevalence]) -> dict[str, Prevalence]:
    return {prevalence.code: prevalence for prevalence in measured}


def test_denominator_is_who_has_a_coded_segment(corpus: Corpus) -> None:
    """A theme or code counts focus groups, of those with any coded segment."""
    measured = by_code(measure_prevalence(corpus, Ledger("esa")))

    counted = {code: prevalence.claim.text for code, prevalence in measured.items()}
    assert counted == {
        "rights": "2 of 2",
        "stigma": "2 of 2",
        "criminalization": "1 of 2",
        "support": "0 of 2",
        "community": "0 of 2",
        "services": "0 of 2",
    }


def test_most_prevalent_first_with_all_that_nobody_said(corpus: Corpus) -> None:
    """Themes and their codes are in the order of falling prevalence, those of nobody at the end."""
    measured = measure_prevalence(corpus, Ledger("esa"))

    assert [prevalence.code for prevalence in measured] == [
        *("rights", "stigma", "criminalization"),
        *("support", "community", "services"),
    ]


def test_segments_count_once_a_theme(corpus: Corpus) -> None:
    """A segment with two codes of a theme counts once for the theme."""
    rights = by_code(measure_prevalence(corpus, Ledger("esa")))["rights"]

    assert (rights.segments.value, rights.segments.segments) == (3, ("ken.1", "ken.2", "uga.1"))


def test_uncoded_place_counts_nothing_of_nobody(study: OpenedStudy) -> None:
    """Where nothing is coded, each prevalence is none of none."""
    corpus = make_corpus(study, groups=make_groups("ken", "uga"), segments=SEGMENTS)

    measured = measure_prevalence(corpus, Ledger("esa"))

    assert {prevalence.claim.text for prevalence in measured} == {"0 of 0"}


def test_topic_under_a_question_counts_all_domains(study: OpenedStudy) -> None:
    """Under a question a topic counts who raised it in any domain, of those who answered in any."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza", "rwa"),
        segments=[
            {"segment": "ken.1", "cell": HOPE},
            {"segment": "uga.1", "cell": "context.hope"},
            {"segment": "tza.1", "cell": "structures.hope"},
            {"segment": "rwa.1", "cell": "context.concerns"},
        ],
        codings=make_codings("ken.1 stigma", "uga.1 stigma", "rwa.1 stigma", "tza.1 services"),
    )
    ledger = Ledger("esa")

    claims = [claim_under(corpus, ledger, code, "hope") for code in ("stigma", "rights")]

    assert [(claim.text, claim.segments) for claim in claims] == [
        ("2 of 3", ("ken.1", "uga.1")),
        ("2 of 3", ("ken.1", "uga.1")),
    ]


def test_table_has_each_topic_under_each_question(corpus: Corpus) -> None:
    """The table has a row for each theme and code; zero is a dot that is read as its count."""
    ledger = Ledger("esa")
    measured = measure_prevalence(corpus, ledger)

    shown = show_raised(corpus, ledger, measured)

    rows = re.findall('<tr class="(theme|code)"><th scope="row">([^<]+)', shown.html)
    name = corpus.study.codebook.name
    assert rows == [("theme" if e.is_theme else "code", name(e.code)) for e in measured]
    assert ">2/3</a>" in shown.html
    assert re.search('aria-label="0 of 2" href="[^"]+">·</a>', shown.html)
    assert "esa.prevalence.stigma.hope" in {claim.id for claim in shown.claims}


def test_columns_say_how_many_groups_and_passages_they_count(corpus: Corpus) -> None:
    """Under a question these are its answers; anywhere those of all groups with a coded passage."""
    ledger = Ledger("esa")

    shown = show_raised(corpus, ledger, measure_prevalence(corpus, ledger))

    sizes = re.findall("<small>(.+?)</small>", shown.html)
    assert [re.sub("<[^>]+>", "", size) for size in sizes] == [
        "3 groups, 4 passages",
        "2 groups, 3 passages",
    ]


def test_questions_that_nobody_answered_have_no_column(corpus: Corpus) -> None:
    """A question without an answer is left out, not shown as zeros."""
    ledger = Ledger("esa")

    shown = show_raised(corpus, ledger, measure_prevalence(corpus, ledger))

    assert re.findall('<th scope="col">([^<]+?) ?<', shown.html) == ["Topic", "Hope", "Anywhere"]


@pytest.mark.parametrize(
    ("counted", "of", "shade"),
    [(4, 4, 0), (5, 5, 5), (0, 5, 0), (1, 5, 1), (2, 10, 1), (3, 10, 2), (8, 10, 4), (9, 10, 5)],
)
def test_shade_is_a_fifth_of_the_focus_groups(counted: int, of: int, shade: int) -> None:
    """Each fifth of the groups is a shade darker; below five groups there is none."""
    claim = Claim("a.b", "", counted, "focus groups", counted, of)

    assert shade_of(claim) == shade


def test_one_focus_group_has_no_prevalence(study: OpenedStudy) -> None:
    """Of one focus group passages are counted, and no groups."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=SEGMENTS[:2],
        codings=make_codings("ken.1 stigma"),
    )
    ledger = Ledger("esa")

    shown = show_raised(corpus, ledger, measure_prevalence(corpus, ledger))

    assert "esa.segments.stigma" in {claim.id for claim in shown.claims}
    assert [claim.id for claim in shown.claims if ".prevalence." in claim.id] == []


def test_place_without_codes_has_no_table(study: OpenedStudy) -> None:
    """A section that would be empty is left out, its heading included."""
    corpus, ledger = make_corpus(study, groups=make_groups("a", "b"), segments=[]), Ledger("esa")

    assert show_raised(corpus, ledger, measure_prevalence(corpus, ledger)).html == ""
