"""The evidence of a report: what each claim rests on, and every segment in its place."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.synthesis.excerpts import segment_address
from analysis.synthesis.listed_apart import LISTED
from analysis.synthesis.markup import element, items, join, term
from analysis.synthesis.words import show_context_words, show_words, write_words
from analysis.synthesis.words_pages import LISTED_SEGMENTS
from analysis.tables.build_folder import build_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.listed_apart import Apart

EVERY_SEGMENT = "Every segment that this report holds"
CUT = element("p", "These are the first of them. A build shows all, on further pages.")


def show_bearings(ledger: Ledger, addresses: Mapping[str, str]) -> Fragment:
    """Return what each claim made so far rests on.

    Parameters
    ----------
    ledger : Ledger
        The claims of the report.
    addresses : mapping of str to str
        Where segments stand: on this page, or on another page of the study.

    Returns
    -------
    Fragment
        One entry a claim, ``id="evidence-ID"``. It links to the claim's segments; to an earlier
        claim that rests on just the same ones; or, where they are more than ``LISTED``, names
        their focus groups, or the file that lists both (``claims.json`` lists what no file does).
    """
    ledger.keep_bearings()
    first: dict[object, Claim] = {}
    link = cache(lambda segment: _link(segment, addresses))
    bearings = [
        _show_bearing(claim, link, first.setdefault(claim.apart or claim.segments, claim))
        for claim in ledger
    ]
    return ledger.show(
        element("h3", "What each number rests on"), element("div", *bearings, class_="evidence")
    )


def _show_bearing(claim: Claim, link: Callable[[str], Markup], first: Claim) -> Markup:
    return element(
        "article",
        element("h4", term(claim.label)),
        element("p", term(f"{claim.text} {claim.unit}"), " \u00b7 ", element("code", claim.id)),
        _rests_on(claim, link, first),
        class_="bearing",
        id=f"evidence-{claim.id}",
    )


def _rests_on(claim: Claim, link: Callable[[str], Markup], first: Claim) -> Markup:
    if first.id != claim.id and (claim.apart or claim.segments):
        same = element("a", term(first.label), href=f"#evidence-{first.id}")
        return element("p", "Rests on the same segments as: ", same)
    if claim.apart:
        return _tell_apart(claim.apart)
    if len(claim.segments) > LISTED:
        note = "Rests on segments of these focus groups; the report's claims.json lists each."
        return join([element("p", note), items([term(group) for group in claim.focus_groups])])
    if claim.segments:
        return element("ul", join([link(segment) for segment in claim.segments]))
    named = items([term(group) for group in claim.focus_groups])
    return named or element("p", "No segment and no focus group bears it.")


def _tell_apart(apart: Apart) -> Markup:
    of = f"{apart.segments:,} segments of " if apart.segments else ""
    file = element("a", apart.file, href=apart.file)
    return element("p", f"Rests on {of}{apart.focus_groups:,} focus groups, listed in ", file, ".")


def _link(segment: str, addresses: Mapping[str, str]) -> Markup:
    if segment not in addresses:
        return element("li", term(segment))
    return element("li", element("a", term(segment), href=addresses[segment]))


def addresses_of(corpus: Corpus, ledger: Ledger) -> dict[str, str]:
    """Return where each segment of a corpus stands that a claim made so far lists.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of its report.
    """
    listed = {segment for claim in ledger for segment in claim.segments}
    rows = np.flatnonzero(corpus.segments["segment"].isin(listed))
    return {told.segment: segment_address(corpus, told) for told in corpus.tell(rows)}


def show_segments(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return every segment that this report holds, by focus group, in the template's order.

    In a build, those that one page cannot hold are written to further pages, and the report shows
    which page holds which focus groups.

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
        there; those whose consent is for counts only are named without their words and codes.
    """
    title = element("h3", EVERY_SEGMENT)
    build = build_folder(corpus.study.root, corpus.study.settings.name)
    if corpus.is_large and build is not None:
        return ledger.show(title, *write_words(corpus, build.words(corpus.place)))
    words = show_words(corpus, corpus.named_here[:LISTED_SEGMENTS])
    return ledger.show(
        title, *([CUT] if corpus.is_large else []), words, show_context_words(corpus)
    )
