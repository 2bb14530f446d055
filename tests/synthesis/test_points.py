from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.synthesis.claims import Ledger
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.framework_matrix import (
    claim_answered,
    claim_points,
    claim_segments,
    claim_themes,
    show_framework_matrix,
)
from analysis.synthesis.points import LABELS_SHOWN, show_key_recommendations, show_points
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

HOPE = "structures.hope"
STOP = "recommendations.stop"
KEY = "recommendations.key"


def test_points_stand_by_theme_under_who_answered(study: OpenedStudy) -> None:
    """A recommendation tells who answered, and for each theme who raised it with its labels."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza"),
        segments=[
            {"segment": "ken.1", "cell": STOP, "label": "Raids"},
            {"segment": "uga.1", "cell": STOP, "label": "Fines"},
        ],
        codings=make_codings("ken.1 criminalization", "uga.1 criminalization"),
    )

    shown = show_points(corpus, Ledger("esa"))

    claims = {claim.id: claim.text for claim in shown.claims}
    assert claims[f"esa.answered.{STOP}"] == "2 of 3"
    assert claims[f"esa.points.{STOP}"] == "2"
    assert claims[f"esa.cell.{STOP}.rights"] == "2 of 2"
    assert claims["esa.answered.emerging.patterns"] == "0 of 3"
    assert [label in shown.html for label in ("Raids", "Fines")] == [True, True]


def test_points_without_codes_make_no_empty_table(study: OpenedStudy) -> None:
    """Where no point bears a code, who answered is told and no table follows."""
    corpus = make_corpus(
        study, groups=make_groups("ken", "uga"), segments=[{"segment": "ken.1", "cell": STOP}]
    )

    shown = show_points(corpus, Ledger("esa"))

    assert "<table" not in shown.html
    assert "1 of 2  focus groups answered, with  1  point in all." in shown.text


def test_long_lists_of_labels_are_cut_openly(study: OpenedStudy) -> None:
    """Of many points the first are listed, and it is said that there are others."""
    names = [f"ken.{number}" for number in range(LABELS_SHOWN + 1)]
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": name, "cell": STOP, "label": f"About {name}"} for name in names],
        codings=make_codings(*(f"{name} stigma" for name in names)),
    )

    shown = show_points(corpus, Ledger("esa"))

    assert [f"About {name}" in shown.html for name in names] == [True] * LABELS_SHOWN + [False]
    assert "<li>and others</li>" in shown.html


def test_one_focus_group_speaks_in_its_own_order(study: OpenedStudy) -> None:
    """Of one focus group each point stands with its label and its words."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[{"segment": "ken.1", "cell": STOP, "label": "Raids", "text": "Stop <raids>."}],
    )

    shown = show_points(corpus, Ledger("esa"))

    assert 'Raids</span></a></strong> <span data-term="">Stop &lt;raids&gt;.</span>' in shown.html


def test_withheld_point_is_reported_as_such(study: OpenedStudy) -> None:
    """A point whose consent is for counts only has no words, and a name that can be read out."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[{"segment": "ken.1", "cell": STOP, "text": "", "withheld": True}],
    )

    shown = show_points(corpus, Ledger("esa"))

    assert WITHHELD in shown.html
    assert '<span data-term=""></span>' not in shown.html


def test_key_recommendations_stand_in_their_words(study: OpenedStudy) -> None:
    """Each key recommendation that may be shown is, under the themes that they raise."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza"),
        segments=[
            {"segment": "ken.1", "cell": KEY, "text": "Fund us."},
            {"segment": "uga.1", "cell": KEY, "text": "", "withheld": True},
        ],
        codings=make_codings("ken.1 community", "uga.1 community"),
    )

    shown = show_key_recommendations(corpus, Ledger("esa"))

    assert [claim.text for claim in shown.claims] == ["2 of 3", "2 of 2"]
    assert shown.html.count("<blockquote>") == 1


def test_key_recommendation_that_nobody_gave_is_reported(study: OpenedStudy) -> None:
    """Where nobody named a key recommendation, that is said, of one focus group too."""
    corpora = [
        make_corpus(study, groups=make_groups(*groups), segments=[{"segment": "ken.1"}])
        for groups in (("ken",), ("ken", "uga"))
    ]

    shown = [show_key_recommendations(corpus, Ledger("esa")) for corpus in corpora]

    assert [fragment.text.splitlines()[-1].strip() for fragment in shown] == [
        "0 of 1  focus groups named one.",
        "0 of 2  focus groups named one.",
    ]


def test_labels_within_a_cell_are_those_of_a_theme(corpus: Corpus) -> None:
    """A theme of a cell has its segments there, and no others."""
    themes = claim_themes(corpus, Ledger("esa"), HOPE)

    assert {theme.name: theme.segments for theme in themes} == {
        "Rights": ["ken.2", "ken.3", "uga.1"],
        "Support": ["uga.1"],
    }


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
