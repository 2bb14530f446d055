"""Points raised by one group only, and passages without a code: no minority is lost in counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.synthesis.claims import SEGMENTS, evidence_of
from analysis.synthesis.excerpts import WITHHELD, render_words
from analysis.synthesis.listing import describe_segments_listed, take_fairly
from analysis.synthesis.markup import element, term

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

CODES = "codes"


def find_single_mentions(corpus: Corpus) -> pd.DataFrame:
    """Return the codings of codes that only one focus group raised, by code, then by segment."""
    codings = corpus.codings
    groups = codings.groupby("code", observed=True)["focus_group"].nunique()
    once = codings[codings["code"].isin(groups.index[groups == 1])]
    return once.sort_values(["code", "segment"])


def show_single_mentions(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the points raised by one group only, in its words, and the passages without a code."""
    return ledger.show(*_show_single(corpus, ledger), *_show_uncoded(corpus, ledger))


def _show_single(corpus: Corpus, ledger: Ledger) -> list[Content]:
    if len(corpus.coded_groups) == 1:
        alone = (
            "One focus group alone has coded segments here, so that all it said was heard once; "
            "it stands above."
        )
        return [element("p", alone)]
    once = find_single_mentions(corpus)
    count = ledger.number(
        "once.codes",
        f"Codes that only one focus group in {corpus.name} raised",
        (once["code"].nunique(), CODES),
        **evidence_of(once)._asdict(),
    )
    shown: list[Content] = [element("p", "Codes that one focus group alone raised: ", count, ".")]
    for code in once["code"].unique():
        shown += [
            element("h3", term(corpus.study.codebook.name(code))),
            *_show_words(corpus, corpus.raised(code).segments),
        ]
    return shown


def _show_words(corpus: Corpus, segments: Sequence[str]) -> list[Content]:
    """Show segments in their words, by a link where another report shows these, or say why not.

    Where a region spans continents, a code raised by one group on one of them may have been raised
    by more in the region.
    """
    withheld = any(corpus.by_id[segment].withheld for segment in segments)
    return [*render_words(corpus, segments), *([element("p", WITHHELD)] if withheld else [])]


def _show_uncoded(corpus: Corpus, ledger: Ledger) -> list[Content]:
    uncoded = evidence_of(corpus.uncoded)
    count = ledger.number(
        "uncoded",
        f"Segments in {corpus.name} that bear no code that counts",
        (len(uncoded.segments), SEGMENTS),
        **uncoded._asdict(),
    )
    listed = take_fairly(corpus, uncoded.segments)
    return [
        element("h3", "Words that no code holds"),
        element(
            "p",
            "Segments that bear no code that counts: ",
            count,
            ". No count of themes or codes holds them.",
        ),
        *describe_segments_listed(corpus, ledger, listed, count),
        *_show_words(corpus, listed),
    ]
