"""Captions: what stands under each figure and each main table, so that it can be cited alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.study.dates import date_in_words
from analysis.synthesis.markup import element, join, say, term

if TYPE_CHECKING:
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

# Who coded, from the kinds of coders of a study.
CODED_BY = {
    ("human",): "Coded by people.",
    ("model",): "Coded by a language model, not by people.",
    ("rule",): "Coded by rules, not by people.",
    ("human", "model"): "Coded by people and by a language model.",
    ("human", "rule"): "Coded by people and by rules.",
    ("model", "rule"): "Coded by a language model and by rules, not by people.",
    ("human", "model", "rule"): "Coded by people, by a language model and by rules.",
}


def claim_coded(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many focus groups have a coded passage."""
    return ledger.count(
        "coded",
        f"Focus groups counted in {corpus.name} with a coded passage",
        corpus.coded_groups,
        of=corpus.groups,
    )


def claim_coded_twice(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many coded focus groups had more than one coder."""
    groups = corpus.focus_groups
    several = groups.loc[groups["coders"].str.contains(";", regex=False), "focus_group"]
    return ledger.count(
        "coded_twice",
        f"Coded focus groups counted in {corpus.name} that several coders coded",
        corpus.coded_groups.intersection(several),
        of=corpus.coded_groups,
    )


def say_who_coded(corpus: Corpus) -> str:
    """Return who coded a study: people, a language model or rules."""
    settings = corpus.study.settings
    kinds = tuple(sorted({coder.kind for coder in settings.coders}))
    if settings.synthetic and kinds == ("rule",):
        return "Coded by simulated coders."
    return CODED_BY[kinds]


def caption(corpus: Corpus, ledger: Ledger, about: str, name: str) -> Markup:
    """Return the caption of a figure or of a table.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of the report.
    about : str
        How to read it, in one or two sentences.
    name : str
        What claims that it shows start with, without the place.
    """
    settings = corpus.study.settings
    source = say(
        "Source: {study}, {groups} focus groups, data as of {date}.",
        study=term(settings.title),
        groups=claim_coded(corpus, ledger),
        date=element("time", date_in_words(settings.as_of), datetime=settings.as_of.isoformat()),
    )
    parts: list[Content] = [about, source, say_who_coded(corpus)]
    if settings.licence:
        parts.append(join([term(settings.licence), "."]))
    parts.append(
        join(
            [
                element("a", "Download the numbers", href=f"{corpus.place}.claims.json"),
                " \u00b7 ",
                element("code", f"{corpus.place}.{name}"),
            ]
        )
    )
    return element("p", join([part for part in parts if part], " "), class_="caption")
