from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.synthesis import excerpts as excerpts_of
from analysis.synthesis.claims import Ledger
from analysis.synthesis.excerpts import (
    FairChoice,
    choose_excerpts,
    render_excerpts,
    show_excerpts,
)
from analysis.synthesis.listing import (
    link_labels,
)
from analysis.synthesis.prevalence import measure_prevalence
from analysis.synthesis.single_mentions import show_single_mentions
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.claims import Fragment
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
    """Choose the excerpts of a report with room for so many of a theme, by their ids."""
    return choose_excerpts(corpus, FairChoice(corpus), most).segments


def test_every_focus_group_before_any_twice(study: OpenedStudy) -> None:
    """A second passage of one focus group waits for the first of each other."""
    corpus = make(study, *make_codings("ken.1 stigma", "ken.2 criminalization", "uga.1 stigma"))

    chosen = [choose(corpus, most) for most in (1, 2, 3)]

    assert chosen == [["ken.1", "uga.1"], ["ken.1", "uga.1"], ["ken.1", "uga.1", "ken.2"]]


def test_agreement_of_coders_decides_nothing(study: OpenedStudy) -> None:
    """A passage on which more coders agreed has no precedence."""
    corpus = make(
        study,
        *make_codings("ken.1 stigma", coders=1, of_coders=2),
        *make_codings("ken.2 stigma", coders=2, of_coders=2),
    )

    assert choose(corpus, 1) == ["ken.1"]


def test_fewer_codes_come_first(study: OpenedStudy) -> None:
    """Among equals, the passage that is about the theme and little else comes first."""
    corpus = make(study, *make_codings("ken.1 stigma", "ken.1 criminalization", "ken.2 stigma"))

    assert choose(corpus, 1) == ["ken.2"]


def test_earlier_in_the_template_comes_first(study: OpenedStudy) -> None:
    """Among passages alike in all else, the first in the template's order comes first."""
    corpus = make(study, *make_codings("ken.2 stigma", "ken.1 stigma"))

    assert choose(corpus, 2) == ["ken.2", "ken.1"]


def test_region_and_question_with_the_fewest_come_first(study: OpenedStudy) -> None:
    """Among focus groups alike, the region with the fewest excerpts comes first; then questions."""
    corpus = make_corpus(
        study,
        groups=[*make_groups("ken", "uga"), *make_groups("gha", home="wca")],
        segments=[
            {"segment": "ken.1"},
            {"segment": "ken.2"},
            {"segment": "ken.3", "cell": "context.concerns"},
            {"segment": "uga.1"},
            {"segment": "gha.1"},
        ],
        codings=make_codings(
            "ken.1 stigma", "ken.2 stigma", "ken.3 stigma", "uga.1 stigma", "gha.1 stigma"
        ),
        place="africa",
    )

    assert choose(corpus, 4) == ["ken.1", "gha.1", "uga.1", "ken.3"]


@pytest.mark.parametrize(
    ("cells", "chosen"),
    [
        ({"ken.1": "hope", "ken.2": "concerns", "uga.1": "hope"}, ["ken.1", "uga.1"]),
        ({"ken.1": "hope", "uga.1": "concerns", "gha.1": "hope"}, ["ken.1", "gha.1"]),
    ],
    ids=["group-before-question", "region-before-question"],
)
def test_group_decides_before_region_and_region_before_question(
    study: OpenedStudy, cells: dict[str, str], chosen: list[str]
) -> None:
    """A question with fewer excerpts has no precedence over a group, or a region, with fewer."""
    homes = {"gha": "wca"}
    corpus = make_corpus(
        study,
        groups=[
            row
            for name in dict.fromkeys(segment[:3] for segment in cells)
            for row in make_groups(name, home=homes.get(name, "esa"))
        ],
        segments=[{"segment": name, "cell": f"context.{at}"} for name, at in cells.items()],
        place="africa",
    )
    fair = FairChoice(corpus)

    assert [fair.choose(cells) for _ in chosen] == chosen


