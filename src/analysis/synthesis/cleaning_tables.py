"""What cleaning did to a place's tables, for a person to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import ClaimError
from analysis.synthesis.claims import SEGMENTS
from analysis.synthesis.listing import MOST_LISTED
from analysis.synthesis.markup import Row, element, table, term
from analysis.tables.cleaning import DUPLICATE, LEAD_IN, NO_CONSENT, WITHDRAWN
from analysis.tables.numbering import split_rows

if TYPE_CHECKING:
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.cleaning_report import PlaceCleaning
    from analysis.tables.numbering import IntArray

CHANGES = "changes"
REASONS = {
    "lead_ins": LEAD_IN,
    "duplicates": DUPLICATE,
    "no_consent": NO_CONSENT,
    "withdrawn": WITHDRAWN,
}


def show_balance(cleaning: PlaceCleaning, ledger: Ledger) -> Fragment:
    """Return the table that balances rows in against rows out and rows set aside.

    Parameters
    ----------
    cleaning : PlaceCleaning
        The cleaning of the place.
    ledger : Ledger
        The claims of the report.

    Raises
    ------
    ClaimError
        When a segment is lost or made up.
    """
    kept, set_aside = cleaning.cleaned.segments, cleaning.cleaned.set_aside
    _require_balance(
        cleaning.place,
        cleaning.received["segment"],
        pd.concat([kept["segment"], set_aside["segment"]]),
    )
    parts = [
        ("received", "Segments received", cleaning.received),
        ("kept", "Segments kept", kept),
        *(
            (f"set_aside.{name}", f"Set aside, {reason}", segments)
            for name, reason in REASONS.items()
            if len(segments := set_aside[set_aside["reason"] == reason])
        ),
    ]
    rows = [
        Row(term(label), [_claim_segments(cleaning, ledger, f"balance.{name}", label, segments)])
        for name, label, segments in parts
    ]
    caption = f"Segments of {cleaning.name} before and after cleaning"
    return ledger.show(table("balance", caption, ["Segments", "Number"], rows))


def _require_balance(place: str, received: pd.Series, told: pd.Series) -> None:
    numbers, names = pd.factorize(pd.concat([received, told]))
    times, times_told = (
        np.bincount(part, minlength=len(names)) for part in np.split(numbers, [len(received)])
    )
    offenders = [
        f"{names[at]}: received {times[at]} times, told of {times_told[at]} times"
        for at in np.flatnonzero(times != times_told)
    ]
    if offenders:
        raise ClaimError(
            f"Cleaning of {place} lost or made up segments.",
            offenders=sorted(offenders),
            expected="each segment received once, as kept or as set aside",
            remedy="report this as a mistake of the program",
        )


def _claim_segments(
    cleaning: PlaceCleaning, ledger: Ledger, name: str, label: str, rows: pd.DataFrame
) -> Claim:
    return ledger.number(
        name,
        label,
        (len(rows), SEGMENTS),
        focus_groups=rows["focus_group"].unique(),
        segments=cleaning.names(cleaning.rows_of(rows["segment"])),
    )


def show_set_aside(cleaning: PlaceCleaning, ledger: Ledger) -> Fragment:
    """Return each segment set aside, with its reason, and where a repeat lives on.

    Of very many, the first are shown, with how many there are and where the others are named.

    Parameters
    ----------
    cleaning : PlaceCleaning
        The cleaning of the place.
    ledger : Ledger
        The claims of the report.
    """
    set_aside = cleaning.cleaned.set_aside
    named = set_aside[set_aside["reason"].isin([LEAD_IN, DUPLICATE])]
    if not len(named):
        return ledger.show(element("p", "No segment was a lead-in or a repeat."))
    listed = named.head(MOST_LISTED)
    rows = [
        Row(
            element("code", row["segment"]),
            [row["reason"], element("code", row["kept_as"]) if row["kept_as"] else "\u2013"],
        )
        for row in listed.to_dict("records")
    ]
    caption = f"Segments of {cleaning.name} that were set aside"
    return ledger.show(
        *([_tell_listed(cleaning, ledger, listed, of=named)] if len(listed) < len(named) else []),
        table("set-aside", caption, ["Segment", "Reason", "Lives on as"], rows),
    )


def _tell_listed(
    cleaning: PlaceCleaning, ledger: Ledger, listed: pd.DataFrame, *, of: pd.DataFrame
) -> Markup:
    """Say that a table does not list all, and where all are named."""
    shown, whole = (
        _claim_segments(cleaning, ledger, f"{kind}.set_aside", f"Lead-ins and repeats {told}", rows)
        for kind, told, rows in (("listed", "listed", listed), ("in_all", "in all", of))
    )
    return element(
        "p",
        "Listed here are the first ",
        shown,
        " of ",
        whole,
        ", in the order in which they were received. The evidence of these numbers names every one,"
        " and a repeat lives on as the first segment of the same words in its cell. The cleaned "
        "tables of a build keep the whole list.",
    )


def show_changes(cleaning: PlaceCleaning, ledger: Ledger) -> Fragment:
    """Return the log of what cleaning changed in the words, step by step.

    Of very many kinds of changes, the first are told one by one, and all others as one.

    Parameters
    ----------
    cleaning : PlaceCleaning
        The cleaning of the place.
    ledger : Ledger
        The claims of the report.
    """
    log = cleaning.cleaned.log
    if not len(log):
        return ledger.show(element("p", "Nothing had to be changed."))
    kinds = np.asarray(log.groupby(["step", "change"]).ngroup(), dtype=np.int64)
    parted = split_rows(kinds, kinds.max() + 1)
    told = log[["step", "change"]].iloc[[rows[0] for rows in parted]].itertuples(index=False)
    claims = _Changes(cleaning, ledger)
    rows = [
        Row(step, [element("code", change), claims.of(str(number), f"{step}, {change}", at)])
        for number, ((step, change), at) in enumerate(zip(told, parted, strict=True), start=1)
        if number <= MOST_LISTED
    ]
    if len(parted) > MOST_LISTED:
        others = claims.of("others", "all others", np.flatnonzero(kinds >= MOST_LISTED))
        rows.append(Row("All others", ["told in the log of the cleaned tables", others]))
    caption = f"What cleaning changed in the words of {cleaning.name}"
    return ledger.show(table("changes", caption, ["Step", "Change", "Times"], rows))


class _Changes:
    """Claims how often changes were made; they rest on the items in whose words they were made."""

    def __init__(self, cleaning: PlaceCleaning, ledger: Ledger) -> None:
        log = cleaning.cleaned.log
        self._ledger = ledger
        self._cleaning = cleaning
        self._of_group = (log["table"] == "focus_groups").to_numpy()
        self._item = log["item"].to_numpy(dtype=object)
        self._row = cleaning.rows_of(log["item"])
        self._times = log["times"].to_numpy()

    def of(self, name: str, label: str, rows: IntArray) -> Claim:
        of_group = self._of_group[rows]
        return self._ledger.number(
            f"changed.{name}",
            f"Changes by cleaning: {label}",
            (int(self._times[rows].sum()), CHANGES),
            focus_groups=self._item[rows[of_group]],
            segments=self._cleaning.names(self._row[rows[~of_group]]),
        )
