"""The proportions of synthetic studies: regions, what each stresses, and how coders differ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import StudyError
from analysis.study.csv_rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.study.csv_rows import Row
    from analysis.study.places import Places

TABLES = Path(__file__).parent / "data" / "proportions"
BLOCK = 48
"""Focus groups that together have every proportion of a study; larger studies repeat blocks."""

ONCE = "once"
NEVER = "never"
TENTHS = 10
USUAL_WEIGHT = 3


@dataclass(frozen=True)
class RegionProportions:
    """A region: focus groups of each block, and the countries where they can be held.

    The two neighbours meet in one focus group; landlocked countries never speak of the sea.
    """

    region: str
    focus_groups: int
    countries: tuple[str, ...]
    neighbours: tuple[str, ...]
    landlocked: frozenset[str]


@dataclass(frozen=True)
class CoderHabit:
    """How much more often than usual a simulated coder misses a code, or adds a similar one."""

    coder: str
    misses: float
    adds: float
    description: str


@dataclass(frozen=True)
class Proportions:
    """The proportions that all synthetic studies share, the largest region first.

    ``tenths`` counts, by region and code, about how many of ten focus groups speak of it; ``once``
    lists the codes that a single focus group of a region speaks of in each block; ``related`` the
    codes that details of a code's statements can have; ``hardness`` is 1 for a code that is easy to
    apply, 3 for a hard one; ``sections``, by section and theme, how much its answers speak of it.
    """

    regions: tuple[RegionProportions, ...]
    tenths: Mapping[str, Mapping[str, int]]
    once: Mapping[str, tuple[str, ...]]
    related: Mapping[str, tuple[str, ...]]
    hardness: Mapping[str, int]
    sections: Mapping[str, Mapping[str, int]]
    habits: tuple[CoderHabit, ...]

    def allot(self, focus_groups: int) -> dict[str, int]:
        """Return how many of a block's focus groups each region holds (largest remainders)."""
        shares = {each.region: each.focus_groups * focus_groups for each in self.regions}
        allotted = {region: share // BLOCK for region, share in shares.items()}
        by_remainder = sorted(shares, key=lambda region: -(shares[region] % BLOCK))
        for region in by_remainder[: focus_groups - sum(allotted.values())]:
            allotted[region] += 1
        return allotted


def read_proportions(places: Places) -> Proportions:
    """Return the proportions of synthetic studies, or refuse tables that don't fit the places.

    Raises
    ------
    StudyError
        If a table of regions contradicts the places.
    """
    regions = tuple(map(_region, _rows("regions", "region")))
    codes = _rows("codes", "code")
    sections = _rows("sections", "theme")
    _require_countries(regions, places)
    return Proportions(
        regions=regions,
        tenths={
            each.region: {row["code"]: _tenths(row[each.region]) for row in codes}
            for each in regions
        },
        once={
            each.region: tuple(row["code"] for row in codes if row[each.region] == ONCE)
            for each in regions
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


def read_habits() -> tuple[CoderHabit, ...]:
    """Return how the simulated coders differ."""
    return tuple(map(_habit, _rows("habits", "coder")))


def _rows(name: str, column: str) -> list[Row]:
    return read_rows(TABLES / f"{name}.csv", (column,))


def _region(row: Row) -> RegionProportions:
    countries, neighbours, landlocked = (
        tuple(filter(None, row[column].split(";")))
        for column in ("countries", "neighbours", "landlocked")
    )
    count = int(row["focus_groups"])
    return RegionProportions(row["region"], count, countries, neighbours, frozenset(landlocked))


def _habit(row: Row) -> CoderHabit:
    return CoderHabit(row["coder"], float(row["misses"]), float(row["adds"]), row["description"])


def _tenths(cell: str) -> int:
    return 0 if cell in (ONCE, NEVER) else int(cell)


def _require_countries(regions: Iterable[RegionProportions], places: Places) -> None:
    """Refuse countries that the places of the root have in another region."""
    offenders = [
        f"regions.csv: {country} is not in {each.region}"
        for each in regions
        for country in (*each.countries, *each.neighbours)
        if not places.lies_in(country, each.region)
    ]
    if offenders:
        raise StudyError(
            "Synthetic studies do not match the places.",
            offenders=offenders,
            expected="the regions that data/places.csv has",
            remedy="Correct data/places.csv, or src/analysis/synthetic/data/proportions.",
        )
