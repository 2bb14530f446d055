from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from analysis.publishing.exchange import exchange

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Give two folders, each with a file of its own name."""
    made = [tmp_path / name for name in ("one", "other")]
    for folder in made:
        folder.mkdir()
        (folder / folder.name).touch()
    return made


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges folders in one move")
def test_folders_change_places(folders: list[Path]) -> None:
    """Each of two folders stands where the other stood."""
    done = exchange(*folders)
    names = [[path.name for path in folder.iterdir()] for folder in folders]

    assert (done, names) == (True, [["other"], ["one"]])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges folders in one move")
def test_folder_that_is_missing_is_an_error(folders: list[Path], tmp_path: Path) -> None:
    """What is not there cannot change places, and nothing changes."""
    with pytest.raises(FileNotFoundError):
        exchange(folders[0], tmp_path / "none")

    assert [path.name for path in folders[0].iterdir()] == ["one"]
