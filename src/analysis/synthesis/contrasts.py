"""Contrasts: the regions of a continent side by side, and how they differ."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import translate
from analysis.synthesis.captions import caption
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS
from analysis.synthesis.heat_table import HOW_TO_READ, Column, HeatRow, heat_table
from analysis.synthesis.links import link_code
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
from analysis.synthesis.prevalence import describe_size, size_of_all
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


class Contrast(NamedTuple):
    """A theme or code in each region of a continent.

    Each claim counts the focus groups that raised it, of those of the region's part with a coded
    segment; ``wider`` does among the continent-wide discussions, where there are coded ones.
    """

    code: str
    is_theme: bool
    regions: dict[str, Claim]
    wider: Claim | None


class Difference(NamedTuple):
    """A code that two regions raise in shares that differ by a third or more.

    It ``holds`` if it has the same direction counting one coder for each focus group.
    """

    contrast: Contrast
    more: str
    less: str
    size: Fraction
    holds: bool


def contrast_regions(corpus: Corpus, ledger: Ledger) -> list[Contrast]:
    """Return each theme and code in each region of a continent.

    They are in the codebook's order, themes before their codes; there are none where no region has
    a coded focus group.
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
    book, raised = corpus.study.codebook, corpus.raised(code)

    def claim(name: str, label: str, home: str) -> Claim:
        groups = _at_home(corpus, home)
        return ledger.count(
            f"region.{name}.{code}",
            label,
            groups.intersection(raised.focus_groups),
            of=groups,
            segments=[s for s in raised.segments if corpus.by_id[s].focus_group in groups],
        )

    words = {"place": corpus.name, "topic": book.name(code)}
    here = {
        region: claim(
            region,
            translate(
                "Focus groups in {region}, within {place}, that raised {topic}",
                region=corpus.study.places.name(region),
                **words,
            ),
            region,
        )
        for region in _regions(corpus)
    }
    label = translate(
        "Continent-wide discussions, counted in {place}, that raised {topic}", **words
    )
    wider = claim("wider", label, corpus.place)
    return Contrast(code, code in book.themes, here, wider if wider.denominator else None)


def show_by_region(corpus: Corpus, ledger: Ledger, contrasts: Sequence[Contrast]) -> Fragment:
    """Return the table of themes and codes by region, with the continent's own numbers."""
    if len(_regions(corpus)) < 2:
        return ledger.show()
    first, name = contrasts[0], corpus.study.places.name
    homes = {region: term(name(region)) for region in first.regions}
    if first.wider:
        homes[corpus.place] = say("Continent-wide")
    columns = [
        Column(say("Topic"), ""),
        *(Column(head, _size(corpus, ledger, home)) for home, head in homes.items()),
        Column(term(corpus.name), size_of_all(corpus, ledger)),
    ]
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
    heading = say(
        "Topic by topic, region by region"
        if corpus.study.has_countries
        else "Topic by topic, place by place"
    )
    title = translate(
        "Focus groups that raised each topic, by region of {place}"
        if corpus.study.has_countries
        else "Focus groups that raised each topic, by place within {place}",
        place=corpus.name,
    )
    return ledger.show(
        element("h2", heading, id="by-region"),
        heat_table("by-region", title, columns, rows),
        caption(corpus, ledger, translate(HOW_TO_READ), "region"),
    )


def _size(corpus: Corpus, ledger: Ledger, home: str) -> Markup:
    """Return how many coded focus groups and how many passages the column of a region counts."""
    groups, (part, name) = _at_home(corpus, home), _name_part(corpus, home)
    rows = corpus.segments[corpus.segments["focus_group"].isin(groups)]
    passages = ledger.number(
        f"columns.passages.{part}",
        translate("Passages of coded focus groups of {place}", place=name),
        (len(rows), SEGMENTS),
        focus_groups=groups,
        segments=rows["segment"],
    )
    return describe_size(_claim_at_home(corpus, ledger, home), passages)


def _claim_at_home(corpus: Corpus, ledger: Ledger, home: str) -> Claim:
    """Return the claim of how many coded focus groups a region, or the continent itself, has."""
    groups, (part, name) = _at_home(corpus, home), _name_part(corpus, home)
    label = translate("Coded focus groups of {place}", place=name)
    quantity = (len(groups), FOCUS_GROUPS)
    return ledger.number(f"columns.groups.{part}", label, quantity, focus_groups=groups)


def _name_part(corpus: Corpus, home: str) -> tuple[str, str]:
    """Return a part of the continent as claims name it in their ids, and in words."""
    wider, name = translate("Continent-wide discussions"), corpus.study.places.name(home)
    part, region = ("wider", wider) if home == corpus.place else (home, name)
    return part, translate("{region} in {place}", region=region, place=corpus.name)


