"""What cleaning did to a place's tables, for a person to read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import ClaimError, PlaceError, closest
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.root import find_root
from analysis.synthesis.claims import SEGMENTS
from analysis.synthesis.corpus_parts import read_focus_groups
from analysis.synthesis.markup import Row, element, table, term
from analysis.tables.build_folder import build_folder
from analysis.tables.cleaning import (
    CLEANED_TEXTS,
    DUPLICATE,
    LEAD_IN,
    NO_CONSENT,
    WITHDRAWN,
    CleanedTables,
    clean,
    write_cleaned,
)
from analysis.tables.parting import read_part, without_numbers
from analysis.tables.placing import places_to_clean, tables_of_place
from analysis.tables.received import ReceivedTables, read_received
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from analysis.synthesis.claims import Claim, Fragment, Ledger

CHANGES = "changes"
REASONS = {
    "lead_ins": LEAD_IN,
    "duplicates": DUPLICATE,
    "no_consent": NO_CONSENT,
    "withdrawn": WITHDRAWN,
}


@dataclass(frozen=True)
class PlaceCleaning:
    """The tables of a place before and after cleaning.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    place : str
        A region or a continent.
    received : ReceivedTables
        The tables as received.
    cleaned : CleanedTables
        The tables as cleaned.
    """

    study: OpenedStudy
    place: str
    received: ReceivedTables
    cleaned: CleanedTables

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.study.places.name(self.place)

    @property
    def addresses(self) -> dict[str, str]:
        """Where each segment kept stands: in the report of the place."""
        kept = self.cleaned.segments["segment"]
        return {segment: f"{self.place}.html#segment-{segment}" for segment in kept}


def clean_place(study: str, place: str) -> PlaceCleaning:
    """Return the tables of a place before and after cleaning.

    Parameters
    ----------
    study : str
        The study.
    place : str
        A region or a continent, by code or name.

    Raises
    ------
    StudyError
        When there is no such study.
    PlaceError
        When the place is unknown, or no focus group that may be counted is at home in it.
    TableError
        When a table cannot be read.
    """
    opened = open_study(find_root(), study)
    place = opened.places.resolve(place)
    received = _tables_to_clean(opened, place)
    steps = steps_of_cleaning(read_spelling(opened.spelling_path))
    return PlaceCleaning(opened, place, received, clean(received, steps))


def _tables_to_clean(opened: OpenedStudy, place: str) -> ReceivedTables:
    """Return the tables of a place: in a build its part, elsewhere its rows of whole tables."""
    build = build_folder(opened.root, opened.settings.name)
    if build is not None and build.received(place).is_dir():
        return without_numbers(read_part(opened, build, place))
    _require_to_clean(opened, place)
    return tables_of_place(read_received(opened.folder), place, opened.places)


def _require_to_clean(opened: OpenedStudy, place: str) -> None:
    groups = read_focus_groups(opened)
    cleaned = places_to_clean(groups, opened.places, opened.settings.continents)
    if place not in cleaned:
        raise PlaceError(
            f"No focus group of {opened.settings.name} that may be counted is at home in this "
            "place.",
            offenders=[f"{place}{closest(place, cleaned)}"],
            expected=", ".join(cleaned),
            remedy="choose among these, or add submissions of the place to the study",
        )


def show_balance(cleaning: PlaceCleaning, ledger: Ledger) -> Fragment:
    """Return the table that balances rows in against rows out and rows set aside.

    Parameters
    ----------
    cleaning : PlaceCleaning
        The tables before and after.
    ledger : Ledger
        The claims of the report.

    Raises
    ------
    ClaimError
        When a segment is lost or made up.
    """
    received = cleaning.received.segments
    kept, set_aside = cleaning.cleaned.segments, cleaning.cleaned.set_aside
    _require_balance(cleaning.place, received["segment"], [*kept["segment"], *set_aside["segment"]])
    rows = [
        _balance_row(ledger, "received", "Segments received", received),
        _balance_row(ledger, "kept", "Segments kept", kept),
        *(
            _balance_row(ledger, f"set_aside.{name}", f"Set aside, {reason}", segments)
            for name, reason in REASONS.items()
            if len(segments := set_aside[set_aside["reason"] == reason])
        ),
    ]
    caption = f"Segments of {cleaning.name} before and after cleaning"
    return ledger.show(table("balance", caption, ["Segments", "Number"], rows))


def _require_balance(place: str, received: Iterable[str], told: Iterable[str]) -> None:
    times, times_told = Counter(received), Counter(told)
    offenders = [
        f"{segment}: received {times[segment]} times, told of {times_told[segment]} times"
        for segment in sorted({*times, *times_told})
        if times[segment] != times_told[segment]
    ]
    if offenders:
        raise ClaimError(
            f"Cleaning of {place} lost or made up segments.",
            offenders=offenders,
            expected="each segment received once, as kept or as set aside",
            remedy="report this as a mistake of the program",
        )


def _balance_row(ledger: Ledger, name: str, label: str, rows: pd.DataFrame) -> Row:
    claim = ledger.number(
        f"balance.{name}",
        label,
        (len(rows), SEGMENTS),
        focus_groups=rows["focus_group"],
        segments=rows["segment"],
    )
    return Row(term(label), [claim])


def show_set_aside(cleaning: PlaceCleaning, ledger: Ledger) -> Fragment:
    """Return each segment set aside, with its reason, and where a repeat lives on.

    Parameters
    ----------
    cleaning : PlaceCleaning
        The tables before and after.
    ledger : Ledger
        The claims of the report.
    """
    set_aside = cleaning.cleaned.set_aside
    named = set_aside[set_aside["reason"].isin([LEAD_IN, DUPLICATE])]
    if not len(named):
        return ledger.show(element("p", "No segment was a lead-in or a repeat."))
    rows = [
        Row(
            element("code", row["segment"]),
            [row["reason"], element("code", row["kept_as"]) if row["kept_as"] else "\u2013"],
        )
        for row in named.to_dict("records")
    ]
    caption = f"Segments of {cleaning.name} that were set aside"
    return ledger.show(table("set-aside", caption, ["Segment", "Reason", "Lives on as"], rows))


def show_changes(cleaning: PlaceCleaning, ledger: Ledger) -> Fragment:
    """Return the log of what cleaning changed in the words, step by step.

    Parameters
    ----------
    cleaning : PlaceCleaning
        The tables before and after.
    ledger : Ledger
        The claims of the report.
    """
    log = cleaning.cleaned.log
    if not len(log):
        return ledger.show(element("p", "Nothing had to be changed."))
    rows = []
    for number, (names, changes) in enumerate(log.groupby(["step", "change"]), start=1):
        step, change = map(str, names)
        claim = _claim_changes(ledger, f"changed.{number}", f"{step}, {change}", changes)
        rows.append(Row(step, [element("code", change), claim]))
    caption = f"What cleaning changed in the words of {cleaning.name}"
    return ledger.show(table("changes", caption, ["Step", "Change", "Times"], rows))


def _claim_changes(ledger: Ledger, name: str, label: str, log: pd.DataFrame) -> Claim:
    """Claim how often a step made a change; it rests on the items in whose words it did."""
    items = {table: log.loc[log["table"] == table, "item"] for table in CLEANED_TEXTS}
    return ledger.number(
        name,
        f"Changes by cleaning: {label}",
        (int(log["times"].sum()), CHANGES),
        focus_groups=items["focus_groups"],
        segments=items["segments"],
    )


def keep_cleaned(cleaning: PlaceCleaning) -> str:
    """Leave the cleaned tables to the next steps of a build, and say whether this is one.

    Parameters
    ----------
    cleaning : PlaceCleaning
        The tables before and after.
    """
    build = build_folder(cleaning.study.root, cleaning.study.settings.name)
    if build is None:
        return "Not part of a build: the next notebooks clean the tables themselves."
    write_cleaned(cleaning.cleaned, build.cleaned(cleaning.place))
    return "The cleaned tables are kept for the next steps of this build."
