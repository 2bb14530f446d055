"""Excerpts: the segments that a report shows, chosen by a stated rule and not by taste."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis.synthesis.claims import agree
from analysis.synthesis.markup import date, element, items, join, term
from analysis.tables.focus_groups import split_values
from analysis.tables.segments import COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus, Segment
    from analysis.synthesis.markup import Content
    from analysis.synthesis.prevalence import Prevalence

WITHHELD = "Counted, and not shown: consent is for counts only."
WITHOUT_WORDS = "Counted in a matrix, without words: there is no passage to show."
KIND_MARKS = {"restated": "restated in our words", "synthetic": "synthetic"}


def choose_excerpts(corpus: Corpus, theme: str, most: int) -> list[str]:
    """Return the segments that represent a theme, of those whose text may be shown.

    The rule: one segment a focus group before any second one; of those, one a code before any
    second one; among equals the segment that most coders agreed on, then the one with the fewest
    codes (it speaks of the theme and little else), then the first in the template's order.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    theme : str
        The theme.
    most : int
        At most so many.
    """
    ranked = corpus.ranked_codings
    of_theme = ranked[ranked["theme"] == theme]
    columns = (of_theme[name].tolist() for name in ("segment", "focus_group", "code"))
    left = list(zip(*columns, strict=True))
    chosen: list[str] = []
    groups: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    while left and len(chosen) < most:
        best = min(left, key=lambda row: (groups[row[1]], codes[row[2]]))
        left.remove(best)
        segment, group, code = best
        chosen.append(segment)
        groups[group] += 1
        codes[code] += 1
    return chosen


def show_excerpts(
    corpus: Corpus, ledger: Ledger, measured: Iterable[Prevalence], most: int
) -> Fragment:
    """Return, for each theme raised, its count and at most so many excerpts that represent it."""
    parts: list[Content] = []
    for theme in measured:
        if not theme.is_theme or not theme.claim.numerator:
            continue
        chosen = choose_excerpts(corpus, theme.code, most)
        parts += [
            element("h3", term(theme.name)),
            element("p", *_how_often(corpus, theme)),
            render_excerpts(corpus, chosen),
            _say_without_words(corpus, theme.code),
        ]
    return ledger.show(*parts)


def _say_without_words(corpus: Corpus, theme: str) -> Markup:
    """Say that a matrix counts a theme without words, where it does."""
    of_theme = corpus.codings.loc[corpus.codings["theme"] == theme, "segment"]
    reasons = {why_no_words(corpus.by_id[each]) for each in of_theme}
    return element("p", WITHOUT_WORDS) if WITHOUT_WORDS in reasons else Markup()


def _how_often(corpus: Corpus, theme: Prevalence) -> list[Content]:
    in_segments = (theme.segments, agree(" segment", theme.segments))
    if corpus.is_single:
        return ["Borne by ", *in_segments, "."]
    return ["Raised in ", theme.claim, " focus groups, in ", *in_segments, "."]


def render_excerpts(corpus: Corpus, segments: Iterable[str]) -> Markup:
    """Return segments as excerpts, each with its focus group and its place in its source."""
    excerpts = [_render_excerpt(corpus, corpus.by_id[segment]) for segment in segments]
    return element("div", *excerpts, class_="excerpts") if excerpts else Markup()


def why_no_words(segment: Segment) -> str:
    """Return why a segment without words has none; empty where another report may show them."""
    if segment.withheld:
        return WITHHELD
    return WITHOUT_WORDS if segment.text_kind == COUNTED else ""


def render_words(corpus: Corpus, segments: Iterable[str]) -> list[Content]:
    """Return segments in their words, and links to those whose words another report shows."""
    found = [corpus.by_id[segment] for segment in segments]
    elsewhere = [each.segment for each in found if not each.text and not why_no_words(each)]
    is_counted = any(why_no_words(each) == WITHOUT_WORDS for each in found)
    return [
        render_excerpts(corpus, [each.segment for each in found if each.text]),
        items(link_labels(corpus, elsewhere)),
        *([element("p", WITHOUT_WORDS)] if is_counted else []),
    ]


def _render_excerpt(corpus: Corpus, segment: Segment) -> Markup:
    mark = KIND_MARKS.get(segment.text_kind, "")
    address = corpus.address_of(segment.segment)
    return element(
        "figure",
        element(
            "blockquote",
            element("p", segment.text),
            **({} if segment.language == "en" else {"lang": segment.language}),
        ),
        element(
            "figcaption",
            describe_group(corpus, segment.focus_group),
            " · ",
            element("a", term(place_in_source(corpus, segment)), href=address),
            *([" ", element("span", mark, class_=segment.text_kind)] if mark else []),
        ),
        class_="excerpt",
    )


def name_group(group: Mapping[Any, Any]) -> str:
    """Return the name of a focus group: its title or theme, or its id where both are withheld."""
    return str(group["title"] or group["theme"] or group["focus_group"])


def describe_group(corpus: Corpus, focus_group: str) -> Markup:
    """Return a focus group in words: where and when it met."""
    _, held_at, held_on = corpus.meetings[focus_group]
    places = [corpus.study.places.name(place) for place in split_values(held_at)]
    return join([term(", ".join(places)), ", ", date(held_on)])


def place_in_source(corpus: Corpus, segment: Segment) -> str:
    """Return the place of a segment in its submission: section, question and position."""
    if not corpus.follows_template:
        return f"passage {segment.position.removeprefix('p')}"
    section, question = segment.cell.split(".")
    return f"{corpus.study.instrument.title(section)}, {question} {segment.position}"


def link_labels(corpus: Corpus, segments: Iterable[str]) -> Iterator[Markup]:
    """Yield a link to each segment by its label, or by its place in its source where it has none.

    Of segments with the same label the first is linked; those whose consent is for counts only are
    left out.
    """
    linked: set[str] = set()
    for segment in map(corpus.by_id.__getitem__, segments):
        if why_no_words(segment) or segment.label in linked:
            continue
        linked.update([segment.label] if segment.label else [])
        named = term(segment.label or place_in_source(corpus, segment))
        yield element("a", named, href=corpus.address_of(segment.segment))
