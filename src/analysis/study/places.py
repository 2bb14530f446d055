"""Countries, regions, continents and the globe, and which lies in which."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.errors import (
    LONGEST_VALUE,
    SHORT_FORM,
    PlaceError,
    StudyError,
    closest,
    describe_value,
)
from analysis.study.csv_rows import (
    IDENTIFIER,
    IDENTIFIER_FORM,
    read_rows,
    repeated,
    translated_names,
)
from analysis.study.language import ENGLISH, name_countries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

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
        *("checklist", "codebook", "explorer", "matrix", "methods"),
        *("partition", "check", "release"),
    }
)
"""Names that files of a release or tasks of a build have, and that no place may have."""

CLEANING = "-cleaning"
"""The end of the name of a place's cleaning report."""

ALPHA_3 = re.compile(r"[A-Z]{3}")

SCOPES = ("country", *WIDER_SCOPES)
ALPHA_3_LENGTH = 3
TYPESET_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


@dataclass(frozen=True)
class Place:
    """A country, a region, a continent or the globe, with its scope and its English name.

    The id of a country is its ISO 3166-1 alpha-3 code; it lies in the region in which UNAIDS
    reports its data, and in its continent after UN M49.
    """

    place: str
    scope: str
    name: str
    region: str = ""
    continent: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Places:
    """Every place that focus groups can come from and reports can be about.

    A method that is given an unknown place raises `PlaceError`.

    Parameters
    ----------
    countries : mapping of str to Place
        Countries by alpha-3 code, in the order of the file.
    wider_places : mapping of str to Place
        Regions, continents and the globe by id, in the order of the file.
    translated : mapping of str to str
        Names in the language of reports, as far as there are any.
    """

    countries: Mapping[str, Place]
    wider_places: Mapping[str, Place]
    translated: Mapping[str, str] = field(default_factory=dict)

    def wider(self, scope: str) -> tuple[str, ...]:
        """Return the regions, the continents or the globe, in the order of the file.

        Parameters
        ----------
        scope : str
            region, continent or global.
        """
        return tuple(place for place, wider in self.wider_places.items() if wider.scope == scope)

    def name(self, place: str) -> str:
        """Return the name of a place in the language of reports."""
        found = self._place(place)
        return self.translated.get(found.place, found.name)

    def in_language(self, language: str) -> Places:
        """Return the same places with names in a language.

        The name is that of `name_fr` or `name_pt` of the files, or else the one that Unicode's
        common locale data (CLDR) has for a country, or else the English one.
        """
        if language == ENGLISH:
            return self
        own = {
            place: each.names[language]
            for place, each in self.all.items()
            if language in each.names
        }
        return replace(self, translated={**name_countries(language, self.all), **own})

    @cached_property
    def names_with_digits(self) -> tuple[str, ...]:
        """The names that have digits, such as ``Zone 2``."""
        names = (*(place.name for place in self.all.values()), *self.translated.values())
        return tuple(name for name in names if any(map(str.isdigit, name)))

    def scope(self, place: str) -> str:
        """Return the scope of a place: country, region, continent or global."""
        return self._place(place).scope

    def countries_in(self, place: str) -> frozenset[str]:
        """Return the codes of the countries that make up a place; a country is made of itself."""
        return self._members[self._place(place).place]

    def lies_in(self, place: str, wider: str) -> bool:
        """Return whether a place is another, or a narrower one within it.

        Every country of it is then in the other, and its scope is no wider: a region that spans
        two continents lies in neither, and Oceania does not lie in Asia and the Pacific.
        """
        narrower = SCOPES.index(self.scope(place)) <= SCOPES.index(self.scope(wider))
        return narrower and self.countries_in(place) <= self.countries_in(wider)

    def overlaps(self, place: str, other: str) -> bool:
        """Return whether two places have a country in common."""
        return not self.countries_in(place).isdisjoint(self.countries_in(other))

    def resolve(self, text: str) -> str:
        """Return the place that a text names by its id or its name, in any case.

        Parameters
        ----------
        text : str
            For example ``KEN``, ``ken``, ``Kenya`` or ``esa``.

        Raises
        ------
        PlaceError
            If no place has that id or name; the message has the closest one.
        """
        place = self._by_text.get(_folded(text))
        if place is None:
            raise self._unknown(text)
        return place

    @cached_property
    def all(self) -> dict[str, Place]:
        """Return every place by its id: regions, continents and the globe, then countries."""
        return {**self.wider_places, **self.countries}

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        """Return the countries of each place."""
        members: dict[str, set[str]] = {place: set() for place in self.all}
        for code, country in self.countries.items():
            for place in (code, country.region, country.continent, *self.wider("global")):
                members[place].add(code)
        return {place: frozenset(countries) for place, countries in members.items()}

    @cached_property
    def _by_text(self) -> dict[str, str]:
        """Return the place of each folded name and id."""
        names = {_folded(known.name): place for place, known in self.all.items()}
        return names | {_folded(place): place for place in self.all}

    def _place(self, place: str) -> Place:
        """Return what is known of a place, or raise."""
        known = self.all.get(place)
        if known is None:
            raise self._unknown(place)
        return known

    def _unknown(self, text: str) -> PlaceError:
        """Return the error for a text that names no place."""
        hint = ""
        if len(text) <= ALPHA_3_LENGTH:
            hint = closest(text, self.all) or closest(text.upper(), self.countries)
        names = [known.name for known in self.all.values()]
        hint = hint or closest(text, [*self.all, *names])
        named = text if len(text) <= LONGEST_VALUE else f"a text of {len(text)} characters"
        return PlaceError(
            "This place does not exist.",
            offenders=[f"{named}{hint}"],
            expected="a country (KEN), a region (esa), a continent (africa), global, or its name",
            remedy=f"Correct it, or add the place to data/{COUNTRIES_FILE}.",
        )


