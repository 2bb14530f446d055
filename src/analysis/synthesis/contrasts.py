"""Contrasts: the regions of a continent side by side, and how they differ."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis.study.language import translate
from analysis.synthesis.captions import caption
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS
from analysis.synthesis.heat_table import HOW_TO_READ, Column, HeatRow, heat_table
from analysis.synthesis.markup import (
    Row,
    element,
    items,
    join,
    list_words,
    say,
    say_number,
    table,
    term,
)
from analysis.synthesis.named_codes import link_code
from analysis.tables.focus_groups import split_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

# A region of fewer groups is voices, and not a pattern to compare.
COMPARED_FROM = 5
APART_FROM = Fraction(1, 3)
MOST_SHOWN = 8
TOPICS = "topics"


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
        The same among the continent-wide discussions, where there are coded ones.
    """

    code: str
    name: str
    is_theme: bool
    regions: dict[str, Claim]
    wider: Claim | None


@dataclass(frozen=True)
class Difference:
    """A code that two regions raise in shares that differ by a third or more.

    Parameters
    ----------
    contrast : Contrast
        The code in each region.
    more, less : str
        The region with the larger share, and that with the smaller one.
    size : Fraction
        By how much their shares differ.
    holds : bool
        Whether it has the same direction counting one coder for each focus group.
    """

    contrast: Contrast
    more: str
    less: str
    size: Fraction
    holds: bool


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
        In the codebook's order, themes before their codes; empty where no region has a coded focus
        group.
    """
    if not _regions(corpus):
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


def _at_home(corpus: Corpus, home: str) -> set[str]:
    """Return the coded focus groups of a region, or of the continent itself."""
    return {group for group in corpus.coded_groups if corpus.homes[group] == home}


def _contrast(corpus: Corpus, ledger: Ledger, code: str) -> Contrast:
    book, raised, regions = corpus.study.codebook, corpus.raised(code), _regions(corpus)

    def claim(name: str, label: str, home: str) -> Claim:
        groups = _at_home(corpus, home)
        return ledger.count(
            f"region.{name}.{code}",
            label,
            groups.intersection(raised.focus_groups),
            of=groups,
            segments=[s for s in raised.segments if corpus.by_id[s].focus_group in groups],
        )

    label = translate(
        "Continent-wide discussions, counted in {place}, that raised {topic}",
        place=corpus.name,
        topic=book.name(code),
    )
    here = {region: claim(region, _label(corpus, region, code), region) for region in regions}
    wider = claim("wider", label, corpus.place)
    return Contrast(
        code=code,
        name=book.name(code),
        is_theme=code in book.themes,
        regions=here,
        wider=wider if wider.denominator else None,
    )


def _label(corpus: Corpus, region: str, code: str) -> str:
    return translate(
        "Focus groups in {region}, within {place}, that raised {topic}",
        region=corpus.study.places.name(region),
        place=corpus.name,
        topic=corpus.study.codebook.name(code),
    )


def show_by_region(corpus: Corpus, ledger: Ledger, contrasts: Sequence[Contrast]) -> Fragment:
    """Return the table of themes and codes by region, with the continent's own numbers."""
    if not contrasts or len(_regions(corpus)) < 2:
        return ledger.show()
    name = corpus.study.places.name
    columns = [Column(say("Topic"), "")]
    columns += [
        Column(term(name(region)), _size(corpus, ledger, region)) for region in contrasts[0].regions
    ]
    if contrasts[0].wider:
        columns.append(Column(say("Continent-wide"), _size(corpus, ledger, corpus.place)))
    columns.append(Column(term(corpus.name), _size(corpus, ledger, "")))
    rows = [
        HeatRow(
            link_code(corpus.study, each.code),
            [
                *each.regions.values(),
                *([each.wider] if each.wider else []),
                ledger[f"prevalence.{each.code}"],
            ],
            each.is_theme,
        )
        for each in contrasts
    ]
    title = translate(
        "Focus groups that raised each topic, by region of {place}", place=corpus.name
    )
    return ledger.show(
        element("h2", say("Topic by topic, region by region"), id="by-region"),
        heat_table("by-region", title, columns, rows),
        caption(corpus, ledger, translate(HOW_TO_READ), "region"),
    )


