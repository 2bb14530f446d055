from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.quality.outcomes import Outcome
from analysis.study.settings import Coder
from analysis.synthesis.aggregates import open_continent
from analysis.synthesis.claims import Ledger
from analysis.synthesis.contrasts import contrast_regions
from analysis.synthesis.overview import (
    NOTHING_COUNTED,
    show_focus_groups,
    show_reading,
    show_summary,
)
from analysis.synthesis.prevalence import measure_prevalence
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.claims import Fragment
    from analysis.synthesis.corpus import Corpus

STOP = "recommendations.stop"
WARNING = Outcome(
    expectation="e",
    table="segments",
    stage="cleaned",
    severity="warning",
    verdict="fell_short",
)


def summarise(corpus: Corpus) -> Fragment:
    ledger = Ledger(corpus.place)
    return show_summary(corpus, ledger, measure_prevalence(corpus, ledger))


def lines(fragment: Fragment) -> list[str]:
    return [" ".join(line.split()) for line in fragment.text.splitlines()]


def test_summary_tells_who_met_and_what_stands_out(study: OpenedStudy) -> None:
    """A report opens with who met when, what most raised, what none did, and what is asked for."""
    corpus = make_corpus(
        study,
        groups=[
            *make_groups("ken", participants="13 nurses; 1 clerk", held_on="2020-10-05"),
            *make_groups("uga", participants="2 nurses", held_on="2020-10-01"),
            *make_groups("tza", participants="", held_on="2020-10-02"),
        ],
        segments=[{"segment": "ken.1", "cell": STOP}, {"segment": "uga.1", "cell": STOP}],
        codings=make_codings("ken.1 stigma", "uga.1 stigma"),
    )

    assert lines(summarise(corpus)) == [
        (
            "3 focus groups with about 15 participants (and 1 group of fewer than 5 , "
            "1 not reported) met between 1 October 2020 and 5 October 2020 . "
            "Their submissions hold 2 segments."
        ),
        "Raised by the most focus groups: Rights ( 2 of 2 ).",
        "Raised by none: Support ( 0 of 2 ).",
        f"{study.instrument.question_label(STOP)}, most raised: Rights ( 2 of 2 ).",
        "Coded in part by a language model: read the numbers with that in mind.",
    ]


def test_themes_that_tie_are_asked_for_alike(study: OpenedStudy) -> None:
    """Where two themes were raised most in a recommendation, both are named."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": "ken.1", "cell": STOP}, {"segment": "uga.1", "cell": STOP}],
        codings=make_codings("ken.1 stigma", "uga.1 services"),
    )

    assert any(
        line.endswith("most raised: Rights ( 1 of 2 ) and Support ( 1 of 2 ).")
        for line in lines(summarise(corpus))
    )


def test_summary_of_one_focus_group_tells_no_prevalence(study: OpenedStudy) -> None:
    """Of one focus group the summary says what it asked for and saw, in the singular."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", participants="1 nurse"),
        segments=[
            {"segment": "ken.1", "cell": "recommendations.key", "label": "Fund us"},
            {"segment": "ken.2", "cell": "emerging.patterns", "label": "Fear"},
        ],
    )

    assert lines(summarise(corpus))[:3] == [
        (
            "1 focus group with fewer than 5 participants met on 1 October 2020 . "
            "Its submission holds 2 segments."
        ),
        "Asked for above all: Fund us .",
        "Patterns it saw: Fear .",
    ]


def test_summary_of_nobody_says_so(study: OpenedStudy) -> None:
    """Where only wider submissions speak of the place, nothing is counted, and that is said."""
    corpus = make_corpus(study, groups=[], context=make_groups("all"), place="africa")

    assert lines(summarise(corpus)) == [f"0 {NOTHING_COUNTED.strip()}"]


def test_summary_warns_of_data_that_fell_short(study: OpenedStudy) -> None:
    """Where warnings concern who is counted, the mark beside numbers is explained."""
    corpora = [
        make_corpus(study, groups=make_groups("ken", "uga"), warnings=warnings)
        for warnings in ((), (WARNING,))
    ]

    assert ["\u2020" in summarise(corpus).text for corpus in corpora] == [False, True]


@pytest.mark.usefixtures("tiny_root")
def test_summary_of_a_continent_names_what_regions_share() -> None:
    """A continent's summary names codes that half or more of every region raised."""
    corpus = open_continent(STUDY, "africa")
    ledger = Ledger("africa")
    measured, contrasts = measure_prevalence(corpus, ledger), contrast_regions(corpus, ledger)

    shown = show_summary(corpus, ledger, measured, contrasts)

    assert (
        "Raised by at least half of the focus groups of every region: "
        "Services ( 2 of 4 ) and Community ( 2 of 4 )."
    ) in lines(shown)


def test_focus_groups_are_listed_with_context_named(study: OpenedStudy) -> None:
    """Who is counted stands in the table with numbers; who is context is named without any."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", theme="<b>Care</b>", participants="8 peers (KEN); 1 nurse"),
        segments=[{"segment": "ken.1"}, {"segment": "ken.2"}],
        context=make_groups("afr", title="Networks", places="africa", speaks_of="esa"),
    )

    shown = show_focus_groups(corpus, Ledger("esa"))

    assert {claim.id: claim.value for claim in shown.claims} == {
        "esa.group.participants.ken": 10,
        "esa.group.segments.ken": 2,
    }
    assert "&lt;b&gt;Care&lt;/b&gt;" in shown.html
    assert ">nurse, peers<" in shown.html
    assert ">Africa, speaking of Eastern and Southern Africa<" in shown.html


@pytest.mark.usefixtures("tiny_root")
def test_continent_lists_its_own_alone() -> None:
    """On a continent the table holds the wider submissions; others stand in their regions."""
    shown = show_focus_groups(open_continent(STUDY, "africa"), Ledger("africa"))

    assert [claim.id for claim in shown.claims] == [
        "africa.group.participants.afr",
        "africa.group.segments.afr",
    ]


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["model"], "Coded by a language model:"),
        (["model", "rule"], "Coded by a language model and a rule:"),
        (["human", "rule"], "Coded in part by a rule:"),
        (["human"], None),
    ],
    ids=["model", "model-and-rule", "people-too", "people"],
)
def test_coding_by_machines_is_reported(
    study: OpenedStudy, kinds: list[str], told: str | None
) -> None:
    """A summary says whether machines coded, and whether people did too."""
    coders = tuple(Coder(coder=kind, kind=kind, description="x") for kind in kinds)
    other = replace(study, settings=study.settings.model_copy(update={"coders": coders}))
    corpus = make_corpus(other, groups=make_groups("ken", "uga"))

    said = [line for line in lines(summarise(corpus)) if line.startswith("Coded")]

    assert [line.startswith(told) for line in said] == ([True] if told else [])


def test_reading_tells_the_rule_and_the_coders(study: OpenedStudy) -> None:
    """How to read the numbers tells the unit, the study's rule and each coder."""
    shown = show_reading(make_corpus(study, groups=make_groups("ken")), Ledger("esa"))

    assert "once one coder put it there" in shown.text
    assert [coder.description in shown.html for coder in study.settings.coders] == [True, True]
