from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.quality.outcomes import Outcome
from analysis.study.settings import Coder
from analysis.synthesis.aggregates import open_continent
from analysis.synthesis.claims import Ledger
from analysis.synthesis.overview import show_method, show_source
from analysis.synthesis.prevalence import measure_prevalence
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.claims import Fragment
    from analysis.synthesis.corpus import Corpus

WARNING = Outcome(
    expectation="e",
    table="segments",
    stage="cleaned",
    severity="warning",
    verdict="fell_short",
    touches=("segments",),
    message="Two texts are the same.",
)


def words(fragment: Fragment) -> str:
    return " ".join(fragment.text.split()).replace(" .", ".").replace(" ,", ",").replace(" ;", ";")


def method(corpus: Corpus) -> Fragment:
    ledger = Ledger(corpus.place)
    measure_prevalence(corpus, ledger)
    return show_method(corpus, ledger)


def with_settings(study: OpenedStudy, **said: object) -> OpenedStudy:
    return replace(study, settings=study.settings.model_copy(update=said))


def test_report_opens_with_source_and_limits(study: OpenedStudy) -> None:
    """One line says who spoke, when, how many people, who coded, and under which licence."""
    corpus = make_corpus(
        with_settings(study, licence="CC BY 4.0"),
        groups=[
            *make_groups("ken", participants="13 nurses; 1 clerk", held_on="2020-10-05"),
            *make_groups("uga", participants="2 nurses", held_on="2020-07-01", places="UGA"),
            *make_groups("tza", participants="", held_on="2020-10-02"),
        ],
        segments=[{"segment": "ken.1"}],
    )

    assert words(show_source(corpus, Ledger("esa"))) == (
        "3 focus groups in 2 of 21 countries, July to October 2020. About 15 participants. Not "
        "in this number: 1 group of fewer than 5; 1 group not reported. Hosts' notes, not "
        "transcripts; groups were chosen, not sampled. Coded by people and by a language model. "
        "CC BY 4.0. Sources and limits"
    )


def test_discussion_of_a_whole_place_names_no_country(study: OpenedStudy) -> None:
    """Where no group met for a country, countries are not counted."""
    corpus = make_corpus(study, groups=make_groups("afr", places="africa"), place="africa")

    assert words(show_source(corpus, Ledger("africa"))).startswith("1 focus group, October 2020.")


def test_interviews_are_no_notes_of_hosts(study: OpenedStudy) -> None:
    """Where nothing answers a question of the template, no host's notes are mentioned."""
    segments = [{"segment": "ken.1", "cell": "theme.introduction"}]
    corpus = make_corpus(study, groups=make_groups("ken"), segments=segments)

    opening = words(show_source(corpus, Ledger("esa")))
    assert "Groups were chosen, not sampled." in opening
    assert "notes" not in f"{opening} {words(method(corpus))}"


def test_place_where_nobody_counts_says_so(study: OpenedStudy) -> None:
    """Where only wider discussions are about a place, nothing is counted, and that is said."""
    corpus = make_corpus(study, groups=[], context=make_groups("all"), place="africa")

    shown = words(show_source(corpus, Ledger("africa")))

    assert shown.startswith("0 focus groups are counted here")


def test_focus_groups_are_listed_with_context_named(study: OpenedStudy) -> None:
    """Who is counted is in the table with numbers; who is context is named without any."""
    corpus = make_corpus(
        study,
        groups=make_groups(
            "ken", theme="<b>Care</b>", participants="8 peers (KEN); 1 nurse", organiser=""
        ),
        segments=[{"segment": "ken.1"}, {"segment": "ken.2"}],
        context=make_groups("afr", title="Networks", places="africa", speaks_of="esa"),
    )

    shown = method(corpus)

    assert {claim.id: claim.value for claim in shown.claims if ".group." in claim.id} == {
        "esa.group.participants.ken": 10,
        "esa.group.segments.ken": 2,
    }
    assert "&lt;b&gt;Care&lt;/b&gt;" in shown.html
    assert "nurse, peers" in shown.html
    assert '<td data-label="Hosted by">withheld</td>' in shown.html
    assert "Africa, speaking of Eastern and Southern Africa" in shown.html


@pytest.mark.usefixtures("tiny_root")
def test_continent_lists_its_own_alone() -> None:
    """On a continent the table has its own discussions; others are with their regions."""
    shown = method(open_continent(STUDY, "africa"))

    assert [claim.id for claim in shown.claims if ".group." in claim.id] == [
        "africa.group.participants.afr",
        "africa.group.segments.afr",
    ]
    assert "Continent-wide discussions counted in Africa" in shown.html


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["model"], "Coded by a language model, not by people. No person has checked this coding."),
        (["human", "rule"], "Coded by people and by rules."),
        (["human"], "Coded by people."),
    ],
    ids=["model", "people-too", "people"],
)
def test_method_says_who_coded(study: OpenedStudy, kinds: list[str], said: str) -> None:
    """The method says whether people coded, and if none did, that nobody checked."""
    coders = tuple(Coder(coder=kind, kind=kind, description="x") for kind in kinds)
    corpus = make_corpus(with_settings(study, coders=coders), groups=make_groups("ken", "uga"))

    assert said in words(method(corpus))


