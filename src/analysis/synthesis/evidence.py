"""The evidence of a report: what each claim rests on, and every segment in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.synthesis.excerpts import (
    WITHHELD,
    describe_group,
    place_in_source,
    segment_address,
)
from analysis.synthesis.markup import element, items, join, term

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

LISTED = 150


def show_bearings(ledger: Ledger, addresses: Mapping[str, str]) -> Fragment:
    """Return what each claim made so far rests on.

    Parameters
    ----------
    ledger : Ledger
        The claims of the report.
    addresses : mapping of str to str
        Where each segment stands: on this page, or on another report of the study.

    Returns
    -------
    Fragment
        One entry a claim, ``id="evidence-ID"``. It links to the claim's segments; to an earlier
        claim that rests on just the same ones; or, where they are more than ``LISTED``, names
        their focus groups (``claims.json`` lists all).
    """
    first: dict[tuple[str, ...], Claim] = {}
    bearings = [
        _show_bearing(claim, addresses, first.setdefault(claim.segments, claim)) for claim in ledger
    ]
    return ledger.show(
        element("h3", "What each number rests on"), element("div", *bearings, class_="evidence")
    )


def _show_bearing(claim: Claim, addresses: Mapping[str, str], first: Claim) -> Markup:
    return element(
        "article",
        element("h4", term(claim.label)),
        element("p", term(f"{claim.text} {claim.unit}"), " \u00b7 ", element("code", claim.id)),
        _rests_on(claim, addresses, first),
        class_="bearing",
        id=f"evidence-{claim.id}",
    )


def _rests_on(claim: Claim, addresses: Mapping[str, str], first: Claim) -> Markup:
    if claim.segments and first.id != claim.id:
        same = element("a", term(first.label), href=f"#evidence-{first.id}")
        return element("p", "Rests on the same segments as: ", same)
    if len(claim.segments) > LISTED:
        note = "Rests on segments of these focus groups; the report's claims.json lists each."
        return join([element("p", note), items([term(group) for group in claim.focus_groups])])
    if claim.segments:
        return items([_link(segment, addresses) for segment in claim.segments])
    named = items([term(group) for group in claim.focus_groups])
    return named or element("p", "No segment and no focus group bears it.")


def _link(segment: str, addresses: Mapping[str, str]) -> Content:
    if segment not in addresses:
        return term(segment)
    return element("a", term(segment), href=addresses[segment])


def addresses_of(corpus: Corpus) -> dict[str, str]:
    """Return where each segment of a corpus stands."""
    return {
        row["segment"]: segment_address(corpus, row) for row in corpus.segments.to_dict("records")
    }


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
        *_show_groups(
            corpus, corpus.segments[corpus.segments["shown_in"].isin([corpus.place, ""])]
        ),
        *_show_groups(corpus, corpus.context_segments),
    ]
    return ledger.show(element("h3", "Every segment that this report holds"), *parts)


def _show_groups(corpus: Corpus, segments: pd.DataFrame) -> list[Content]:
    codes = _codes_of(corpus)
    titles = _titles(corpus)
    parts: list[Content] = []
    for group, rows in segments.groupby("focus_group", sort=True):
        parts += [
            element("h4", term(titles[str(group)] or str(group))),
            element("p", describe_group(corpus, str(group)), " · ", element("code", str(group))),
            items_of_segments(corpus, rows, codes),
        ]
    return parts


def _titles(corpus: Corpus) -> dict[str, str]:
    counted = dict(
        zip(corpus.focus_groups["focus_group"], corpus.focus_groups["title"], strict=True)
    )
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
    listed = [
        element(
            "li",
            element("p", row["text"] or WITHHELD),
            element(
                "p",
                place_in_source(corpus, row),
                *([" · ", join(codes[row["segment"]], ", ")] if row["segment"] in codes else []),
                class_="source",
            ),
            id=f"segment-{row['segment']}",
        )
        for row in segments.to_dict("records")
    ]
    return element("ol", *listed, class_="segments")
