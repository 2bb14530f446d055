"""Pages about releases: the receipt of a verification, and what differs between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.publishing.rendering import Page, render_body, render_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.publishing.claim_diff import ClaimChange
    from analysis.publishing.release_diff import ReleaseDiff
    from analysis.publishing.verification import Verification


def write_receipt(verified: Verification, path: Path) -> None:
    """Write the receipt of a verification as a page.

    Parameters
    ----------
    verified : Verification
        What became of each published number.
    path : Path
        The file to write.
    """
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
    inputs = [f"{name} {digest}" for name, digest in verified.inputs.items()]
    lists = {
        "Results": verified.details,
        "What differs in what they are made from": verified.differences,
        "Where the independent recount differs": verified.recount.differing
        if verified.recount
        else (),
        "Inputs, by their SHA-256": inputs,
    }
    _write(page, path, verified.differing, lists)


def write_comparison(found: ReleaseDiff, before: str, after: str, path: Path) -> None:
    """Write what differs between two releases as a page.

    Parameters
    ----------
    found : ReleaseDiff
        What differs.
    before, after : str
        What the user calls the releases.
    path : Path
        The file to write.
    """
    number = len(found.moved)
    page = Page(
        title=f"{number or 'No'} number{'' if number == 1 else 's'} changed",
        kicker="Comparison of two releases",
        facts=(("Before", before), ("After", after), ("The same", f"{found.same} numbers")),
    )
    lists = {
        "What they are made from": [each.text for each in found.differences],
        "Checks of the data": found.checks,
    }
    _write(page, path, found.moved, lists)


def _write(
    page: Page, path: Path, moved: Sequence[ClaimChange], lists: Mapping[str, Sequence[str]]
) -> None:
    body = render_body("comparison.html.j2", moved=moved, lists=lists)
    path.write_text(render_page(body, page).html, encoding="utf-8")
