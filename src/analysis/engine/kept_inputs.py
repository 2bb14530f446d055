"""The inputs that a release was built from, as far as they are kept, to compare rows later."""

from __future__ import annotations

from contextlib import suppress
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

from analysis.publishing.notebook_source import digest_source
from analysis.study.digests import digest_bytes
from analysis.study.git import run_git
from analysis.study.keyed_digests import published_digest
from analysis.study.settings import read_study

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.engine.options import BuildOptions


def keep_inputs(
    options: BuildOptions,
    study: str,
    inputs: Mapping[str, str],
    to: Path,
    revisions: Sequence[str] = ("HEAD",),
) -> None:
    """Write the inputs that a release was built from into a folder, by their paths.

    They are in the folder of the last build, or under version control; those with another digest
    than the release names are left out.

    Parameters
    ----------
    options : BuildOptions
        Where the study is, and its build.
    study : str
        The study.
    inputs : mapping of str to str
        The digest of each input that is wanted, by its path, as the manifest has it.
    to : Path
        The folder.
    revisions : sequence of str
        The revisions of git to look in.
    """
    folder, seen = options.root / "data" / study, options.build_folder(study).seen
    settings = read_study(folder)
    for name, wanted in inputs.items():
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for content in _versions(name, seen, options.root, revisions):
            path.write_bytes(content)
            plain = digest_source(path) if path.suffix == ".ipynb" else digest_bytes(content)
            is_own = name.startswith(f"data/{study}/")
            if (published_digest(settings, folder, plain) if is_own else plain) == wanted:
                break
            path.unlink()


def _versions(name: str, seen: Path, root: Path, revisions: Sequence[str]) -> Iterator[bytes]:
    if (seen / name).is_file():
        yield (seen / name).read_bytes()
    for revision in revisions:
        with suppress(OSError, CalledProcessError):
            yield run_git(root, "show", f"{revision}:./{name}")
