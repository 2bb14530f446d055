"""Digests of files, remembered from build to build: an unchanged file is not read again."""

from __future__ import annotations

import ast
import json
import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.publishing.notebook_files import digest_source
from analysis.study.digests import digest_file
from analysis.study.writing import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REMEMBERED = ".digests.json"
# A file that changed so shortly before it was read may change again within the clock's grain.
SETTLED_NANOSECONDS = 2_000_000_000
IPYTHON_COMMAND = re.compile(r"^([ \t]*)(?:[\w, ]+=[ \t]*)?[%!?].*$", re.MULTILINE)


class DigestStore:
    """The SHA-256 of files, and the modules that Python files import.

    A file whose size, times and inode are as they were is not read again. Of a notebook in the
    folder of notebooks, only the source counts, so that running it in JupyterLab changes nothing.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    path : Path
        The file in which digests are remembered; it may be absent.
    """

    def __init__(self, root: Path, path: Path) -> None:
        self._notebooks = f"{root}{os.sep}notebooks{os.sep}"
        self._path = path
        remembered = read_json(path)
        self._files: dict[str, list[Any]] = remembered.get("files", {})
        self._imports: dict[str, list[str]] = remembered.get("imports", {})
        self._is_changed = False

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file, or ``""`` if it is absent."""
        name = str(path)
        try:
            stamp = _stamp(path.stat())
        except (FileNotFoundError, NotADirectoryError):
            return ""
        known = self._files.get(name)
        if known is None or known[0] != stamp or max(stamp[1:3]) + SETTLED_NANOSECONDS > known[1]:
            read_at = time.time_ns()
            is_source = name.startswith(self._notebooks) and name.endswith(".ipynb")
            known = [stamp, read_at, (digest_source if is_source else digest_file)(path)]
            self._files[name] = known
            self._is_changed = True
        digest: str = known[2]
        return digest

    def digests(self, paths: Iterable[Path], root: Path) -> dict[str, str]:
        """Return the SHA-256 of files, and of all files in folders, by path relative to a root.

        A file that is absent has the digest ``""``.
        """
        return {
            relative_name(file, root): self.digest(file)
            for path in paths
            for file in sorted(_files_in(path))
        }

    def imports(self, path: Path) -> list[str]:
        """Return the modules that a Python file, or the code of a notebook, imports.

        Imports for type checkers alone are left out. Of ``from a import b`` both ``a`` and ``a.b``
        are listed, since ``b`` may be a module. Invalid Python imports nothing: running it fails.
        """
        digest = self.digest(path)
        if digest not in self._imports:
            self._imports[digest] = sorted(
                {name for code in _code_in(path) for name in _names(code)}
            )
            self._is_changed = True
        return self._imports[digest]

    def save(self) -> None:
        """Remember the digests of all files that are still there."""
        if not self._is_changed:
            return
        files = {name: known for name, known in self._files.items() if Path(name).exists()}
        digests = {known[2] for known in files.values()}
        imports = {digest: names for digest, names in self._imports.items() if digest in digests}
        write_json(self._path, {"files": files, "imports": imports})


def relative_name(path: Path, root: Path) -> str:
    """Return the path of a file relative to a root, or all of it if it lies elsewhere."""
    # Called for thousands of files: `Path.relative_to` takes ten times as long.
    return path.as_posix().removeprefix(f"{root.as_posix()}/")


def read_json(path: Path) -> dict[str, Any]:
    """Return the content of a JSON file; empty if it is absent or was cut short."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: object) -> None:
    """Write a JSON file, whole or not at all."""
    replace_file(path, json.dumps(content, ensure_ascii=False))


def _stamp(stat: os.stat_result) -> list[int]:
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _files_in(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for each in path.iterdir():
        if each.name != "__pycache__":
            yield from _files_in(each)


def _code_in(path: Path) -> list[str]:
    """Return the program in a Python file, or those in the cells of a notebook."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".ipynb":
            return [text]
        cells = json.loads(text)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return []


def _names(code: str) -> list[str]:
    """Return the modules that a program imports; a cell may also hold commands to IPython."""
    for program in (code, IPYTHON_COMMAND.sub(r"\1pass", code)):
        with suppress(SyntaxError, ValueError):
            return list(_imports_of(ast.parse(program)))
    return []


def _imports_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            yield from _imports_of(child)
