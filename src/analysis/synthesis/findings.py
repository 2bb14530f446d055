"""Findings: what a report opens with.

Where somebody wrote findings for the place (`analysis.tables.findings`), these are shown, each with
one passage. Elsewhere the block is titled "Most raised" and follows a rule: it never calls a count
a finding. Of one focus group the report shows what it asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import StudyError, closest
from analysis.study.language import to_translate, translate
from analysis.synthesis.excerpts import FairChoice, choose_excerpts, render_excerpts
from analysis.synthesis.markup import date, element, join, list_words, say, term
from analysis.synthesis.most_raised import show_most_raised
from analysis.synthesis.overview import claim_groups, claim_segments
from analysis.synthesis.points import show_keys, show_one_discussion
from analysis.synthesis.prevalence import claim_under
from analysis.synthesis.who_was_heard import claim_countries
from analysis.tables.findings import ANY_QUESTION, PLACEHOLDER, read_findings, read_placeholder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.excerpts import Excerpts
    from analysis.tables.findings import Finding, Placeholder

AUTHOR_KINDS = {"person": to_translate("a person"), "model": to_translate("a language model")}


class Chosen(NamedTuple):
    """A finding with the passage that is quoted for it; ``""`` where none may be quoted."""

    finding: Finding
    passage: str


class Quotes(NamedTuple):
    """What a report quotes: a passage for each of its findings, and excerpts for each theme."""

    findings: list[Chosen]
    excerpts: Excerpts

    @property
    def segments(self) -> list[str]:
        """All passages quoted."""
        of_findings = [each.passage for each in self.findings if each.passage]
        return [*of_findings, *self.excerpts.segments]


def choose_quotes(corpus: Corpus, most: int) -> Quotes:
    """Return the findings written for the place with a passage each, and the excerpts of themes.

    Passages are chosen for the findings first, then for all themes, so that each focus group is
    heard; `FairChoice` has the rule. A theme has room for ``most`` excerpts.

    Raises
    ------
    StudyError
        When the study's findings can't be used.
    """
    fair = FairChoice(corpus)
    written = [] if corpus.is_single else read_findings(corpus.study, corpus.place)
    chosen = [Chosen(each, fair.choose(passages_of(corpus, each))) for each in written]
    return Quotes(chosen, choose_excerpts(corpus, fair, most))


def passages_of(corpus: Corpus, finding: Finding) -> list[str]:
    """Return the passages that a finding rests on: those with its codes, under its question.

    Of a finding whose numbers are of regions they are those of these regions.
    """
    codings = corpus.codings
    named = codings["code"].isin(finding.codes) | codings["theme"].isin(finding.codes)
    named &= codings["focus_group"].isin(groups_of(corpus, finding))
    if finding.question != ANY_QUESTION:
        cells = [cell for cell in codings["cell"].unique() if cell.endswith(f".{finding.question}")]
        named &= codings["cell"].isin(cells)
    return list(dict.fromkeys(codings.loc[named, "segment"].tolist()))


def groups_of(corpus: Corpus, finding: Finding) -> frozenset[str]:
    """Return the focus groups that a finding is about: all, or those of the regions it names."""
    named = (read_placeholder(text, corpus.study) for text in PLACEHOLDER.findall(finding.sentence))
    regions = {each.at for each in named if each} & set(corpus.homes.values())
    if not regions:
        return corpus.groups
    return frozenset(group for group, home in corpus.homes.items() if home in regions)


def show_findings(corpus: Corpus, ledger: Ledger, chosen: Sequence[Chosen]) -> Fragment:
    """Return the findings of a place, what was most raised, or what one focus group asks for.

    Raises
    ------
    StudyError
        When a sentence names a claim that the report doesn't make.
    """
    if not len(corpus.focus_groups):
        return ledger.show()
    if corpus.is_single:
        title = say("{place}: one discussion", place=corpus.name)
        return ledger.show(
            element("h2", title, id="findings"), *show_one_discussion(corpus, ledger)
        )
    if chosen:
        return _show_written(corpus, ledger, chosen)
    return show_most_raised(corpus, ledger)


def _show_written(corpus: Corpus, ledger: Ledger, chosen: Sequence[Chosen]) -> Fragment:
    entries = [_show_finding(corpus, ledger, each) for each in chosen]
    return ledger.show(
        element("h2", say("What they said"), id="findings"),
        element("p", _describe_who_wrote(corpus, chosen), class_="hint"),
        element("div", *entries, class_="findings"),
        show_keys(corpus, ledger),
    )


def _describe_who_wrote(corpus: Corpus, chosen: Sequence[Chosen]) -> Markup:
    """Return who wrote the sentences, whether person or model, and when."""
    written = dict.fromkeys(
        (c.finding.author, c.finding.author_kind, c.finding.date) for c in chosen
    )
    by = [
        join([term(f"{name} ({translate(AUTHOR_KINDS[kind])})"), ", ", date(day)])
        for name, kind, day in written
    ]
    return say(
        "Findings on invented data, written by {authors}. Every number is counted by the program "
        "and leads to the passages behind it."
        if corpus.study.settings.synthetic
        else "Findings written by {authors}. Every number is counted by the program and leads to "
        "the passages behind it.",
        authors=list_words(by),
    )


def _show_finding(corpus: Corpus, ledger: Ledger, chosen: Chosen) -> Markup:
    finding = chosen.finding
    link = element("a", say("Evidence behind it"), href=f"#evidence-of-{finding.id}")
    return element(
        "article",
        element("h3", name_of_question(corpus, finding.question)),
        element("p", fill_sentence(corpus, ledger, finding), class_="finding", data_card="finding"),
        render_excerpts(corpus, [chosen.passage] if chosen.passage else []),
        element("p", link, class_="source"),
        id=f"finding-{finding.id}",
    )


def name_of_question(corpus: Corpus, question: str) -> str:
    """Return the short name of the question that a finding is about."""
    template = corpus.study.instrument
    cells = {cell.rpartition(".")[2]: cell for cell in template.cells}
    return template.question_label(cells[question]) if question in cells else translate("Overall")


def fill_sentence(corpus: Corpus, ledger: Ledger, finding: Finding) -> Markup:
    """Return the sentence of a finding with its numbers in the place of their placeholders."""
    parts = PLACEHOLDER.split(finding.sentence)
    return join(
        [
            claim_of_placeholder(corpus, ledger, finding, part) if at % 2 else term(part)
            for at, part in enumerate(parts)
        ]
    )


def claim_of_placeholder(corpus: Corpus, ledger: Ledger, finding: Finding, text: str) -> Claim:
    """Return the claim that a placeholder names.

    Raises
    ------
    StudyError
        When the report doesn't make such a claim.
    """
    named = read_placeholder(text, corpus.study)
    claims = {} if named is None else _claims_named(corpus, ledger, named)
    if named is None or named.at not in claims:
        raise StudyError(
            "A finding names a number that its report does not have.",
            offenders=[finding.offender(f"{{{text}}}{closest(text, claims)}")],
            expected=(
                f"a number of the report on {finding.place}: {{prevalence.CODE}}, "
                "{prevalence.CODE@QUESTION}, on a continent {prevalence.CODE@REGION}, {groups}, "
                "{countries} or {segments}"
            ),
            remedy="correct the placeholder in findings.csv",
        )
    return claims[named.at]


def _claims_named(corpus: Corpus, ledger: Ledger, named: Placeholder) -> dict[str, Claim]:
    """Return the claim for each thing that a placeholder may be narrowed to."""
    if named.kind == "groups":
        return {"": claim_groups(corpus, ledger)}
    if named.kind == "segments":
        return {"": claim_segments(corpus, ledger)}
    if named.kind == "countries":
        has_countries = corpus.study.has_countries
        return {"": claim_countries(corpus, ledger)[0]} if has_countries else {}
    code = named.code
    claims = {"": ledger[f"prevalence.{code}"]}
    if named.at in corpus.study.instrument.domain_questions:
        claims[named.at] = claim_under(corpus, ledger, code, named.at)
    elif named.at and f"region.{named.at}.{code}" in ledger:
        claims[named.at] = ledger[f"region.{named.at}.{code}"]
    return claims
