from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.synthesis import points
from analysis.synthesis.claims import Ledger
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.framework_matrix import (
    claim_answered,
    claim_points,
    claim_themes,
    show_framework_matrix,
)
from analysis.synthesis.overview import claim_segments
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.claims import Fragment
    from analysis.synthesis.corpus import Corpus

HOPE = "structures.hope"
STOP = "recommendations.stop"
KEY = "recommendations.key"


def asks(corpus: Corpus) -> Fragment:
    return points.show_asks(corpus, Ledger("esa"))


def words(fragment: Fragment) -> str:
    return " ".join(fragment.text.split())


def test_requests_are_listed_by_theme_under_who_answered(study: OpenedStudy) -> None:
    """A recommendation has its points by label under their themes, and who answered."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza"),
        segments=[
            {"segment": "ken.1", "cell": STOP, "label": "Stop raids"},
            {"segment": "uga.1", "cell": STOP, "label": "Stop fines"},
            {"segment": "uga.2", "cell": STOP, "label": "Stop waiting"},
        ],
        codings=make_codings("ken.1 criminalization", "uga.1 criminalization", "uga.2 services"),
    )

    shown = asks(corpus)

    assert "3 points from 2 of 3 focus groups. Different labels: 3 ." in words(shown)
    assert "<small>" not in shown.html
    assert re.findall("<h4>([^<]+)</h4>|>(Stop [a-z]+)</a>", shown.html) == [
        ("Rights", ""),
        ("", "Stop fines"),
        ("", "Stop raids"),
        ("Support", ""),
        ("", "Stop waiting"),
    ]


def test_same_label_of_two_groups_is_one_request(study: OpenedStudy) -> None:
    """Labels are equal after folding case and punctuation; how many groups gave one is a claim."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "cell": STOP, "label": "Stop the raids"},
            {"segment": "uga.1", "cell": STOP, "label": "STOP the raids!"},
        ],
    )

    shown = asks(corpus)

    claims = {claim.id: claim.value for claim in shown.claims}
    assert claims[f"esa.requests.{STOP}"] == 1
    assert claims[f"esa.repeated.{STOP}.1"] == 2
    assert shown.html.count("<li>") == 1


def test_label_that_one_group_gives_twice_is_not_of_two_groups(study: OpenedStudy) -> None:
    """How many groups gave a label counts groups, and not points."""
    names = ("ken.1", "ken.2")
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": name, "cell": STOP, "label": "Stop raids"} for name in names],
    )

    shown = asks(corpus)

    assert "<small>" not in shown.html
    assert [claim.id for claim in shown.claims if ".repeated." in claim.id] == []


def test_point_of_two_themes_is_under_that_of_most_groups(study: OpenedStudy) -> None:
    """A point is listed once, under the theme that most groups raised in the answer."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "cell": STOP, "label": "Stop raids"},
            {"segment": "uga.1", "cell": STOP, "label": "Stop fees"},
        ],
        codings=make_codings("ken.1 criminalization", "ken.1 services", "uga.1 services"),
    )

    assert re.findall("<h4>([^<]+)</h4>", asks(corpus).html) == ["Support"]


def test_stop_label_that_could_mislead_is_shown_in_full(study: OpenedStudy) -> None:
    """Under STOP a label without the verb would say the opposite, so that its words are shown."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "cell": STOP, "label": "Condoms", "text": "Do not take <them>."},
            {"segment": "ken.2", "cell": "recommendations.start", "label": "Clinics", "text": "X."},
        ],
    )

    shown = asks(corpus)

    assert "<strong>Stop</strong> \u2013 <q>Do not take &lt;them&gt;.</q>" in shown.html
    assert ">Condoms<" not in shown.html
    assert ">Clinics</a>" in shown.html


def test_heading_is_shown_with_its_subpoints(study: OpenedStudy) -> None:
    """A point that heads sub-points has them below, and takes its theme from their codes."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "cell": STOP, "label": "Stop two things", "is_heading": True},
            *(
                {
                    "segment": f"ken.1{letter}",
                    "cell": STOP,
                    "role": "subpoint",
                    "position": f"1{letter}",
                    "label": f"Part {letter}",
                }
                for letter in "ab"
            ),
        ],
        codings=make_codings("ken.1a services"),
    )

    shown = asks(corpus)

    assert "<h4>Support</h4>" in shown.html
    assert [f">Part {letter}</a>" in shown.html for letter in "ab"] == [True, True]
    assert "1 point from 1 of 2" in words(shown)


def test_points_beyond_the_most_are_counted(
    study: OpenedStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many points those of several groups, then one of each group, are listed first."""
    monkeypatch.setattr(points, "MOST_POINTS", 2)
    names = ("ken.1", "ken.2", "ken.3", "uga.1")
    segments = [{"segment": name, "cell": STOP, "label": f"Stop {name}"} for name in names]
    shared = [
        {"segment": name, "cell": STOP, "label": f"Stop {label}"}
        for name, label in (("ken.4", "z1"), ("uga.2", "z1"), ("ken.5", "z2"), ("uga.3", "z2"))
    ]
    groups = make_groups("ken", "uga")

    alone = asks(make_corpus(study, groups=groups, segments=segments))
    several = asks(make_corpus(study, groups=groups, segments=[*segments, *shared]))

    assert re.findall(r"Stop ([a-z]+\.\d)", alone.html) == ["ken.1", "uga.1"]
    assert "2 more." in words(alone)
    (more,) = [claim for claim in alone.claims if claim.id.endswith(".more")]
    assert (more.value, more.segments) == (2, names)
    assert re.findall(r">Stop ([^<]+)<", several.html) == ["z1", "z2"]


