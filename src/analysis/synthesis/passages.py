"""Every passage of the focus groups of a place, in its words and with its codes."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from analysis.synthesis.corpus import segments_of
from analysis.synthesis.excerpts import (
    WITHHELD,
    describe_group,
    place_in_source,
    why_no_words,
)
from analysis.synthesis.links import number_of_page, place_of_page
from analysis.synthesis.markup import element, join, say, say_number, written_in
from analysis.tables.focus_groups import split_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.corpus import Corpus, Segment
    from analysis.synthesis.markup import Content
    from analysis.tables.build_folder import BuildFolder


def write_passages(corpus: Corpus, build: BuildFolder) -> list[Markup]:
    """Write the passages of a place to further pages of its report, and return the links to these.

    Each page is an HTML fragment of whole focus groups: ``words-001.html``.
    """
    pages: dict[str, list[Segment]] = defaultdict(list)
    for segments in (corpus.segments, corpus.context_segments):
        for page, found in segments.groupby("shown_in", observed=True):
            if place_of_page(str(page)) == corpus.place:
                pages[str(page)] += segments_of(found)
    links = []
    for page in sorted(pages, key=number_of_page):
        groups = sorted({segment.focus_group for segment in pages[page]})
        first, last = (element("code", groups[at]) for at in (0, -1))
        named = say("{first} to {last}", first=first, last=last) if len(groups) > 1 else first
        title = element(
            "h2",
            say_number(
                "Passages of the focus group {groups}",
                "Passages of the focus groups {groups}",
                len(groups),
                groups=named,
            ),
        )
        shown = element("section", show_passages(corpus, pages[page], level=3), class_="listing")
        stem = page.removeprefix(f"{corpus.place}.")
        build.write_page(corpus.place, stem, f"{title}\n{shown}\n")
        links.append(element("a", named, href=f"{page}.html"))
    return links


def show_passages(corpus: Corpus, segments: Sequence[Segment], *, level: int = 4) -> Markup:
    """Return segments by focus group, each with its words, its place in its source and its codes.

    Where consent is for counts only, it has neither words nor codes.
    """
    by_group = attrgetter("focus_group")
    parts: list[Markup] = []
    for group, of_group in groupby(sorted(segments, key=by_group), key=by_group):
        found = list(of_group)
        title, held_at, _ = corpus.meetings[group]
        home, met = corpus.homes.get(group, corpus.place), describe_group(corpus, group)
        parts.append(
            element(
                "section",
                element(f"h{level}", title or met, id=f"group-{group}"),
                element("p", *([met, " \u00b7 "] if title else []), element("code", group)),
                *_list_segments(corpus, found),
                class_="passages",
                data_place=" ".join(dict.fromkeys((home, *split_values(held_at)))),
            )
        )
    return join(parts)


def _list_segments(corpus: Corpus, segments: Sequence[Segment]) -> list[Content]:
    """List the segments of a focus group; where consent is for counts only, by their places."""
    if not all(segment.withheld for segment in segments):
        listed = [_show_segment(corpus, each) for each in segments]
        return [element("ol", *listed, class_="segments")]
    places = [_name_segment(corpus, each) for each in segments]
    return [element("p", say(WITHHELD)), element("ol", *places, class_="segments inline")]


def _name_segment(corpus: Corpus, segment: Segment) -> Markup:
    where, name = place_in_source(corpus, segment), f"segment-{segment.segment}"
    return element("li", where, id=name, data_cell=segment.cell)


def _show_segment(corpus: Corpus, segment: Segment) -> Markup:
    words = segment.text or say(why_no_words(segment) or WITHHELD)
    language = written_in(segment.language) if segment.text else {}
    shown = [] if segment.withheld else corpus.codes_of.get(segment.segment, [])
    names = ", ".join(map(corpus.study.codebook.name, shown))
    source = [place_in_source(corpus, segment), *([names] if names else [])]
    return element(
        "li",
        *([element("b", segment.label, **language)] if segment.label else []),
        element("p", words, **language),
        element("p", " \u00b7 ".join(source), class_="source"),
        id=f"segment-{segment.segment}",
        data_cell=segment.cell,
        **({"data_code": " ".join(shown)} if shown else {}),
    )