def test_segment_of_two_codes_is_chosen_once(study: OpenedStudy) -> None:
    """A passage with two codes of the theme is one excerpt."""
    corpus = make(study, *make_codings("ken.1 stigma", "ken.1 criminalization"))

    assert choose(corpus, 3) == ["ken.1"]


def test_passage_of_two_themes_is_quoted_where_there_are_fewer(study: OpenedStudy) -> None:
    """A passage with codes of two themes is quoted for the one with fewer excerpts so far."""
    corpus = make(study, *make_codings("ken.1 stigma", "uga.1 stigma", "uga.1 services"))

    chosen = choose_excerpts(corpus, FairChoice(corpus), 2)

    assert chosen.by_theme == {"rights": ["ken.1"], "support": ["uga.1"]}


def test_withheld_words_are_no_excerpt(study: OpenedStudy) -> None:
    """A passage without text to show is never chosen."""
    corpus = make(study, *make_codings("ken.1 stigma", "uga.1 stigma"), ken="")

    assert choose(corpus, 3) == ["uga.1"]


def test_group_that_its_theme_has_no_room_for_is_quoted_all_the_same(study: OpenedStudy) -> None:
    """With room for all groups over all themes, each is quoted, also beyond a theme's room."""
    corpus = make(study, *make_codings("ken.1 stigma", "uga.1 stigma"))

    chosen = choose_excerpts(corpus, FairChoice(corpus), 1)

    assert chosen.by_theme == {"rights": ["ken.1", "uga.1"]}


def test_group_without_any_code_is_quoted_too(study: OpenedStudy) -> None:
    """A focus group none of whose passages has a code is quoted under other topics."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": "ken.1"}, {"segment": "uga.1"}],
        codings=make_codings("ken.1 stigma"),
    )

    assert choose(corpus, 1) == ["ken.1", "uga.1"]


def test_more_groups_than_room_are_quoted_once_each(study: OpenedStudy) -> None:
    """Where groups exceed the room of all themes, each is quoted at most once, others linked."""
    names = [f"{group}.{number}" for group in ("aaa", "bbb", "ccc") for number in (1, 2)]
    corpus = make(study, *make_codings(*(f"{name} stigma" for name in names)))
    ledger = Ledger("esa")
    measure_prevalence(corpus, ledger)

    excerpts = choose_excerpts(corpus, FairChoice(corpus), 1)
    shown = show_excerpts(corpus, ledger, excerpts)

    assert excerpts.segments == ["aaa.1"]
    assert excerpts.unheard == {"bbb", "ccc"}
    assert re.findall(r'href="(#group-[^"]+)"', shown.html) == ["#group-bbb", "#group-ccc"]
    claims = {claim.id: (claim.value, claim.focus_groups) for claim in shown.claims}
    assert claims["esa.excerpts.unheard"] == (2, ("bbb", "ccc"))


def test_of_very_many_groups_without_room_some_are_linked(
    study: OpenedStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links are to focus groups from all over the list, and all are counted."""
    monkeypatch.setattr(excerpts_of, "LINKED_GROUPS", 2)
    corpus = make(study, *make_codings(*(f"g{at}.1 stigma" for at in range(5))))
    ledger = Ledger("esa")
    measure_prevalence(corpus, ledger)

    shown = show_excerpts(corpus, ledger, choose_excerpts(corpus, FairChoice(corpus), 1))

    assert re.findall(r'<li><a href="#group-(g\d)', shown.html) == ["g1", "g3"]
    assert "There is no room here to quote 4 focus groups." in " ".join(shown.text.split())


