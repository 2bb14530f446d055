from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from analysis.engine import steps
from analysis.engine.build import build_study, remove_old_builds
from analysis.engine.environment import TaskEnvironment
from analysis.engine.inputs import Inputs
from analysis.engine.options import BuildOptions, BuildResult, Silent
from analysis.engine.plan import plan_tasks
from analysis.errors import (
    CheckError,
    NotebookError,
    PlaceError,
    PublishingError,
    StudyError,
    WorkerError,
)
from analysis.publishing.manifest import Provenance
from analysis.publishing.notebook_files import digest_source
from analysis.publishing.release import Release
from analysis.study.lock import hold_lock
from analysis.study.opened_study import open_study
from analysis.study.writing import previous_of
from analysis.tables.build_folder import BuildFolder
from analysis.tables.partition import read_partition
from tiny_study import STUDY, put_value, table_of

if TYPE_CHECKING:
    from pathlib import Path

REPORTS = ("africa", "africa-cleaning", "coverage", "esa", "esa-cleaning", "wca", "wca-cleaning")
ENDINGS = ("claims.json", "html", "ipynb")
GHA = 4
HEAVY = ("great_expectations", "jinja2", "nbconvert", "pandas", "papermill", "pydantic", "yaml")
BUILD_AGAIN = f"""
import sys
from pathlib import Path
from analysis.engine.build import build_study, remove_old_builds
from analysis.engine.options import BuildOptions
from analysis.engine.options import Silent

root = Path(sys.argv[1])
built = build_study(BuildOptions(root, root / "reports"), {STUDY!r}, Silent())
print(built.was_up_to_date, *(name for name in {HEAVY} if name in sys.modules))
"""


def order_of(root: Path, *places: str, **more: Any) -> BuildOptions:  # noqa: ANN401 (of an order)
    return BuildOptions(root, root / "reports", places, jobs=2, **more)


def build(root: Path, *places: str, **more: Any) -> BuildResult:  # noqa: ANN401 (of an order)
    return build_study(order_of(root, *places, **more), STUDY, Silent())


def release_of(root: Path) -> Path:
    return root / "reports" / STUDY


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(path: Path) -> Any:  # noqa: ANN401 (JSON)
    return json.loads(path.read_text(encoding="utf-8"))


def values(release: Path, report: str) -> dict[str, Any]:
    return {claim["id"]: claim["value"] for claim in read(release / f"{report}.claims.json")}


def bytes_of(release: Path) -> dict[str, bytes]:
    files = (path for path in sorted(release.rglob("*")) if path.is_file())
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in files}


def times_below(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}


def test_release_holds_each_report_in_three_forms(built: Path) -> None:
    """A release has the page, the notebook and the claims of each report, and pages around them."""
    names = {path.name for path in (release_of(built)).iterdir()}

    assert {f"{report}.{ending}" for report in REPORTS for ending in ENDINGS} <= names
    assert {"index.html", "quality.html", "manifest.json"} <= names
    assert (built / "reports" / "index.html").is_file()


def test_manifest_names_each_file_by_its_digest(built: Path) -> None:
    """The manifest holds the SHA-256 of each output but itself, and of each input's content.

    Digests of the study's own files are keyed.
    """
    release = release_of(built)
    keyed = open_study(built, STUDY).published_digest
    manifest = read(release / "manifest.json")

    outputs = {
        path.relative_to(release).as_posix(): digest(path)
        for path in release.rglob("*")
        if path.is_file()
    }
    del outputs["manifest.json"]
    assert manifest["outputs"] == dict(sorted(outputs.items()))
    plain = {
        name: (digest_source if name.endswith(".ipynb") else digest)(built / name)
        for name in manifest["inputs"]
    }
    assert manifest["inputs"] == {
        name: keyed(each) if name.startswith(f"data/{STUDY}/") else each
        for name, each in plain.items()
    }
    assert {name.split("/")[0] for name in manifest["inputs"]} == {
        *("data", "expectations", "notebooks"),
    }
    assert manifest["lock"] == digest(built / "locks" / "run.txt")


