"""Lists that grow with a study: the first of them, in a fair order, and where the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.study.language import to_translate, translate
from analysis.synthesis.claims import Evidence, evidence_of
from analysis.synthesis.markup import element, join, list_words, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Ledger
    from analysis.synthesis.corpus import Corpus

# More than a person reads in one list; no list of the demonstration study is as long.
MOST_LISTED = 300

LISTED_GROUPS = to_translate(
    "Listed here are {shown} of {all} focus groups. One of each place is listed before any second "
    "one."
)
LISTED_SEGMENTS = to_translate(
    "Listed here are {shown} of {all} passages. One of each focus group is listed before any "
    "second one, and of those, one of each place."
)


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
    return [_describe(corpus, ledger, evidence, whole, LISTED_GROUPS)]


def describe_segments_listed(
    corpus: Corpus, ledger: Ledger, listed: Sequence[str], whole: Claim
) -> list[Markup]:
    """Return a note where a list shows fewer segments than there are; nothing elsewhere."""
    if len(listed) == whole.value:
        return []
    evidence = evidence_of(corpus.segments[corpus.segments["segment"].isin(listed)])
    return [_describe(corpus, ledger, evidence, whole, LISTED_SEGMENTS)]


def _describe(
    corpus: Corpus, ledger: Ledger, listed: Evidence, whole: Claim, sentence: str
) -> Markup:
    name = whole.id.removeprefix(f"{ledger.place}.")
    shown = ledger.number(
        f"{name}.listed",
        translate("{label}, as far as they are listed", label=whole.label),
        (len(listed.segments or listed.focus_groups), whole.unit),
        **listed._asdict(),
    )
    return element("p", join([say(sentence, shown=shown, all=whole), _describe_where(corpus)], " "))


def _describe_where(corpus: Corpus) -> Markup:
    """Return in which reports all words are."""
    homes = sorted(set(corpus.focus_groups["home"]) - {corpus.place})
    narrower = [element("a", corpus.study.places.name(home), href=f"{home}.html") for home in homes]
    if not narrower:
        return say("The words of all others are on the pages of passages of this report.")
    return say(
        "The words of all others are on the pages of passages of this report and of those on "
        "{places}.",
        places=list_words(narrower),
    )
