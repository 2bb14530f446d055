"""The plan of a build: the work on a study, and how one piece follows from others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.engine.study_files import StudyFiles
from analysis.engine.task import Work
from analysis.errors import PlaceError, closest
from analysis.tables.build_folder import WHOLE
from analysis.tables.parted import CLEANED_TABLES, CODES, Parting
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.engine.parameters import Value
    from analysis.quality.outcomes import Stage
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder

CLEANING = "01-clean-coded-data"
COVERAGE = "02-coverage-and-agreement"
REGIONAL = "03-regional-synthesis"
CONTINENTAL = "04-continental-synthesis"
COVERAGE_PAGE = "coverage"
PARTING = "parting"
# What a page tells of the rows that it rests on.
DATA = "data"
RECEIVED: Stage = "received"
CLEANED: Stage = "cleaned"


def make_parting(opened: OpenedStudy, build: BuildFolder) -> Work:
    """Return the parting of a study's tables by place, from which all else follows.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        The folder of its build.
    """
    files = StudyFiles(opened, build)
    return Work(
        name=PARTING,
        kind="parting",
        reads=(*files.of_study, *files.of_tables, *files.of_tombstones),
        leaves=files.below(build.path / "received", build.parting),
    )


def read_parting(build: BuildFolder) -> Parting:
    """Return how the tables of a study are parted by place, from what its parting has left."""
    return Parting.from_json(build.parting.read_text(encoding="utf-8"))


def make_plan(
    opened: OpenedStudy, build: BuildFolder, parting: Parting, wanted: Sequence[str] = ()
) -> tuple[Work, ...]:
    """Return the work on a study, each piece after those that it needs or expects.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        The folder of its build.
    parting : Parting
        How its tables are parted by place.
    wanted : sequence of str, optional
        Regions and continents to report on, with what they need; all when empty.

    Raises
    ------
    PlaceError
        When a wanted place is unknown or has no report in the study.
    """
    chosen = _choose(opened, (*parting.regions, *parting.continents), wanted)
    plan = _Plan(opened, parting, StudyFiles(opened, build))
    continents = [place for place in parting.continents if place in chosen]
    needed = chosen.union(*(plan.within(place) for place in continents))
    cleaned = plan.largest_first(place for place in parting.cleaned if place in needed)
    regions = [place for place in cleaned if place in parting.regions]
    cleanings = [plan.cleaning(place) for place in cleaned]
    regional = [plan.region(place) for place in regions]
    coverage = [] if wanted else [plan.coverage()]
    others = [*coverage, *(plan.continent(place) for place in continents)]
    return (
        make_parting(opened, build),
        plan.guard(WHOLE, RECEIVED),
        *cleanings,
        *(plan.guard(place, CLEANED) for place in cleaned),
        *regional,
        *(plan.covering(place) for place in cleaned if coverage),
        *others,
        *(plan.page(notebook) for notebook in (*cleanings, *regional, *others)),
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


def page_of(notebook: str) -> str:
    """Return the name of the work that makes the page of a notebook that has run."""
    return f"page {notebook}"


def cleaning_of(place: str) -> str:
    """Return the name of the cleaning of a place."""
    return f"{place}-cleaning"


def covering_of(place: str) -> str:
    """Return the name of the finding of what the coverage needs of a place."""
    return f"covering {place}"


def guard_of(part: str, stage: str) -> str:
    """Return the name of the guarding of a part of the tables."""
    return f"guard {part} {stage}"


@dataclass(frozen=True)
class _Plan:
    """Makes the work on one study."""

    opened: OpenedStudy
    parting: Parting
    files: StudyFiles

    @property
    def build(self) -> BuildFolder:
        return self.files.build

    def within(self, continent: str) -> list[str]:
        """Return the regions whose focus groups a continent's report may count, and itself."""
        overlaps = self.opened.places.overlaps
        regions = [region for region in self.parting.regions if overlaps(region, continent)]
        return [place for place in (*regions, continent) if place in self.parting.cleaned]

    def largest_first(self, places: Iterable[str]) -> list[str]:
        """Return places by the rows they have: what takes long begins early."""
        parts = self.parting.parts
        return sorted(places, key=lambda place: (-parts[place]["segments"].rows, place))

    def guard(self, part: str, stage: Stage) -> Work:
        """Return the guarding of a part of the tables, or of what is whole."""
        build = self.build
        reads = {
            RECEIVED: self.files.below(build.received(part)),
            CLEANED: self.files.below(build.received(part), build.cleaned(part)),
        }[stage]
        places: Sequence[str] = (part,)
        if part == WHOLE:
            reads = (*self.files.of_tables, *self.files.below(build.parting))
            places = self.parting.cleaned
        warnings = [build.warnings(stage, place) for place in places]
        return Work(
            name=guard_of(part, stage),
            kind="guard",
            about=part,
            parameters={"stage": stage},
            needs=(cleaning_of(part) if stage == CLEANED else PARTING,),
            reads=(*self.files.of_study, *self.files.suites, *self.files.exceptions, *reads),
            leaves=self.files.below(build.outcomes(stage, part), *warnings),
        )

    def cleaning(self, place: str) -> Work:
        """Return the cleaning of a place."""
        build, part = self.build, self.parting.parts[place]
        work = self._notebook(cleaning_of(place), CLEANING, {"place": place})
        return replace(
            work,
            needs=(PARTING,),
            uses=self.files.below(build.received(place), build.parting),
            leaves=(*work.leaves, *self.files.below(build.cleaned(place))),
            facts={f"{name} of {place}": part[name].content for name in TABLES},
        )

    def covering(self, place: str) -> Work:
        """Return the finding of what the coverage needs of a place."""
        build = self.build
        return self._coded(
            Work(
                name=covering_of(place),
                kind="covering",
                about=place,
                needs=(cleaning_of(place),),
                reads=self.files.below(build.cleaned(place)),
                leaves=self.files.below(build.covered(place)),
            ),
            place,
        )

    def _coded(self, work: Work, place: str) -> Work:
        """Return work that the code applications on the segments of a place decide, too."""
        codes = self.parting.parts[place][CODES].content
        file = self.build.received(place) / f"{CODES}.parquet"
        return replace(
            work,
            uses=(*work.uses, *self.files.below(file)),
            facts={**work.facts, f"{CODES} of {place}": codes},
        )

    def region(self, place: str) -> Work:
        """Return the report on a region."""
        build, work = self.build, self._warned(self._report(place, REGIONAL), [place])
        return replace(
            self._coded(work, place),
            needs=(cleaning_of(place), *work.needs),
            reads=(*work.reads, *self.files.below(build.cleaned(place))),
            leaves=(*work.leaves, *self.files.below(build.aggregates(place))),
        )

    def continent(self, place: str) -> Work:
        """Return the report on a continent."""
        build = self.build
        homes = self.within(place)
        regions = [home for home in homes if home != place]
        own = [place] if place in homes else []
        work = self._warned(self._report(place, CONTINENTAL), homes)
        reads = (*map(build.aggregates, regions), *map(build.cleaned, own))
        return replace(
            self._coded(work, place) if own else work,
            needs=(*regions, *map(cleaning_of, own), *work.needs),
            reads=(*work.reads, *self.files.below(*reads)),
        )

    def coverage(self) -> Work:
        """Return the report on the study as a whole."""
        build, homes = self.build, self.parting.cleaned
        work = self._warned(self._notebook(COVERAGE_PAGE, COVERAGE, {}), homes)
        reads = (*map(build.covered, homes), *map(build.cleaned, homes))
        return replace(
            work,
            needs=tuple(map(covering_of, homes)),
            reads=(
                *work.reads,
                *self.files.of_focus_groups,
                *self.files.of_tombstones,
                *self.files.below(*reads),
            ),
        )

    def page(self, notebook: Work) -> Work:
        """Return the making of a page from a notebook that has run."""
        build, name = self.build, notebook.name
        shown = self.files.below(build.notebook(name), build.words(name))
        reads = (each for each in shown if each in notebook.leaves)
        work = Work(
            name=page_of(name),
            kind="page",
            about=name,
            needs=(name,),
            reads=(*self.files.of_study, *reads),
            leaves=self.files.below(build.page(name)),
        )
        if notebook.notebook != COVERAGE:
            return replace(work, facts={DATA: self._data_of(notebook)})
        covered = map(build.covered, self.parting.cleaned)
        return replace(
            work,
            reads=(*work.reads, *self.files.below(*covered)),
            uses=self.files.below(build.parting),
        )

    def _report(self, place: str, notebook: str) -> Work:
        """Return the report on a place, but for what it needs."""
        most = self.opened.settings.publication.excerpts_per_theme
        work = self._notebook(place, notebook, {"place": place, "excerpts_per_theme": most})
        reported = (*self.parting.regions, *self.parting.continents)
        return replace(
            work,
            uses=(*self.files.of_focus_groups, *self.files.below(self.build.parting)),
            leaves=(*work.leaves, *self.files.below(self.build.words(place))),
            facts={
                "places with a report": " ".join(reported),
                f"focus groups that touch {place}": self.parting.contexts[place],
            },
        )

    def _warned(self, work: Work, places: Sequence[str]) -> Work:
        """Return a report that is told what the guards found in the tables of places."""
        stages = [(stage, place) for stage in (CLEANED, RECEIVED) for place in places]
        warnings = self.files.below(*(self.build.warnings(*each) for each in stages))
        guards = [*((place, CLEANED) for place in places), (WHOLE, RECEIVED)]
        return replace(
            work,
            expects=tuple(guard_of(*each) for each in guards),
            reads=(*work.reads, *warnings),
        )

    def _notebook(self, name: str, notebook: str, parameters: dict[str, Value]) -> Work:
        """Return the run of a notebook, but for what it needs."""
        return Work(
            name=name,
            kind="notebook",
            about=str(parameters.get("place", "")),
            notebook=notebook,
            parameters={"study": self.opened.settings.name, **parameters},
            reads=self.files.of_study,
            leaves=self.files.below(self.build.notebook(name)),
        )

    def _data_of(self, notebook: Work) -> str:
        """Return one digest of the rows that a report on a place rests on."""
        place = notebook.about
        homes: Sequence[str] = (place,) if place in self.parting.cleaned else ()
        if notebook.notebook == CONTINENTAL:
            homes = self.within(place)
        tables = CLEANED_TABLES if notebook.notebook == CLEANING else TABLES
        contents = {home: self.parting.content(home, tables) for home in sorted(homes)}
        rows = "".join(f"{home} {content}\n" for home, content in contents.items())
        return hashlib.sha256(rows.encode()).hexdigest()