def test_manifest_lists_the_reports(built: Path) -> None:
    """The manifest shows each report's notebook, parameters and number of claims."""
    release = release_of(built)
    reports = {each["name"]: each for each in read(release / "manifest.json")["reports"]}

    assert tuple(reports) == REPORTS
    assert reports["esa"]["parameters"] == {"study": STUDY, "place": "esa", "excerpts_per_theme": 3}
    assert reports["esa"]["focus_groups"] == 2
    assert reports["coverage"]["focus_groups"] == 4
    assert reports["esa-cleaning"]["focus_groups"] is None
    assert {name: each["claims"] for name, each in reports.items()} == {
        name: len(values(release, name)) for name in REPORTS
    }


def test_continent_adds_up_to_what_its_regions_report(built: Path) -> None:
    """The parts of the continent are what the reports of its regions count.

    Of a region, passages are counted that were received and not set aside.
    """
    release = release_of(built)
    africa = values(release, "africa")

    for region in ("esa", "wca"):
        counted = values(release, region)
        of = f"{region}.accounted"
        aside = counted[f"{of}.lead_ins"] + counted[f"{of}.duplicates"]
        assert africa[f"africa.part.groups.{region}"] == counted[f"{region}.groups"]
        assert africa[f"africa.part.segments.{region}"] == counted[f"{of}.received"] - aside


def test_release_shows_nothing_of_the_machine(built: Path) -> None:
    """No file of a release holds the path at which it was built."""
    release = release_of(built)

    assert [
        name for name, content in bytes_of(release).items() if str(built).encode() in content
    ] == []


