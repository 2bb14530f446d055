"""The sentences that synthetic submissions are made of, and which of them a region can say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from analysis.study.csv_rows import read_rows
from analysis.synthetic.seeded_random import Weighted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.study.codebook import Codebook
    from analysis.study.csv_rows import Row
    from analysis.synthetic.proportions import Proportions

K = TypeVar("K")
V = TypeVar("V")

DATA = Path(__file__).parent / "data"
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
"""The kinds of detail that may follow an answer: a hardship reads oddly under hope."""


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A statement or a detail, with its number among all sentences and the code that it supports.

    The question is the one that a statement answers, or the kind of a detail. A sentence that
    speaks of the sea (``coast``) isn't said in a landlocked country.
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
        is_known = any(region not in self.unfit_for for region in regions)
        return is_known and not (self.coast and landlocked)


@dataclass(frozen=True)
class Theme:
    """What a focus group met to discuss, and the codes that come up more often then."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class SentenceBank:
    """All sentences of synthetic submissions.

    A rare statement is made by one focus group of a study at most, a remark has no code, a lead-in
    (label and text) announces a list, a heading has sub-points. Frames are organisers and kinds of
    participants. Synonyms are by the words that they can replace; a report says who said something.
    """

    sentences: tuple[Sentence, ...]
    rare: tuple[Sentence, ...]
    remarks: Mapping[str, tuple[Sentence, ...]]
    themes: tuple[Theme, ...]
    lead_ins: Mapping[str, tuple[tuple[str, str], ...]]
    headings: Mapping[str, tuple[str, ...]]
    frames: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, tuple[str, ...]]
    reports: tuple[str, ...]


@cache
def read_sentences() -> SentenceBank:
    """Return all sentences of synthetic submissions."""
    rows = [row for name in THEME_FILES for row in _rows(name, COLUMNS)]
    rare = _rows("rare", COLUMNS)
    sentences = tuple(_sentences([*rows, *rare]))
    remarks = _rows("remarks", ("questions", "text"))
    themes = _rows("themes", ("text", "codes"))
    frames = _grouped((row["part"], row["text"]) for row in _rows("frames", ("part", "text")))
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
        frames=frames,
        synonyms={
            row["words"]: tuple(row["instead"].split(";"))
            for row in _rows("synonyms", ("words", "instead"))
        },
        reports=tuple(
            report.replace("SOMEBODY", somebody)
            for somebody in frames["somebody"]
            for report in frames["report"]
        ),
    )


def _rows(name: str, columns: tuple[str, ...]) -> list[Row]:
    return read_rows(DATA / "sentences" / f"{name}.csv", columns)


def _sentences(rows: Iterable[Row]) -> Iterator[Sentence]:
    """Yield the sentences of rows, each with where it can be said."""
    words = [
        (
            re.compile(rf"\b{word['word']}(s|es)?\b", re.IGNORECASE),
            frozenset(word["regions"].split(";")) if word["regions"] else None,
            bool(word["coast"]),
        )
        for word in read_rows(DATA / "proportions" / "words.csv", ("word", "regions", "coast"))
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


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


@dataclass(frozen=True)
class Vocabulary:
    """The sentences that can be said in some regions.

    ``tenths`` counts, by code, about how many of ten focus groups speak of it; ``neighbours`` are
    the other codes of its theme, as likely as they come up here; ``related`` the codes that details
    of its statements can have; ``leanings``, by section and code, how much a section speaks of it.
    """

    tenths: Mapping[str, int]
    statements: Mapping[tuple[str, str], tuple[Sentence, ...]]
    details: Mapping[str, Mapping[str, tuple[Sentence, ...]]]
    remarks: Mapping[str, tuple[Sentence, ...]]
    neighbours: Mapping[str, Weighted[str]]
    related: Mapping[str, tuple[str, ...]]
    leanings: Mapping[str, Mapping[str, int]]


def vocabulary_of(
    regions: Sequence[str], *, bank: SentenceBank, proportions: Proportions, codebook: Codebook
) -> Vocabulary:
    """Return the sentences of one region, or of several, which together stress the average."""
    tenths = {
        code: sum(proportions.tenths[region][code] for region in regions) // len(regions)
        for code in codebook.codes
    }
    fitting = [entry for entry in bank.sentences if entry.fits(regions, landlocked=False)]
    return Vocabulary(
        tenths=tenths,
        statements=_grouped(
            ((entry.code, entry.question), entry)
            for entry in fitting
            if not entry.question.startswith(DETAIL)
        ),
        details=_details(fitting, codebook),
        remarks=bank.remarks,
        neighbours=_neighbours(tenths, codebook),
        related=proportions.related,
        leanings={
            section: {code: by_theme[codebook.theme_of(code)] for code in codebook.codes}
            for section, by_theme in proportions.sections.items()
        },
    )


def _details(
    fitting: Sequence[Sentence], codebook: Codebook
) -> dict[str, dict[str, tuple[Sentence, ...]]]:
    details = [entry for entry in fitting if entry.question.startswith(DETAIL)]
    of_code = {code: [entry for entry in details if entry.code == code] for code in codebook.codes}
    return {
        question: {
            code: tuple(entry for entry in entries if entry.question in kinds)
            for code, entries in of_code.items()
        }
        for question, kinds in DETAILS_AFTER.items()
    }


def _neighbours(tenths: Mapping[str, int], codebook: Codebook) -> dict[str, Weighted[str]]:
    spoken_of = {code: weight for code, weight in tenths.items() if weight}
    others = {
        code: {
            other: spoken_of[other]
            for other in codebook.codes_of(codebook.theme_of(code))
            if other in spoken_of and other != code
        }
        for code in codebook.codes
    }
    return {code: Weighted.of(weights) for code, weights in others.items() if weights}
