"""A disk that is full, or a folder that is none, is shown as what it is, and nothing is lost."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from built.checkout import bytes_below, differing
from built.work import REFUSED, change_all, copy_root, do_build, refused
from tiny_study import STUDY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# It builds again and again.

FULL = {
    "the tables are partitioned": 2_000,
    "kernels": 8_000,
    "pages": 40_000,
    "the release": 180_000,
}
"""How large a file may be, for a disk to be full where that is written."""


# Of Linux: what takes rights away, and the rights to open files that their modes do not let be.
PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def build_limited(root: Path, limit: Callable[[], object]) -> subprocess.CompletedProcess[str]:
    """Build with all processes of the build limited in some way."""
    return subprocess.run(
        [sys.executable, "-m", "analysis.cli", "build", "--root", str(root)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=limit,
    )


def build_on_full_disk(root: Path, most: int) -> subprocess.CompletedProcess[str]:
    """Build where no file may be larger than so many bytes, in any process of the build."""
    return build_limited(root, partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most)))


def obey_modes() -> bool:
    """Have the programs that this process becomes obey the modes of files, whoever runs them."""
    if os.geteuid() != 0:
        return True
    drop = ctypes.CDLL(None, use_errno=True).prctl
    rights = (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH)
    return all(drop(PR_CAPBSET_DROP, right, 0, 0, 0) == 0 for right in rights)


def can_obey_modes(folder: Path) -> bool:
    """Say whether a program can be had to obey the mode of a folder that may only be read."""
    ended = subprocess.run(
        [sys.executable, "-c", f"open({str(folder / 'new')!r}, 'w')"],
        capture_output=True,
        check=False,
        preexec_fn=obey_modes,
    )
    return ended.returncode != 0


@pytest.fixture
def read_only(odd: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Give a root with work to do, and a folder in it that may only be read."""
    root = copy_root(odd, tmp_path)
    change_all(root)
    folders = [path for path in (root / request.param).rglob("*") if path.is_dir()]
    for folder in (*folders, root / request.param):
        folder.chmod(0o555)
    if not can_obey_modes(root / request.param):
        pytest.skip("root writes into any folder here, and the right to do so cannot be dropped")
    yield root
    for folder in (root / request.param, *folders):
        folder.chmod(0o755)


@pytest.mark.parametrize(
    ("read_only", "shown"),
    [
        ("reports", "Reports cannot be written there."),
        ("build", "A file or folder cannot be used."),
    ],
    indirect=["read_only"],
)
def test_folder_that_may_only_be_read_is_shown(read_only: Path, shown: str):
    """A folder of reports, or of builds, that may only be read is shown, and the release stays."""
    before = bytes_below(read_only / "reports")
    ended = build_limited(read_only, obey_modes)
    after = bytes_below(read_only / "reports")

    assert (ended.returncode, "Traceback" in ended.stderr) == (REFUSED, False), ended.stderr
    assert (shown in ended.stderr, differing(before, after)) == (True, [])


@pytest.mark.slow
def test_full_disk_is_shown(odd: Path, tmp_path: Path):
    """A disk that is full, wherever in a build, is shown as that, and the last release stays.

    With room made, the next build makes the release.
    """
    root = copy_root(odd, tmp_path)
    shutil.rmtree(root / "build")
    before = bytes_below(root / "reports")
    shown = {}
    for where, most in FULL.items():
        ended = build_on_full_disk(root, most)
        is_shown = "There is no room left to write." in ended.stderr
        is_bare = "Traceback" in ended.stderr
        after = bytes_below(root / "reports")
        shown[where] = (ended.returncode, is_shown, is_bare, differing(before, after))
    do_build(root)

    assert shown == dict.fromkeys(FULL, (REFUSED, True, False, []))
    assert differing(before, bytes_below(root / "reports")) == []


@pytest.mark.parametrize("below", ["", "folder"])
def test_reports_that_cannot_be_written_are_reported_before_any_work(
    odd: Path, tmp_path: Path, below: str
):
    """A file, or a folder below one, is refused as a place of reports at once."""
    root = copy_root(odd, tmp_path)
    change_all(root)
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    shown, _ = refused(root, "--out", str(tmp_path / "file" / below))

    assert ("Reports cannot be written there." in shown, "--out" in shown) == (True, True)
    assert "partition" not in shown


@pytest.mark.parametrize("out", ["data", "build"])
def test_release_takes_the_place_of_nothing_else(odd: Path, tmp_path: Path, out: str):
    """A folder that holds something else, such as the tables, is not replaced by a release."""
    root = copy_root(odd, tmp_path)
    before = bytes_below(root / out / STUDY)
    shown, _ = refused(root, "--out", str(root / out))
    after = bytes_below(root / out / STUDY)

    assert f"{root / out / STUDY}" in shown
    assert [name for name in differing(before, after) if name != ".digests.json"] == []


@pytest.mark.parametrize("name", ["build", f"build/{STUDY}"])
def test_build_folder_that_cannot_be_written_is_shown(odd: Path, tmp_path: Path, name: str):
    """A build folder that cannot be made is shown with the file that is in its way."""
    root = copy_root(odd, tmp_path)
    shutil.rmtree(root / name)
    (root / name).write_text("a file", encoding="utf-8")
    shown, changed = refused(root)

    assert (f"{root / name}" in shown, changed) == (True, [])
