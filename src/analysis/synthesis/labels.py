"""Labels: passages named in a few words, as lists of a report show them, each a link."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from analysis.synthesis.excerpts import (
    WITHOUT_WORDS,
    place_in_source,
    render_excerpts,
    why_no_words,
)
from analysis.synthesis.markup import element, items, say, term, written_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markupsafe import Markup

    from analysis.synthesis.corpus import Corpus, Segment
    from analysis.synthesis.markup import Content

WORDS_OF_A_NAME = 9


def name_segment(corpus: Corpus, segment: Segment) -> str:
    """Return a passage in a few words: its label, its first words, or its place in its source."""
    words = segment.text.split()
    if segment.label or not words:
        return segment.label or place_in_source(corpus, segment)
    cut = " …" if len(words) > WORDS_OF_A_NAME else ""
    return " ".join(words[:WORDS_OF_A_NAME]) + cut


def link_segment(corpus: Corpus, segment: str) -> Markup:
    """Return a link to a passage by its name; a sub-point is named with the point above it."""
    link = link_by_name(corpus, segment)
    head = corpus.headings.get(segment)
    if head is None:
        return link
    point = term(name_segment(corpus, corpus.by_id[head]))
    return say("{point}: {subpoint}", point=point, subpoint=link)


def link_by_name(corpus: Corpus, segment: str) -> Markup:
    """Return a link to a passage by its own name alone, in its language."""
    found = corpus.by_id[segment]
    language = written_in(found.language) if found.label or found.text else {}
    name = term(name_segment(corpus, found))
    return element("a", name, href=corpus.address_of(segment), **language)


def fold_label(label: str) -> str:
    """Return a label without differences of case, punctuation and space.

    Examples
    --------
    >>> fold_label("Stop  police RAIDS!") == fold_label("stop police raids")
    True
    """
    return " ".join(re.findall(r"\w+", label.casefold()))


def link_labels(corpus: Corpus, segments: Iterable[str]) -> Iterator[Markup]:
    """Yield a link to each passage by its name; of those of the same label the first is linked.

    Those whose consent is for counts only are left out.
    """
    linked: set[str] = set()
    for segment in map(corpus.by_id.__getitem__, segments):
        label = fold_label(segment.label)
        if why_no_words(segment) or label in linked:
            continue
        linked.update([label] if label else [])
        yield link_segment(corpus, segment.segment)


def render_words(corpus: Corpus, segments: Iterable[str]) -> list[Content]:
    """Return passages in their words, and links to those whose words another report shows."""
    found = [corpus.by_id[segment] for segment in segments]
    elsewhere = [each.segment for each in found if not each.text]
    is_counted = any(why_no_words(each) == WITHOUT_WORDS for each in found)
    return [
        render_excerpts(corpus, [each.segment for each in found if each.text]),
        items(link_labels(corpus, elsewhere)),
        *([element("p", say(WITHOUT_WORDS))] if is_counted else []),
    ]


def subpoints_of(corpus: Corpus) -> dict[str, list[str]]:
    """Return the sub-points of each point that heads some."""
    heads: dict[str, list[str]] = defaultdict(list)
    for subpoint, point in corpus.headings.items():
        heads[point].append(subpoint)
    return heads


def by_label(corpus: Corpus, segments: Sequence[str]) -> list[list[str]]:
    """Return passages that may be shown, those of one label together.

    Labels are equal after folding case and punctuation. A passage without a label is alone. Those
    of the most focus groups come first, then they are in the order of their labels.
    """
    together: dict[str, list[str]] = {}
    for segment in map(corpus.by_id.__getitem__, segments):
        if not segment.withheld:
            key = fold_label(segment.label) or f"\0{segment.segment}"
            together.setdefault(key, []).append(segment.segment)
    ranked = sorted(
        together.items(), key=lambda named: (-len(_groups_of(corpus, named[1])), named[0])
    )
    return [same for _, same in ranked]


def _groups_of(corpus: Corpus, segments: Iterable[str]) -> set[str]:
    return {corpus.by_id[segment].focus_group for segment in segments}
