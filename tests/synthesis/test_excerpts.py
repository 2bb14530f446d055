from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from analysis.synthesis.claims import Ledger
from analysis.synthesis.excerpts import (
    choose_excerpts,
    link_labels,
    render_excerpts,
    segment_address,
    show_excerpts,
)
from analysis.synthesis.prevalence import measure_prevalence
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus


def make(study: OpenedStudy, *codings: dict[str, object], **texts: str) -> Corpus:
    """Make a corpus of the segments that the codings name."""
    names = dict.fromkeys(str(coding["segment"]) for coding in codings)
    groups = dict.fromkeys(name.split(".")[0] for name in names)
    return make_corpus(
        study,
        groups=make_groups(*groups),
        segments=[{"segment": name, "text": texts.get(name[:3], "Words.")} for name in names],
        codings=codings,
    )


def choose(corpus: Corpus, most: int) -> list[str]:
    """Choose excerpts of a theme, by their ids."""
    rows = choose_excerpts(corpus, "rights", most)
    return [told.segment for told in corpus.tell(np.array(rows))]


def test_every_focus_group_before_any_twice(study: OpenedStudy) -> None:
    """A second segment of one focus group waits for the first of each other, whatever its code."""
    corpus = make(
        study,
        *make_codings("ken.1 stigma", "ken.2 criminalization", coders=2, of_coders=2),
        *make_codings("uga.1 stigma", coders=1, of_coders=2),
    )

    chosen = [choose(corpus, most) for most in (1, 2, 3)]

    assert chosen == [["ken.1"], ["ken.1", "uga.1"], ["ken.1", "uga.1", "ken.2"]]


def test_every_code_before_any_twice(study: OpenedStudy) -> None:
    """Within one focus group, a second segment of a code waits for the first of each other."""
    corpus = make(study, *make_codings("ken.1 stigma", "ken.2 stigma", "ken.3 criminalization"))

    assert choose(corpus, 3) == ["ken.1", "ken.3", "ken.2"]


def test_agreed_by_more_coders_comes_first(study: OpenedStudy) -> None:
    """Among equals, the segment on which more coders agreed comes first."""
    corpus = make(
        study,
        *make_codings("ken.1 stigma", coders=1, of_coders=2),
        *make_codings("ken.2 stigma", coders=2, of_coders=2),
    )

    assert choose(corpus, 1) == ["ken.2"]


def test_fewer_codes_come_first(study: OpenedStudy) -> None:
    """Among equals, the segment that speaks of the theme and little else comes first."""
    corpus = make(study, *make_codings("ken.1 stigma", "ken.1 services", "ken.2 stigma"))

    assert choose(corpus, 1) == ["ken.2"]


def test_earlier_in_the_template_comes_first(study: OpenedStudy) -> None:
    """Among segments alike in all else, the first in the template's order comes first."""
    corpus = make(study, *make_codings("ken.2 stigma", "ken.1 stigma"))

    assert choose(corpus, 2) == ["ken.2", "ken.1"]


def test_segment_of_two_codes_is_chosen_once(study: OpenedStudy) -> None:
    """A segment that bears two codes of the theme is one excerpt."""
    corpus = make(study, *make_codings("ken.1 stigma", "ken.1 criminalization"))

    assert choose(corpus, 3) == ["ken.1"]


def test_withheld_words_are_no_excerpt(study: OpenedStudy) -> None:
    """A segment without text to show is never chosen."""
    corpus = make(study, *make_codings("ken.1 stigma", "uga.1 stigma"), ken="")

    assert choose(corpus, 3) == ["uga.1"]


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_is_irrelevant(study: OpenedStudy, seed: int) -> None:
    """Whatever the order of the codings, the same segments are chosen in the same order."""
    codings = make_codings(
        *("ken.1 stigma", "ken.1 criminalization", "ken.2 stigma", "uga.1 criminalization"),
        *("uga.1 stigma", "uga.2 services"),
    )
    corpus = make(study, *codings)
    shuffled = corpus.codings.sample(frac=1, random_state=seed)

    chosen = choose(replace(corpus, codings=shuffled), 3)

    assert chosen == choose(corpus, 3) == ["ken.2", "uga.1", "ken.1"]


def test_excerpt_shows_words_escaped_with_their_source(study: OpenedStudy) -> None:
    """An excerpt shows its words as they are, its language, who met where, and its place."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[
            {
                "segment": "ken.1",
                "text": "<script>Bonjour</script>",
                "text_kind": "restated",
                "language": "fr",
            }
        ],
    )

    shown = render_excerpts(corpus, [0])

    assert '<blockquote lang="fr"><p>&lt;script&gt;Bonjour&lt;/script&gt;</p>' in shown
    assert 'Kenya</span>, <time datetime="2020-10-01">1 October 2020</time>' in shown
    assert 'href="#segment-ken.1"' in shown
    assert '<span class="restated">restated in our words</span>' in shown


def test_no_excerpts_are_no_empty_box(study: OpenedStudy) -> None:
    """Without segments nothing is shown."""
    assert render_excerpts(make(study, *make_codings("ken.1 stigma")), []) == ""


def test_words_of_another_report_are_linked_there(study: OpenedStudy) -> None:
    """The address of a segment is on this page, or on the narrower report that shows it."""
    corpus = make(study, *make_codings("ken.1 stigma"))

    addresses = [
        segment_address(corpus, corpus.tell(np.array([0]))[0]._replace(shown_in=shown_in))
        for shown_in in ("esa", "wca", "esa.words-002")
    ]

    assert addresses == [
        "#segment-ken.1",
        "wca.html#segment-ken.1",
        "esa.words-002.html#segment-ken.1",
    ]


def test_same_label_is_linked_once_and_withheld_ones_never(study: OpenedStudy) -> None:
    """Labels repeat only when they differ, and those withheld are not linked."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "label": "Raids"},
            {"segment": "ken.2", "label": "Raids"},
            {"segment": "ken.3", "label": "Fines"},
            {"segment": "uga.1", "label": "", "text": "", "withheld": True},
        ],
    )

    links = link_labels(corpus, np.arange(4))

    assert [link.striptags() for link in links] == ["Raids", "Fines"]


def test_themes_that_nobody_raised_have_no_excerpts(study: OpenedStudy) -> None:
    """Excerpts stand under the count of each theme raised, and under no other."""
    corpus = make(study, *make_codings("ken.1 stigma", "uga.1 stigma"))
    ledger = Ledger("esa")

    shown = show_excerpts(corpus, ledger, measure_prevalence(corpus, ledger), most=1)

    assert shown.html.count("<h3>") == 1
    assert shown.html.count("<figure") == 1
    assert [claim.id for claim in shown.claims] == ["esa.prevalence.rights", "esa.segments.rights"]
