"""A study's own page, and the page on its data and methods that leads to all the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

import analysis
from analysis.publishing.checklist_page import CHECKLIST, render_checklist
from analysis.publishing.claim_diff import COMPARED
from analysis.publishing.claim_files import ENDING, read_claim_file
from analysis.publishing.manifest import MANIFEST
from analysis.publishing.quality_page import RECORD, render_quality
from analysis.publishing.rendering import Page, render_body, render_page
from analysis.study.dates import date_in_words
from analysis.study.language import (
    in_language,
    to_translate,
    translate,
    translate_number,
    write_number,
)
from analysis.tables.download_files import DOWNLOAD_FILES, NOTES
from analysis.tables.placing import describe_meetings
from analysis.tables.received import COLUMNS, read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from analysis.publishing.html_reader import PageLinks
    from analysis.publishing.manifest import ReportRecord
    from analysis.publishing.rendering import RenderedPage
    from analysis.quality.outcomes import CheckReport
    from analysis.study.opened_study import OpenedStudy

INDEX = "index.html"
METHODS = "methods.html"
QUALITY = "quality.html"
EXPLORER = "explorer.html"
STUDY_PAGES = (INDEX, METHODS, QUALITY, CHECKLIST)
COVERAGE = "coverage"
SITE_TITLE = "Focus group compendium"
# Claims of the report on the whole study that its own page shows.
LEFT_OUT = {
    "study.withdrawn": to_translate("Withdrawn"),
    "study.without_consent": to_translate("Without consent"),
}
KINDS_OF_CODERS = {
    "human": to_translate("a person"),
    "model": to_translate("a language model"),
    "rule": to_translate("a rule"),
}
SYNTHETIC_ABOUT = to_translate(
    "The data of this study are synthetic: they were invented. They show what the compendium does, "
    "and nothing about any person, place or group."
)
REAL_ABOUT = to_translate(
    "Behind these reports are people who spoke of their lives so that something changes. Read "
    "every number as something that they said."
)
ABOUT_OWN = to_translate("Made for this study, in a notebook of its own.")
# Reports on places have cards, in this order.
ON_PLACES = ("04-continental-synthesis.ipynb", "03-regional-synthesis.ipynb")
# Reports on data and methods, in the order in which they are listed.
ON_METHODS = {
    "02-coverage-and-agreement.ipynb": to_translate(
        "Who was heard, who coded, and how alike coders are."
    ),
    "01-clean-coded-data.ipynb": to_translate("What cleaning changed, and that nothing was lost."),
}


@dataclass(frozen=True)
class Link:
    """A link with one line about where it leads.

    Parameters
    ----------
    title : str
        Its words.
    href : str
        Where it leads, relative to the page.
    about : str
        The line.
    forms : tuple of (str, str)
        The formats of a table, or the places of reports, with their addresses; the title is no
        link then.
    """

    title: str
    href: str
    about: str = ""
    forms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ReportCard:
    """A report on a place in an index.

    Parameters
    ----------
    title, href : str
        The place, and the relative link to its report.
    inside : Markup
        Its map, its size and one finding.
    """

    title: str
    href: str
    inside: Markup


# Pages and files of a study, listed where they are in its release.
EXPLORE = (
    Link(
        to_translate("Passages"),
        EXPLORER,
        to_translate("Every passage that may be shown, to search and to filter."),
    ),
    Link(
        to_translate("Framework matrix"),
        "matrix.html",
        to_translate("Each focus group by question and by theme."),
    ),
    Link(
        to_translate("Codebook"),
        "codebook.html",
        to_translate("What each code covers, how often it was used, and how alike coders are."),
    ),
)
NOTES_ON_TABLES = (
    to_translate("Notes on the tables"),
    to_translate("What the columns of these tables are, and what the study is."),
)
CODED_DATA = (
    to_translate("Coded data (REFI-QDA)"),
    to_translate("Codebook, passages and codings, for programs of qualitative analysis."),
)
FORMATS = {"csv": "CSV", "xlsx": "Excel"}
RECORDS = (
    Link(
        to_translate("Manifest"),
        MANIFEST,
        to_translate("Each input and output by its SHA-256, parameters and versions (JSON)."),
    ),
    Link(
        to_translate("Outcomes of the checks"),
        RECORD,
        to_translate("Each check of the data, and the focus groups concerned (JSON)."),
    ),
)


def cards_of(reports: Iterable[ReportRecord]) -> list[ReportCard]:
    """Return a card for each report on a place, continents before regions."""
    return [
        ReportCard(report.title, f"{report.name}.html", Markup(report.card))  # noqa: S704
        for report in _on_places(reports)
    ]


def _on_places(reports: Iterable[ReportRecord]) -> list[ReportRecord]:
    listed = [report for report in reports if report.notebook in ON_PLACES]
    return sorted(listed, key=lambda each: (ON_PLACES.index(each.notebook), each.title))


def write_study_page(
    folder: Path,
    opened: OpenedStudy,
    reports: Collection[ReportRecord],
    quality: CheckReport,
    shown: Mapping[str, PageLinks] | None = None,
) -> dict[str, PageLinks]:
    """Write a study's own page, and those on its data, methods and quality, into its release.

    Parameters
    ----------
    folder : Path
        The folder of the release, with all its other files.
    shown : mapping of str to PageLinks, optional
        The pages that were made, with the passages and sections that they show.
    """
    with in_language(opened.settings.report_language):
        pages = _render_pages(folder, opened.for_reports, reports, quality, shown or {})
    for name, rendered in pages.items():
        (folder / name).write_text(rendered.html, encoding="utf-8")
    return {name: rendered.links for name, rendered in pages.items()}


def _render_pages(
    folder: Path,
    opened: OpenedStudy,
    reports: Collection[ReportRecord],
    quality: CheckReport,
    shown: Mapping[str, PageLinks],
) -> dict[str, RenderedPage]:
    settings = opened.settings
    methods, checks = translate("Data and methods"), translate("Data quality")
    listed = translate("What this study reports, item by item")
    above = (methods, METHODS)
    facts = (
        (translate("Data as of"), date_in_words(settings.as_of)),
        (translate("Coders"), _coders(opened)),
        *_left_out(folder),
    )
    study = render_body(
        "study.html.j2",
        about=translate(SYNTHETIC_ABOUT if settings.synthetic else REAL_ABOUT),
        cards=cards_of(reports),
        others=_others(reports),
        explore=_present(folder, EXPLORE),
        methods=METHODS,
        downloads=list(_downloads(folder, settings.name)),
        citation=_cite(opened),
    )
    data = render_body(
        "methods.html.j2",
        reports=list(_links_to(reports)),
        quality=Link(checks, QUALITY),
        checklist=Link(listed, CHECKLIST),
        counts=_count_checks(quality),
        records=_present(folder, RECORDS),
        name=settings.name,
    )
    named = {**opened.codebook.themes, **opened.codebook.codes}
    names = opened.instrument.cell_names | {code: each.name for code, each in named.items()}
    groups = read_table(table_path(opened.folder, "focus_groups"), COLUMNS["focus_groups"])
    meetings = describe_meetings(groups, opened.places)
    first = next((report.name for report in _on_places(reports)), "")
    return {
        INDEX: render_page(study, replace(page_of(opened), facts=facts)),
        METHODS: render_page(data, page_of(opened, methods)),
        QUALITY: render_quality(
            page_of(opened, checks, above), quality.outcomes, names, meetings, shown
        ),
        CHECKLIST: render_checklist(
            page_of(opened, listed, above), settings, first, quality, shown
        ),
    }


def page_of(opened: OpenedStudy, title: str = "", *above: tuple[str, str]) -> Page:
    """Return what is around a page of a study; without a title, around its own page.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    title : str, optional
        The title of the page.
    *above : tuple of (str, str)
        The titles of pages between it and the study's own, with their links.
    """
    settings = opened.settings
    study = [(settings.title, INDEX)] if title else []
    title = title or settings.title
    return Page(
        title=title,
        kicker=translate("Study"),
        study_title=settings.title,
        synthetic=settings.synthetic,
        crumbs=((translate("All studies"), f"../{INDEX}"), *study, *above, (title, None)),
        names=opened.places.names_with_digits,
    )


def _present(folder: Path, links: Iterable[Link]) -> list[Link]:
    """Return the links to files of a release that are there, or are written with this page."""
    later = (MANIFEST, RECORD)
    return [
        Link(translate(each.title), each.href, translate(each.about))
        for each in links
        if each.href in later or (folder / each.href).is_file()
    ]


def _downloads(folder: Path, study: str) -> Iterator[Link]:
    """Yield the tables that a release offers, the notes on them, and its coded data."""
    for name, file in DOWNLOAD_FILES.items():
        links = {kind: f"downloads/{name}.{ending}" for ending, kind in FORMATS.items()}
        there = tuple((kind, href) for kind, href in links.items() if (folder / href).is_file())
        if there:
            yield Link(translate(file.title), there[0][1], translate(file.about), there)
    others = {f"downloads/{NOTES}": NOTES_ON_TABLES, f"downloads/{study}.qdpx": CODED_DATA}
    for href, (title, about) in others.items():
        if (folder / href).is_file():
            yield Link(translate(title), href, translate(about))


def _links_to(reports: Iterable[ReportRecord]) -> Iterator[Link]:
    """Yield links to the reports on data and methods: on the whole study, then on cleaning."""
    listed = sorted(reports, key=lambda each: each.title)
    for notebook, about in ON_METHODS.items():
        alike = [each for each in listed if each.notebook == notebook]
        forms = tuple((each.title, f"{each.name}.html") for each in alike)
        if len(alike) == 1:
            yield Link(f"{alike[0].kind} ({alike[0].title})", forms[0][1], translate(about))
        elif alike:
            yield Link(alike[0].kind, forms[0][1], translate(about), forms)


def _others(reports: Iterable[ReportRecord]) -> list[Link]:
    """Return links to the reports of a study's own notebooks."""
    known = (*ON_PLACES, *ON_METHODS)
    listed = [each for each in reports if each.notebook not in known]
    return [
        Link(each.title, f"{each.name}.html", translate(ABOUT_OWN))
        for each in sorted(listed, key=lambda each: each.name)
    ]


