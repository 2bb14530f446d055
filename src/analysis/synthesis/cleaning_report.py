"""The cleaning of a place: what it changed and set aside, and the tables kept for later steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import ClaimError
from analysis.study.language import to_translate, translate
from analysis.study.opened_study import OpenedStudy, open_for_reports
from analysis.study.root import find_root
from analysis.synthesis.claims import SEGMENTS, evidence_of
from analysis.synthesis.links import pages_of_segments
from analysis.synthesis.listing import MOST_LISTED
from analysis.synthesis.markup import Row, element, say, table, term
from analysis.tables.build_folder import build_folder
from analysis.tables.cleaning import (
    DUPLICATE,
    LEAD_IN,
    MERGED,
    NO_CONSENT,
    PERSONAL_DATA,
    WITHDRAWN,
    CleanedTables,
    clean,
    received_of_place,
    write_cleaned,
)
from analysis.tables.code_applications import without_none
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.tables.build_folder import BuildFolder

CHANGES = "changes"
# What became of segments and of code applications.
SEGMENT_PARTS = {
    "received": to_translate("Passages received"),
    "kept": to_translate("Passages kept"),
    "set_aside": to_translate("Passages set aside, {reason}"),
}
CODING_PARTS = {
    "received": to_translate("Code applications received"),
    "kept": to_translate("Code applications kept"),
    "set_aside": to_translate("Code applications set aside, {reason}"),
}
REASONS = {
    "lead_ins": LEAD_IN,
    "duplicates": DUPLICATE,
    "personal_data": PERSONAL_DATA,
    "no_consent": NO_CONSENT,
    "withdrawn": WITHDRAWN,
}
CODINGS = "code applications"
REASONS_OF_CODINGS = {"merged": MERGED} | {
    name: reason for name, reason in REASONS.items() if reason != DUPLICATE
}


@dataclass(frozen=True, eq=False)
class PlaceCleaning:
    """What was received of a place, and its tables as cleaned.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    place : str
        A region or a continent.
    received : DataFrame
        The segments received, without their words: ``segment, focus_group``.
    codings : DataFrame
        The code applications received: ``segment, code, coder``.
    cleaned : CleanedTables
        The tables as cleaned.
    """

    study: OpenedStudy
    place: str
    received: pd.DataFrame
    codings: pd.DataFrame
    cleaned: CleanedTables

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.study.places.name(self.place)

    @property
    def build(self) -> BuildFolder | None:
        """The build that this is part of, if any."""
        return build_folder(self.study)

    @cached_property
    def _pages(self) -> dict[str, str]:
        kept = self.cleaned.segments
        pages = pages_of_segments(self.build, self.place, kept)
        return dict(zip(kept["segment"], pages, strict=True))

    def address_of(self, segment: str) -> str:
        """Return the address of a segment kept on the page that shows it."""
        page = self._pages.get(segment)
        return f"{page}.html#segment-{segment}" if page else ""


def open_cleaning(study: str, place: str) -> PlaceCleaning:
    """Return the cleaning of the tables of a place.

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
    opened = open_for_reports(find_root(), study)
    place = opened.places.resolve(place)
    received = received_of_place(opened, place)
    steps = steps_of_cleaning(read_spelling(opened.spelling_path))
    named = received.segments[["segment", "focus_group"]]
    cleaned = clean(received, steps, repeats=opened.settings.repeats)
    return PlaceCleaning(opened, place, named, received.code_applications, cleaned)


def keep_cleaned(cleaning: PlaceCleaning) -> str:
    """Write the cleaned tables for the next steps of a build, and say whether this is one."""
    if cleaning.build is None:
        return translate("Not part of a build: the next notebooks clean the tables themselves.")
    write_cleaned(cleaning.cleaned, cleaning.build, cleaning.place)
    return translate("The cleaned tables are kept for the next steps of this build.")


def show_balance(cleaning: PlaceCleaning, ledger: Ledger) -> Fragment:
    """Return the tables of segments and of code applications received, kept and set aside.

    Raises
    ------
    ClaimError
        When a segment or a code application is lost or made up.
    """
    kept, set_aside = cleaning.cleaned.segments, cleaning.cleaned.set_aside
    _require_balance(
        cleaning.place,
        cleaning.received["segment"],
        pd.concat([kept["segment"], set_aside["segment"]]),
    )
    tables = (cleaning.received, kept, set_aside)
    rows = [
        Row(term(label), [_claim_segments(ledger, f"balance.{name}", label, segments)])
        for name, label, segments in _parts(SEGMENT_PARTS, REASONS, tables)
    ]
    caption = translate("Passages of {place} before and after cleaning", place=cleaning.name)
    columns = [translate("Passages"), translate("Number")]
    return ledger.show(table("balance", caption, columns, rows), _balance_codings(cleaning, ledger))


def _parts(
    labels: Mapping[str, str],
    reasons: Mapping[str, str],
    tables: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
) -> list[tuple[str, str, pd.DataFrame]]:
    """Return the rows received, kept, and set aside for each reason, with names and labels."""
    received, kept, set_aside = tables
    aside = [
        (f"set_aside.{name}", translate(labels["set_aside"], reason=translate(reason)), rows)
        for name, reason in reasons.items()
        if len(rows := set_aside[set_aside["reason"] == reason])
    ]
    return [
        ("received", translate(labels["received"]), received),
        ("kept", translate(labels["kept"]), kept),
        *aside,
    ]


