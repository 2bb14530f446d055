"""What cleaning did to a place's tables, for a person to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import ClaimError
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.root import find_root
from analysis.synthesis.claims import SEGMENTS
from analysis.synthesis.markup import Row, element, table, term
from analysis.tables.build_folder import build_folder
from analysis.tables.cleaning import DUPLICATE, LEAD_IN, CleanedTables, clean, write_cleaned
from analysis.tables.placing import tables_of_place
from analysis.tables.received import ReceivedTables, read_received
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    import pandas as pd

    from analysis.synthesis.claims import Fragment, Ledger

CHANGES = "changes"


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
        When the place is unknown.
    TableError
        When a table cannot be read.
    """
    opened = open_study(find_root(), study)
    place = opened.places.resolve(place)
    received = tables_of_place(read_received(opened.folder), place, opened.places)
    steps = steps_of_cleaning(read_spelling(opened.spelling_path))
    return PlaceCleaning(opened, place, received, clean(received, steps))


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
    if sorted(received["segment"]) != sorted([*kept["segment"], *set_aside["segment"]]):
        raise ClaimError(f"Cleaning of {cleaning.place} lost or made up segments.")
    rows = [
        _balance_row(ledger, "received", "Segments received", received),
        _balance_row(ledger, "kept", "Segments kept", kept),
        *(
            _balance_row(ledger, f"set_aside.{number}", f"Set aside, {reason}", segments)
            for number, (reason, segments) in enumerate(set_aside.groupby("reason"), start=1)
        ),
    ]
    caption = f"Segments of {cleaning.name} before and after cleaning"
    return ledger.show(table("balance", caption, ["Segments", "Number"], rows))


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
        return ledger.show(element("p", "No segment had to be set aside."))
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
    summed = log.groupby(["step", "change"], as_index=False).agg(
        times=("times", "sum"), items=("item", list)
    )
    rows = [
        Row(
            row["step"],
            [
                element("code", row["change"]),
                ledger.number(
                    f"changed.{number}",
                    f"Changes by cleaning: {row['step']}, {row['change']}",
                    (int(row["times"]), CHANGES),
                    segments=row["items"],
                ),
            ],
        )
        for number, row in enumerate(summed.to_dict("records"), start=1)
    ]
    caption = f"What cleaning changed in the words of {cleaning.name}"
    return ledger.show(table("changes", caption, ["Step", "Change", "Times"], rows))


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
