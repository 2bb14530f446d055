"""Excerpts: the segments that a report shows, chosen by a stated rule and not by taste."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from analysis.synthesis.claims import agree
from analysis.synthesis.markup import date, element, join, term
from analysis.tables.focus_groups import split_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content
    from analysis.synthesis.prevalence import Prevalence
    from analysis.synthesis.told_segments import ToldSegment
    from analysis.tables.numbering import IntArray

WITHHELD = "Counted, and not shown: consent is for counts only."
# Links are made as they are asked for, and not for all segments where a table shows a few.
AT_ONCE = 64
KIND_MARKS = {"restated": "restated in our words", "synthetic": "synthetic"}


def choose_excerpts(corpus: Corpus, theme: str, most: int) -> list[int]:
    """Return the segments that stand for a theme.

    The rule: one segment a focus group before any second one; of those, one a code before any
    second one; among equals the segment that most coders agreed on, then the one that bears the
    fewest codes (it speaks of the theme and little else), then the first in the template's order.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    theme : str
        The theme.
    most : int
        At most so many.

    Returns
    -------
    list of int
        The rows of segments whose text may be shown, in the order chosen.
    """
    rows, coded = corpus.rows, corpus.rows.coded
    told = coded.on(theme)
    told = told[rows.has_text[coded.row[told]]]
    row = coded.row[told]
    ranked = told[np.lexsort((coded.code[told], row, rows.codes_borne[row], -coded.coders[told]))]
    # A segment with two codes of the theme is one excerpt, by the code that comes first.
    _, first = np.unique(coded.row[ranked], return_index=True)
    ranked = ranked[np.sort(first)]
    return _spread(coded.row[ranked], rows.group[coded.row[ranked]], coded.code[ranked], most)


def _spread(row: IntArray, group: IntArray, code: IntArray, most: int) -> list[int]:
    """Take rows one by one, so that focus groups, and then codes, repeat only when they must."""
    taken: list[int] = []
    of_group, of_code = np.zeros((2, len(row)), dtype=np.int64)
    left = np.ones(len(row), dtype=bool)
    while left.any() and len(taken) < most:
        repeats = of_group * (len(row) + 1) + of_code
        at = int(np.argmin(np.where(left, repeats, np.iinfo(np.int64).max)))
        taken.append(int(row[at]))
        left[at] = False
        of_group += group == group[at]
        of_code += code == code[at]
    return taken


def show_excerpts(
    corpus: Corpus, ledger: Ledger, measured: Iterable[Prevalence], most: int
) -> Fragment:
    """Return, for each theme raised, its count and the excerpts that stand for it.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of the report.
    measured : iterable of Prevalence
        Themes and codes.
    most : int
        At most so many excerpts a theme.
    """
    parts: list[Content] = []
    for theme in measured:
        if not theme.is_theme or not theme.claim.numerator:
            continue
        chosen = choose_excerpts(corpus, theme.code, most)
        parts += [
            element("h3", term(theme.name)),
            element("p", *_how_often(corpus, theme)),
            render_excerpts(corpus, chosen),
        ]
    return ledger.show(*parts)


def _how_often(corpus: Corpus, theme: Prevalence) -> list[Content]:
    in_segments = (theme.segments, agree(" segment", theme.segments))
    if corpus.is_single:
        return ["Borne by ", *in_segments, "."]
    return ["Raised in ", theme.claim, " focus groups, in ", *in_segments, "."]


def render_excerpts(corpus: Corpus, rows: IntArray | list[int]) -> Markup:
    """Return segments as excerpts, each with its focus group and its place in its source.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    rows : array of int
        The rows of segments with text; where there are none, nothing is returned.
    """
    excerpts = [render_excerpt(corpus, told) for told in corpus.tell(np.asarray(rows, np.int64))]
    return element("div", *excerpts, class_="excerpts") if excerpts else Markup()


def render_excerpt(corpus: Corpus, told: ToldSegment) -> Markup:
    """Return one segment as an excerpt.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    told : ToldSegment
        One of its segments.
    """
    mark = KIND_MARKS.get(told.text_kind, "")
    return element(
        "figure",
        element(
            "blockquote",
            element("p", told.text),
            **({} if told.language == "en" else {"lang": told.language}),
        ),
        element(
            "figcaption",
            describe_group(corpus, told.focus_group),
            " · ",
            element("a", term(place_in_source(corpus, told)), href=segment_address(corpus, told)),
            *([" ", element("span", mark, class_=told.text_kind)] if mark else []),
        ),
        class_="excerpt",
    )


def name_group(group: Mapping[Any, Any]) -> str:
    """Return what a focus group is called: its title or theme, or its id where none may be told."""
    return str(group["title"] or group["theme"] or group["focus_group"])


def describe_group(corpus: Corpus, focus_group: str) -> Markup:
    """Return a focus group in words: where and when it met."""
    _, held_at, held_on = corpus.meetings[focus_group]
    places = [corpus.study.places.name(place) for place in split_values(held_at)]
    return join([term(", ".join(places)), ", ", date(held_on)])


def place_in_source(corpus: Corpus, told: ToldSegment) -> str:
    """Return where a segment stands in its submission: section, question and position."""
    section, question = told.cell.split(".")
    return f"{corpus.study.instrument.title(section)}, {question} {told.position}"


def link_labels(corpus: Corpus, rows: IntArray) -> Iterator[Markup]:
    """Yield a link to each segment by its label, or by its place in its source where it has none.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    rows : array of int
        The rows of segments; of those with the same label the first is linked, and those whose
        consent is for counts only are left out.
    """
    starts = range(0, len(rows), AT_ONCE)
    return link_told(corpus, (t for at in starts for t in corpus.tell(rows[at : at + AT_ONCE])))


def link_told(corpus: Corpus, segments: Iterable[ToldSegment]) -> Iterator[Markup]:
    """Yield the same links for segments at hand."""
    linked: set[str] = set()
    for told in segments:
        if not told.withheld and told.label not in linked:
            linked.update([told.label] if told.label else [])
            named = term(told.label or place_in_source(corpus, told))
            yield element("a", named, href=segment_address(corpus, told))


def segment_address(corpus: Corpus, told: ToldSegment) -> str:
    """Return the address of a segment: on this page, or on the one that shows it."""
    here = told.shown_in == corpus.place or (told.withheld and corpus.names_withheld)
    return f"{'' if here else f'{told.shown_in}.html'}#segment-{told.segment}"
