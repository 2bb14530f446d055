from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.study import journal
from analysis.study.journal import StudyChange, complete_change

if TYPE_CHECKING:
    from collections.abc import Callable

OLD = {"one.csv": "old", "two.csv": "old", "raw/mail.txt": "old"}
NEW = {"one.csv": "new", "two.csv": "new", "three.csv": "new", "kept/deep/four.csv": "new"}
STEPS = 45
"""More than a change takes."""


class KilledError(BaseException):
    """Raised in place of the end of the process."""


def write_study(root: Path) -> Path:
    """Write a study of three files and what was built of it, and return its folder."""
    folder = root / "data" / "tiny"
    for name, text in OLD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (root / "build" / "tiny").mkdir(parents=True)
    return folder


def change_all(folder: Path) -> None:
    """Replace files, one of them in new folders; remove the raw file and what was built."""
    with StudyChange(folder) as change:
        for name, text in NEW.items():
            change.stage(name).write_text(text, encoding="utf-8")
        change.commit([folder / "raw" / "mail.txt", folder.parents[1] / "build" / "tiny"])


def contents(folder: Path) -> dict[str, str]:
    """Return what each file below a folder holds."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def test_change_is_made(tmp_path: Path) -> None:
    """All files are replaced or removed, with nothing left beside them."""
    folder = write_study(tmp_path)
    change_all(folder)

    assert contents(folder) == NEW
    assert list((tmp_path / "build").iterdir()) == []


def test_change_that_fails_changes_nothing(tmp_path: Path) -> None:
    """What is raised before the change is made leaves all as it was."""
    folder = write_study(tmp_path)
    with suppress(ValueError), StudyChange(folder) as change:
        change.stage("one.csv").write_text("new", encoding="utf-8")
        raise ValueError

    assert contents(folder) == OLD


def kill_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the process end before the so-manieth thing that is done to the disk."""
    left = [step]

    def counted(do: Callable[..., object]) -> Callable[..., object]:
        def count(*given: object, **how: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise KilledError
            return do(*given, **how)

        return count

    monkeypatch.setattr(Path, "mkdir", counted(Path.mkdir))
    monkeypatch.setattr(Path, "replace", counted(Path.replace))
    monkeypatch.setattr(Path, "write_text", counted(Path.write_text))
    monkeypatch.setattr(Path, "unlink", counted(Path.unlink))
    monkeypatch.setattr(journal.shutil, "rmtree", counted(journal.shutil.rmtree))
    monkeypatch.setattr(journal, "sync", counted(journal.sync))
    # Who is killed cleans nothing up.
    monkeypatch.setattr(StudyChange, "__exit__", lambda *_: None)


@pytest.mark.parametrize("step", range(STEPS))
def test_change_that_is_cut_short_is_whole_or_not_made(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at any step, the study is the old or the new one once it is opened again."""
    folder = write_study(tmp_path)
    with monkeypatch.context() as killing:
        kill_at(step, killing)
        was_killed = False
        try:
            change_all(folder)
        except KilledError:
            was_killed = True
    complete_change(folder)
    left = {name: text for name, text in contents(folder).items() if not name.startswith(".")}
    is_new = left == NEW

    assert left in (OLD, NEW)
    assert is_new == (not (tmp_path / "build" / "tiny").exists())
    assert is_new or was_killed


def test_change_cut_short_before_it_was_made_is_in_nobodys_way(tmp_path: Path) -> None:
    """What an earlier change left that was never made counts nowhere, and the next clears it."""
    folder = write_study(tmp_path)
    (folder / journal.FOLDER).mkdir()
    (folder / journal.FOLDER / "one.csv").write_text("half", encoding="utf-8")
    complete_change(folder)

    assert (folder / "one.csv").read_text(encoding="utf-8") == "old"
    change_all(folder)
    assert contents(folder) == NEW


def test_file_goes_into_a_folder_that_was_not_there(tmp_path: Path) -> None:
    """The first file of raw/ is not dropped for want of its folder."""
    folder = write_study(tmp_path)
    with StudyChange(folder) as change:
        change.stage("new/first.txt").write_text("new", encoding="utf-8")
        change.commit()

    assert contents(folder) == {**OLD, "new/first.txt": "new"}


def test_change_may_be_completed_by_two_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody else took away meanwhile is passed over, and all that is left goes too."""
    folder = write_study(tmp_path)
    built = tmp_path / "build" / "tiny"
    for name in ("a.html", "b.html", "c.html"):
        (built / name).write_text("old", encoding="utf-8")
    unlink = os.unlink

    def taken_before(name: str, **how: int) -> None:
        unlink(name, **how)
        raise FileNotFoundError(name)

    monkeypatch.setattr(os, "unlink", taken_before)
    change_all(folder)

    assert (contents(folder), built.exists()) == (NEW, False)
