"""Assemble a release: the pages of reports, with the pages and records of the whole study."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.carried_over import (
    read_consents,
    require_consent,
    require_participants,
)
from analysis.publishing.explorer import write_explorer
from analysis.publishing.html_reader import PageLinks, find_ids
from analysis.publishing.manifest import read_record, read_reports, write_manifest
from analysis.publishing.quality_page import QualityRecord, read_quality_record
from analysis.publishing.release import recover_release, stage_release
from analysis.publishing.site_index import write_site_index
from analysis.publishing.study_page import STUDY_PAGES, write_study_page
from analysis.quality.outcomes import read_outcomes
from analysis.study.writing import place_folder
from analysis.tables.build_folder import WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from analysis.publishing.manifest import Provenance, ReportRecord
    from analysis.publishing.release import Release
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder


def release_study(
    opened: OpenedStudy,
    build: BuildFolder,
    release: Release,
    provenance: Provenance,
    before_swap: Callable[[], None],
) -> None:
    """Make the release of a study from the results of its build.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        The folder of its build.
    release : Release
        What it has, and where it goes; the last one stays there until this one is whole.
    provenance : Provenance
        What it is made from.
    before_swap : callable
        Is called when all is ready, and may still refuse.

    Raises
    ------
    PublishingError
        When a link between its pages leads nowhere, or the last release cannot be carried over:
        it is of another version, shows what may not be shown any more, or other participants.
    """
    consent = read_consents(opened.folder)
    recover_release(release.target)
    if release.is_partial:
        require_consent(release.target, release.made_from, consent)
        require_participants(release.target, release.made_from, opened)
    staged = stage_release(release.target, build.path, carry_over=release.is_partial)
    made, links = _take_pages(build, release.made_from, staged)
    names = {report.name for report in made}
    carried = [report for report in read_reports(staged) if report.name not in names]
    reports = [*made, *carried]
    found = read_quality(build.published, release.cleaned)
    quality = found.with_places_of(read_quality_record(staged)).published
    quality.write(staged)
    links |= write_explorer(staged, opened)
    shown = links | (_read_carried_pages(staged, links) if release.is_partial else {})
    links |= write_study_page(staged, opened, reports, quality.joined, shown)
    write_manifest(staged, opened, provenance, reports, consent)
    require_links(staged, links, made=release.made_from if release.is_partial else None)
    before_swap()
    place_folder(staged, release.target)
    write_site_index(release.target.parent)


def _take_pages(
    build: BuildFolder, made_from: Mapping[str, str], staged: Path
) -> tuple[list[ReportRecord], dict[str, PageLinks]]:
    """Copy the pages that were made into a release, in place of those of the last one."""
    reports: list[ReportRecord] = []
    links: dict[str, PageLinks] = {}
    for name, key in made_from.items():
        for path in staged.glob(f"{name}.*"):
            path.unlink()
        for path in build.page(name).iterdir():
            if path.is_dir():
                shutil.copytree(path, staged / path.name, dirs_exist_ok=True)
            elif not path.name.startswith("."):
                shutil.copyfile(path, staged / path.name)
        record, of_pages = read_record(build.page(name))
        reports.append(replace(record, made_from=key))
        links |= of_pages
    return reports, links


def _read_carried_pages(folder: Path, made: Collection[str]) -> dict[str, PageLinks]:
    """Return the ids on the pages of reports that the last release had, and no build made."""
    carried = (path for path in folder.glob("*.html") if path.name not in made)
    return {
        path.name: PageLinks(inside=set(), ids=find_ids(path.read_text(encoding="utf-8")))
        for path in carried
        if path.name not in STUDY_PAGES
    }


def require_links(
    folder: Path, links: Mapping[str, PageLinks], *, made: Collection[str] | None = None
) -> None:
    """Refuse links between pages of a release that lead nowhere.

    If only some reports were made, the others are as they were released before, or not there: a
    link from or to one of those may be broken until the whole study is built.
    """
    broken = sorted(
        (page, target, fault)
        for page, target, fault in _broken_links(folder, links)
        if made is None or all(name.partition(".")[0] in made for name in (page, target))
    )
    if broken:
        raise PublishingError(
            "Links between pages of the release lead nowhere.",
            offenders=[f"{page}: {target} {fault}" for page, target, fault in broken],
            expected="each page and each id that a page links to",
            remedy="link to what the reports show, or show what they link to",
        )


def _broken_links(folder: Path, links: Mapping[str, PageLinks]) -> Iterator[tuple[str, str, str]]:
    """Yield pages, the files to which they link in vain, and what is missing there."""
    for page, of_page in links.items():
        for target, anchor in of_page.inside:
            if target in links:
                if anchor and anchor not in links[target].ids:
                    yield page, target, f"has no id {anchor}"
            elif not (folder / target).is_file():
                yield page, target, "is not there"


def read_quality(file: Callable[[str, str], Path], cleaned: Iterable[str]) -> QualityRecord:
    """Return what the checks found in a build, as received and as cleaned.

    Parameters
    ----------
    file : callable
        Returns the file of a stage and a place: `BuildFolder.outcomes` has all, for those who hold
        the tables, and `BuildFolder.published` what may be published.
    cleaned : iterable of str
        The places whose tables were cleaned; those of which nothing was found yet are left out.
    """
    found = {place: file("cleaned", place) for place in cleaned}
    return QualityRecord(
        received=read_outcomes(file("received", WHOLE)),
        cleaned={place: read_outcomes(path) for place, path in found.items() if path.is_file()},
    )
