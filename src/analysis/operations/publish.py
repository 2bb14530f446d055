"""Publish a study: verify its reports, and keep the numbers that readers will cite."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import yaml

import analysis
from analysis.engine.failures import storage_errors
from analysis.errors import PublishingError
from analysis.operations.publication import (
    PUBLISHED,
    RECORD,
    Publication,
    list_outdated,
    read_publication,
)
from analysis.operations.verify import verify_study
from analysis.publishing.claim_files import ENDING
from analysis.publishing.comparison_pages import write_comparison
from analysis.publishing.manifest import MANIFEST
from analysis.publishing.release_diff import compare_releases
from analysis.study.lock import hold_lock
from analysis.study.opened_study import open_study
from analysis.study.root import require_study
from analysis.study.settings import read_study
from analysis.study.writing import place_folder, replace_file, restore_folder

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.engine.options import BuildOptions, Progress
    from analysis.study.settings import Author, Study

CHANGES = "changes.html"
"""What changed since the numbers that were cited before."""

CITATION = "CITATION.cff"

_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_NOT_IN_TAGS = re.compile(r"\.\.|\.(lock)?(/|$)")


@storage_errors()
def publish_study(options: BuildOptions, study: str, tag: str, progress: Progress) -> Publication:
    """Verify the reports of a study, and write what readers will cite.

    Parameters
    ----------
    options : BuildOptions
        Where the study and its reports are.
    study : str
        The study.
    tag : str
        The tag of git that will name it; ``""`` for that of this version.
    progress : Progress
        Shows the progress.

    Raises
    ------
    CompendiumError
        When the reports aren't what the inputs give, or the tag can't be one; nothing is written.
    """
    tag = tag or f"v{analysis.__version__}"
    _require_tag(tag)
    _require_current(options, study)
    verified = verify_study(options, study, progress, independent=True, of_reports=True)
    if not verified.holds:
        recounted = verified.recount.differing if verified.recount else ()
        raise PublishingError(
            f"{verified.headline}: {study} isn't published.",
            offenders=[
                *(f"{each.claim}: {each.old} → {each.new}" for each in verified.differing),
                *recounted,
            ],
            expected="reports whose numbers follow from the inputs as they are",
            remedy=f"compendium build {study}; then look at: compendium diff HEAD",
        )
    today = datetime.now(tz=UTC).date().isoformat()
    publication = Publication(study, tag, today, verified.published)
    with hold_lock(options.root, study):
        write_publication(options.root, options.reports / study, publication)
    return publication


def _require_current(options: BuildOptions, study: str) -> None:
    """Refuse reports that aren't complete, or are older than their inputs."""
    require_study(options.root / "data", study)
    outdated = list_outdated(open_study(options.root, study), options.reports / study)
    if outdated:
        raise PublishingError(
            f"The reports of {study} are out of date, or some are missing.",
            offenders=outdated,
            expected="all reports, built from the files as they are now",
            remedy=f"compendium build {study}",
        )


def _require_tag(tag: str) -> None:
    """Refuse what git doesn't accept as a tag."""
    if not _TAG.fullmatch(tag) or _NOT_IN_TAGS.search(tag):
        raise PublishingError(
            "This can't be a tag.",
            offenders=[f"--tag {tag}" if len(tag) < 80 else "--tag"],
            expected="letters, digits, '.', '_', '-' and '/', such as v0.1.0",
            remedy="correct --tag",
        )


def write_publication(root: Path, release: Path, publication: Publication) -> None:
    """Keep the verified claims of a release as those to cite, and bring CITATION.cff up to date."""
    folder = root / "data" / publication.study
    target, staged = folder / PUBLISHED, folder / f".{PUBLISHED}.next"
    citation = root / CITATION
    cited = _cite(citation, read_study(folder), publication) if citation.is_file() else ""
    restore_folder(target)
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    for path in (release / MANIFEST, *release.glob(f"*{ENDING}")):
        shutil.copyfile(path, staged / path.name)
    if (target / RECORD).is_file():
        found = compare_releases(target, release)
        write_comparison(found, read_publication(target).name, publication.tag, staged / CHANGES)
    text = json.dumps(vars(publication), indent=2) + "\n"
    (staged / RECORD).write_text(text, encoding="utf-8")
    place_folder(staged, target)
    if cited:
        replace_file(citation, cited)


def _cite(path: Path, settings: Study, publication: Publication) -> str:
    """Return CITATION.cff with the day of a publication, and the authors that its study names."""
    try:
        citation: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        citation["date-released"] = publication.published_on
    except (ValueError, yaml.YAMLError, TypeError) as error:
        raise PublishingError(
            f"{CITATION} can't be read.",
            expected="the Citation File Format, version 1.2.0",
            remedy="put it back from the repository",
        ) from error
    citation["version"] = analysis.__version__
    if settings.repository:
        citation["repository-code"] = settings.repository
    if settings.authors:
        citation["authors"] = [_author(each) for each in settings.authors]
    return yaml.safe_dump(citation, sort_keys=False, allow_unicode=True, width=100)


def _author(author: Author) -> dict[str, str]:
    cited = {"name": author.name}
    if author.affiliation:
        cited["affiliation"] = author.affiliation
    if author.orcid:
        cited["orcid"] = f"https://orcid.org/{author.orcid}"
    return cited
