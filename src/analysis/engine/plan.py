"""The plan of a build: which notebooks run for which places, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import PlaceError, closest
from analysis.tables.placing import places_to_clean, places_to_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from analysis.engine.parameters import Value
    from analysis.study.opened_study import OpenedStudy

CLEANING = "01-clean-coded-data"
COVERAGE = "02-coverage-and-agreement"
REGIONAL = "03-regional-synthesis"
CONTINENTAL = "04-continental-synthesis"
COVERAGE_PAGE = "coverage"


@dataclass(frozen=True)
class Step:
    """One run of one notebook.

    Parameters
    ----------
    name : str
        The page that it makes: ``esa``, ``esa-cleaning``, ``coverage``.
    notebook : str
        The notebook, without its ending.
    parameters : dict of str to str or int
        All its parameters.
    place : str
        The place that it is about; ``""`` for the whole study.
    """

    name: str
    notebook: str
    parameters: dict[str, Value]
    place: str


@dataclass(frozen=True)
class Plan:
    """The steps of a build; those of one stage need those of the stages before.

    Parameters
    ----------
    cleaning, synthesis, continental : tuple of Step
        The stages: cleaning of each place; the regions, and the coverage of the whole study; the
        continents.
    """

    cleaning: tuple[Step, ...]
    synthesis: tuple[Step, ...]
    continental: tuple[Step, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in an order in which they can run."""
        return (*self.cleaning, *self.synthesis, *self.continental)


def make_plan(opened: OpenedStudy, focus_groups: pd.DataFrame, wanted: Sequence[str] = ()) -> Plan:
    """Return the plan of a build of a study.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    focus_groups : DataFrame
        Its focus groups as received.
    wanted : sequence of str, optional
        Regions and continents to report on, with what they need; all when empty.

    Raises
    ------
    PlaceError
        When a wanted place is unknown or has no report in the study.
    """
    continents = opened.settings.continents
    regions, reported = places_to_report(focus_groups, opened.places, continents)
    cleaned = places_to_clean(focus_groups, opened.places, continents)
    chosen = _choose(opened, (*regions, *reported), wanted)
    needed = {
        region
        for region in regions
        if region in chosen
        or any(opened.places.overlaps(region, place) for place in chosen if place in reported)
    }
    plan = _Steps(opened)
    coverage = () if wanted else (plan.coverage(),)
    return Plan(
        cleaning=tuple(plan.cleaning(p) for p in cleaned if p in needed or p in chosen),
        synthesis=(*(plan.synthesis(REGIONAL, place) for place in sorted(needed)), *coverage),
        continental=tuple(plan.synthesis(CONTINENTAL, p) for p in reported if p in chosen),
    )


def _choose(opened: OpenedStudy, reported: Sequence[str], wanted: Iterable[str]) -> set[str]:
    resolved = [opened.places.resolve(place) for place in wanted]
    unreported = [place for place in resolved if place not in reported]
    if unreported:
        raise PlaceError(
            f"{opened.settings.name} has no report on these places.",
            offenders=[f"{place}{closest(place, reported)}" for place in unreported],
            expected=", ".join(reported),
            remedy="choose among these, or add submissions of the place to the study",
        )
    return set(resolved or reported)


@dataclass(frozen=True)
class _Steps:
    """Makes the steps of one study."""

    opened: OpenedStudy

    def cleaning(self, place: str) -> Step:
        """Return the cleaning of a place."""
        return Step(f"{place}-cleaning", CLEANING, self._about(place), place)

    def synthesis(self, notebook: str, place: str) -> Step:
        """Return the report on a place."""
        most = self.opened.settings.publication.excerpts_per_theme
        return Step(place, notebook, {**self._about(place), "excerpts_per_theme": most}, place)

    def coverage(self) -> Step:
        """Return the report on the study as a whole."""
        return Step(COVERAGE_PAGE, COVERAGE, {"study": self.opened.settings.name}, "")

    def _about(self, place: str) -> dict[str, Value]:
        return {"study": self.opened.settings.name, "place": place}
