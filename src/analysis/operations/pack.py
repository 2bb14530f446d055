"""Pack the published release of a study into one zip for an archive."""

from __future__ import annotations

import secrets
import tarfile
import zipfile
from contextlib import suppress
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
from analysis.operations.publication import PUBLISHED, RECORD, read_publication
from analysis.operations.shown_tables import show_tables
from analysis.publishing.archive_metadata import Archived, PackedFile, describe_archive
from analysis.publishing.manifest import MANIFEST, read_manifest, trace_provenance
from analysis.publishing.notebook_source import digest_source
from analysis.study.csv_rows import parse_csv
from analysis.study.digests import digest_bytes, digest_file
from analysis.study.git import run_git
from analysis.study.keyed_digests import KEY_FILE
from analysis.study.opened_study import open_study
from analysis.study.root import OWN_NOTEBOOKS, require_study

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.operations.publication import Publication
    from analysis.operations.shown_tables import ShownTables
    from analysis.study.opened_study import OpenedStudy

GUIDE = "START-HERE.md"
UNIX, READABLE = 3, 0o100644 << 16
NOT_CODE = ("data", "reports")
INDEX = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Reports</title></head>
<body><main><h1>Reports</h1><p><a href="{study}/index.html">{study}</a></p></main></body>
</html>
"""


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
    commit = _require_tagged(root, publication.tag)
    _require_clean(root)
    _require_published(opened)
    tables = show_tables(opened)
    made_at = int(run_git(root, "show", "-s", "--format=%ct", commit))
    contents = _contents(opened, commit, tables)
    archived = _describe(opened, publication, contents, made_at)
    contents |= describe_archive(archived)
    contents[GUIDE] = _guide(archived, tables).encode()
    contents[SUMS] = _sums(contents).encode()
    name = f"{study}-{publication.tag.replace('/', '-')}"
    path = out or root / "build" / f"{name}.zip"
    _write_zip(path, name, contents, datetime.fromtimestamp(made_at, tz=UTC))
    return Packed(path, digest_file(path), len(contents), tables.withheld)


def _require_tagged(root: Path, tag: str) -> str:
    """Return the commit of the checkout, if a tag names it."""
    try:
        head = run_git(root, "rev-parse", "HEAD").decode().strip()
    except (OSError, CalledProcessError):
        raise PublishingError(
            "This is no checkout of git, so that no tag names the release.",
            offenders=[str(root)],
            expected="the repository, with a commit and a tag",
            remedy="clone the repository, or put the folder under git",
        ) from None
    try:
        tagged = run_git(root, "rev-parse", "--verify", f"refs/tags/{tag}^{{commit}}")
    except CalledProcessError:
        tagged = b""
    if tagged.decode().strip() != head:
        raise PublishingError(
            f"The tag {tag} isn't that of this checkout.",
            offenders=[f"{tag} is {'another commit' if tagged else 'not there'}"],
            expected="the commit that holds what was published, checked out and tagged",
            remedy=f"git tag -a {tag}; or, where it is there: git checkout {tag}",
        )
    return head


def _require_clean(root: Path) -> None:
    changed = run_git(root, "status", "--porcelain").decode().splitlines()
    if changed:
        raise PublishingError(
            "Some files aren't committed, so that the tag doesn't name them.",
            offenders=[line[3:] for line in changed],
            expected="a clean checkout: git status lists nothing",
            remedy="commit them and tag again, or put them aside",
        )


def _require_published(opened: OpenedStudy) -> None:
    """Refuse reports that aren't those that were published, or that other inputs would give."""
    study, release = opened.settings.name, opened.root / "reports" / opened.settings.name
    published = opened.folder / PUBLISHED
    manifest = read_manifest(release)
    offenders = [
        f"reports/{study}/{name}"
        for name, digest in manifest["outputs"].items()
        if not (release / name).is_file() or digest_file(release / name) != digest
    ]
    offenders += [
        f"data/{study}/{PUBLISHED}/{path.name}"
        for path in sorted(published.glob("*.json"))
        if path.name != RECORD and not _is_same(path, release / path.name)
    ]
    notebooks = [report["notebook"].removesuffix(".ipynb") for report in manifest["reports"]]
    now = trace_provenance(opened, notebooks, _digest_input)
    offenders += [
        name
        for name in sorted({*now.inputs, *manifest["inputs"]})
        if now.inputs.get(name) != manifest["inputs"].get(name)
    ]
    offenders += ["the code"] if now.code != manifest["code"] else []
    offenders += ["locks/run.txt"] if now.lock != manifest["lock"] else []
    if offenders:
        raise PublishingError(
            "The reports aren't those that were published from these inputs.",
            offenders=offenders,
            expected=f"what {MANIFEST} and data/{study}/{PUBLISHED} name",
            remedy=f"compendium build {study}; compendium publish {study}; commit and tag",
        )


def _is_same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _digest_input(path: Path) -> str:
    return digest_source(path) if path.suffix == ".ipynb" else digest_file(path)


def _contents(opened: OpenedStudy, commit: str, tables: ShownTables) -> dict[str, bytes]:
    """Return the files of the release by their paths: code, tables and reports."""
    study, root = opened.settings.name, opened.root
    contents = _committed_files(root, commit, study)
    contents |= {f"data/{study}/{name}": held for name, held in tables.files.items()}
    for name in opened.settings.notebooks:
        own = f"notebooks/{OWN_NOTEBOOKS}/{name}.ipynb"
        contents[own] = (root / own).read_bytes()
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
            name = PurePosixPath(member.name)
            file = archive.extractfile(member) if member.isreg() else None
            if file is not None and _is_packed(name, study):
                found[member.name] = file.read()
    return found


def _is_packed(name: PurePosixPath, study: str) -> bool:
    if name.name == KEY_FILE:
        return False
    if name.parts[0] not in NOT_CODE:
        return True
    return name.parts[0] == "data" and (
        len(name.parts) == 2 or name.parts[1:] == (study, "README.md")
    )


def _describe(
    opened: OpenedStudy, publication: Publication, contents: Mapping[str, bytes], made_at: int
) -> Archived:
    manifest = contents[f"reports/{publication.study}/{MANIFEST}"]
    return Archived(
        settings=opened.settings,
        tag=publication.tag,
        version=analysis.__version__,
        made_at=datetime.fromtimestamp(made_at, tz=UTC).isoformat(),
        manifest_sha256=digest_bytes(manifest),
        manifest=read_manifest(opened.root / "reports" / publication.study),
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

That every number follows from the tables, with Python 3.11, 3.12 or 3.13, in this folder:

```
sh locks/install run .venv
.venv/bin/compendium verify --independent ZIP
```

`ZIP` is the file that this folder was unpacked from.
Of the zip it reads the tables and the numbers; the code that runs is what you installed.
`REPRODUCING.md` explains each step, `docs/method.md` how each number is computed.
To cite this release, use `CITATION.cff`. Its licences are in `LICENSE` and `LICENSE-DATA.md`.
"""


def _sums(contents: Mapping[str, bytes]) -> str:
    return "".join(f"{digest_bytes(contents[name])}  {name}\n" for name in sorted(contents))


def _write_zip(path: Path, folder: str, contents: Mapping[str, bytes], at: datetime) -> None:
    """Write a zip whole or not at all.

    Files are stored as they are: how they would be compressed depends on the library.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    moment = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(contents):
                entry = zipfile.ZipInfo(f"{folder}/{name}", moment)
                entry.create_system, entry.external_attr = UNIX, READABLE
                archive.writestr(entry, contents[name])
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