def test_second_build_does_nothing_and_needs_nothing(built: Path) -> None:
    """A build of what is up to date runs nothing, and imports no library that work needs."""
    before = bytes_of(release_of(built))
    program = [sys.executable, "-c", BUILD_AGAIN, str(built)]

    done = subprocess.run(program, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True"]
    assert bytes_of(release_of(built)) == before


def test_row_that_changes_has_its_own_reports_made_again(copied: Path) -> None:
    """What follows from a row is done again, each task once; rows that moved concern checks."""
    put_value(copied, "segments", (2, "text"), "Clinics close before anybody wakes.")
    segments = table_of(copied, "segments")
    header, *rows = segments.read_text(encoding="utf-8").splitlines(keepends=True)
    moved = sorted(rows, key=lambda row: row.startswith("gha"))
    segments.write_text("".join([header, *moved]), encoding="utf-8")
    before = bytes_of(release_of(copied))

    built = build(copied)

    notebooks = {"esa-cleaning", "esa", "africa", "coverage"}
    assert len(built.done) == len(set(built.done))
    assert {name for name in built.done if not name.startswith("check")} == {
        *("partition", *notebooks),
        *(f"page {name}" for name in notebooks),
    }
    after = bytes_of(release_of(copied))
    assert {name.split(".")[0] for name in before if before[name] != after[name]} == {
        *("manifest", "codebook", "explorer", "matrix", *notebooks),
    }


def test_place_alone_leaves_all_other_reports(copied: Path) -> None:
    """To build one place again changes no byte of any report, where nothing else changed."""
    before = bytes_of(release_of(copied))
    shutil.rmtree(copied / "build" / STUDY / "notebooks")

    built = build(copied, "wca")

    assert sorted(built.done) == ["wca", "wca-cleaning"]
    assert bytes_of(release_of(copied)) == before


def test_force_runs_all_tasks(copied: Path) -> None:
    """By force, all tasks for a place run; the release has the same bytes."""
    before = bytes_of(release_of(copied))

    built = build(copied, "wca", force=True)

    assert {"partition", "check wca", "wca-cleaning", "page wca"} <= set(built.done)
    assert bytes_of(release_of(copied)) == before


@pytest.mark.parametrize("more", [{}, {"force": True}], ids=["up to date", "force"])
def test_unknown_place_is_refused_before_anything_changes(
    copied: Path, more: dict[str, bool]
) -> None:
    """An unknown place is refused, also if all is up to date, and before anything is deleted."""
    build(copied)
    before = times_below(copied / "build")

    with pytest.raises(PlaceError, match="closest: africa"):
        build(copied, "afrika", **more)

    assert before == {
        path: path.stat().st_mtime_ns for path in (copied / "build").rglob("*.parquet")
    }


@pytest.mark.parametrize("address", ["localhost", "http://127.0.0.1:9", "tcp://there"])
def test_invalid_address_is_refused(tiny_root: Path, address: str) -> None:
    """What can't be the address of a scheduler is refused, before anything is read or deleted."""
    with pytest.raises(WorkerError, match="not the address of a scheduler") as refusal:
        build(tiny_root, scheduler=address, force=True)

    assert refusal.value.offenders == (f"--scheduler {address}",)
    assert not (tiny_root / "build").exists()


def test_notebook_that_was_run_in_jupyterlab_makes_nothing_stale(copied: Path) -> None:
    """Outputs, counts and other defaults in a notebook leave the release up to date."""
    build(copied)
    for path in (copied / "notebooks").glob("*.ipynb"):
        notebook = read(path)
        notebook["metadata"]["language_info"] = {"name": "python", "version": "3.99"}
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                output = {"output_type": "stream", "name": "stdout", "text": ["seen\n"]}
                cell |= {"execution_count": 7, "outputs": [output]}
            if "parameters" in cell["metadata"].get("tags", []):
                cell["source"] = "".join(cell["source"]).replace('"demo"', '"mine"')
        path.write_text(json.dumps(notebook), encoding="utf-8")

    assert build(copied).was_up_to_date


def test_build_folder_of_a_removed_study_goes(copied: Path) -> None:
    """The build folder of a study that is no longer in data/ is removed; other folders stay."""
    (copied / "build" / "other").mkdir()
    shutil.copytree(copied / "build" / STUDY, copied / "build" / "removed")
    (copied / "build" / "killed" / "received").mkdir(parents=True)
    (copied / "build" / "killed.lock").touch()

    remove_old_builds(copied)

    assert not list(copied.glob("build/removed*"))
    assert not list(copied.glob("build/killed*"))
    assert (copied / "build" / STUDY / "done").is_dir()
    assert (copied / "build" / "other").is_dir()


def test_refusal_leaves_the_last_release(copied: Path) -> None:
    """What is critical to a place refuses it, and no other place."""
    before = bytes_of(release_of(copied))
    put_value(copied, "focus_groups", (GHA, "held_on"), "2021-02-30")

    with pytest.raises(CheckError, match="focus group gha"):
        build(copied, "wca")

    assert bytes_of(release_of(copied)) == before
    assert build(copied, "esa").was_up_to_date


def test_release_cut_short_is_put_back_first(copied: Path) -> None:
    """Where the last swap was cut short, the release is back before anything is refused."""
    release = release_of(copied)
    before = bytes_of(release)
    release.rename(previous_of(release))
    staged = release.with_name(f".{STUDY}.next")
    staged.mkdir()

    with pytest.raises(PlaceError):
        build(copied, "afrika")

    assert bytes_of(release) == before
    assert not staged.exists()


@pytest.mark.parametrize("key", [None, "", "5e5e"])
def test_key_that_is_missing_is_refused(copied: Path, key: str | None) -> None:
    """Without the key of a study nothing runs, the release stays, and no other key is created."""
    before = bytes_of(release_of(copied))
    path = copied / "data" / STUDY / "digest.key"
    path.unlink() if key is None else path.write_text(key, encoding="utf-8")

    with pytest.raises(StudyError, match=r"The key of the study is (missing|malformed)"):
        build(copied)

    assert bytes_of(release_of(copied)) == before
    assert path.is_file() == (key is not None)


def put_cell(root: Path, notebook: str, kind: str, source: str) -> None:
    """Put another source into the last cell of a kind."""
    (path,) = (root / "notebooks").glob(f"{notebook}-*.ipynb")
    shown = read(path)
    cell = next(cell for cell in reversed(shown["cells"]) if cell["cell_type"] == kind)
    cell["source"] = source
    path.write_text(json.dumps(shown), encoding="utf-8")


def test_failure_leaves_the_last_release_and_what_was_finished(copied: Path) -> None:
    """Where a notebook fails the last release stays; once fixed, what was finished counts."""
    before = bytes_of(release_of(copied))
    notebook = copied / "notebooks" / "02-coverage-and-agreement.ipynb"
    sound = notebook.read_bytes()
    put_cell(copied, "02", "code", "1 / 0")
    put_cell(copied, "03", "markdown", "To be read with care.")

    with pytest.raises(NotebookError, match="ZeroDivisionError"):
        build(copied)

    assert bytes_of(release_of(copied)) == before
    assert (copied / "build" / STUDY / "failed" / "coverage.ipynb").is_file()
    notebook.write_bytes(sound)
    assert build(copied).done == ("coverage",)


def test_release_that_cannot_be_recorded_stays(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a disk gets full after the release was swapped in, the build has succeeded."""

    def fill_up(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Inputs, "record_release", fill_up)
    (copied / "reports" / STUDY / "manifest.json").unlink()

    assert build(copied).was_up_to_date
    assert (copied / "reports" / STUDY / "manifest.json").is_file()


def test_unfit_page_leaves_the_last_release(copied: Path) -> None:
    """Where a page may not be published, the last release stays."""
    before = bytes_of(release_of(copied))
    put_cell(copied, "02", "markdown", "All 7 of them met.")

    with pytest.raises(PublishingError, match=r"All \[7\] of them met"):
        build(copied)

    assert bytes_of(release_of(copied)) == before


@pytest.mark.parametrize("name", ["partition", "check study", "check esa", "page esa"])
def test_task_writes_its_files_again(copied: Path, name: str) -> None:
    """A task that runs again writes all files of its plan, with the same bytes."""
    opened, folder = open_study(copied, STUDY), BuildFolder(copied / "build" / STUDY)
    tasks = plan_tasks(opened, read_partition(folder))
    (task,) = (task for task in tasks if task.name == name)
    before = [files_below(copied / written) for written in task.writes]

    steps.run_task(TaskEnvironment(copied, STUDY), task)

    assert all(before)
    assert [files_below(copied / written) for written in task.writes] == before


def files_below(path: Path) -> dict[Path, bytes]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return {each: each.read_bytes() for each in files if each.is_file()}


def test_build_that_is_running_is_named(tiny_root: Path) -> None:
    """While another build of the study is running, none starts."""
    with (
        hold_lock(tiny_root, STUDY),
        pytest.raises(StudyError, match="Another build of tiny is running") as refusal,
    ):
        build(tiny_root)

    assert refusal.value.offenders[0].startswith(f"process {os.getpid()} ")


@pytest.mark.parametrize("name", ["tny", f"../data/{STUDY}"])
def test_what_is_no_study_leaves_nothing_behind(tiny_root: Path, name: str) -> None:
    """What names no study is refused, even by force, and its path is never taken for its build."""
    before = sorted(tiny_root.rglob("*"))

    with pytest.raises(StudyError, match="This study does not exist"):
        build_study(order_of(tiny_root, force=True), name, Silent())

    assert sorted(tiny_root.rglob("*")) == before


def test_as_many_workers_as_asked(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many notebooks run at once as asked, or else one more than processors may be used."""
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 5, 6}, raising=False)
    orders = [BuildOptions(tiny_root, tiny_root, jobs=jobs) for jobs in (3, 0)]

    assert [order.workers for order in orders] == [3, 4]


def test_build_with_nothing_done_was_fresh() -> None:
    """A build shows whether it found anything to do."""
    assert [BuildResult(STUDY, done).was_up_to_date for done in ((), ("esa",))] == [True, False]


def test_release_is_refused_when_an_input_was_written_meanwhile(copied: Path) -> None:
    """What was written while pages were put together refuses the release at the last moment."""
    target = release_of(copied)
    before = bytes_of(target)
    release = Release(target, {}, (), is_partial=True)
    provenance = Provenance(inputs={}, code="", lock="", versions={})
    environment, inputs = TaskEnvironment(copied, STUDY), Inputs(copied, STUDY)
    inputs.hold()
    os.utime(table_of(copied, "segments"))

    with pytest.raises(PublishingError, match="Inputs changed") as refusal:
        steps.publish_release(environment, release, provenance, inputs.stamps)

    assert refusal.value.offenders == (f"data/{STUDY}/segments.csv",)
    assert bytes_of(target) == before
