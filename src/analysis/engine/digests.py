"""Digests of files, remembered: a file whose times and size are as they were is not read again."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHUNK = 2**20
# A file that changed so shortly before it was read may change again within the clock's grain.
SETTLED_NANOSECONDS = 2_000_000_000
COMMAND = re.compile(r"^([ \t]*)(?:[\w, ]+=[ \t]*)?[%!?].*$", re.MULTILINE)


def digest_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class Fingerprints:
    """The SHA-256 of files, and what Python files import.

    What is true is what the bytes of a file say. Its size, its times and its inode only spare
    reading it again.

    Parameters
    ----------
    path : Path
        The file in which they are remembered; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        known = read_json(path)
        self._files: dict[str, list[Any]] = known.get("files", {})
        self._imports: dict[str, list[str]] = known.get("imports", {})
        self._has_learned = False

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file, or ``""`` where there is none."""
        name = str(path)
        try:
            stamp = _stamp(path.stat())
        except (FileNotFoundError, NotADirectoryError):
            return ""
        known = self._files.get(name)
        if known is None or known[0] != stamp or max(stamp[1:3]) + SETTLED_NANOSECONDS > known[1]:
            read_at = time.time_ns()
            known = [stamp, read_at, _digest_file(path)]
            self._files[name] = known
            self._has_learned = True
        digest: str = known[2]
        return digest

    def digests(self, paths: Iterable[Path], root: Path) -> dict[str, str]:
        """Return the SHA-256 of files, and of all files below folders, by their paths below a root.

        What is missing has the digest ``""``.
        """
        return {
            name_below(root, file): self.digest(file)
            for path in paths
            for file in sorted(_files_of(path))
        }

    def imports(self, path: Path) -> list[str]:
        """Return the modules that a Python file, or the code of a notebook, imports.

        Imports for type checkers alone are left out. Of ``from a import b`` both ``a`` and ``a.b``
        are named, since ``b`` may be a module. What is no Python imports nothing: whoever runs it
        will be told.
        """
        digest = self.digest(path)
        if digest not in self._imports:
            self._imports[digest] = sorted(
                {name for code in _code_of(path) for name in _named(code)}
            )
            self._has_learned = True
        return self._imports[digest]

    def save(self) -> None:
        """Remember what was learned, and of all files those that are still there."""
        if not self._has_learned:
            return
        files = {name: known for name, known in self._files.items() if Path(name).exists()}
        digests = {known[2] for known in files.values()}
        imports = {digest: names for digest, names in self._imports.items() if digest in digests}
        write_json(self._path, {"files": files, "imports": imports})


def name_below(root: Path, path: Path) -> str:
    """Return the path of a file from a root on, or all of it where it is not below that."""
    # Asked for thousands of files: paths take ten times as long to tell it.
    return path.as_posix().removeprefix(f"{root.as_posix()}/")


def write_json(path: Path, told: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Write JSON to a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def clear_unfinished(folder: Path) -> None:
    """Remove from a folder what was being written there when a build was killed."""
    for path in folder.glob(".*.json.*"):
        path.unlink(missing_ok=True)


def read_json(path: Path) -> dict[str, Any]:
    """Return what a file of JSON holds; nothing where it is missing or was cut short."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _stamp(stat: os.stat_result) -> list[int]:
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _digest_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _files_of(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for each in path.iterdir():
        if each.name != "__pycache__":
            yield from _files_of(each)


def _code_of(path: Path) -> list[str]:
    """Return the program in a Python file, or those in the cells of a notebook."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".ipynb":
            return [text]
        cells = json.loads(text)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return []


def _named(code: str) -> list[str]:
    """Return what a program imports; a cell may hold commands to IPython besides."""
    for program in (code, COMMAND.sub(r"\1pass", code)):
        with contextlib.suppress(SyntaxError, ValueError):
            return list(_imports_of(ast.parse(program)))
    return []


def _imports_of(node: ast.AST) -> Iterator[str]:
    """Yield what a part of a program imports, wherever in it."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imports_of(child)
