"""Captions: source, coders and licence under each figure and main table, to cite it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.study.language import to_translate, translate
from analysis.synthesis.markup import date, element, join, say, say_number, term

if TYPE_CHECKING:
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

# The download that has the numbers of claims, by the first word of their ids without the place.
TABLES_OF_CLAIMS = {
    **dict.fromkeys(("prevalence", "cell", "region"), "prevalence"),
    "countries": "participants",
}
# Who coded, from the kinds of coders of a study.
CODED_BY = {
    ("human",): to_translate("Coded by people."),
    ("model",): to_translate("Coded by a language model, not by people."),
    ("rule",): to_translate("Coded by rules, not by people."),
    ("human", "model"): to_translate("Coded by people and by a language model."),
    ("human", "rule"): to_translate("Coded by people and by rules."),
    ("model", "rule"): to_translate("Coded by a language model and by rules, not by people."),
    ("human", "model", "rule"): to_translate("Coded by people, by a language model and by rules."),
}


def claim_coded(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many focus groups have a coded passage."""
    return ledger.count(
        "coded",
        translate("Focus groups counted in {place} with a coded passage", place=corpus.name),
        corpus.coded_groups,
        of=corpus.groups,
    )


def describe_who_coded(corpus: Corpus) -> str:
    """Return who coded a study: people, a language model or rules."""
    settings = corpus.study.settings
    kinds = tuple(sorted({coder.kind for coder in settings.coders}))
    if settings.synthetic and kinds == ("rule",):
        return translate("Coded by simulated coders.")
    return translate(CODED_BY[kinds])


def caption(corpus: Corpus, ledger: Ledger, about: Content, name: str) -> Markup:
    """Return the caption of a figure or of a table.

    ``about`` says how to read it; ``name`` is what its claims start with, without the place.
    """
    settings = corpus.study.settings
    coded = claim_coded(corpus, ledger)
    source = say_number(
        "Source: {study}, {groups} focus group, data as of {date}.",
        "Source: {study}, {groups} focus groups, data as of {date}.",
        coded.denominator,
        study=term(settings.title),
        groups=coded,
        date=date(settings.as_of.isoformat()),
    )
    parts = [about, source, describe_who_coded(corpus), *name_licence(corpus)]
    data = [*_link_data(corpus, name), element("code", f"{corpus.place}.{name}")]
    return element("p", join([*parts, join(data, " \u00b7 ")], " "), class_="caption")


def name_licence(corpus: Corpus) -> list[Content]:
    """Return the licence of a study as a sentence; nothing where none is stated."""
    licence = corpus.study.settings.licence
    return [join([term(licence), "."])] if licence else []


def _link_data(corpus: Corpus, name: str) -> list[Content]:
    """Return the links to the downloads of what claims count; nothing outside a build."""
    if corpus.build is None:
        return []
    table = TABLES_OF_CLAIMS.get(name.partition(".")[0])
    if table is None or corpus.is_single:
        links = [element("a", say("claims"), href=f"{corpus.place}.claims.json")]
    else:
        links = [
            element("a", kind, href=f"downloads/{table}.{ending}")
            for kind, ending in (("CSV", "csv"), ("Excel", "xlsx"))
        ]
    return [say("Download its data: {files}", files=join(links, ", "))]
