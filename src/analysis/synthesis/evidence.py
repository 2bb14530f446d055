"""The evidence of a report: the words behind each number, by focus group.

In a build they are on further pages of the report, so that the report itself stays short; in
JupyterLab they are at its end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, partial
from typing import TYPE_CHECKING

from analysis.study.language import to_translate, translate, write_number
from analysis.synthesis.aggregates import read_words
from analysis.synthesis.claims import Ledger
from analysis.synthesis.corpus import segments_of
from analysis.synthesis.excerpts import (
    describe_group,
    place_in_source,
    why_no_words,
)
from analysis.synthesis.links import evidence_page
from analysis.synthesis.markup import element, items, join, say, say_number, term, written_in
from analysis.synthesis.passages import show_passages, write_passages

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment
    from analysis.synthesis.corpus import Corpus, Segment
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content
    from analysis.tables.build_folder import BuildFolder

# Behind one number, one passage of each of so many focus groups is shown as long as its page has
# room; of few groups, so many passages.
MOST_SHOWN = 40
OF_FEW_GROUPS = 12
# Outside a build, more passages than a notebook shows with ease.
MOST_IN_NOTEBOOK = 4000
# What is left of a megabyte by the style sheet and what else is on each page.
BYTES_A_PAGE = 900_000
# A place with so few passages has the evidence of all its numbers on one page.
FEW_PASSAGES = 150
# One with more has pages for claims that grow with the study, by what their ids start with.
MANY_PASSAGES = 5000
GROWING = {
    "group": to_translate("Single focus groups"),
    "repeated": to_translate("Points with the same label"),
}
# More names of focus groups, or of segments, than a person reads.
LISTED_GROUPS = 60
LISTED = 30
NOTHING = to_translate("It rests on no focus group and no passage.")


def open_ledger(corpus: Corpus) -> Ledger:
    """Return a ledger for the claims of a report, whose numbers lead to their evidence."""
    if corpus.build is None:
        return Ledger(corpus.place, corpus.warnings)
    book = corpus.study.codebook
    themes = {code: theme for theme in book.themes for code in (theme, *book.codes_of(theme))}
    page_of = partial(_page_of, corpus, themes)
    return Ledger(corpus.place, corpus.warnings, lambda name: f"{page_of(name)}.html")


def _page_of(corpus: Corpus, themes: Mapping[str, str], name: str) -> str:
    """Return the page with the evidence of a claim: that of the theme that it is about."""
    if len(corpus.segments) <= FEW_PASSAGES:
        return evidence_page(corpus.place)
    kind, *rest = name.split(".")
    if kind in GROWING and len(corpus.segments) > MANY_PASSAGES:
        return evidence_page(corpus.place, kind)
    found = [themes[part] for part in (kind, *rest) if part in themes]
    return evidence_page(corpus.place, found[0] if found else "")


def show_everything(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the words behind each number and every passage, or in a build the links to these.

    Claims that are made later have no evidence.
    """
    build = corpus.build
    title = element("h2", say("Every number and every passage"))
    if build is None:
        here = segments_of(corpus.listed_here.head(MOST_IN_NOTEBOOK))
        entries = list_evidence(ledger, _Behind(corpus, ledger).show)
        return ledger.show(
            title,
            element("h3", say("The words behind each number")),
            element("div", *entries, class_="evidence"),
            element("h3", say("Every passage of the focus groups of this place")),
            show_passages(corpus, here),
            show_passages(corpus, segments_of(corpus.context_segments)),
        )
    numbers = _write_evidence(corpus, ledger, build)
    passages = write_passages(corpus, build)
    return ledger.show(
        title,
        element("p", say("The words behind each number, by theme:")) if numbers else "",
        items(numbers, kind="inline"),
        element("p", say("Every passage of the focus groups of this place:")) if passages else "",
        items(passages, kind="inline"),
    )


def _write_evidence(corpus: Corpus, ledger: Ledger, build: BuildFolder) -> list[Markup]:
    """Write the words behind numbers to a page for each theme, and return the links to these."""
    by_page: dict[str, list[Claim]] = defaultdict(list)
    for claim in ledger:
        by_page[claim.page.removesuffix(".html")].append(claim)
    behind, book = _Behind(corpus, ledger), corpus.study.codebook
    names = {evidence_page(corpus.place, kind): translate(said) for kind, said in GROWING.items()}
    names |= {evidence_page(corpus.place, theme): book.name(theme) for theme in book.themes}
    others = translate("All other numbers") if len(by_page) > 1 else translate("All numbers")
    names[evidence_page(corpus.place)] = others
    links = []
    for page, name in names.items():
        if claims := by_page.get(page):
            title = say("The words behind each number: {theme}", theme=term(name))
            body = fit_evidence(ledger, corpus.place, claims, behind.show, MOST_SHOWN)
            stem = page.removeprefix(f"{corpus.place}.")
            build.write_page(corpus.place, stem, f"{element('h2', title)}\n{body}\n")
            links.append(element("a", term(name), href=f"{page}.html"))
    return links


