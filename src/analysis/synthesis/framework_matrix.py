"""The framework matrix: three domains by four questions, and who answered what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import translate
from analysis.synthesis.captions import caption
from analysis.synthesis.links import link_code
from analysis.synthesis.listing import link_labels, link_segment
from analysis.synthesis.markup import Row, element, items, join, say, say_number, table
from analysis.synthesis.prevalence import count_answered, count_raised, name_question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.synthesis.claims import Claim, Evidence, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

TOPICS_IN_CELL = 3
POINTS = "points"


class Raised(NamedTuple):
    """A theme or a code raised in a cell: by how many focus groups, and in which segments."""

    code: str
    claim: Claim
    segments: list[str]


def claim_answered(corpus: Corpus, ledger: Ledger, cell: str) -> Claim:
    """Return the claim of how many focus groups answered a cell, ``section.question``."""
    about, found = describe_cell(corpus, cell), corpus.answers(cell)
    return count_answered(corpus, ledger, f"answered.{cell}", about, found)


def claim_points(corpus: Corpus, ledger: Ledger, cell: str) -> Claim:
    """Return the claim of how many points a cell holds; a point with sub-points counts once."""
    points = corpus.points(cell)
    return ledger.number(
        f"points.{cell}",
        translate(
            "Points made in {place} under: {question}",
            place=corpus.name,
            question=describe_cell(corpus, cell),
        ),
        (len(points.segments), POINTS),
        **points._asdict(),
    )


def claim_themes(corpus: Corpus, ledger: Ledger, cell: str) -> list[Raised]:
    """Return the themes raised in a cell, those that most focus groups raised there first."""
    return _claim_raised(corpus, ledger, cell, corpus.themes_in(cell))


def claim_codes(corpus: Corpus, ledger: Ledger, cell: str) -> list[Raised]:
    """Return the codes raised in a cell, likewise."""
    return _claim_raised(corpus, ledger, cell, corpus.codes_in(cell))


def _claim_raised(
    corpus: Corpus, ledger: Ledger, cell: str, raised: Mapping[str, Evidence]
) -> list[Raised]:
    book, question = corpus.study.codebook, describe_cell(corpus, cell)
    found = []
    for code, evidence in raised.items():
        about = (corpus.name, book.name(code), question)
        of = corpus.answered(cell)
        claim = count_raised(ledger, f"cell.{cell}.{code}", about, evidence, of=of)
        found.append(Raised(code, claim, evidence.segments))
    # The name in the codebook decides ties, so that each language shows the same topics.
    names = {code: entry.name for code, entry in book.entries.items()}
    return sorted(found, key=lambda each: (-(each.claim.numerator or 0), names[each.code]))


def describe_cell(corpus: Corpus, cell: str) -> str:
    """Return a cell in words: its section and its question."""
    template = corpus.study.instrument
    section = cell.split(".", maxsplit=1)[0]
    title, question = template.title(section), template.question_text(cell)
    return title if question == title else f"{title}, {question}"


def name_cell(corpus: Corpus, cell: str) -> str:
    """Return a cell in few words: its section and the name of its question."""
    template = corpus.study.instrument
    title = template.title(cell.partition(".")[0])
    label = template.question_label(cell).lower()
    return title if template.question_text(cell) == title else f"{title}, {label}"


def show_framework_matrix(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the template's own matrix: three domains by four questions.

    Each cell has the three topics that most focus groups raised there, each with one point; of one
    focus group it has its points by their labels.
    """
    template = corpus.study.instrument
    questions = template.domain_questions
    cells = [f"{domain}.{question}" for domain in template.domains for question in questions]
    if not any(corpus.answers(cell).segments for cell in cells):
        return ledger.show()
    columns = [translate("Domain"), *(name_question(corpus, each) for each in questions)]
    rows = [
        Row(
            template.title(domain),
            [_show_cell(corpus, ledger, f"{domain}.{question}") for question in questions],
        )
        for domain in template.domains
    ]
    title = translate("What was said in {place}, by domain and question", place=corpus.name)
    about = (
        translate("The points of the one discussion.")
        if corpus.is_single
        else translate(
            "The three topics that most focus groups raised in each answer, with one point each."
        )
    )
    return ledger.show(
        element("h2", say("Three domains, four questions"), id="domains"),
        table("matrix", title, columns, rows, kind="matrix"),
        caption(corpus, ledger, about, "cell"),
    )


def _show_cell(corpus: Corpus, ledger: Ledger, cell: str) -> Content:
    answered = claim_answered(corpus, ledger, cell)
    if corpus.is_single:
        return items(link_labels(corpus, corpus.answers(cell).segments), kind="labels")
    if not answered.numerator:
        return element("p", say("{groups} groups answered", groups=answered))
    quoted: set[str] = set()
    lines = []
    for raised in claim_codes(corpus, ledger, cell)[:TOPICS_IN_CELL]:
        point = _choose_point(corpus, raised, quoted)
        topic = join([link_code(corpus.study, raised.code), raised.claim], " ")
        lines.append(join([topic, point], " ") if point else topic)
    points = claim_points(corpus, ledger, cell)
    size = say_number(
        "{groups} groups answered, with {n} point",
        "{groups} groups answered, with {n} points",
        points.value,
        groups=answered,
        n=points,
    )
    return join([element("p", size), items(lines)])


def _choose_point(corpus: Corpus, raised: Raised, quoted: set[str]) -> Content:
    """Return one point that raised a topic, of a focus group that the cell doesn't name yet."""
    shown = [corpus.by_id[segment] for segment in raised.segments]
    shown = [each for each in shown if not each.withheld]
    if not shown:
        return ""
    point = min(shown, key=lambda each: each.focus_group in quoted)
    quoted.add(point.focus_group)
    return element("span", link_segment(corpus, point.segment), class_="example")
