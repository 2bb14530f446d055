from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.study.language import in_language
from analysis.synthesis import listing
from analysis.synthesis.claims import Ledger
from analysis.synthesis.listing import (
    by_label,
    describe_groups_listed,
    describe_segments_listed,
    link_by_name,
    link_labels,
    name_segment,
    take_fairly,
    take_groups_fairly,
)
from synthesis.made_corpora import make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

ALL = ["ken.1", "ken.2", "ken.3", "nai.1", "uga.1", "uga.2"]
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


@pytest.fixture
def two_places(study: OpenedStudy) -> Corpus:
    """Give two focus groups of one country and one of another, of which one is withheld."""
    hidden = {"uga.1": {"text": "", "withheld": True}}
    return make_corpus(
        study,
        groups=[*make_groups("ken", "nai"), *make_groups("uga", places="UGA", home="africa")],
        segments=[{"segment": name, **hidden.get(name, {})} for name in ALL],
    )


@pytest.mark.parametrize(
    ("most", "taken"),
    [
        (2, ["ken.1", "uga.2"]),
        (3, ["ken.1", "nai.1", "uga.2"]),
        (4, ["ken.1", "ken.2", "nai.1", "uga.2"]),
        (6, ["ken.1", "ken.2", "ken.3", "nai.1", "uga.1", "uga.2"]),
    ],
    ids=["each-place", "each-focus-group", "second-ones", "all"],
)
def test_places_and_focus_groups_come_before_any_twice(
    two_places: Corpus, monkeypatch: pytest.MonkeyPatch, most: int, taken: list[str]
) -> None:
    """Of many segments those with words are listed, of each focus group and place before others."""
    monkeypatch.setattr(listing, "MOST_LISTED", most)

    listed = take_fairly(two_places, ALL)

    assert listed == taken


def test_focus_groups_of_each_place_come_first(
    two_places: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many focus groups one of each place is listed before any second one."""
    monkeypatch.setattr(listing, "MOST_LISTED", 2)

    assert list(take_groups_fairly(two_places.focus_groups)["focus_group"]) == ["ken", "uga"]


def test_nothing_is_said_of_a_list_of_all(two_places: Corpus) -> None:
    """Where a list shows all there is, nothing is said of others."""
    ledger = Ledger("esa")
    segments = ledger.number("all", "All", (6, "passages"))
    groups = ledger.number("groups", "All", (3, "focus groups"))

    assert describe_segments_listed(two_places, ledger, ALL, segments) == []
    assert describe_groups_listed(two_places, ledger, two_places.focus_groups, groups) == []


def test_focus_groups_not_listed_are_counted(two_places: Corpus) -> None:
    """Where a list shows the first focus groups, it says of how many, and in which order."""
    ledger = Ledger("esa")
    whole = ledger.number("groups", "All", (3, "focus groups"))
    listed = two_places.focus_groups.head(2)

    shown = ledger.show(*describe_groups_listed(two_places, ledger, listed, whole))

    assert [(claim.id, claim.focus_groups) for claim in shown.claims] == [
        ("esa.groups.listed", ("ken", "nai")),
        ("esa.groups", ()),
    ]
    assert "One of each place is listed before any second one." in shown.text


def test_what_is_not_listed_is_reported(two_places: Corpus) -> None:
    """Where a list shows the first, it says of how many, in which order, and where others are."""
    ledger = Ledger("esa")
    whole = ledger.number("all", "All segments", (6, "passages"))

    shown = ledger.show(*describe_segments_listed(two_places, ledger, ALL[:2], whole))

    assert [(claim.id, claim.value) for claim in shown.claims] == [
        ("esa.all.listed", 2),
        ("esa.all", 6),
    ]
    assert shown.claims[0].segments == ("ken.1", "ken.2")
    assert "One of each focus group is listed before any second one" in shown.text
    assert (
        'on the pages of passages of this report and of those on <a href="africa.html">'
        in shown.html
    )