def test_group_whose_words_are_in_another_report_alone_is_linked(study: OpenedStudy) -> None:
    """On a continent, a group that may be shown and can't be quoted there is counted and linked."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza"),
        segments=[
            {"segment": "ken.1"},
            {"segment": "uga.1", "text": "", "words": 4, "shown_in": "esa"},
            {"segment": "tza.1", "text": "", "withheld": True},
        ],
        codings=make_codings("ken.1 stigma", "uga.1 stigma", "tza.1 stigma"),
        place="africa",
    )

    assert choose_excerpts(corpus, FairChoice(corpus), 3).unheard == {"uga"}


def test_third_passage_of_a_group_waits_for_all_others(study: OpenedStudy) -> None:
    """No group is quoted a third time while another that may be quoted was not heard."""
    corpus = make(
        study, *make_codings("ken.1 stigma", "ken.2 stigma", "ken.3 stigma", "uga.1 stigma")
    )
    fair, of_ken = FairChoice(corpus), ["ken.1", "ken.2", "ken.3"]

    chosen = [fair.choose(names) for names in (of_ken, of_ken, of_ken, ["uga.1"], of_ken)]

    assert chosen == ["ken.1", "ken.2", "", "uga.1", "ken.3"]


@settings(max_examples=60, derandomize=True)
@given(data=st.data())
def test_every_group_that_may_be_shown_is_quoted_before_any_third_time(
    study: OpenedStudy, data: st.DataObject
) -> None:
    """Fairness: each group and each region is quoted; nobody a third time before all once."""
    number = data.draw(st.integers(1, 6), label="focus groups")
    groups = [f"g{at}" for at in range(number)]
    homes = {group: data.draw(st.sampled_from(["esa", "wca", "africa"])) for group in groups}
    segments, codings = [], []
    for group in groups:
        for at in range(data.draw(st.integers(0, 6), label=group)):
            name = f"{group}.{at}"
            hidden = data.draw(st.booleans()) and at > 2
            cell = data.draw(st.sampled_from(["context.hope", "structures.concerns"]))
            segments.append({"segment": name, "text": "" if hidden else "Words.", "cell": cell})
            codes = data.draw(st.sets(st.sampled_from(["stigma", "services", "community"])))
            codings += make_codings(*(f"{name} {code}" for code in sorted(codes)))
    corpus = make_corpus(
        study,
        groups=[row for group in groups for row in make_groups(group, home=homes[group])],
        segments=segments,
        codings=codings,
        place="africa",
    )
    most = data.draw(st.integers(1, 4), label="room of a theme")

    fair = FairChoice(corpus)
    order = [fair.choose([s["segment"] for s in segments]) for _ in range(2)]
    excerpts = choose_excerpts(corpus, fair, most)

    may_be_shown = set(corpus.passages["focus_group"])
    quoted = [corpus.by_id[name].focus_group for name in [*order, *excerpts.segments] if name]
    assert len(set(filter(None, [*order, *excerpts.segments]))) == len(quoted)
    if len(may_be_shown) <= 2 * most:
        assert set(quoted) == may_be_shown
        assert {homes[group] for group in quoted} == {homes[group] for group in may_be_shown}
    else:
        assert max(Counter(quoted[2:]).values(), default=0) <= 1
    if set(quoted) != may_be_shown:
        assert max(Counter(quoted).values(), default=0) <= 2


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
    assert 'Kenya, <time datetime="2020-10-01">1 October 2020</time>' in shown
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


def shown_excerpts(corpus: Corpus) -> Fragment:
    ledger = Ledger("esa")
    measure_prevalence(corpus, ledger)
    return show_excerpts(corpus, ledger, choose_excerpts(corpus, FairChoice(corpus), 1))


def test_excerpts_of_one_focus_group_have_no_prevalence(study: OpenedStudy) -> None:
    """Of one focus group the passages of a theme are counted, and no prevalence."""
    shown = shown_excerpts(make(study, *make_codings("ken.1 stigma")))

    assert [claim.id for claim in shown.claims] == [
        *("esa.excerpts", "esa.excerpts.groups", "esa.segments.rights")
    ]


def test_excerpts_say_from_how_many_groups_they_are(study: OpenedStudy) -> None:
    """How many excerpts, and of how many of the focus groups counted, is a claim."""
    codings = make_codings("ken.1 stigma", "uga.1 services", "tza.1 stigma")

    shown = shown_excerpts(make(study, *codings, tza=""))

    assert "2 excerpts. They are from 2 of 3 focus groups." in " ".join(shown.text.split())
    assert shown.html.count("<h3>") == 2
    assert shown.html.count("<figure") == 2


def test_report_without_words_has_no_excerpts(study: OpenedStudy) -> None:
    """Where no passage may be shown, the section is left out."""
    corpus = make(study, *make_codings("ken.1 stigma"), ken="")

    assert shown_excerpts(corpus).html == ""


def test_points_are_shown_in_their_words(study: OpenedStudy) -> None:
    """What one focus group alone raised, and what no code holds, is in its words."""
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


def test_passage_without_words_here_says_why(study: OpenedStudy) -> None:
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

    assert '<a href="mena.html#segment-egy.1">Elsewhere' in shown.html
    text = " ".join(shown.text.split())
    assert "Counted, and not shown since consent is for counts only: Services." in text


def test_one_focus_group_is_not_set_apart_from_itself(study: OpenedStudy) -> None:
    """Where one focus group alone is coded, all was raised once: nothing is set apart."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": "ken.1"}],
        codings=make_codings("ken.1 stigma"),
    )

    shown = show_single_mentions(corpus, Ledger("esa"))

    assert shown.html == ""


