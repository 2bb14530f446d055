from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import make_received_at

from analysis.study.places import Places, read_places
from analysis.tables.placing import (
    GLOBAL,
    home_of,
    homes_of,
    lies_in,
    overlaps,
    places_to_clean,
    places_to_report,
    tables_of_place,
)

CONTINENTS = ("africa", "americas", "asia", "europe", "oceania")


@cache
def _shipped() -> Places:
    return read_places(Path(__file__).parents[2] / "data")


@st.composite
def studies(draw: st.DrawFn) -> list[str]:
    """Draw where the focus groups of a study were held: anywhere, at up to three places each."""
    shipped = _shipped()
    countries = st.sampled_from(["KEN", "UGA", "GHA", "EGY", "JOR", "IND", "FJI", "BRA", "RUS"])
    anywhere = st.one_of(countries, st.sampled_from([*shipped.countries, *shipped.wider_places]))
    held_at = st.lists(anywhere, min_size=1, max_size=3, unique=True).map(";".join)
    return draw(st.lists(held_at, max_size=8, unique=True))


tables_take_time = settings(deadline=None, max_examples=60)


@tables_take_time
@given(studies())
def test_every_group_is_cleaned_once_but_global_ones(held_at: list[str]) -> None:
    """The tables of all places part the focus groups, but for those that are at home nowhere.

    They stand at each continent that they overlap, since no narrower report holds their words.
    """
    shipped, received = _shipped(), make_received_at(*held_at)
    homes = dict(zip(held_at, homes_of(received.focus_groups, shipped), strict=True))

    stands_in = Counter(
        group
        for place in places_to_clean(received.focus_groups, shipped, CONTINENTS)
        for group in tables_of_place(received, place, shipped).focus_groups["focus_group"]
    )

    continents = {at: [c for c in CONTINENTS if overlaps(at, c, shipped)] for at in held_at}
    expected = {at: 1 if homes[at] != GLOBAL else len(continents[at]) for at in held_at}
    assert stands_in == expected


@tables_take_time
@given(studies(), st.sampled_from(CONTINENTS))
def test_every_group_counts_once_on_its_continent(held_at: list[str], continent: str) -> None:
    """A continent is the sum of its regions' parts and the wider submissions, each counted once."""
    shipped, received = _shipped(), make_received_at(*held_at)
    regions, _ = places_to_report(received.focus_groups, shipped, CONTINENTS)
    parts = [region for region in regions if shipped.overlaps(region, continent)]

    counted = Counter(
        group
        for place in [*parts, continent]
        for group in tables_of_place(received, place, shipped).focus_groups["focus_group"]
        if lies_in(group, continent, shipped)
    )

    assert counted == {at: 1 for at in held_at if lies_in(at, continent, shipped)}


@tables_take_time
@given(studies())
def test_every_group_counts_on_one_continent_at_most(held_at: list[str]) -> None:
    """No focus group counts on two continents; one that counts on none is named as context."""
    shipped = _shipped()

    counts_on = {at: [c for c in CONTINENTS if lies_in(at, c, shipped)] for at in held_at}

    assert all(len(counts_on[at]) <= 1 for at in held_at)
    assert all(
        any(overlaps(at, continent, shipped) for continent in CONTINENTS)
        for at in held_at
        if not counts_on[at]
    )


@tables_take_time
@given(studies(), st.sampled_from(["esa", "mena", "ap", "eeca"]))
def test_a_region_counts_who_is_at_home_there(held_at: list[str], region: str) -> None:
    """To lie in a region is to be at home there: no other report holds it, none counts it twice."""
    shipped = _shipped()

    at_home = [at for at in held_at if home_of(at, shipped) == region]

    assert at_home == [at for at in held_at if lies_in(at, region, shipped)]
