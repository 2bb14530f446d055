from __future__ import annotations

import hashlib
import json
import shutil
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from analysis.engine import build as build_module
from analysis.engine.build import BuildOrder, _empty_build_folder, _require_good, _Run, build_study
from analysis.engine.execution import Execution
from analysis.engine.guarding import guard_received
from analysis.engine.plan import Step
from analysis.engine.progress import Silent
from analysis.errors import CompendiumError, GuardError, NotebookError, PublishingError
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.received import read_received
from tiny_study import ROOT, STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Callable

REPORTS = ("africa", "africa-cleaning", "coverage", "esa", "esa-cleaning", "wca", "wca-cleaning")
ENDINGS = ("claims.json", "html", "ipynb")
GHA = 4


class Told(Silent):
    """Keeps what a build tells."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def done(self, step: str) -> None:
        """Keep the notebook that has run."""
        self.steps.append(step)


def make_root(folder: Path) -> Path:
    """Make a root with all that a build reads."""
    root = write_tiny_root(folder)
    (root / "locks").mkdir()
    for name in ("locks/run.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, root / name)
    return root


def order_of(root: Path, *places: str) -> BuildOrder:
    return BuildOrder(root, root / "reports", places, jobs=2)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root in which the tiny study was built; it is never changed."""
    root = make_root(tmp_path_factory.mktemp("built") / "root")
    build_study(order_of(root), STUDY, Silent())
    return root


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    """Give a copy of that root, to change."""
    return Path(shutil.copytree(built, tmp_path / "copy"))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(path: Path) -> Any:  # noqa: ANN401 (JSON)
    return json.loads(path.read_text(encoding="utf-8"))


def values(release: Path, report: str) -> dict[str, Any]:
    return {claim["id"]: claim["value"] for claim in read(release / f"{report}.claims.json")}


def bytes_of(release: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(release.iterdir())}


def test_release_holds_each_report_in_three_forms(built: Path) -> None:
    """A release has the page, the notebook and the claims of each report, and pages around them."""
    names = {path.name for path in (built / "reports" / STUDY).iterdir()}

    assert {f"{report}.{ending}" for report in REPORTS for ending in ENDINGS} <= names
    assert {"index.html", "quality.html", "manifest.json"} <= names
    assert (built / "reports" / "index.html").is_file()


def test_manifest_names_each_file_by_its_digest(built: Path) -> None:
    """The manifest holds the SHA-256 of each output but itself, and of each input."""
    release = built / "reports" / STUDY
    manifest = read(release / "manifest.json")

    outputs = {path.name: digest(path) for path in release.iterdir()}
    del outputs["manifest.json"]
    assert manifest["outputs"] == dict(sorted(outputs.items()))
    assert manifest["inputs"] == {name: digest(built / name) for name in manifest["inputs"]}
    assert {name.split("/")[0] for name in manifest["inputs"]} == {
        *("data", "expectations", "notebooks"),
    }
    assert manifest["lock"] == digest(built / "locks" / "run.txt")


def test_manifest_lists_the_reports(built: Path) -> None:
    """The manifest tells each report's notebook, parameters and number of claims."""
    release = built / "reports" / STUDY
    reports = {each["name"]: each for each in read(release / "manifest.json")["reports"]}

    assert tuple(reports) == REPORTS
    assert reports["esa"]["parameters"] == {"study": STUDY, "place": "esa", "excerpts_per_theme": 3}
    assert reports["esa"]["focus_groups"] == 2
    assert reports["coverage"]["focus_groups"] is None
    assert {name: each["claims"] for name, each in reports.items()} == {
        name: len(values(release, name)) for name in REPORTS
    }


def test_continent_adds_up_to_what_its_regions_report(built: Path) -> None:
    """The parts of the continent are what the reports of its regions count."""
    release = built / "reports" / STUDY
    africa = values(release, "africa")

    for region in ("esa", "wca"):
        counted = values(release, region)
        for kind in ("groups", "participants", "segments"):
            assert africa[f"africa.part.{kind}.{region}"] == counted[f"{region}.{kind}"]


def test_release_tells_nothing_of_the_machine(built: Path) -> None:
    """No file of a release holds the path at which it was built."""
    release = built / "reports" / STUDY

    assert [
        name for name, content in bytes_of(release).items() if str(built).encode() in content
    ] == []


def test_place_alone_leaves_all_other_reports(copied: Path) -> None:
    """Building one place again changes no byte of any report, where nothing else changed."""
    before = bytes_of(copied / "reports" / STUDY)
    told = Told()

    records = build_study(order_of(copied, "wca"), STUDY, told)

    assert told.steps == ["wca-cleaning", "wca"]
    assert [record.name for record in records] == [
        *("wca-cleaning", "wca", "africa", "africa-cleaning", "coverage", "esa", "esa-cleaning"),
    ]
    assert bytes_of(copied / "reports" / STUDY) == before


def test_refused_study_leaves_the_last_release(copied: Path) -> None:
    """Where the guards refuse the tables, nothing runs and the last release stands."""
    before = bytes_of(copied / "reports" / STUDY)
    put_value(copied, "focus_groups", (GHA, "held_on"), "2021-02-30")

    with pytest.raises(GuardError, match="focus group gha"):
        build_study(order_of(copied), STUDY, Silent())

    assert bytes_of(copied / "reports" / STUDY) == before


