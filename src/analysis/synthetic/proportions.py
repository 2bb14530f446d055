"""The shape of synthetic studies: which regions, what each stresses, and how coders differ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import StudyError, closest
from analysis.study.csv_rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.study.codebook import Codebook
    from analysis.study.csv_rows import Row
    from analysis.study.places import Places

SHAPE = Path(__file__).parent / "proportions"
BLOCK = 48
"""Focus groups that together have every proportion of a study; larger studies repeat blocks."""

ONCE = "once"
NEVER = "never"
TENTHS = 10
USUAL_WEIGHT = 3


@dataclass(frozen=True)
class RegionShape:
    """A region of synthetic studies.

    Parameters
    ----------
    region : str
        The region.
    focus_groups : int
        Focus groups of each block that are held there.
    countries : tuple of str
        Countries where they can be held.
    neighbours : tuple of str
        Two countries that meet in one focus group, or none.
    landlocked : frozenset of str
        Those of its countries without a coast.
    """

    region: str
    focus_groups: int
    countries: tuple[str, ...]
    neighbours: tuple[str, ...]
    landlocked: frozenset[str]


@dataclass(frozen=True)
class Habit:
    """How a simulated coder differs from the usual one.

    Parameters
    ----------
    coder : str
        Pseudonym.
    misses, adds : float
        How much more often than usual the coder misses a code, or adds a neighbouring one.
    description : str
        What a reader must know of the coder.
    """

    coder: str
    misses: float
    adds: float
    description: str


@dataclass(frozen=True)
class Shape:
    """What all synthetic studies have in common.

    Parameters
    ----------
    regions : tuple of RegionShape
        Regions, the largest first.
    tenths : mapping of str to mapping of str to int
        By region and code: of ten focus groups, about how many speak of it.
    once : mapping of str to tuple of str
        By region: codes that a single focus group of a block speaks of.
    related : mapping of str to tuple of str
        By code: those that details of its statements can bear.
    hardness : mapping of str to int
        By code: 1 easy to apply, 2 usual, 3 hard.
    sections : mapping of str to mapping of str to int
        By section and theme: how much the section's answers speak of the theme.
    habits : tuple of Habit
        Coders.
    """

    regions: tuple[RegionShape, ...]
    tenths: Mapping[str, Mapping[str, int]]
    once: Mapping[str, tuple[str, ...]]
    related: Mapping[str, tuple[str, ...]]
    hardness: Mapping[str, int]
    sections: Mapping[str, Mapping[str, int]]
    habits: tuple[Habit, ...]

    def allot(self, focus_groups: int) -> dict[str, int]:
        """Return how many of a block's focus groups each region holds (largest remainders)."""
        shares = {shape.region: shape.focus_groups * focus_groups for shape in self.regions}
        allotted = {region: share // BLOCK for region, share in shares.items()}
        by_remainder = sorted(shares, key=lambda region: -(shares[region] % BLOCK))
        for region in by_remainder[: focus_groups - sum(allotted.values())]:
            allotted[region] += 1
        return allotted


def read_shape(codebook: Codebook, places: Places) -> Shape:
    """Return the shape of synthetic studies.

    Parameters
    ----------
    codebook : Codebook
        The codebook of the study, whose codes must be those of ``codes.csv``.
    places : Places
        Countries and regions.

    Raises
    ------
    StudyError
        If a table of the shape cannot be read, or contradicts the codebook or the places.
    """
    regions = tuple(map(_region, _rows("regions", "region")))
    codes = _rows("codes", "code")
    sections = _rows("sections", "theme")
    _refuse([*_offending_codes(codes, codebook), *_offending_countries(regions, places)])
    return Shape(
        regions=regions,
        tenths={
            shape.region: {row["code"]: _tenths(row[shape.region]) for row in codes}
            for shape in regions
        },
        once={
            shape.region: tuple(row["code"] for row in codes if row[shape.region] == ONCE)
            for shape in regions
        },
        related={row["code"]: tuple(row["related"].split(";")) for row in codes},
        hardness={row["code"]: int(row["hardness"]) for row in codes},
        sections={
            section: {row["theme"]: int(row[section]) for row in sections}
            for section in sections[0].cells
            if section != "theme"
        },
        habits=read_habits(),
    )


def read_habits() -> tuple[Habit, ...]:
    """Return the simulated coders.

    Raises
    ------
    StudyError
        If their table cannot be read.
    """
    return tuple(map(_habit, _rows("habits", "coder")))


def _rows(name: str, column: str) -> list[Row]:
    return read_rows(SHAPE / f"{name}.csv", (column,))


def _region(row: Row) -> RegionShape:
    countries, neighbours, landlocked = (
        tuple(filter(None, row[column].split(";")))
        for column in ("countries", "neighbours", "landlocked")
    )
    count = int(row["focus_groups"])
    return RegionShape(row["region"], count, countries, neighbours, frozenset(landlocked))


def _habit(row: Row) -> Habit:
    return Habit(row["coder"], float(row["misses"]), float(row["adds"]), row["description"])


def _tenths(cell: str) -> int:
    return 0 if cell in (ONCE, NEVER) else int(cell)


def _offending_codes(rows: Sequence[Row], codebook: Codebook) -> Iterator[str]:
    known = {row["code"] for row in rows}
    for row in rows:
        if row["code"] not in codebook.codes:
            yield row.offender(
                f"unknown code {row['code']!r}{closest(row['code'], codebook.codes)}"
            )
    for code in codebook.codes:
        if code not in known:
            yield f"codes.csv: no row for code {code!r}"


def _offending_countries(regions: Iterable[RegionShape], places: Places) -> Iterator[str]:
    for shape in regions:
        for country in (*shape.countries, *shape.neighbours):
            if not places.lies_in(country, shape.region):
                yield f"regions.csv: {country} is not in {shape.region}"


def _refuse(offenders: list[str]) -> None:
    if offenders:
        raise StudyError(
            "Synthetic studies do not match the codebook or the places.",
            offenders=offenders,
            expected="the codes of data/africa-2020/codebook.csv and the countries of places.csv",
            remedy="Correct the tables in src/analysis/synthetic/proportions.",
        )
