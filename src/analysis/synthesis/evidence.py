"""The evidence of a report: what each number rests on, and every passage with its words.

In a build both go to further pages of the report, so that the report itself stays short; in
JupyterLab they are at its end.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from analysis.study.language import to_translate, translate, write_number
from analysis.synthesis.claims import Ledger
from analysis.synthesis.corpus import segments_of
from analysis.synthesis.excerpts import WITHHELD, describe_group, place_in_source, why_no_words
from analysis.synthesis.markup import element, items, join, say, say_number, term, written_in
from analysis.synthesis.segment_pages import (
    evidence_page,
    number_of_page,
    place_of_page,
)
from analysis.tables.build_folder import build_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from analysis.synthesis.claims import Claim, Fragment
    from analysis.synthesis.corpus import Corpus, Segment

# More than a person would read next to a number.
LISTED = 150
LISTED_GROUPS = 60
RESTS_ON = to_translate("What each number rests on")
# Outside a build, more than a notebook shows with ease.
MOST_IN_NOTEBOOK = 4000


def open_ledger(corpus: Corpus) -> Ledger:
    """Return a ledger for the claims of a report, whose numbers lead to their evidence."""
    build = build_folder(corpus.study.root, corpus.study.settings.name)
    if build is None:
        return Ledger(corpus.place, corpus.warnings)
    return Ledger(corpus.place, corpus.warnings, lambda name: f"{_page_of(corpus, name)}.html")


def _page_of(corpus: Corpus, name: str) -> str:
    """Return the page with the evidence of a claim: that of the theme that it is about."""
    book = corpus.study.codebook
    themes = {code: theme for theme in book.themes for code in (theme, *book.codes_of(theme))}
    found = [themes[part] for part in name.split(".") if part in themes]
    return evidence_page(corpus.place, found[0] if found else "")


def show_everything(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return what each number rests on and every passage, or in a build the links to these.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of the report; those made later have no evidence.
    """
    build = build_folder(corpus.study.root, corpus.study.settings.name)
    title = element("h2", say("Every number and every passage"))
    if build is None:
        here = segments_of(corpus.listed_here.head(MOST_IN_NOTEBOOK))
        entries = list_evidence(ledger, corpus.address_of)
        return ledger.show(
            title,
            element("h3", say(RESTS_ON)),
            element("div", *entries, class_="evidence"),
            element("h3", say("Every passage of the focus groups of this place")),
            show_passages(corpus, here),
            show_passages(corpus, segments_of(corpus.context_segments)),
        )
    folder = build.words(corpus.place)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = _write_evidence(corpus, ledger, folder)
    passages = _write_passages(corpus, folder)
    return ledger.show(
        title,
        element("p", say("What each number rests on, by theme:")) if numbers else "",
        items(numbers, kind="inline"),
        element("p", say("Every passage of the focus groups of this place:")) if passages else "",
        items(passages, kind="inline"),
    )


def _write_evidence(corpus: Corpus, ledger: Ledger, folder: Path) -> list[Markup]:
    """Write what numbers rest on to a page for each theme, and return the links to these."""
    by_page: dict[str, list[Claim]] = defaultdict(list)
    for claim in ledger:
        by_page[claim.page.removesuffix(".html")].append(claim)
    names = {evidence_page(corpus.place): translate("All other numbers")} | {
        evidence_page(corpus.place, theme): corpus.study.codebook.name(theme)
        for theme in corpus.study.codebook.themes
    }
    links = []
    for page in sorted(by_page, key=list(names).index):
        title = element("h2", say("What numbers rest on: {theme}", theme=term(names[page])))
        entries = list_evidence(by_page[page], corpus.address_of, level=3)
        body = element("div", *entries, class_="evidence apart")
        stem = page.removeprefix(f"{corpus.place}.")
        (folder / f"{stem}.html").write_text(f"{title}\n{body}\n", encoding="utf-8")
        links.append(element("a", term(names[page]), href=f"{page}.html"))
    return links[1:] + links[:1] if len(links) > 1 else links


def show_evidence(ledger: Ledger, address_of: Callable[[str], str]) -> Fragment:
    """Return what each claim made so far rests on, for a report that is one page.

    Parameters
    ----------
    ledger : Ledger
        The claims of the report.
    address_of : callable
        The address of a segment, on this page or on another of the study; ``""`` where no page
        shows it.
    """
    return ledger.show(
        element("h3", say(RESTS_ON)),
        element("div", *list_evidence(ledger, address_of), class_="evidence"),
    )


