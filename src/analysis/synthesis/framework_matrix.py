"""The framework matrix: three domains by four questions, with the segments behind each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.synthesis.claims import SEGMENTS, agree
from analysis.synthesis.excerpts import link_labels
from analysis.synthesis.markup import Row, element, items, join, table, term

if TYPE_CHECKING:
    from analysis.synthesis.claims import Claim, Evidence, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

THEMES_IN_CELL = 3
POINTS = "points"


class ThemeOfCell(NamedTuple):
    """A theme raised in a cell.

    Parameters
    ----------
    name : str
        Its name.
    claim : Claim
        The focus groups that raised it there, of those that answered.
    segments : list of str
        Its segments there.
    """

    name: str
    claim: Claim
    segments: list[str]


def claim_answered(corpus: Corpus, ledger: Ledger, cell: str) -> Claim:
    """Return the claim of how many focus groups answered a cell.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        Where the claim is made.
    cell : str
        ``section.question``.
    """
    evidence = corpus.answers(cell)
    return ledger.count(
        f"answered.{cell}",
        f"Focus groups in {corpus.name} that answered: {describe_cell(corpus, cell)}",
        evidence.focus_groups,
        of=corpus.groups,
        segments=evidence.segments,
    )


def claim_points(corpus: Corpus, ledger: Ledger, cell: str) -> Claim:
    """Return the claim of how many points a cell holds; a point with sub-points counts once."""
    points = corpus.points(cell)
    return ledger.number(
        f"points.{cell}",
        f"Points made in {corpus.name} under: {describe_cell(corpus, cell)}",
        (len(points.segments), POINTS),
        **points._asdict(),
    )


def claim_themes(corpus: Corpus, ledger: Ledger, cell: str) -> list[ThemeOfCell]:
    """Return the themes raised in a cell, with the focus groups that raised them there.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        Where the claims are made.
    cell : str
        ``section.question``.

    Returns
    -------
    list of ThemeOfCell
        By falling count, then by name; the denominator is the focus groups that answered the cell.
    """
    raised = [
        _claim_theme(corpus, ledger, cell, theme, evidence)
        for theme, evidence in corpus.themes_in(cell).items()
    ]
    return sorted(raised, key=lambda theme: (-(theme.claim.numerator or 0), theme.name))


def _claim_theme(
    corpus: Corpus, ledger: Ledger, cell: str, theme: str, evidence: Evidence
) -> ThemeOfCell:
    name = corpus.study.codebook.name(theme)
    claim = ledger.count(
        f"cell.{cell}.{theme}",
        f"Focus groups in {corpus.name} that raised {name} under: {describe_cell(corpus, cell)}",
        evidence.focus_groups,
        of=corpus.answered(cell),
        segments=evidence.segments,
    )
    return ThemeOfCell(name, claim, evidence.segments)


def describe_cell(corpus: Corpus, cell: str) -> str:
    """Return a cell in words: its section and its question."""
    section = cell.split(".", maxsplit=1)[0]
    return (
        f"{corpus.study.instrument.title(section)}, {corpus.study.instrument.question_text(cell)}"
    )


def show_framework_matrix(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the matrix: for each cell who answered, how many points, and the top themes."""
    instrument = corpus.study.instrument
    questions = instrument.domain_questions
    first = instrument.domains[0]
    columns = ["Domain", *(instrument.question_text(f"{first}.{q}") for q in questions)]
    rows = [
        Row(
            instrument.title(domain),
            [_show_cell(corpus, ledger, f"{domain}.{question}") for question in questions],
        )
        for domain in instrument.domains
    ]
    caption = f"What was said in {corpus.name}, by domain and question"
    return ledger.show(table("matrix", caption, columns, rows, kind="matrix"))


def _show_cell(corpus: Corpus, ledger: Ledger, cell: str) -> Content:
    answered = claim_answered(corpus, ledger, cell)
    if not answered.numerator:
        return join([element("p", answered, " answered")])
    points = claim_points(corpus, ledger, cell)
    counted: list[Content] = [points, agree(" point", points)]
    if corpus.is_single:
        links = link_labels(corpus, corpus.points(cell).segments)
        return join([element("p", *counted), items(links)])
    themes = claim_themes(corpus, ledger, cell)[:THEMES_IN_CELL]
    listed = [join([term(theme.name), " ", theme.claim]) for theme in themes]
    return join([element("p", answered, " answered, ", *counted), items(listed)])


def claim_segments(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many segments the report rests on."""
    return ledger.number(
        "segments",
        f"Segments of the focus groups counted in {corpus.name}",
        (len(corpus.segments), SEGMENTS),
        focus_groups=corpus.groups,
        segments=corpus.segments["segment"],
    )
