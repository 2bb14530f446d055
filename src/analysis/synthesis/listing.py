"""Lists of passages: each named in a few words; of many, the first in a fair order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.study.language import translate
from analysis.synthesis.claims import SEGMENTS, Evidence, evidence_of
from analysis.synthesis.excerpts import (
    WITHOUT_WORDS,
    place_in_source,
    render_excerpts,
    why_no_words,
)
from analysis.synthesis.markup import element, items, join, list_words, say, term, written_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Ledger
    from analysis.synthesis.corpus import Corpus, Segment
    from analysis.synthesis.markup import Content

# More than a person reads in one list; no list of the demonstration study is as long.
MOST_LISTED = 300

WORDS_OF_A_NAME = 9


def take_fairly(corpus: Corpus, segments: Sequence[str]) -> list[str]:
    """Return the segments that a list shows: all; or of many, the first that may be shown here.

    Of more than `MOST_LISTED` these are as many with words: one segment of each focus group before
    any second one; of those, one of each place before any second one; then the first in the order
    of the corpus. They are returned in the order of the corpus.
    """
    if len(segments) <= MOST_LISTED:
        return list(segments)
    rows = corpus.segments[corpus.segments["segment"].isin(segments)]
    rows = rows.loc[rows["text"] != "", ["segment", "focus_group"]]
    places = corpus.focus_groups.set_index("focus_group")["places"]
    ranked = rows.assign(
        of_group=rows.groupby("focus_group", observed=True).cumcount(),
        place=rows["focus_group"].astype("str").map(places),
    )
    ranked["of_place"] = ranked.groupby(["of_group", "place"], observed=True).cumcount()
    first = ranked.sort_values(["of_group", "of_place"], kind="stable").head(MOST_LISTED)
    return first.sort_index()["segment"].tolist()


def take_groups_fairly(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the focus groups that a list shows: all, or of many one of each place first."""
    if len(groups) <= MOST_LISTED:
        return groups
    of_place = groups.groupby("places").cumcount()
    first = of_place.sort_values(kind="stable").index[:MOST_LISTED]
    return groups.loc[first.sort_values()]


def describe_groups_listed(
    corpus: Corpus, ledger: Ledger, listed: pd.DataFrame, whole: Claim
) -> list[Markup]:
    """Return a note where a list shows fewer focus groups than there are; nothing elsewhere."""
    evidence = Evidence(sorted(listed["focus_group"]), [])
    if len(listed) == whole.value:
        return []
    return [_describe(corpus, ledger, evidence, whole)]


def describe_segments_listed(
    corpus: Corpus, ledger: Ledger, listed: Sequence[str], whole: Claim
) -> list[Markup]:
    """Return a note where a list shows fewer segments than there are; nothing elsewhere."""
    if len(listed) == whole.value:
        return []
    evidence = evidence_of(corpus.segments[corpus.segments["segment"].isin(listed)])
    return [_describe(corpus, ledger, evidence, whole)]


def _describe(corpus: Corpus, ledger: Ledger, listed: Evidence, whole: Claim) -> Markup:
    name = whole.id.removeprefix(f"{ledger.place}.")
    shown = ledger.number(
        f"{name}.listed",
        translate("{label}, as far as they are listed", label=whole.label),
        (len(listed.segments or listed.focus_groups), whole.unit),
        **listed._asdict(),
    )
    how = say(
        "Listed here are {shown} of {all} passages. One of each focus group is listed before any "
        "second one, and of those, one of each place."
        if whole.unit == SEGMENTS
        else "Listed here are {shown} of {all} focus groups. One of each place is listed before "
        "any second one.",
        shown=shown,
        all=whole,
    )
    return element("p", join([how, _describe_where(corpus)], " "))


def _describe_where(corpus: Corpus) -> Markup:
    """Return in which reports all words are."""
    narrower = [
        element("a", corpus.study.places.name(home), href=f"{home}.html")
        for home in corpus.narrower_homes
    ]
    if not narrower:
        return say("The words of all others are on the pages of passages of this report.")
    return say(
        "The words of all others are on the pages of passages of this report and of those on "
        "{places}.",
        places=list_words(narrower),
    )


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
    return join([point, " \u2013 ", link])


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
