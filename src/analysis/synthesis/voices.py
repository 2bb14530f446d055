"""Voices heard once, and words that no code holds: so that no minority is lost in the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.synthesis.claims import SEGMENTS
from analysis.synthesis.excerpts import WITHHELD, link_labels, render_excerpts
from analysis.synthesis.markup import element, items, term

if TYPE_CHECKING:
    import pandas as pd

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

CODES = "codes"


def find_heard_once(corpus: Corpus) -> pd.DataFrame:
    """Return the codings of codes that only one focus group of the place raised.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.

    Returns
    -------
    DataFrame
        Rows of the corpus's codings, by code.
    """
    groups = corpus.codings.groupby("code")["focus_group"].transform("nunique")
    return corpus.codings[groups == 1].sort_values(["code", "segment"])


def find_uncoded(corpus: Corpus) -> pd.DataFrame:
    """Return the segments on which no counted coding stands, of those that can bear codes."""
    return corpus.codable[~corpus.codable["segment"].isin(corpus.codings["segment"])]


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
    count = ledger.number(
        "once.codes",
        f"Codes that only one focus group in {corpus.name} raised",
        (once["code"].nunique(), CODES),
        focus_groups=once["focus_group"],
        segments=once["segment"],
    )
    shown: list[Content] = [element("p", "Codes that one focus group alone raised: ", count, ".")]
    for code, rows in once.groupby("code"):
        shown += [
            element("h3", term(corpus.study.codebook.name(str(code)))),
            *_show_words(corpus, list(rows["segment"])),
        ]
    return shown


def _show_words(corpus: Corpus, segments: list[str]) -> list[Content]:
    """Show segments in their words, by a link where these stand in another report, or say why not.

    Where a region spans continents, a code heard once on one of them may not be so in the region.
    """
    rows = corpus.segments[corpus.segments["segment"].isin(segments)]
    told = rows.loc[rows["text"] != "", "segment"]
    elsewhere = rows.loc[(rows["text"] == "") & (rows["shown_in"] != ""), "segment"]
    return [
        render_excerpts(corpus, told),
        items(link_labels(corpus, elsewhere)),
        *([element("p", WITHHELD)] if (rows["shown_in"] == "").any() else []),
    ]


def _show_uncoded(corpus: Corpus, ledger: Ledger) -> list[Content]:
    uncoded = find_uncoded(corpus)
    count = ledger.number(
        "uncoded",
        f"Segments in {corpus.name} that bear no code that counts",
        (len(uncoded), SEGMENTS),
        focus_groups=uncoded["focus_group"],
        segments=uncoded["segment"],
    )
    return [
        element("h3", "Words that no code holds"),
        element(
            "p",
            "Segments that bear no code that counts: ",
            count,
            ". No count of themes or codes holds them.",
        ),
        *_show_words(corpus, list(uncoded["segment"])),
    ]
