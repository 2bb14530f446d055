"""Participants of what is carried over: all reports of a release show the same state of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError
from analysis.publishing.claim_diff import ENDING, SAID, read_claim_file
from analysis.publishing.manifest import read_reports
from analysis.synthesis.claims import Ledger
from analysis.synthesis.participants import claim_group, claim_kinds, claim_total
from analysis.tables.focus_groups import COLUMNS, PLACES
from analysis.tables.participants import counted_groups, kinds_of
from analysis.tables.placing import lies_in
from analysis.tables.received import read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from analysis.publishing.manifest import ReportRecord
    from analysis.study.opened_study import OpenedStudy
    from analysis.study.settings import NumbersOfPeople
    from analysis.synthesis.claims import Claim

# The claims about participants, by their ids without the place.
OF_GROUP = "group.participants."
_OF_PARTICIPANTS = re.compile(r"(heard\.|group\.)?(participants|kinds)(\..+)?")


def require_participants(release: Path, made: Container[str], opened: OpenedStudy) -> None:
    """Refuse to carry over reports that would show other participants now.

    Parameters
    ----------
    release : Path
        The folder of the last release.
    made : container of str
        The reports that are built again.
    opened : OpenedStudy
        The study.

    Raises
    ------
    PublishingError
        When a report that is not built again would show another number of people, or another number
        of focus groups with a kind of participants.
    """
    carried = [
        report
        for report in read_reports(release)
        if report.name not in made and report.place in ("", report.name)
    ]
    if not carried:
        return
    received = read_table(table_path(opened.folder, "focus_groups"), COLUMNS)
    groups = counted_groups(opened, received)
    offenders = [
        f"{report.name}: its participants have changed"
        for report in carried
        if _has_changed(release / f"{report.name}{ENDING}", _claims_now(report, groups, opened))
    ]
    if offenders:
        raise PublishingError(
            "Reports that are not built again show other participants than the study has now.",
            offenders=offenders,
            expected="that all reports of a release show the same participants",
            why="Numbers of people of two states could be subtracted from each other.",
            remedy=f"build the whole study: compendium build {release.name}, without --place",
        )


def _has_changed(path: Path, now: Mapping[str, list[Any]]) -> bool:
    then = {
        claim["id"]: [claim.get(key) for key in SAID]
        for claim in (read_claim_file(path) if path.is_file() else ())
        if _OF_PARTICIPANTS.fullmatch(claim["id"].partition(".")[2])
    }
    if not then:
        return False
    # A page may list some of its focus groups only.
    compared = {name for name in now if name in then or f".{OF_GROUP}" not in name}
    return any(then.get(name) != now.get(name) for name in compared | then.keys())


def _claims_now(
    report: ReportRecord, groups: pd.DataFrame, opened: OpenedStudy
) -> dict[str, list[Any]]:
    """Return what a report would claim about participants now, by the ids of the claims."""
    rule = opened.settings.publication.participants
    if report.place:
        here = groups[groups[PLACES].map(lambda at: lies_in(at, report.place, opened.places))]
        claims = _claims_of_place(Ledger(report.place), here, rule)
    else:
        claims = _claims_of_study(Ledger("study"), groups, rule)
    told = {claim.id: claim.record() for claim in claims if claim}
    return {name: [record.get(key) for key in SAID] for name, record in told.items()}


def _claims_of_place(
    ledger: Ledger, groups: pd.DataFrame, rule: NumbersOfPeople
) -> Iterator[Claim | None]:
    yield from claim_total(ledger, "participants", "", groups, rule) or ()
    yield from claim_kinds(ledger, "kinds.{}", "", kinds_of(groups), groups)
    for at in range(len(groups)):
        yield claim_group(ledger, groups.iloc[[at]], rule)


def _claims_of_study(
    ledger: Ledger, groups: pd.DataFrame, rule: NumbersOfPeople
) -> Iterator[Claim | None]:
    kinds = kinds_of(groups)
    for home, at_home in [*groups.groupby("home"), ("all", groups)]:
        yield from claim_total(ledger, f"heard.participants.{home}", "", at_home, rule) or ()
        yield from claim_kinds(ledger, f"heard.kinds.{{}}.{home}", "", kinds, at_home)
