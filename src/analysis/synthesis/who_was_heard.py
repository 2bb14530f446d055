"""Who was heard: countries, dates and kinds of participants of the focus groups counted."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.study.dates import month_in_words
from analysis.study.language import translate, translate_number, write_number
from analysis.study.places import folder_of_places
from analysis.study.tiles import read_tiles
from analysis.synthesis.captions import caption
from analysis.synthesis.claims import FOCUS_GROUPS
from analysis.synthesis.drawing import draw
from analysis.synthesis.figures import paint_dates, paint_tiles
from analysis.synthesis.markup import (
    Row,
    element,
    join,
    list_words,
    say,
    say_number,
    table,
    term,
)
from analysis.synthesis.participants import claim_kinds, explain_rule
from analysis.tables.focus_groups import split_values
from analysis.tables.participants import kinds_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from analysis.study.places import Places
    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

COUNTRIES = "countries"
# More than a reader takes in as a sentence.
MOST_NAMED = 15


class Countries(NamedTuple):
    """The countries of a place.

    The focus groups of each country in which one met; the countries in which none met, in the order
    of their names; and the focus groups that met for a place wider than a country.
    """

    heard: Mapping[str, list[str]]
    silent: list[str]
    wider: list[str]


def countries_of(groups: pd.DataFrame, places: Places) -> set[str]:
    """Return the countries in which focus groups met; a place wider than a country names none."""
    named = {place for met_in in groups["places"].unique() for place in split_values(met_in)}
    return {place for place in named if places.scope(place) == "country"}


def find_countries(corpus: Corpus) -> Countries:
    """Return in which countries of a place focus groups met; one of two countries is in both."""
    places = corpus.study.places
    heard: dict[str, list[str]] = defaultdict(list)
    wider = []
    groups = corpus.focus_groups[["focus_group", "places"]].itertuples(index=False)
    for group, met_in in groups:
        countries = [at for at in split_values(met_in) if places.scope(at) == "country"]
        for country in countries:
            heard[country].append(str(group))
        if not countries:
            wider.append(str(group))
    silent = sorted(places.countries_in(corpus.place) - heard.keys(), key=places.name)
    return Countries({code: heard[code] for code in sorted(heard, key=places.name)}, silent, wider)


def claim_countries(corpus: Corpus, ledger: Ledger) -> tuple[Claim, Claim]:
    """Return the claims of how many countries were heard, and of how many the place has."""
    countries = find_countries(corpus)
    heard = ledger.number(
        "countries",
        translate("Countries of {place} in which focus groups met", place=corpus.name),
        (len(countries.heard), COUNTRIES),
        focus_groups=[group for groups in countries.heard.values() for group in groups],
    )
    every = ledger.number(
        "countries.all",
        translate("Countries of {place}", place=corpus.name),
        (len(corpus.study.places.countries_in(corpus.place)), COUNTRIES),
    )
    return heard, every


def show_heard(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return where and when focus groups met, as a map and a line of dates, and who took part."""
    if not len(corpus.focus_groups):
        return ledger.show()
    kinds = _show_kinds(corpus, ledger)
    if corpus.is_single:
        title = element("h2", say("Who was heard"), id="who-was-heard")
        return ledger.show(title, *kinds) if kinds else ledger.show()
    tiles, dates = _draw_map(corpus, ledger), _draw_dates(corpus, ledger)
    about = [
        *([say("An empty outline is a place in which no focus group met.")] if tiles else []),
        *([say("One dot is one focus group.")] if dates else []),
    ]
    words = element("div", *_describe_where(corpus, ledger), *kinds, _show_tables(corpus, ledger))
    return ledger.show(
        element("h2", say("Who was heard"), id="who-was-heard"),
        element("div", element("div", tiles, dates), words, class_="beside") if about else words,
        caption(corpus, ledger, join(about, " "), "countries"),
    )


