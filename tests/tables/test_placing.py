from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import make_groups, make_received_at

from analysis.errors import PlaceError
from analysis.study.places import Places, read_places
from analysis.tables.placing import (
    GLOBAL,
    describe_meetings,
    home_of,
    homes_of,
    lies_in,
    overlaps,
    places_to_clean,
    places_to_report,
    tables_of_place,
)

if TYPE_CHECKING:
    import pandas as pd

    from analysis.study.places import Places

CONTINENTS = ("africa", "americas", "asia", "europe", "oceania")


def _groups(*held_at: str) -> pd.DataFrame:
    """Make a focus group at each of these places, called after them."""
    return make_groups({"focus_group": places, "places": places} for places in held_at)


HOMES = [
    ("KEN", "esa", "a country"),
    ("KEN;UGA", "esa", "two countries of one region"),
    (" KEN ; UGA ; ", "esa", "two countries, spaced out"),
    ("KEN;GHA", "africa", "two regions of one continent"),
    ("KEN;EGY", "africa", "a spanning region's part of one continent"),
    ("KEN;IND", GLOBAL, "two continents"),
    ("esa", "esa", "a region"),
    ("esa;KEN", "esa", "a region and a country in it"),
    ("esa;wca", "africa", "two regions"),
    ("EGY", "mena", "a country of a spanning region"),
    ("EGY;JOR", "mena", "a spanning region on two continents"),
    ("mena", "mena", "a spanning region"),
    ("mena;esa", GLOBAL, "a spanning region and another"),
    ("africa", "africa", "a continent"),
    ("africa;KEN", "africa", "a continent and a country in it"),
    ("FJI", "ap", "a country of Oceania"),
    ("oceania", "oceania", "a continent that is part of a region"),
    ("oceania;FJI", "oceania", "that continent and a country in it"),
    ("africa;asia", GLOBAL, "two whole continents"),
    ("global", GLOBAL, "the globe"),
    ("", GLOBAL, "no place"),
]


@pytest.mark.parametrize(
    ("held_at", "home"),
    [(held_at, home) for held_at, home, _ in HOMES],
    ids=[case for _, _, case in HOMES],
)
def test_home_is_the_narrowest_report_that_holds_all(
    places: Places, held_at: str, home: str
) -> None:
    """A focus group is at home in the narrowest region or continent that holds all its places."""
    assert home_of(held_at, places) == home


def test_meetings_are_described_by_place_and_day_alone(places: Places) -> None:
    """Where and when a focus group met is shown of any that counts, and its title never.

    One without consent, or whose day is no date, is left out.
    """
    groups = _groups("KEN", "KEN;NAM", "NAM", "GHA").assign(
        title="Host and place",
        held_on=["2025-03-04", "2025-03-18", "2025-04-01", "soon"],
        consent=["aggregate-only", "public-without-names", "none", "public"],
    )

    assert describe_meetings(groups, places) == {
        "KEN": "Kenya, 4 March 2025",
        "KEN;NAM": "Kenya, Namibia, 18 March 2025",
    }


def test_homes_are_listed_by_focus_group(places: Places) -> None:
    """Homes are on the rows of the focus groups, also where there are none."""
    groups = _groups("KEN", "africa", "KEN;UGA")

    homes = homes_of(groups, places)

    assert (homes.name, homes.to_dict()) == ("home", {2: "esa", 3: "africa", 4: "esa"})
    assert homes_of(groups.iloc[:0], places).dtype == "str"


@pytest.mark.parametrize(
    ("held_at", "place", "inside", "touching"),
    [
        ("KEN;UGA", "esa", True, True),
        ("KEN;GHA", "esa", False, True),
        ("GHA", "esa", False, False),
        ("mena", "africa", False, True),
        ("africa", "esa", False, True),
        ("oceania", "ap", False, True),
        ("global", "africa", False, True),
        ("KEN;IND", GLOBAL, True, True),
        ("", "esa", False, False),
    ],
)
def test_lies_in_asks_for_all_places_and_overlaps_for_one(
    places: Places, *, held_at: str, place: str, inside: bool, touching: bool
) -> None:
    """A focus group lies where all of its places lie, and overlaps what one of them overlaps."""
    assert lies_in(held_at, place, places) is inside
    assert overlaps(held_at, place, places) is touching


def test_reports_are_on_regions_at_home_and_continents_touched(places: Places) -> None:
    """A region is reported for who is at home there, a continent for whoever overlaps it."""
    groups = _groups("KEN", "KEN;UGA", "GHA;NGA", "mena", "africa", "KEN;IND")

    reported = places_to_report(groups, places, ("asia", "africa", "europe"))

    assert reported == (("esa", "mena", "wca"), ("africa", "asia"))


def test_nothing_is_reported_on_nobody(places: Places) -> None:
    """A study without focus groups has no places to report or to clean."""
    nobody = _groups()

    assert places_to_report(nobody, places, CONTINENTS) == ((), ())
    assert places_to_clean(nobody, places, CONTINENTS) == ()


