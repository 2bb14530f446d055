"""The index of all studies: each with its reports on places as cards."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.cards import link_from
from analysis.publishing.manifest import read_manifest, read_reports
from analysis.publishing.release import listed_releases
from analysis.publishing.rendering import Page, render_body, render_page
from analysis.publishing.study_page import (
    EXPLORER,
    INDEX,
    METHODS,
    REAL_ABOUT,
    SITE_TITLE,
    SYNTHETIC_ABOUT,
    Link,
    cards_of,
)
from analysis.study.language import (
    ENGLISH,
    REPORT_LANGUAGES,
    in_language,
    to_translate,
    translate,
)
from analysis.study.writing import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from analysis.publishing.manifest import ReportRecord
    from analysis.publishing.study_page import ReportCard

ABOUT_SITE = to_translate("What focus groups said, place by place.")
UNREADABLE_ABOUT = to_translate("This release cannot be read; it has to be built again.")


@dataclass(frozen=True)
class StudyEntry:
    """One study in the index.

    Parameters
    ----------
    title, href : str
        Its title, and the relative link to its own page.
    about : str
        One line about it.
    cards : tuple of ReportCard
        Its reports on places.
    links : tuple of Link
        Its other pages.
    synthetic : bool
        Whether its data are invented.
    """

    title: str
    href: str
    about: str
    cards: tuple[ReportCard, ...] = ()
    links: tuple[Link, ...] = ()
    synthetic: bool = False


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
        folders = [folder for folder in listed_releases(reports) if (folder / INDEX).is_file()]
        with in_language(_language_of(folders)):
            replace_file(reports / INDEX, _index_of(folders))


def _language_of(folders: Iterable[Path]) -> str:
    """Return the language that the reports of all studies share, or else English."""
    languages = set()
    for folder in folders:
        with suppress(PublishingError, AttributeError):
            languages.add(read_manifest(folder).get("report_language", ENGLISH))
    [language] = languages if len(languages) == 1 else [ENGLISH]
    return language if language in REPORT_LANGUAGES else ENGLISH


def _index_of(folders: Iterable[Path]) -> str:
    studies = [_study_entry(folder) for folder in folders]
    page = Page(
        title=translate(SITE_TITLE),
        kicker=translate("Reports"),
        synthetic=all(study.synthetic for study in studies),
        crumbs=((translate("All studies"), None),),
    )
    body = render_body("index.html.j2", studies=studies, about=translate(ABOUT_SITE))
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
        return StudyEntry(folder.name, href, translate(UNREADABLE_ABOUT))
    inside = f"{folder.name}/"
    cards = (
        replace(card, href=f"{inside}{card.href}", inside=link_from(inside, card.inside))
        for card in cards_of(_readable_reports(folder))
    )
    named = ((translate("Passages"), EXPLORER), (translate("Data and methods"), METHODS))
    links = (Link(name, f"{inside}{page}") for name, page in named if (folder / page).is_file())
    return StudyEntry(
        title=title,
        href=href,
        about=translate(SYNTHETIC_ABOUT if synthetic else REAL_ABOUT),
        cards=tuple(cards),
        links=tuple(links),
        synthetic=synthetic,
    )


def _readable_reports(folder: Path) -> list[ReportRecord]:
    try:
        return read_reports(folder)
    except PublishingError:
        return []
