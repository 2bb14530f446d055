"""Accounting for every segment: each is counted, or set aside with its reason."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.errors import ClaimError
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS
from analysis.synthesis.framework_matrix import claim_segments
from analysis.synthesis.markup import Row, element, table
from analysis.synthesis.overview import claim_groups
from analysis.synthesis.participants import PARTICIPANTS, claim_participants, count_people
from analysis.synthesis.voices import find_uncoded
from analysis.tables.cleaning import DUPLICATE, LEAD_IN

if TYPE_CHECKING:
    import pandas as pd

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content


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
    parts = _parts(corpus)
    received = [*corpus.segments["segment"], *corpus.set_aside["segment"]]
    _require_all(corpus, received, [segment for *_, rows in parts for segment in rows["segment"]])
    total = ledger.number(
        "accounted.received",
        f"Segments received from the focus groups counted in {corpus.name}",
        (len(received), SEGMENTS),
        focus_groups=corpus.focus_groups["focus_group"],
        segments=received,
    )
    rows = [
        Row(label, [_claim(corpus, ledger, f"accounted.{name}", label, segments)])
        for name, label, segments in parts
    ]
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


def _require_all(corpus: Corpus, received: list[str], accounted: list[str]) -> None:
    """Refuse parts in which a segment is missing, or stands twice."""
    times = Counter(accounted)
    offenders = [
        f"{segment}: {times[segment]} times" for segment in received if times[segment] != 1
    ]
    if offenders or len(accounted) != len(received):
        raise ClaimError(
            f"The segments of {corpus.place} do not add up to what was received.",
            offenders=offenders,
            expected="each segment once: counted, or set aside for a known reason",
            remedy="build the study again; if this stays, report it as a mistake of the program",
        )


def _claim(corpus: Corpus, ledger: Ledger, name: str, label: str, segments: pd.DataFrame) -> Claim:
    return ledger.number(
        name,
        f"{label} ({corpus.name})",
        (len(segments), SEGMENTS),
        focus_groups=segments["focus_group"],
        segments=segments["segment"],
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
    homes = [(str(home), groups) for home, groups in corpus.focus_groups.groupby("home")]
    parts = [_claim_part(corpus, ledger, home, groups) for home, groups in homes]
    total = (
        claim_groups(corpus, ledger),
        claim_participants(corpus, ledger),
        claim_segments(corpus, ledger),
    )
    for whole, *of_parts in zip(total, *parts, strict=True):
        if sum(part.value or 0 for part in of_parts) != whole.value:
            raise ClaimError(
                f"The parts of {corpus.place} do not add up to the whole.",
                offenders=[f"{part.id}: {part.text} {part.unit}" for part in of_parts],
                expected=f"{whole.text} {whole.unit} in all",
            )
    named = [_link_part(corpus, home) for home, _ in homes]
    rows = [Row(name, part) for name, part in zip(named, parts, strict=True)]
    rows.append(Row(corpus.name, total, kind="total"))
    caption = f"{corpus.name} is the sum of its parts"
    columns = ["Part", "Focus groups", "Participants", "Segments"]
    return ledger.show(table("conservation", caption, columns, rows))


def _link_part(corpus: Corpus, home: str) -> Content:
    if home == corpus.place:
        return "Wider submissions"
    return element("a", corpus.study.places.name(home), href=f"{home}.html")


def _claim_part(
    corpus: Corpus, ledger: Ledger, home: str, groups: pd.DataFrame
) -> tuple[Claim, Claim, Claim]:
    names = groups["focus_group"]
    rows = corpus.segments[corpus.segments["focus_group"].isin(names)]
    return (
        ledger.number(
            f"part.groups.{home}",
            f"Focus groups counted in {corpus.name} from {home}",
            (len(groups), FOCUS_GROUPS),
            focus_groups=names,
        ),
        ledger.number(
            f"part.participants.{home}",
            f"Participants of the focus groups counted in {corpus.name} from {home}",
            (count_people(groups["participants"]), PARTICIPANTS),
            focus_groups=names,
        ),
        ledger.number(
            f"part.segments.{home}",
            f"Segments counted in {corpus.name} from {home}",
            (len(rows), SEGMENTS),
            focus_groups=names,
            segments=rows["segment"],
        ),
    )
