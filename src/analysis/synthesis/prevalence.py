"""Prevalence: in how many focus groups a theme or a code occurs, of those that answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import to_translate, translate
from analysis.synthesis.captions import caption, claim_coded
from analysis.synthesis.claims import SEGMENTS
from analysis.synthesis.heat_table import HOW_TO_READ, Column, HeatRow, heat_table
from analysis.synthesis.links import link_code
from analysis.synthesis.markup import Row, element, join, say, say_number, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Evidence, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus


ANYWHERE = to_translate("\u201cAnywhere\u201d is the whole submission.")


class Prevalence(NamedTuple):
    """The prevalence of one theme or code at a place.

    ``claim`` counts focus groups in which it occurs, of those with a coded segment; ``segments``
    counts the segments that have it.
    """

    code: str
    is_theme: bool
    claim: Claim
    segments: Claim


def measure_prevalence(corpus: Corpus, ledger: Ledger) -> list[Prevalence]:
    """Return the prevalence of each theme, each followed by that of its codes.

    Themes are by falling prevalence, then by name, and codes within a theme likewise. Codes that
    occur nowhere are listed too: that something was not said is a result.
    """
    book = corpus.study.codebook

    def in_order(codes: Iterable[str], *, are_themes: bool) -> list[Prevalence]:
        measured = [_measure(corpus, ledger, code, is_theme=are_themes) for code in codes]
        return sorted(
            measured, key=lambda each: (-(each.claim.numerator or 0), book.name(each.code))
        )

    return [
        prevalence
        for theme in in_order(book.themes, are_themes=True)
        for prevalence in [theme, *in_order(book.codes_of(theme.code), are_themes=False)]
    ]


def _measure(corpus: Corpus, ledger: Ledger, code: str, *, is_theme: bool) -> Prevalence:
    name, evidence = corpus.study.codebook.name(code), corpus.raised(code)
    claim = ledger.count(
        f"prevalence.{code}",
        translate("Focus groups in {place} that raised {topic}", place=corpus.name, topic=name),
        evidence.focus_groups,
        of=corpus.coded_groups,
        segments=evidence.segments,
    )
    segments = ledger.number(
        f"segments.{code}",
        translate("Passages in {place} about {topic}", place=corpus.name, topic=name),
        (len(evidence.segments), SEGMENTS),
        **evidence._asdict(),
    )
    return Prevalence(code, is_theme, claim, segments)


def claim_under(corpus: Corpus, ledger: Ledger, code: str, question: str) -> Claim:
    """Return the claim of how many focus groups raised a theme or code under a question.

    The denominator is who answered the question in any of the domains.
    """
    return count_raised(
        ledger,
        f"prevalence.{code}.{question}",
        (corpus.name, corpus.study.codebook.name(code), name_question(corpus, question)),
        corpus.raised_under(code, question),
        of=corpus.asked(question).focus_groups,
    )


def count_raised(
    ledger: Ledger, name: str, about: tuple[str, str, str], found: Evidence, *, of: Iterable[str]
) -> Claim:
    """Return the claim of how many focus groups of a place raised a topic under a question."""
    place, topic, question = about
    label = translate(
        "Focus groups in {place} that raised {topic} under: {question}",
        place=place,
        topic=topic,
        question=question,
    )
    return ledger.count(name, label, found.focus_groups, of=of, segments=found.segments)


def claim_asked(corpus: Corpus, ledger: Ledger, question: str) -> Claim:
    """Return the claim of how many focus groups answered a question, in any domain."""
    about, found = name_question(corpus, question), corpus.asked(question)
    return count_answered(corpus, ledger, f"asked.{question}", about, found)


def count_answered(
    corpus: Corpus, ledger: Ledger, name: str, question: str, found: Evidence
) -> Claim:
    """Return the claim of how many of the focus groups of a place answered a question."""
    label = translate(
        "Focus groups in {place} that answered: {question}", place=corpus.name, question=question
    )
    return ledger.count(name, label, found.focus_groups, of=corpus.groups, segments=found.segments)


def claim_passages(corpus: Corpus, ledger: Ledger, question: str) -> Claim:
    """Return the claim of how many passages answer a question, in any domain."""
    evidence = corpus.asked(question)
    return ledger.number(
        f"asked.segments.{question}",
        translate(
            "Passages in {place} that answer: {question}",
            place=corpus.name,
            question=name_question(corpus, question),
        ),
        (len(evidence.segments), SEGMENTS),
        **evidence._asdict(),
    )


def name_question(corpus: Corpus, question: str) -> str:
    """Return the short name of a question that every domain asks."""
    template = corpus.study.instrument
    return template.question_label(f"{template.domains[0]}.{question}")


def show_raised(corpus: Corpus, ledger: Ledger, measured: Sequence[Prevalence]) -> Fragment:
    """Return the table of themes and codes by question, with the focus groups that raised them.

    Of one focus group its passages are counted, and no prevalence.
    """
    if corpus.is_single:
        return _show_passages(corpus, ledger, measured)
    questions = [q for q in corpus.study.instrument.domain_questions if corpus.asked(q).segments]
    if not corpus.coded_groups:
        return ledger.show()
    columns = [
        Column(say("Topic"), ""),
        *(
            Column(name_question(corpus, question), _size(corpus, ledger, question))
            for question in questions
        ),
        Column(say("Anywhere"), size_of_all(corpus, ledger)),
    ]
    rows = [
        HeatRow(
            link_code(corpus.study, each.code),
            [*(claim_under(corpus, ledger, each.code, q) for q in questions), each.claim],
            each.is_theme,
        )
        for each in measured
    ]
    # A study that doesn't follow the template has no questions.
    heading = say("What was raised, question by question" if questions else "What was raised")
    title = translate(
        "Focus groups in {place} that raised each topic, by question"
        if questions
        else "Focus groups in {place} that raised each topic",
        place=corpus.name,
    )
    about = f"{translate(HOW_TO_READ)} {translate(ANYWHERE)}"
    return ledger.show(
        element("h2", heading, id="what-was-raised"),
        heat_table("raised", title, columns, rows),
        caption(corpus, ledger, about, "prevalence"),
    )


def size_of_all(corpus: Corpus, ledger: Ledger) -> Markup:
    """Return how many coded focus groups of a place a column counts, and their passages."""
    rows = corpus.segments[corpus.segments["focus_group"].isin(corpus.coded_groups)]
    passages = ledger.number(
        "columns.passages",
        translate("Passages of coded focus groups of {place}", place=corpus.name),
        (len(rows), SEGMENTS),
        focus_groups=corpus.coded_groups,
        segments=rows["segment"],
    )
    return describe_size(claim_coded(corpus, ledger), passages)


def _size(corpus: Corpus, ledger: Ledger, question: str) -> Markup:
    return describe_size(
        claim_asked(corpus, ledger, question), claim_passages(corpus, ledger, question)
    )


def describe_size(groups: Claim, passages: Claim) -> Markup:
    """Return how many focus groups and how many passages a column counts."""
    counted = say_number("{n} group", "{n} groups", groups.value, n=groups.counted)
    held = say_number("{n} passage", "{n} passages", passages.value, n=passages)
    return join([counted, held], ", ")


def _show_passages(corpus: Corpus, ledger: Ledger, measured: Sequence[Prevalence]) -> Fragment:
    rows = [
        Row(
            link_code(corpus.study, each.code),
            [each.segments],
            kind="theme" if each.is_theme else "code",
        )
        for each in measured
    ]
    if not corpus.codings.size:
        return ledger.show()
    title = translate(
        "Passages of the one discussion in {place} about each topic", place=corpus.name
    )
    about = translate("One discussion: passages are counted, not groups.")
    return ledger.show(
        element("h2", say("What was raised"), id="what-was-raised"),
        table("raised", title, [translate("Topic"), translate("Passages")], rows),
        caption(corpus, ledger, about, "segments"),
    )
