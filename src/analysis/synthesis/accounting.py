"""Accounting for every segment: each is counted, or set aside with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import ClaimError
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS
from analysis.synthesis.framework_matrix import claim_segments
from analysis.synthesis.homes import Homes
from analysis.synthesis.markup import Row, element, table
from analysis.synthesis.overview import claim_groups
from analysis.tables.cleaning import DUPLICATE, LEAD_IN
from analysis.tables.numbering import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content
    from analysis.tables.numbering import IntArray


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
        When a segment received is in none of the parts, or in more than one.
    """
    received = np.arange(len(corpus.rows.ids))
    parts = _parts(corpus)
    _require_all(corpus, [rows for *_, rows in parts])
    rows = [
        Row(label, [_claim(corpus, ledger, f"accounted.{name}", f"{label} ({corpus.name})", part)])
        for name, label, part in parts
    ]
    in_all = f"Segments received from the focus groups counted in {corpus.name}"
    total = _claim(corpus, ledger, "accounted.received", in_all, received)
    rows.append(Row("Received in all", [total], kind="total"))
    caption = f"Every segment received in {corpus.name}, accounted for"
    return ledger.show(table("accounting", caption, ["Segments", "Number"], rows))


def _claim(corpus: Corpus, ledger: Ledger, name: str, label: str, rows: IntArray) -> Claim:
    counted = rows[rows < len(corpus.segments)]
    aside = rows[rows >= len(corpus.segments)] - len(corpus.segments)
    groups = {
        *corpus.rows.bearing(counted).focus_groups,
        *corpus.set_aside["focus_group"].take(aside),
    }
    return ledger.number(
        name,
        label,
        (len(rows), SEGMENTS),
        focus_groups=groups,
        segments=Names(corpus.rows.ids, rows),
    )


def _parts(corpus: Corpus) -> list[tuple[str, str, IntArray]]:
    """Return the parts of what was received; those set aside come after all rows counted."""
    rows, reasons = corpus.rows, corpus.set_aside["reason"]
    aside = {
        reason: len(corpus.segments) + np.flatnonzero(reasons == reason)
        for reason in (LEAD_IN, DUPLICATE)
    }
    return [
        ("coded", "Coded, and counted", np.setdiff1d(rows.codable, rows.uncoded)),
        ("uncoded", "Without a code, shown under voices", rows.uncoded),
        ("headings", "Points that only head sub-points, counted as points", rows.headings),
        ("lead_ins", "Lead-ins, set aside", aside[LEAD_IN]),
        ("duplicates", "Repeats within a cell, merged with the first", aside[DUPLICATE]),
    ]


def _require_all(corpus: Corpus, parts: list[IntArray]) -> None:
    """Refuse parts in which a segment is missing, or stands twice."""
    number, ids = pd.factorize(corpus.rows.ids)
    times = np.bincount(number[np.concatenate(parts)], minlength=len(ids))
    offenders = [f"{ids[at]}: {times[at]} times" for at in np.flatnonzero(times != 1)]
    if offenders:
        raise ClaimError(
            f"The segments of {corpus.place} do not add up to what was received.",
            offenders=offenders,
            expected="each segment once: counted, or set aside for a known reason",
            remedy="build the study again; if this stays, report it as a mistake of the program",
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
    homes = Homes(corpus)
    named = [(str(home), groups) for home, groups in corpus.focus_groups.groupby("home")]
    parts = [_claim_part(homes, ledger, home, groups) for home, groups in named]
    total = (claim_groups(corpus, ledger), claim_segments(corpus, ledger))
    _require_sums(corpus, total, parts)
    links = [_link_part(corpus, home) for home, _ in named]
    rows = [Row(link, part) for link, part in zip(links, parts, strict=True)]
    rows.append(Row(corpus.name, total, kind="total"))
    caption = f"{corpus.name} is the sum of its parts"
    columns = ["Part", "Focus groups", "Segments"]
    return ledger.show(table("conservation", caption, columns, rows))


def _require_sums(
    corpus: Corpus, total: tuple[Claim, ...], parts: Sequence[tuple[Claim, ...]]
) -> None:
    """Refuse parts that do not add up to the whole."""
    for whole, *of_parts in zip(total, *parts, strict=True):
        if sum(part.value or 0 for part in of_parts) != whole.value:
            raise ClaimError(
                f"The parts of {corpus.place} do not add up to the whole.",
                offenders=[f"{part.id}: {part.text} {part.unit}" for part in of_parts],
                expected=f"{whole.text} {whole.unit} in all",
            )


def _link_part(corpus: Corpus, home: str) -> Content:
    if home == corpus.place:
        return "Wider submissions"
    return element("a", corpus.study.places.name(home), href=f"{home}.html")


def _claim_part(
    homes: Homes, ledger: Ledger, home: str, groups: pd.DataFrame
) -> tuple[Claim, Claim]:
    corpus, names = homes.corpus, groups["focus_group"]
    bearing = corpus.rows.bearing(homes.rows_at([home], np.arange(len(corpus.segments))))
    return (
        ledger.number(
            f"part.groups.{home}",
            f"Focus groups counted in {corpus.name} from {home}",
            (len(groups), FOCUS_GROUPS),
            focus_groups=names,
        ),
        ledger.number(
            f"part.segments.{home}",
            f"Segments counted in {corpus.name} from {home}",
            (len(bearing.segments), SEGMENTS),
            focus_groups=names,
            segments=bearing.segments,
        ),
    )
