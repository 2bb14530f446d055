from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.synthesis import listing
from analysis.synthesis.claims import Ledger
from analysis.synthesis.excerpts import (
    WITHHELD,
    choose_excerpts,
    link_labels,
    render_excerpts,
    show_excerpts,
)
from analysis.synthesis.listing import (
    describe_groups_listed,
    describe_segments_listed,
    take_fairly,
    take_groups_fairly,
)
from analysis.synthesis.prevalence import measure_prevalence
from analysis.synthesis.single_mentions import show_single_mentions
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

ALL = ["ken.1", "ken.2", "ken.3", "nai.1", "uga.1", "uga.2"]


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
    return choose_excerpts(corpus, "rights", most)


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

    shown = render_excerpts(corpus, ["ken.1"])

    assert '<blockquote lang="fr"><p>&lt;script&gt;Bonjour&lt;/script&gt;</p>' in shown
    assert 'Kenya</span>, <time datetime="2020-10-01">1 October 2020</time>' in shown
    assert 'href="#segment-ken.1"' in shown
    assert '<span class="restated">restated in our words</span>' in shown


def test_no_excerpts_are_no_empty_box(study: OpenedStudy) -> None:
    """Without segments nothing is shown."""
    assert render_excerpts(make(study, *make_codings("ken.1 stigma")), []) == ""


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

    links = link_labels(corpus, corpus.by_id)

    assert [link.striptags() for link in links] == ["Raids", "Fines"]


def test_excerpts_of_one_focus_group_have_no_prevalence(study: OpenedStudy) -> None:
    """Of one focus group the segments of a theme are counted, and no prevalence."""
    corpus, ledger = make(study, *make_codings("ken.1 stigma")), Ledger("esa")

    shown = show_excerpts(corpus, ledger, measure_prevalence(corpus, ledger), most=1)

    assert [claim.id for claim in shown.claims] == ["esa.segments.rights"]


def test_themes_that_nobody_raised_have_no_excerpts(study: OpenedStudy) -> None:
    """Excerpts stand under the count of each theme raised, and under no other."""
    corpus = make(study, *make_codings("ken.1 stigma", "uga.1 stigma"))
    ledger = Ledger("esa")

    shown = show_excerpts(corpus, ledger, measure_prevalence(corpus, ledger), most=1)

    assert shown.html.count("<h3>") == 1
    assert shown.html.count("<figure") == 1
    assert [claim.id for claim in shown.claims] == ["esa.prevalence.rights", "esa.segments.rights"]


def test_voices_stand_in_their_words(study: OpenedStudy) -> None:
    """What one focus group alone raised, and what no code holds, stands in its words."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "text": "Raised by one."},
            {"segment": "uga.1", "text": "Held by no code."},
            {"segment": "uga.2", "text": "Heard from both."},
            {"segment": "ken.2", "text": "Heard from both."},
        ],
        codings=make_codings("ken.1 stigma", "uga.2 services", "ken.2 services"),
    )

    shown = show_single_mentions(corpus, Ledger("esa"))

    assert {claim.id: claim.value for claim in shown.claims} == {
        "esa.once.codes": 1,
        "esa.uncoded": 1,
    }
    assert "Raised by one." in shown.html
    assert "Held by no code." in shown.html
    assert "Heard from both." not in shown.html


def test_voice_without_words_here_says_why(study: OpenedStudy) -> None:
    """A voice whose words another report shows is linked there; one withheld is said to be so."""
    corpus = make_corpus(
        study,
        groups=make_groups("egy", "gha"),
        segments=[
            {"segment": "egy.1", "text": "", "label": "Elsewhere", "shown_in": "mena"},
            {"segment": "gha.1", "text": "", "withheld": True},
        ],
        codings=make_codings("egy.1 stigma", "gha.1 services"),
        place="africa",
    )

    shown = show_single_mentions(corpus, Ledger("africa"))

    assert '<a href="mena.html#segment-egy.1"><span data-term="">Elsewhere' in shown.html
    assert shown.html.count(WITHHELD) == 1


def test_one_focus_group_is_not_set_apart_from_itself(study: OpenedStudy) -> None:
    """Where one focus group alone is coded, all was heard once, and stands above."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": "ken.1"}],
        codings=make_codings("ken.1 stigma"),
    )

    shown = show_single_mentions(corpus, Ledger("esa"))

    assert [claim.id for claim in shown.claims] == ["esa.uncoded"]


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give two focus groups of one country and one of another, of which one is withheld."""
    told = {"uga.1": {"text": "", "withheld": True}}
    return make_corpus(
        study,
        groups=[*make_groups("ken", "nai"), *make_groups("uga", places="UGA", home="africa")],
        segments=[{"segment": name, **told.get(name, {})} for name in ALL],
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
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, most: int, taken: list[str]
) -> None:
    """Of many segments those with words are listed, of each focus group and place before others."""
    monkeypatch.setattr(listing, "MOST_LISTED", most)

    listed = take_fairly(corpus, ALL)

    assert listed == taken


def test_focus_groups_of_each_place_come_first(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many focus groups one of each place is listed before any second one."""
    monkeypatch.setattr(listing, "MOST_LISTED", 2)

    assert list(take_groups_fairly(corpus.focus_groups)["focus_group"]) == ["ken", "uga"]


