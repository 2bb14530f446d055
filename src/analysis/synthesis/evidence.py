"""The evidence of a report: what each claim rests on, and every segment in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.synthesis.excerpts import describe_group, segment_address
from analysis.synthesis.markup import element, items, join, term

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

WITHHELD = "Counted, and not shown: consent is for counts only."


def show_evidence(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return what each claim made so far rests on.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of the report.

    Returns
    -------
    Fragment
        One entry a claim, ``id="evidence-ID"``, with links to its segments; claims of focus groups
        alone name these.
    """
    addresses = _addresses(corpus)
    bearings = [_show_bearing(claim, addresses) for claim in ledger]
    return ledger.show(element("div", *bearings, class_="evidence"))


def _addresses(corpus: Corpus) -> dict[str, str]:
    rows = corpus.segments
    return {row["segment"]: segment_address(corpus, row) for row in rows.to_dict("records")}


def _show_bearing(claim: Claim, addresses: dict[str, str]) -> Markup:
    borne_by = [
        element("a", segment, href=addresses[segment])
        for segment in claim.segments
        if segment in addresses
    ]
    if not borne_by:
        borne_by = [term(group) for group in claim.focus_groups]
    return element(
        "article",
        element("h3", term(claim.label)),
        element("p", term(f"{claim.text} {claim.unit}"), " · ", element("code", claim.id)),
        items(borne_by),
        class_="bearing",
        id=f"evidence-{claim.id}",
    )


def show_segments(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return every segment that this report holds, by focus group, in the template's order.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of the report.

    Returns
    -------
    Fragment
        Segments with their codes, ``id="segment-ID"``. Those that a narrower report holds stand
        there; those whose consent is for counts only are named without their words.
    """
    parts = [
        *_show_groups(corpus, corpus.segments[corpus.segments["shown_in"].isin([corpus.place, ""])]),
        *_show_groups(corpus, corpus.context_segments),
    ]
    return ledger.show(*parts)


def _show_groups(corpus: Corpus, segments: pd.DataFrame) -> list[Content]:
    codes = _codes_of(corpus)
    titles = _titles(corpus)
    parts: list[Content] = []
    for group, rows in segments.groupby("focus_group", sort=True):
        parts += [
            element("h3", term(titles[str(group)])),
            element("p", describe_group(corpus, str(group)), " · ", element("code", str(group))),
            items_of_segments(corpus, rows, codes),
        ]
    return parts


def _titles(corpus: Corpus) -> dict[str, str]:
    counted = dict(zip(corpus.focus_groups["focus_group"], corpus.focus_groups["title"], strict=True))
    return counted | dict(zip(corpus.context["focus_group"], corpus.context["title"], strict=True))


def _codes_of(corpus: Corpus) -> dict[str, list[str]]:
    book = corpus.study.codebook
    named = corpus.codings.assign(name=corpus.codings["code"].map(book.name))
    return {str(segment): sorted(names) for segment, names in named.groupby("segment")["name"]}


def items_of_segments(
    corpus: Corpus, segments: pd.DataFrame, codes: dict[str, list[str]]
) -> Markup:
    """Return segments as a list, each with its words, its place in its source, and its codes.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    segments : DataFrame
        Segments of the corpus.
    codes : dict of str to list of str
        The names of the codes on each segment.
    """
    instrument = corpus.study.instrument
    listed = [
        element(
            "li",
            element("p", row["text"] or WITHHELD),
            element(
                "p",
                f"{instrument.title(row['section'])}, {row['question']} {row['position']}",
                *([" · ", join(codes[row["segment"]], ", ")] if row["segment"] in codes else []),
                class_="source",
            ),
            id=f"segment-{row['segment']}",
        )
        for row in segments.to_dict("records")
    ]
    return element("ol", *listed, class_="segments")
