"""Findings: sentences about what focus groups said, which a person or a model wrote for reports.

`findings.csv` is optional. A number in a sentence is a placeholder for a claim, such as
``{prevalence.health-access@hope}``: the build fills it, so that a number is never stale.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import StudyError, describe_value
from analysis.study.csv_rows import read_optional_rows, repeated
from analysis.study.dates import date_faults
from analysis.tables.table_files import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.study.csv_rows import Row
    from analysis.study.opened_study import OpenedStudy

COLUMNS = ("id", "place", "question", "sentence", "codes", "author", "author_kind", "date")
PASSAGES = "passages"
"""In a draft, the ids of passages to read before a sentence is written, with ``;`` between them."""

AUTHOR_KINDS = ("person", "model")
ANY_QUESTION = "any"
MOST_FINDINGS = 8
MOST_WORDS = 24
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Claims that a sentence may name, besides the prevalence of a theme or a code.
OTHER_CLAIMS = ("groups", "countries", "segments")

_ID = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True)
class Finding:
    """One finding.

    Parameters
    ----------
    id : str
        Its id, which no other finding of the study has.
    place : str
        The region or the continent whose report it is in.
    question : str
        The question that it is about, such as ``hope``; ``any`` for several.
    sentence : str
        The sentence, with a placeholder for each number.
    codes : tuple of str
        The themes and codes that it rests on.
    author, author_kind : str
        Who wrote it, and whether that is a person or a model.
    date : str
        When it was written, ``YYYY-MM-DD``.
    row : int
        Its row in the file.
    """

    id: str
    place: str
    question: str
    sentence: str
    codes: tuple[str, ...]
    author: str
    author_kind: str
    date: str
    row: int

    def offender(self, detail: str) -> str:
        """Return a line with the place of this finding and what is wrong with it."""
        return f"{FINDINGS} row {self.row}: {detail}"


@dataclass(frozen=True)
class Placeholder:
    """The claim that a placeholder names.

    Parameters
    ----------
    kind : str
        ``prevalence``, or one of ``OTHER_CLAIMS``.
    code : str
        The theme or code of a prevalence.
    at : str
        The question or the region that a prevalence is narrowed to, or nothing.
    """

    kind: str
    code: str = ""
    at: str = ""


def read_placeholder(text: str, opened: OpenedStudy) -> Placeholder | None:
    """Return the claim that a placeholder names, or None where no report makes such a claim.

    In a code, ``_`` may be written for ``-``.

    Parameters
    ----------
    text : str
        What is between the braces, such as ``prevalence.health-access@hope``.
    opened : OpenedStudy
        The study.
    """
    if text in OTHER_CLAIMS:
        return Placeholder(text)
    named, _, at = text.partition("@")
    kind, _, code = named.partition(".")
    entries = opened.codebook.entries
    code = code if code in entries else code.replace("_", "-")
    narrower = (*opened.instrument.domain_questions, *opened.places.wider("region"))
    known = kind == "prevalence" and code in entries and ("@" not in text or at in narrower)
    return Placeholder(kind, code, at) if known else None


def questions_of(opened: OpenedStudy) -> tuple[str, ...]:
    """Return the questions that a finding may be about."""
    template = opened.instrument
    others = (
        question
        for entry in template.sections
        if entry.kind in ("patterns", "recommendations")
        for question in template.questions(entry.section)
    )
    return (*template.domain_questions, *others, ANY_QUESTION)


def read_findings(opened: OpenedStudy, place: str = "") -> list[Finding]:
    """Return the findings of a study, or of one place, in the order of the file.

    Rows without a sentence are drafts and are left out.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    place : str, optional
        A region or a continent.

    Raises
    ------
    StudyError
        When a row can't be used, wherever it is; every such row is listed.
    TableError
        When the file can't be read.
    """
    rows = read_optional_rows(opened.folder / FINDINGS, COLUMNS)
    offenders = [*repeated(rows, "id"), *(each for row in rows for each in _offenders(row, opened))]
    offenders += _too_many(rows)
    if offenders:
        raise StudyError(
            f"{FINDINGS} of {opened.settings.name} cannot be used.",
            offenders=offenders,
            expected=(
                f"at most {MOST_FINDINGS} sentences for each place, each of at most {MOST_WORDS} "
                "words, with known codes, and a placeholder like {prevalence.CODE}, "
                "{prevalence.CODE@QUESTION} or {groups} for each number"
            ),
            remedy=f"Correct the rows named; compendium findings {opened.settings.name} --place "
            "PLACE drafts rows with the placeholders that there are.",
        )
    findings = [_finding(row) for row in rows if not _is_draft(row)]
    return [finding for finding in findings if place in ("", finding.place)]


def _is_draft(row: Row) -> bool:
    return not row["sentence"].strip()


def _finding(row: Row) -> Finding:
    values = {name: row[name].strip() for name in COLUMNS if name != "codes"}
    return Finding(**values, codes=_codes(row), row=row.number)


def _codes(row: Row) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, row["codes"].split(";"))))


def _offenders(row: Row, opened: OpenedStudy) -> Iterator[str]:
    """Yield what is wrong with a row by itself; of a draft only its id, place and question."""
    reported = [*opened.places.wider("region"), *opened.places.wider("continent")]
    if not _ID.fullmatch(row["id"]):
        named = describe_value(row["id"], "id")
        yield row.offender(f"{named} is not made of lower-case letters a-z, digits, '-' and '_'")
    if row["place"] not in reported:
        yield row.offender(f"unknown {describe_value(row['place'], 'place', reported)}")
    questions = questions_of(opened)
    if row["question"] not in questions:
        yield row.offender(f"unknown {describe_value(row['question'], 'question', questions)}")
    if _is_draft(row):
        return
    if not _codes(row):
        yield row.offender("no codes: name the themes or codes that the sentence rests on")
    for code in _codes(row):
        if code not in opened.codebook.entries:
            yield row.offender(f"unknown {describe_value(code, 'code', opened.codebook.entries)}")
    yield from (row.offender(fault) for fault in _faults_of_sentence(row["sentence"], opened))
    yield from (row.offender(fault) for fault in _faults_of_author(row))


def _faults_of_author(row: Row) -> Iterator[str]:
    """Yield what is wrong with who wrote a sentence, and when."""
    if not row["author"].strip():
        yield "no author"
    if row["author_kind"] not in AUTHOR_KINDS:
        yield f"unknown {describe_value(row['author_kind'], 'author_kind', AUTHOR_KINDS)}"
    yield from date_faults(row["date"])


def _faults_of_sentence(sentence: str, opened: OpenedStudy) -> Iterator[str]:
    """Yield what is wrong with a sentence, without quoting it."""
    words = len(PLACEHOLDER.sub("number", sentence).split())
    if words > MOST_WORDS:
        yield f"the sentence has {words} words"
    rest = PLACEHOLDER.sub("", sentence)
    if re.search(r"\d", rest):
        yield "the sentence has a number that is no placeholder"
    if re.search("[{}]", rest):
        yield "the sentence has a brace that is not closed, or not opened"
    codes = [f"prevalence.{code}" for code in opened.codebook.entries]
    for text in PLACEHOLDER.findall(sentence):
        if read_placeholder(text, opened) is None:
            named = describe_value(text.partition("@")[0], "claim", (*OTHER_CLAIMS, *codes))
            _, _, at = text.partition("@")
            yield f"unknown {named}" + (f", at {describe_value(at, 'question')}" if at else "")


def _too_many(rows: Sequence[Row]) -> Iterator[str]:
    counts = Counter(row["place"] for row in rows if not _is_draft(row))
    for place, number in counts.items():
        if number > MOST_FINDINGS:
            yield f"{FINDINGS}: {number} findings of {describe_value(place, 'place')}"