def test_nothing_is_said_of_a_list_of_all(corpus: Corpus) -> None:
    """Where a list shows all there is, nothing is said of others."""
    ledger = Ledger("esa")
    segments = ledger.number("all", "All", (6, "segments"))
    groups = ledger.number("groups", "All", (3, "focus groups"))

    assert describe_segments_listed(corpus, ledger, ALL, segments) == []
    assert describe_groups_listed(corpus, ledger, corpus.focus_groups, groups) == []


def test_focus_groups_not_listed_are_counted(corpus: Corpus) -> None:
    """Where a list shows the first focus groups, it says of how many, and in which order."""
    ledger = Ledger("esa")
    whole = ledger.number("groups", "All", (3, "focus groups"))
    listed = corpus.focus_groups.head(2)

    shown = ledger.show(*describe_groups_listed(corpus, ledger, listed, whole))

    assert [(claim.id, claim.focus_groups) for claim in shown.claims] == [
        ("esa.groups.listed", ("ken", "nai")),
        ("esa.groups", ()),
    ]
    assert "One of each place is listed before any second one." in shown.text


def test_what_is_not_listed_is_reported(corpus: Corpus) -> None:
    """Where a list shows the first, it says of how many, in which order, and where others stand."""
    ledger = Ledger("esa")
    whole = ledger.number("all", "All segments", (6, "segments"))

    shown = ledger.show(*describe_segments_listed(corpus, ledger, ALL[:2], whole))

    assert [(claim.id, claim.value) for claim in shown.claims] == [
        ("esa.all.listed", 2),
        ("esa.all", 6),
    ]
    assert shown.claims[0].segments == ("ken.1", "ken.2")
    assert "One of each focus group is listed before any second one" in shown.text
    assert 'at the end of this report and in those on <a href="africa.html">' in shown.html


def test_code_of_one_focus_group_is_a_single_mention(study: OpenedStudy) -> None:
    """A code is a single mention where one focus group raised it, however often it did."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": name} for name in ("ken.1", "ken.2", "uga.1")],
        codings=make_codings("ken.1 stigma", "ken.2 stigma", "ken.1 services", "uga.1 services"),
    )

    count, _ = show_single_mentions(corpus, Ledger("esa")).claims

    assert (count.value, count.segments) == (1, ("ken.1", "ken.2"))


def test_heading_is_not_without_a_code(study: OpenedStudy) -> None:
    """A point that heads sub-points has no code, and is not among the passages without a code."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[
            {"segment": "ken.1", "is_heading": True},
            {"segment": "ken.2", "role": "subpoint"},
            {"segment": "ken.3", "role": "subpoint"},
        ],
        codings=make_codings("ken.2 stigma"),
    )

    (uncoded,) = show_single_mentions(corpus, Ledger("esa")).claims

    assert uncoded.segments == ("ken.3",)