def _size(corpus: Corpus, ledger: Ledger, home: str) -> Markup:
    """Return how many coded focus groups and how many passages a column counts."""
    groups = _at_home(corpus, home) if home else set(corpus.coded_groups)
    names = corpus.segments["focus_group"].isin(groups)
    segments = corpus.segments.loc[names, "segment"].tolist()
    part = f".{'wider' if home == corpus.place else home}" if home else ""
    within = translate("{region} in {place}", region=home, place=corpus.name)
    where = within if home else corpus.name
    counted = ledger.number(
        f"columns.groups{part}",
        translate("Coded focus groups of {place}", place=where),
        (len(groups), FOCUS_GROUPS),
        focus_groups=groups,
    )
    passages = ledger.number(
        f"columns.passages{part}",
        translate("Passages of coded focus groups of {place}", place=where),
        (len(segments), SEGMENTS),
        focus_groups=groups,
        segments=segments,
    )
    return say_number(
        "{n} group, {passages} passages",
        "{n} groups, {passages} passages",
        counted.value,
        n=counted,
        passages=passages,
    )


def find_differences(corpus: Corpus, contrasts: Sequence[Contrast]) -> list[Difference]:
    """Return the codes on which two regions of five or more groups differ by a third or more.

    Each is compared between the region with the largest and that with the smallest share, widest
    first; ties are in the codebook's order. A difference holds if it has the same direction when
    one coder is counted for each focus group: the first of `study.yaml` who coded it.
    """
    found = []
    for contrast in contrasts:
        shares = {
            region: share_of(claim)
            for region, claim in contrast.regions.items()
            if (claim.denominator or 0) >= COMPARED_FROM
        }
        if contrast.is_theme or len(shares) < 2:
            continue
        more, less = max(shares, key=lambda r: shares[r]), min(shares, key=lambda r: shares[r])
        size = shares[more] - shares[less]
        if size >= APART_FROM:
            first = _first_coder(corpus, contrast.code)
            holds = _share_of_first(corpus, more, first) > _share_of_first(corpus, less, first)
            found.append(Difference(contrast, more, less, size, holds))
    return sorted(found, key=lambda each: -each.size)


def _first_coder(corpus: Corpus, code: str) -> set[str]:
    """Return the focus groups in which the first coder applied a code."""
    codings = corpus.codings
    named = (codings["code"] == code) & codings["by_first"]
    return set(codings.loc[named, "focus_group"].astype("str"))


def _share_of_first(corpus: Corpus, region: str, raised: set[str]) -> Fraction:
    groups = _at_home(corpus, region)
    return Fraction(len(groups & raised), len(groups) or 1)


def show_differences(corpus: Corpus, ledger: Ledger, contrasts: Sequence[Contrast]) -> Fragment:
    """Return how regions differ, what depends on who coded, and what nobody in a region raised."""
    regions = _regions(corpus)
    if len(regions) < 2 or not contrasts:
        return ledger.show()
    compared = [r for r in regions if len(_at_home(corpus, r)) >= COMPARED_FROM]
    parts: list[Content] = [element("h2", say("How regions differ"), id="differences")]
    parts += _say_compared(corpus, ledger, compared)
    if len(compared) > 1:
        differences = find_differences(corpus, contrasts)
        parts += _show_holding(corpus, ledger, [each for each in differences if each.holds])
        parts += _show_doubtful(corpus, ledger, [each for each in differences if not each.holds])
    parts += _show_silent(corpus, contrasts, compared)
    return ledger.show(*parts)


