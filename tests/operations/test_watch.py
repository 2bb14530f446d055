"""Rebuilding on each save: what is built and printed, and how it ends."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from analysis.engine.options import BuildOptions, BuildResult, Progress
from analysis.errors import CompendiumError, InputsChangedError, StudyError, TableError
from analysis.operations import watch
from analysis.operations.preview_server import EVENTS
from analysis.operations.watch import CodeChangedError, watch_studies
from tiny_study import ROOT, STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PORT = 18570
UGA_2 = 10


class Builds:
    """Stands in for builds: each does the next thing that is listed, or has nothing to do."""

    def __init__(self) -> None:
        self.outcomes: list[BuildResult | Exception] = [BuildResult(STUDY, ("esa",))]

    def __call__(self, _: BuildOptions, __: str, progress: Progress, *___: object) -> BuildResult:
        """Return or raise what is listed next."""
        outcome = self.outcomes.pop(0) if self.outcomes else BuildResult(STUDY)
        if isinstance(outcome, Exception):
            raise outcome
        if outcome.done:
            progress.end()
        return outcome


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    root = write_tiny_root(tmp_path / "r")
    (root / "locks").mkdir()
    for name in ("locks/run.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, root / name)
    return root


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Builds:
    """Give builds that take no time, and a program whose code may change."""
    builds = Builds()
    monkeypatch.setattr(watch, "build_study", builds)
    (tmp_path / "code").mkdir()
    monkeypatch.setattr(watch, "SOURCES", tmp_path / "code")
    return builds


def watching(root: Path) -> Iterator[Any]:
    return watch_studies(BuildOptions(root, root / "reports"), [STUDY], PORT)


def version_of_pages(address: str) -> bytes:
    """Return the version that open pages hear of."""
    with urlopen(f"{address}{EVENTS.removeprefix('/')}", timeout=5) as heard:  # noqa: S310
        line: bytes = heard.readline()
    return line


def test_builds_now_and_after_each_save(root: Path, builds: Builds) -> None:
    """It says where the pages are, builds, and builds again when a table is saved."""
    events = watching(root)

    assert next(events).startswith("http://localhost:")
    assert next(events).outcome.done == ("esa",)
    for code in ("stigma", "services"):
        builds.outcomes = [BuildResult(STUDY, (code,))]
        put_value(root, "code_applications", (2, "code"), code)
        assert next(events).outcome.done == (code,)
    events.close()


def test_open_pages_reload_when_reports_were_built(root: Path, builds: Builds) -> None:
    """Pages that are open hear of a release, and not of a refusal."""
    events = watching(root)
    address = next(events)
    versions = [version_of_pages(address)]
    for outcome in (BuildResult(STUDY, ("esa",)), TableError("A table is wrong.")):
        builds.outcomes = [outcome]
        put_value(root, "segments", (2, "position"), str(len(versions)))
        next(events)
        versions.append(version_of_pages(address))
    events.close()

    assert versions[0] != versions[1]
    assert versions[1] == versions[2]


def test_refusal_is_shown_and_the_next_save_builds_again(root: Path, builds: Builds) -> None:
    """A table that can't be read, or a mistake in code, ends nothing."""
    events = watching(root)
    next(events)
    next(events)
    errors = {"1": TableError("A table is wrong."), "2": RuntimeError("a\nValueError: no")}
    for position, error in errors.items():
        builds.outcomes = [error]
        put_value(root, "segments", (2, "position"), position)
        outcome = next(events).outcome
        assert isinstance(outcome, CompendiumError)
    assert list(outcome.offenders) == ["ValueError: no"]

    builds.outcomes = [BuildResult(STUDY, ("esa",))]
    put_value(root, "segments", (2, "position"), "3")
    assert isinstance(next(events).outcome, BuildResult)
    events.close()


def test_code_that_changes_ends_it_to_start_again(
    root: Path, builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed code that can't run is refused; as soon as it can, the program starts again."""
    del builds
    events = watching(root)
    next(events)
    next(events)
    monkeypatch.setattr(watch, "PROGRAM", "1 / 0")
    writing = threading.Timer(1, (watch.SOURCES / "x.py").write_text, ["1"])
    writing.start()
    assert "ZeroDivisionError" in str(next(events).outcome)
    monkeypatch.setattr(watch, "PROGRAM", "1")
    (watch.SOURCES / "x.py").write_text("2", encoding="utf-8")

    with pytest.raises(CodeChangedError):
        next(events)


def test_study_that_does_not_exist_is_refused(root: Path, builds: Builds) -> None:
    """A mistyped name is refused at once, and nothing is served or built."""
    events = watch_studies(BuildOptions(root, root / "reports"), ["tyni"], PORT)

    with pytest.raises(StudyError, match="tyni"):
        next(events)
    assert len(builds.outcomes) == 1


@pytest.mark.slow
def test_command_lists_what_each_save_changed_and_ends_with_ctrl_c(root: Path) -> None:
    """A real build, an edit, the numbers that it moved, and an end without a traceback."""
    command = [sys.executable, "-m", "analysis.cli", "watch", STUDY, "--json", "--root", str(root)]
    # Tests that run in the background of a shell ignore Ctrl-C, and what they start would too.
    was = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, was)
    assert process.stdout is not None
    try:
        assert json.loads(process.stdout.readline())["address"].startswith("http://localhost:")
        assert "esa" in json.loads(process.stdout.readline())["done"]
        put_value(root, "code_applications", (UGA_2, "code"), "services")
        saved = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, complained = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()

    moved = {change["claim"]: (change["old"], change["new"]) for change in saved["changes"]}
    assert moved["esa.prevalence.services"] == ("1 of 2 focus groups", "2 of 2 focus groups")
    assert (process.returncode, complained) == (0, "")


def test_save_during_a_build_is_built_next(root: Path, builds: Builds) -> None:
    """A build that a save has overtaken is no refusal: that save is built next."""
    overtaken = InputsChangedError("Inputs changed during the build.")
    builds.outcomes = [overtaken, BuildResult(STUDY, ("esa",))]
    events = watching(root)
    next(events)
    threading.Timer(1, put_value, [root, "segments", (2, "position"), "1"]).start()

    assert next(events).outcome.done == ("esa",)
    events.close()
