"""The scan for personal data: what it finds in labelled sentences, false alarms, and time."""

from __future__ import annotations

import hashlib
import sys
from statistics import median
from string import ascii_lowercase
from time import process_time
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.quality.personal_data.scan import WEAK, scan_texts
from analysis.tables.received import COLUMNS, read_table, table_path
from benchmarks.figures import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from benchmarks.bench import Bench

LABELLED = "benchmarks/personal_data"
HELD_OUT = "held_out"
# Of the held-out files, as the commit that added them says.
DIGESTS = {
    "identifying": "9d8cb24e41e04307166cdf2d779be279caf86222afd9653bf308b326472c3ca8",
    "ordinary": "cb5dbb7d5d0c1f678fab9af146798964fa71a05854feb46895509e693b2a08e2",
}
STUDY = "demo"
# A person counts as found by any of these, in whose words they may overlap.
PERSON = frozenset({"name", "name-age", "name-role", "birth-date"})
ALONE = "name-alone"


def read_labelled(repository: Path, name: str) -> pd.DataFrame:
    """Return labelled sentences, as text."""
    path = repository / LABELLED / f"{name}.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def digest_of(repository: Path, name: str) -> str:
    """Return the SHA-256 of a file of labelled sentences."""
    path = repository / LABELLED / f"{name}.csv"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def score(labelled: pd.DataFrame) -> pd.DataFrame:
    """Return labelled sentences with the columns ``found`` and ``stopped``.

    Parameters
    ----------
    labelled : DataFrame
        ``text``, and ``kind`` where the sentences have personal data.

    Returns
    -------
    DataFrame
        ``found``: the scan reports the kind; for a person, any kind of name; for a name alone,
        anything. ``stopped``: it reports anything critical.
    """
    # As checks do: only texts that may hold something are looked at closely.
    kinds = scan_texts(labelled["text"])
    found = [frozenset(kinds.get(at, ())) for at in range(len(labelled))]
    asked = labelled["kind"] if "kind" in labelled else [""] * len(labelled)
    return labelled.assign(
        found=[_is_found(kind, of) for kind, of in zip(asked, found, strict=True)],
        stopped=[bool(of - WEAK) for of in found],
    )


def _is_found(kind: str, found: frozenset[str]) -> bool:
    if kind == ALONE:
        return bool(found)
    return not found.isdisjoint(PERSON if kind in PERSON else {kind})


def run(bench: Bench) -> dict[str, Any]:
    """Return what the scan finds of held-out sentences, and what it takes on a study."""
    identifying = score(read_labelled(bench.repository, f"identifying_{HELD_OUT}"))
    ordinary = score(read_labelled(bench.repository, f"ordinary_{HELD_OUT}"))
    return {
        "cells": _counts(identifying, ["region", "kind"], "found"),
        "forms": _counts(identifying, ["kind", "form"], "found"),
        "languages": _counts(identifying, ["language"], "found"),
        "stops": _counts(ordinary, ["language"], "stopped"),
        "hard": _counts(score(read_labelled(bench.repository, "hard")), ["kind"], "found"),
        "milliseconds": _time(bench),
    }


def _counts(scored: pd.DataFrame, by: list[str], what: str) -> list[dict[str, Any]]:
    """Return the number of sentences, and of those found or stopped, by columns."""
    counted = scored.groupby(by)[what].agg(["sum", "size"]).reset_index()
    return [
        {str(name): value for name, value in row.items()}
        for row in counted.astype({"sum": int, "size": int}).to_dict("records")
    ]


def _time(bench: Bench) -> dict[str, float]:
    """Return the processor time that the scan takes for a thousand distinct segments."""
    path = table_path(bench.repository / "data" / STUDY, "segments")
    texts_read = read_table(path, COLUMNS["segments"])["text"].drop_duplicates()
    texts = pd.concat([texts_read + f" {letter}" for letter in ascii_lowercase], ignore_index=True)
    times = []
    for turn in range(bench.runs + 1):
        start = process_time()
        scan_texts(texts)
        times.append((process_time() - start) * 1e6 / len(texts))
        sys.stderr.write(f"  scan {turn + 1}: {times[-1]:.2f} ms for 1,000 segments\n")
    # The first reads the names and makes the patterns.
    first, *others = times
    return {"first": first, "median": median(others), "segments": len(texts)}


def format_results(results: Mapping[str, Any]) -> str:
    """Return the tables of what the scan finds, its false alarms, and its time."""
    return "\n".join(_format(results))


def _format(results: Mapping[str, Any]) -> Iterator[str]:
    cells = pd.DataFrame(results["cells"])
    found, sentences = cells["sum"].sum(), cells["size"].sum()
    yield f"Of {sentences:,} held-out sentences, {found:,} are found ({found / sentences:.0%}).\n"
    yield _by_region(cells)
    yield _list("form", [(f"{row['kind']}: {row['form']}", row) for row in results["forms"]])
    yield _list("language", [(row["language"], row) for row in results["languages"]])
    stops = pd.DataFrame(results["stops"])
    stopped, segments = stops["sum"].sum(), stops["size"].sum()
    yield (
        f"Of {segments:,} ordinary segments, {stopped:,} are false stops: "
        f"{1000 * stopped / segments:.0f} per 1,000.\n"
    )
    large = stops[stops["size"] >= 100]
    yield table(
        ("language", "ordinary segments", "false stops"),
        [(row.language, row.size, row.sum) for row in large.itertuples()],
    )
    hard = [row for row in results["hard"] if row["kind"]]
    yield "Sentences that were written to be missed:\n"
    yield _list("kind", [(row["kind"], row) for row in hard])
    taken = results["milliseconds"]
    yield (
        f"The scan takes {taken['median']:.1f} ms of processor time for 1,000 distinct texts, "
        f"measured on {taken['segments']:,.0f} made from the segments of the study `{STUDY}`; "
        f"{taken['first']:.1f} ms the first time, when names are read.\n"
    )


def _by_region(cells: pd.DataFrame) -> str:
    """Return a table of kinds by region: found of sentences."""
    regions = sorted(cells["region"].unique())
    rows = []
    for kind, of_kind in cells.groupby("kind"):
        by_region = of_kind.set_index("region")
        counts = [_of(by_region.loc[region]) for region in regions]
        rows.append((kind, *counts, _of(of_kind[["sum", "size"]].sum())))
    totals = cells.groupby("region")[["sum", "size"]].sum()
    rows.append(("all", *(_of(totals.loc[each]) for each in regions), _of(totals.sum())))
    return table(("kind", *regions, "all"), rows)


def _of(counts: Mapping[str, int] | pd.Series) -> str:
    return f"{counts['sum']} of {counts['size']}"


def _list(name: str, rows: list[tuple[str, Mapping[str, int]]]) -> str:
    return table(
        (name, "found", "share"),
        [(label, _of(row), f"{row['sum'] / row['size']:.2f}") for label, row in rows],
    )
