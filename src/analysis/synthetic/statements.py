"""The sentences that synthetic submissions are made of, and the regions where they can be said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from analysis.study.csv_rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.study.csv_rows import Row

V = TypeVar("V")

SENTENCES = Path(__file__).parent / "statements"
WORDS = Path(__file__).parent / "proportions" / "words.csv"
THEME_FILES = (
    "community",
    "crisis",
    "diversity-identity",
    "diversity-people",
    "legal-environment",
    "livelihood",
    "narrative",
    "resources",
    "services",
    "stigma",
)
COLUMNS = ("code", "question", "label", "text")
DETAIL = "detail"
DETAILS_AFTER = {
    "introduction": ("detail", "detail.hard", "detail.wish"),
    "situation": ("detail", "detail.hard"),
    "concerns": ("detail", "detail.hard"),
    "hope": ("detail", "detail.good"),
    "constraints": ("detail", "detail.hard"),
    "patterns": ("detail", "detail.hard", "detail.good"),
    "continue": ("detail", "detail.good", "detail.wish"),
    "stop": ("detail", "detail.hard"),
    "start": ("detail", "detail.hard", "detail.wish"),
    "key": ("detail", "detail.wish"),
}
"""What may follow the statement of an answer: a hardship reads oddly under hope."""


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A statement or a detail, with the code that it bears.

    Parameters
    ----------
    number : int
        Its number among all sentences.
    code, question, label, text : str
        The code; the question that it answers, or the kind of detail; a label; the wording.
    unfit_for : frozenset of str
        Regions in which nobody would say it.
    coast : bool
        Whether it speaks of the sea.
    """

    number: int
    code: str
    question: str
    label: str
    text: str
    unfit_for: frozenset[str]
    coast: bool

    def fits(self, regions: Iterable[str], *, landlocked: bool) -> bool:
        """Return whether it can be said in one of the regions, by the sea or away from it."""
        said = any(region not in self.unfit_for for region in regions)
        return said and not (self.coast and landlocked)


@dataclass(frozen=True)
class Theme:
    """What a focus group met to discuss.

    Parameters
    ----------
    text : str
        Its wording.
    codes : tuple of str
        Codes that come up more often under it.
    """

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class SentenceBank:
    """All that synthetic submissions can say.

    Parameters
    ----------
    sentences : tuple of Sentence
        Statements and details.
    rare : tuple of Sentence
        Statements that one focus group of a study makes, and no other.
    remarks : mapping of str to tuple of Sentence
        By question: remarks that bear no code.
    themes : tuple of Theme
        What focus groups meet to discuss.
    lead_ins : mapping of str to tuple
        By question: label and text of sentences that only announce a list.
    headings : mapping of str to tuple of str
        By theme of the codebook: phrases that head sub-points.
    frames : mapping of str to tuple of str
        Organisers and kinds of participants.
    """

    sentences: tuple[Sentence, ...]
    rare: tuple[Sentence, ...]
    remarks: Mapping[str, tuple[Sentence, ...]]
    themes: tuple[Theme, ...]
    lead_ins: Mapping[str, tuple[tuple[str, str], ...]]
    headings: Mapping[str, tuple[str, ...]]
    frames: Mapping[str, tuple[str, ...]]


@cache
def read_sentences() -> SentenceBank:
    """Return all that synthetic submissions can say.

    Raises
    ------
    StudyError
        If a table of sentences cannot be read.
    """
    rows = [row for name in THEME_FILES for row in _rows(name, COLUMNS)]
    rare = _rows("rare", COLUMNS)
    sentences = tuple(_sentences([*rows, *rare]))
    remarks = _rows("remarks", ("questions", "text"))
    themes = _rows("themes", ("text", "codes"))
    return SentenceBank(
        sentences=sentences[: len(rows)],
        rare=sentences[len(rows) :],
        remarks=_grouped(
            (question, Sentence(number, "", question, "", row["text"], frozenset(), coast=False))
            for number, row in enumerate(remarks, start=len(sentences))
            for question in row["questions"].split(";")
        ),
        themes=tuple(Theme(row["text"], tuple(row["codes"].split(";"))) for row in themes),
        lead_ins=_grouped(
            (row["question"], (row["label"], row["text"]))
            for row in _rows("lead_ins", ("question", "label", "text"))
        ),
        headings=_grouped(
            (row["theme"], row["text"]) for row in _rows("headings", ("theme", "text"))
        ),
        frames=_grouped((row["part"], row["text"]) for row in _rows("frames", ("part", "text"))),
    )


def _rows(name: str, columns: tuple[str, ...]) -> list[Row]:
    return read_rows(SENTENCES / f"{name}.csv", columns)


def _sentences(rows: Iterable[Row]) -> Iterator[Sentence]:
    """Yield the sentences of rows, each with where it can be said."""
    words = [
        (
            re.compile(rf"\b{word['word']}(s|es)?\b", re.IGNORECASE),
            frozenset(word["regions"].split(";")) if word["regions"] else None,
            bool(word["coast"]),
        )
        for word in read_rows(WORDS, ("word", "regions", "coast"))
    ]
    regions = frozenset(region for _, allowed, _ in words for region in allowed or ())
    for number, row in enumerate(rows):
        found = [(allowed, coast) for word, allowed, coast in words if word.search(row["text"])]
        yield Sentence(
            number,
            row["code"],
            row["question"],
            row["label"],
            row["text"],
            unfit_for=frozenset().union(*(regions - a for a, _ in found if a is not None)),
            coast=any(coast for _, coast in found),
        )


def _grouped(pairs: Iterable[tuple[str, V]]) -> dict[str, tuple[V, ...]]:
    groups: dict[str, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
