"""Accounting for every segment: each is counted, or set aside with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import ClaimError
from analysis.study.language import to_translate, translate
from analysis.synthesis.claims import SEGMENTS, evidence_of
from analysis.synthesis.markup import Row, element, say, table
from analysis.synthesis.overview import claim_groups, claim_part, claim_segments
from analysis.tables.cleaning import DUPLICATE, LEAD_IN, PERSONAL_DATA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

IDS = ["segment", "focus_group"]
PARTS = {
    "coded": to_translate("Coded and counted"),
    "uncoded": to_translate("Without a code"),
    "headings": to_translate("Points that only head sub-points, counted as points"),
    "lead_ins": to_translate("Lead-ins, set aside"),
    "duplicates": to_translate("Repeats within an answer, merged with the first"),
    "personal_data": to_translate(
        "Set aside to protect people: their words were taken out after review"
    ),
}


def show_accounting(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the table that accounts for every segment of the focus groups counted.

    Raises
    ------
    ClaimError
        When a segment received is in none of the parts, or in more than one.
    """
    received = pd.concat([corpus.segments[IDS], corpus.set_aside[IDS]])
    parts = _parts(corpus)
    _require_all(corpus, received, pd.concat(parts.values()))
    rows = [_row_of_part(corpus, ledger, name, part) for name, part in parts.items()]
    in_all = translate(
        "Passages received from the focus groups counted in {place}", place=corpus.name
    )
    total = _claim(ledger, "accounted.received", in_all, received)
    rows.append(Row(translate("Received in all"), [total], kind="total"))
    caption = translate("Every passage received in {place}, accounted for", place=corpus.name)
    columns = [translate("Passages"), translate("Number")]
    return ledger.show(
        element("h3", say("Nothing is lost on the way")),
        table("accounting", caption, columns, rows),
    )


def _row_of_part(corpus: Corpus, ledger: Ledger, name: str, part: pd.DataFrame) -> Row:
    label = translate(PARTS[name])
    return Row(label, [_claim(ledger, f"accounted.{name}", f"{label} ({corpus.name})", part)])


def _claim(ledger: Ledger, name: str, label: str, rows: pd.DataFrame) -> Claim:
    evidence = evidence_of(rows)
    return ledger.number(name, label, (len(rows), SEGMENTS), **evidence._asdict())


def _parts(corpus: Corpus) -> dict[str, pd.DataFrame]:
    """Return the passages received, by what became of them."""
    segments, aside = corpus.segments, corpus.set_aside
    coded = corpus.codable[~corpus.codable["segment"].isin(corpus.uncoded["segment"])]
    headings = segments[segments["is_heading"]]
    lead_ins, duplicates, reviewed = (
        aside[aside["reason"] == reason] for reason in (LEAD_IN, DUPLICATE, PERSONAL_DATA)
    )
    parts = {
        "coded": coded,
        "uncoded": corpus.uncoded,
        "headings": headings,
        "lead_ins": lead_ins,
        "duplicates": duplicates,
        **({"personal_data": reviewed} if len(reviewed) else {}),
    }
    return {name: rows[IDS] for name, rows in parts.items()}


def _require_all(corpus: Corpus, received: pd.DataFrame, accounted: pd.DataFrame) -> None:
    """Refuse parts in which a segment is missing, or appears twice."""
    times = accounted["segment"].value_counts()
    times = times.reindex(received["segment"].unique(), fill_value=0)
    offenders = [f"{segment}: {n} times" for segment, n in times[times != 1].items()]
    if offenders:
        raise ClaimError(
            f"The segments of {corpus.place} do not add up to what was received.",
            offenders=offenders,
            expected="each segment once: counted, or set aside for a known reason",
            remedy="build the study again; if this happens again, report it as a bug",
        )


def show_conservation(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the table that shows a continent's focus groups as its regions' and the wider ones.

    Raises
    ------
    ClaimError
        When the parts do not add up to the continent.
    """
    named = [(str(home), groups) for home, groups in corpus.focus_groups.groupby("home")]
    parts = [_claim_part(corpus, ledger, home, groups) for home, groups in named]
    total = (claim_groups(corpus, ledger), claim_segments(corpus, ledger))
    _require_sums(corpus, total, parts)
    links = [_link_part(corpus, home) for home, _ in named]
    rows = [Row(link, part) for link, part in zip(links, parts, strict=True)]
    rows.append(Row(corpus.name, total, kind="total"))
    caption = translate("{place} is the sum of its parts", place=corpus.name)
    columns = [translate("Part"), translate("Focus groups"), translate("Passages")]
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
        return translate("Continent-wide discussions")
    return element("a", corpus.study.places.name(home), href=f"{home}.html")


def _claim_part(
    corpus: Corpus, ledger: Ledger, home: str, groups: pd.DataFrame
) -> tuple[Claim, Claim]:
    names, part = groups["focus_group"], corpus.study.places.name(home)
    segments = corpus.segments.loc[corpus.segments["focus_group"].isin(names), "segment"]
    return (
        claim_part(corpus, ledger, home),
        ledger.number(
            f"part.segments.{home}",
            translate("Passages counted in {place} from {part}", place=corpus.name, part=part),
            (len(segments), SEGMENTS),
            focus_groups=names,
            segments=segments,
        ),
    )