def list_evidence(
    claims: Iterable[Claim], address_of: Callable[[str], str], *, level: int = 4
) -> list[Markup]:
    """Return what claims rest on, one entry each, ``id="evidence-ID"``.

    An entry links to the claim's segments; to an earlier claim that rests on just the same ones;
    or, where they are more than `LISTED`, names their focus groups. Of more than `LISTED_GROUPS` it
    names as many, spread over all, and says how many more the file of evidence lists.
    """
    first: dict[tuple[str, ...], Claim] = {}
    link = cache(lambda segment: _link(segment, address_of(segment)))
    return [
        _show_entry(claim, link, first.setdefault(claim.segments, claim), level) for claim in claims
    ]


def _show_entry(claim: Claim, link: Callable[[str], Markup], first: Claim, level: int) -> Markup:
    return element(
        "article",
        element(f"h{level}", term(claim.label)),
        element("p", term(claim.quantity), " \u00b7 ", element("code", claim.id)),
        _rests_on(claim, link, first),
        class_="evidence-entry",
        id=f"evidence-{claim.id}",
    )


def _rests_on(claim: Claim, link: Callable[[str], Markup], first: Claim) -> Markup:
    if first.id != claim.id and claim.segments:
        same = element("a", term(first.label), href=f"#evidence-{first.id}")
        return element("p", say("Rests on the same passages as: {claim}", claim=same))
    if len(claim.segments) > LISTED:
        note = say(
            "Rests on passages of these focus groups; the evidence.json of the report lists each."
        )
        return join([element("p", note), _name_groups(claim.focus_groups)])
    if claim.segments:
        return element("ul", join([link(segment) for segment in claim.segments]))
    none = say("It rests on no focus group and no passage.")
    return _name_groups(claim.focus_groups) or element("p", none)


def _name_groups(groups: Sequence[str]) -> Markup:
    """Name focus groups, or of many some from all over the list, so that no place is left out."""
    step = -(-len(groups) // LISTED_GROUPS) or 1
    named = items([term(group) for group in groups[::step]])
    if step == 1:
        return named
    left = len(groups) - len(groups[::step])
    more = say_number(
        "The evidence.json of the report lists {n} more focus group.",
        "The evidence.json of the report lists {n} more focus groups.",
        left,
        n=term(write_number(left)),
    )
    return join([named, element("p", more)])


def _link(segment: str, address: str) -> Markup:
    return element("li", element("a", segment, href=address) if address else segment)


def _write_passages(corpus: Corpus, folder: Path) -> list[Markup]:
    """Write the passages of a place to further pages, and return the links to these.

    Each page is an HTML fragment of whole focus groups: ``words-001.html``.
    """
    pages: dict[str, list[Segment]] = defaultdict(list)
    for segments in (corpus.segments, corpus.context_segments):
        for page, found in segments.groupby("shown_in", observed=True):
            if place_of_page(str(page)) == corpus.place:
                pages[str(page)] += segments_of(found)
    links = []
    for page in sorted(pages, key=number_of_page):
        groups = sorted({segment.focus_group for segment in pages[page]})
        first, last = (element("code", groups[at]) for at in (0, -1))
        named = say("{first} to {last}", first=first, last=last) if len(groups) > 1 else first
        title = element(
            "h2",
            say_number(
                "Passages of the focus group {groups}",
                "Passages of the focus groups {groups}",
                len(groups),
                groups=named,
            ),
        )
        shown = show_passages(corpus, pages[page], level=3)
        path = folder / f"{page.removeprefix(f'{corpus.place}.')}.html"
        path.write_text(f"{title}\n{shown}\n", encoding="utf-8")
        links.append(element("a", named, href=f"{page}.html"))
    return links


def _codes_on(corpus: Corpus) -> dict[str, Markup]:
    """Return the names of the codes on each segment."""
    names = corpus.study.codebook.name
    codes: dict[str, list[str]] = defaultdict(list)
    for segment, code in zip(corpus.codings["segment"], corpus.codings["code"], strict=True):
        codes[segment].append(names(code))
    return {segment: join(sorted(named), ", ") for segment, named in codes.items()}


def show_passages(corpus: Corpus, segments: Sequence[Segment], *, level: int = 4) -> Markup:
    """Return segments by focus group, each with its words, its place in its source and its codes.

    Where consent is for counts only, it has neither words nor codes.
    """
    codes = _codes_on(corpus)
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
    words = escape(segment.text or translate(why_no_words(segment) or WITHHELD))
    place = escape(place_in_source(corpus, segment))
    source = f"{place} · {codes}" if codes and not segment.withheld else place
    name = escape(segment.segment)
    spoken = written_in(segment.language) if segment.text else {}
    language = "".join(f' {key}="{escape(value)}"' for key, value in spoken.items())
    return Markup(  # noqa: S704 (each part is escaped)
        f'<li id="segment-{name}"><p{language}>{words}</p><p class="source">{source}</p></li>'
    )
