"""Publish a study: verify its reports, and keep the numbers that readers will cite."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from analysis.engine.failures import storage_errors
from analysis.errors import PublishingError
from analysis.operations.published_claims import (
    Publication,
    default_tag,
    require_tag,
    write_publication,
)
from analysis.operations.verify import verify_study
from analysis.study.lock import hold_lock, lock_of

if TYPE_CHECKING:
    from analysis.engine.options import BuildOptions, Progress


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
    tag = tag or default_tag()
    require_tag(tag)
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
    with hold_lock(lock_of(options.root, study), study):
        write_publication(options.root, options.reports / study, publication)
    return publication
