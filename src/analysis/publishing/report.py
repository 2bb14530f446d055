"""One report of a release: its page, its notebook and its claims."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

import analysis
from analysis.errors import PublishingError
from analysis.publishing.cards import make_card
from analysis.publishing.claim_check import require_shown_tables
from analysis.publishing.claim_files import ENDING, write_claim_file
from analysis.publishing.explorer import render_filters
from analysis.publishing.manifest import LOCK, ReportRecord, write_record
from analysis.publishing.notebook_files import is_own, read_notebook
from analysis.publishing.notebook_html import kind_of, render_notebook
from analysis.publishing.rendering import Page, render_body, render_page
from analysis.study.dates import date_in_words
from analysis.study.digests import digest_file
from analysis.study.language import in_language, to_translate, translate
from analysis.study.root import OWN_NOTEBOOKS
from analysis.tables.build_folder import CLAIMS_MIME
from analysis.tables.codebook_changes import current_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbformat import NotebookNode

    from analysis.publishing.html_reader import PageLinks
    from analysis.publishing.rendering import RenderedPage
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder

# Files to take away, in a folder of the release.
DOWNLOADS = "downloads"
# As many characters of a digest as it takes to distinguish two.
SHOWN = 12
# Further pages by what their names start with.
NAMES_OF_PAGES = {
    "evidence": to_translate("Evidence"),
    "recount": to_translate("Recount by hand"),
    "words": to_translate("Passages"),
    "codebook": to_translate("Codebook"),
    "matrix": to_translate("Framework matrix"),
}
# About 30,000 passages.
MOST_BYTES_OF_SEGMENTS = 10_000_000
PAGES_OF_STUDY = ("codebook", "matrix")
WHOLE_STUDY = to_translate("The whole study")
OWN_REPORT = to_translate("Own notebook")
# The report on the whole study has no place whose focus groups it counts: it counts all of them.
COUNTED_IN_ALL = "study.heard.focus_groups.all"

Claims = list[dict[str, Any]]


def make_report(opened: OpenedStudy, build: BuildFolder, name: str, *, data: str) -> None:
    """Write all files of one report to its folder in a build, with their record.

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
    with in_language(opened.settings.report_language):
        record, links = _write_report(opened.for_reports, build, name, data)
    if build.downloads(name).is_dir():
        _take_downloads(opened, build.downloads(name), folder / DOWNLOADS)
    write_record(record, links, folder)


def _take_downloads(opened: OpenedStudy, made: Path, folder: Path) -> None:
    """Copy the downloads of a study, with its coded data where its tables may be published.

    Of a large study, whose project would fill the release, `compendium export` writes them.
    """
    from analysis.publishing.coded_export import write_export  # noqa: PLC0415 (pandas)
    from analysis.tables.received import table_path  # noqa: PLC0415 (pandas)

    shutil.copytree(made, folder)
    is_small = table_path(opened.folder, "segments").stat().st_size <= MOST_BYTES_OF_SEGMENTS
    if is_small and opened.settings.publication.tables == "public":
        write_export(opened, "qdpx", folder / f"{opened.settings.name}.qdpx")


def collect_claims(notebook: NotebookNode) -> Claims:
    """Return the claims in the outputs of an executed notebook, each once, in its order.

    Raises
    ------
    PublishingError
        When a claim has different values in two cells.
    """
    claims: dict[str, dict[str, Any]] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for claim in output.get("data", {}).get(CLAIMS_MIME, {}).get("claims", []):
                first = claims.setdefault(claim["id"], claim)
                if {**first, "cell": ""} != {**claim, "cell": ""}:
                    raise PublishingError(
                        f"Claim {claim['id']} has two different values.",
                        offenders=[_describe(each) for each in (first, claim)],
                        remedy="give each claim of the notebook its own id",
                    )
    return list(claims.values())


def _describe(claim: dict[str, Any]) -> str:
    return f"cell {claim['cell']}: {claim['label']}, {claim['value']} {claim['unit']}"


