"""What persons added to findings: counter-voices, and judgements of confidence in them.

Codes have no direction, so that no program finds a counter-voice, and none grades a finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import StudyError, closest
from analysis.study.language import to_translate, translate
from analysis.synthesis.claims import SEGMENTS, evidence_of
from analysis.synthesis.listing import link_segment
from analysis.synthesis.markup import Row, date, element, items, join, list_words, say, table, term
from analysis.tables.evidence import COMPONENTS
from analysis.tables.table_files import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content
    from analysis.tables.evidence import AddedEvidence, Assessment, CounterVoice

NOT_SEARCHED = to_translate("not searched")
WITHHELD = to_translate("a passage whose words are withheld")
NOBODY_SEARCHED = to_translate("Counter-voices to single topics were not searched.")
COLUMNS = (
    to_translate("Finding"),
    to_translate("Methodological limitations"),
    to_translate("Coherence"),
    to_translate("Adequacy"),
    to_translate("Relevance"),
    to_translate("Confidence"),
    to_translate("Explanation"),
    to_translate("Assessed by"),
)
LEVELS = {
    "no or very minor": to_translate("no or very minor concerns"),
    "minor": to_translate("minor concerns"),
    "moderate": to_translate("moderate concerns"),
    "serious": to_translate("serious concerns"),
}
CONFIDENCE = {
    "high": to_translate("high confidence"),
    "moderate": to_translate("moderate confidence"),
    "low": to_translate("low confidence"),
    "very low": to_translate("very low confidence"),
}
ABOUT_COMPONENTS = to_translate(
    "The components are those of GRADE-CERQual ({source}). They were made for syntheses of "
    "studies; here a named person applied them to focus groups."
)
SOURCE = "Lewin and others 2018, Implementation Science 13, supplement 1"


def open_added_evidence(corpus: Corpus) -> AddedEvidence:
    """Return what persons added to the findings and topics of a place.

    Raises
    ------
    StudyError
        When a row can't be used, or names a passage that the place doesn't count.
    """
    added = corpus.added_evidence
    offenders = [
        f"{EVIDENCE} row {each.row}: segment {each.segment}{closest(each.segment, corpus.by_id)}"
        for each in added.counter_voices
        if each.segment and each.segment not in corpus.by_id
    ]
    if offenders:
        raise StudyError(
            f"{EVIDENCE} names passages that are not counted in {corpus.name}.",
            offenders=offenders,
            expected="passages of focus groups that are counted there, and were not set aside",
            remedy="name other passages, or remove the rows",
        )
    return added


def show_counter_voices(
    corpus: Corpus, ledger: Ledger, voices: Sequence[CounterVoice], name: str
) -> Content:
    """Return the counter-voices to one finding or topic as links, with who searched.

    The name of the finding or topic is part of the id of the claim.
    """
    if not voices:
        return say(NOT_SEARCHED)
    found = [each.segment for each in voices if each.segment]
    rows = corpus.segments[corpus.segments["segment"].isin(found)]
    number = ledger.number(
        f"counter_voices.{name}",
        translate("Counter-voices in {place} to {about}", place=corpus.name, about=name),
        (len(found), SEGMENTS),
        **evidence_of(rows)._asdict(),
    )
    who = list_words([term(each) for each in dict.fromkeys(voice.analyst for voice in voices)])
    searched = say("{n}, searched by {who}", n=number, who=who)
    links = [
        say(WITHHELD) if corpus.by_id[segment].withheld else link_segment(corpus, segment)
        for segment in found
    ]
    return element("div", searched, items(links))


def show_counter_voices_to_topics(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the counter-voices to themes and codes, or that nobody searched."""
    added, book = open_added_evidence(corpus), corpus.study.codebook
    about = [code for code in book.entries if added.against(code)]
    if not about:
        return [element("p", say(NOBODY_SEARCHED), class_="hint")]
    rows = [
        Row(
            term(book.name(code)),
            [show_counter_voices(corpus, ledger, added.against(code), code)],
        )
        for code in about
    ]
    title = translate("Passages in {place} that speak against a topic", place=corpus.name)
    columns = [translate("Topic"), translate("Counter-voices")]
    return [
        element("h3", say("Counter-voices")),
        table("counter-voices", title, columns, rows, kind="compact"),
    ]


def show_assessments(
    findings: Mapping[str, Markup], assessments: Mapping[str, Assessment]
) -> list[Content]:
    """Return the judgements of confidence in findings that a person made; nothing without any.

    Sentences and judgements are by the ids of findings.
    """
    rows = [
        Row(sentence, _judgement(assessments[name]))
        for name, sentence in findings.items()
        if name in assessments
    ]
    if not rows:
        return []
    title = translate("Confidence in findings, as a person judged it")
    columns = [translate(column) for column in COLUMNS]
    return [
        element("h3", say("Confidence in findings"), id="confidence"),
        table("confidence", title, columns, rows, kind="evidence-rows"),
        element("p", say(ABOUT_COMPONENTS, source=term(SOURCE)), class_="caption"),
    ]


def _judgement(judged: Assessment) -> list[Content]:
    return [
        *(say(LEVELS[judged.concerns[each]]) for each in COMPONENTS),
        say(CONFIDENCE[judged.confidence]),
        term(judged.explanation),
        join([term(judged.analyst), ", ", date(judged.date)]),
    ]