def _say_compared(corpus: Corpus, ledger: Ledger, compared: Sequence[str]) -> list[Content]:
    """Return which regions are compared, who coded each, and which have too few groups."""
    name = corpus.study.places.name
    lines: list[Content] = []
    for region in compared:
        groups = corpus.focus_groups[
            corpus.focus_groups["focus_group"].isin(_at_home(corpus, region))
        ]
        coders = sorted({coder for named in groups["coders"] for coder in split_values(named)})
        lines.append(
            say(
                "{region}: coded by {coders}.",
                region=term(name(region)),
                coders=list_words([element("code", coder) for coder in coders]),
            )
        )
    for region in _regions(corpus):
        if region not in compared:
            few = ledger.number(
                f"columns.groups.{region}",
                translate(
                    "Coded focus groups of {place}",
                    place=translate("{region} in {place}", region=region, place=corpus.name),
                ),
                (len(_at_home(corpus, region)), FOCUS_GROUPS),
                focus_groups=_at_home(corpus, region),
            )
            lines.append(
                say_number(
                    "{region}: {n} group, too few to compare.",
                    "{region}: {n} groups, too few to compare.",
                    few.value,
                    region=term(name(region)),
                    n=few,
                )
            )
    rule = say("Only regions with five or more coded focus groups are compared.")
    return [element("p", rule, class_="hint"), items(lines)]


def _show_holding(
    corpus: Corpus, ledger: Ledger, differences: Sequence[Difference]
) -> list[Content]:
    if not differences:
        none = say("No topic differs by a third or more of the groups of two regions.")
        return [element("p", none)]
    shown, more = differences[:MOST_SHOWN], differences[MOST_SHOWN:]
    place = corpus.name
    counted_shown = ledger.number(
        "differences.shown",
        translate("Differences between regions of {place} that are shown", place=place),
        (len(shown), TOPICS),
    )
    counted_all = ledger.number(
        "differences",
        translate(
            "Differences of a third or more between regions of {place} that hold with one coder",
            place=place,
        ),
        (len(differences), TOPICS),
    )
    title = say(
        "Topics on which regions differ by a third or more, widest first: {shown} of {all} shown",
        shown=counted_shown,
        all=counted_all,
    )
    about = translate(
        "A difference is listed if its direction is the same when one coder is counted for each "
        "focus group."
    )
    parts: list[Content] = [
        _table(corpus, "differences", title, shown),
        caption(corpus, ledger, about, "region"),
    ]
    if more:
        title = say("The other differences")
        rest = _table(corpus, "more-differences", title, more)
        parts.append(element("details", element("summary", title), rest))
    return parts


def _show_doubtful(
    corpus: Corpus, ledger: Ledger, differences: Sequence[Difference]
) -> list[Content]:
    if not differences:
        return []
    number = ledger.number(
        "differences.doubtful",
        translate(
            "Differences between regions of {place} that depend on who coded", place=corpus.name
        ),
        (len(differences), TOPICS),
    )
    summary = say_number(
        "{n} difference depends on who coded", "{n} differences depend on who coded",
        number.value, n=number,
    )  # fmt: skip
    title = say("Differences that depend on who coded")
    whole = _table(corpus, "doubtful", title, differences)
    return [element("details", element("summary", summary), whole)]


def _table(
    corpus: Corpus, identifier: str, title: Content, differences: Sequence[Difference]
) -> Markup:
    name = corpus.study.places.name
    regions = [r for r in _regions(corpus) if len(_at_home(corpus, r)) >= COMPARED_FROM]
    rows = [
        Row(
            link_code(corpus.study, each.contrast.code),
            [each.contrast.regions[region] for region in regions],
        )
        for each in differences
    ]
    return table(identifier, title, [translate("Topic"), *map(name, regions)], rows)


def _show_silent(
    corpus: Corpus, contrasts: Sequence[Contrast], compared: Sequence[str]
) -> list[Content]:
    """Return, for each region compared, the codes that nobody there raised."""
    lines = []
    for region in compared:
        silent = [
            each.name
            for each in contrasts
            if not each.is_theme and not each.regions[region].numerator
        ]
        if silent:
            lines.append(
                say(
                    "{region}: {topics}.",
                    region=term(corpus.study.places.name(region)),
                    topics=join([term(name) for name in silent], ", "),
                )
            )
    if not lines:
        return []
    return [element("h3", say("Topics that nobody in a region raised")), items(lines)]
