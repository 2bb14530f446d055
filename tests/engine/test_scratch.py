from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from analysis.engine.scratch import (
    HELD,
    PREFIX,
    Scratch,
    clear_folder,
    scratch_settings,
    write_into,
)

ENDS = """
import os
from analysis.engine.scratch import clear_when_this_ends
clear_when_this_ends()
if os.fork() == 0:
    os.sys.exit()
os.wait()
assert os.path.isdir({folder!r})
"""
WRITES = """
import time
from analysis.engine.scratch import Scratch
scratch = Scratch()
(scratch.path / "rows").touch()
print(scratch.path, flush=True)
time.sleep(600)
"""


def test_what_is_written_for_a_moment_goes_into_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process, and those that it starts, write there, wherever they would have before."""
    monkeypatch.setattr(tempfile, "tempdir", "/elsewhere")
    for name, value in scratch_settings("/elsewhere").items():
        monkeypatch.setenv(name, value)
    write_into(str(tmp_path))
    started = subprocess.run(
        [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert (tempfile.gettempdir(), started.stdout.strip()) == (str(tmp_path), str(tmp_path))


def test_folder_is_cleared_when_its_process_ends(tmp_path: Path) -> None:
    """It goes with the process that is to clear it away, not with one that is forked from it."""
    folder = tmp_path / "scratch"
    (folder / "kernel").mkdir(parents=True)
    ended = subprocess.run(
        [sys.executable, "-c", ENDS.format(folder=str(folder))],
        env={**os.environ, **scratch_settings(str(folder))},
        check=False,
    )

    assert (ended.returncode, folder.exists()) == (0, False)


def test_folder_of_a_process_that_was_killed_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder stays as long as its maker is at work, and is cleared away after it was killed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"{PREFIX}empty").mkdir()
    (tmp_path / f"{PREFIX}cut-short").mkdir()
    (tmp_path / f"{PREFIX}cut-short" / HELD).touch()
    program = [sys.executable, "-c", WRITES]
    here = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(program, stdout=subprocess.PIPE, encoding="utf-8", env=here) as writer:
        folder = Path(writer.stdout.readline().strip())
        with Scratch() as ours:
            stayed = (folder / "rows").is_file()
        writer.kill()
    with Scratch():
        left = [folder.exists(), ours.path.exists(), len(list(tmp_path.iterdir()))]

    assert stayed
    assert left == [False, False, 1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["compendium-reports", f"{PREFIX}notes"])
def test_folders_of_others_are_left_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A folder that no `Scratch` has marked stays, whatever its name."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / name).mkdir()
    (tmp_path / name / "index.html").write_text("mine", encoding="utf-8")
    with Scratch():
        pass

    assert (tmp_path / name / "index.html").read_text(encoding="utf-8") == "mine"


def test_folder_that_is_written_to_while_it_is_cleared_stays_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a process has left at the last moment is found by the next."""
    folder = tmp_path / f"{PREFIX}late"
    folder.mkdir()
    (folder / HELD).touch()
    rmdir = Path.rmdir

    def write_first(path: Path) -> None:
        (path / "rows").touch()
        rmdir(path)

    monkeypatch.setattr(Path, "rmdir", write_first)
    clear_folder(folder)
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    was_marked = (folder / HELD).is_file()
    with Scratch():
        pass

    assert (was_marked, folder.exists()) == (True, False)
