"""The evidence of a report: what each claim rests on, and every segment with its words."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from analysis.synthesis.corpus import segments_of
from analysis.synthesis.excerpts import WITHHELD, describe_group, place_in_source, why_no_words
from analysis.synthesis.markup import element, items, join, term
from analysis.synthesis.segment_pages import LISTED_SEGMENTS, number_of_page, place_of_page
from analysis.tables.build_folder import build_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus, Segment

# More than a person would read next to a number.
LISTED = 150
LISTED_GROUPS = 60
EVERY_SEGMENT = "Every segment that this report holds"
CUT = element("p", "These are the first of them. A build shows all, on further pages.")


def show_evidence(ledger: Ledger, address_of: Callable[[str], str]) -> Fragment:
    """Return what each claim made so far rests on.

    Parameters
    ----------
    ledger : Ledger
        The claims of the report.
    address_of : callable
        The address of a segment, on this page or on another of the study; ``""`` where no page
        shows it.

    Returns
    -------
    Fragment
        One entry a claim, ``id="evidence-ID"``. It links to the claim's segments; to an earlier
        claim that rests on just the same ones; or, where they are more than `LISTED`, names their
        focus groups. Of more than `LISTED_GROUPS` it names as many, spread over all, and says how
        many more the file of claims lists.
    """
    first: dict[tuple[str, ...], Claim] = {}
    link = cache(lambda segment: _link(segment, address_of(segment)))
    entries = [
        _show_entry(claim, link, first.setdefault(claim.segments, claim)) for claim in ledger
    ]
    return ledger.show(
        element("h3", "What each number rests on"), element("div", *entries, class_="evidence")
    )


def _show_entry(claim: Claim, link: Callable[[str], Markup], first: Claim) -> Markup:
    return element(
        "article",
        element("h4", term(claim.label)),
        element("p", term(f"{claim.text} {claim.unit}"), " \u00b7 ", element("code", claim.id)),
        _rests_on(claim, link, first),
        class_="evidence-entry",
        id=f"evidence-{claim.id}",
    )


def _rests_on(claim: Claim, link: Callable[[str], Markup], first: Claim) -> Markup:
    if first.id != claim.id and claim.segments:
        same = element("a", term(first.label), href=f"#evidence-{first.id}")
        return element("p", "Rests on the same segments as: ", same)
    if len(claim.segments) > LISTED:
        note = "Rests on segments of these focus groups; the report's claims.json lists each."
        return join([element("p", note), _name_groups(claim.focus_groups)])
    if claim.segments:
        return element("ul", join([link(segment) for segment in claim.segments]))
    return _name_groups(claim.focus_groups) or element(
        "p", "No segment and no focus group bears it."
    )


def _name_groups(groups: Sequence[str]) -> Markup:
    """Name focus groups, or of many some from all over the list, so that no place is left out."""
    step = -(-len(groups) // LISTED_GROUPS) or 1
    named = items([term(group) for group in groups[::step]])
    if step == 1:
        return named
    more = term(f"{len(groups) - len(groups[::step]):,}")
    return join([named, element("p", "The report's claims.json lists ", more, " more.")])


def _link(segment: str, address: str) -> Markup:
    return element("li", element("a", term(segment), href=address) if address else term(segment))


def show_segments(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return every segment that this report holds, by focus group, in the template's order.

    In a build, those that one page can't hold are written to further pages, and the report shows
    which page holds which focus groups.

    Returns
    -------
    Fragment
        Segments with their codes, ``id="segment-ID"``. Those that a narrower report holds are
        there; those whose consent is for counts only are named without their words and codes.
    """
    title = element("h3", EVERY_SEGMENT)
    build = build_folder(corpus.study.root, corpus.study.settings.name)
    if corpus.is_large and build is not None:
        return ledger.show(title, *_write_pages(corpus, build.words(corpus.place)))
    listed = segments_of(corpus.listed_here.head(LISTED_SEGMENTS))
    return ledger.show(
        title,
        *([CUT] if corpus.is_large else []),
        _show_groups(corpus, listed, _codes_on(corpus)),
        _show_groups(corpus, segments_of(corpus.context_segments), {}),
    )


def _write_pages(corpus: Corpus, folder: Path) -> list[Markup]:
    """Write the segments shown in a report to further pages, and return the links to these.

    Each page is an HTML fragment of whole focus groups: ``001.html``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages: dict[str, list[Segment]] = defaultdict(list)
    for segments in (corpus.segments, corpus.context_segments):
        for page, found in segments.groupby("shown_in", observed=True):
            if place_of_page(str(page)) == corpus.place:
                pages[str(page)] += segments_of(found)
    codes, links = _codes_on(corpus), []
    for page in sorted(pages, key=number_of_page):
        groups = sorted({segment.focus_group for segment in pages[page]})
        named = join([element("code", groups[0]), " to ", element("code", groups[-1])])
        title = element("h2", "Segments of the focus groups ", named)
        shown = _show_groups(corpus, pages[page], codes, level=3)
        path = folder / f"{number_of_page(page):03}.html"
        path.write_text(f"{title}\n{shown}\n", encoding="utf-8")
        links.append(element("a", named, href=f"{page}.html"))
    return [element("p", "They stand on further pages, by focus group:"), items(links)]


def _codes_on(corpus: Corpus) -> dict[str, Markup]:
    """Return the names of the codes on each segment."""
    names = corpus.study.codebook.name
    codes: dict[str, list[str]] = defaultdict(list)
    for segment, code in zip(corpus.codings["segment"], corpus.codings["code"], strict=True):
        codes[segment].append(names(code))
    return {segment: join(sorted(named), ", ") for segment, named in codes.items()}


def _show_groups(
    corpus: Corpus, segments: Sequence[Segment], codes: Mapping[str, Markup], *, level: int = 4
) -> Markup:
    """Return segments by focus group, each with its words, its place in its source and its codes.

    Where consent is for counts only, it has neither words nor codes.
    """
    by_group = attrgetter("focus_group")
    parts: list[Markup] = []
    for group, of_group in groupby(sorted(segments, key=by_group), key=by_group):
        listed = join([_show_segment(corpus, each, codes.get(each.segment)) for each in of_group])
        parts += [
            element(f"h{level}", term(corpus.meetings[group][0] or group)),
            element("p", describe_group(corpus, group), " · ", element("code", group)),
            element("ol", listed, class_="segments"),
        ]
    return join(parts)


def _show_segment(corpus: Corpus, segment: Segment, codes: Markup | None) -> Markup:
    words = escape(segment.text or why_no_words(segment) or WITHHELD)
    place = escape(place_in_source(corpus, segment))
    source = f"{place} · {codes}" if codes and not segment.withheld else place
    name = escape(segment.segment)
    return Markup(  # noqa: S704 (each part is escaped)
        f'<li id="segment-{name}"><p>{words}</p><p class="source">{source}</p></li>'
    )
