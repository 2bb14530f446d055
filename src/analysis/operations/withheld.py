"""Verify a release whose tables are withheld in part: what can be recomputed, and what can't.

Of private tables a zip has the rows that consent lets be shown. A report that counts a focus group
whose rows are withheld can't be rebuilt from these; its numbers are compared with its notebook.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.claim_diff import says_same
from analysis.publishing.manifest import read_manifest
from analysis.publishing.notebook_files import read_notebook
from analysis.publishing.report import collect_claims
from analysis.study.digests import digest_file
from analysis.tables.focus_groups import CONSENT_TO_SHOW

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.publishing.claim_diff import ClaimChange, Claims

SUMS = "SHA256SUMS"
WHOLE_STUDY = re.compile(r"coverage|.*-cleaning")
"""Reports that count what no report on a place counts: who coded, what was set aside."""

NOT_IN_TABLES = re.compile(r"[^.]+\.(group\.)?(participants|kinds|finding)(\..+)?")
"""Claims about participants and findings, whose tables never leave."""

Name = tuple[str, str]


def require_as_packed(folder: Path, named: str) -> None:
    """Refuse an unpacked release with another file than were packed.

    Parameters
    ----------
    folder : Path
        The folder that holds `SUMS`.
    named : str
        What the user calls the release.

    Raises
    ------
    PublishingError
        Naming each file that differs, is missing, or isn't listed.
    """
    sums = folder / SUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    there = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path != sums
    }
    changed = [
        name
        for name in sorted({*listed, *there})
        if name not in there or listed.get(name) != digest_file(there[name])
    ]
    if changed or not listed:
        raise PublishingError(
            f"{named} isn't as it was packed.",
            offenders=changed or [f"{SUMS} is missing"],
            expected=f"the files whose SHA-256 are in its {SUMS}",
            remedy="download it again from where it was published",
        )


def split_withheld(
    release: Path, published: Claims, moved: Iterable[ClaimChange]
) -> tuple[int, tuple[ClaimChange, ...]]:
    """Return how many claims can only be compared, and which of the others differ.

    Parameters
    ----------
    release : Path
        The folder of the release.
    published : Claims
        Its claims.
    moved : iterable of ClaimChange
        The claims that differ when rebuilt from the rows that are there.

    Raises
    ------
    PublishingError
        When a claim that can only be compared isn't that of its executed notebook.
    """
    consent = read_manifest(release)["consent"]
    withheld = {group for group, given in consent.items() if given not in CONSENT_TO_SHOW}
    reports = {report for report, _ in published if _counts_withheld(report, published, withheld)}
    compared = {
        name for name in published if name[0] in reports or NOT_IN_TABLES.fullmatch(name[1])
    }
    require_as_executed(release, published, compared)
    rest = [
        each
        for each in moved
        if (each.report, each.claim) not in compared and each.report not in reports
    ]
    return len(compared), tuple(rest)


def _counts_withheld(report: str, published: Claims, withheld: set[str]) -> bool:
    counted = published.get((report, f"{report}.groups"), {})
    groups = set(counted.get("focus_groups", ()))
    return bool(WHOLE_STUDY.fullmatch(report)) or not groups or bool(groups & withheld)


def require_as_executed(release: Path, published: Claims, names: Iterable[Name]) -> None:
    """Refuse claims that differ from those that their executed notebook made.

    Parameters
    ----------
    release : Path
        The folder of the release.
    published : Claims
        Its claims.
    names : iterable of (str, str)
        Which of them are compared, by report and id.
    """
    by_report: dict[str, list[Name]] = {}
    for name in names:
        by_report.setdefault(name[0], []).append(name)
    offenders = []
    for report, listed in by_report.items():
        made = {
            claim["id"]: claim
            for claim in collect_claims(read_notebook(release / f"{report}.ipynb"))
        }
        offenders += [
            name[1] for name in listed if not says_same(published[name], made.get(name[1]))
        ]
    if offenders:
        raise PublishingError(
            "Published numbers aren't those of their executed notebooks.",
            offenders=sorted(offenders),
            expected="the same number in the file of claims and in the notebook",
            remedy="get the release again from where it was published",
        )
