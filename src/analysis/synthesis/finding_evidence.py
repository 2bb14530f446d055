"""The evidence behind each finding: described, and never graded.

It is not a GRADE-CERQual assessment: those judgements need a person who makes them.
"""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING

from analysis.study.language import to_translate, translate
from analysis.synthesis.added_evidence import (
    open_added_evidence,
    show_assessments,
    show_counter_voices,
)
from analysis.synthesis.captions import caption
from analysis.synthesis.claims import SEGMENTS, Evidence
from analysis.synthesis.excerpts import describe_group, place_in_source
from analysis.synthesis.findings import fill_sentence, groups_of, name_of_question, passages_of
from analysis.synthesis.markup import Row, element, items, join, say, say_number, table, term
from analysis.synthesis.who_was_heard import countries_of
from analysis.tables.findings import ANY_QUESTION
from analysis.tables.participants import kinds_of, report_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.findings import Chosen
    from analysis.synthesis.markup import Content
    from analysis.tables.evidence import AddedEvidence
    from analysis.tables.findings import Finding

COUNTRIES = to_translate("Countries")
COLUMNS = (
    to_translate("Finding"),
    to_translate("Focus groups"),
    COUNTRIES,
    to_translate("Kinds of participants"),
    to_translate("Questions"),
    to_translate("Passages"),
    to_translate("Words in a passage"),
    to_translate("Coded twice"),
    to_translate("Counter-voices"),
    to_translate("Data warnings"),
)
# A recount is one printed page: so many rows, and so many passages in a row where groups are few.
MOST_ROWS = 45
MOST_LINKED = 3
LABELS = {
    "countries": to_translate("Countries behind {finding}"),
    "kinds": to_translate("Kinds of participants behind {finding}"),
    "questions": to_translate("Questions behind {finding}"),
    "passages": to_translate("Passages behind {finding}"),
    "words": to_translate("Median words of the passages behind {finding}"),
}
RECOUNT = to_translate("Recount by hand")
HOW_COUNTED = to_translate(
    "\u201cWords in a passage\u201d is the median of the passages that may be shown."
)
NOT_JUDGED = to_translate(
    "This describes what each finding rests on. It is not a GRADE-CERQual assessment: nobody "
    "judged confidence in these findings."
)
JUDGED = to_translate(
    "This describes what each finding rests on. Confidence in findings is a judgement; the table "
    "below has those that a named person made."
)


def show_finding_evidence(corpus: Corpus, ledger: Ledger, chosen: Sequence[Chosen]) -> Fragment:
    """Return what each finding rests on, and how to recount it by hand."""
    if not chosen:
        return ledger.show()
    added = open_added_evidence(corpus)
    rows = [_describe(corpus, ledger, each.finding, added) for each in chosen]
    recounts = [_recount(corpus, ledger, each.finding) for each in chosen]
    sentences = {e.finding.id: fill_sentence(corpus, ledger, e.finding) for e in chosen}
    assessed = show_assessments(sentences, added.assessments)
    about = say(JUDGED if assessed else NOT_JUDGED)
    title = translate("What each finding on {place} rests on", place=corpus.name)
    named = (each for each in COLUMNS if each != COUNTRIES or corpus.study.has_countries)
    columns = [translate(column) for column in named]
    return ledger.show(
        element("h2", say("Evidence behind each finding"), id="evidence-behind-findings"),
        element("p", about, class_="hint"),
        table("finding-evidence", title, columns, rows, kind="evidence-rows"),
        caption(corpus, ledger, translate(HOW_COUNTED), "finding"),
        *assessed,
        *_place_recounts(corpus, recounts),
    )


def _place_recounts(corpus: Corpus, recounts: Sequence[Markup]) -> list[Content]:
    """Return the recounts, or in a build the link to the page that they are written to."""
    build = corpus.build
    if build is None:
        return [element("h3", say(RECOUNT)), *recounts]
    title = element("h2", say(RECOUNT))
    body = element("div", *recounts, class_="recounts")
    build.write_page(corpus.place, "recount", f"{title}\n{body}\n")
    link = element("a", say(RECOUNT), href=f"{corpus.place}.recount.html")
    note = say("{recount}: each finding on one page, group by group.", recount=link)
    return [element("p", note, class_="hint")]