def _left_out(folder: Path) -> list[tuple[str, Markup]]:
    """Return how many focus groups no report counts, each number leading to where it is from."""
    path = folder / f"{COVERAGE}{ENDING}"
    claims = read_claim_file(path, COMPARED) if path.is_file() else []
    values = {claim["id"]: claim["value"] for claim in claims}
    link = Markup('<a href="coverage.html#who-was-heard">{}</a>')
    return [
        (translate(name), link.format(_count_groups(values[identifier])))
        for identifier, name in LEFT_OUT.items()
        if identifier in values
    ]


def _count_groups(number: int) -> str:
    return translate_number("{n} focus group", "{n} focus groups", number, n=write_number(number))


def _coders(opened: OpenedStudy) -> str:
    named = (f"{c.coder} ({translate(KINDS_OF_CODERS[c.kind])})" for c in opened.settings.coders)
    return ", ".join(named)


def _count_checks(quality: CheckReport) -> tuple[tuple[str, int], ...]:
    """Count checks, each once however many tables and stages it was evaluated on."""
    failed = {outcome.expectation for outcome in quality.outcomes if not outcome.held}
    everything = {outcome.expectation for outcome in quality.outcomes}
    return (
        (translate("Checks passed"), len(everything - failed)),
        (translate("Warnings"), len({outcome.expectation for outcome in quality.warnings})),
        (translate("Critical"), len({outcome.expectation for outcome in quality.critical})),
    )


def _cite(opened: OpenedStudy) -> str:
    settings = opened.settings
    return translate(
        "{title}. Data as of {date}. In: {site}, version {version}.",
        title=settings.title,
        date=date_in_words(settings.as_of),
        site=SITE_TITLE,
        version=analysis.__version__,
    )