def _write_report(
    opened: OpenedStudy, build: BuildFolder, name: str, data: str
) -> tuple[ReportRecord, dict[str, PageLinks]]:
    """Write the pages, the notebook and the claims of a report into its folder in a build."""
    folder, notebook = build.page(name), read_notebook(build.notebook(name))
    require_shown_tables(notebook)
    made = notebook.metadata["compendium"]
    place = str(made["parameters"].get("place", ""))
    claims = collect_claims(notebook)
    page = _page(notebook, name, opened, data)
    pages = {f"{name}.html": render_notebook(notebook, page)}
    pages.update(render_further_pages(build.words(name), page, opened))
    for file, rendered in pages.items():
        (folder / file).write_text(rendered.html, encoding="utf-8")
    shutil.copyfile(build.notebook(name), folder / f"{name}.ipynb")
    write_claim_file(claims, folder / f"{name}{ENDING}")
    counts = (f"{place}.groups", COUNTED_IN_ALL)
    counted = next((claim["value"] for claim in claims if claim["id"] in counts), None)
    record = ReportRecord(
        name=name,
        title=page.title,
        kind=page.kicker,
        notebook=made["notebook"],
        parameters=dict(made["parameters"]),
        place=place,
        claims=len(claims),
        focus_groups=counted,
        card=make_card(pages[f"{name}.html"].html, claims, opened, place) if name == place else "",
    )
    return record, {file: rendered.links for file, rendered in pages.items()}


def render_further_pages(
    fragments: Path, page: Page, opened: OpenedStudy
) -> Iterator[tuple[str, RenderedPage]]:
    """Yield the further pages of a report, by the names of their files.

    A folder with the name of the report holds HTML that goes into one page each: ``words-001.html``
    becomes ``<report>.words-001.html``, and ``codebook.html``, a page of the whole study, keeps
    its name. Without it there are none.
    """
    report = fragments.name
    *above, (kind, _) = page.crumbs
    for part in sorted(fragments.glob("*.html"), key=lambda part: (len(part.stem), part.stem)):
        start = part.stem.partition("-")[0]
        name = translate(NAMES_OF_PAGES[start])
        if start in PAGES_OF_STUDY:
            around = replace(
                page,
                title=name,
                kicker=translate("Study"),
                crumbs=(*above, (name, None)),
                source_notebook=f"{report}.ipynb",
            )
            yield part.name, _render_part(part, around, opened)
        else:
            around = replace(
                page,
                title=f"{page.title} \u2013 {name.lower()}",
                kicker=kind,
                crumbs=(*above, (kind, f"{report}.html"), (name, None)),
                source_notebook="",
            )
            yield f"{report}.{part.stem}.html", _render_part(part, around, opened, f"{report}.html")


def _render_part(part: Path, around: Page, opened: OpenedStudy, report: str = "") -> RenderedPage:
    fragment = Markup(part.read_text(encoding="utf-8"))  # noqa: S704
    is_filtered = part.stem.startswith("words")
    filters = render_filters(opened, fragment) if is_filtered else ""
    body = render_body("words.html.j2", fragment=fragment, filters=filters, report=report)
    return render_page(body, around, claimed=True, filtered=is_filtered)


def _codebook(opened: OpenedStudy) -> list[tuple[str, str]]:
    last = current_version(opened.folder)
    if last is None:
        return []
    day = date_in_words(last.date)
    version = translate("version {version} of {day}", version=last.version, day=day)
    return [(translate("Codebook"), version)]


def _page(notebook: NotebookNode, name: str, opened: OpenedStudy, data: str) -> Page:
    settings = opened.settings
    made = notebook.metadata["compendium"]
    place = made["parameters"].get("place", "")
    title = opened.places.name(place) if place else translate(WHOLE_STUDY)
    # Places of a study's own may be sites or strata, and are neither regions nor continents.
    is_own_place = name == place and not opened.has_countries
    kind = translate("Synthesis") if is_own_place else kind_of(notebook)
    first_of_ids = place or "study"
    if is_own(made["notebook"]):
        first_of_ids = OWN_NOTEBOOKS
        title, kind = kind or name.replace("-", " ").capitalize(), translate(OWN_REPORT)
    parameters = ", ".join(f"{key} = {value}" for key, value in made["parameters"].items())
    return Page(
        title=title,
        kicker=kind,
        study_title=settings.title,
        synthetic=settings.synthetic,
        crumbs=(
            (translate("All studies"), "../index.html"),
            (settings.title, "index.html"),
            (kind, None),
        ),
        provenance=(
            (translate("Data as of"), date_in_words(settings.as_of)),
            (translate("Notebook"), made["notebook"]),
            (translate("Parameters"), parameters),
            (translate("Data"), data[:SHOWN]),
            *_codebook(opened),
            (translate("Locked versions"), digest_file(opened.root / LOCK)[:SHOWN]),
            (translate("Compendium"), analysis.__version__),
            (translate("Rebuild"), f"compendium build {settings.name}"),
            (translate("Trace a number"), f"compendium trace {first_of_ids}.…"),
        ),
        source_notebook=f"{name}.ipynb",
        names=opened.places.names_with_digits,
    )
