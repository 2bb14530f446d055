"""One report of a release: its page, its notebook and its claims."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import analysis
from analysis.errors import PublishingError
from analysis.publishing.digests import SHOWN, digest_file
from analysis.publishing.links import write_links
from analysis.publishing.manifest import LOCK, Origin, ReportRecord
from analysis.publishing.notebook_body import kind_of
from analysis.publishing.rendering import Page, render_notebook
from analysis.publishing.words import publish_words
from analysis.study.dates import date_in_words
from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder

RECORD = ".record.json"
WHOLE_STUDY = "The whole study"
# The report on the whole study has no place whose focus groups it counts: it counts all of them.
COUNTED_IN_ALL = "study.heard.focus_groups.all"

Claims = list[dict[str, Any]]


@dataclass(frozen=True)
class ExecutedReport:
    """What the run of a notebook left for its page.

    Parameters
    ----------
    file : Path
        The executed notebook; its name becomes that of the page.
    notebook : NotebookNode
        What the file holds.
    words : Path
        The folder of the segments that go into pages of their own; need not be there.
    """

    file: Path
    notebook: NotebookNode
    words: Path


def read_executed(build: BuildFolder, name: str) -> ExecutedReport:
    """Return what the run of a notebook left in the folder of a build.

    Parameters
    ----------
    build : BuildFolder
        The folder.
    name : str
        The name of the report.
    """
    from analysis.publishing.notebook_files import read_notebook  # noqa: PLC0415 (heavy)

    file = build.notebook(name)
    return ExecutedReport(file, read_notebook(file), build.words(name))


def make_report(opened: OpenedStudy, build: BuildFolder, name: str, *, data: str) -> None:
    """Write all files of one report to its folder in a build, its record and links beside them.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        The folder of its build.
    name : str
        The name of the report.
    data : str
        One SHA-256 for the rows that it rests on.

    Raises
    ------
    PublishingError
        When a number of the report is no claim, or a page is not safe and alone.
    """
    folder = build.page(name)
    folder.mkdir(parents=True)
    origin = Origin(data, digest_file(opened.root / LOCK))
    record = publish_report(read_executed(build, name), folder, opened, origin)
    write_record(record, folder)
    write_links(folder)


def collect_claims(notebook: NotebookNode) -> Claims:
    """Return the claims in the outputs of an executed notebook, each once, in its order.

    Raises
    ------
    PublishingError
        When a claim stands in two cells with different values.
    """
    claims: dict[str, dict[str, Any]] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for claim in output.get("data", {}).get(CLAIMS_MIME, {}).get("claims", []):
                first = claims.setdefault(claim["id"], claim)
                if {**first, "cell": ""} != {**claim, "cell": ""}:
                    raise PublishingError(
                        f"Claim {claim['id']} has two different values.",
                        offenders=[_told(each) for each in (first, claim)],
                        remedy="give each claim of the notebook its own id",
                    )
    return list(claims.values())


def _told(claim: dict[str, Any]) -> str:
    return f"cell {claim['cell']}: {claim['label']}, {claim['value']} {claim['unit']}"


def publish_report(
    executed: ExecutedReport, folder: Path, opened: OpenedStudy, origin: Origin
) -> ReportRecord:
    """Write one report of a release, and return its record.

    Parameters
    ----------
    executed : ExecutedReport
        What the run of its notebook left.
    folder : Path
        The folder of the report; gets ``.html``, ``.ipynb`` and ``.claims.json``, and the pages of
        segments where it left any.
    opened : OpenedStudy
        The study.
    origin : Origin
        What it is made from, as its page tells.

    Raises
    ------
    PublishingError
        When a number of the report is no claim, or a page is not safe and alone, or too large.
    """
    notebook, name = executed.notebook, executed.file.stem
    made = notebook.metadata["compendium"]
    place = str(made["parameters"].get("place", ""))
    claims = collect_claims(notebook)
    page = _page(notebook, name, opened, origin)
    html = render_notebook(notebook, page)
    publish_words(executed.words, folder, page)
    (folder / f"{name}.html").write_text(html, encoding="utf-8")
    shutil.copyfile(executed.file, folder / f"{name}.ipynb")
    _write_claims(claims, folder / f"{name}.claims.json")
    told = (f"{place}.groups", COUNTED_IN_ALL)
    counted = next((claim["value"] for claim in claims if claim["id"] in told), None)
    return ReportRecord(
        name=name,
        title=page.title,
        kind=kind_of(notebook),
        notebook=made["notebook"],
        parameters=dict(made["parameters"]),
        place=place,
        claims=len(claims),
        focus_groups=counted,
    )


def _write_claims(claims: Claims, path: Path) -> None:
    """Write claims as JSON, one a line: Python's encoder is slow as soon as it has to indent."""
    lines = ",\n".join(json.dumps(claim, ensure_ascii=False) for claim in claims)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _page(notebook: NotebookNode, name: str, opened: OpenedStudy, origin: Origin) -> Page:
    settings = opened.settings
    made = notebook.metadata["compendium"]
    place = made["parameters"].get("place", "")
    title = opened.places.name(place) if place else WHOLE_STUDY
    kind = kind_of(notebook)
    told = ", ".join(f"{key} = {value}" for key, value in made["parameters"].items())
    return Page(
        title=title,
        study_title=settings.title,
        synthetic=settings.synthetic,
        crumbs=(("All studies", "../index.html"), (settings.title, "index.html"), (kind, None)),
        facts=(("Data as of", date_in_words(settings.as_of)),),
        provenance=(
            ("Notebook", made["notebook"]),
            ("Parameters", told),
            ("Data", origin.data[:SHOWN]),
            ("Locked versions", origin.lock[:SHOWN]),
            ("Compendium", analysis.__version__),
            ("Rebuild", f"compendium build {settings.name}"),
            ("Trace a number", f"compendium trace {place or 'study'}.…"),
        ),
        source_notebook=f"{name}.ipynb",
    )


def write_record(record: ReportRecord, folder: Path) -> None:
    """Write the record of a report beside its files."""
    (folder / RECORD).write_text(json.dumps(asdict(record), ensure_ascii=False), encoding="utf-8")


def read_record(folder: Path) -> ReportRecord:
    """Return the record of a report that stands beside its files."""
    return ReportRecord(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
