"""Pack the published release of a study into one zip for an archive."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import PurePosixPath
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

import analysis
from analysis.engine.failures import storage_errors
from analysis.errors import PublishingError
from analysis.operations.packed_release import SUMS
from analysis.operations.publication import (
    PUBLISHED,
    list_outdated,
    list_uncited,
    read_publication,
)
from analysis.operations.shown_tables import show_tables
from analysis.publishing.archive_metadata import Archived, PackedFile, describe_archive
from analysis.publishing.manifest import MANIFEST, read_manifest
from analysis.publishing.notebook_files import strip_notebook
from analysis.study.checkout import run_git
from analysis.study.csv_rows import parse_csv
from analysis.study.digests import KEY_FILE, digest_bytes, digest_file
from analysis.study.opened_study import open_study
from analysis.study.root import OWN_NOTEBOOKS, require_study
from analysis.study.writing import replace_file, zip_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.operations.publication import Publication
    from analysis.operations.shown_tables import ShownTables
    from analysis.study.opened_study import OpenedStudy

GUIDE = "START-HERE.md"
SHOWN = 12
"""How many digits of a commit are shown."""

INDEX = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Reports</title></head>
<body><main><h1>Reports</h1><p><a href="{study}/index.html">{study}</a></p></main></body>
</html>
"""
INSTALLED_CODE = """\
`ZIP` is the file that this folder was unpacked from.
Of the zip it reads the tables and the numbers; the code that runs is what you installed."""
OWN_CODE = """\
This runs `notebooks/own/`, which the authors of the study wrote: read these notebooks first."""


@dataclass(frozen=True)
class Packed:
    """A zip that was written.

    Parameters
    ----------
    path : Path
        The zip.
    sha256 : str
        Its digest.
    files : int
        How many files it has.
    withheld : tuple of str
        What of the tables was left out, in a line each.
    """

    path: Path
    sha256: str
    files: int
    withheld: tuple[str, ...]


@storage_errors(kept="what was there before is unchanged")
def pack_study(root: Path, study: str, out: Path | None = None) -> Packed:
    """Write the published release of a study as one zip; the same bytes each time.

    It has the reports, the tables as consent allows, the code and the lock, digests of all files,
    and what archives read: RO-Crate, Data Package and CodeMeta.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``reports/``, a checkout of git.
    study : str
        The study.
    out : Path, optional
        The zip to write; ``build/<study>-<tag>.zip`` by default.

    Raises
    ------
    PublishingError
        When the study wasn't published, the tag isn't that of the checkout, something isn't
        committed, or the reports aren't those that were published.
    """
    require_study(root / "data", study)
    opened = open_study(root, study)
    publication = read_publication(opened.folder / PUBLISHED)
    _require_clean(root)
    commit = _require_tagged(root, study, publication.tag)
    _require_published(opened)
    tables = show_tables(opened)
    seconds = int(run_git(root, "show", "-s", "--format=%ct", commit))
    made_at = datetime.fromtimestamp(seconds, tz=UTC)
    contents = _contents(opened, commit, tables)
    archived = _describe(opened, publication, contents, made_at)
    contents |= describe_archive(archived)
    contents[GUIDE] = _guide(archived, tables).encode()
    contents[SUMS] = _sums(contents).encode()
    name = f"{study}-{publication.tag.replace('/', '-')}"
    path = out or root / "build" / f"{name}.zip"
    named = {f"{name}/{each}": contents[each] for each in sorted(contents)}
    replace_file(path, zip_of(named, made_at.timetuple()[:6]))
    return Packed(path, digest_file(path), len(contents), tables.withheld)


def _require_clean(root: Path) -> None:
    """Refuse a folder that isn't under git, or has files that aren't committed."""
    try:
        changed = run_git(root, "status", "--porcelain").decode().splitlines()
    except (OSError, CalledProcessError):
        raise PublishingError(
            "This folder isn't under git, so no tag can name the release.",
            offenders=[str(root)],
            expected="a clone of the repository",
            remedy="clone the repository, or run: git init",
        ) from None
    if changed:
        raise PublishingError(
            "Some files aren't committed, so the tag doesn't name them.",
            offenders=[line[3:] for line in changed],
            expected="a clean checkout: git status lists nothing",
            remedy="commit them, or put them aside: git stash --include-untracked",
        )


def _require_tagged(root: Path, study: str, tag: str) -> str:
    """Return the commit that is checked out, if it has the tag that was published."""
    head, tagged = (_commit_of(root, name) for name in ("HEAD", f"refs/tags/{tag}"))
    if not tagged:
        raise PublishingError(
            f"There is no tag {tag}, which is what {study} was published as.",
            expected="the commit with what was published, tagged",
            remedy=f'git tag -a {tag} -m "{study} {tag}"',
        )
    if tagged != head:
        raise PublishingError(
            f"The tag {tag} names another commit than the one that is checked out.",
            offenders=[f"{tag}: {tagged[:SHOWN]}", f"checked out: {head[:SHOWN]}"],
            expected="the commit that the tag names",
            remedy=f"git checkout {tag}; or, if nobody else has this tag yet, move it here: "
            f'git tag -f -a {tag} -m "{study} {tag}"; or publish what is here as another release: '
            f"compendium publish {study} --tag TAG",
        )
    return head


