from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.tables.build_folder import BUILD_VARIABLE, BuildFolder, build_folder

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy


@pytest.mark.parametrize("value", [None, ""])
def test_outside_a_build_there_is_no_folder(
    study: OpenedStudy, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    """A notebook that runs on its own has no build folder."""
    monkeypatch.delenv(BUILD_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(BUILD_VARIABLE, value)

    assert build_folder(study) is None


@pytest.mark.parametrize(
    ("value", "folder"),
    [("build", "{root}/build/tiny"), ("/elsewhere/build", "/elsewhere/build/tiny")],
)
def test_in_a_build_each_study_has_its_folder(
    study: OpenedStudy, monkeypatch: pytest.MonkeyPatch, value: str, folder: str
) -> None:
    """A relative build folder lies below the root; an absolute one where it says."""
    monkeypatch.setenv(BUILD_VARIABLE, value)

    found = build_folder(study)

    assert found == BuildFolder(Path(folder.format(root=study.root)))


def test_each_step_leaves_its_own_files() -> None:
    """No two steps of a build write to the same place."""
    build = BuildFolder(Path("build"))

    left = [
        build.partition,
        build.received("esa"),
        build.cleaned("esa"),
        build.aggregates("esa"),
        build.words("esa"),
        build.outcomes("cleaned", "esa"),
        build.outcomes("received", "esa"),
        build.published("cleaned", "esa"),
        build.warnings("cleaned", "esa"),
        build.warnings("received", "esa"),
        build.notebook("esa"),
        build.failed("esa"),
        build.page("esa"),
        build.seen,
    ]

    assert len(set(left)) == len(left)
    assert all(path.is_relative_to(build.path) for path in left)
