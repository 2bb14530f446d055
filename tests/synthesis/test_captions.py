from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.study.settings import Coder
from analysis.synthesis.captions import caption
from analysis.synthesis.claims import Ledger
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.claims import Fragment

RULE = Coder(coder="c", kind="rule", description="x")


def show_caption(study: OpenedStudy, *groups: str, name: str = "cell", **said: object) -> Fragment:
    """Return the caption of a table in a report on focus groups, of which the first is coded."""
    settings = study.settings.model_copy(update=said)
    corpus = make_corpus(
        replace(study, settings=settings),
        groups=make_groups(*groups),
        segments=[{"segment": f"{groups[0]}.1"}],
        codings=make_codings(f"{groups[0]}.1 stigma"),
    )
    ledger = Ledger("esa")
    return ledger.show(caption(corpus, ledger, "Read me.", name))


def test_caption_cites_a_table_alone(study: OpenedStudy) -> None:
    """A caption has how to read it, the source, who coded, the licence and the name of claims."""
    shown = show_caption(study, "ken", "uga", licence="CC BY 4.0")

    assert " ".join(shown.text.split()).replace(" .", ".").replace(" ,", ",") == (
        "Read me. Source: A tiny study, 1 of 2 focus groups, data as of 31 December 2020. "
        "Coded by people and by a language model. CC BY 4.0. esa.cell"
    )


@pytest.mark.parametrize(
    ("synthetic", "expected"),
    [(True, "Coded by simulated coders."), (False, "Coded by rules, not by people.")],
)
def test_rules_of_a_synthetic_study_are_simulated_coders(
    study: OpenedStudy, expected: str, *, synthetic: bool
) -> None:
    """The coders of the generator are no rules that somebody wrote for these words."""
    shown = show_caption(study, "ken", coders=(RULE,), synthetic=synthetic)

    assert expected in shown.text


@pytest.mark.parametrize(
    ("groups", "name", "expected"),
    [
        (("ken", "uga"), "cell.hope", ["downloads/prevalence.csv", "downloads/prevalence.xlsx"]),
        (("ken", "uga"), "once", ["esa.claims.json"]),
        (("ken",), "cell.hope", ["esa.claims.json"]),
    ],
    ids=["counted", "not-in-a-download", "one-discussion"],
)
def test_caption_links_the_data_in_a_build(
    study: OpenedStudy,
    monkeypatch: pytest.MonkeyPatch,
    groups: tuple[str, ...],
    name: str,
    expected: list[str],
) -> None:
    """The data are in a download; numbers that no download has are in the claims of the report."""
    outside = show_caption(study, *groups, name=name)
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")

    inside = show_caption(study, *groups, name=name)

    links = [re.findall(r'href="([^#"]+)"', shown.html) for shown in (outside, inside)]
    assert links == [[], expected]
