"""The plan of a build: all tasks of a study, and the tasks that each one needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.engine.own_notebooks import own_page, require_own_notebooks
from analysis.engine.task import Task
from analysis.errors import PlaceError, closest
from analysis.publishing.manifest import OPTIONAL_INPUTS, SHARED_INPUTS
from analysis.study.digests import digest_together
from analysis.study.opened_study import open_study
from analysis.study.root import OWN_NOTEBOOKS
from analysis.tables.build_folder import WHOLE, BuildFolder
from analysis.tables.table_files import (
    CODEBOOK_CHANGES,
    CODED,
    EVIDENCE,
    EXCEPTIONS,
    FINDINGS,
    OWN_PLACES,
    SCAN_WORDS,
    TABLES,
    TOMBSTONES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from analysis.engine.task import Value
    from analysis.quality.outcomes import Stage
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.partition import Partition

CLEANING = "01-clean-coded-data"
COVERAGE = "02-coverage-and-agreement"
REGIONAL = "03-regional-synthesis"
CONTINENTAL = "04-continental-synthesis"
COVERAGE_PAGE = "coverage"
PARTITION = "partition"
# The fact about the rows that a page's report rests on.
DATA = "data"
RECEIVED: Stage = "received"
CLEANED: Stage = "cleaned"


def plan_partition(opened: OpenedStudy) -> Task:
    """Return the task that partitions a study's tables by place; all others need it."""
    files = _Files(opened)
    return Task(
        name=PARTITION,
        kind="partition",
        reads=(*files.of_study, *files.of_tables(*TABLES), *files.if_present(TOMBSTONES)),
        writes=files.below(files.build.path / "received", files.build.partition),
    )


def plan_tasks(
    opened: OpenedStudy, partition: Partition, wanted: Sequence[str] = ()
) -> tuple[Task, ...]:
    """Return the tasks of a study, each after those that it needs or expects.

    Only the wanted places are reported on, with what they need; all when none is given.

    Raises
    ------
    PlaceError
        When a wanted place is unknown or has no report in the study.
    NotebookError
        When a notebook that the study lists is missing, or has no cell of parameters.
    """
    require_own_notebooks(opened)
    chosen = _choose(opened, (*partition.regions, *partition.continents), wanted)
    plan = _Plan(opened, partition, _Files(opened))
    continents = [place for place in partition.continents if place in chosen]
    needed = chosen.union(*(plan.homes_in(place) for place in continents))
    cleaned = plan.largest_first(place for place in partition.cleaned if place in needed)
    regions = [place for place in cleaned if place in partition.regions]
    cleanings = [plan.cleaning(place) for place in cleaned]
    regional = [plan.region(place) for place in regions]
    of_study = [] if wanted else [plan.coverage(), *plan.own_notebooks()]
    others = [*of_study, *(plan.continent(place) for place in continents)]
    return (
        plan_partition(opened),
        plan.check_study(),
        *cleanings,
        *(plan.check(place) for place in cleaned),
        *regional,
        *others,
        *(plan.page(notebook) for notebook in (*cleanings, *regional, *others)),
    )


def require_places(root: Path, study: str, wanted: Sequence[str]) -> None:
    """Refuse wanted places, by code or name, that are unknown or have no report in a study."""
    from analysis.tables.focus_groups import COLUMNS  # noqa: PLC0415 (pandas)
    from analysis.tables.placing import place_groups  # noqa: PLC0415
    from analysis.tables.received import read_table, table_path  # noqa: PLC0415

    opened = open_study(root, study)
    groups = read_table(table_path(opened.folder, "focus_groups"), COLUMNS)
    placed = place_groups(groups, opened.places, opened.settings.continents)
    _choose(opened, (*placed.regions, *placed.continents), wanted)


def require_buildable(root: Path, study: str, wanted: Sequence[str]) -> None:
    """Refuse what a build refuses of a study without critical outcomes, before its notebooks.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.
    wanted : sequence of str
        Regions and continents, by code or name; all when empty.

    Raises
    ------
    PlaceError
        When a focus group or a wanted place has no report.
    TableError
        When the table of spellings can't be used.
    NotebookError
        When a notebook that the study lists is missing, or has no cell of parameters.
    """
    from analysis.tables.placing import require_placed  # noqa: PLC0415 (pandas)
    from analysis.tables.text_cleaning import read_spelling  # noqa: PLC0415

    opened = open_study(root, study)
    require_own_notebooks(opened)
    require_placed(opened)
    require_places(root, study, wanted)
    read_spelling(opened.spelling_path)


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
    """Return the name of the task that renders the page of a notebook."""
    return f"page {notebook}"


