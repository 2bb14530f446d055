"""Consent of what is carried over: no page may show more than it lets be shown now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.manifest import MANIFEST, read_manifest
from analysis.tables.focus_groups import (
    COLUMNS,
    CONSENT,
    CONSENT_TO_COUNT,
    FOCUS_GROUP,
    may_count,
)
from analysis.tables.received import read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from pathlib import Path

Consents = dict[str, str]


def read_consents(folder: Path) -> Consents:
    """Return the consent of each focus group of a study that reports may count, by its id.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When the table of focus groups cannot be read.
    """
    groups = read_table(table_path(folder, "focus_groups"), COLUMNS)
    counted = groups[may_count(groups)].sort_values(FOCUS_GROUP)
    return dict(zip(counted[FOCUS_GROUP], counted[CONSENT], strict=True))


def require_consent(release: Path, made: Container[str], now: Mapping[str, str]) -> None:
    """Refuse to carry over reports that show what consent does not let be shown any more.

    Parameters
    ----------
    release : Path
        The folder of the last release.
    made : container of str
        The reports that are made anew.
    now : mapping of str to str
        The consent of each focus group that reports may count.

    Raises
    ------
    PublishingError
        When some report is not made anew, and a focus group left or is of a stricter consent.
    """
    if not release.is_dir() or not any(release.iterdir()):
        return
    told = read_manifest(release) if (release / MANIFEST).is_file() else {}
    if told and all(report["name"] in made for report in told["reports"]):
        return
    offenders = (
        list(_stricter(told["consent"], now))
        if "consent" in told
        else ["the last release does not tell under which consent it was made"]
    )
    if offenders:
        raise PublishingError(
            "Reports that are not built anew may show what may not be shown any more.",
            offenders=offenders,
            expected="that each focus group may be shown as the last release shows it",
            remedy=f"build the whole study: compendium build {release.name}, without --place",
        )


def _stricter(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Yield the focus groups of which less may be shown than in the last release."""
    for group, consent in then.items():
        if group not in now:
            yield f"{group} may not be counted any more"
        elif CONSENT_TO_COUNT.index(now[group]) > CONSENT_TO_COUNT.index(consent):
            yield f"{group} is {now[group]}, and was {consent}"
