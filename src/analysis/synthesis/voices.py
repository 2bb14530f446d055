"""Voices heard once, and words that no code holds: so that no minority is lost in the counts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.synthesis.claims import SEGMENTS
from analysis.synthesis.excerpts import WITHHELD, link_labels, render_excerpts
from analysis.synthesis.listing import take_fairly, tell_segments_listed
from analysis.synthesis.markup import element, items, term

if TYPE_CHECKING:
    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content
    from analysis.tables.numbering import IntArray

CODES = "codes"


def find_heard_once(corpus: Corpus) -> IntArray:
    """Return the codings of codes that only one focus group of the place raised.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.

    Returns
    -------
    array of int
        Among the corpus's codings by row, by code, then by segment.
    """
    rows, coded = corpus.rows, corpus.rows.coded
    width = len(coded.codes)
    pairs = np.unique(rows.group[coded.row] * width + coded.code)
    raised_by = np.bincount(pairs % max(width, 1), minlength=width)
    once = np.flatnonzero(raised_by[coded.code] == 1)
    segments = list(rows.bearing(coded.row[once]).segments)
    in_order = sorted(range(len(once)), key=lambda at: (coded.code[once[at]], segments[at]))
    return once[in_order]


def show_voices(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the voices heard once, each in its words, and the segments that no code holds.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of the report.
    """
    return ledger.show(*_show_once(corpus, ledger), *_show_uncoded(corpus, ledger))


def _show_once(corpus: Corpus, ledger: Ledger) -> list[Content]:
    if len(corpus.coded_groups) == 1:
        alone = (
            "One focus group alone has coded segments here, so that all it said was heard once; "
            "it stands above."
        )
        return [element("p", alone)]
    once = find_heard_once(corpus)
    coded = corpus.rows.coded
    count = ledger.number(
        "once.codes",
        f"Codes that only one focus group in {corpus.name} raised",
        (len(set(coded.code[once].tolist())), CODES),
        **corpus.rows.bearing(pd.unique(coded.row[once]))._asdict(),
    )
    shown: list[Content] = [element("p", "Codes that one focus group alone raised: ", count, ".")]
    for number, of_code in groupby(once.tolist(), key=lambda at: int(coded.code[at])):
        shown += [
            element("h3", term(corpus.study.codebook.name(coded.codes[number]))),
            *_show_words(corpus, np.sort(coded.row[list(of_code)])),
        ]
    return shown


def _show_words(corpus: Corpus, rows: IntArray) -> list[Content]:
    """Show segments in their words, by a link where these stand in another report, or say why not.

    Where a region spans continents, a code heard once on one of them may not be so in the region.
    """
    told, withheld = corpus.rows.has_text[rows], corpus.rows.is_withheld[rows]
    return [
        render_excerpts(corpus, rows[told]),
        items(link_labels(corpus, rows[~told & ~withheld])),
        *([element("p", WITHHELD)] if withheld.any() else []),
    ]


def _show_uncoded(corpus: Corpus, ledger: Ledger) -> list[Content]:
    uncoded = corpus.rows.uncoded
    count = ledger.number(
        "uncoded",
        f"Segments in {corpus.name} that bear no code that counts",
        (len(uncoded), SEGMENTS),
        **corpus.rows.bearing(uncoded)._asdict(),
    )
    listed = take_fairly(corpus, uncoded)
    return [
        element("h3", "Words that no code holds"),
        element(
            "p",
            "Segments that bear no code that counts: ",
            count,
            ". No count of themes or codes holds them.",
        ),
        *tell_segments_listed(corpus, ledger, listed, count),
        *_show_words(corpus, listed),
    ]