@pytest.mark.parametrize("said", [{"consent": "none"}, {"withdrawn": "2020-11-01"}])
def test_no_report_rests_on_who_may_not_be_counted(places: Places, said: dict[str, str]) -> None:
    """A place whose only focus group withheld or took back its consent gets no report."""
    groups = make_groups(
        [
            {"focus_group": "one", "places": "KEN"},
            {"focus_group": "two", "places": "IND", **said},
        ]
    )

    assert places_to_report(groups, places, CONTINENTS) == (("esa",), ("africa",))
    assert places_to_clean(groups, places, CONTINENTS) == ("esa",)


def test_group_outside_the_continents_is_refused_by_row(places: Places) -> None:
    """A focus group that no report would show is refused, whatever its consent."""
    groups = make_groups(
        [
            {"focus_group": "one", "places": "KEN"},
            {"focus_group": "two", "places": "JOR"},
            {"focus_group": "three", "places": ""},
            {"focus_group": "four", "places": "JOR;EGY"},
            {"focus_group": "five", "places": "asia", "consent": "none"},
        ]
    )

    with pytest.raises(PlaceError) as refusal:
        places_to_report(groups, places, ["africa"])

    assert refusal.value.what == "Some focus groups lie in no place that the study reports on."
    assert refusal.value.offenders == (
        "focus_groups.csv row 3: two",
        "focus_groups.csv row 4: three",
        "focus_groups.csv row 6: five",
    )
    assert refusal.value.expected == "continents of study.yaml: africa"


def test_unknown_places_are_refused_by_row(places: Places) -> None:
    """Every unknown place is refused with its row and the closest one that is known."""
    with pytest.raises(PlaceError) as refusal:
        places_to_report(_groups("KEN", "KENN;UGA", "afrika"), places, CONTINENTS)

    assert refusal.value.what == "Some focus groups lie in a place that is unknown."
    assert refusal.value.offenders == (
        "focus_groups.csv row 3: unknown place 'KENN' (closest: KEN)",
        "focus_groups.csv row 4: unknown place 'afrika' (closest: africa)",
    )


def test_continents_are_cleaned_for_wider_submissions_only(places: Places) -> None:
    """A continent is cleaned when a focus group is at home there, or in none and overlaps it."""
    of_regions = _groups("KEN", "IND", "BRA")
    with_wider = _groups("KEN", "IND", "BRA", "asia", "africa;europe")

    narrow = places_to_clean(of_regions, places, CONTINENTS)
    wide = places_to_clean(with_wider, places, CONTINENTS)

    assert narrow == ("ap", "esa", "la")
    assert wide == ("africa", "ap", "asia", "esa", "europe", "la")


def test_tables_of_a_region_hold_who_is_at_home(places: Places) -> None:
    """A region has its own focus groups, with their segments and codes, and no wider ones."""
    received = make_received_at("KEN", "GHA", "KEN;GHA", "africa", "esa")

    esa = tables_of_place(received, "esa", places)

    assert esa.focus_groups["focus_group"].to_dict() == {2: "KEN", 6: "esa"}
    assert esa.segments["segment"].tolist() == ["on KEN", "on esa"]
    assert esa.code_applications["segment"].tolist() == ["on KEN", "on esa"]


def test_tables_of_a_continent_hold_the_wider_submissions(places: Places) -> None:
    """A continent has who is at home there, and who is at home in none and overlaps it."""
    received = make_received_at(
        "KEN", "KEN;GHA", "africa", "mena", "africa;asia", "europe;asia", "global"
    )

    africa = tables_of_place(received, "africa", places)

    assert africa.focus_groups["focus_group"].tolist() == [
        "KEN;GHA",
        "africa",
        "africa;asia",
        "global",
    ]


def test_place_where_nobody_is_at_home_has_empty_tables(places: Places) -> None:
    """Where no focus group is at home, no row is left of any table."""
    wca = tables_of_place(make_received_at("KEN"), "wca", places)

    assert [len(table) for table in wca.by_name().values()] == [0, 0, 0, 0]


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


tables_take_time = settings(max_examples=60)


@tables_take_time
@given(studies())
def test_every_group_is_cleaned_once_but_global_ones(held_at: list[str]) -> None:
    """The tables of all places part the focus groups, but for those that are at home nowhere.

    They are at each continent that they overlap, since no narrower report has their words.
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


@given(studies(), st.sampled_from(["esa", "mena", "ap", "eeca"]))
def test_a_region_counts_who_is_at_home_there(held_at: list[str], region: str) -> None:
    """To lie in a region is to be at home there: no other report holds it, none counts it twice."""
    shipped = _shipped()

    at_home = [at for at in held_at if home_of(at, shipped) == region]

    assert at_home == [at for at in held_at if lies_in(at, region, shipped)]
