"""Pages that lead to the reports: the index of all studies, and each study's own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.publishing.rendering import render_body, render_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.publishing.rendering import Page


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
    """What a study's guards found, in short.

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
    """What a study's own page tells.

    Parameters
    ----------
    about : tuple of str
        Paragraphs that say what the study is, and what it is not.
    reports : tuple of ReportEntry
        All its reports.
    quality : QualitySummary or None
        What its guards found.
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


def render_index(page: Page, studies: Sequence[StudyEntry], *, about: str = "") -> str:
    """Return the page that lists every study with every report.

    Parameters
    ----------
    page : Page
        What stands around it.
    studies : sequence of StudyEntry
        In the order to show.
    about : str, optional
        What the reports are, in one or two sentences.

    Returns
    -------
    str
        The page.
    """
    return render_page(render_body("index.html.j2", studies=studies, about=about), page)


def render_study(page: Page, study: StudySummary) -> str:
    """Return a study's own page.

    Parameters
    ----------
    page : Page
        What stands around it.
    study : StudySummary
        What it tells.

    Returns
    -------
    str
        The page.
    """
    return render_page(render_body("study.html.j2", study=study), page)