def test_method_says_who_restated_and_who_had_no_part(study: OpenedStudy) -> None:
    """Who restated passages, and which organisations had no part, are said where they are set."""
    said = {"restated_by": "two analysts", "independent_of": ("UNAIDS", "UNHCR")}
    corpora = [
        make_corpus(each, groups=make_groups("ken", "uga"))
        for each in (with_settings(study, **said), study)
    ]

    shown = [words(method(corpus)) for corpus in corpora]

    assert ["Restated by two analysts." in text for text in shown] == [True, False]
    named = "UNAIDS and UNHCR had no part in this synthesis."
    assert [named in text for text in shown] == [True, False]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("verbatim", "Passages are in the words of the submissions."),
        ("restated", "Passages are restated in other words than those of the submissions."),
        ("synthetic", "Passages are invented: nobody said any of this."),
    ],
)
def test_method_says_whose_words_passages_are(study: OpenedStudy, kind: str, sentence: str) -> None:
    """Each kind of text is explained, and no other."""
    corpus = make_corpus(
        study, groups=make_groups("ken"), segments=[{"segment": "ken.1", "text_kind": kind}]
    )

    assert re.findall(r"Passages are [^<]*", method(corpus).html) == [sentence]


def test_failed_checks_are_listed(study: OpenedStudy) -> None:
    """What the data behind a report failed is said once under the method."""
    groups = make_groups("ken", "uga")
    twice = (WARNING, replace(WARNING, expectation="f"))
    corpora = [make_corpus(study, groups=groups, warnings=each) for each in ((), twice)]

    shown = [words(method(corpus)) for corpus in corpora]

    assert [text.count("Two texts are the same.") for text in shown] == [0, 1]


def test_sensitivity_counts_only_what_every_coder_applied(study: OpenedStudy) -> None:
    """The method says how many counts depend on who coded, and which moves most."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga", coders="ann;bot"),
        segments=[{"segment": name} for name in ("ken.1", "ken.2", "uga.1")],
        codings=[
            *make_codings("ken.1 stigma", "uga.1 stigma", coders=1, of_coders=2),
            *make_codings("ken.2 services", "ken.1 services", coders=2, of_coders=2),
            *make_codings("uga.1 services", coders=1, of_coders=2),
            *make_codings("uga.1 community", coders=2, of_coders=2),
        ],
    )

    assert (
        "Coded passages that several coders looked at: 3, in 2 of 2 focus groups. If only codes "
        "that all of them applied counted there, the counts of 2 topics would be lower, most of "
        "all that of Stigma: from 2 of 2 to 0."
    ) in words(method(corpus))


def test_sensitivity_is_of_passages_that_several_coders_looked_at(study: OpenedStudy) -> None:
    """A group whose coders shared its passages among them was not coded twice."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga", coders="ann;bot"),
        segments=[{"segment": name} for name in ("ken.1", "ken.2", "uga.1")],
        codings=[
            *make_codings("ken.1 stigma", "ken.2 services"),
            *make_codings("uga.1 stigma", coders=1, of_coders=2),
        ],
    )

    assert (
        "Coded passages that several coders looked at: 1, in 1 of 2 focus groups. If only codes "
        "that all of them applied counted there, the count of 1 topic would be lower: that of "
        "Stigma, from 2 of 2 to 1."
    ) in words(method(corpus))


@pytest.mark.parametrize(("groups", "shown"), [(("ken",), False), (("ken", "uga"), True)])
def test_sensitivity_is_of_counts_of_focus_groups(
    study: OpenedStudy, groups: tuple[str, ...], *, shown: bool
) -> None:
    """A report on one discussion counts no focus groups, so that none depends on who coded."""
    corpus = make_corpus(
        study,
        groups=make_groups(*groups, coders="ann;bot"),
        segments=[{"segment": "ken.1"}],
        codings=make_codings("ken.1 stigma", coders=1, of_coders=2),
    )

    assert ("How much depends on who coded" in words(method(corpus))) == shown


@pytest.mark.parametrize(("synthetic", "named"), [(True, False), (False, True)])
def test_source_of_a_real_study_is_named(
    study: OpenedStudy, *, synthetic: bool, named: bool
) -> None:
    """The file of an invented study is no source."""
    corpus = make_corpus(
        with_settings(study, synthetic=synthetic), groups=make_groups("ken", "uga")
    )
    groups = corpus.focus_groups.assign(source="A published report")

    assert ("A published report" in words(method(replace(corpus, focus_groups=groups)))) == named


def test_nothing_is_said_of_sensitivity_without_a_second_coder(study: OpenedStudy) -> None:
    """Where each group had one coder nothing depends on who coded."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": "ken.1"}],
        codings=make_codings("ken.1 stigma"),
    )

    assert "How much depends on who coded" not in words(method(corpus))
