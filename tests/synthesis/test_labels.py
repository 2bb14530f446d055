from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.study.language import in_language
from analysis.synthesis.listing import by_label, link_by_name, link_labels, name_segment
from synthesis.made_corpora import make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

NINE = "one two three four five six seven eight nine"


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give passages with labels, without, and without words."""
    segments = [
        {"segment": "ken.1", "label": "An early label"},
        {"segment": "ken.2", "label": "Stop raids"},
        {"segment": "uga.1", "label": "stop  raids!"},
        {"segment": "ken.3", "text": NINE},
        {"segment": "uga.2", "text": f"{NINE} ten"},
        {"segment": "ken.4", "label": "Never shown", "withheld": True},
        {"segment": "ken.5", "text": ""},
    ]
    return make_corpus(study, groups=make_groups("ken", "uga"), segments=segments)


def test_passages_of_one_label_are_together(corpus: Corpus) -> None:
    """Those of most groups come first; one without a label is alone, a withheld one is absent."""
    assert by_label(corpus, [*corpus.by_id]) == [
        ["ken.2", "uga.1"],
        ["ken.3"],
        ["ken.5"],
        ["uga.2"],
        ["ken.1"],
    ]


def test_passages_without_a_label_are_all_linked(corpus: Corpus) -> None:
    """Only passages of the same label share a link."""
    linked = [*link_labels(corpus, ["ken.2", "uga.1", "ken.3", "uga.2"])]

    assert [link.striptags() for link in linked] == ["Stop raids", NINE, f"{NINE} \u2026"]


@pytest.mark.parametrize(
    ("segment", "expected"),
    [("ken.2", "Stop raids"), ("ken.3", NINE), ("uga.2", f"{NINE} \u2026")],
)
def test_passage_is_named_by_its_label_or_its_first_words(
    corpus: Corpus, segment: str, expected: str
) -> None:
    """Words that are cut off end with an ellipsis."""
    assert name_segment(corpus, corpus.by_id[segment]) == expected


@pytest.mark.parametrize(("segment", "marked"), [("ken.2", True), ("ken.5", False)])
def test_link_is_marked_with_the_language_of_its_words(
    corpus: Corpus, segment: str, *, marked: bool
) -> None:
    """A passage without words is named by its place in the template, in the report's language."""
    with in_language("fr"):
        assert ('lang="en"' in link_by_name(corpus, segment)) == marked
