from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from analysis.engine.study_files import StudyFiles
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import BuildFolder
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path


def test_work_rests_on_the_places_of_the_study_itself(tmp_path: Path):
    """Places of a study's own are among what all work on it rests on."""
    root = write_tiny_root(tmp_path / "root")
    folder = root / "data" / STUDY
    build = BuildFolder(root / "build" / STUDY)
    shared = StudyFiles(open_study(root, STUDY), build).of_study

    for name in ("places.csv", "wider_places.csv"):
        shutil.copyfile(root / "data" / name, folder / name)

    own = StudyFiles(open_study(root, STUDY), build).of_study
    assert set(own) - set(shared) == {f"data/{STUDY}/places.csv", f"data/{STUDY}/wider_places.csv"}
