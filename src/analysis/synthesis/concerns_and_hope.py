"""Concerns and hope: the topics that worry focus groups next to those that give them hope."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import translate, write_number
from analysis.synthesis.captions import caption
from analysis.synthesis.drawing import draw
from analysis.synthesis.figures import Diverging, paint_diverging
from analysis.synthesis.links import link_code
from analysis.synthesis.markup import Row, element, say, table, term
from analysis.synthesis.prevalence import claim_asked, claim_under, name_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus

QUESTIONS = ("concerns", "hope", "constraints")
MOST_DRAWN = 16
RAISED_BY = 3


class Topic(NamedTuple):
    """A code with the focus groups that raised it as a concern, as hope and as a constraint."""

    code: str
    name: str
    concerns: Claim
    hope: Claim
    constraints: Claim

    @property
    def claims(self) -> tuple[Claim, Claim, Claim]:
        """The focus groups that raised it under each question."""
        return self.concerns, self.hope, self.constraints

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many focus groups raised it under each question."""
        concerns, hope, constraints = (claim.numerator or 0 for claim in self.claims)
        return concerns, hope, constraints

    @property
    def difference(self) -> int:
        """By how many more focus groups it is a concern than hope."""
        return self.counts[0] - self.counts[1]


def compare_concerns_and_hope(corpus: Corpus, ledger: Ledger) -> list[Topic]:
    """Return the codes that at least three focus groups raised under one of the questions.

    Those that are a concern most, compared with hope, come first; ties are in the codebook's order.
    """
    topics = [
        Topic(
            code,
            corpus.study.codebook.name(code),
            *(claim_under(corpus, ledger, code, question) for question in QUESTIONS),
        )
        for code in corpus.study.codebook.codes
    ]
    heard = [topic for topic in topics if max(topic.counts) >= RAISED_BY]
    return sorted(heard, key=lambda topic: -topic.difference)


def take_most_different(topics: Sequence[Topic]) -> list[Topic]:
    """Return the topics drawn: of many those with the largest difference, in their order."""
    largest = sorted(range(len(topics)), key=lambda at: -abs(topics[at].difference))[:MOST_DRAWN]
    return [topics[at] for at in sorted(largest)]


def show_concerns_and_hope(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return diverging bars of concerns and hope by topic, with their table."""
    topics = compare_concerns_and_hope(corpus, ledger)
    if corpus.is_single or not topics:
        return ledger.show()
    drawn = take_most_different(topics)
    columns = [translate("Topic"), *(name_question(corpus, question) for question in QUESTIONS)]
    rows = [Row(link_code(corpus.study, topic.code), topic.claims) for topic in drawn]
    title = translate(
        "Focus groups in {place} that raised each topic as a concern, hope or constraint",
        place=corpus.name,
    )
    whole = table("concerns-and-hope", title, columns, rows, kind="compact")
    about = translate(
        "Topics that at least three focus groups raised under one of the questions; of many, those "
        "with the largest difference. “What was raised” has all topics."
    )
    return ledger.show(
        element("h2", say("Concerns and hope"), id="concerns-and-hope"),
        element("div", _draw(corpus, ledger, drawn), whole, class_="beside"),
        caption(corpus, ledger, about, "prevalence"),
    )


def _draw(corpus: Corpus, ledger: Ledger, drawn: Sequence[Topic]) -> Markup:
    """Return the bars, with how many focus groups answered each question above them."""
    names = [name_question(corpus, question) for question in QUESTIONS]
    asked = [claim_asked(corpus, ledger, question).numerator or 0 for question in QUESTIONS]
    ends = [
        (name, translate("of {all}", all=write_number(number)))
        for name, number in zip(names, asked, strict=True)
    ]
    title = _title(corpus, drawn)
    said = translate("; ").join(_describe(topic, names) for topic in drawn)
    bars = [Diverging(topic.name, *topic.counts) for topic in drawn]
    return draw(
        "figure-concerns-and-hope",
        title,
        f"{title.striptags()}. {said}.",
        paint_diverging(bars, ends, max(asked[:2])),
    )


def _describe(topic: Topic, names: Sequence[str]) -> str:
    """Return the numbers of a topic in words, for those who don't see the figure."""
    under = [f"{name} {claim.text}" for name, claim in zip(names, topic.claims, strict=True)]
    return f"{topic.name}: {', '.join(under)}"


def _title(corpus: Corpus, drawn: Sequence[Topic]) -> Markup:
    """Return a title that states what the figure shows."""
    first, last = drawn[0], drawn[-1]
    if first.difference > 0 > last.difference:
        return say(
            "{first} is raised more as a concern than as hope; {last} more as hope",
            first=term(first.name),
            last=term(last.name),
        )
    return say("Topics raised in {place} as a concern and as hope", place=corpus.name)
