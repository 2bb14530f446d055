"""Lists that grow with a study: the first of them, in a fair order, and where the others stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS
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
    corpus: Corpus, ledger: Ledger, name: str, *, listed: pd.DataFrame, of: pd.DataFrame
) -> list[Markup]:
    """Return what to say where a list does not show all focus groups; nothing where it does.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        Where the claims are made.
    name : str
        Ends their ids.
    listed, of : DataFrame
        The focus groups listed, and all.
    """
    if len(listed) == len(of):
        return []
    shown, whole = (
        ledger.number(
            f"{kind}.{name}",
            f"Focus groups in {corpus.name} {told}: {name}",
            (len(groups), FOCUS_GROUPS),
            focus_groups=groups["focus_group"],
        )
        for kind, told, groups in (("listed", "listed", listed), ("in_all", "in all", of))
    )
    return [_tell(corpus, shown, whole, "One of each place is listed before any second one.")]


def tell_segments_listed(
    corpus: Corpus, ledger: Ledger, name: str, *, listed: IntArray, of: IntArray
) -> list[Markup]:
    """Return what to say where a list does not show all segments; nothing where it does.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        Where the claims are made.
    name : str
        Ends their ids.
    listed, of : array of int
        The rows of the segments listed, and of all.
    """
    if len(of) <= MOST_LISTED:
        return []
    shown, whole = (
        ledger.number(
            f"{kind}.{name}",
            f"Segments in {corpus.name} {told}: {name}",
            (len(rows), SEGMENTS),
            **corpus.rows.bearing(rows)._asdict(),
        )
        for kind, told, rows in (("listed", "listed", listed), ("in_all", "in all", of))
    )
    order = (
        "One of each focus group is listed before any second one, and of those, one of each place."
    )
    return [_tell(corpus, shown, whole, order)]


def _tell(corpus: Corpus, shown: Claim, whole: Claim, order: str) -> Markup:
    return element(
        "p",
        "Listed here are ",
        shown,
        " of ",
        whole,
        f". {order} All others stand with the words of their focus groups, ",
        _where(corpus),
        ".",
    )


def _where(corpus: Corpus) -> Markup:
    """Say in which reports all words stand."""
    homes = sorted(set(corpus.focus_groups["home"]) - {corpus.place})
    narrower = [element("a", corpus.study.places.name(home), href=f"{home}.html") for home in homes]
    here = "at the end of this report"
    return join([here, *([" and in those on ", list_words(narrower)] if narrower else [])])