def fit_evidence(
    ledger: Ledger, report: str, claims: Sequence[Claim], show: Callable[..., Content], most: int
) -> Markup:
    """Return what claims rest on as a page of a report, with less of each if it's too large.

    ``show`` returns what a claim rests on, ``most`` so much of it.
    """
    back = partial(_link_back, ledger, report)
    while True:
        entries = list_evidence(claims, partial(show, most=most), back=back, level=3)
        body = element("div", *entries, class_="evidence")
        size = len(body.encode())
        if size <= BYTES_A_PAGE or most == 1:
            return body
        most = max(1, min(most - 1, most * BYTES_A_PAGE // size))


def _link_back(ledger: Ledger, report: str, claim: Claim) -> Markup:
    """Return a link to where a report first shows a claim."""
    anchor = ledger.where(claim)
    address = f"{report}.html{f'#{anchor}' if anchor else ''}"
    return element("a", say("Back to the report"), href=address)


def show_evidence(ledger: Ledger, address_of: Callable[[str], str]) -> Fragment:
    """Return what each claim made so far rests on by ids, for a report that is one page.

    ``address_of`` returns the address of a segment; ``""`` where no page shows it.
    """
    link = cache(lambda segment: _link(segment, address_of(segment)))
    entries = list_evidence(ledger, lambda claim: _name_evidence(claim, link))
    return ledger.show(
        element("h3", say("What each number rests on")), element("div", *entries, class_="evidence")
    )


def list_evidence(
    claims: Iterable[Claim],
    show: Callable[[Claim], Content],
    *,
    back: Callable[[Claim], Content] | None = None,
    level: int = 4,
) -> list[Markup]:
    """Return what claims rest on; claims on the same segments share an entry.

    Each claim is at its own id, with its label and its value. ``show`` returns what a claim
    rests on, and ``back``, on another page than the report, the link to where the report shows it:
    an entry without opens over the page. ``level`` is that of the headings.
    """
    alike: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        alike.setdefault(claim.segments or claim.focus_groups or (claim.id,), []).append(claim)
    return [
        element(
            "article",
            element(f"h{level}", term(first.label)),
            element("p", _describe(first), *(_then(back(first)) if back else ())),
            *(_show_same(claim, back) for claim in others),
            show(first),
            class_="behind" if back else "evidence-entry",
            id=first.id,
        )
        for first, *others in alike.values()
    ]


def _show_same(claim: Claim, back: Callable[[Claim], Content] | None) -> Markup:
    link = _then(back(claim)) if back else ()
    label = element("strong", term(claim.label))
    return element("p", label, ": ", _describe(claim), *link, id=claim.id, tabindex="-1")


def _then(link: Content) -> tuple[Content, ...]:
    return (" \u00b7 ", link)


def _describe(claim: Claim) -> Markup:
    return join([term(claim.quantity), " \u00b7 ", element("code", claim.id)])


class _Behind:
    """Shows the passages behind the claims of a report in their words, by focus group."""

    def __init__(self, corpus: Corpus, claims: Iterable[Claim]) -> None:
        self._corpus = corpus
        self._segments = corpus.by_id | {
            each.segment: each for each in segments_of(corpus.context_segments)
        }
        chosen = {
            each.segment
            for claim in claims
            for each in take_in_turn(self._passages(claim), MOST_SHOWN)
        }
        self._words = read_words(corpus, chosen)
        self._passage = cache(self._show_passage)
        self._group = cache(partial(_link_group, corpus))

    def show(self, claim: Claim, most: int = MOST_SHOWN) -> Markup:
        """Return the passages of a claim, one of each focus group before any second one."""
        found = self._passages(claim)
        # A page that is too large names fewer groups too.
        named = LISTED_GROUPS * most // MOST_SHOWN
        groups = len({each.focus_group for each in found})
        chosen = take_in_turn(found, min(most, max(groups, OF_FEW_GROUPS)))
        by_group: dict[str, list[Segment]] = defaultdict(list)
        for segment in chosen:
            by_group[segment.focus_group].append(segment)
        shown = [
            join([self._group(group), self._list_passages(by_group[group])])
            for group in sorted(by_group)
        ]
        parts = [
            items(shown, kind="words"),
            self._note_more(found, chosen, named),
            "" if found else self._list_groups(claim.focus_groups, named),
            _name_set_aside([name for name in claim.segments if name not in self._segments]),
        ]
        return join(parts) or element("p", say(NOTHING))

    def _passages(self, claim: Claim) -> list[Segment]:
        return [self._segments[name] for name in claim.segments if name in self._segments]

    def _list_passages(self, segments: Sequence[Segment]) -> Markup:
        """Return the passages of a group; where it shows none of its words, why, and where."""
        if not all(each.withheld for each in segments):
            return element("ul", *map(self._passage, segments))
        links = join(map(self._link_passage, segments), ", ")
        return element("ul", element("li", _why_no_words(segments[0]), " ", links))

    def _show_passage(self, segment: Segment) -> Markup:
        text = segment.text or self._words.get(segment.segment, "")
        said = join([*_label(segment), text or _why_no_words(segment)])
        if text and (language := written_in(segment.language)):
            said = element("span", said, **language)
        return element("li", said, " ", self._link_passage(segment))

    def _link_passage(self, segment: Segment) -> Markup:
        where = place_in_source(self._corpus, segment)
        return element("a", where, href=self._corpus.address_of(segment.segment))

    def _note_more(
        self, found: Sequence[Segment], chosen: Collection[Segment], named: int
    ) -> Content:
        """Return how many passages are not shown, and where they are."""
        number = len(found) - len(chosen)
        if not number:
            return ""
        shown = {each.segment for each in chosen}
        groups = {each.focus_group for each in found if each.segment not in shown}
        note = say_number(
            "{n} more passage is among those of this focus group:",
            "{n} more passages are among those of these focus groups:",
            number,
            n=write_number(number),
        )
        return join([element("p", note), self._list_groups(sorted(groups), named)])

    def _list_groups(self, groups: Sequence[str], most: int) -> Content:
        return _list_some(groups, self._group, most, kind="inline")


def list_groups(
    corpus: Corpus | Coverage, groups: Sequence[str], most: int = LISTED_GROUPS
) -> Content:
    """Return focus groups by country and date, each a link to its passages."""
    return _list_some(groups, partial(_link_group, corpus), most, kind="inline")


def _list_some(
    groups: Sequence[str], name: Callable[[str], Markup], most: int, kind: str = ""
) -> Markup:
    """List focus groups; of very many, some from all over the list, so that no place is left out.

    How many others there are is below the list.
    """
    named = groups[:: -(-len(groups) // most) or 1]
    listed = items(map(name, named), kind=kind)
    rest = len(groups) - len(named)
    if not rest:
        return listed
    more = say_number(
        "The evidence.json of the report lists {n} more focus group.",
        "The evidence.json of the report lists {n} more focus groups.",
        rest,
        n=term(write_number(rest)),
    )
    return join([listed, element("p", more)])


def _link_group(corpus: Corpus | Coverage, group: str) -> Markup:
    met = describe_group(corpus, group)
    address = corpus.address_of_group(group)
    return element("a", met, href=address) if address else met


def _why_no_words(segment: Segment) -> Content:
    reason = why_no_words(segment)
    return say(reason) if reason else ""


def _label(segment: Segment) -> list[Content]:
    return [element("b", segment.label), " "] if segment.label else []


def take_in_turn(segments: Sequence[Segment], most: int) -> list[Segment]:
    """Return at most so many segments, one of each focus group before any second one.

    They are in the order of the segments given.
    """
    if len(segments) <= most:
        return list(segments)
    so_far: Counter[str] = Counter()
    ranked = []
    for at, segment in enumerate(segments):
        ranked.append((so_far[segment.focus_group], at))
        so_far[segment.focus_group] += 1
    return [segments[at] for at in sorted(at for _, at in sorted(ranked)[:most])]


def _name_set_aside(segments: Sequence[str]) -> Content:
    """Name segments that no page shows in their words: those that cleaning set aside."""
    if not segments:
        return ""
    note = element("p", say("Set aside by cleaning; the page on cleaning gives the reason:"))
    return join([note, items([element("code", name) for name in segments[:LISTED]], kind="inline")])


def _name_evidence(claim: Claim, link: Callable[[str], Markup]) -> Markup:
    """Return what a claim rests on by ids: segments, or focus groups where these are too many."""
    if len(claim.segments) > LISTED:
        note = say(
            "Rests on passages of these focus groups; the evidence.json of the report lists each."
        )
        return join([element("p", note), _list_some(claim.focus_groups, term, LISTED)])
    if claim.segments:
        return element("ul", join([link(segment) for segment in claim.segments]))
    return _list_some(claim.focus_groups, term, LISTED) or element("p", say(NOTHING))


def _link(segment: str, address: str) -> Markup:
    return element("li", element("a", segment, href=address) if address else segment)