def _describe(corpus: Corpus, ledger: Ledger, finding: Finding, added: AddedEvidence) -> Row:
    """Return the row of a finding."""
    segments = passages_of(corpus, finding)
    rows = corpus.segments[corpus.segments["segment"].isin(segments)]
    groups = corpus.focus_groups[corpus.focus_groups["focus_group"].isin(rows["focus_group"])]
    evidence = Evidence(sorted(groups["focus_group"]), segments)
    about = translate("finding {id} on {place}", id=finding.id, place=corpus.name)
    name = f"finding.{finding.id}"
    label = translate("Focus groups behind {finding}", finding=about)
    asked = _who_answered(corpus, finding)
    heard = ledger.count(
        f"{name}.groups", label, groups["focus_group"], of=asked, segments=segments
    )

    def number(kind: str, value: float | None, unit: str) -> Claim:
        label = translate(LABELS[kind], finding=about)
        return ledger.number(f"{name}.{kind}", label, (value, unit), **evidence._asdict())

    places = corpus.study.places
    countries = [len(countries_of(groups, places))] if corpus.study.has_countries else []
    kinds = kinds_of(groups[report_kinds(groups)]) if len(groups) else []
    questions = {cell.rpartition(".")[2] for cell in rows["cell"].astype("str")}
    lengths = [words for words in rows["words"].tolist() if words]
    cells: list[Content] = [
        heard,
        *(number("countries", count, "countries") for count in countries),
        number("kinds", len(kinds), "kinds"),
        number("questions", len(questions), "questions"),
        number("passages", len(segments), SEGMENTS),
        number("words", median_low(lengths) if lengths else None, "words"),
        _coded_twice(corpus, ledger, finding, segments),
        show_counter_voices(corpus, ledger, added.against(finding.id), finding.id),
        say("yes \u2020") if heard.caveats else say("none"),
    ]
    question = element("span", name_of_question(corpus, finding.question), class_="kicker")
    header = [question, fill_sentence(corpus, ledger, finding)]
    return Row(element("span", *header, id=f"evidence-of-{finding.id}"), cells)


def _who_answered(corpus: Corpus, finding: Finding) -> frozenset[str]:
    """Return the denominator of a finding: who answered its question, or has a coded passage."""
    cells = corpus.study.instrument.cells
    if finding.question == ANY_QUESTION:
        asked = corpus.coded_groups
    elif finding.question in corpus.study.instrument.domain_questions:
        asked = frozenset(corpus.asked(finding.question).focus_groups)
    else:
        asked = next(corpus.answered(c) for c in cells if c.endswith(f".{finding.question}"))
    return asked & groups_of(corpus, finding)


def _coded_twice(
    corpus: Corpus, ledger: Ledger, finding: Finding, segments: Sequence[str]
) -> Markup:
    """Return how many of the passages of a finding several coders looked at."""
    codings = corpus.codings[corpus.codings["segment"].isin(segments)]
    twice = codings[codings["of_coders"] > 1]
    names = [segment for segment in segments if segment in set(twice["segment"])]
    claim = ledger.number(
        f"finding.{finding.id}.coded_twice",
        translate(
            "Passages behind finding {id} on {place} that several coders coded",
            id=finding.id,
            place=corpus.name,
        ),
        (len(names), SEGMENTS),
        focus_groups=twice["focus_group"].astype("str"),
        segments=names,
    )
    return say("{n} of {all}", n=claim, all=ledger[f"finding.{finding.id}.passages"])


def _recount(corpus: Corpus, ledger: Ledger, finding: Finding) -> Markup:
    """Return a page for a recount by hand: which groups did, and in which passages."""
    by_group: dict[str, list[str]] = {}
    for segment in passages_of(corpus, finding):
        by_group.setdefault(corpus.by_id[segment].focus_group, []).append(segment)
    asked = sorted(_who_answered(corpus, finding))
    listed = asked[:: -(-len(asked) // MOST_ROWS) or 1]
    linked = max(1, min(MOST_LINKED, MOST_ROWS // max(len(listed), 1)))
    rows = [_recount_row(corpus, group, by_group.get(group, []), linked) for group in listed]
    title = fill_sentence(corpus, ledger, finding)
    groups = ledger[f"finding.{finding.id}.groups"]
    counted = say_number(
        "{id}: raised by {groups} focus group",
        "{id}: raised by {groups} focus groups",
        groups.denominator,
        id=element("code", finding.id),
        groups=groups,
    )
    columns = [translate("Focus group"), translate("Raised it"), translate("Passages")]
    return element(
        "section",
        element("h3", title),
        table(f"recount-{finding.id}", counted, columns, rows),
        element("p", say("The evidence.json of the report lists the other groups."))
        if len(listed) < len(asked)
        else "",
        class_="recount",
    )


def _recount_row(corpus: Corpus, group: str, segments: Sequence[str], most: int) -> Row:
    links: list[Content] = [
        element(
            "a",
            term(place_in_source(corpus, corpus.by_id[segment])),
            href=corpus.address_of(segment),
        )
        for segment in segments[:most]
    ]
    if len(segments) > most:
        links[-1] = join([links[-1], " ", say("and others")])
    raised = say("yes") if segments else say("no")
    header = join([describe_group(corpus, group), " ", element("code", group)])
    return Row(header, [raised, items(links, kind="inline")])