def cleaning_of(place: str) -> str:
    """Return the name of the notebook that cleans a place's tables."""
    return f"{place}-cleaning"


def check_of(place: str) -> str:
    """Return the name of the check of a place's cleaned tables, or of the whole study."""
    return f"check {place}"


@dataclass(frozen=True)
class _Files:
    """The files of a study and its build, by path relative to the root."""

    opened: OpenedStudy

    @property
    def build(self) -> BuildFolder:
        return BuildFolder.of(self.opened.root, self.opened.settings.name)

    def below(self, *paths: Path) -> tuple[str, ...]:
        return tuple(path.relative_to(self.opened.root).as_posix() for path in paths)

    def if_present(self, *names: str) -> tuple[str, ...]:
        """Return those of the study's files that are there."""
        paths = map(self.opened.folder.joinpath, names)
        return self.below(*(path for path in paths if path.is_file()))

    def of_tables(self, *tables: str) -> tuple[str, ...]:
        names = (f"{table}{ending}" for table in tables for ending in (".csv", ".parquet"))
        return self.if_present(*names)

    @property
    def of_study(self) -> tuple[str, ...]:
        """The files that all tasks read besides tables."""
        folder, data = self.opened.folder, self.opened.root / "data"
        optional = [path for name in OPTIONAL_INPUTS if (path := data / name).is_file()]
        return (
            *self.below(folder / "study.yaml", folder / "codebook.csv", *optional),
            *self.if_present(*OWN_PLACES, FINDINGS, EVIDENCE, CODEBOOK_CHANGES),
            *self.below(*(data / name for name in SHARED_INPUTS)),
        )

    @property
    def of_checks(self) -> tuple[str, ...]:
        """The files that all checks read besides tables."""
        suites = sorted((self.opened.root / "expectations").glob("*.json"))
        return (*self.of_study, *self.below(*suites), *self.if_present(EXCEPTIONS, SCAN_WORDS))


