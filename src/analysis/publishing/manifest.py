"""The manifest of a release: each input and output by its SHA-256, parameters and versions."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import analysis
from analysis.errors import PublishingError
from analysis.publishing.html_reader import PageLinks
from analysis.study.digests import digest_file, digest_together
from analysis.tables.table_files import files_of_study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.study.opened_study import OpenedStudy

MANIFEST = "manifest.json"
RECORD = ".record.json"
LOCK = "locks/run.txt"
PROJECT = "pyproject.toml"
SHARED_INPUTS = ("places.csv", "wider_places.csv", "spelling.csv")
# Read where they are there.
OPTIONAL_INPUTS = ("tiles.csv",)
CODE_ENDINGS = (".py", ".yaml", ".csv", ".css", ".js", ".j2", ".json", ".po")

_NAME = re.compile("[a-z0-9-]+")
_PINNED = re.compile(rf"^({_NAME.pattern})==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class ReportRecord:
    """One page of a release that a notebook made.

    Parameters
    ----------
    name : str
        The page, without its ending.
    title : str
        The place or the study that it is about.
    kind : str
        The kind of report, as the notebook's heading says.
    notebook : str
        The notebook.
    parameters : dict
        All its parameters.
    place : str
        The place, or ``""``.
    claims : int
        How many claims it makes.
    focus_groups : int or None
        How many focus groups it counts, where it counts any.
    card : str
        HTML of its card in an index, where it is about a place.
    made_from : str
        One digest for all that it is made from, filled in when it is released: it may be older
        than other reports of a release of which only some places were built again.
    """

    name: str
    title: str
    kind: str
    notebook: str
    parameters: dict[str, Any]
    place: str
    claims: int
    focus_groups: int | None
    card: str = ""
    made_from: str = ""


@dataclass(frozen=True)
class Provenance:
    """The inputs of a release.

    Parameters
    ----------
    inputs : dict of str to str
        The SHA-256 of each input by its path below the root; keyed for tables that aren't public.
    code : str
        One SHA-256 for the sources of ``analysis``.
    lock : str
        The SHA-256 of the lock of versions.
    versions : dict of str to str
        The locked version of each direct dependency.
    """

    inputs: dict[str, str]
    code: str
    lock: str
    versions: dict[str, str]


def digest_files(
    paths: Iterable[Path], relative_to: Path, digest: Callable[[Path], str] = digest_file
) -> dict[str, str]:
    """Return the SHA-256 of each file by its path below a folder, sorted by that path."""
    named = {path.relative_to(relative_to).as_posix(): path for path in paths}
    return {name: digest(named[name]) for name in sorted(named)}


def trace_provenance(
    opened: OpenedStudy, notebooks: Iterable[str], digest: Callable[[Path], str] = digest_file
) -> Provenance:
    """Return the inputs of a release of a study.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    notebooks : iterable of str
        The notebooks that are run, without their ending.
    digest : callable, optional
        Gives the SHA-256 of a file.

    Raises
    ------
    PublishingError
        When one of the inputs that every study has, or the lock, is missing.
    StudyError
        When the study's key is needed, and is missing.
    """
    root, own = opened.root, files_of_study(opened.folder)
    inputs = [
        *own,
        *(root / "data" / name for name in SHARED_INPUTS),
        *(path for name in OPTIONAL_INPUTS if (path := root / "data" / name).is_file()),
        *(root / "expectations").glob("*.json"),
        *(root / "notebooks" / f"{name}.ipynb" for name in set(notebooks)),
    ]
    _require_files([*inputs, root / LOCK, root / PROJECT], root)
    sources = Path(analysis.__file__).parent
    code = [path for path in sources.rglob("*") if path.suffix in CODE_ENDINGS]
    digests = digest_files(inputs, root, digest)
    for path in own:
        name = path.relative_to(root).as_posix()
        digests[name] = opened.published_digest(digests[name])
    return Provenance(
        inputs=digests,
        code=digest_together(digest_files(code, sources, digest)),
        lock=digest(root / LOCK),
        versions=_locked_versions(root),
    )


def _require_files(paths: Iterable[Path], root: Path) -> None:
    missing = [path.relative_to(root).as_posix() for path in paths if not path.is_file()]
    if missing:
        raise PublishingError(
            "The manifest cannot name what a release is made from.",
            offenders=[f"{name} is missing" for name in sorted(missing)],
            expected="each input of a build, and the lock of versions",
            remedy="put the files back from the repository",
        )


def _locked_versions(root: Path) -> dict[str, str]:
    locked = dict(_PINNED.findall((root / LOCK).read_text(encoding="utf-8")))
    project = tomllib.loads((root / PROJECT).read_text(encoding="utf-8"))["project"]
    required = [name for each in project["dependencies"] for name in _NAME.findall(each)[:1]]
    return {name: locked[name] for name in sorted(required) if name in locked}


def write_record(record: ReportRecord, links: Mapping[str, PageLinks], folder: Path) -> None:
    """Write the record of a report, with the links of its pages, into its folder in a build."""
    found = {name: [sorted(each.inside), sorted(each.ids)] for name, each in links.items()}
    text = json.dumps({"report": asdict(record), "links": found}, ensure_ascii=False)
    (folder / RECORD).write_text(text, encoding="utf-8")


def read_record(folder: Path) -> tuple[ReportRecord, dict[str, PageLinks]]:
    """Return the record of a report, and the links of its pages, from the folder of its build."""
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    links = {
        name: PageLinks({(target, anchor) for target, anchor in inside}, set(ids))
        for name, (inside, ids) in record["links"].items()
    }
    return ReportRecord(**record["report"]), links


def write_manifest(
    folder: Path,
    opened: OpenedStudy,
    provenance: Provenance,
    reports: Iterable[ReportRecord],
    consent: Mapping[str, str],
) -> None:
    """Write the manifest of a release into its folder, over all files there.

    Consent is that of each focus group that the reports may count.
    """
    settings = opened.settings
    outputs = [path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST]
    manifest = {
        "study": settings.name,
        "title": settings.title,
        "synthetic": settings.synthetic,
        "report_language": settings.report_language,
        "as_of": settings.as_of.isoformat(),
        "compendium": analysis.__version__,
        **asdict(provenance),
        "consent": dict(consent),
        "reports": [asdict(report) for report in sorted(reports, key=lambda each: each.name)],
        "outputs": digest_files(outputs, folder),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return the manifest of a release.

    Raises
    ------
    PublishingError
        When there is none, it cannot be read, or it lists no inputs and outputs.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or not all(
        isinstance(manifest.get(kind), dict) for kind in ("inputs", "outputs")
    ):
        raise PublishingError(
            f"There is no release of {folder.name} to read.",
            expected=f"a readable {MANIFEST} in its folder",
            remedy=f"compendium build {folder.name}",
        )
    return manifest


def require_as_built(folder: Path, endings: tuple[str, ...] = ("",)) -> None:
    """Refuse files of a release that aren't those that the build wrote.

    Parameters
    ----------
    folder : Path
        The folder of the release.
    endings : tuple of str, optional
        How the names of the files end; all files by default.

    Raises
    ------
    PublishingError
        Naming each file that differs, is missing, or isn't in the manifest.
    """
    manifest = read_manifest(folder)
    study, outputs = manifest.get("study", folder.name), manifest["outputs"]
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    names = {*outputs, *(path.relative_to(folder).as_posix() for path in files)}
    changed = [
        name
        for name in sorted(names)
        if name.endswith(endings)
        and not ((folder / name).is_file() and digest_file(folder / name) == outputs.get(name))
    ]
    if changed:
        raise PublishingError(
            "Files of the release were changed after it was built.",
            offenders=[f"{folder.name}/{name}" for name in changed],
            expected=f"the files whose SHA-256 are in {folder.name}/{MANIFEST}",
            remedy=f"get the release again from its source, or run: compendium build {study}",
        )


def read_reports(folder: Path) -> list[ReportRecord]:
    """Return the reports of a release whose pages are there, or none where there is no release.

    Of a study whose pages are not kept under version control, a fresh clone has the manifest alone.

    Raises
    ------
    PublishingError
        When its manifest cannot be read, or another version of the compendium wrote it.
    """
    if not (folder / MANIFEST).is_file():
        return []
    try:
        reports = [ReportRecord(**report) for report in read_manifest(folder)["reports"]]
    except (KeyError, TypeError):
        raise PublishingError(
            f"The reports in the manifest of {folder.name} are not those of this version.",
            expected="reports with " + ", ".join(field.name for field in fields(ReportRecord)),
            remedy="build the whole study again, without --place",
        ) from None
    return [report for report in reports if (folder / f"{report.name}.html").is_file()]
