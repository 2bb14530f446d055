"""The function for each kind of task, called in a process whose environment is set."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from analysis.engine.environment import in_environment
from analysis.engine.plan import CLEANED, DATA, RECEIVED
from analysis.quality.outcomes import CheckReport, require_no_critical, write_outcomes
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import WHOLE
from analysis.tables.partition import read_partition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.engine.environment import TaskEnvironment
    from analysis.engine.task import Task
    from analysis.publishing.manifest import Provenance
    from analysis.publishing.release import Release
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder

# Each step imports what it needs: checks need no notebooks, and notebooks no checks.


def run_task(environment: TaskEnvironment, task: Task) -> None:
    """Run one task of a study; the files that it writes are there on return.

    Raises
    ------
    CompendiumError
        When something is refused or fails.
    """
    remove_written(environment.root, task)
    with in_environment(environment):
        _STEPS[task.kind](environment, task)


def remove_written(root: Path, task: Task) -> None:
    """Remove the last results of a task; tables and outcomes stay until they are replaced."""
    if task.kind in ("notebook", "page"):
        for written in (root / name for name in task.writes):
            if written.is_dir():
                shutil.rmtree(written)
            else:
                written.unlink(missing_ok=True)


def prepare_checks() -> None:
    """Import what checks need, so that the first of them need not wait for it."""
    from analysis.quality import checks  # noqa: F401, PLC0415
    from analysis.quality.gx import prepare  # noqa: PLC0415

    prepare()


def _partition(environment: TaskEnvironment, _: Task) -> None:
    from analysis.tables.partition import partition_tables  # noqa: PLC0415

    partition_tables(open_study(environment.root, environment.study), environment.build)


def _check(environment: TaskEnvironment, task: Task) -> None:
    opened = open_study(environment.root, environment.study)
    if task.about == WHOLE:
        _check_received(opened, environment.build)
    else:
        _check_cleaned(opened, environment.build, task.about)


def _check_received(opened: OpenedStudy, build: BuildFolder) -> None:
    """Check the study as received, and write the warnings that each place's reports show."""
    import pandas as pd  # noqa: PLC0415

    from analysis.quality.checks import (  # noqa: PLC0415
        check_study,
        publish_study,
        shown_as_received,
    )
    from analysis.quality.published import without_digests  # noqa: PLC0415
    from analysis.quality.suites import read_suites  # noqa: PLC0415
    from analysis.tables.placing import require_placed  # noqa: PLC0415

    suites = read_suites(opened.root / "expectations")
    found = check_study(opened, suites)
    write_outcomes(found, build.outcomes(RECEIVED, WHOLE))
    published = publish_study(opened, suites, found)
    write_outcomes(published, build.published(RECEIVED, WHOLE))
    shown = without_digests(published.of(shown_as_received(suites)))
    for place in read_partition(build).cleaned:
        groups = pd.read_parquet(
            build.received(place) / "focus_groups.parquet", columns=["focus_group"]
        )
        of_place = shown.in_groups(frozenset(groups["focus_group"]))
        write_outcomes(CheckReport(of_place.warnings), build.warnings(RECEIVED, place))
    require_placed(opened)


def _check_cleaned(opened: OpenedStudy, build: BuildFolder, place: str) -> None:
    """Check the cleaned tables of a place, and write the warnings that its reports show."""
    import pandas as pd  # noqa: PLC0415

    from analysis.quality.checks import check_cleaned, publish_cleaned  # noqa: PLC0415
    from analysis.quality.published import without_digests  # noqa: PLC0415
    from analysis.quality.suites import read_suites  # noqa: PLC0415
    from analysis.tables.cleaning import read_cleaned  # noqa: PLC0415
    from analysis.tables.segments import IN_TEMPLATE  # noqa: PLC0415

    template = pd.read_parquet(
        build.received(place) / "segments.parquet", columns=list(IN_TEMPLATE)
    )
    tables, suites = read_cleaned(build, place).by_name(), read_suites(opened.root / "expectations")
    found = check_cleaned(opened, tables, template, suites)
    published = publish_cleaned(opened, tables, template, suites, found)
    write_outcomes(found, build.outcomes(CLEANED, place))
    write_outcomes(published, build.published(CLEANED, place))
    warnings = CheckReport(without_digests(published).warnings)
    write_outcomes(warnings, build.warnings(CLEANED, place))


def _run_notebook(environment: TaskEnvironment, task: Task) -> None:
    from analysis.engine.execution import run_notebook  # noqa: PLC0415

    run_notebook(environment, task)


def _render_page(environment: TaskEnvironment, task: Task) -> None:
    from analysis.publishing.report import make_report  # noqa: PLC0415

    opened = open_study(environment.root, environment.study)
    make_report(opened, environment.build, task.about, data=task.facts[DATA])


_STEPS = {
    "partition": _partition,
    "check": _check,
    "notebook": _run_notebook,
    "page": _render_page,
}


def refuse_release(environment: TaskEnvironment, places: Sequence[str]) -> None:
    """Refuse a release because of critical outcomes, or places that are unknown.

    Of some places, if any are given, only the outcomes on their focus groups count.
    """
    from analysis.publishing.assembly import read_quality  # noqa: PLC0415
    from analysis.quality.checks import groups_of_places, with_failing_rows  # noqa: PLC0415
    from analysis.tables.placing import require_placed  # noqa: PLC0415

    opened, build = open_study(environment.root, environment.study), environment.build
    found = read_quality(build.outcomes, read_partition(build).cleaned).joined
    wanted = groups_of_places(opened, places) if places else None
    require_no_critical(with_failing_rows(opened, found), focus_groups=wanted)
    require_placed(opened)


def publish_release(
    environment: TaskEnvironment,
    release: Release,
    provenance: Provenance,
    stamps: Mapping[str, str],
) -> None:
    """Publish the release of a study from the results of its tasks.

    Stamps say when each input was written, as held at the start of the build.

    Raises
    ------
    PublishingError
        When an input was written since, or a report of the last release can't be kept.
    """
    from analysis.engine.inputs import Inputs  # noqa: PLC0415
    from analysis.publishing.assembly import release_study  # noqa: PLC0415

    inputs = Inputs(environment.root, environment.study)
    release_study(
        open_study(environment.root, environment.study),
        environment.build,
        release,
        provenance,
        before_swap=lambda: inputs.require_unchanged(stamps),
    )
