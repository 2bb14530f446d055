"""Files that go to another machine, and come back from it, by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOR_ALL = 0o666

Files = dict[str, bytes]


def collect_files(root: Path, names: Iterable[str]) -> Files:
    """Return the content of files, and of all files below folders; what is missing is left out.

    Parameters
    ----------
    root : Path
        The folder that they lie below.
    names : iterable of str
        Files and folders by their paths below the root.
    """
    paths = [root / name for name in names]
    files = [path for path in paths if path.is_file()]
    files += [each for path in paths if path.is_dir() for each in path.rglob("*") if each.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def write_files(files: Files, root: Path, *, mode: int = FOR_ALL) -> None:
    """Write files below a root.

    Parameters
    ----------
    files : dict of str to bytes
        Their content, by their paths below the root.
    root : Path
        The folder to write them below.
    mode : int, optional
        Who may use those that are not there yet.
    """
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode)
        path.write_bytes(content)
