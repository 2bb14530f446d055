from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from analysis import cli
from analysis.engine import build as build_module
from analysis.publishing.manifest import ReportRecord
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.engine.build import BuildOrder
    from analysis.engine.progress import Progress
    from cli.conftest import Run

RECORD = ReportRecord(
    name="esa",
    title="Eastern and Southern Africa",
    kind="Regional synthesis",
    notebook="03-regional-synthesis.ipynb",
    parameters={"study": STUDY},
    place="esa",
    claims=7,
    focus_groups=2,
    made_from="0",
)


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[tuple[BuildOrder, str]]:
    """Give the builds that were ordered, in place of building."""
    given: list[tuple[BuildOrder, str]] = []

    def build_study(order: BuildOrder, name: str, progress: Progress) -> list[ReportRecord]:
        given.append((order, name))
        progress.begin(name, 2)
        progress.say("guarding")
        progress.done("esa")
        progress.end(name)
        return [RECORD]

    monkeypatch.setattr(build_module, "build_study", build_study)
    return given


def test_json_of_a_build_is_its_reports(run: Run, orders: list[tuple[BuildOrder, str]]) -> None:
    """With --json, a build tells its reports as JSON, and nothing of its progress."""
    code, said, complained = run("build", "--json")

    reports: dict[str, Any] = json.loads(said)
    assert (code, complained) == (0, "")
    assert [report["name"] for report in reports[STUDY]] == ["esa"]
    assert [name for _, name in orders] == [STUDY]


def test_progress_of_a_build_is_told_line_by_line(
    run: Run, orders: list[tuple[BuildOrder, str]], tiny_root: Path
) -> None:
    """Where nobody watches, each event is a line on standard error, and the end on output."""
    code, said, complained = run("build", STUDY)

    assert (code, len(orders)) == (0, 1)
    assert said.strip() == f"Open {tiny_root / 'reports' / 'index.html'}"
    assert complained.splitlines() == [
        *("tiny: 2 notebooks to run", "guarding", "  esa", "tiny is built."),
    ]


def test_build_passes_on_what_is_asked(
    run: Run, orders: list[tuple[BuildOrder, str]], tmp_path: Path
) -> None:
    """Places, jobs and the folder of reports reach the build."""
    out = tmp_path / "elsewhere"

    run("build", STUDY, "--place", "esa", "--place", "Africa", "--jobs", "3", "--out", str(out))

    ((order, _),) = orders
    assert (order.places, order.jobs, order.reports) == (("esa", "Africa"), 3, out)


def test_build_without_studies_is_refused(
    run: Run, tiny_root: Path, orders: list[tuple[BuildOrder, str]]
) -> None:
    """Where there is no study to build, that is said, and no index is promised."""
    (tiny_root / "data" / STUDY / "study.yaml").unlink()

    code, said, complained = run("build")

    assert (code, said, orders) == (1, "", [])
    assert "There is no study to build." in complained


def test_progress_on_a_terminal_is_a_bar() -> None:
    """On a terminal progress is a bar that is gone when the build ends."""
    stream = Console(file=io.StringIO(), force_terminal=True, width=80)

    with cli.Lines(stream) as lines:
        lines.begin(STUDY, 2)
        lines.done("esa")
        bar = lines._bar
        lines.end(STUDY)

    assert bar is not None
    assert bar.tasks[0].completed == 1
    assert bar.live.is_started is False
    assert stream.file.getvalue().endswith("tiny is built.\x1b[0m\n")


def test_bar_is_gone_when_a_build_fails() -> None:
    """A build that fails leaves the terminal as it was."""
    stream = Console(file=io.StringIO(), force_terminal=True, width=80)

    lines = cli.Lines(stream)
    with contextlib.suppress(KeyError), lines:
        lines.begin(STUDY, 2)
        raise KeyError

    assert lines._bar is not None
    assert lines._bar.live.is_started is False
