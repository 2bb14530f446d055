"""The numbers of a release that can't be recomputed, because their tables are withheld.

Of private tables a zip has the rows that consent lets be shown. A report that counts a focus group
whose rows are withheld can't be rebuilt from these; its numbers are compared with its notebook.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.claim_diff import are_same
from analysis.publishing.manifest import read_manifest
from analysis.publishing.notebook_files import read_notebook
from analysis.publishing.report import collect_claims
from analysis.tables.focus_groups import CONSENT_TO_SHOW

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.publishing.claim_diff import Claims, Name

WHOLE_STUDY = re.compile(r"coverage|.*-cleaning")
"""Reports that count what no report on a place counts: who coded, what was set aside."""

NOT_IN_TABLES = re.compile(
    r"[^.]+\.((group\.)?(participants|kinds|finding)|counter_voices"
    r"|accounted\.(received|personal_data))(\..+)?"
)
"""Claims about participants, findings, and segments that a review set aside: no zip has these."""


def withheld_names(release: Path, published: Claims, names: Iterable[Name]) -> set[Name]:
    """Return which claims, of a release or of one rebuilt, can't be recomputed from its rows."""
    consent = read_manifest(release).get("consent", {})
    withheld = {group for group, given in consent.items() if given not in CONSENT_TO_SHOW}
    rebuilt = {
        report
        for report in {report for report, _ in published}
        if not WHOLE_STUDY.fullmatch(report)
        and (groups := published.get((report, f"{report}.groups"), {}).get("focus_groups"))
        and withheld.isdisjoint(groups)
    }
    return {name for name in names if name[0] not in rebuilt or NOT_IN_TABLES.fullmatch(name[1])}


def require_as_executed(release: Path, published: Claims, names: Iterable[Name]) -> None:
    """Refuse published claims, those named, that differ from those in their executed notebooks."""
    made = {
        (report, claim["id"]): claim
        for report in {report for report, _ in names}
        for claim in collect_claims(read_notebook(release / f"{report}.ipynb"))
    }
    offenders = [name[1] for name in names if not are_same(published[name], made.get(name))]
    if offenders:
        raise PublishingError(
            "Published numbers aren't those of their executed notebooks.",
            offenders=sorted(offenders),
            expected="the same number in the file of claims and in the notebook",
            remedy="get the release again from where it was published",
        )
