"""The pages around the reports: a study's own page, its quality, and the index of all studies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

import analysis
from analysis.errors import PublishingError
from analysis.publishing.claim_diff import COMPARED
from analysis.publishing.claim_files import ENDING, read_claim_file
from analysis.publishing.manifest import MANIFEST, read_manifest, read_reports
from analysis.publishing.notebook_source import is_own
from analysis.publishing.quality_page import RECORD, render_quality
from analysis.publishing.release import listed_releases
from analysis.publishing.rendering import Page, render_body, render_page
from analysis.study.dates import date_in_words
from analysis.study.writing import replace_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from analysis.publishing.html_reader import PageLinks
    from analysis.publishing.manifest import ReportRecord
    from analysis.quality.outcomes import CheckReport
    from analysis.study.opened_study import OpenedStudy

INDEX = "index.html"
ALL_STUDIES = ("All studies", f"../{INDEX}")
QUALITY = "quality.html"
COVERAGE = "coverage"
LEFT_OUT = {"Withdrawn": "study.withdrawn", "Without consent": "study.without_consent"}
SITE_TITLE = "Focus group compendium"
ABOUT_SITE = (
    "Regional and continental syntheses of focus groups with people most affected by HIV. Each "
    "number leads to the words it rests on."
)
SYNTHETIC_ABOUT = (
    "The data of this study are synthetic: a seeded generator made them from sentences written for "
    "it. They show what the compendium does, and say nothing about any person, place or group."
)
UNREADABLE_ABOUT = "What this release holds cannot be read; it has to be built again."
REAL_ABOUT = (
    "Behind these reports are people who spoke of their lives so that something changes. Read "
    "every number as something that they said."
)
ABOUT_OWN = "Made for this study, in a notebook of its own."
# What each notebook shows, in the order in which reports are listed.
ABOUT_NOTEBOOKS = {
    "04-continental-synthesis.ipynb": "What its regions share, and how they differ.",
    "03-regional-synthesis.ipynb": "What its focus groups said, and what they ask for.",
    "02-coverage-and-agreement.ipynb": "Who was heard, who coded, and how alike coders are.",
    "01-clean-coded-data.ipynb": "What cleaning changed, and that nothing was lost.",
}


@dataclass(frozen=True)
class ReportEntry:
    """One report in an index.

    Parameters
    ----------
    title : str
        The place, or what else the report is about.
    href : str
        Relative link to it.
    kind : str
        The kind of report.
    about : str
        One line about it.
    focus_groups : int or None
        The focus groups it counts; None for a report that counts none.
    """

    title: str
    href: str
    kind: str
    about: str = ""
    focus_groups: int | None = None


@dataclass(frozen=True)
class StudyEntry:
    """One study in the index of all studies.

    Parameters
    ----------
    title : str
        Its title.
    href : str
        Relative link to its own page.
    about : str
        One line about it.
    reports : tuple of ReportEntry
        All its reports.
    synthetic : bool
        Whether its data are invented.
    """

    title: str
    href: str
    about: str
    reports: tuple[ReportEntry, ...]
    synthetic: bool = False


@dataclass(frozen=True)
class QualitySummary:
    """What the checks of a study found, in short.

    Parameters
    ----------
    href : str
        Relative link to the quality page.
    held, warnings, critical : int
        Expectations that held, and those that fell short by severity.
    """

    href: str
    held: int
    warnings: int
    critical: int


@dataclass(frozen=True)
class Download:
    """One file to take away.

    Parameters
    ----------
    title : str
        What it holds.
    href : str
        Relative link to it.
    about : str
        Its format, and what one can do with it.
    """

    title: str
    href: str
    about: str = ""


@dataclass(frozen=True)
class StudySummary:
    """What a study's own page shows.

    Parameters
    ----------
    about : tuple of str
        Paragraphs that say what the study is, and what it is not.
    reports : tuple of ReportEntry
        All its reports.
    quality : QualitySummary or None
        What the checks found.
    downloads : tuple of Download
        Files to take away.
    citation : str
        How to cite it.
    checks : tuple of (str, str)
        What one can check, with the command that does.
    """

    about: tuple[str, ...]
    reports: tuple[ReportEntry, ...]
    quality: QualitySummary | None = None
    downloads: tuple[Download, ...] = ()
    citation: str = ""
    checks: tuple[tuple[str, str], ...] = ()

    @property
    def most_focus_groups(self) -> int:
        """The largest number of focus groups that a report counts, at least 1."""
        return max((report.focus_groups or 0 for report in self.reports), default=0) or 1


def _entries(reports: Iterable[ReportRecord], folder: str = "") -> tuple[ReportEntry, ...]:
    order = {notebook: at for at, notebook in enumerate(ABOUT_NOTEBOOKS)}
    ordered = sorted(reports, key=lambda r: (order.get(r.notebook, len(order)), r.title))
    return tuple(
        ReportEntry(
            title=report.title,
            href=f"{folder}{report.name}.html",
            kind=report.kind,
            about=ABOUT_NOTEBOOKS.get(report.notebook, ABOUT_OWN),
            focus_groups=report.focus_groups,
        )
        for report in ordered
    )


def write_study_page(
    folder: Path, opened: OpenedStudy, reports: Collection[ReportRecord], quality: CheckReport
) -> dict[str, PageLinks]:
    """Write a study's own page and its quality page into its release.

    Parameters
    ----------
    folder : Path
        The folder of the release.
    opened : OpenedStudy
        The study.
    reports : collection of ReportRecord
        Its reports.
    quality : CheckReport
        What the checks found.

    Returns
    -------
    dict of str to PageLinks
        The links of both pages.
    """
    settings = opened.settings
    page = Page(
        title=settings.title,
        kicker="Study",
        study_title=settings.title,
        synthetic=settings.synthetic,
        crumbs=(ALL_STUDIES, (settings.title, None)),
        facts=(
            ("Data as of", date_in_words(settings.as_of)),
            ("Coders", _coders(opened)),
            *_left_out(folder),
        ),
    )
    about_quality = replace(
        page,
        title="Data quality",
        kicker="What was guarded, and what fell short",
        crumbs=(ALL_STUDIES, (settings.title, INDEX), ("Data quality", None)),
        facts=(),
    )
    summary = _summarise_study(opened, folder, reports, quality)
    pages = {
        INDEX: render_page(render_body("study.html.j2", study=summary), page),
        QUALITY: render_quality(about_quality, quality.outcomes, opened.instrument.cell_names),
    }
    for name, rendered in pages.items():
        (folder / name).write_text(rendered.html, encoding="utf-8")
    return {name: rendered.links for name, rendered in pages.items()}


def _left_out(folder: Path) -> list[tuple[str, str]]:
    """Return how many focus groups no report counts, each number leading to its claim."""
    path = folder / f"{COVERAGE}{ENDING}"
    claims = read_claim_file(path, COMPARED) if path.is_file() else []
    values = {claim["id"]: claim["value"] for claim in claims}
    return [
        (name, Markup('<a href="coverage.html#evidence-{}">{}</a>').format(*shown))
        for name, identifier in LEFT_OUT.items()
        if identifier in values
        for shown in [(identifier, _count(values[identifier], "focus group"))]
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


AGREEMENT = (
    Download("Agreement (CSV)", "downloads/agreement.csv", "How alike coders are on each code."),
    Download("Agreement (Excel)", "downloads/agreement.xlsx", "The same, with notes."),
)


def _summarise_study(
    opened: OpenedStudy, folder: Path, reports: Collection[ReportRecord], quality: CheckReport
) -> StudySummary:
    name = opened.settings.name
    return StudySummary(
        about=(SYNTHETIC_ABOUT if opened.settings.synthetic else REAL_ABOUT,),
        reports=_entries(reports),
        quality=_summarise(quality),
        downloads=(
            Download("Manifest", MANIFEST, "Each input and output by its SHA-256 (JSON)."),
            Download("Data quality", RECORD, "Each expectation, and the rows that fall short."),
            *(each for each in AGREEMENT if (folder / each.href).is_file()),
        ),
        citation=_cite(opened),
        checks=(
            ("Build all its reports again", f"compendium build {name}"),
            ("See what its data fall short of", f"compendium check {name}"),
            ("See what a number rests on", "compendium trace CLAIM"),
        ),
    )


def _coders(opened: OpenedStudy) -> str:
    return ", ".join(f"{coder.coder} ({coder.kind})" for coder in opened.settings.coders)


def _summarise(quality: CheckReport) -> QualitySummary:
    """Count expectations, each once however many tables and stages it was evaluated on."""
    fallen = {outcome.expectation for outcome in quality.outcomes if not outcome.held}
    everything = {outcome.expectation for outcome in quality.outcomes}
    return QualitySummary(
        href=QUALITY,
        held=len(everything - fallen),
        warnings=len({outcome.expectation for outcome in quality.warnings}),
        critical=len({outcome.expectation for outcome in quality.critical}),
    )


def _cite(opened: OpenedStudy) -> str:
    settings = opened.settings
    return (
        f"{settings.title}. Data as of {date_in_words(settings.as_of)}. In: {SITE_TITLE}, version "
        f"{analysis.__version__}."
    )


def write_site_index(reports: Path) -> None:
    """Write the index of all studies that have pages below a folder.

    A release that another version of the compendium made, or whose manifest cannot be read, is
    listed without its reports, so that it is in nobody's way until it is built again.

    Parameters
    ----------
    reports : Path
        The folder of all releases.
    """
    with _alone(reports):
        replace_file(reports / INDEX, _index_of(reports))


def _index_of(reports: Path) -> str:
    folders = [folder for folder in listed_releases(reports) if (folder / INDEX).is_file()]
    studies = [_study_entry(folder) for folder in folders]
    page = Page(
        title=SITE_TITLE,
        kicker="Reports",
        synthetic=all(study.synthetic for study in studies),
        crumbs=(("All studies", None),),
    )
    body = render_body("index.html.j2", studies=studies, about=ABOUT_SITE)
    return render_page(body, page).html


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait for others who write into a folder: whoever comes last sees what all have released."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _study_entry(folder: Path) -> StudyEntry:
    href = f"{folder.name}/{INDEX}"
    try:
        manifest = read_manifest(folder)
        title, synthetic = str(manifest["title"]), manifest["synthetic"] is True
    except (PublishingError, KeyError, TypeError):
        return StudyEntry(folder.name, href, UNREADABLE_ABOUT, reports=())
    return StudyEntry(
        title=title,
        href=href,
        about=SYNTHETIC_ABOUT if synthetic else REAL_ABOUT,
        reports=_entries(_readable_reports(folder), f"{folder.name}/"),
        synthetic=synthetic,
    )


def _readable_reports(folder: Path) -> list[ReportRecord]:
    try:
        return [
            report
            for report in read_reports(folder)
            if report.notebook in ABOUT_NOTEBOOKS or is_own(report.notebook)
        ]
    except PublishingError:
        return []
