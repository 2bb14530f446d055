from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.study.writing import place_folder, remove_unfinished, replace_file, restore_folder

if TYPE_CHECKING:
    from collections.abc import Callable


class KilledError(BaseException):
    """Raised in place of the end of the process."""


def _folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "page.html").write_text(text, encoding="utf-8")
    return path


def _contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


@pytest.mark.parametrize("content", ["Côte\n", "Côte\n".encode()], ids=["text", "bytes"])
def test_replaces_a_file_whole(tmp_path: Path, content: str | bytes) -> None:
    """A file has its new content, in UTF-8, and nothing else is left in its folder."""
    path = tmp_path / "new" / "facts.json"
    replace_file(path, "old")

    replace_file(path, content)

    assert _contents(tmp_path) == {"new/facts.json": "Côte\n"}


def test_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    """Text that cannot be encoded leaves the old content, and no unfinished file."""
    path = tmp_path / "facts.json"
    replace_file(path, "old")
    with pytest.raises(UnicodeEncodeError):
        replace_file(path, "\ud800")

    assert _contents(tmp_path) == {"facts.json": "old"}


def test_unfinished_files_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed process was writing is removed, and all else kept."""
    replace_file(tmp_path / "facts.json", "old")
    with monkeypatch.context() as killing:
        killing.setattr(Path, "replace", _kill_at(0, Path.replace))
        killing.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(KilledError):
            replace_file(tmp_path / "facts.json", "new")

    assert len(_contents(tmp_path)) == 2
    remove_unfinished(tmp_path)
    assert _contents(tmp_path) == {"facts.json": "old"}


@pytest.mark.parametrize("was", ["old", ""], ids=["another folder", "empty place"])
def test_places_a_folder(tmp_path: Path, was: str) -> None:
    """A new folder replaces another one, or is where there was none; nothing else is left."""
    target = tmp_path / "demo"
    if was:
        _folder(target, was)

    place_folder(_folder(tmp_path / "next", "new"), target)

    assert _contents(tmp_path) == {"demo/page.html": "new"}


def _kill_at(step: int, of: Callable[..., object]) -> Callable[..., object]:
    left = [step]

    def count(*given: object, **how: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise KilledError
        return of(*given, **how)

    return count


@pytest.mark.parametrize("step", range(2))
def test_folder_is_restored_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Killed before either rename, the next command finds the old folder, whole."""
    target = _folder(tmp_path / "demo", "old")
    new = _folder(tmp_path / "next", "new")
    with monkeypatch.context() as killing:
        killing.setattr(Path, "rename", _kill_at(step, Path.rename))
        with pytest.raises(KilledError):
            place_folder(new, target)

    restore_folder(target)

    assert _contents(tmp_path) == {"demo/page.html": "old", "next/page.html": "new"}


def test_folder_placed_before_a_kill_stays(tmp_path: Path) -> None:
    """Killed after both renames, the new folder stays and what was there before is cleared away."""
    target = _folder(tmp_path / "demo", "new")
    _folder(tmp_path / ".demo.previous", "old")

    restore_folder(target)

    assert _contents(tmp_path) == {"demo/page.html": "new"}


def test_folder_that_cannot_be_placed_leaves_what_was(tmp_path: Path) -> None:
    """Where the new folder is missing, the old one is still in its place."""
    target = _folder(tmp_path / "demo", "old")
    with pytest.raises(FileNotFoundError):
        place_folder(tmp_path / "next", target)

    assert _contents(tmp_path) == {"demo/page.html": "old"}