def test_release_cut_short_is_put_back_first(copied: Path) -> None:
    """Where the last swap was cut short, the release is back before anything can be refused."""
    release = copied / "reports" / STUDY
    before = bytes_of(release)
    release.rename(release.parent / f".{STUDY}.last")
    put_value(copied, "focus_groups", (GHA, "held_on"), "2021-02-30")

    with pytest.raises(GuardError):
        build_study(order_of(copied), STUDY, Silent())

    assert bytes_of(release) == before


def test_unfit_page_leaves_the_last_release(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a page may not be published, the last release stands."""
    before = bytes_of(copied / "reports" / STUDY)

    def refuse(*_: object) -> None:
        raise PublishingError("A number is no claim.")

    monkeypatch.setattr(build_module, "publish_report", refuse)
    monkeypatch.setattr(build_module._Run, "stage", lambda *_: None)
    monkeypatch.setattr(build_module, "guard_cleaned", lambda *_: None)
    monkeypatch.setattr(build_module, "read_outcomes", lambda *_: None)

    with pytest.raises(PublishingError, match="no claim"):
        build_study(order_of(copied), STUDY, Silent())

    assert bytes_of(copied / "reports" / STUDY) == before


@pytest.mark.parametrize(("places", "refused"), [((), True), (("wca",), True), (("esa",), False)])
def test_place_is_refused_only_for_what_concerns_it(
    tiny_root: Path,
    places: tuple[str, ...],
    refused: bool,  # noqa: FBT001
) -> None:
    """What is critical to one place stops it and the whole study, and no other place."""
    put_value(tiny_root, "focus_groups", (GHA, "held_on"), "2021-02-30")
    opened = open_study(tiny_root, STUDY)
    received = read_received(opened.folder)
    found = guard_received(opened, received)

    with pytest.raises(GuardError) if refused else nullcontext():
        _require_good(order_of(tiny_root, *places), opened, received.focus_groups, found)


def test_what_an_earlier_build_left_is_gone(tiny_root: Path) -> None:
    """A build begins with an empty folder of its own, and touches no other study's."""
    stale = tiny_root / "build" / STUDY / "cleaned" / "esa"
    other = tiny_root / "build" / "other"
    stale.mkdir(parents=True)
    other.mkdir()

    build = _empty_build_folder(open_study(tiny_root, STUDY))

    assert (list(build.path.iterdir()), other.is_dir()) == ([], True)


def test_study_named_by_a_path_keeps_its_data(tiny_root: Path) -> None:
    """The folder of a build is named after the study, however the study was called."""
    build = _empty_build_folder(open_study(tiny_root, f"../data/{STUDY}"))

    assert build.path == tiny_root / "build" / STUDY
    assert (tiny_root / "data" / STUDY / "segments.csv").is_file()


class Pool:
    """Runs what it is given at once, in this process."""

    def submit(self, call: Callable[..., Path], *given: object) -> Future[Path]:
        """Return what became of a call."""
        future: Future[Path] = Future()
        try:
            future.set_result(call(*given))
        except CompendiumError as error:
            future.set_exception(error)
        return future


def run_stage(monkeypatch: pytest.MonkeyPatch, *failing: str) -> Told:
    """Run a stage of three steps, of which some fail."""

    def run_step(execution: Execution, step: Step, output: Path) -> Path:  # noqa: ARG001
        if step.name in failing:
            raise NotebookError(
                f"{step.name} failed.", offenders=["cell x: its cause"], remedy=f"read {step.name}"
            )
        return output

    monkeypatch.setattr(build_module, "run_step", run_step)
    told = Told()
    steps = [Step(name, "x", {}, name) for name in ("esa", "mena", "wca")]
    folder = Path("unused")
    _Run(Execution(folder, folder), BuildFolder(folder), Pool(), told).stage(steps)
    return told


def test_each_step_is_told_when_it_has_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each notebook of a stage is told of."""
    assert sorted(run_stage(monkeypatch).steps) == ["esa", "mena", "wca"]


def test_one_failure_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one notebook fails, its own refusal is what is told."""
    with pytest.raises(NotebookError) as failure:
        run_stage(monkeypatch, "mena")

    assert (failure.value.what, failure.value.offenders) == ("mena failed.", ("cell x: its cause",))


def test_failures_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where several notebooks of a stage fail, all are told, in the order of the plan."""
    with pytest.raises(NotebookError) as failure:
        run_stage(monkeypatch, "wca", "esa")

    assert failure.value.what == "2 notebooks failed."
    assert failure.value.offenders == (
        "esa failed. cell x: its cause",
        "wca failed. cell x: its cause",
    )
    assert failure.value.remedy == "read esa; read wca"


def test_as_many_workers_as_asked(tiny_root: Path) -> None:
    """So many notebooks run at once as asked, and one for each processor otherwise."""
    orders = [BuildOrder(tiny_root, tiny_root, jobs=jobs) for jobs in (3, 0)]

    assert orders[0].workers == 3
    assert orders[1].workers >= 1