def suggest_place(text: str, names: Mapping[str, str]) -> str:
    """Return a hint with the id of the place that has this name, or almost this name, or nothing.

    Parameters
    ----------
    text : str
        What was written as a place.
    names : mapping of str to str
        The place of each English name.

    Examples
    --------
    >>> suggest_place("kenya", {"Kenya": "KEN"}), suggest_place("Kenia", {"Kenya": "KEN"})
    (' (write KEN)', ' (closest: Kenya, which is KEN)')
    """
    folded = {_folded(name): name for name in names}
    if _folded(text) in folded:
        return f" (write {names[folded[_folded(text)]]})"
    if not ALPHA_3_LENGTH < len(text) <= LONGEST_VALUE:
        return ""
    within = [name for name in folded if re.search(rf"\b{re.escape(_folded(text))}\b", name)]
    close = within if len(within) == 1 else get_close_matches(_folded(text), folded, n=1)
    return "".join(f" (closest: {folded[each]}, which is {names[folded[each]]})" for each in close)


def folder_of_places(study: Path) -> Path:
    """Return the folder with the places of a study: its own, or else that of all studies.

    Parameters
    ----------
    study : Path
        The folder of the study.
    """
    return study if (study / COUNTRIES_FILE).is_file() else study.parent


def read_places(data: Path) -> Places:
    """Return the places that `places.csv` and `wider_places.csv` describe.

    Parameters
    ----------
    data : Path
        The folder that holds both files.

    Raises
    ------
    StudyError
        If a file cannot be read, or any row of either cannot be used; every such row is listed.
    """
    return read_place_files(data / COUNTRIES_FILE, data / WIDER_PLACES_FILE)