def test_withheld_points_are_counted_and_not_shown(study: OpenedStudy) -> None:
    """Points whose consent is for counts only are counted, and it is said that they are."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "cell": STOP, "label": "Stop raids"},
            {"segment": "uga.1", "cell": STOP, "label": "", "text": "", "withheld": True},
        ],
    )

    assert "1 point is counted in the themes and not shown" in words(asks(corpus))


def test_where_no_point_may_be_shown_no_label_is_counted(study: OpenedStudy) -> None:
    """That there are no labels would mean that nothing was asked for."""
    hidden = {"cell": STOP, "label": "", "text": "", "withheld": True}
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": f"{group}.1", **hidden} for group in ("ken", "uga")],
    )

    shown = words(asks(corpus))

    assert "2 points from 2 of 2 focus groups." in shown
    assert "Different labels" not in shown


def test_withheld_key_recommendations_are_named_together(study: OpenedStudy) -> None:
    """Focus groups whose words are not shown are named once, and counted among those that asked."""
    corpus = make_corpus(
        study,
        groups=make_groups("gha", "ken", "nai", "uga"),
        segments=[
            {"segment": "ken.1", "cell": KEY, "label": "Pay"},
            {"segment": "nai.1", "cell": KEY, "label": "pay"},
            {"segment": "gha.1", "cell": KEY, "text": "", "withheld": True},
            {"segment": "uga.1", "cell": KEY, "text": "", "withheld": True},
        ],
    )

    ledger = Ledger("esa")
    asked = ledger.show(points.show_keys(corpus, ledger))
    listed = points.show_key_recommendations(corpus, Ledger("esa")).html

    assert "4 of 4 focus groups named one; those that may be shown: Pay" in words(asked)
    assert listed.count("<li>") == 2
    assert listed.count(WITHHELD) == 1


def test_verbs_that_nobody_answered_are_left_out(study: OpenedStudy) -> None:
    """A column, or the whole section, is omitted where nobody answered."""
    with_stop = make_corpus(
        study, groups=make_groups("ken", "uga"), segments=[{"segment": "ken.1", "cell": STOP}]
    )
    without = make_corpus(study, groups=make_groups("ken"), segments=[{"segment": "ken.1"}])

    assert re.findall("<h3>([^<]+)", asks(with_stop).html) == ["Stop"]
    assert asks(without).html == ""


def test_patterns_are_listed_by_label(study: OpenedStudy) -> None:
    """The patterns that groups saw are listed; without any the section is omitted."""
    corpora = [
        make_corpus(
            study,
            groups=make_groups("ken", "uga"),
            segments=[{"segment": "ken.1", "cell": cell, "label": "Fear"}],
        )
        for cell in ("emerging.patterns", HOPE)
    ]

    shown = [points.show_patterns(corpus, Ledger("esa")).html for corpus in corpora]

    assert ">Fear</a>" in shown[0]
    assert shown[1] == ""


def test_every_key_recommendation_is_in_its_words(study: OpenedStudy) -> None:
    """Each key recommendation that may be shown is, and one that may not is counted."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza"),
        segments=[
            {"segment": "ken.1", "cell": KEY, "text": "Fund us.", "label": "Money"},
            {"segment": "uga.1", "cell": KEY, "text": "", "withheld": True},
        ],
    )

    shown = points.show_key_recommendations(corpus, Ledger("esa"))

    assert [claim.text for claim in shown.claims] == ["2 of 3"]
    assert "<q>Fund us.</q>" in shown.html
    assert shown.html.count(WITHHELD) == 1