@dataclass(frozen=True)
class _Plan:
    """Plans the tasks of one study."""

    opened: OpenedStudy
    partition: Partition
    files: _Files

    @property
    def build(self) -> BuildFolder:
        return self.files.build

    def homes_in(self, continent: str) -> list[str]:
        """Return the regions whose focus groups a continent's report may count, and itself."""
        overlaps = self.opened.places.overlaps
        regions = [region for region in self.partition.regions if overlaps(region, continent)]
        return [place for place in (*regions, continent) if place in self.partition.cleaned]

    def largest_first(self, places: Iterable[str]) -> list[str]:
        """Return places by their number of rows: tasks that take long start early."""
        rows = self.partition.rows
        return sorted(places, key=lambda place: (-rows[place]["segments"], place))

    def check_study(self) -> Task:
        """Return the check of all tables as received, which also writes each place's warnings."""
        build, places = self.build, self.partition.cleaned
        warnings = [build.warnings(RECEIVED, place) for place in places]
        return Task(
            name=check_of(WHOLE),
            kind="check",
            about=WHOLE,
            needs=(PARTITION,),
            reads=(
                *self.files.of_checks,
                *self.files.of_tables(*TABLES),
                *self.files.if_present(CODED),
                *self.files.below(build.partition),
            ),
            uses=self.files.below(*map(build.received, places)),
            writes=self.files.below(
                build.outcomes(RECEIVED, WHOLE), build.published(RECEIVED, WHOLE), *warnings
            ),
        )

    def check(self, place: str) -> Task:
        build = self.build
        return Task(
            name=check_of(place),
            kind="check",
            about=place,
            needs=(cleaning_of(place),),
            reads=(
                *self.files.of_checks,
                *self.files.below(build.received(place), build.cleaned(place)),
            ),
            writes=self.files.below(
                build.outcomes(CLEANED, place),
                build.published(CLEANED, place),
                build.warnings(CLEANED, place),
            ),
        )

    def cleaning(self, place: str) -> Task:
        build, digests = self.build, self.partition.digests[place]
        task = self._notebook(cleaning_of(place), CLEANING, {"place": place})
        return replace(
            task,
            needs=(PARTITION,),
            uses=self.files.below(build.received(place), build.partition),
            writes=(*task.writes, *self.files.below(build.cleaned(place))),
            facts={f"{name} of {place}": digests[name] for name in TABLES},
        )

    def region(self, place: str) -> Task:
        build, task = self.build, self._warned(self._report(place, REGIONAL), [place])
        return replace(
            task,
            needs=(cleaning_of(place), *task.needs),
            reads=(*task.reads, *self.files.below(build.cleaned(place))),
            writes=(*task.writes, *self.files.below(build.aggregates(place))),
        )

    def continent(self, place: str) -> Task:
        build = self.build
        homes = self.homes_in(place)
        regions = [home for home in homes if home != place]
        own = [place] if place in homes else []
        task = self._warned(self._report(place, CONTINENTAL), homes)
        reads = (*map(build.aggregates, regions), *map(build.cleaned, own))
        return replace(
            task,
            needs=(*regions, *map(cleaning_of, own), *task.needs),
            reads=(*task.reads, *self.files.below(*reads)),
        )

    def coverage(self) -> Task:
        """Return the report on the study as a whole."""
        task = self._warned(self._of_whole_study(COVERAGE_PAGE, COVERAGE), self.partition.cleaned)
        written = self.files.below(
            self.build.downloads(COVERAGE_PAGE), self.build.words(COVERAGE_PAGE)
        )
        return replace(task, writes=(*task.writes, *written))

    def own_notebooks(self) -> list[Task]:
        """Return the runs of the study's own notebooks."""
        return [
            self._of_whole_study(own_page(name), f"{OWN_NOTEBOOKS}/{name}")
            for name in self.opened.settings.notebooks
        ]

    def page(self, notebook: Task) -> Task:
        build, name = self.build, notebook.name
        (downloads,) = self.files.below(build.downloads(name))
        shown = (*self.files.below(build.notebook(name), build.words(name)), downloads)
        # The coded data of the study are a download too.
        tables = self.files.of_tables(*TABLES) if downloads in notebook.writes else ()
        written = (each for each in shown if each in notebook.writes)
        return Task(
            name=page_of(name),
            kind="page",
            about=name,
            needs=(name,),
            reads=(*self.files.of_study, *written, *tables),
            writes=self.files.below(build.page(name)),
            facts={DATA: self._digest_data(notebook)},
        )

    def _of_whole_study(self, name: str, notebook: str) -> Task:
        """Return the run of a notebook that reads the cleaned tables of all places."""
        homes = self.partition.cleaned
        task = self._notebook(name, notebook, {})
        return replace(
            task,
            needs=tuple(map(cleaning_of, homes)),
            reads=(
                *task.reads,
                *self.files.of_tables("focus_groups"),
                *self.files.if_present(CODED, TOMBSTONES),
                *self.files.below(*map(self.build.cleaned, homes)),
            ),
        )

    def _report(self, place: str, notebook: str) -> Task:
        """Return the report on a place, without what it needs."""
        most = self.opened.settings.publication.excerpts_per_theme
        task = self._notebook(place, notebook, {"place": place, "excerpts_per_theme": most})
        reported = (*self.partition.regions, *self.partition.continents)
        return replace(
            task,
            reads=(*task.reads, *self.files.if_present(CODED)),
            uses=(*self.files.of_tables("focus_groups"), *self.files.below(self.build.partition)),
            writes=(*task.writes, *self.files.below(self.build.words(place))),
            facts={
                "places with a report": " ".join(reported),
                f"focus groups that touch {place}": self.partition.contexts[place],
            },
        )

    def _warned(self, task: Task, places: Sequence[str]) -> Task:
        """Return a report that shows the warnings about places."""
        stages = [(stage, place) for stage in (CLEANED, RECEIVED) for place in places]
        warnings = self.files.below(*(self.build.warnings(*each) for each in stages))
        return replace(
            task,
            expects=(*map(check_of, places), check_of(WHOLE)),
            reads=(*task.reads, *warnings),
        )

    def _notebook(self, name: str, notebook: str, parameters: dict[str, Value]) -> Task:
        """Return the run of a notebook, without what it needs."""
        return Task(
            name=name,
            kind="notebook",
            about=str(parameters.get("place", "")),
            notebook=notebook,
            parameters={"study": self.opened.settings.name, **parameters},
            reads=self.files.of_study,
            writes=self.files.below(self.build.notebook(name)),
        )

    def _digest_data(self, notebook: Task) -> str:
        """Return one digest of the rows that a report rests on, as its page shows it."""
        homes: Sequence[str] = [home for home in self.partition.cleaned if home == notebook.about]
        if notebook.notebook == CONTINENTAL:
            homes = self.homes_in(notebook.about)
        if not notebook.about:
            homes = self.partition.cleaned
        digest = digest_together(
            {
                f"{table} of {home}": digest
                for home in homes
                for table, digest in self.partition.digests[home].items()
            }
        )
        return self.opened.published_digest(digest)
