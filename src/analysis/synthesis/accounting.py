"""Accounting for every segment: each is counted, or set aside with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import ClaimError
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS
from analysis.synthesis.markup import Row, table
from analysis.synthesis.voices import find_uncoded
from analysis.tables.cleaning import DUPLICATE, LEAD_IN

if TYPE_CHECKING:
    import pandas as pd

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus


def show_accounting(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the table that accounts for every segment of the focus groups counted.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of the report.

    Raises
    ------
    ClaimError
        When the parts do not add up to what was received.
    """
    parts = _parts(corpus)
    received = sum(len(rows) for _, _, rows in parts)
    if received != len(corpus.segments) + len(corpus.set_aside):
        raise ClaimError(f"The segments of {corpus.place} do not add up to what was received.")
    total = ledger.number(
        "accounted.received",
        f"Segments received from the focus groups counted in {corpus.name}",
        (received, SEGMENTS),
        focus_groups=corpus.focus_groups["focus_group"],
        segments=[*corpus.segments["segment"], *corpus.set_aside["segment"]],
    )
    rows = [Row(label, [_claim(ledger, corpus, *part)]) for part in parts for label in [part[1]]]
    rows.append(Row("Received in all", [total], kind="total"))
    caption = f"Every segment received in {corpus.name}, accounted for"
    return ledger.show(table("accounting", caption, ["Segments", "Number"], rows))


def _parts(corpus: Corpus) -> list[tuple[str, str, pd.DataFrame]]:
    uncoded = find_uncoded(corpus)
    coded = corpus.codable[~corpus.codable["segment"].isin(uncoded["segment"])]
    reasons = corpus.set_aside["reason"]
    return [
        ("coded", "Coded, and counted", coded),
        ("uncoded", "Without a code, shown under voices", uncoded),
        (
            "headings",
            "Points that only head sub-points, counted as points",
            corpus.segments[corpus.segments["is_heading"]],
        ),
        ("lead_ins", "Lead-ins, set aside", corpus.set_aside[reasons == LEAD_IN]),
        (
            "duplicates",
            "Repeats within a cell, merged with the first",
            corpus.set_aside[reasons == DUPLICATE],
        ),
    ]


def _claim(ledger: Ledger, corpus: Corpus, name: str, label: str, rows: pd.DataFrame) -> Claim:
    return ledger.number(
        f"accounted.{name}",
        f"{label} ({corpus.name})",
        (len(rows), SEGMENTS),
        focus_groups=rows["focus_group"],
        segments=rows["segment"],
    )


def show_conservation(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the table that shows a continent's focus groups as its regions' and the wider ones.

    Parameters
    ----------
    corpus : Corpus
        The corpus of a continent.
    ledger : Ledger
        The claims of the report.

    Raises
    ------
    ClaimError
        When the parts do not add up to the continent.
    """
    homes = corpus.focus_groups.groupby("home")
    rows = [
        Row(
            corpus.study.places.name(str(home)) if home != corpus.place else "Wider submissions",
            [
                ledger.number(
                    f"part.groups.{home}",
                    f"Focus groups counted in {corpus.name} from {home}",
                    (len(groups), FOCUS_GROUPS),
                    focus_groups=groups["focus_group"],
                ),
                _claim_segments_of(corpus, ledger, str(home), groups["focus_group"]),
            ],
        )
        for home, groups in homes
    ]
    total = [ledger["groups"], ledger["segments"]]
    if sum(len(groups) for _, groups in homes) != total[0].value:
        raise ClaimError(f"The parts of {corpus.place} do not add up to the whole.")
    rows.append(Row(corpus.name, total, kind="total"))
    caption = f"{corpus.name} is the sum of its parts"
    return ledger.show(table("conservation", caption, ["Part", "Focus groups", "Segments"], rows))


def _claim_segments_of(corpus: Corpus, ledger: Ledger, home: str, groups: pd.Series) -> Claim:
    rows = corpus.segments[corpus.segments["focus_group"].isin(groups)]
    return ledger.number(
        f"part.segments.{home}",
        f"Segments counted in {corpus.name} from {home}",
        (len(rows), SEGMENTS),
        focus_groups=groups,
        segments=rows["segment"],
    )