def _commit_of(root: Path, revision: str) -> str:
    try:
        return run_git(root, "rev-parse", "--verify", f"{revision}^{{commit}}").decode().strip()
    except CalledProcessError:
        return ""


def _require_published(opened: OpenedStudy) -> None:
    """Refuse reports that aren't those that were published, or that other inputs would give."""
    study, release = opened.settings.name, opened.root / "reports" / opened.settings.name
    offenders = list_outdated(opened, release)
    offenders += list_uncited(opened.folder / PUBLISHED, release)
    if offenders:
        raise PublishingError(
            "The reports aren't those that were published from these inputs.",
            offenders=offenders,
            expected=f"what {MANIFEST} and data/{study}/{PUBLISHED} name",
            remedy=f"compendium build {study}; compendium publish {study}; commit and tag",
        )


def _contents(opened: OpenedStudy, commit: str, tables: ShownTables) -> dict[str, bytes]:
    """Return the files of the release by their paths: code, tables and reports."""
    study, root = opened.settings.name, opened.root
    contents = _committed_files(root, commit, study)
    contents |= {f"data/{study}/{name}": held for name, held in tables.files.items()}
    for name in opened.settings.notebooks:
        own = f"notebooks/{OWN_NOTEBOOKS}/{name}.ipynb"
        contents[own] = strip_notebook(root / own).encode()
    release = root / "reports" / study
    for name in (MANIFEST, *read_manifest(release)["outputs"]):
        contents[f"reports/{study}/{name}"] = (release / name).read_bytes()
    # Pages lead back to an index of studies: here it has one.
    contents["reports/index.html"] = INDEX.format(study=study).encode()
    for path in (opened.folder / PUBLISHED).iterdir():
        contents[f"data/{study}/{PUBLISHED}/{path.name}"] = path.read_bytes()
    return {name: contents[name] for name in sorted(contents)}


def _committed_files(root: Path, commit: str, study: str) -> dict[str, bytes]:
    """Return the code, and the tables of all studies, as committed; nothing of other studies."""
    archived = run_git(root, "archive", "--format=tar", commit)
    found = {}
    with tarfile.open(fileobj=BytesIO(archived)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() else None
            if file is not None and _is_packed(PurePosixPath(member.name), study):
                found[member.name] = file.read()
    return found


def _is_packed(name: PurePosixPath, study: str) -> bool:
    if name.name == KEY_FILE or name.parts[:2] == ("notebooks", OWN_NOTEBOOKS):
        return False
    if name.parts[0] == "data":
        return len(name.parts) == 2 or name.parts[1:] == (study, "README.md")
    return name.parts[0] != "reports"


def _describe(
    opened: OpenedStudy, publication: Publication, contents: Mapping[str, bytes], made_at: datetime
) -> Archived:
    release = opened.root / "reports" / publication.study
    return Archived(
        settings=opened.settings,
        tag=publication.tag,
        version=analysis.__version__,
        made_at=made_at.isoformat(),
        manifest_sha256=digest_file(release / MANIFEST),
        manifest=read_manifest(release),
        files=tuple(
            PackedFile(name, digest_bytes(held), len(held), _columns(name, held))
            for name, held in contents.items()
        ),
    )


def _columns(name: str, held: bytes) -> tuple[str, ...]:
    if not (name.startswith("data/") and name.endswith(".csv")):
        return ()
    return tuple(next(parse_csv(held.decode("utf-8-sig", errors="replace")), []))


def _guide(archived: Archived, tables: ShownTables) -> str:
    """Return the page that a reviewer reads first."""
    study = archived.settings.name
    left_out = "".join(f"- {line}\n" for line in tables.withheld)
    whole = f"Left out of the tables:\n\n{left_out}" if left_out else "The tables are whole.\n"
    what, how = (study, OWN_CODE) if archived.settings.notebooks else ("ZIP", INSTALLED_CODE)
    return f"""# {archived.settings.title}: {archived.tag}

{archived.description}

## What is where

| folder or file | holds |
|---|---|
| `reports/{study}/index.html` | the reports; open it in a browser |
| `reports/{study}/manifest.json` | the SHA-256 of each input and output, parameters and versions |
| `data/{study}/` | the tables, as consent allows |
| `data/{study}/published/` | the numbers that are cited, with the tag and the day |
| `src/`, `notebooks/`, `expectations/` | the code, the analysis, and the checks of the data |
| `locks/run.txt` | the version and the hash of each library |
| `{SUMS}` | the SHA-256 of each file here |
| `ro-crate-metadata.json`, `datapackage.json`, `codemeta.json` | the same, for archives |

{whole}
## How to check

That no file was changed:

```
sha256sum --check --quiet {SUMS}
```

That the numbers follow from the tables, as far as these are here, with Python 3.11, 3.12 or 3.13,
in this folder:

```
sh locks/install run .venv
.venv/bin/compendium verify --independent {what}
```

{how}
`REPRODUCING.md` explains each step, `docs/method.md` how each number is computed.
These documents describe the whole repository; of its studies, only `{study}` is here.

## How to cite

> {archived.citation}

`CITATION.cff` is for programs that read citations.
The licences are in `LICENSE` and `LICENSE-DATA.md`.
"""


def _sums(contents: Mapping[str, bytes]) -> str:
    return "".join(f"{digest_bytes(contents[name])}  {name}\n" for name in sorted(contents))
