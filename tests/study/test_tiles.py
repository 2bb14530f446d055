from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.study.places import Place, Places, read_places
from analysis.study.tiles import read_tiles
from tiny_study import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PLACES = Places(
    {
        code: Place(code, "country", name, "esa", "africa")
        for code, name in (("KEN", "Kenya"), ("UGA", "Uganda"))
    },
    {
        place: Place(place, scope, place.title())
        for place, scope in (("esa", "region"), ("africa", "continent"), ("global", "global"))
    },
)


def write(folder: Path, *rows: str) -> Path:
    lines = "\n".join(["place,country,column,row", *rows])
    (folder / "tiles.csv").write_text(f"{lines}\n", encoding="utf-8")
    return folder


def test_shipped_maps_have_one_tile_for_each_country() -> None:
    """Each region and each continent has a map of all its countries, each on a tile of its own."""
    places = read_places(ROOT / "data")
    tiles = read_tiles(ROOT / "data", places)

    wider = (*places.wider("region"), *places.wider("continent"))
    assert set(tiles) == set(wider)
    assert {place: set(tiles[place]) for place in wider} == {
        place: set(places.countries_in(place)) for place in wider
    }
    assert [place for place in wider if len(set(tiles[place].values())) < len(tiles[place])] == []


def test_neighbours_are_where_a_reader_looks_for_them() -> None:
    """On the map of Eastern and Southern Africa, south is below and east is to the right."""
    esa = read_tiles(ROOT / "data", read_places(ROOT / "data"))["esa"]

    assert esa["ERI"][1] < esa["KEN"][1] < esa["MOZ"][1] < esa["SWZ"][1]
    assert esa["NAM"][0] < esa["ZWE"][0] < esa["MDG"][0] < esa["MUS"][0]


def test_study_without_maps_has_none(tmp_path: Path) -> None:
    """A folder of places without tiles.csv has no maps."""
    assert read_tiles(tmp_path, PLACES) == {}


def test_tiles_are_read_by_place_and_country(tmp_path: Path) -> None:
    """Each place has its own map."""
    write(tmp_path, "esa,KEN,2,1", "esa,UGA,1,1", "africa,KEN,2,3", "africa,UGA,1,3")

    assert read_tiles(tmp_path, PLACES) == {
        "esa": {"KEN": (2, 1), "UGA": (1, 1)},
        "africa": {"KEN": (2, 3), "UGA": (1, 3)},
    }


@pytest.mark.parametrize(
    ("rows", "offender"),
    [
        (["north,KEN,1,1"], "tiles.csv row 2: place 'north' (allowed: africa, esa) is no region"),
        (["esa,KEN,1,1", "esa,XXX,2,1"], "tiles.csv row 3: country 'XXX' is no country of esa"),
        (["esa,KEN,10,1"], "tiles.csv row 2: column '10' is no whole number from 1 to 9"),
        (["esa,KEN,1,0"], "tiles.csv row 2: row '0' is no whole number"),
        (["esa,KEN,1,1", "esa,KEN,2,1"], "tiles.csv row 3: esa, KEN: the same is in row 2"),
        (["esa,KEN,1,1", "esa,UGA,1,1"], "tiles.csv row 3: esa, 1, 1: the same is in row 2"),
        (["esa,KEN,1,1", "esa,UGA,01,1"], "tiles.csv row 3: esa, 01, 1: the same is in row 2"),
        ([f"esa,KEN,{'9' * 5000},1"], "tiles.csv row 2: column of 5000 characters is no whole"),
        (["esa,KEN,1,1"], "tiles.csv: esa has no tile of UGA"),
    ],
    ids=[
        *("place", "country", "column", "row", "twice", "same-tile", "same-tile-written-otherwise"),
        *("huge", "missing"),
    ],
)
def test_tile_that_cannot_be_drawn_is_refused(
    tmp_path: Path, rows: list[str], offender: str
) -> None:
    """A place, a country or a tile that can't be is named with its row."""
    write(tmp_path, *rows)

    with pytest.raises(StudyError) as refused:
        read_tiles(tmp_path, PLACES)
    assert any(offender in each for each in refused.value.offenders)
