"""Prevalence: in how many focus groups a theme or a code occurs, of those that answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.study.language import to_translate, translate
from analysis.synthesis.captions import caption, claim_coded
from analysis.synthesis.claims import SEGMENTS
from analysis.synthesis.heat_table import HOW_TO_READ, Column, HeatRow, heat_table
from analysis.synthesis.markup import Row, element, say, say_number, table
from analysis.synthesis.named_codes import link_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus


ANYWHERE = to_translate("\u201cAnywhere\u201d is the whole submission.")


@dataclass(frozen=True)
class Prevalence:
    """The prevalence of one theme or code at a place.

    Parameters
    ----------
    code : str
        The theme or code.
    name : str
        Its name.
    is_theme : bool
        Whether it is a theme.
    claim : Claim
        Focus groups in which it occurs, of those with a coded segment.
    segments : Claim
        Segments on which it counts.
    """

    code: str
    name: str
    is_theme: bool
    claim: Claim
    segments: Claim


def measure_prevalence(corpus: Corpus, ledger: Ledger) -> list[Prevalence]:
    """Return the prevalence of each theme, each followed by that of its codes.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        Where the claims are made.

    Returns
    -------
    list of Prevalence
        Themes by falling prevalence, then by name, and codes within a theme likewise. Codes that
        occur nowhere are listed too: that something was not said is a result.
    """
    book = corpus.study.codebook
    themes = [_measure(corpus, ledger, theme, "theme") for theme in book.themes]
    return [
        prevalence
        for theme in sorted(themes, key=_by_prevalence)
        for prevalence in [theme, *_measure_codes(corpus, ledger, theme.code)]
    ]


def _measure_codes(corpus: Corpus, ledger: Ledger, theme: str) -> list[Prevalence]:
    codes = corpus.study.codebook.codes_of(theme)
    return sorted((_measure(corpus, ledger, code, "code") for code in codes), key=_by_prevalence)


def _by_prevalence(prevalence: Prevalence) -> tuple[int, str]:
    return (-(prevalence.claim.numerator or 0), prevalence.name)


def _measure(corpus: Corpus, ledger: Ledger, code: str, column: str) -> Prevalence:
    name = corpus.study.codebook.name(code)
    evidence = corpus.raised(code)
    return Prevalence(
        code=code,
        name=name,
        is_theme=column == "theme",
        claim=ledger.count(
            f"prevalence.{code}",
            translate("Focus groups in {place} that raised {topic}", place=corpus.name, topic=name),
            evidence.focus_groups,
            of=corpus.coded_groups,
            segments=evidence.segments,
        ),
        segments=ledger.number(
            f"segments.{code}",
            translate("Passages in {place} about {topic}", place=corpus.name, topic=name),
            (len(evidence.segments), SEGMENTS),
            **evidence._asdict(),
        ),
    )


def claim_under(corpus: Corpus, ledger: Ledger, code: str, question: str) -> Claim:
    """Return the claim of how many focus groups raised a theme or code under a question.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        Where the claim is made.
    code : str
        A theme or a code.
    question : str
        A question of the domains; the denominator is who answered it in any of them.
    """
    evidence, name = corpus.raised_under(code, question), corpus.study.codebook.name(code)
    return ledger.count(
        f"prevalence.{code}.{question}",
        translate(
            "Focus groups in {place} that raised {topic} under: {question}",
            place=corpus.name,
            topic=name,
            question=name_question(corpus, question),
        ),
        evidence.focus_groups,
        of=corpus.asked(question).focus_groups,
        segments=evidence.segments,
    )


def claim_asked(corpus: Corpus, ledger: Ledger, question: str) -> Claim:
    """Return the claim of how many focus groups answered a question, in any domain."""
    evidence = corpus.asked(question)
    return ledger.count(
        f"asked.{question}",
        translate(
            "Focus groups in {place} that answered: {question}",
            place=corpus.name,
            question=name_question(corpus, question),
        ),
        evidence.focus_groups,
        of=corpus.groups,
        segments=evidence.segments,
    )


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
        Column(say("Anywhere"), _size_of_all(corpus, ledger)),
    ]
    rows = [
        HeatRow(
            link_code(corpus.study, each.code),
            [*(claim_under(corpus, ledger, each.code, q) for q in questions), each.claim],
            each.is_theme,
        )
        for each in measured
    ]
    title = translate(
        "Focus groups in {place} that raised each topic, by question", place=corpus.name
    )
    about = f"{translate(HOW_TO_READ)} {translate(ANYWHERE)}"
    return ledger.show(
        element("h2", say("What was raised, question by question"), id="what-was-raised"),
        heat_table("raised", title, columns, rows),
        caption(corpus, ledger, about, "prevalence"),
    )


def _size_of_all(corpus: Corpus, ledger: Ledger) -> Markup:
    coded = claim_coded(corpus, ledger)
    return say_number("{n} group", "{n} groups", coded.numerator, n=coded.counted)


def _size(corpus: Corpus, ledger: Ledger, question: str) -> Markup:
    asked = claim_asked(corpus, ledger, question)
    passages = claim_passages(corpus, ledger, question)
    return say_number(
        "{n} group, {passages} passages",
        "{n} groups, {passages} passages",
        asked.numerator,
        n=asked.counted,
        passages=passages,
    )


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
