from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.synthesis.claims import Ledger
from analysis.synthesis.framework_matrix import (
    claim_answered,
    claim_points,
    claim_segments,
    claim_themes,
    show_framework_matrix,
)
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

HOPE = "structures.hope"


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give two focus groups that answered one cell, one with a point that heads sub-points."""
    return make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza"),
        segments=[
            {"segment": "ken.1", "cell": HOPE, "is_heading": True},
            {"segment": "ken.2", "cell": HOPE, "role": "subpoint", "position": "1a"},
            {"segment": "ken.3", "cell": HOPE, "role": "subpoint", "position": "1b"},
            {"segment": "uga.1", "cell": HOPE},
            {"segment": "uga.2", "cell": "context.hope"},
        ],
        codings=make_codings("ken.2 stigma", "ken.3 stigma", "uga.1 services", "uga.1 stigma"),
    )


def test_answered_counts_focus_groups_of_all(corpus: Corpus) -> None:
    """A cell tells how many focus groups answered it, of all that are counted."""
    claim = claim_answered(corpus, Ledger("esa"), HOPE)

    assert (claim.text, claim.segments) == ("2 of 3", ("ken.2", "ken.3", "uga.1"))


def test_point_with_subpoints_counts_once(corpus: Corpus) -> None:
    """A point that heads sub-points counts as one point, and they as none."""
    claim = claim_points(corpus, Ledger("esa"), HOPE)

    assert (claim.value, claim.segments) == (2, ("ken.1", "uga.1"))


def test_themes_of_a_cell_count_those_that_answered_it(corpus: Corpus) -> None:
    """The denominator of a theme in a cell is who answered the cell, most raised first."""
    themes = claim_themes(corpus, Ledger("esa"), HOPE)

    assert [(theme.name, theme.claim.text) for theme in themes] == [
        ("Rights", "2 of 2"),
        ("Support", "1 of 2"),
    ]


def test_matrix_has_a_cell_for_each_domain_and_question(corpus: Corpus) -> None:
    """The matrix is the template's: three domains by four questions, answered or not."""
    shown = show_framework_matrix(corpus, Ledger("esa"))

    assert (shown.html.count("<tr>") - 1, shown.html.count("<td")) == (3, 12)
    assert shown.html.count("0 of 3") == 10
    assert "2 of 3  answered,  2  points" in shown.text


def test_cell_without_themes_shows_no_empty_list(corpus: Corpus) -> None:
    """A cell whose segments bear no code lists nothing."""
    shown = show_framework_matrix(corpus, Ledger("esa"))

    assert "<ul></ul>" not in shown.html
    assert "1 of 3  answered,  1  point" in shown.text


def test_matrix_of_one_focus_group_links_its_points(study: OpenedStudy) -> None:
    """Of one focus group a cell lists the points, by label or by place in the source."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[
            {"segment": "ken.1", "cell": HOPE, "label": "Peers"},
            {"segment": "ken.2", "cell": HOPE, "position": "2"},
        ],
    )

    shown = show_framework_matrix(corpus, Ledger("esa"))

    links = re.findall(r'<a href="(#[^"]+)"><span data-term="">([^<]+)', shown.html)
    assert links == [
        ("#segment-ken.1", "Peers"),
        ("#segment-ken.2", f"{study.instrument.title('structures')}, hope 2"),
    ]


def test_segments_counted_are_all_of_the_place(corpus: Corpus) -> None:
    """The report rests on all segments, headings among them."""
    assert claim_segments(corpus, Ledger("esa")).value == 5
