"""Points of the cells outside the matrix: patterns, recommendations, and what a group set first."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from analysis.synthesis.claims import SEGMENTS, agree
from analysis.synthesis.excerpts import WITHHELD, link_labels, place_in_source, render_words
from analysis.synthesis.framework_matrix import claim_answered, claim_points, claim_themes
from analysis.synthesis.listing import describe_segments_listed, take_fairly
from analysis.synthesis.markup import Row, element, items, join, table, term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus, Segment
    from analysis.synthesis.markup import Content

LABELS_SHOWN = 6
KEY = "recommendations.key"
PATTERNS = "emerging.patterns"
ASKED_CELLS = ("recommendations.continue", "recommendations.stop", "recommendations.start")


def show_points(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return, for patterns and recommendations, who answered and the points under each theme."""
    parts: list[Content] = []
    for cell in (PATTERNS, *ASKED_CELLS):
        parts += [
            element("h3", corpus.study.instrument.question_label(cell)),
            *_show_cell_points(corpus, ledger, cell),
        ]
    return ledger.show(*parts)


def _show_cell_points(corpus: Corpus, ledger: Ledger, cell: str) -> list[Content]:
    answered = claim_answered(corpus, ledger, cell)
    if not answered.numerator:
        return [element("p", answered, " focus groups answered.")]
    points = claim_points(corpus, ledger, cell)
    if corpus.is_single:
        counted = element("p", points, agree(" point", points), ".")
        return [counted, _list_points(corpus, cell)]
    in_all: list[Content] = [points, agree(" point", points), " in all."]
    summary = element("p", answered, " focus groups answered, with ", *in_all)
    rows = [
        Row(term(theme.name), [theme.claim, _list_labels(corpus, theme.segments)])
        for theme in claim_themes(corpus, ledger, cell)
    ]
    caption = corpus.study.instrument.question_text(cell)
    columns = ["Theme", "Focus groups", "Points"]
    by_theme = table(f"points-{cell}", caption, columns, rows, kind="points")
    return [summary, by_theme] if rows else [summary]


def _list_labels(corpus: Corpus, segments: Iterable[str]) -> Markup:
    """List points by their labels; the claim beside them leads to those not listed."""
    links = list(islice(link_labels(corpus, segments), LABELS_SHOWN + 1))
    return items([*links[:LABELS_SHOWN], "and others"] if len(links) > LABELS_SHOWN else links)


def _list_points(corpus: Corpus, cell: str) -> Markup:
    """List the points of the only focus group in its own order, each with its words."""
    points = map(corpus.by_id.__getitem__, corpus.points(cell).segments)
    return items([_show_point(corpus, point) for point in points], name="ol", kind="points")


def _show_point(corpus: Corpus, point: Segment) -> Markup:
    named = term(point.label or place_in_source(corpus, point))
    link = element("strong", element("a", named, href=corpus.address_of(point.segment)))
    return join([link, " ", term(point.text) if point.text else WITHHELD])


def show_key_recommendations(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return what each focus group would have repeated above all else."""
    answered = claim_answered(corpus, ledger, KEY)
    themes = claim_themes(corpus, ledger, KEY)
    by_theme = [join([term(theme.name), " ", theme.claim]) for theme in themes]
    answers = corpus.answers(KEY)
    listed = take_fairly(corpus, answers.segments)
    whole = ledger.number(
        f"segments.{KEY}",
        f"Segments in {corpus.name} that say what is to be repeated above all else",
        (len(answers.segments), SEGMENTS),
        **answers._asdict(),
    )
    counted = [
        element("p", answered, " focus groups named one.", " By theme:" if by_theme else ""),
        items(by_theme, kind="keypoints"),
    ]
    return ledger.show(
        element("h3", corpus.study.instrument.question_label(KEY)),
        *([] if corpus.is_single and answered.value else counted),
        *describe_segments_listed(corpus, ledger, listed, whole),
        *render_words(corpus, listed),
    )
