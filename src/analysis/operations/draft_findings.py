"""Draft the findings of a place: topics that many focus groups raised, with counts and passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.engine.failures import storage_errors
from analysis.errors import StudyError, TableError
from analysis.study.csv_rows import format_csv, read_optional_rows
from analysis.study.lock import hold_lock
from analysis.study.opened_study import open_study
from analysis.study.root import require_study
from analysis.study.writing import replace_file
from analysis.synthesis.aggregates import continent_corpus
from analysis.synthesis.claims import Ledger
from analysis.synthesis.corpus_tables import read_focus_groups, region_corpus, require_report
from analysis.synthesis.excerpts import FairChoice
from analysis.synthesis.most_raised import find_candidates
from analysis.synthesis.prevalence import measure_prevalence
from analysis.tables.findings import COLUMNS, PASSAGES
from analysis.tables.placing import places_to_report
from analysis.tables.table_files import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.study.csv_rows import Row
    from analysis.synthesis.corpus import Corpus

DRAFT_COLUMNS = (*COLUMNS, "counts", PASSAGES)
DRAFTED_PASSAGES = 3


@dataclass(frozen=True)
class DraftedFindings:
    """What was drafted.

    Parameters
    ----------
    path : Path
        The file.
    place : str
        The region or the continent.
    candidates : int
        How many rows were added.
    """

    path: Path
    place: str
    candidates: int


def draft_findings(root: Path, study: str, place: str, out: Path | None = None) -> DraftedFindings:
    """Write candidates for the findings of a place, each a row with a blank sentence.

    Candidates are codes that at least three focus groups and a third of those answering raised
    under a question. Rows of other places in the file stay as they are, with all their columns.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.
    place : str
        A region or a continent, by code or name.
    out : Path, optional
        The file; the study's own `findings.csv` without it.

    Raises
    ------
    StudyError
        When the study does not exist, has one focus group there, or the file has rows of the place.
    PlaceError
        When the place is unknown, or the study has no report on it.
    TableError
        When a table can't be read.
    """
    require_study(root / "data", study)
    path = out or root / "data" / study / FINDINGS
    with hold_lock(root, study):
        opened = open_study(root, study)
        code = opened.places.resolve(place)
        rows = read_optional_rows(path, COLUMNS)
        _require_none(rows, code, path)
        received = read_focus_groups(opened)
        regions, reported = places_to_report(received, opened.places, opened.settings.continents)
        require_report(opened, code, (*regions, *reported))
        corpus = (
            region_corpus(opened, received, code)
            if code in regions
            else continent_corpus(opened, received, code)
        )
        drafted = _draft(corpus)
        listed = [*(row.cells for row in rows), *drafted]
        columns = list(dict.fromkeys([*DRAFT_COLUMNS, *(name for row in listed for name in row)]))
        filled = [[row.get(name, "") for name in columns] for row in listed]
        with storage_errors(f"{path.name}, whole or not at all: it is unchanged"):
            replace_file(path, format_csv([columns, *filled]))
    return DraftedFindings(path, code, len(drafted))


def _require_none(rows: list[Row], place: str, path: Path) -> None:
    """Refuse to draft a place that has rows already: nobody's sentence is written over."""
    of_place = [row for row in rows if row["place"] == place]
    if of_place:
        raise StudyError(
            f"{path.name} has rows of {place} already.",
            offenders=[row.offender("drafted or written before") for row in of_place],
            expected="no row of the place",
            remedy="write into these rows, remove them, or draft another file with --out FILE",
        )


def _draft(corpus: Corpus) -> list[Mapping[str, str]]:
    """Return a row for each candidate of each question, with its counts and its passages."""
    if corpus.is_single:
        raise StudyError(
            f"{corpus.name} has one focus group: its report shows what it asks for.",
            expected="a place with several focus groups",
            remedy="choose another place; findings of one discussion are not findings on a place",
        )
    ledger, fair = Ledger(corpus.place), FairChoice(corpus)
    measure_prevalence(corpus, ledger)
    rows: list[Mapping[str, str]] = []
    for question in corpus.study.instrument.domain_questions:
        for number, found in enumerate(find_candidates(corpus, ledger, question), start=1):
            raised = corpus.raised_under(found.code, question).segments
            passages = [fair.choose(raised) for _ in range(DRAFTED_PASSAGES)]
            row = {
                "id": f"{corpus.place}-{question}-{number}",
                "place": corpus.place,
                "question": question,
                "codes": found.code,
                "counts": f"{{prevalence.{found.code}@{question}}} = {found.claim.text}",
                PASSAGES: "; ".join(filter(None, passages)),
            }
            rows.append(row)
    if not rows:
        raise TableError(
            f"{corpus.name} has no candidates.",
            expected="a code that three focus groups and a third of those answering raised",
            remedy="write findings.csv by hand, or leave it to the rule for what was most raised",
        )
    return rows
