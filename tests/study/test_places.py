from __future__ import annotations

import csv
import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import PlaceError, StudyError, TableError
from analysis.study.csv_rows import IDENTIFIER_FORM
from analysis.study.places import RESERVED, Places, folder_of_places, read_places

DATA = Path(__file__).parent / "data" / "places"
ROOT = Path(__file__).parents[2]
COMPENDIUM = read_places(ROOT / "data")

every_place = st.sampled_from([*COMPENDIUM.countries, *COMPENDIUM.wider_places])
every_country = st.sampled_from(list(COMPENDIUM.countries))


@pytest.fixture(scope="module")
def places() -> Places:
    """Give the places that the compendium ships."""
    return COMPENDIUM


@pytest.mark.parametrize(
    ("folder", "offenders"),
    [
        ("repeated_country", ("places.csv row 4: country 'KEN' is also in row 2",)),
        ("repeated_name", ("places.csv row 4: name 'kenya' is also in row 2",)),
        ("malformed_country", ("places.csv row 2: country 'Ke' is not three capital letters",)),
        ("country_without_name", ("places.csv row 2: country 'KEN' has no name",)),
        ("unknown_region", ("places.csv row 2: unknown region 'eas' (closest: esa)",)),
        ("unknown_continent", ("places.csv row 2: unknown continent 'afrika' (closest: africa)",)),
        ("region_as_continent", ("places.csv row 2: unknown continent 'esa' (allowed: africa)",)),
        (
            "many_defects",
            (
                "places.csv row 2: country 'ken' is not three capital letters",
                "places.csv row 2: country 'ken' has no name",
                "places.csv row 4: unknown region 'wca' (allowed: esa)",
                "places.csv row 4: unknown continent 'afrika' (closest: africa)",
            ),
        ),
        (
            "unknown_scope",
            (
                (
                    "wider_places.csv row 5: unknown scope 'regions' "
                    "(closest: region; allowed: region, continent, global)"
                ),
            ),
        ),
        ("repeated_place", ("wider_places.csv row 5: place 'esa' is also in row 2",)),
        (
            "malformed_place",
            (f"wider_places.csv row 2: place 'Esa' is not made of {IDENTIFIER_FORM}",),
        ),
        ("place_without_name", ("wider_places.csv row 2: place 'esa' has no name",)),
        (
            "place_named_like_a_country",
            ("wider_places.csv row 5: place 'ken' is also a country in places.csv",),
        ),
        (
            "place_named_like_a_file",
            (
                "wider_places.csv row 2: place 'index' is what other files are called",
                (
                    "wider_places.csv row 3: place 'africa-cleaning' ends in '-cleaning', "
                    "as reports on cleaning do"
                ),
                (
                    "wider_places.csv row 4: place 'east.africa' has a dot, "
                    "which names of files have before their kind"
                ),
            ),
        ),
        (
            "region_without_countries",
            ("wider_places.csv row 5: no country of places.csv is in place 'wca'",),
        ),
        ("no_global", ("wider_places.csv: no row for global",)),
        (
            "second_globe",
            ("wider_places.csv row 5: place 'world' has scope 'global': only global is global",),
        ),
        ("missing_column", ("missing: region (closest: reg)",)),
        (
            "repeated_column",
            ("missing: continent", "2 times: name"),
        ),
        ("ragged_rows", ("places.csv row 2: 5 values", "places.csv row 3: 3 values")),
        ("no_rows", ()),
        ("not_utf8", ("places.csv line 4: byte 79 is no UTF-8 character",)),
        ("missing_file", ()),
    ],
)
def test_refuses_places_that_cannot_be_used(folder: str, offenders: tuple[str, ...]) -> None:
    """Every row that cannot be used is named, and the message says what to do."""
    with pytest.raises((StudyError, TableError)) as raised:
        read_places(DATA / folder)

    assert raised.value.offenders == offenders
    assert raised.value.remedy


def test_reads_sound_places() -> None:
    """Countries and wider places keep the order of their files."""
    places = read_places(DATA / "sound")

    assert list(places.countries) == ["KEN", "NAM"]
    assert list(places.wider_places) == ["esa", "africa", "global"]
    assert [places.scope(place) for place in ("KEN", "esa", "africa", "global")] == [
        "country",
        "region",
        "continent",
        "global",
    ]


def test_counts_countries_of_each_region(places: Places) -> None:
    """Each region has the countries that UNAIDS reports under it."""
    counted = {region: len(places.countries_in(region)) for region in places.wider("region")}

    assert counted == {
        "esa": 21,
        "wca": 25,
        "mena": 21,
        "ap": 40,
        "eeca": 16,
        "la": 17,
        "car": 16,
        "wcena": 40,
    }


@pytest.mark.parametrize("scope", ["region", "continent"])
def test_every_country_is_in_exactly_one(places: Places, scope: str) -> None:
    """Regions share the countries out among them without rest or overlap, and so do continents."""
    times = Counter(code for place in places.wider(scope) for code in places.countries_in(place))

    assert times == Counter(places.countries.keys())


def test_africa_has_its_54_states(places: Places) -> None:
    """Africa is the 54 African member states of the United Nations."""
    assert len(places.countries_in("africa")) == 54


def test_rows_are_sorted_by_country(root: Path) -> None:
    """An added country has one place to go, so that a diff shows it alone."""
    text = (root / "data" / "places.csv").read_bytes().decode("utf-8")
    codes = [row["country"] for row in csv.DictReader(text.splitlines())]

    assert codes == sorted(codes)
    assert "\r" not in text
    assert text == unicodedata.normalize("NFC", text)


def test_namibia_survives(places: Places) -> None:
    """Namibia, whose alpha-2 code NA reads as missing elsewhere, is a country like others."""
    assert places.resolve("NAM") == "NAM"
    assert places.name("NAM") == "Namibia"
    assert places.lies_in("NAM", "esa")


