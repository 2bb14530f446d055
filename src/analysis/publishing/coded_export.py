"""A study in the formats that other tools read: an export, and the download of a release.

Consent decides what is shown, coders are pseudonyms, and each item that is withheld is counted with
its reason. What is exported imports back whole.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, StorageError, describe_value
from analysis.importing.coded.code_tree import ITSELF, MADE_UP, tree_of_codebook
from analysis.intake import account as kinds
from analysis.intake.account import Account
from analysis.intake.coded.coded_data import (
    GROUP_PREFIX,
    ORIGIN,
    CodedData,
    Coding,
    Document,
    Selection,
)
from analysis.intake.coded.own_tables import (
    CODE_NAME,
    CODE_PREFIX,
    CODEBOOK_SHEET,
    CODERS_SHEET,
    CODINGS_SHEET,
    DEFINING,
    ENTRY_COLUMNS,
    GROUPS_SHEET,
)
from analysis.intake.coded.refi_writer import codebook_bytes, project_bytes
from analysis.intake.coded.table_writer import csv_bytes, workbook_bytes
from analysis.study.writing import replace_file
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.consent import withhold_cells
from analysis.tables.received import read_received

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from analysis.intake.account import AccountLine
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.received import ReceivedTables

GROUP_COLUMNS = tuple(name for name in focus_groups.COLUMNS if name != focus_groups.FOCUS_GROUP)
CODINGS_HEADER = (
    *segments.COLUMNS,
    code_applications.CODE,
    CODE_NAME,
    code_applications.CODER,
    *(f"{GROUP_PREFIX}{name}" for name in GROUP_COLUMNS),
)
DEFINING_HEADER = tuple(f"{CODE_PREFIX}{name}" for name in DEFINING)

BETWEEN = "\n\n"
WITHDRAWN = "its focus group withdrew"
COUNTS_ONLY = "consent is for counts only"
NO_CONSENT = "its focus group gave no consent"
SET_ASIDE = "it was set aside to protect people"
REASONS = {"aggregate-only": COUNTS_ONLY, "none": NO_CONSENT}
UNKNOWN_CONSENT = "what its focus group consents to is not known"
MAY_SHOW = ""
# The strictest first: of several rows with the id of one focus group, the strictest counts.
BY_STRICTNESS = (WITHDRAWN, NO_CONSENT, UNKNOWN_CONSENT, COUNTS_ONLY, MAY_SHOW)
UNKNOWN_GROUP = "its focus group is not in focus_groups.csv"
NO_CODE_APPLIES = "it says that no code applies, and not which one does"
UNKNOWN_SEGMENT = "its segment is not in segments.csv"
NO_WORDS = "(counted in a matrix, without words)"
"""What a document has for a segment without words, so that it can be selected."""
NOT_SHOWN = "no report shows it: it may name somebody, or show small numbers of people"


@dataclass(frozen=True)
class ExportResult:
    """What came of an export.

    Parameters
    ----------
    study : str
        The study.
    to : str
        The format that it was written in.
    account : tuple of AccountLine
        What was written, and what was withheld for which reason.
    """

    study: str
    to: str
    account: tuple[AccountLine, ...]


def write_export(opened: OpenedStudy, to: str, out: Path) -> ExportResult:
    """Write what consent lets be shown of a study that was checked.

    Raises
    ------
    TableError
        When a table cannot be read.
    CodedDataError
        When the tables are inconsistent, or do not fit the format.
    StorageError
        When the file cannot be written.
    """
    data = shown_data(opened, read_received(opened.folder))
    try:
        replace_file(out, FORMATS[to](data, opened))
    except OSError as error:
        raise StorageError(
            f"{out.name} cannot be written: {error.strerror}.",
            expected="room on the disk, and the right to write there",
            remedy="choose another place",
        ) from error
    lines = data.account.lines()
    kept = [line for line in lines if to != "qdc" or line.kind == kinds.CODES]
    return ExportResult(opened.settings.name, to, tuple(kept))


def shown_data(opened: OpenedStudy, tables: ReceivedTables) -> CodedData:
    """Return what a study may show, each focus group a document made of its segments.

    A document's text is its segments in the order of the table, with an empty line between: what
    was said besides is not in the tables. Participants are never exported.

    Raises
    ------
    CodedDataError
        When a code application names what the codebook or the settings do not have.
    """
    account = Account()
    reasons = _reasons_against(tables.focus_groups)
    _count(account, kinds.DOCUMENTS, list(reasons.values()))
    codes, keys = tree_of_codebook(opened.codebook.entries)
    account.receive(kinds.CODES, len(opened.codebook.entries))
    account.set_aside(
        kinds.CODES,
        MADE_UP,
        len(opened.codebook.entries) - len(codes),
    )
    texts, selections, hidden = _selections(tables.segments, reasons, account)
    codings = _codings(tables.code_applications, keys, hidden, account)
    coders = tuple(coder.coder for coder in opened.settings.coders)
    account.receive(kinds.CODERS, len(coders))
    applied = code_applications.without_none(tables.code_applications, keys)
    _require_known(applied, keys, coders)
    return CodedData(
        file_format="study",
        codes=codes,
        documents=_documents(tables.focus_groups, reasons, texts, account),
        selections=tuple(selections),
        codings=tuple(codings),
        coders=coders,
        account=account,
        origin=ORIGIN,
    )


def _reasons_against(groups: pd.DataFrame) -> dict[str, str]:
    """Return why each focus group may not be shown, by its strictest row; empty where it may."""
    reasons: dict[str, str] = {}
    for group, consent, withdrawn in zip(
        groups[focus_groups.FOCUS_GROUP],
        groups[focus_groups.CONSENT],
        groups[focus_groups.WITHDRAWN],
        strict=True,
    ):
        may_show = consent in focus_groups.CONSENT_TO_SHOW
        by_consent = MAY_SHOW if may_show else REASONS.get(consent, UNKNOWN_CONSENT)
        candidates = (reasons.get(group, MAY_SHOW), WITHDRAWN if withdrawn else by_consent)
        reasons[group] = min(candidates, key=BY_STRICTNESS.index)
    return reasons


def _documents(
    rows: pd.DataFrame,
    reasons: dict[str, str],
    texts: dict[str, list[str]],
    account: Account,
) -> tuple[Document, ...]:
    """Return the focus groups that may be shown, with what may be shown of them."""
    allowed = rows[[not reasons[group] for group in rows[focus_groups.FOCUS_GROUP]]]
    shown = withhold_cells(allowed).assign(**{focus_groups.PARTICIPANTS: ""})
    filled, left = (int((each != "").to_numpy().sum()) for each in (allowed, shown))
    account.receive(kinds.FACTS, filled)
    account.set_aside(kinds.FACTS, NOT_SHOWN, filled - left)
    return tuple(
        Document(
            row[focus_groups.FOCUS_GROUP],
            row[focus_groups.FOCUS_GROUP],
            BETWEEN.join(texts[row[focus_groups.FOCUS_GROUP]]),
            {str(name): held for name, held in row.items() if held},
        )
        for row in shown.to_dict("records")
    )


def _count(account: Account, kind: str, reasons: list[str]) -> None:
    account.receive(kind, len(reasons))
    for reason in reasons:
        if reason:
            account.set_aside(kind, reason)


def _selections(
    rows: pd.DataFrame, reasons: dict[str, str], account: Account
) -> tuple[dict[str, list[str]], list[Selection], dict[str, str]]:
    """Return the words of each focus group, its selections, and why others are not shown."""
    texts: dict[str, list[str]] = defaultdict(list)
    ends: dict[str, int] = defaultdict(lambda: -len(BETWEEN))
    selections: list[Selection] = []
    hidden: dict[str, str] = {}
    for row in rows.to_dict("records"):
        group, segment, text = (
            row[name] for name in (segments.FOCUS_GROUP, segments.SEGMENT, segments.TEXT)
        )
        reason = reasons.get(group, UNKNOWN_GROUP)
        if row[segments.ROLE] == segments.SET_ASIDE:
            reason = reason or SET_ASIDE
        hidden[segment] = reason
        if reason:
            continue
        words = NO_WORDS if row[segments.TEXT_KIND] == segments.COUNTED else text
        start = ends[group] + len(BETWEEN)
        ends[group] = start + len(words)
        texts[group].append(words)
        facts = {
            str(name): held
            for name, held in row.items()
            if held and name not in (segments.FOCUS_GROUP, segments.TEXT)
        }
        selections.append(Selection(segment, group, text, start, ends[group], facts))
    _count(account, kinds.SELECTIONS, list(hidden.values()))
    return texts, selections, hidden


def _codings(
    rows: pd.DataFrame, keys: dict[str, str], hidden: dict[str, str], account: Account
) -> list[Coding]:
    found: list[Coding] = []
    columns = (code_applications.SEGMENT, code_applications.CODE, code_applications.CODER)
    reasons: list[str] = []
    for segment, code, coder in zip(*(rows[name] for name in columns), strict=True):
        reason = hidden.get(segment, UNKNOWN_SEGMENT)
        reasons.append(reason)
        if not reason:
            found.append(Coding(segment, keys.get(code, code), coder))
    _count(account, kinds.CODINGS, reasons)
    return found


def _require_known(rows: pd.DataFrame, keys: dict[str, str], coders: tuple[str, ...]) -> None:
    offenders: list[str] = []
    for name, known in ((code_applications.CODE, keys), (code_applications.CODER, coders)):
        unknown = rows.loc[~rows[name].isin(list(known)), name]
        described = {value: describe_value(value, name, known) for value in unknown.unique()}
        offenders += [
            f"code_applications.csv row {row}: unknown {described[value]}"
            for row, value in unknown.items()
        ]
    if offenders:
        raise CodedDataError(
            "The study cannot be exported.",
            offenders=offenders,
            expected="codes of codebook.csv, and coders of study.yaml",
            remedy="run compendium check, which lists everything that is wrong",
        )


def _to_qdpx(data: CodedData, opened: OpenedStudy) -> bytes:
    known = {code.key for code in data.codes}
    applied = tuple(each for each in data.codings if each.code in known)
    data.account.set_aside(kinds.CODINGS, NO_CODE_APPLIES, len(data.codings) - len(applied))
    return project_bytes(replace(data, codings=applied), opened.settings.title)


def _to_qdc(data: CodedData, opened: OpenedStudy) -> bytes:
    if not data.codes:
        raise CodedDataError(
            "The study has no codebook to export.",
            offenders=[f"{opened.settings.name}/codebook.csv has no codes"],
            expected="at least one code",
            remedy="export to csv, xlsx or qdpx, which hold the segments to code",
        )
    return codebook_bytes(data.codes)


def _to_csv(data: CodedData, opened: OpenedStudy) -> bytes:
    """Return one table: a row for each coding, then for each focus group, then for each code."""
    header, *codings = _coding_rows(data, opened)
    blank = dict.fromkeys((*header, *DEFINING_HEADER), "")
    rows = [(*row, *[""] * len(DEFINING_HEADER)) for row in codings]
    for document in data.documents:
        facts = {f"{GROUP_PREFIX}{name}": document.facts.get(name, "") for name in GROUP_COLUMNS}
        rows.append((*(blank | facts | {segments.FOCUS_GROUP: document.key}).values(),))
    for entry in opened.codebook.entries.values():
        cells = entry.cells()
        own = {f"{CODE_PREFIX}{name}": cells.get(name, "") for name in DEFINING}
        own |= {code_applications.CODE: entry.code, CODE_NAME: entry.name}
        rows.append((*(blank | own).values(),))
    return csv_bytes([tuple(blank), *rows])


def _to_xlsx(data: CodedData, opened: OpenedStudy) -> bytes:
    entries = [entry.cells() for entry in opened.codebook.entries.values()]
    codebook = [[cells.get(name, "") for name in ENTRY_COLUMNS] for cells in entries]
    groups = [
        [each.facts.get(name, "") for name in focus_groups.COLUMNS] for each in data.documents
    ]
    coders = [[each.coder, each.kind, each.description] for each in opened.settings.coders]
    return workbook_bytes(
        {
            CODINGS_SHEET: _coding_rows(data, opened),
            CODEBOOK_SHEET: [ENTRY_COLUMNS, *codebook],
            GROUPS_SHEET: [focus_groups.COLUMNS, *groups],
            CODERS_SHEET: [("coder", "kind", "description"), *coders],
        }
    )


def _coding_rows(data: CodedData, opened: OpenedStudy) -> list[tuple[str, ...]]:
    """Return a row for each coding, and one for each segment without; the header first."""
    applied: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    ids = opened.codebook.codes
    for coding in data.codings:
        code, name = coding.code, ""
        if code in ids or code in opened.codebook.themes:
            code = code if code in ids else f"{code}.{ITSELF}"
            name = opened.codebook.name(code)
        applied[coding.selection].append((code, name, coding.coder))
    facts = {
        document.key: tuple(document.facts.get(name, "") for name in GROUP_COLUMNS)
        for document in data.documents
    }
    rows: list[tuple[str, ...]] = [CODINGS_HEADER]
    for selection in data.selections:
        own = {
            **selection.facts,
            segments.FOCUS_GROUP: selection.document,
            segments.TEXT: selection.text,
        }
        cells = tuple(own.get(name, "") for name in segments.COLUMNS)
        rows += [
            (*cells, *application, *facts[selection.document])
            for application in applied[selection.key] or [("", "", "")]
        ]
    return rows


FORMATS: dict[str, Callable[[CodedData, OpenedStudy], bytes]] = {
    "qdpx": _to_qdpx,
    "qdc": _to_qdc,
    "csv": _to_csv,
    "xlsx": _to_xlsx,
}
