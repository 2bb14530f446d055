"""The scan for personal data: what it finds of labelled sentences, and what it takes."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from string import ascii_lowercase
from time import process_time
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.quality.personal_data.scan import KINDS, WEAK, scan_texts
from analysis.tables.received import COLUMNS, read_table, table_path
from benchmarks.figures import table, verdict_at_least

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from benchmarks.bench import Bench

LABELLED = "benchmarks/personal_data"
HALVES = ("held_out", "tuning")
HARD = "hard"
STUDY = "demo"
CONTACTS = ("email", "phone", "profile")
LEAST_RECALL = {**dict.fromkeys(CONTACTS, 0.95), "name-age": 0.90, "name-role": 0.90}
TOLD = {
    "held_out": "held out: written before any pattern was, and looked at no more",
    "tuning": "tuning: the patterns were fixed on these",
    HARD: "hard: written to be missed; names with an age were fixed on some of these since",
}


@dataclass
class Score:
    """How many sentences of one kind the scan classifies correctly.

    Parameters
    ----------
    found, missed : int
        Of the sentences that hold what is looked for.
    false : int
        Sentences in which something is found that is not there.
    """

    found: int = 0
    missed: int = 0
    false: int = 0

    @property
    def recall(self) -> float:
        """The share of what is there that is found."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0

    @property
    def precision(self) -> float:
        """The share of what is found that is there."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0


@dataclass(frozen=True)
class Scores:
    """Scores by kind and by region.

    Parameters
    ----------
    kinds, regions : dict of str to Score
        By name, in a fixed order.
    """

    kinds: dict[str, Score] = field(
        default_factory=lambda: {each.kind: Score() for each in KINDS if each.kind not in WEAK}
    )
    regions: dict[str, Score] = field(default_factory=dict)

    def count(self, row: Mapping[str, str], kinds: Iterable[str]) -> None:
        """Count one labelled sentence, and the kinds that are found in it."""
        found = set(kinds) - WEAK
        known = {row["kind"], *row["also"].split(";")}
        region = self.regions.setdefault(row["region"], Score())
        for score in [self.kinds[row["kind"]], region] if row["kind"] else []:
            score.found += row["kind"] in found
            score.missed += row["kind"] not in found
        region.false += bool(found - known)
        for kind in found - known:
            self.kinds[kind].false += 1


def read_labelled(repository: Path, part: str) -> list[dict[str, str]]:
    """Return the labelled sentences of a part of the benchmark."""
    path = repository / LABELLED / f"{part}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def score(rows: Iterable[Mapping[str, str]]) -> Scores:
    """Return how the scan does on labelled sentences."""
    scores, labelled = Scores(), list(rows)
    # As guards do, which look closely at those texts alone that may hold something.
    found = scan_texts(pd.Series([row["text"] for row in labelled], dtype="str"))
    for at, row in enumerate(labelled):
        scores.count(row, found.get(at, ()))
    return scores


def run(bench: Bench) -> dict[str, Any]:
    """Return what the scan finds of labelled sentences, and what it takes on a study."""
    return {
        "scores": {
            part: _as_json(read_labelled(bench.repository, part)) for part in (*HALVES, HARD)
        },
        "milliseconds": _time(bench),
    }


def _as_json(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    scores = score(rows)
    return {
        "sentences": dict(Counter("with" if row["kind"] else "without" for row in rows)),
        "kinds": {name: vars(each) for name, each in scores.kinds.items()},
        "regions": {name: vars(each) for name, each in sorted(scores.regions.items())},
    }


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
    """Return the tables of what the scan finds, and what it takes."""
    return "\n".join(_told(results))


def _told(results: Mapping[str, Any]) -> Iterator[str]:
    for part, scores in results["scores"].items():
        counts = scores["sentences"]
        yield (
            f"**{TOLD[part]}** ({counts.get('with', 0)} sentences with personal data, "
            f"{counts.get('without', 0)} without)\n"
        )
        yield _table("kind", scores["kinds"], LEAST_RECALL if part in HALVES else {})
        if part in HALVES:
            yield _table("region", scores["regions"], {})
    taken = results["milliseconds"]
    yield (
        f"It takes {taken['median']:.1f} ms of processor time for 1,000 distinct texts, "
        f"measured on {taken['segments']:,.0f} made from the segments of the study `{STUDY}`; "
        f"{taken['first']:.1f} ms the first time, when names are read.\n"
    )


def _precision(score: Score) -> str:
    reported = score.found + score.false
    return f"{score.found} of {reported} ({score.precision:.2f})" if reported else "nothing found"


def _table(name: str, scores: Mapping[str, Mapping[str, int]], least: Mapping[str, float]) -> str:
    rows = []
    for label, counts in scores.items():
        each = Score(**counts)
        sentences = each.found + each.missed
        if not sentences and not each.false:
            continue
        rows.append(
            (
                label,
                sentences,
                f"{each.found} of {sentences} ({each.recall:.2f})",
                _precision(each),
                verdict_at_least(each.recall, least.get(label)),
            )
        )
    return table((name, "sentences", "recall", "precision", "asked of recall"), rows)
