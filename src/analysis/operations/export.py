"""Giving out a study in the forms that other tools read; what consent withholds stays here."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, StorageError, closest
from analysis.importing.coded.code_descriptions import ITSELF
from analysis.intake.coded.account import CODES
from analysis.intake.coded.facts import GROUP_PREFIX
from analysis.intake.coded.refi_writer import codebook_bytes, project_bytes
from analysis.intake.coded.table_writer import csv_bytes, workbook_bytes
from analysis.operations.shown_data import shown_data
from analysis.study.codebook import COLUMNS as CODEBOOK_COLUMNS
from analysis.study.opened_study import open_study
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.received import read_received

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.intake.coded.account import AccountLine
    from analysis.intake.coded.coded_data import CodedData
    from analysis.study.opened_study import OpenedStudy

GROUP_COLUMNS = tuple(name for name in focus_groups.COLUMNS if name != focus_groups.FOCUS_GROUP)
CODINGS_HEADER = (
    *segments.COLUMNS,
    code_applications.CODE,
    "code_name",
    code_applications.CODER,
    *(f"{GROUP_PREFIX}{name}" for name in GROUP_COLUMNS),
)


@dataclass(frozen=True)
class GivenOut:
    """What came of an export.

    Parameters
    ----------
    study : str
        The study.
    to : str
        The form that it was written in.
    account : tuple of AccountLine
        What was written, and what was withheld for which reason.
    """

    study: str
    to: str
    account: tuple[AccountLine, ...]


def require_form(to: str) -> None:
    """Refuse what is no form that a study is written in.

    Parameters
    ----------
    to : str
        The name of the form.

    Raises
    ------
    CodedDataError
        When there is no such form, naming the closest.
    """
    if to not in FORMS:
        raise CodedDataError(
            "This is no form that a study is written in.",
            offenders=[f"{to}{closest(to, FORMS)}"],
            expected=", ".join(FORMS),
            remedy="correct --to",
        )


def give_out(root: Path, name: str, to: str, out: Path) -> GivenOut:
    """Write a study for other tools, and return what was written and what withheld.

    Consent is obeyed here. Whether guards find anything that stands against it is asked before.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    name : str
        The study.
    to : str
        One of `FORMS`.
    out : Path
        The file to write; one that is there is replaced.

    Raises
    ------
    StudyError, TableError
        When the study cannot be used.
    CodedDataError
        When its tables do not hold together, or it does not fit the form.
    StorageError
        When the file cannot be written.
    """
    require_form(to)
    opened = open_study(root, name)
    data = shown_data(opened, read_received(opened.folder))
    _write(out, FORMS[to](data, opened))
    lines = data.account.lines()
    kept = [line for line in lines if to != "qdc" or line.kind == CODES]
    return GivenOut(name, to, tuple(kept))


def _write(out: Path, content: bytes) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(prefix=".export-", dir=out.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(beside).chmod(0o644)
            Path(beside).replace(out)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageError(
            f"{out.name} cannot be written: {error.strerror}.",
            expected="room on the disk, and the right to write there",
            remedy="choose another place",
        ) from error


def _to_qdpx(data: CodedData, opened: OpenedStudy) -> bytes:
    return project_bytes(data, opened.settings.title)


def _to_qdc(data: CodedData, _: OpenedStudy) -> bytes:
    return codebook_bytes(data.codes)


def _to_csv(data: CodedData, opened: OpenedStudy) -> bytes:
    return csv_bytes(_coding_rows(data, opened))


def _to_xlsx(data: CodedData, opened: OpenedStudy) -> bytes:
    entries = opened.codebook.entries.values()
    codebook = [[getattr(entry, name) for name in CODEBOOK_COLUMNS] for entry in entries]
    groups = [
        [each.facts.get(name, "") for name in focus_groups.COLUMNS] for each in data.documents
    ]
    coders = [[each.coder, each.kind, each.description] for each in opened.settings.coders]
    return workbook_bytes(
        {
            "codings": _coding_rows(data, opened),
            "codebook": [CODEBOOK_COLUMNS, *codebook],
            "focus_groups": [focus_groups.COLUMNS, *groups],
            "coders": [("coder", "kind", "description"), *coders],
        }
    )


def _coding_rows(data: CodedData, opened: OpenedStudy) -> list[tuple[str, ...]]:
    """Return a row for each coding, and one for each segment without; the header first."""
    applied: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    ids = opened.codebook.codes
    for coding in data.codings:
        code = coding.code if coding.code in ids else f"{coding.code}.{ITSELF}"
        applied[coding.selection].append((code, opened.codebook.name(code), coding.coder))
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
        told = tuple(own.get(name, "") for name in segments.COLUMNS)
        rows += [
            (*told, *application, *facts[selection.document])
            for application in applied[selection.key] or [("", "", "")]
        ]
    return rows


FORMS: dict[str, Callable[[CodedData, OpenedStudy], bytes]] = {
    "qdpx": _to_qdpx,
    "qdc": _to_qdc,
    "csv": _to_csv,
    "xlsx": _to_xlsx,
}
