"""What can be wrong with a row of `places.csv` or `wider_places.csv`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.errors import closest
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.study.csv_rows import Row

COUNTRIES_FILE = "places.csv"
COUNTRY_COLUMNS = ("country", "name", "region", "continent")
WIDER_PLACES_FILE = "wider_places.csv"
WIDER_COLUMNS = ("place", "scope", "name")
WIDER_SCOPES = ("region", "continent", "global")
GLOBAL = "global"

RESERVED = frozenset(
    {
        *("study", "index", "quality", "coverage", "manifest", "downloads"),
        *("parting", "release"),
    }
)
"""What files of a release, or work of a build, are called that are about no place."""

CLEANING = "-cleaning"
"""How the report on the cleaning of a place's tables ends, after the place."""

_ALPHA_3 = re.compile(r"[A-Z]{3}")


def country_offenders(rows: Sequence[Row], wider_rows: Sequence[Row]) -> Iterator[str]:
    """Yield what is wrong with each row of `places.csv`.

    Parameters
    ----------
    rows : sequence of Row
        Rows of `places.csv`.
    wider_rows : sequence of Row
        Rows of `wider_places.csv`.

    Yields
    ------
    str
        An offender with its file and row.
    """
    known_by_scope = {
        scope: [wider["place"] for wider in wider_rows if wider["scope"] == scope]
        for scope in ("region", "continent")
    }
    for row in rows:
        if not _ALPHA_3.fullmatch(row["country"]):
            yield row.offender(f"country {row['country']!r} is not three capital letters")
        if not row["name"].strip():
            yield row.offender(f"{row['country']} has no name")
        for scope, known in known_by_scope.items():
            if row[scope] not in known:
                yield row.offender(f"unknown {scope} {row[scope]!r}{closest(row[scope], known)}")
    yield from repeated(rows, "country")
    yield from repeated(rows, "name")


def wider_offenders(rows: Sequence[Row], country_rows: Sequence[Row]) -> Iterator[str]:
    """Yield what is wrong with each row of `wider_places.csv`.

    Parameters
    ----------
    rows : sequence of Row
        Rows of `wider_places.csv`.
    country_rows : sequence of Row
        Rows of `places.csv`.

    Yields
    ------
    str
        An offender with its file and row.
    """
    codes = {row["country"].casefold() for row in country_rows}
    inhabited = {row[scope] for row in country_rows for scope in ("region", "continent")}
    for row in rows:
        place, scope = row["place"], row["scope"]
        if not IDENTIFIER.fullmatch(place):
            yield row.offender(f"place {place!r} is not made of {IDENTIFIER_FORM}")
        if place in codes:
            yield row.offender(f"place {place!r} is also a country in {COUNTRIES_FILE}")
        yield from (row.offender(f"place {place!r} {fault}") for fault in _faults(place))
        if scope not in WIDER_SCOPES:
            yield row.offender(f"unknown scope {scope!r}{closest(scope, WIDER_SCOPES)}")
        if not row["name"].strip():
            yield row.offender(f"{place} has no name")
        if (scope == GLOBAL) != (place == GLOBAL):
            yield row.offender(f"place {place!r} has scope {scope!r}: only {GLOBAL} is {GLOBAL}")
        if scope in ("region", "continent") and place not in inhabited:
            yield row.offender(f"no country of {COUNTRIES_FILE} lies in {place!r}")
    if GLOBAL not in (row["place"] for row in rows):
        yield f"{WIDER_PLACES_FILE}: no row for {GLOBAL}"
    yield from repeated(rows, "place")
    yield from repeated(rows, "name")


def _faults(place: str) -> Iterator[str]:
    """Yield why the files of a place would have the names of others."""
    if place in RESERVED:
        yield "is what other files are called"
    if place.endswith(CLEANING):
        yield f"ends in {CLEANING!r}, as reports on cleaning do"
    if "." in place:
        yield "has a dot, which names of files have before their kind"
