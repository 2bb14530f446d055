from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.synthesis.claims import Ledger
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.points import LABELS_SHOWN, show_key_recommendations, show_points
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy

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


def test_withheld_point_is_told_as_such(study: OpenedStudy) -> None:
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


def test_key_recommendation_that_nobody_gave_is_told(study: OpenedStudy) -> None:
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