def find_differences(corpus: Corpus, contrasts: Sequence[Contrast]) -> list[Difference]:
    """Return the codes on which two regions of five or more groups differ by a third or more.

    Each is compared between the region with the largest and that with the smallest share, widest
    first; ties are in the codebook's order. A difference holds if it has the same direction when
    one coder is counted for each focus group: the first of `study.yaml` who coded it.
    """
    found = []
    for contrast in contrasts:
        shares = {
            region: claim.share
            for region, claim in contrast.regions.items()
            if (claim.denominator or 0) >= COMPARED_FROM
        }
        if contrast.is_theme or len(shares) < 2:
            continue
        more, less = max(shares, key=lambda r: shares[r]), min(shares, key=lambda r: shares[r])
        size = shares[more] - shares[less]
        if size >= APART_FROM:
            first = _raised_by_first(corpus, contrast.code)
            of_first = [
                Fraction(len(first & groups), len(groups))
                for groups in (_at_home(corpus, more), _at_home(corpus, less))
            ]
            found.append(Difference(contrast, more, less, size, of_first[0] > of_first[1]))
    return sorted(found, key=lambda each: -each.size)


def _raised_by_first(corpus: Corpus, code: str) -> set[str]:
    """Return the focus groups in which the first coder applied a code."""
    codings = corpus.codings
    named = (codings["code"] == code) & codings["by_first"]
    return set(codings.loc[named, "focus_group"].astype("str"))


def show_differences(corpus: Corpus, ledger: Ledger, contrasts: Sequence[Contrast]) -> Fragment:
    """Return how regions differ, what depends on who coded, and what nobody in a region raised."""
    if len(_regions(corpus)) < 2:
        return ledger.show()
    compared = _compared(corpus)
    title = say("How regions differ" if corpus.study.has_countries else "How places differ")
    parts: list[Content] = [
        element("h2", title, id="differences"),
        *_describe_compared(corpus, ledger, compared),
    ]
    if len(compared) > 1:
        differences = find_differences(corpus, contrasts)
        parts += _show_holding(corpus, ledger, [each for each in differences if each.holds])
        parts += _show_doubtful(corpus, ledger, [each for each in differences if not each.holds])
    parts += _show_silent(corpus, contrasts, compared)
    return ledger.show(*parts)


def _compared(corpus: Corpus) -> list[str]:
    """Return the regions of enough coded focus groups to compare."""
    return [r for r in _regions(corpus) if len(_at_home(corpus, r)) >= COMPARED_FROM]


def _describe_compared(corpus: Corpus, ledger: Ledger, compared: Sequence[str]) -> list[Content]:
    """Return which regions are compared, who coded each, and which have too few groups."""
    name = corpus.study.places.name
    coders_of = corpus.focus_groups.set_index("focus_group")["coders"]
    lines: list[Content] = []
    for region in compared:
        named = coders_of[sorted(_at_home(corpus, region))]
        coders = sorted({coder for each in named for coder in split_values(each)})
        codes = list_words([element("code", coder) for coder in coders])
        lines.append(say("{region}: coded by {coders}.", region=term(name(region)), coders=codes))
    for region in _regions(corpus):
        if region not in compared:
            few = _claim_at_home(corpus, ledger, region)
            lines.append(
                say_number(
                    "{region}: {n} group, too few to compare.",
                    "{region}: {n} groups, too few to compare.",
                    few.value,
                    region=term(name(region)),
                    n=few,
                )
            )
    rule = say(
        "Only regions with five or more coded focus groups are compared."
        if corpus.study.has_countries
        else "Only places with five or more coded focus groups are compared."
    )
    return [element("p", rule, class_="hint"), items(lines)]


def _show_holding(
    corpus: Corpus, ledger: Ledger, differences: Sequence[Difference]
) -> list[Content]:
    """Return the differences that hold, the widest first and the others one click away."""
    if not differences:
        none = say(
            "No topic differs by a third or more of the groups of two regions."
            if corpus.study.has_countries
            else "No topic differs by a third or more of the groups of two places."
        )
        return [element("p", none)]
    shown, more = differences[:MOST_SHOWN], differences[MOST_SHOWN:]
    title = say(
        "Topics on which regions differ by a third or more, widest first: {shown} of {all} shown"
        if corpus.study.has_countries
        else "Topics on which places differ by a third or more, widest first: {shown} of {all} "
        "shown",
        shown=ledger.number(
            "differences.shown",
            translate("Differences between regions of {place} that are shown", place=corpus.name),
            (len(shown), TOPICS),
        ),
        all=ledger.number(
            "differences",
            translate(
                "Differences of a third or more between regions of {place} that hold with one "
                "coder",
                place=corpus.name,
            ),
            (len(differences), TOPICS),
        ),
    )
    about = translate(
        "A difference is listed if its direction is the same when one coder is counted for each "
        "focus group."
    )
    parts = [_table(corpus, "differences", title, shown), caption(corpus, ledger, about, "region")]
    if more:
        title = say("The other differences")
        rest = _table(corpus, "more-differences", title, more)
        parts.append(element("details", element("summary", title), rest))
    return [*parts]


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
    regions = _compared(corpus)
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
            corpus.study.codebook.name(each.code)
            for each in contrasts
            if not each.is_theme and not each.regions[region].numerator
        ]
        if silent:
            lines.append(
                say(
                    "In {region}, nobody raised: {topics}.",
                    region=term(corpus.study.places.name(region)),
                    topics=join([term(name) for name in silent], ", "),
                )
            )
    if not lines:
        return []
    title = say(
        "Topics that nobody in a region raised"
        if corpus.study.has_countries
        else "Topics that nobody in a place raised"
    )
    return [element("h3", title), items(lines)]
