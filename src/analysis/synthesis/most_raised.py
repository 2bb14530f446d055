"""Most raised: what a report opens with where nobody wrote findings for its place.

It names topics by a rule, and never calls a count a finding.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import to_translate, translate
from analysis.synthesis.framework_matrix import claim_themes
from analysis.synthesis.links import link_code
from analysis.synthesis.listing import fold_label, link_segment
from analysis.synthesis.markup import element, items, join, list_words, say
from analysis.synthesis.points import ASKED_CELLS, count_requests, find_requests, show_keys
from analysis.synthesis.prevalence import claim_under, name_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

# A topic that fewer raised is no candidate.
RAISED_BY = 3
RAISED_BY_SHARE = Fraction(1, 3)
MOST_TIES = 3
MOST_THEMES = 5
MOST_REPEATED = 6
NAMED = to_translate(
    "Nobody wrote findings for this report. It names the topics that at least three focus groups "
    "and a third of those answering raised."
)
NONE = to_translate(
    "Nobody wrote findings for this report. No topic was raised by at least three focus groups and "
    "a third of those answering."
)


class Candidate(NamedTuple):
    """A topic that may be named for a question, with who raised it, of those that answered.

    ``difference`` is by how much its share is larger here than its mean share under the other
    questions that somebody answered.
    """

    code: str
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
        if (claim.numerator or 0) < RAISED_BY or claim.share < RAISED_BY_SHARE:
            continue
        others = [
            claim_under(corpus, ledger, code, other).share
            for other in questions
            if other != question and corpus.asked(other).segments
        ]
        mean = sum(others, Fraction(0)) / max(len(others), 1)
        found.append(Candidate(code, claim, claim.share - mean))
    return sorted(found, key=lambda each: -(each.claim.numerator or 0))


def find_outstanding(
    candidates: Sequence[Candidate], named: Sequence[Candidate]
) -> Candidate | None:
    """Return the candidate that is raised more here than under the other questions, if any.

    It is the one with the largest difference, unless that is not above zero, or it is named
    already. Ties go to the first: that of the larger count, then of the codebook's order.
    """
    if not candidates:
        return None
    largest = max(candidates, key=lambda each: each.difference)
    return largest if largest.difference > 0 and largest not in named else None


def show_most_raised(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return what was most raised under each question, and what is asked for."""
    questions = corpus.study.instrument.domain_questions
    topics = [_show_question(corpus, ledger, question) for question in questions]
    asked = [_show_cell(corpus, ledger, cell) for cell in ASKED_CELLS]
    shown = [entry for entry in (*topics, *asked) if entry]
    key = show_keys(corpus, ledger)
    if not shown and not key:
        return ledger.show()
    title, rule = (say("Most raised"), NAMED) if any(topics) else (say("What they ask for"), NONE)
    return ledger.show(
        element("h2", title, id="findings"),
        element("p", say(rule), class_="hint"),
        element("div", *shown, class_="findings") if shown else "",
        key,
    )


def _show_question(corpus: Corpus, ledger: Ledger, question: str) -> Content:
    """Return what was most raised under a question, and what stands out there."""
    candidates = find_candidates(corpus, ledger, question)
    if not candidates:
        return ""
    most = [c for c in candidates if c.claim.numerator == candidates[0].claim.numerator]
    named = most if len(most) <= MOST_TIES else []
    lines = [
        say("Most raised: {topics}.", topics=list_words([_name(corpus, each) for each in named]))
        if named
        else _count_ties(corpus, ledger, question, most)
    ]
    if outstanding := find_outstanding(candidates, named):
        topic, count = link_code(corpus.study, outstanding.code), outstanding.claim
        lines.append(say("Stands out here: {topic} ({count}).", topic=topic, count=count))
    title = element("h3", name_question(corpus, question), data_card="question")
    shown = [element("p", line, class_="finding", data_card="finding") for line in lines]
    return element("article", title, *shown)


def _name(corpus: Corpus, candidate: Candidate) -> Markup:
    return join([link_code(corpus.study, candidate.code), " (", candidate.claim, ")"])


def _count_ties(corpus: Corpus, ledger: Ledger, question: str, most: Sequence[Candidate]) -> Markup:
    """Return how many topics were raised as often as any: more than are named."""
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
    return say("{n} topics at {count}.", n=ties, count=most[0].claim)


def _show_cell(corpus: Corpus, ledger: Ledger, cell: str) -> Content:
    """Return what is asked for in a cell; a topic is never named after the verb alone."""
    requests = find_requests(corpus, ledger, cell)
    if not requests:
        return ""
    repeated = [
        say("{point} ({n} groups)", point=link_segment(corpus, each.segments[0]), n=each.groups)
        for each in requests
        if each.groups
    ]
    lines = []
    for theme in claim_themes(corpus, ledger, cell)[:MOST_THEMES]:
        labelled = [s for s in theme.segments if fold_label(corpus.by_id[s].label)]
        example = [" \u2013 ", link_segment(corpus, labelled[0])] if labelled else []
        lines.append(join([link_code(corpus.study, theme.code), " ", theme.claim, *example]))
    return element(
        "article",
        element("h3", corpus.study.instrument.question_label(cell)),
        element("p", count_requests(corpus, ledger, cell, requests), class_="finding"),
        items(repeated[:MOST_REPEATED], kind="labels"),
        items(lines, kind="labels"),
    )