def test_key_recommendations_beyond_the_most_are_counted(
    study: OpenedStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many key recommendations the same are listed by label and in words; others are counted."""
    monkeypatch.setattr(points, "MOST_KEYS", 2)
    corpus = make_corpus(
        study,
        groups=make_groups(*"abcde"),
        segments=[{"segment": f"{g}.1", "cell": KEY, "label": f"Label {g}"} for g in "abcde"],
    )
    ledger = Ledger("esa")

    for shown in (
        ledger.show(points.show_keys(corpus, ledger)),
        points.show_key_recommendations(corpus, ledger),
    ):
        assert re.findall(">Label ([a-e])</a>", shown.html) == ["a", "d"]
        assert "3 more focus groups named one." in words(shown)


def test_no_key_recommendation_is_no_section(study: OpenedStudy) -> None:
    """Where nobody named a key recommendation, nothing is shown."""
    corpus = make_corpus(study, groups=make_groups("ken"), segments=[{"segment": "ken.1"}])

    assert points.show_key_recommendations(corpus, Ledger("esa")).html == ""


def test_labels_within_a_cell_are_those_of_a_theme(corpus: Corpus) -> None:
    """A theme of a cell has its segments there, and no others."""
    themes = claim_themes(corpus, Ledger("esa"), HOPE)

    assert {theme.code: theme.segments for theme in themes} == {
        "rights": ["ken.2", "ken.3", "uga.1"],
        "support": ["uga.1"],
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
    """A cell says how many focus groups answered it, of all that are counted."""
    claim = claim_answered(corpus, Ledger("esa"), HOPE)

    assert (claim.text, claim.segments) == ("2 of 3", ("ken.2", "ken.3", "uga.1"))


def test_point_with_subpoints_counts_once(corpus: Corpus) -> None:
    """A point that heads sub-points counts as one point, and they as none."""
    claim = claim_points(corpus, Ledger("esa"), HOPE)

    assert (claim.value, claim.segments) == (2, ("ken.1", "uga.1"))


def test_themes_of_a_cell_count_those_that_answered_it(corpus: Corpus) -> None:
    """The denominator of a theme in a cell is who answered the cell, most raised first."""
    themes = claim_themes(corpus, Ledger("esa"), HOPE)

    assert [(theme.code, theme.claim.text) for theme in themes] == [
        ("rights", "2 of 2"),
        ("support", "1 of 2"),
    ]


def test_matrix_has_a_cell_for_each_domain_and_question(corpus: Corpus) -> None:
    """The matrix is the template's: three domains by four questions, answered or not."""
    shown = show_framework_matrix(corpus, Ledger("esa"))

    assert (shown.html.count("<tr>") - 1, shown.html.count("<td")) == (3, 12)
    assert shown.html.count("0 of 3") == 10
    assert "2 of 3 groups answered, with 2 points" in words(shown)


def test_cell_names_topics_each_with_one_point(corpus: Corpus) -> None:
    """A cell names the codes that most groups raised, each with one point and its heading."""
    shown = show_framework_matrix(corpus, Ledger("esa"))

    claims = {claim.id: claim.text for claim in shown.claims}
    assert claims[f"esa.cell.{HOPE}.stigma"] == "2 of 2"
    assert claims[f"esa.cell.{HOPE}.services"] == "1 of 2"
    assert shown.html.count('class="example"') == 2


def test_points_of_a_cell_are_of_different_groups(study: OpenedStudy) -> None:
    """The point of a topic is of a group that the cell doesn't name yet, where there is one."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": name, "cell": HOPE} for name in ("ken.1", "ken.2", "uga.1", "uga.2")],
        codings=make_codings("ken.1 stigma", "ken.2 services", "uga.1 stigma", "uga.2 services"),
    )

    shown = show_framework_matrix(corpus, Ledger("esa"))

    examples = re.findall(r'class="example"><a href="#segment-([^"]+)', shown.html)
    assert examples == ["ken.2", "uga.1"]


def test_matrix_of_one_focus_group_links_its_points(study: OpenedStudy) -> None:
    """Of one focus group a cell lists the points by label, or by their first words."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[
            {"segment": "ken.1", "cell": HOPE, "label": "Peers"},
            {"segment": "ken.2", "cell": HOPE, "position": "2", "text": "One two three."},
        ],
    )

    shown = show_framework_matrix(corpus, Ledger("esa"))

    assert re.findall(r'<a href="(#segment[^"]+)">([^<]+)', shown.html) == [
        ("#segment-ken.1", "Peers"),
        ("#segment-ken.2", "One two three."),
    ]


def test_matrix_that_nobody_answered_is_left_out(study: OpenedStudy) -> None:
    """A study without answers in the domains has no matrix."""
    corpus = make_corpus(
        study, groups=make_groups("ken"), segments=[{"segment": "ken.1", "cell": STOP}]
    )

    assert show_framework_matrix(corpus, Ledger("esa")).html == ""


def test_segments_counted_are_all_of_the_place(corpus: Corpus) -> None:
    """The report rests on all segments, headings among them."""
    assert claim_segments(corpus, Ledger("esa")).value == 5
