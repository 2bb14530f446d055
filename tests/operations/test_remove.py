from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.operations import remove as operation
from analysis.operations.remove import remove_study
from analysis.study.lock import hold_lock
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tiny_root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return write_tiny_root(tmp_path / "root")


@pytest.fixture
def root(tiny_root: Path) -> Path:
    """Give a root with a built study and the release of another."""
    for study in (STUDY, "other"):
        folder = tiny_root / "reports" / study
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps({"title": f"Title of {study}"}), "utf-8")
        (folder / "index.html").write_text("<p>", "utf-8")
    shutil.copytree(tiny_root / "data" / STUDY, tiny_root / "data" / "other")
    (tiny_root / "data" / STUDY / "raw").mkdir()
    (tiny_root / "data" / STUDY / "raw" / "sent.docx").write_bytes(b"words")
    (tiny_root / "build" / STUDY / "received").mkdir(parents=True)
    return tiny_root


def test_study_goes_with_its_reports_and_build_files(root: Path) -> None:
    """Its three folders are deleted, the index lists it no more, and other studies stay."""
    removed = remove_study(root, STUDY)

    names = [folder.relative_to(root).as_posix() for folder in removed]
    assert names == [f"reports/{STUDY}", f"build/{STUDY}", f"data/{STUDY}"]
    assert not any(path.name.startswith(STUDY) for path in root.rglob("*"))
    assert (root / "data" / "other" / "segments.csv").is_file()
    index = (root / "reports" / "index.html").read_text("utf-8")
    assert ("other/index.html" in index, f"{STUDY}/index.html" in index) == (True, False)


def test_study_that_was_never_built_is_removed(tiny_root: Path) -> None:
    """Where nothing was released, no index is made."""
    remove_study(tiny_root, STUDY)

    assert not (tiny_root / "data" / STUDY).exists()
    assert not (tiny_root / "reports").exists()


def test_unknown_study_is_refused(root: Path) -> None:
    """A name that no study has, a path included, is refused with the closest one."""
    with pytest.raises(StudyError, match=f"closest: {STUDY}"):
        remove_study(root, f"{STUDY}y")
    with pytest.raises(StudyError):
        remove_study(root, f"../data/{STUDY}")

    assert (root / "data" / STUDY).is_dir()


def test_study_that_is_being_built_is_refused(root: Path) -> None:
    """While a build of the study runs, nothing of it is deleted."""
    with hold_lock(root, STUDY), pytest.raises(StudyError, match="is running"):
        remove_study(root, STUDY)

    assert (root / "data" / STUDY / "segments.csv").is_file()
    assert (root / "reports" / STUDY).is_dir()


def test_removal_that_was_cut_short_is_repeated(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was deleted before a kill, the settings are left, so that it can be repeated."""
    data = root / "data" / STUDY
    with monkeypatch.context() as killing:

        def kill(path: Path) -> None:
            if path == data:
                raise KeyboardInterrupt
            shutil.rmtree(path) if path.is_dir() else path.unlink()

        killing.setattr(operation, "_remove", kill)
        with pytest.raises(KeyboardInterrupt):
            remove_study(root, STUDY)
        assert [path.name for path in data.iterdir()] == ["study.yaml"]

    remove_study(root, STUDY)

    assert not any(path.name.startswith(STUDY) for path in root.rglob("*"))


def test_link_to_a_study_goes_without_what_it_names(root: Path, tmp_path: Path) -> None:
    """A folder elsewhere that is linked into data/ stays as it is."""
    elsewhere = tmp_path / "elsewhere"
    (root / "data" / STUDY).rename(elsewhere)
    (root / "data" / STUDY).symlink_to(elsewhere)

    remove_study(root, STUDY)

    assert not (root / "data" / STUDY).is_symlink()
    assert (elsewhere / "segments.csv").is_file()
