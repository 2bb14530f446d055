"""Concerns and hope: the topics that worry focus groups next to those that give them hope."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import translate, write_number
from analysis.synthesis.captions import caption
from analysis.synthesis.figures import Diverging, draw, height_of_diverging, paint_diverging
from analysis.synthesis.markup import Row, element, say, table, term
from analysis.synthesis.named_codes import link_code
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
    def difference(self) -> int:
        """By how many more focus groups it is a concern than hope."""
        return (self.concerns.numerator or 0) - (self.hope.numerator or 0)

    @property
    def most(self) -> int:
        """How many focus groups raised it under the question where most did."""
        return max(claim.numerator or 0 for claim in self.claims)


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
    heard = [topic for topic in topics if topic.most >= RAISED_BY]
    return sorted(heard, key=lambda topic: -topic.difference)


def show_concerns_and_hope(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return diverging bars of concerns and hope by topic, with their table."""
    topics = compare_concerns_and_hope(corpus, ledger)
    if corpus.is_single or not topics:
        return ledger.show()
    drawn = take_most_different(topics)
    asked = [claim_asked(corpus, ledger, question) for question in QUESTIONS]
    names = [name_question(corpus, question) for question in QUESTIONS]
    title = _title(corpus, drawn)
    said = "; ".join(_describe(topic, names) for topic in drawn)
    ends = [
        (name, translate("of {all}", all=write_number(claim.numerator or 0)))
        for name, claim in zip(names, asked, strict=True)
    ]
    bars = [
        Diverging(
            t.name, t.concerns.numerator or 0, t.hope.numerator or 0, t.constraints.numerator or 0
        )
        for t in drawn
    ]
    figure = draw(
        "figure-concerns-and-hope",
        title,
        f"{title.striptags()}. {said}.",
        rows=height_of_diverging(len(bars)),
        paint=paint_diverging(bars, ends, max(claim.numerator or 0 for claim in asked[:2])),
    )
    rows = [Row(link_code(corpus.study, topic.code), topic.claims) for topic in drawn]
    whole = table(
        "concerns-and-hope",
        translate(
            "Focus groups in {place} that raised each topic as a concern, hope or constraint",
            place=corpus.name,
        ),
        [translate("Topic"), *names],
        rows,
        kind="compact",
    )
    about = translate(
        "Topics that at least three focus groups raised under one of the questions; of many, those "
        "with the largest difference. “What was raised” has all topics."
    )
    return ledger.show(
        element("h2", say("Concerns and hope"), id="concerns-and-hope"),
        element("div", figure, whole, class_="beside"),
        caption(corpus, ledger, about, "prevalence"),
    )


def _describe(topic: Topic, names: Sequence[str]) -> str:
    """Return the numbers of a topic in words, for those who don't see the figure."""
    counted = [claim.text for claim in topic.claims]
    under = [f"{name} {count}" for name, count in zip(names, counted, strict=True)]
    return f"{topic.name}: {', '.join(under)}"


def take_most_different(topics: Sequence[Topic]) -> list[Topic]:
    """Return the topics drawn: of many those with the largest difference, in their order."""
    if len(topics) <= MOST_DRAWN:
        return list(topics)
    largest = sorted(range(len(topics)), key=lambda at: -abs(topics[at].difference))[:MOST_DRAWN]
    return [topics[at] for at in sorted(largest)]


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
