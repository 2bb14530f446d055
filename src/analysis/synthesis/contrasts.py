"""Contrasts: the regions of a continent side by side, what they share and where they part."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis.synthesis.figures import draw, paint_dots
from analysis.synthesis.markup import Row, element, table, term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

SHARED_FROM = Fraction(1, 2)
APART_FROM = Fraction(1, 3)
MOST_SHOWN = 8


@dataclass(frozen=True)
class Contrast:
    """A theme or code in each region of a continent.

    Parameters
    ----------
    code : str
        The theme or code.
    name : str
        Its name.
    is_theme : bool
        Whether it is a theme.
    regions : dict of str to Claim
        The focus groups of each region that raised it, of those of the region's part with a coded
        segment.
    wider : Claim or None
        The same among the wider submissions, where there are coded ones.
    others : dict of str to Claim
        For each region, the same in all other regions of the continent together.
    """

    code: str
    name: str
    is_theme: bool
    regions: dict[str, Claim]
    wider: Claim | None
    others: dict[str, Claim]

    @property
    def spread(self) -> Fraction:
        """The largest difference of shares between two regions."""
        shares = [share_of(claim) for claim in self.regions.values()]
        return max(shares) - min(shares)

    @property
    def is_shared(self) -> bool:
        """Whether at least half of the focus groups of every region raised it."""
        return all(share_of(claim) >= SHARED_FROM for claim in self.regions.values())


def share_of(claim: Claim) -> Fraction:
    """Return the share of focus groups, to compare with exactly; never shown as a percentage."""
    return Fraction(claim.numerator or 0, claim.denominator or 1)


def contrast_regions(corpus: Corpus, ledger: Ledger) -> list[Contrast]:
    """Return each theme and code in each region of a continent.

    Parameters
    ----------
    corpus : Corpus
        The corpus of a continent.
    ledger : Ledger
        Where the claims are made.

    Returns
    -------
    list of Contrast
        In the codebook's order, themes before their codes; empty where fewer than two regions
        have a coded focus group.
    """
    if len(_regions(corpus)) < 2:
        return []
    book = corpus.study.codebook
    return [
        _contrast(corpus, ledger, code)
        for theme in book.themes
        for code in (theme, *book.codes_of(theme))
    ]


def _regions(corpus: Corpus) -> list[str]:
    """Return the regions that have a coded focus group."""
    return sorted({corpus.homes[group] for group in corpus.coded_groups} - {corpus.place})


def _contrast(corpus: Corpus, ledger: Ledger, code: str) -> Contrast:
    book, raised, regions = corpus.study.codebook, corpus.raised(code), _regions(corpus)

    def claim(name: str, where: str, counted: Sequence[str]) -> Claim:
        at_home = {group for group in corpus.coded_groups if corpus.homes[group] in counted}
        return ledger.count(
            f"{name}.{code}",
            f"Focus groups {where} that raised {book.name(code)}",
            at_home.intersection(raised.focus_groups),
            of=at_home,
            segments=[
                segment
                for segment in raised.segments
                if corpus.by_id[segment].focus_group in at_home
            ],
        )

    here, others = {}, {}
    for region in regions:
        name = corpus.study.places.name(region)
        here[region] = claim(f"region.{region}", f"in {name}, within {corpus.name},", [region])
        rest = [other for other in regions if other != region]
        beside = f"in the regions of {corpus.name} other than {name}"
        others[region] = claim(f"others.{region}", beside, rest)
    wider = claim("region.wider", f"of wider scope, counted in {corpus.name},", [corpus.place])
    return Contrast(
        code=code,
        name=book.name(code),
        is_theme=code in book.themes,
        regions=here,
        wider=wider if wider.denominator else None,
        others=others,
    )


def show_side_by_side(corpus: Corpus, ledger: Ledger, contrasts: Sequence[Contrast]) -> Fragment:
    """Return the table of themes by region, the wider submissions and the continent beside them."""
    if not contrasts:
        return ledger.show(element("p", _no_regions(corpus)))
    named = [corpus.study.places.name(region) for region in contrasts[0].regions]
    named += ["Wider submissions"] if contrasts[0].wider else []
    rows = [
        Row(
            term(contrast.name),
            [
                *contrast.regions.values(),
                *([contrast.wider] if contrast.wider else []),
                ledger[f"prevalence.{contrast.code}"],
            ],
            kind="theme" if contrast.is_theme else "code",
        )
        for contrast in contrasts
    ]
    caption = f"Focus groups that raised each theme and code, by region of {corpus.name}"
    columns = ["Theme and code", *named, corpus.name]
    return ledger.show(table("regions", caption, columns, rows))


def _no_regions(corpus: Corpus) -> str:
    if not _regions(corpus):
        return (
            f"No submission of a single region of {corpus.name} was received: what follows rests "
            "on the wider submissions alone, and regions cannot be compared."
        )
    return f"Only one region of {corpus.name} has coded focus groups: there is none to compare."


def draw_contrasts(corpus: Corpus, ledger: Ledger, contrasts: Sequence[Contrast]) -> Fragment:
    """Return the figure of themes by region, as shares of the focus groups of each."""
    themes = [contrast for contrast in contrasts if contrast.is_theme]
    if not themes:
        return ledger.show()
    series = [
        (region.upper(), [float(share_of(theme.regions[region])) for theme in themes])
        for region in themes[0].regions
    ]
    counts = "; ".join(
        f"{theme.name}: "
        + ", ".join(f"{region.upper()} {claim.text}" for region, claim in theme.regions.items())
        for theme in themes
    )
    title = f"Share of the focus groups of each region of {corpus.name} that raised each theme"
    figure = draw(
        "figure-regions",
        title,
        f"{title}. {counts}.",
        rows=len(themes) + 1,
        paint=paint_dots([t.name for t in themes], series, ("none", "half", "all")),
    )
    return ledger.show(figure)


def show_shared_and_parted(
    corpus: Corpus, ledger: Ledger, contrasts: Sequence[Contrast]
) -> Fragment:
    """Return what the regions share, and the codes on which they part the most."""
    if not contrasts:
        return ledger.show()
    codes = [contrast for contrast in contrasts if not contrast.is_theme]
    shared = sorted((c for c in codes if c.is_shared), key=lambda c: c.name)
    parted = sorted((c for c in codes if c.spread >= APART_FROM), key=lambda c: (-c.spread, c.name))
    return ledger.show(
        element("h3", "Shared"),
        _show_list(corpus, "shared", "Codes that half or more of each region raised", shared),
        element("h3", "Where they part"),
        _show_list(
            corpus,
            "parted",
            "Codes on which shares differ by a third or more, widest first",
            parted[:MOST_SHOWN],
        ),
    )


def _show_list(
    corpus: Corpus, identifier: str, caption: str, contrasts: Sequence[Contrast]
) -> Content:
    if not contrasts:
        return element("p", f"{caption}: none.")
    named = [corpus.study.places.name(region) for region in contrasts[0].regions]
    rows = [Row(term(contrast.name), list(contrast.regions.values())) for contrast in contrasts]
    return table(identifier, caption, ["Code", *named], rows)


def show_against_others(corpus: Corpus, ledger: Ledger, contrasts: Sequence[Contrast]) -> Fragment:
    """Return, for each region, its themes against all others of the continent together."""
    if not contrasts:
        return ledger.show()
    themes = [contrast for contrast in contrasts if contrast.is_theme]
    parts: list[Content] = []
    for region in contrasts[0].regions:
        name = corpus.study.places.name(region)
        rows = [
            Row(term(theme.name), [theme.regions[region], theme.others[region]])
            for theme in sorted(themes, key=lambda t: _difference(t, region), reverse=True)
        ]
        caption = f"{name} against the other regions of {corpus.name}, most above them first"
        columns = ["Theme", name, "Other regions"]
        parts += [
            element("h3", element("a", name, href=f"{region}.html")),
            table(f"against-{region}", caption, columns, rows),
        ]
    return ledger.show(*parts)


def _difference(contrast: Contrast, region: str) -> Fraction:
    return share_of(contrast.regions[region]) - share_of(contrast.others[region])
