"""Lists that grow with a study: the first of them, in a fair order, and where the others stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.synthesis.corpus_rows import Bearing
from analysis.synthesis.markup import element, join, list_words
from analysis.tables.numbering import count_earlier, number_values

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.tables.numbering import IntArray

# More than a person reads in one list; no list of the demonstration study is as long.
MOST_LISTED = 300


def take_fairly(corpus: Corpus, rows: IntArray) -> IntArray:
    """Return the segments that a list shows: all; or of many, the first that may be shown here.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    rows : array of int
        The rows of segments.

    Returns
    -------
    array of int
        In the order of the corpus. Of more than `MOST_LISTED` these are as many with words: one
        segment of each focus group before any second one; of those, one of each place before any
        second one; then the first in the order of the corpus.
    """
    if len(rows) <= MOST_LISTED:
        return rows
    rows = rows[corpus.rows.has_text[rows]]
    group = corpus.rows.group[rows]
    of_group = count_earlier(group)
    held_at, _ = number_values(corpus.focus_groups["places"])
    number = dict(zip(corpus.focus_groups["focus_group"], held_at.tolist(), strict=True))
    place = np.array([number.get(name, -1) for name in corpus.rows.groups], dtype=np.int64)[group]
    of_place = count_earlier(of_group * (held_at.max(initial=0) + 2) + place + 1)
    first = np.lexsort((of_place, of_group))[:MOST_LISTED]
    return rows[np.sort(first)]


def take_groups_fairly(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the focus groups that a list shows: all, or of many one of each place first."""
    if len(groups) <= MOST_LISTED:
        return groups
    held_at, _ = number_values(groups["places"])
    first = np.argsort(count_earlier(held_at), kind="stable")[:MOST_LISTED]
    return groups.take(np.sort(first))


def tell_groups_listed(
    corpus: Corpus, ledger: Ledger, listed: pd.DataFrame, whole: Claim
) -> list[Markup]:
    """Return what to say where a list does not show all focus groups; nothing where it does.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        Where the claim of how many are listed is made.
    listed : DataFrame
        The focus groups listed.
    whole : Claim
        How many there are.
    """
    order = "One of each place is listed before any second one."
    named = Bearing(sorted(listed["focus_group"]), ())
    return [_tell(corpus, ledger, named, whole, order)] if len(listed) != whole.value else []


def tell_segments_listed(
    corpus: Corpus, ledger: Ledger, listed: IntArray, whole: Claim
) -> list[Markup]:
    """Return what to say where a list does not show all segments; nothing where it does.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        Where the claim of how many are listed is made.
    listed : array of int
        The rows of the segments listed.
    whole : Claim
        How many there are.
    """
    order = (
        "One of each focus group is listed before any second one, and of those, one of each place."
    )
    named = corpus.rows.bearing(listed)
    return [_tell(corpus, ledger, named, whole, order)] if len(listed) != whole.value else []


def _tell(corpus: Corpus, ledger: Ledger, listed: Bearing, whole: Claim, order: str) -> Markup:
    name = whole.id.removeprefix(f"{ledger.place}.")
    shown = ledger.number(
        f"{name}.listed",
        f"{whole.label}, as far as they are listed",
        (len(listed.segments or listed.focus_groups), whole.unit),
        **listed._asdict(),
    )
    told = ("Listed here are ", shown, " of ", whole, f" {whole.unit}. {order} ")
    return element("p", *told, "All others stand with their words, ", _where(corpus), ".")


def _where(corpus: Corpus) -> Markup:
    """Say in which reports all words stand."""
    homes = sorted(set(corpus.focus_groups["home"]) - {corpus.place})
    narrower = [element("a", corpus.study.places.name(home), href=f"{home}.html") for home in homes]
    here = "at the end of this report"
    return join([here, *([" and in those on ", list_words(narrower)] if narrower else [])])
