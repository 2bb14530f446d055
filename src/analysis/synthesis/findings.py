"""Findings: what a report opens with.

Where somebody wrote findings for the place (`analysis.tables.findings`), these are shown, each with
one passage. Elsewhere the block is titled "Most raised" and follows a rule: it never calls a count
a finding. Of one focus group the report shows what it asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis.errors import StudyError, closest
from analysis.study.language import to_translate, translate
from analysis.synthesis.excerpts import render_excerpts
from analysis.synthesis.framework_matrix import claim_answered, claim_themes
from analysis.synthesis.labels import fold_label, link_segment
from analysis.synthesis.markup import (
    date,
    element,
    items,
    join,
    list_words,
    say,
    say_number,
    term,
)
from analysis.synthesis.named_codes import link_code
from analysis.synthesis.points import (
    ASKED_CELLS,
    KEY,
    claim_repeated,
    count_requests,
    find_requests,
    show_one_discussion,
)
from analysis.synthesis.prevalence import claim_under, name_question
from analysis.tables.findings import ANY_QUESTION, PLACEHOLDER, read_findings, read_placeholder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.excerpts import FairChoice
    from analysis.synthesis.markup import Content
    from analysis.tables.findings import Finding, Placeholder

# A topic that fewer raised is no candidate for "Most raised".
RAISED_BY = 3
RAISED_BY_SHARE = Fraction(1, 3)
MOST_TIES = 3
MOST_THEMES = 5
MOST_REPEATED = 6
MOST_KEYS = 60
AUTHOR_KINDS = {"person": to_translate("a person"), "model": to_translate("a language model")}
# By whether the focus groups are invented.
WRITTEN_BY = {
    True: to_translate(
        "Findings on invented data, written by {authors}. Every number is counted by the program "
        "and leads to the passages behind it."
    ),
    False: to_translate(
        "Findings written by {authors}. Every number is counted by the program and leads to the "
        "passages behind it."
    ),
}


@dataclass(frozen=True)
class Chosen:
    """A finding with the passage that is quoted for it.

    Parameters
    ----------
    finding : Finding
        The finding.
    passage : str
        The passage; empty where none may be quoted.
    """

    finding: Finding
    passage: str


def choose_findings(corpus: Corpus, fair: FairChoice) -> list[Chosen]:
    """Return the findings written for the place, each with one of its passages.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    fair : FairChoice
        Chooses the passages; it must not have chosen any other yet.

    Raises
    ------
    StudyError
        When the study's findings can't be used.
    """
    found = [] if corpus.is_single else read_findings(corpus.study, corpus.place)
    return [Chosen(finding, fair.choose(passages_of(corpus, finding))) for finding in found]


def passages_of(corpus: Corpus, finding: Finding) -> list[str]:
    """Return the passages that a finding rests on: those with its codes, under its question.

    Of a finding whose numbers are of regions they are those of these regions.
    """
    codings = corpus.codings
    named = codings["code"].isin(finding.codes) | codings["theme"].isin(finding.codes)
    named &= codings["focus_group"].astype("str").isin(groups_of(corpus, finding))
    if finding.question != ANY_QUESTION:
        named &= codings["cell"].astype("str").str.endswith(f".{finding.question}")
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
    return _show_most_raised(corpus, ledger)


def _show_written(corpus: Corpus, ledger: Ledger, chosen: Sequence[Chosen]) -> Fragment:
    entries = [_show_finding(corpus, ledger, each) for each in chosen]
    return ledger.show(
        element("h2", say("What they said"), id="findings"),
        element("p", _say_who_wrote(corpus, chosen), class_="hint"),
        element("div", *entries, class_="findings"),
        show_keys(corpus, ledger),
    )


def _say_who_wrote(corpus: Corpus, chosen: Sequence[Chosen]) -> Markup:
    """Return who wrote the sentences, whether person or model, and when."""
    written = dict.fromkeys(
        (c.finding.author, c.finding.author_kind, c.finding.date) for c in chosen
    )
    by = [
        say(
            "{name} ({kind}), {date}",
            name=term(name),
            kind=say(AUTHOR_KINDS[kind]),
            date=date(day),
        )
        for name, kind, day in written
    ]
    return say(WRITTEN_BY[corpus.study.settings.synthetic], authors=list_words(by))


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
    if named.kind != "prevalence":
        return {"": ledger[named.kind]}
    code = named.code
    claims = {"": ledger[f"prevalence.{code}"]}
    if named.at in corpus.study.instrument.domain_questions:
        claims[named.at] = claim_under(corpus, ledger, code, named.at)
    elif named.at and f"region.{named.at}.{code}" in ledger:
        claims[named.at] = ledger[f"region.{named.at}.{code}"]
    return claims


def show_keys(corpus: Corpus, ledger: Ledger) -> Content:
    """Return the key recommendation of each focus group by its label."""
    answers = corpus.answers(KEY)
    shown = [each for each in answers.segments if not corpus.by_id[each].withheld]
    if not shown:
        return ""
    first = {corpus.by_id[segment].focus_group: segment for segment in reversed(shown)}
    links = [link_segment(corpus, first[group]) for group in sorted(first)[:MOST_KEYS]]
    answered = claim_answered(corpus, ledger, KEY)
    lead = element("strong", say("The one thing they ask for."))
    said = say_number(
        "{groups} focus group named one: {labels}.",
        "{groups} focus groups named one: {labels}.",
        answered.denominator,
        groups=answered,
        labels=join(links, "; "),
    )
    every = element("a", say("In their words"), href="#key-recommendations")
    return element("div", element("p", lead, " ", said, " ", every), class_="key")


@dataclass(frozen=True)
class Candidate:
    """A topic that may be named for a question.

    Parameters
    ----------
    code, name : str
        The code and its name.
    claim : Claim
        Who raised it under the question, of those that answered it.
    difference : Fraction
        By how much its share is larger here than its mean share under the other questions that
        somebody answered.
    """

    code: str
    name: str
    claim: Claim
    difference: Fraction


def find_candidates(corpus: Corpus, ledger: Ledger, question: str) -> list[Candidate]:
    """Return the codes that at least three focus groups and a third of those answering raised.

    They are in the order of falling counts, ties in the codebook's order.
    """
    questions = corpus.study.instrument.domain_questions
    found = []
    for code in corpus.study.codebook.codes:
        claim = claim_under(corpus, ledger, code, question)
        if (claim.numerator or 0) < RAISED_BY or _share(claim) < RAISED_BY_SHARE:
            continue
        others = [
            _share(claim_under(corpus, ledger, code, other))
            for other in questions
            if other != question and corpus.asked(other).segments
        ]
        mean = sum(others, Fraction(0)) / max(len(others), 1)
        name = corpus.study.codebook.name(code)
        found.append(Candidate(code, name, claim, _share(claim) - mean))
    return sorted(found, key=lambda each: -(each.claim.numerator or 0))


def _share(claim: Claim) -> Fraction:
    return Fraction(claim.numerator or 0, claim.denominator or 1)


def find_outstanding(
    candidates: Sequence[Candidate], named: Sequence[Candidate]
) -> Candidate | None:
    """Return the candidate that is raised more here than under the other questions, if any.

    It is the one with the largest difference, unless that is not above zero, or it is named
    already. Ties go to the larger count, then to the codebook's order.
    """
    if not candidates:
        return None
    largest = max(candidates, key=lambda each: (each.difference, each.claim.numerator or 0))
    return largest if largest.difference > 0 and largest not in named else None


def _show_most_raised(corpus: Corpus, ledger: Ledger) -> Fragment:
    questions = corpus.study.instrument.domain_questions
    entries = [_show_question(corpus, ledger, question) for question in questions]
    entries += [_show_cell(corpus, ledger, cell) for cell in ASKED_CELLS]
    shown = [entry for entry in entries if entry]
    key = show_keys(corpus, ledger)
    if not shown and not key:
        return ledger.show()
    rule = say(
        "Nobody wrote findings for this report. It names the topics that at least three focus "
        "groups and a third of those answering raised."
    )
    return ledger.show(
        element("h2", say("Most raised"), id="findings"),
        element("p", rule, class_="hint"),
        element("div", *shown, class_="findings"),
        key,
    )


def _show_question(corpus: Corpus, ledger: Ledger, question: str) -> Content:
    """Return what was most raised under a question, and what stands out there."""
    candidates = find_candidates(corpus, ledger, question)
    if not candidates:
        return ""
    most = [c for c in candidates if c.claim.numerator == candidates[0].claim.numerator]
    if len(most) <= MOST_TIES:
        names = [join([link_code(corpus.study, each.code), " (", each.claim, ")"]) for each in most]
        lines = [say("Most raised: {topics}.", topics=list_words(names))]
    else:
        ties = ledger.number(
            f"ties.{question}",
            translate(
                "Topics most raised in {place} under: {question}",
                place=corpus.name,
                question=name_question(corpus, question),
            ),
            (len(most), "topics"),
            focus_groups=[group for each in most for group in each.claim.focus_groups],
            segments=[segment for each in most for segment in each.claim.segments],
        )
        lines = [say("{n} topics at {count}.", n=ties, count=most[0].claim)]
    named = most if len(most) <= MOST_TIES else []
    outstanding = find_outstanding(candidates, named)
    if outstanding:
        lines.append(
            say(
                "Stands out here: {topic} ({count}).",
                topic=link_code(corpus.study, outstanding.code),
                count=outstanding.claim,
            )
        )
    title = element("h3", name_question(corpus, question))
    shown = [element("p", line, class_="finding", data_card="finding") for line in lines]
    return element("article", title, *shown)


def _show_cell(corpus: Corpus, ledger: Ledger, cell: str) -> Content:
    """Return what is asked for in a cell; a topic is never named after the verb alone."""
    requests = find_requests(corpus, ledger, cell)
    if not requests.together:
        return ""
    claims = claim_repeated(corpus, ledger, requests)
    repeated = [
        say("{point} ({n} groups)", point=link_segment(corpus, same[0]), n=claim)
        for same, claim in zip(requests.together, claims, strict=True)
        if claim
    ]
    lines = []
    for theme in claim_themes(corpus, ledger, cell)[:MOST_THEMES]:
        labelled = [s for s in theme.segments if fold_label(corpus.by_id[s].label)]
        example = [": ", link_segment(corpus, labelled[0])] if labelled else []
        lines.append(join([link_code(corpus.study, theme.code), " ", theme.claim, *example]))
    return element(
        "article",
        element("h3", corpus.study.instrument.question_label(cell)),
        element("p", count_requests(requests), class_="finding"),
        items(repeated[:MOST_REPEATED], kind="labels"),
        items(lines, kind="labels"),
    )
