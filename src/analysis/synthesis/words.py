"""The words of a report: every segment that it holds, with its codes, by focus group."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup, escape

from analysis.synthesis.coded_rows import NONE
from analysis.synthesis.excerpts import WITHHELD, describe_group, place_in_source
from analysis.synthesis.markup import element, items, join, term
from analysis.synthesis.told_segments import tell_segments
from analysis.synthesis.words_pages import number_of_page, place_of_page
from analysis.tables.numbering import number_values, split_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.told_segments import ToldSegment
    from analysis.tables.numbering import IntArray

_of_group = attrgetter("focus_group")


def show_words(corpus: Corpus, rows: IntArray) -> Markup:
    """Return segments by focus group, each with its words, its place in its source and its codes.

    Where consent is for counts only, neither words nor codes are there.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    rows : array of int
        The rows of segments.
    """
    return _show_groups(corpus, corpus.tell(rows), _codes_on(corpus, rows))


def show_context_words(corpus: Corpus) -> Markup:
    """Return likewise the segments of context, on which no code counts."""
    rows = np.arange(len(corpus.context_segments))
    return _show_groups(corpus, tell_segments(corpus.context_segments, rows), {})


def write_words(corpus: Corpus, folder: Path) -> list[Markup]:
    """Write the segments shown in a report to further pages, and return what leads there.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    folder : Path
        The folder of the pages: ``001.html``, each an HTML fragment of whole focus groups.
    """
    folder.mkdir(parents=True, exist_ok=True)
    links = []
    for page, rows, context_rows in _rows_by_page(corpus):
        told = [*corpus.tell(rows), *tell_segments(corpus.context_segments, context_rows)]
        groups = sorted({segment.focus_group for segment in told})
        named = join([element("code", groups[0]), " to ", element("code", groups[-1])])
        title = element("h2", "Segments of the focus groups ", named)
        words = _show_groups(corpus, told, _codes_on(corpus, rows), level=3)
        path = folder / f"{number_of_page(page):03}.html"
        path.write_text(f"{title}\n{words}\n", encoding="utf-8")
        links.append(element("a", named, href=f"{page}.html"))
    return [element("p", "They stand on further pages, by focus group:"), items(links)]


def _rows_by_page(corpus: Corpus) -> Iterator[tuple[str, IntArray, IntArray]]:
    """Yield each further page with its rows among the segments counted, and among the context."""
    counted, context = (
        dict(zip(pages, split_rows(page, len(pages)), strict=True))
        for page, pages in (
            number_values(table["shown_in"]) for table in (corpus.segments, corpus.context_segments)
        )
    )
    own = {page for page in (*counted, *context) if place_of_page(page) == corpus.place}
    for page in sorted(own, key=number_of_page):
        yield page, counted.get(page, NONE), context.get(page, NONE)


def _codes_on(corpus: Corpus, rows: IntArray) -> dict[str, Markup]:
    """Return the names of the codes on each of some segments."""
    name = corpus.study.codebook.name
    told = cache(lambda codes: join(sorted(map(name, codes)), ", "))
    on_each = corpus.rows.coded.on_each(rows)
    segments = corpus.rows.bearing(rows).segments
    return {segment: told(codes) for segment, codes in zip(segments, on_each, strict=True) if codes}


def _show_groups(
    corpus: Corpus,
    segments: Sequence[ToldSegment],
    codes: Mapping[str, Markup],
    *,
    level: int = 4,
) -> Markup:
    parts: list[Markup] = []
    for group, told in groupby(sorted(segments, key=_of_group), key=_of_group):
        listed = join([_show_segment(corpus, each, codes.get(each.segment)) for each in told])
        parts += [
            element(f"h{level}", term(corpus.meetings[group][0] or group)),
            element("p", describe_group(corpus, group), " · ", element("code", group)),
            element("ol", listed, class_="segments"),
        ]
    return join(parts)


def _show_segment(corpus: Corpus, told: ToldSegment, codes: Markup | None) -> Markup:
    words, place = escape(told.text or WITHHELD), escape(place_in_source(corpus, told))
    source = f"{place} · {codes}" if codes and not told.withheld else place
    return Markup(  # noqa: S704 (each part is escaped)
        f'<li id="segment-{escape(told.segment)}"><p>{words}</p><p class="source">{source}</p></li>'
    )
