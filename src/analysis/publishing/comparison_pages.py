"""Pages about releases: the receipt of a verification, and what differs between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.publishing.rendering import Page, render_body, render_page
from analysis.study.writing import replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.publishing.claim_diff import ClaimChange
    from analysis.publishing.release_diff import ReleaseDiff
    from analysis.publishing.verification import Verification


def write_receipt(verified: Verification, path: Path) -> None:
    """Write the receipt of a verification as a page."""
    page = Page(
        title=verified.headline,
        kicker="Receipt of a verification",
        facts=(
            ("Study", verified.study),
            ("Compared with", verified.published_as),
            ("Python", f"{verified.python} on {verified.platform}"),
            ("Code", verified.code),
            ("Locked versions", verified.lock),
        ),
    )
    recounted = verified.recount.differing if verified.recount else ()
    lists = {
        "Results": verified.details,
        "Changes in inputs, code and versions": verified.differences,
        "Where the independent recount differs": recounted,
        "Inputs, by their SHA-256": [f"{name} {sha}" for name, sha in verified.inputs.items()],
    }
    _write(page, path, verified.differing, lists)


def write_comparison(found: ReleaseDiff, before: str, after: str, path: Path) -> None:
    """Write what differs between two releases, which the user calls `before` and `after`."""
    page = Page(
        title=found.headline,
        kicker="Comparison of two releases",
        facts=(("Before", before), ("After", after), ("The same", f"{found.same:,} numbers")),
    )
    _write(page, path, found.moved, found.lists)


def _write(
    page: Page, path: Path, moved: Sequence[ClaimChange], lists: Mapping[str, Sequence[str]]
) -> None:
    body = render_body("comparison.html.j2", moved=moved, lists=lists)
    replace_file(path, render_page(body, page).html)
