"""The reports that a build of some places keeps from the last release, or refuses to keep.

No page may show more than consent lets be shown now, and all show the same state of participants.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError
from analysis.publishing.claim_files import ENDING, read_claim_file
from analysis.publishing.manifest import MANIFEST, read_manifest, read_reports
from analysis.tables.focus_groups import (
    COLUMNS,
    CONSENT,
    CONSENT_TO_COUNT,
    FOCUS_GROUP,
    PLACES,
    may_count,
)
from analysis.tables.participants import (
    count_people,
    counted_groups,
    kinds_of,
    report_kinds,
    show_people,
    total_people,
)
from analysis.tables.placing import lies_in
from analysis.tables.received import read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from pathlib import Path
    from typing import TypeAlias

    import pandas as pd

    from analysis.publishing.manifest import ReportRecord
    from analysis.study.opened_study import OpenedStudy
    from analysis.study.settings import NumbersOfPeople

Consents = dict[str, str]
# The value of a claim, its denominator, and the words in place of a value.
Said: TypeAlias = "tuple[float | None, int | None, str]"

OF_GROUP = "group.participants."
OF_PARTICIPANTS = re.compile(r"(heard\.|group\.)?(participants|kinds)(\..+)?")
REBUILD = "build the whole study: compendium build {}, without --place"


def read_consents(folder: Path) -> Consents:
    """Return the consent of each focus group of a study that reports may count, by its id."""
    groups = read_table(table_path(folder, "focus_groups"), COLUMNS)
    counted = groups[may_count(groups)].sort_values(FOCUS_GROUP)
    return dict(zip(counted[FOCUS_GROUP], counted[CONSENT], strict=True))


def require_consent(release: Path, made: Container[str], now: Mapping[str, str]) -> None:
    """Refuse to carry over reports that show more than consent allows now."""
    if not release.is_dir() or not any(release.iterdir()):
        return
    then = read_manifest(release) if (release / MANIFEST).is_file() else {}
    if then and all(report["name"] in made for report in then["reports"]):
        return
    offenders = (
        list(_stricter(then["consent"], now))
        if "consent" in then
        else ["the last release does not state under which consent it was built"]
    )
    if offenders:
        raise PublishingError(
            "Reports that are not built again may show what consent no longer allows.",
            offenders=offenders,
            expected="that each focus group may be shown as the last release shows it",
            remedy=REBUILD.format(release.name),
        )


def _stricter(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Yield the focus groups of which less may be shown than in the last release."""
    for group, consent in then.items():
        if group not in now:
            yield f"{group} may not be counted any more"
        elif CONSENT_TO_COUNT.index(now[group]) > CONSENT_TO_COUNT.index(consent):
            yield f"{group} is {now[group]}, and was {consent}"


def require_participants(release: Path, made: Container[str], opened: OpenedStudy) -> None:
    """Refuse to carry over reports that would show other participants now."""
    carried = [
        report
        for report in read_reports(release)
        if report.name not in made and report.place in ("", report.name)
    ]
    if not carried:
        return
    groups = counted_groups(opened, read_table(table_path(opened.folder, "focus_groups"), COLUMNS))
    offenders = [
        f"{report.name}: its participants have changed"
        for report in carried
        if _has_changed(release / f"{report.name}{ENDING}", dict(_said_now(report, groups, opened)))
    ]
    if offenders:
        raise PublishingError(
            "Reports that are not built again show other participants than the study has now.",
            offenders=offenders,
            expected="that all reports of a release show the same participants",
            why="Numbers of people of two states could be subtracted from each other.",
            remedy=REBUILD.format(release.name),
        )


def _has_changed(path: Path, now: Mapping[str, Said]) -> bool:
    then = {
        name: _said(claim)
        for claim in (read_claim_file(path) if path.is_file() else ())
        if OF_PARTICIPANTS.fullmatch(name := claim["id"].partition(".")[2])
    }
    if not then:
        return False
    # A page may list some of its focus groups only.
    compared = {name for name in now if name in then or not name.startswith(OF_GROUP)}
    return any(then.get(name) != now.get(name) for name in compared | then.keys())


def _said(claim: Mapping[str, Any]) -> Said:
    return claim.get("value"), claim.get("denominator"), claim.get("shown_as", "")


def _said_now(
    report: ReportRecord, groups: pd.DataFrame, opened: OpenedStudy
) -> Iterator[tuple[str, Said]]:
    """Yield what a report would claim about participants now, by ids without their place."""
    rule = opened.settings.numbers_of_people
    if not report.place:
        for home, at_home in [*groups.groupby("home"), ("all", groups)]:
            yield from _said_of_total(f"heard.participants.{home}", at_home, rule)
            yield from _said_of_kinds(f"heard.kinds.{{}}.{home}", at_home, groups)
        return
    here = groups[groups[PLACES].map(lambda at: lies_in(at, report.place, opened.places))]
    yield from _said_of_total("participants", here, rule)
    yield from _said_of_kinds("kinds.{}", here, here)
    if rule != "none":
        for name, people in zip(here[FOCUS_GROUP], count_people(here), strict=True):
            value, words = show_people(people, rule)
            yield f"{OF_GROUP}{name}", (value, None, words)


def _said_of_total(
    name: str, groups: pd.DataFrame, rule: NumbersOfPeople
) -> Iterator[tuple[str, Said]]:
    if rule != "none":
        total = total_people(groups, rule)
        yield name, (total.shown.value, None, total.shown.words)
        for reason, left_out in total.left_out.items():
            yield f"{name}.{reason}", (len(left_out), None, "")


def _said_of_kinds(
    name: str, groups: pd.DataFrame, everywhere: pd.DataFrame
) -> Iterator[tuple[str, Said]]:
    reporting = groups[report_kinds(groups)]
    for kind in kinds_of(everywhere):
        with_kind = reporting[FOCUS_GROUP].isin(kind.focus_groups).sum()
        yield name.format(kind.slug), (int(with_kind), len(reporting), "")