def _balance_codings(cleaning: PlaceCleaning, ledger: Ledger) -> Markup:
    """Return the table that balances code applications before and after cleaning."""
    received, kept, set_aside = (
        without_none(each, cleaning.study.codebook.entries)
        for each in (
            cleaning.codings,
            cleaning.cleaned.code_applications,
            cleaning.cleaned.codings_set_aside,
        )
    )
    if len(received) != len(kept) + len(set_aside):
        raise ClaimError(
            f"Cleaning of {cleaning.place} lost or made up code applications.",
            offenders=[f"{len(received)} received, {len(kept)} kept, {len(set_aside)} set aside"],
            expected="each code application received once, as kept or as set aside",
            remedy="report this as a bug",
        )
    parts = _parts(CODING_PARTS, REASONS_OF_CODINGS, (received, kept, set_aside))
    groups = cleaning.received.set_index("segment")["focus_group"]
    rows = [
        Row(term(label), [_claim_codings(ledger, f"codings.{name}", label, codings, groups)])
        for name, label, codings in parts
    ]
    caption = translate(
        "Code applications of {place} before and after cleaning", place=cleaning.name
    )
    columns = [translate("Code applications"), translate("Number")]
    return table("balance-of-codings", caption, columns, rows)


def _claim_codings(
    ledger: Ledger, name: str, label: str, codings: pd.DataFrame, groups: pd.Series
) -> Claim:
    on = pd.DataFrame({"segment": codings["segment"].drop_duplicates()})
    on["focus_group"] = on["segment"].map(groups)
    return ledger.number(name, label, (len(codings), CODINGS), **evidence_of(on)._asdict())


def _require_balance(place: str, received: pd.Series, accounted: pd.Series) -> None:
    times = pd.DataFrame(
        {"received": received.value_counts(), "accounted": accounted.value_counts()}
    ).fillna(0)
    wrong = times[times["received"] != times["accounted"]].astype("int64")
    offenders = [
        f"{segment}: received {row.received} times, accounted for {row.accounted} times"
        for segment, row in zip(wrong.index, wrong.itertuples(index=False), strict=True)
    ]
    if offenders:
        raise ClaimError(
            f"Cleaning of {place} lost or made up segments.",
            offenders=sorted(offenders),
            expected="each segment received once, as kept or as set aside",
            remedy="report this as a bug",
        )


def _claim_segments(ledger: Ledger, name: str, label: str, rows: pd.DataFrame) -> Claim:
    return ledger.number(
        name,
        label,
        (len(rows), SEGMENTS),
        **evidence_of(rows)._asdict(),
    )


def show_set_aside(cleaning: PlaceCleaning, ledger: Ledger) -> Fragment:
    """Return each segment set aside, with its reason, and what a repeat is merged into.

    Of very many, the first are shown, with how many there are and where the others are named.
    """
    set_aside = cleaning.cleaned.set_aside
    named = set_aside[set_aside["reason"].isin([LEAD_IN, DUPLICATE, PERSONAL_DATA])]
    if not len(named):
        return ledger.show(element("p", say("No passage was a lead-in or a repeat.")))
    listed = named.head(MOST_LISTED)
    rows = [
        Row(
            element("code", row["segment"]),
            [say(row["reason"]), element("code", row["kept_as"]) if row["kept_as"] else "\u2013"],
        )
        for row in listed.to_dict("records")
    ]
    caption = translate("Passages of {place} that were set aside", place=cleaning.name)
    columns = [translate("Passage"), translate("Reason"), translate("Merged into")]
    return ledger.show(
        *([_describe_listed(ledger, listed, of=named)] if len(listed) < len(named) else []),
        table("set-aside", caption, columns, rows),
    )


def _describe_listed(ledger: Ledger, listed: pd.DataFrame, *, of: pd.DataFrame) -> Markup:
    """Say that a table does not list all, and where all are named."""
    label = translate("Lead-ins and repeats listed")
    shown = _claim_segments(ledger, "listed.set_aside", label, listed)
    whole = _claim_segments(ledger, "in_all.set_aside", translate("Lead-ins and repeats"), of)
    sentence = say(
        "Listed here are the first {shown} of {all}, in the order received. The evidence of "
        "these numbers names all of them. A repeat is merged into the first passage of the "
        "same answer with the same words. The cleaned tables of a build have the whole list.",
        shown=shown,
        all=whole,
    )
    return element("p", sentence)


def show_changes(cleaning: PlaceCleaning, ledger: Ledger) -> Fragment:
    """Return the log of what cleaning changed in the words, step by step.

    Of very many kinds of changes, the first are listed one by one, and all others as one.
    """
    log = cleaning.cleaned.log
    if not len(log):
        return ledger.show(element("p", say("Cleaning changed no words.")))
    by_change = list(log.groupby(["step", "change"]))
    rows = []
    for number, ((step, change), changes) in enumerate(by_change[:MOST_LISTED], start=1):
        named, what = translate(str(step)), translate(str(change))
        claim = _claim_changes(ledger, str(number), f"{named}, {what}", changes)
        rows.append(Row(named, [element("code", what), claim]))
    if rest := [changes for _, changes in by_change[MOST_LISTED:]]:
        others = pd.concat(rest).sort_index()
        claim = _claim_changes(ledger, "others", translate("all others"), others)
        where = say("listed in the log of the cleaned tables")
        rows.append(Row(say("All others"), [where, claim]))
    caption = translate("What cleaning changed in the words of {place}", place=cleaning.name)
    columns = [translate("Step"), translate("Change"), translate("Times")]
    return ledger.show(table("changes", caption, columns, rows))


def _claim_changes(ledger: Ledger, name: str, label: str, changes: pd.DataFrame) -> Claim:
    """Return the claim of how often changes were made; it rests on the texts that changed."""
    of_group = changes["table"] == "focus_groups"
    return ledger.number(
        f"changed.{name}",
        translate("Changes by cleaning: {change}", change=label),
        (int(changes["times"].sum()), CHANGES),
        focus_groups=changes.loc[of_group, "item"],
        segments=changes.loc[~of_group, "item"],
    )