def _describe_where(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the sentences on the countries heard and not heard; of many, these are folded."""
    if not corpus.study.has_countries:
        return []
    countries = find_countries(corpus)
    heard, every = claim_countries(corpus, ledger)
    said = [say("Focus groups met in {heard} of {all} countries.", heard=heard, all=every)]
    if countries.wider:
        said.append(_describe_wider(corpus, ledger, countries.wider))
    named = [term(corpus.study.places.name(code)) for code in countries.silent]
    if not named:
        return [element("p", join(said, " "))]
    if len(named) <= MOST_NAMED:
        none = say("None met in {countries}.", countries=list_words(named))
        return [element("p", join([*said, none], " "))]
    summary = element("summary", say("Countries in which none met"))
    listed = element("p", join(named, ", "), ".")
    return [element("p", join(said, " ")), element("details", summary, listed)]


def _describe_wider(corpus: Corpus, ledger: Ledger, groups: Sequence[str]) -> Markup:
    """Return how many focus groups met for more than a country, and are on no tile."""
    label = translate(
        "Focus groups counted in {place} that met for more than a country", place=corpus.name
    )
    wider = ledger.number(
        "countries.wider", label, (len(groups), FOCUS_GROUPS), focus_groups=groups
    )
    return say_number(
        "{n} focus group met for the whole region or continent, and is not on the map.",
        "{n} focus groups met for the whole region or continent, and are not on the map.",
        wider.value,
        n=wider,
    )


def _draw_map(corpus: Corpus, ledger: Ledger) -> Content:
    places = corpus.study.places
    tiles = read_tiles(folder_of_places(corpus.study.folder), places).get(corpus.place)
    if tiles is None:
        return ""
    heard = find_countries(corpus).heard
    counts = {country: len(groups) for country, groups in heard.items()}
    said = ", ".join(f"{places.name(country)} {number}" for country, number in counts.items())
    silent = len(tiles) - len(counts)
    alternative = translate_number(
        "Map of {place}. Focus groups: {counts}. None in {n} other place.",
        "Map of {place}. Focus groups: {counts}. None in {n} other places.",
        silent,
        place=corpus.name,
        counts=said,
        n=write_number(silent),
    )
    title = say("Focus groups, by place")
    if corpus.study.has_countries:
        found, every = claim_countries(corpus, ledger)
        title = say("Focus groups met in {n} of {all} countries", n=found, all=every)
    return draw(
        "figure-countries",
        title,
        alternative,
        paint_tiles(tiles, counts),
    )


def _draw_dates(corpus: Corpus, ledger: Ledger) -> Content:
    days = sorted(corpus.focus_groups["held_on"])
    months = _months(days)
    if len(months) < 3:
        return ""
    by_month = _by_month(corpus, ledger)
    said = ", ".join(f"{name} {claim.value}" for name, claim in by_month)
    title = say(
        "Focus groups met from {first} to {last}, one dot for each",
        first=term(month_in_words(days[0])),
        last=term(month_in_words(days[-1])),
    )
    return draw(
        "figure-dates",
        title,
        translate("Focus groups by month: {counts}.", counts=said),
        paint_dates(days, months),
    )


def _months(days: Sequence[str]) -> list[str]:
    """Return the first day of each month from the first day on, and of the one after the last."""
    months = pd.period_range(days[0], pd.Period(days[-1], "M") + 1, freq="M")
    return [f"{month}-01" for month in months]


def describe_when(corpus: Corpus) -> str:
    """Return in words from which month to which focus groups met."""
    held_on = corpus.focus_groups["held_on"]
    first, last = min(held_on), max(held_on)
    if first[:7] == last[:7]:
        return month_in_words(first)
    start = month_in_words(first, with_year=first[:4] != last[:4])
    return translate("{first} to {last}", first=start, last=month_in_words(last))


def _by_month(corpus: Corpus, ledger: Ledger) -> list[tuple[str, Claim]]:
    named = []
    for month, groups in corpus.focus_groups.groupby(corpus.focus_groups["held_on"].str[:7]):
        when = month_in_words(f"{month}-01")
        label = translate(
            "Focus groups counted in {place} that met in {when}", place=corpus.name, when=when
        )
        claim = ledger.number(
            f"month.{month}", label, (len(groups), FOCUS_GROUPS), focus_groups=groups["focus_group"]
        )
        named.append((when, claim))
    return named


def _show_kinds(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the kinds of participants, each with the focus groups that it took part in."""
    kinds = kinds_of(corpus.focus_groups)
    if not kinds:
        return []

    def label(kind: str) -> str:
        return translate(
            "Focus groups counted in {place} with {kind}", place=corpus.name, kind=kind
        )

    claims = claim_kinds(ledger, "kinds.{}", label, kinds, corpus.focus_groups)
    named = sorted(zip(claims, kinds, strict=True), key=lambda each: -(each[0].numerator or 0))
    rows = [Row(term(kind.name, kind.language), [claim]) for claim, kind in named]
    title = translate("Kinds of participants, in focus groups")
    columns = [translate("Kind"), translate("Focus groups")]
    return [
        table("kinds", title, columns, rows, kind="compact"),
        element("div", explain_rule(corpus.rule), class_="hint"),
    ]


def _show_tables(corpus: Corpus, ledger: Ledger) -> Markup:
    """Return the numbers of the map and of the dates as tables."""
    groups = translate("Focus groups")
    by_country = [Row(term(name), [claim]) for name, claim in _by_country(corpus, ledger)]
    by_month = [Row(term(month), [claim]) for month, claim in _by_month(corpus, ledger)]
    title = translate("Focus groups counted in {place}, by month", place=corpus.name)
    tables = [table("by-month", title, [translate("Month"), groups], by_month, kind="compact")]
    if by_country:
        title = translate("Focus groups counted in {place}, by country", place=corpus.name)
        columns = [translate("Country"), groups]
        if not corpus.study.has_countries:
            title, columns = translate("Focus groups, by place"), [translate("Place"), groups]
        tables.insert(0, table("by-country", title, columns, by_country, kind="compact"))
    return element("details", element("summary", say("The numbers as tables")), *tables)


def _by_country(corpus: Corpus, ledger: Ledger) -> list[tuple[str, Claim]]:
    """Return how many focus groups met in each country."""
    named = []
    for country, groups in find_countries(corpus).heard.items():
        name = corpus.study.places.name(country)
        label = translate(
            "Focus groups counted in {place} that met in {country}", place=corpus.name, country=name
        )
        claim = ledger.number(
            f"country.{country.lower()}", label, (len(groups), FOCUS_GROUPS), focus_groups=groups
        )
        named.append((name, claim))
    return named
