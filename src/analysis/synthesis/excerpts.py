"""Excerpts: the segments that a report shows, chosen by a stated rule and not by taste."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis.synthesis.claims import agree
from analysis.synthesis.markup import date, element, join, term
from analysis.tables.focus_groups import split_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content
    from analysis.synthesis.prevalence import Prevalence

WITHHELD = "Counted, and not shown: consent is for counts only."
KIND_MARKS = {"restated": "restated in our words", "synthetic": "synthetic"}


def choose_excerpts(corpus: Corpus, theme: str, most: int) -> list[str]:
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
    list of str
        Segments whose text may be shown, in the order chosen.
    """
    of_theme = corpus.codings[corpus.codings["theme"] == theme]
    ranked = of_theme.assign(
        codes_borne=of_theme["segment"].map(corpus.codes_borne),
        order=of_theme["segment"].map(corpus.order_of_told),
    )
    ranked = ranked.dropna(subset=["order"]).sort_values(
        ["coders", "codes_borne", "order", "code"], ascending=[False, True, True, True]
    )
    return _spread(ranked.drop_duplicates("segment"), most)


def _spread(ranked: pd.DataFrame, most: int) -> list[str]:
    """Take rows one by one, so that focus groups, and then codes, repeat only when they must."""
    # Of rows alike in both, no more than the first few can be taken.
    few = ranked.groupby(["focus_group", "code"]).head(most)
    left = list(zip(few["segment"], few["focus_group"], few["code"], strict=True))
    of_group: Counter[str] = Counter()
    of_code: Counter[str] = Counter()
    taken: list[str] = []
    while left and len(taken) < most:
        row = min(left, key=lambda row: (of_group[row[1]], of_code[row[2]]))
        left.remove(row)
        segment, group, code = row
        taken.append(segment)
        of_group[group] += 1
        of_code[code] += 1
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


def render_excerpts(corpus: Corpus, segments: Iterable[str]) -> Markup:
    """Return segments as excerpts, each with its focus group and its place in its source.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    segments : iterable of str
        Segments of the corpus with text; where there are none, nothing is returned.
    """
    wanted = list(segments)
    if not wanted:
        return Markup()
    rows = corpus.segments[corpus.segments["segment"].isin(wanted)].to_dict("records")
    by_segment = {row["segment"]: row for row in rows}
    return element(
        "div",
        *(render_excerpt(corpus, by_segment[segment]) for segment in wanted),
        class_="excerpts",
    )


def render_excerpt(corpus: Corpus, segment: Mapping[Any, Any]) -> Markup:
    """Return one segment as an excerpt.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    segment : mapping
        A row of its segments.
    """
    mark = KIND_MARKS.get(segment["text_kind"], "")
    return element(
        "figure",
        element(
            "blockquote",
            element("p", segment["text"]),
            **({} if segment["language"] == "en" else {"lang": segment["language"]}),
        ),
        element(
            "figcaption",
            describe_group(corpus, segment["focus_group"]),
            " · ",
            link_to_segment(corpus, segment),
            *([" ", element("span", mark, class_=segment["text_kind"])] if mark else []),
        ),
        class_="excerpt",
    )


def describe_group(corpus: Corpus, focus_group: str) -> Markup:
    """Return a focus group in words: where and when it met."""
    held_at, held_on = corpus.meetings[focus_group]
    places = [corpus.study.places.name(place) for place in split_values(held_at)]
    return join([term(", ".join(places)), ", ", date(held_on)])


def link_to_segment(corpus: Corpus, segment: Mapping[Any, Any]) -> Markup:
    """Return a link to where a segment stands among all, named by its place in its source."""
    return element(
        "a", term(place_in_source(corpus, segment)), href=segment_address(corpus, segment)
    )


def place_in_source(corpus: Corpus, segment: Mapping[Any, Any]) -> str:
    """Return where a segment stands in its submission: section, question and position."""
    title = corpus.study.instrument.title(segment["section"])
    return f"{title}, {segment['question']} {segment['position']}"


def link_labels(corpus: Corpus, segments: Iterable[str]) -> list[Markup]:
    """Return a link to each segment by its label, or by its place in its source where it has none.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    segments : iterable of str
        Segments of the corpus; of those with the same label the first is linked, and those whose
        consent is for counts only are left out.

    Returns
    -------
    list of Markup
        In the template's order.
    """
    rows = corpus.segments[corpus.segments["segment"].isin(set(segments))]
    rows = rows[rows["shown_in"] != ""]
    repeats = (rows["label"] != "") & rows["label"].duplicated()
    return [
        element(
            "a",
            term(row["label"] or place_in_source(corpus, row)),
            href=segment_address(corpus, row),
        )
        for row in rows[~repeats].to_dict("records")
    ]


def segment_address(corpus: Corpus, segment: Mapping[Any, Any]) -> str:
    """Return the address of a segment: on this page, or on the narrower report that shows it."""
    elsewhere = segment["shown_in"] not in {corpus.place, ""}
    page = f"{segment['shown_in']}.html" if elsewhere else ""
    return f"{page}#segment-{segment['segment']}"
