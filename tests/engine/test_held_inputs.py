from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import pytest

from analysis.engine import held_inputs, reach
from analysis.engine.digests import Fingerprints
from analysis.engine.held_inputs import HeldInputs
from analysis.engine.inputs import KNOWN, Freshness, sources_written
from analysis.engine.keys import Keys
from analysis.engine.reach import Reach
from analysis.engine.task import Work
from analysis.errors import PublishingError
from tiny_study import STUDY, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.tables.build_folder import BuildFolder


@pytest.fixture
def freshness(tiny_root: Path, build: BuildFolder) -> Freshness:
    """Give what a release of the tiny study is made from."""
    return Freshness(tiny_root, STUDY, build, Fingerprints(build.path / KNOWN))


def touch(path: Path) -> None:
    """Write a file as it is, a second later than it was written."""
    seconds = path.stat().st_mtime + 1
    os.utime(path, (seconds, seconds))


def test_inputs_that_stay_are_held(freshness: Freshness) -> None:
    """As long as nothing is written, a build goes on; its inputs are known by digest."""
    held = HeldInputs(freshness)

    assert held.require() is None
    assert held.digests == freshness.inputs()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda root: touch(table_of(root, "segments")), "data/tiny/segments.csv"),
        (lambda root: (root / "data" / STUDY / "withdrawn.csv").touch(), "data/tiny/withdrawn.csv"),
        (lambda root: (root / "expectations" / "segments.json").unlink(), "expectations/segm"),
        (lambda root: touch(root / "notebooks" / "02-coverage-and-agreement.ipynb"), "notebooks/"),
    ],
    ids=["touched", "new", "gone", "notebook"],
)
def test_input_that_is_written_meanwhile_is_named(
    freshness: Freshness, tiny_root: Path, change: Callable[[Path], None], name: str
) -> None:
    """A file that is written, comes or goes during a build is named, even if it says the same."""
    held = HeldInputs(freshness)
    change(tiny_root)

    with pytest.raises(PublishingError, match="changed while the release was made") as refusal:
        held.require()

    (offender,) = refusal.value.offenders
    assert offender.startswith(name)


def test_program_is_held_to_what_it_was_at_the_first_build(
    freshness: Freshness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the program was when the first study was begun holds for those after it as well."""
    monkeypatch.setattr(reach, "SOURCES", tmp_path)
    (tmp_path / "points.py").touch()
    monkeypatch.setattr(held_inputs, "_sources_at_first", cache(sources_written))
    HeldInputs(freshness).require()
    (tmp_path / "more.py").touch()
    second = HeldInputs(freshness)

    with pytest.raises(PublishingError) as refusal:
        second.require()

    assert [name.endswith("more.py") for name in refusal.value.offenders] == [True]


def test_work_done_while_inputs_were_written_does_not_count(
    freshness: Freshness, tiny_root: Path, build: BuildFolder
) -> None:
    """Work is not kept as done when a file was written since the build began."""
    fingerprints = freshness.fingerprints
    keys = Keys(tiny_root, build, fingerprints, Reach(fingerprints), HeldInputs(freshness))
    work = Work(name="parting", kind="parting")
    keys.keep(work, {"a": "1"})
    touch(table_of(tiny_root, "segments"))

    with pytest.raises(PublishingError):
        keys.keep(work, {"a": "2"})

    assert keys.last("parting") == {"a": "1"}