def read_place_files(countries: Path, wider_places: Path) -> Places:
    """Return the places that two files describe, whatever their names, which errors give.

    Parameters
    ----------
    countries, wider_places : Path
        Files with the columns of `places.csv` and of `wider_places.csv`.

    Raises
    ------
    StudyError
        If a file cannot be read, or any row of either cannot be used; every such row is listed.
    """
    country_rows = read_rows(countries, COUNTRY_COLUMNS)
    wider_rows = read_rows(wider_places, WIDER_COLUMNS)
    offenders = [
        *_country_offenders(country_rows, wider_rows),
        *_wider_offenders(wider_rows, country_rows, countries.name),
    ]
    if GLOBAL not in (row["place"] for row in wider_rows):
        offenders.append(f"{wider_places.name}: no row for {GLOBAL}")
    if offenders:
        raise StudyError(
            "The places cannot be used.",
            offenders=offenders,
            expected=(
                "each country once, as three capital letters, with a name, a region and a "
                f"continent that {wider_places.name} has"
            ),
            remedy=f"Correct the rows named in {countries.name} and {wider_places.name}.",
        )
    return Places(
        {row["country"]: _country(row) for row in country_rows},
        {row["place"]: _wider_place(row) for row in wider_rows},
    )


def _country_offenders(rows: Sequence[Row], wider_rows: Sequence[Row]) -> Iterator[str]:
    """Yield what is wrong with each row of `places.csv`."""
    known_by_scope = {
        scope: [wider["place"] for wider in wider_rows if wider["scope"] == scope]
        for scope in ("region", "continent")
    }
    for row in rows:
        named = describe_value(row["country"], "country", form=SHORT_FORM)
        if not ALPHA_3.fullmatch(row["country"]):
            yield row.offender(f"{named} is not three capital letters")
        if not row["name"].strip():
            yield row.offender(f"{named} has no name")
        for scope, known in known_by_scope.items():
            if row[scope] not in known:
                unknown = describe_value(row[scope], scope, known, form=SHORT_FORM)
                yield row.offender(f"unknown {unknown}")
    yield from repeated(rows, "country")
    yield from repeated(rows, "name")


def _wider_offenders(
    rows: Sequence[Row], country_rows: Sequence[Row], countries_file: str
) -> Iterator[str]:
    """Yield what is wrong with each row of `wider_places.csv`."""
    codes = {row["country"].casefold() for row in country_rows}
    inhabited = {row[scope] for row in country_rows for scope in ("region", "continent")}
    for row in rows:
        place, scope = row["place"], row["scope"]
        named = describe_value(place, "place", form=SHORT_FORM)
        if not IDENTIFIER.fullmatch(place):
            yield row.offender(f"{named} is not made of {IDENTIFIER_FORM}")
        if place in codes:
            yield row.offender(f"{named} is also a country in {countries_file}")
        yield from (row.offender(f"{named} {clash}") for clash in _clashes(place))
        if scope not in WIDER_SCOPES:
            unknown = describe_value(scope, "scope", WIDER_SCOPES, form=SHORT_FORM)
            yield row.offender(f"unknown {unknown}")
        if not row["name"].strip():
            yield row.offender(f"{named} has no name")
        if (scope == GLOBAL) != (place == GLOBAL):
            yield row.offender(f"{named} has scope {scope!r}: only {GLOBAL} is {GLOBAL}")
        if scope in ("region", "continent") and place not in inhabited:
            yield row.offender(f"no country of {countries_file} is in {named}")
    yield from repeated(rows, "place")
    yield from repeated(rows, "name")


def _clashes(place: str) -> Iterator[str]:
    """Yield why the files of a place would have the names of others."""
    if place in RESERVED:
        yield "is what other files are called"
    if place.endswith(CLEANING):
        yield f"ends in {CLEANING!r}, as reports on cleaning do"
    if "." in place:
        yield "has a dot, which names of files have before their kind"


def _country(row: Row) -> Place:
    """Return the country of a row of `places.csv`."""
    country, region, continent = row["country"], row["region"], row["continent"]
    return Place(country, "country", row["name"], region, continent, translated_names(row))


def _wider_place(row: Row) -> Place:
    """Return the place of a row of `wider_places.csv`."""
    return Place(row["place"], row["scope"], row["name"], names=translated_names(row))


def _folded(text: str) -> str:
    """Return a text without differences of case, Unicode form, apostrophe or outer space."""
    return unicodedata.normalize("NFC", text).replace(TYPESET_APOSTROPHE, "'").strip().casefold()
