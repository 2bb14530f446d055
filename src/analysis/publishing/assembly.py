"""The assembly of a release: pages that were made, with all that stands around them, as one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.publishing.carried_consent import read_consents, require_consent
from analysis.publishing.carried_participants import require_participants
from analysis.publishing.links import read_links, require_links
from analysis.publishing.manifest import read_reports, write_manifest
from analysis.publishing.quality_record import QualityRecord, read_quality_record
from analysis.publishing.release import stage_release, swap_in
from analysis.publishing.report import read_record
from analysis.publishing.site import write_site_index, write_study_page
from analysis.quality.outcomes import read_outcomes
from analysis.quality.published import published
from analysis.tables.build_folder import WHOLE
from analysis.tables.left_out import read_left_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
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
    """Make the release of a study from what its build left.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        The folder of its build.
    release : Release
        What it holds, and where it goes; the last one stands there until this one is whole.
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
    if release.is_partial:
        require_consent(release.target, release.made_from, consent)
        require_participants(release.target, release.made_from, opened)
    staged = stage_release(release.target, carry_over=release.is_partial)
    made = [_take_page(build.page(name), staged, key) for name, key in release.made_from.items()]
    names = {report.name for report in made}
    carried = [report for report in read_reports(staged) if report.name not in names]
    reports = [*made, *carried]
    found = read_quality(build, release.cleaned)
    left_out = read_left_out(build).focus_groups
    found = replace(found, received=published(found.received, left_out))
    quality = found.with_places_of(read_quality_record(staged)).published
    quality.write(staged)
    write_study_page(staged, opened, reports, quality.joined)
    write_manifest(staged, opened, provenance, reports, consent)
    links = {page: told for name in names for page, told in read_links(build.page(name)).items()}
    require_links(staged, links, made=release.made_from if release.is_partial else None)
    before_swap()
    swap_in(staged, release.target)
    write_site_index(release.target.parent)


def _take_page(page: Path, staged: Path, made_from: str) -> ReportRecord:
    for path in staged.glob(f"{page.name}.*"):
        path.unlink()
    for path in page.iterdir():
        if not path.name.startswith("."):
            shutil.copyfile(path, staged / path.name)
    return replace(read_record(page), made_from=made_from)


def read_quality(build: BuildFolder, cleaned: Iterable[str]) -> QualityRecord:
    """Return what the guards found in a build, as received and as cleaned.

    Parameters
    ----------
    build : BuildFolder
        The folder of its build.
    cleaned : iterable of str
        The places whose tables were cleaned; those of which nothing was found yet are left out.
    """
    found = {place: build.outcomes("cleaned", place) for place in cleaned}
    return QualityRecord(
        received=read_outcomes(build.outcomes("received", WHOLE)),
        cleaned={place: read_outcomes(path) for place, path in found.items() if path.is_file()},
    )