def test_code_of_one_focus_group_is_a_single_mention(study: OpenedStudy) -> None:
    """A code is a single mention where one focus group raised it, however often it did."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": name} for name in ("ken.1", "ken.2", "uga.1")],
        codings=make_codings("ken.1 stigma", "ken.2 stigma", "ken.1 services", "uga.1 services"),
    )

    (count,) = show_single_mentions(corpus, Ledger("esa")).claims

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


def test_common_topic_that_one_group_raised_under_a_question_is_rare_there(
    study: OpenedStudy,
) -> None:
    """A rare point is on a code of three or more groups that one alone raised under a question.

    Points whose consent is for counts only are left out.
    """
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza"),
        segments=[
            {"segment": "ken.1", "label": "Peers listen"},
            {"segment": "ken.2", "cell": "context.concerns"},
            {"segment": "uga.1", "cell": "context.concerns"},
            {"segment": "tza.1", "cell": "recommendations.stop"},
            {"segment": "uga.2", "label": "A clinic"},
            {"segment": "tza.2", "cell": "context.situation", "text": "", "withheld": True},
        ],
        codings=make_codings(
            *("ken.1 stigma", "ken.2 stigma", "uga.1 stigma", "tza.1 stigma", "tza.2 stigma"),
            *("uga.2 services", "ken.2 services"),
        ),
    )

    shown = show_single_mentions(corpus, Ledger("esa"))

    claims = {claim.id: (claim.value, claim.segments) for claim in shown.claims}
    assert claims["esa.once.points"] == (1, ("ken.1",))
    assert "Peers listen (Stigma, hope)" in " ".join(shown.text.split())


def test_topic_that_a_group_raised_as_concern_and_as_hope_is_listed(study: OpenedStudy) -> None:
    """Only groups that raised a code under both questions are counted, with passages of both."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "cell": "context.hope"},
            {"segment": "ken.2", "cell": "structures.concerns"},
            {"segment": "uga.1", "cell": "context.hope"},
            {"segment": "uga.2", "cell": "context.concerns"},
        ],
        codings=make_codings("ken.1 stigma", "ken.2 stigma", "uga.1 stigma", "uga.2 services"),
    )

    shown = show_single_mentions(corpus, Ledger("esa"))

    both = [claim for claim in shown.claims if ".both." in claim.id]
    assert [(claim.id, claim.focus_groups, claim.segments) for claim in both] == [
        ("esa.both.stigma", ("ken",), ("ken.2", "ken.1"))
    ]
