from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from analysis.engine import build as build_module
from analysis.engine.options import BuildOptions, BuildResult
from analysis.progress import BuildProgress
from analysis.publishing.claim_diff import ClaimChange
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.engine.options import Progress
    from cli.conftest import Run

    Orders = list[tuple[BuildOptions, str]]


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> Orders:
    """Give the builds that were ordered, in place of building."""
    given: Orders = []

    def build_study(order: BuildOptions, study: str, progress: Progress) -> BuildResult:
        given.append((order, study))
        progress.start(study, 2)
        progress.message("partitioning")
        progress.advance("esa-cleaning", has_run=False)
        progress.advance("esa", has_run=True)
        progress.end()
        return BuildResult(study, ("esa", "page esa"))

    monkeypatch.setattr(build_module, "build_study", build_study)
    return given


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be nothing to build."""
    monkeypatch.setattr(build_module, "build_study", lambda _, study, __: BuildResult(study))


def test_json_of_a_build_is_what_was_done(
    run: Run, orders: Orders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --json, a build prints its tasks and the numbers that changed, and no progress."""
    code, said, complained = run("build", "--json")
    change = ClaimChange("esa", "esa.groups", "Focus groups", "1", "2", "a row was added")
    monkeypatch.setattr(
        build_module, "build_study", lambda *_: BuildResult(STUDY, ("esa",), (change,))
    )
    changed = json.loads(run("build", "--json")[1])[STUDY]

    assert (code, complained) == (0, "")
    assert json.loads(said) == {STUDY: {"done": ["esa", "page esa"], "changes": None}}
    assert [name for _, name in orders] == [STUDY]
    assert [(each["claim"], each["new"]) for each in changed["changes"]] == [("esa.groups", "2")]


@pytest.mark.usefixtures("fresh")
def test_json_of_a_build_with_nothing_to_do_is_empty(run: Run) -> None:
    """With --json, a build that found nothing to do shows that nothing was done."""
    assert json.loads(run("build", "--json")[1]) == {STUDY: {"done": [], "changes": None}}


@pytest.mark.usefixtures("orders")
def test_progress_of_a_build_is_reported_line_by_line(run: Run, tiny_root: Path) -> None:
    """Where nobody watches, each event is a line on standard error, and the end on output."""
    code, said, complained = run("build", STUDY)

    assert code == 0
    assert said.splitlines() == [
        "tiny is built: its first release.",
        f"Open {tiny_root / 'reports' / 'index.html'}",
    ]
    assert complained.splitlines() == ["tiny: 2 notebooks", "partitioning", "2/2 esa"]


@pytest.mark.usefixtures("fresh")
def test_build_with_nothing_to_do_is_shown(run: Run) -> None:
    """Where a study is up to date that is what is said."""
    code, said, complained = run("build", STUDY)

    assert (code, complained) == (0, "")
    assert said.splitlines()[0] == "tiny is up to date."


def test_build_passes_on_what_is_asked(run: Run, orders: Orders, tmp_path: Path) -> None:
    """Places, how to build and the folder of reports reach the build."""
    out = tmp_path / "elsewhere"

    run("build", STUDY, "--place", "esa", "--place", "Africa", "--jobs", "3", "--out", str(out))
    run("build", "--force", "--kernel", "plain", "--limit", "60", "--scheduler", "tcp://there:1")

    first, second = (order for order, _ in orders)
    assert (first.places, first.jobs, first.reports) == (("esa", "Africa"), 3, out)
    assert (second.force, second.kernels, second.cell_seconds) == (True, "plain", 60)
    assert second.scheduler == "tcp://there:1"


def test_build_has_modest_defaults(run: Run, orders: Orders, tiny_root: Path) -> None:
    """Without options all places are built that are not up to date, here, with warm kernels."""
    run("build")

    ((order, _),) = orders
    assert order == BuildOptions(tiny_root, tiny_root / "reports")


@pytest.mark.parametrize(
    "options",
    [("--limit", "0"), ("--jobs", "-1"), ("--kernel", "hot"), ("--scheduler",), ("--forced",)],
    ids=" ".join,
)
def test_options_that_cannot_be_are_refused(
    run: Run, orders: Orders, options: tuple[str, ...]
) -> None:
    """An option that is unknown, or has no value that it could have, is a misuse."""
    code, _, complained = run("build", *options)

    assert (code, orders) == (2, [])
    assert options[0] in complained


@pytest.mark.parametrize(
    ("arguments", "offender"),
    [
        ((STUDY, "tyny"), "tyny (closest: tiny)"),
        ((STUDY, "--place", "atlantis"), "atlantis"),
        ((STUDY, "--scheduler", "there"), "--scheduler there"),
    ],
    ids=["study", "place", "scheduler"],
)
def test_arguments_are_refused_before_any_study_is_built(
    run: Run, orders: Orders, arguments: tuple[str, ...], offender: str
) -> None:
    """What is wrong with one study's arguments is found before another study is built."""
    code, said, complained = run("build", *arguments)

    assert (code, said, orders) == (1, "", [])
    assert offender in complained


def test_study_that_is_named_twice_is_built_once(run: Run, orders: Orders) -> None:
    """A study that is named twice is built once."""
    run("build", STUDY, STUDY)

    assert [name for _, name in orders] == [STUDY]


def test_build_without_studies_is_refused(run: Run, tiny_root: Path, orders: Orders) -> None:
    """Where there is no study to build, that is said, and no index is promised."""
    (tiny_root / "data" / STUDY / "study.yaml").unlink()

    code, said, complained = run("build")

    assert (code, said, orders) == (1, "", [])
    assert "There is no study to build." in complained


def test_progress_on_a_terminal_counts_notebooks() -> None:
    """On a terminal one line shows how many notebooks are done; it is gone when the build ends.

    One that runs again, since what it reads has changed, counts once.
    """
    written = io.StringIO()

    with BuildProgress(Console(file=written, force_terminal=True, width=80)) as shown:
        shown.message("building tiny")
        shown.start(STUDY, 21)
        for name in ("wca", "wca", "esa"):
            shown.advance(name, has_run=True)

    assert all(text in written.getvalue() for text in ("building tiny", "2/21 esa"))
    assert written.getvalue().endswith("\x1b[2K")


def test_bar_is_gone_when_a_build_fails() -> None:
    """A build that fails leaves the terminal as it was."""
    written = io.StringIO()

    shown = BuildProgress(Console(file=written, force_terminal=True, width=80))
    with contextlib.suppress(KeyError), shown:
        shown.start(STUDY, 2)
        raise KeyError

    assert written.getvalue().endswith("\x1b[2K")


def test_interrupted_build_says_what_is_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the program with 130, and says that nothing is half done."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build_module, "build_study", interrupt)

    code, _, complained = run("build", STUDY)

    assert code == 130
    assert "Interrupted. Studies and releases are as they were" in complained


def test_refusal_is_json_too(run: Run) -> None:
    """With --json, a refusal is JSON on standard output, with all its parts."""
    code, said, complained = run("build", STUDY, "--scheduler", "localhost", "--json")

    assert (code, complained) == (1, "")
    assert json.loads(said)["refused"]["offenders"] == ["--scheduler localhost"]
