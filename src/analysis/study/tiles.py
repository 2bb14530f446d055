"""Maps of tiles: where the tile of each country is on the map of a region or a continent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from analysis.errors import SHORT_FORM, StudyError, describe_value
from analysis.study.csv_rows import find_repeated, read_optional_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.study.csv_rows import Row
    from analysis.study.places import Places

TILES_FILE = "tiles.csv"
TILE_COLUMNS = ("place", "country", "column", "row")
MOST_TILES = 9
"""Tiles side by side: more would be too small to read on a phone."""

_NUMBER = re.compile("[0-9]{1,3}")

Tiles: TypeAlias = "dict[str, tuple[int, int]]"


def read_tiles(data: Path, places: Places) -> dict[str, Tiles]:
    """Return the column and the row of each country's tile, for each region and continent.

    Parameters
    ----------
    data : Path
        The folder that has the places of a study. Without `tiles.csv` it has no maps.
    places : Places
        The places.

    Raises
    ------
    StudyError
        When a row can't be used; every such row is listed.
    TableError
        When the file can't be read.
    """
    rows = read_optional_rows(data / TILES_FILE, TILE_COLUMNS, exactly=True)
    offenders = [each for row in rows for each in _offenders(row, places)]
    if not offenders:
        offenders = [*_repeated(rows), *_missing(rows, places)]
    if offenders:
        raise StudyError(
            "The maps of tiles cannot be used.",
            offenders=offenders,
            expected=(
                "for each region and continent, each of its countries once, at a column from 1 to "
                f"{MOST_TILES} and a row from 1 that no other country has"
            ),
            remedy=f"Correct the rows named in data/{TILES_FILE}; places.csv has the countries.",
        )
    found: dict[str, Tiles] = {}
    for row in rows:
        found.setdefault(row["place"], {})[row["country"]] = _tile(row)
    return found


def _tile(row: Row) -> tuple[int, int]:
    return int(row["column"]), int(row["row"])


def _offenders(row: Row, places: Places) -> Iterator[str]:
    """Yield what is wrong with a row by itself."""
    wider = {place for scope in ("region", "continent") for place in places.wider(scope)}
    if row["place"] not in wider:
        named = describe_value(row["place"], "place", sorted(wider), form=SHORT_FORM)
        yield row.offender(f"{named} is no region or continent")
    elif row["country"] not in places.countries_in(row["place"]):
        named = describe_value(row["country"], "country", form=SHORT_FORM)
        yield row.offender(f"{named} is no country of {row['place']}")
    for name, most in (("column", MOST_TILES), ("row", MOST_TILES * 10)):
        value = row[name]
        if not (_NUMBER.fullmatch(value) and 1 <= int(value) <= most):
            named = describe_value(value, name, form=SHORT_FORM)
            yield row.offender(f"{named} is no whole number from 1 to {most}")


def _repeated(rows: Sequence[Row]) -> Iterator[str]:
    """Yield rows with a country, or with a tile, that another row of the same place has."""
    for row, number in find_repeated(rows, lambda row: (row["place"], row["country"])):
        yield row.offender(f"{row['place']}, {row['country']}: the same is in row {number}")
    for row, number in find_repeated(rows, lambda row: (row["place"], _tile(row))):
        named = ", ".join(row[name] for name in ("place", "column", "row"))
        yield row.offender(f"{named}: the same is in row {number}")


def _missing(rows: Sequence[Row], places: Places) -> Iterator[str]:
    """Yield the countries that have no tile on a map."""
    for place in dict.fromkeys(row["place"] for row in rows):
        there = {row["country"] for row in rows if row["place"] == place}
        for country in sorted(places.countries_in(place) - there):
            yield f"{TILES_FILE}: {place} has no tile of {country}"