def test_a_region_across_continents_lies_in_neither(places: Places) -> None:
    """The Middle East and North Africa overlaps Africa and Asia and lies in neither of them."""
    assert places.overlaps("mena", "africa")
    assert places.overlaps("mena", "asia")
    assert not places.lies_in("mena", "africa")
    assert not places.lies_in("mena", "asia")
    assert places.lies_in("mena", "global")


def test_a_continent_lies_in_no_region(places: Places) -> None:
    """Oceania is part of Asia and the Pacific, and yet of wider scope than a region."""
    assert not places.lies_in("oceania", "ap")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("KEN", "KEN"),
        ("ken", "KEN"),
        ("Kenya", "KEN"),
        (" kenya ", "KEN"),
        ("ESA", "esa"),
        ("Eastern and Southern Africa", "esa"),
        ("Africa", "africa"),
        ("GLOBAL", "global"),
        ("Côte d'Ivoire", "CIV"),
        ("Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire", "CIV"),
        (unicodedata.normalize("NFD", "Côte d'Ivoire"), "CIV"),
        ("Türkiye", "TUR"),
    ],
)
def test_resolves_what_people_write(places: Places, text: str, place: str) -> None:
    """A place is found by its id or name in any case, Unicode form and apostrophe."""
    assert places.resolve(text) == place


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Knya", "Knya (closest: Kenya)"),
        ("Kennya", "Kennya (closest: Kenya)"),
        ("ke", "ke (closest: KEN)"),
        ("afrika", "afrika (closest: africa)"),
        ("eas", "eas (closest: esa)"),
    ],
)
def test_says_which_place_was_meant(places: Places, text: str, shown: str) -> None:
    """An unknown place is refused with the closest one there is."""
    with pytest.raises(PlaceError) as raised:
        places.resolve(text)

    assert raised.value.offenders == (shown,)


def test_refuses_an_unknown_place_everywhere(places: Places) -> None:
    """No question about an unknown place is answered."""
    for ask in (places.name, places.scope, places.countries_in):
        with pytest.raises(PlaceError, match="This place does not exist"):
            ask("atlantis")


@given(every_place)
def test_every_place_is_found_by_its_id_and_name(place: str) -> None:
    """Ids and names never name two places."""
    name = COMPENDIUM.name(place)

    assert COMPENDIUM.resolve(place.swapcase()) == place
    assert COMPENDIUM.resolve(name.upper()) == place


@given(every_place)
def test_every_place_lies_in_itself_and_the_globe(place: str) -> None:
    """A place lies in itself and in the globe, and has countries."""
    assert COMPENDIUM.lies_in(place, place)
    assert COMPENDIUM.lies_in(place, "global")
    assert COMPENDIUM.countries_in(place)


@given(every_place, every_place, every_place)
def test_what_lies_in_what_lies_on(narrow: str, middle: str, wide: str) -> None:
    """Lying in is passed on: what lies in a place also lies in what holds that place."""
    passed_on = COMPENDIUM.lies_in(narrow, middle) and COMPENDIUM.lies_in(middle, wide)

    assert COMPENDIUM.lies_in(narrow, wide) or not passed_on


@given(every_place, every_place)
def test_overlap_is_mutual_and_weaker(place: str, other: str) -> None:
    """Two places overlap each other or not at all, and a place overlaps what it lies in."""
    assert COMPENDIUM.overlaps(place, other) == COMPENDIUM.overlaps(other, place)
    assert COMPENDIUM.overlaps(place, other) or not COMPENDIUM.lies_in(place, other)


@given(every_country, every_place)
def test_a_country_overlaps_only_what_it_lies_in(country: str, place: str) -> None:
    """A country is never in two parts."""
    assert COMPENDIUM.overlaps(country, place) == COMPENDIUM.lies_in(country, place)


@given(st.sampled_from(COMPENDIUM.wider("region")))
def test_a_region_lies_in_a_continent_that_is_its_only_one(region: str) -> None:
    """A region lies in a continent exactly when it has countries on no other."""
    holding = tuple(c for c in COMPENDIUM.wider("continent") if COMPENDIUM.lies_in(region, c))
    every = COMPENDIUM.wider("continent")
    continents = tuple(c for c in every if COMPENDIUM.overlaps(region, c))

    assert holding == (continents if len(continents) == 1 else ())


def test_a_study_has_the_places_of_all_or_its_own(tmp_path: Path):
    """Places in a study's folder hold for it; without them, those beside it do."""
    study = tmp_path / "strata"
    study.mkdir()

    shared = folder_of_places(study)
    (study / "places.csv").touch()

    assert (shared, folder_of_places(study)) == (tmp_path, study)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("Democratic Republic of the Congo", "Kenya", "Africa")),
        ("fr", ("République démocratique du Congo", "Kenya", "Afrique")),
        ("pt", ("República Democrática do Congo", "Quénia", "África")),
    ],
)
def test_places_are_named_in_the_language_of_reports(language: str, expected: tuple[str, ...]):
    """The name is that of the files, or that of Unicode's data where they have none."""
    places = COMPENDIUM.in_language(language)

    assert tuple(map(places.name, ("COD", "KEN", "africa"))) == expected


def test_no_place_can_have_the_page_of_another_report() -> None:
    """Each page of a release that is not about a place has a reserved name."""
    manifest = json.loads((ROOT / "reports" / "africa-2020" / "manifest.json").read_text("utf-8"))
    pages = {name.partition("/")[0].partition(".")[0] for name in manifest["outputs"]}
    of_places = {page for page in pages if page.removesuffix("-cleaning") == "africa"}

    assert pages - of_places - RESERVED == set()
