"""Jobs: what is done for each kind of work, in a process that finds its surroundings set."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from analysis.engine.environment import in_surroundings
from analysis.engine.plan import CLEANED, DATA, RECEIVED, read_parting
from analysis.quality.outcomes import require_no_critical, write_outcomes
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import WHOLE, BuildFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.engine.environment import Surroundings
    from analysis.engine.task import Work
    from analysis.publishing.manifest import Provenance
    from analysis.publishing.release import Release
    from analysis.study.opened_study import OpenedStudy

# Each job imports what it needs: the process of the guards needs no notebooks, and the others no
# guards.


def do_work(surroundings: Surroundings, study: str, work: Work) -> None:
    """Do one piece of work on a study that is no guard; what it leaves is there on return.

    Parameters
    ----------
    surroundings : Surroundings
        What it finds around it.
    study : str
        The study.
    work : Work
        What is done.

    Raises
    ------
    CompendiumError
        When something is refused or fails.
    """
    clear_leaves(surroundings.root, work)
    build = BuildFolder(surroundings.build / study)
    with in_surroundings(surroundings):
        _JOBS[work.kind](surroundings, study, build, work)


def clear_leaves(root: Path, work: Work) -> None:
    """Clear away what work left last.

    What parting and guards leave stays: it is read by others until it is replaced.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    work : Work
        What is to be done anew.
    """
    if work.kind in ("covering", "notebook", "page"):
        for left in (root / name for name in work.leaves):
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink(missing_ok=True)


def _part(surroundings: Surroundings, study: str, build: BuildFolder, _: Work) -> None:
    from analysis.tables.parting import leave_parting  # noqa: PLC0415

    leave_parting(open_study(surroundings.root, study), build)


def _cover(surroundings: Surroundings, study: str, build: BuildFolder, work: Work) -> None:
    from analysis.tables.covered import leave_covered  # noqa: PLC0415

    leave_covered(surroundings.root / "data" / study, build, work.about)


def prepare_guards() -> None:
    """Import what the guards need, which takes seconds."""
    from analysis.quality.checks import prepare  # noqa: PLC0415

    prepare()


def guard_together(surroundings: Surroundings, study: str, works: Sequence[Work]) -> None:
    """Do the guards of several parts of a study's tables.

    Parameters
    ----------
    surroundings : Surroundings
        What they find around them.
    study : str
        The study.
    works : sequence of Work
        The guards.

    Raises
    ------
    CheckError
        When a suite cannot be used.
    """
    from analysis.tables.freed_memory import give_back  # noqa: PLC0415

    opened = open_study(surroundings.root, study)
    build = BuildFolder(surroundings.build / study)
    for work in works:
        if work.about == WHOLE:
            _check_received(opened, build)
        else:
            _check_cleaned(opened, build, work.about)
    give_back()


def _check_received(opened: OpenedStudy, build: BuildFolder) -> None:
    """Check the study as received, and write for each place what its reports show of it."""
    import pandas as pd  # noqa: PLC0415

    from analysis.quality.checks import check_study, shown_as_received  # noqa: PLC0415
    from analysis.quality.published import without_digests  # noqa: PLC0415
    from analysis.quality.suites import read_suites  # noqa: PLC0415

    suites = read_suites(opened.root / "expectations")
    found = check_study(opened, suites)
    write_outcomes(found, build.outcomes(RECEIVED, WHOLE))
    shown = without_digests(found.of(shown_as_received(suites)))
    for place in read_parting(build).cleaned:
        groups = pd.read_parquet(
            build.received(place) / "focus_groups.parquet", columns=["focus_group"]
        )
        of_place = shown.in_groups(frozenset(groups["focus_group"]))
        write_outcomes(of_place.for_reports, build.warnings(RECEIVED, place))


def _check_cleaned(opened: OpenedStudy, build: BuildFolder, place: str) -> None:
    """Check the cleaned tables of a place, and write what its reports show of it."""
    import pandas as pd  # noqa: PLC0415

    from analysis.quality.checks import check_cleaned  # noqa: PLC0415
    from analysis.quality.published import without_digests  # noqa: PLC0415
    from analysis.quality.suites import read_suites  # noqa: PLC0415
    from analysis.tables.cleaning import read_cleaned  # noqa: PLC0415
    from analysis.tables.segments import IN_TEMPLATE  # noqa: PLC0415

    template = pd.read_parquet(
        build.received(place) / "segments.parquet", columns=list(IN_TEMPLATE)
    )
    found = check_cleaned(
        opened,
        read_cleaned(build, place).by_name(),
        template,
        read_suites(opened.root / "expectations"),
    )
    write_outcomes(found, build.outcomes(CLEANED, place))
    write_outcomes(without_digests(found).for_reports, build.warnings(CLEANED, place))


def _run_notebook(surroundings: Surroundings, _: str, build: BuildFolder, work: Work) -> None:
    from analysis.engine.execution import run_notebook  # noqa: PLC0415

    run_notebook(surroundings, work, build.notebook(work.name), build.failed(work.name))


def _make_page(surroundings: Surroundings, study: str, build: BuildFolder, work: Work) -> None:
    from analysis.publishing.report import make_report  # noqa: PLC0415

    opened = open_study(surroundings.root, study)
    data = work.facts.get(DATA) or _digest_covered(build)
    make_report(opened, build, work.about, data=data)


def _digest_covered(build: BuildFolder) -> str:
    """Return one digest of the rows that the coverage rests on, which are known once it is made."""
    from analysis.publishing.manifest import digest_files  # noqa: PLC0415
    from analysis.study.digests import digest_together  # noqa: PLC0415

    folders = map(build.covered, read_parting(build).cleaned)
    files = [file for folder in folders for file in folder.iterdir()]
    return digest_together(digest_files(files, build.path))


_JOBS = {
    "parting": _part,
    "covering": _cover,
    "notebook": _run_notebook,
    "page": _make_page,
}


def refuse(surroundings: Surroundings, study: str, places: Sequence[str]) -> None:
    """Refuse a release that what the guards found, or an unknown place, stands against.

    Parameters
    ----------
    surroundings : Surroundings
        What the work found around it.
    study : str
        The study.
    places : sequence of str
        Regions and continents to report on; all when empty.

    Raises
    ------
    CheckError
        When a critical expectation does not hold on what the reports rest on.
    PlaceError
        When focus groups lie in places that are unknown, or in none that is reported on.
    """
    from analysis.publishing.assembly import read_quality  # noqa: PLC0415
    from analysis.quality.checks import groups_of_places, with_failing_rows  # noqa: PLC0415
    from analysis.tables.focus_groups import COLUMNS  # noqa: PLC0415
    from analysis.tables.parting import require_placed  # noqa: PLC0415
    from analysis.tables.received import read_table, table_path  # noqa: PLC0415

    opened = open_study(surroundings.root, study)
    build = BuildFolder(surroundings.build / study)
    parting = read_parting(build)
    found = read_quality(build, parting.cleaned).joined
    wanted = None
    if places:
        received = read_table(table_path(opened.folder, "focus_groups"), COLUMNS)
        wanted = groups_of_places(opened, received, places)
    require_no_critical(with_failing_rows(opened, found), focus_groups=wanted)
    if parting.misplaced:
        require_placed(opened, build)


def release(
    surroundings: Surroundings,
    study: str,
    release: Release,
    provenance: Provenance,
    written: Mapping[str, str],
) -> None:
    """Make the release of a study from what its build left.

    Parameters
    ----------
    surroundings : Surroundings
        What the work found around it.
    study : str
        The study.
    release : Release
        What it holds, and where it goes.
    provenance : Provenance
        What it is made from.
    written : mapping of str to str
        When each file that it is made from was written; to the last, none may be written since.

    Raises
    ------
    PublishingError
        When one was, or what is carried over cannot be released.
    """
    from analysis.engine.digests import Fingerprints  # noqa: PLC0415
    from analysis.engine.inputs import KNOWN, Freshness  # noqa: PLC0415
    from analysis.publishing.assembly import release_study  # noqa: PLC0415
    from analysis.publishing.manifest import require_unchanged  # noqa: PLC0415

    opened = open_study(surroundings.root, study)
    build = BuildFolder(surroundings.build / study)
    freshness = Freshness(surroundings.root, study, build, Fingerprints(build.path / KNOWN))
    release_study(
        opened,
        build,
        release,
        provenance,
        before_swap=lambda: require_unchanged(written, freshness.written()),
    )
