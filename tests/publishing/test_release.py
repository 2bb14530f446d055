from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import PublishingError
from analysis.publishing import release
from analysis.publishing.release import (
    require_release,
    restore_release,
    stage_release,
    swap_in,
)

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "esa.html").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path) -> str:
    return (folder / "esa.html").read_text(encoding="utf-8")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Give a release that stands."""
    return write(tmp_path / "reports" / "tiny", "last")


def test_first_release_is_swapped_in(tmp_path: Path) -> None:
    """Where there is no release yet, the staged folder becomes it."""
    target = tmp_path / "reports" / "tiny"
    staged = write(stage_release(target, carry_over=False), "next")

    swap_in(staged, target)

    assert read(target) == "next"
    assert [path.name for path in target.parent.iterdir()] == ["tiny"]


@pytest.mark.parametrize("in_one_move", [True, False])
def test_last_release_stands_until_the_swap(
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    in_one_move: bool,  # noqa: FBT001
) -> None:
    """While the next release is written, the last one stands beside it."""
    if not in_one_move:
        monkeypatch.setattr(release, "exchange", lambda *_: False)
    staged = write(stage_release(target, carry_over=False), "next")

    before = read(target)
    swap_in(staged, target)

    assert (before, read(target)) == ("last", "next")
    assert [path.name for path in target.parent.iterdir()] == ["tiny"]


@pytest.mark.parametrize(("carry_over", "files"), [(True, ["esa.html"]), (False, [])])
def test_last_release_is_taken_along_when_asked(
    target: Path,
    carry_over: bool,  # noqa: FBT001
    files: list[str],
) -> None:
    """The next release begins with the files of the last, or with none."""
    staged = stage_release(target, carry_over=carry_over)

    assert [path.name for path in staged.iterdir()] == files


def test_what_a_failed_build_left_is_gone(target: Path) -> None:
    """A folder that a failed build left beside the release is not taken for the next."""
    write(stage_release(target, carry_over=False), "broken")

    assert list(stage_release(target, carry_over=False).iterdir()) == []


def test_swap_cut_short_is_put_back(target: Path) -> None:
    """Between the two moves of a swap the last release lies beside its place, and is put back."""
    target.rename(target.parent / ".tiny.last")

    restore_release(target)

    assert read(target) == "last"


def test_swap_cut_short_is_put_back_before_the_next(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A swap that dies between its moves loses nothing: the next stage puts the last one back."""
    monkeypatch.setattr(release, "exchange", lambda *_: False)
    staged = write(stage_release(target, carry_over=False), "next")
    rename = type(target).rename

    def die(self: Path, to: Path) -> Path:
        if self == staged:
            raise KeyboardInterrupt
        return rename(self, to)

    monkeypatch.setattr(type(target), "rename", die)
    with pytest.raises(KeyboardInterrupt):
        swap_in(staged, target)
    monkeypatch.undo()

    assert not target.exists()
    stage_release(target, carry_over=False)
    assert read(target) == "last"


def test_standing_release_is_never_replaced_by_an_older(target: Path) -> None:
    """What a swap left behind replaces no release that stands."""
    write(target.parent / ".tiny.last", "older")

    restore_release(target)

    assert read(target) == "last"


@pytest.mark.parametrize("names", [None, (), ("manifest.json",), ("esa.claims.json", "x")])
def test_place_of_a_release_is_taken(tmp_path: Path, names: tuple[str, ...] | None) -> None:
    """A release goes where nothing is, or an empty folder, or another release or part of one."""
    target = tmp_path / "tiny"
    if names is not None:
        target.mkdir()
        for name in names:
            (target / name).touch()

    assert require_release(target) is None


@pytest.mark.parametrize("name", ["segments.csv", "index.html", ""])
def test_what_is_no_release_is_never_replaced(tmp_path: Path, name: str) -> None:
    """A folder of something else, or a file, is named and left alone."""
    target = tmp_path / "tiny"
    if name:
        target.mkdir()
    (target / name).touch()

    with pytest.raises(PublishingError, match="is no release") as refusal:
        require_release(target)

    assert refusal.value.offenders == (str(target),)
    assert "--out" in refusal.value.remedy
