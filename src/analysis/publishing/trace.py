"""From a number in a report to the segments that support it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import ClaimError, closest
from analysis.publishing.claim_files import ENDING, EVIDENCE_ENDING, read_claim_file
from analysis.publishing.manifest import read_manifest, require_as_built
from analysis.study.digests import digest_file, published_digest
from analysis.study.journal import complete_change
from analysis.study.root import require_study
from analysis.study.settings import read_study
from analysis.tables import segments
from analysis.tables.focus_groups import has_consent, is_withdrawn, may_show
from analysis.tables.received import COLUMNS, read_table, table_paths

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

WITHHELD = "(withheld: consent is for counts only)"
NO_CONSENT = "(withheld: no consent)"
WITHDRAWN = "(withheld: the focus group was withdrawn)"
GONE = "(no longer in the tables of the study)"
SET_ASIDE = "(set aside to protect people)"


@dataclass(frozen=True)
class TracedSegment:
    """One segment that supports a claim.

    Parameters
    ----------
    segment : str
        Its id.
    focus_group : str
        Its focus group; ``""`` where the tables no longer have it.
    where : str
        Its place in its source; ``""`` likewise.
    text : str
        Its words as received, or why there are none.
    """

    segment: str
    focus_group: str
    where: str
    text: str


@dataclass(frozen=True)
class Trace:
    """A claim with its evidence.

    Parameters
    ----------
    study : str
        The study.
    report : str
        The report that makes the claim.
    claim : mapping
        The claim as published.
    segments : tuple of TracedSegment
        The segments that support it, in the claim's order.
    changed_tables : tuple of str
        The tables that have changed since the release: words may differ from those it rests on.
    """

    study: str
    report: str
    claim: Mapping[str, Any]
    segments: tuple[TracedSegment, ...]
    changed_tables: tuple[str, ...]


def trace_claim(root: Path, identifier: str, *, study: str = "") -> list[Trace]:
    """Return a claim of the published reports with the segments that support it.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``reports/``.
    identifier : str
        The id of the claim, as in the address of its evidence.
    study : str, optional
        The study; all are looked through without it.

    Returns
    -------
    list of Trace
        One for each report that makes it: several studies may use the same id.

    Raises
    ------
    ClaimError
        When no published report makes such a claim, with the closest id.
    PublishingError
        When the claims of a report cannot be read, or are not those of its release.
    StudyError
        When the study does not exist, or its settings or its key cannot be read.
    TableError
        When the tables of the study cannot be read.
    """
    if study:
        require_study(root / "data", study)
    identifier = identifier.removeprefix("#")
    known: list[str] = []
    traces = []
    for path in sorted((root / "reports").glob(f"{study or '[!.]*'}/*{ENDING}")):
        for claim in read_claim_file(path):
            known.append(claim["id"])
            if claim["id"] == identifier:
                require_as_built(path.parent, (ENDING, EVIDENCE_ENDING))
                traces.append(_trace(root, path, claim))
    if not traces:
        raise ClaimError(
            f"No published report makes the claim {identifier}{closest(identifier, known)}.",
            expected="an id as in the address of the evidence: place.section.rest",
            remedy="open the report and click the number, or build the reports first",
        )
    return traces


def _changed_tables(root: Path, release: Path) -> tuple[str, ...]:
    """Return the tables behind traces that are not those of the release."""
    inputs = read_manifest(release)["inputs"]
    folder = root / "data" / release.name
    settings, paths = read_study(folder), table_paths(folder)
    return tuple(
        path.name
        for path in (paths["focus_groups"], paths["segments"])
        if inputs.get(path.relative_to(root).as_posix())
        != published_digest(settings, folder, digest_file(path))
    )


def _trace(root: Path, path: Path, claim: Mapping[str, Any]) -> Trace:
    study = path.parent.name
    found = _find_segments(root / "data" / study, set(claim["segments"]))
    return Trace(
        study=study,
        report=path.name.removesuffix(ENDING),
        claim=claim,
        segments=tuple(
            found.get(segment) or TracedSegment(segment, "", "", GONE)
            for segment in claim["segments"]
        ),
        changed_tables=_changed_tables(root, path.parent),
    )


def _find_segments(folder: Path, wanted: Collection[str]) -> dict[str, TracedSegment]:
    """Return segments of a study, by id."""
    complete_change(folder)
    paths = table_paths(folder)
    groups = read_table(paths["focus_groups"], COLUMNS["focus_groups"])
    reasons = dict(zip(groups["focus_group"], _reasons(groups), strict=True))
    texts = read_table(paths["segments"], COLUMNS["segments"])
    rows = texts[texts["segment"].isin(wanted)].to_dict("records")
    return {row["segment"]: _trace_segment(row, reasons) for row in rows}


def _reasons(groups: pd.DataFrame) -> pd.Series:
    """Return why the words of each focus group are withheld; empty where they are shown."""
    reasons = pd.Series(WITHHELD, index=groups.index, dtype="str").mask(may_show(groups), "")
    reasons = reasons.mask(~has_consent(groups), NO_CONSENT)
    return reasons.mask(is_withdrawn(groups), WITHDRAWN)


def _trace_segment(row: Mapping[Any, Any], reasons: Mapping[str, str]) -> TracedSegment:
    return TracedSegment(
        segment=row["segment"],
        focus_group=row["focus_group"],
        where=f"{row['section']}, {row['question']} {row['position']}",
        text=reasons.get(row["focus_group"], NO_CONSENT)
        or (SET_ASIDE if row["role"] == segments.SET_ASIDE else row["text"]),
    )
