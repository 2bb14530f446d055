"""Recognising what a file of coded data is by what is in it, and reading it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from analysis.errors import CodedDataError, closest, count
from analysis.intake import account as kinds
from analysis.intake.coded import (
    atlas_ti,
    code_columns,
    dedoose,
    matrices,
    maxqda,
    nvivo,
    own_tables,
    plain_tables,
    qualcoder,
    refi,
    refi_codebook,
    taguette,
)
from analysis.intake.coded.databases import SQLITE_MARK, open_database
from analysis.intake.coded.plain_tables import ColumnRoles
from analysis.intake.coded.refi_codebook import local_name
from analysis.intake.coded.sheets import Sheet, join_sheets, sheet_of_csv, sheets_of_workbook
from analysis.intake.limits import archive_of, form_of, parse_xml, require_form
from analysis.intake.normalisation import normalise_line_ends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.intake.coded.coded_data import CodedData, Document, Selection
    from analysis.intake.limits import ReceivedFile

Fits: TypeAlias = Callable[[Sheet, ColumnRoles], bool]
Reads: TypeAlias = "Callable[[Sheet, ColumnRoles], CodedData]"

# In this order: the columns of a certain tool come before those of any table.
TABLES: dict[str, tuple[Fits, Reads]] = {
    taguette.HIGHLIGHTS: (taguette.are_highlights, taguette.read_highlights),
    taguette.CODEBOOK: (taguette.is_codebook, taguette.read_codebook),
    dedoose.DEDOOSE: (dedoose.is_dedoose, dedoose.read_dedoose),
    maxqda.MAXQDA: (maxqda.is_maxqda, maxqda.read_maxqda),
    atlas_ti.CODE_LIST: (atlas_ti.is_code_list, atlas_ti.read_code_list),
    atlas_ti.ATLAS_TI: (atlas_ti.is_atlas_ti, atlas_ti.read_atlas_ti),
    qualcoder.QUALCODER: (qualcoder.is_qualcoder, qualcoder.read_qualcoder),
    own_tables.EXPORT: (own_tables.is_export, own_tables.read_export),
    own_tables.CODINGS: (own_tables.are_codings, own_tables.read_codings),
    own_tables.CODEBOOK: (own_tables.is_codebook, own_tables.read_codebook_table),
    code_columns.CODE_COLUMNS: (code_columns.has_code_columns, code_columns.read_code_columns),
    plain_tables.LONG: (plain_tables.is_long, plain_tables.read_long),
    plain_tables.WIDE: (plain_tables.is_wide, plain_tables.read_wide),
    matrices.MATRIX: (matrices.is_matrix, matrices.read_matrix),
}
QUESTION = "question"
OTHER_SHEET = "not read: another sheet has the coded data"
PLAIN = (plain_tables.LONG, plain_tables.WIDE)
OTHERS: dict[str, Callable[[str, bytes], CodedData]] = {
    refi.REFI_PROJECT: refi.read_project,
    refi_codebook.REFI_CODEBOOK: refi_codebook.read_codebook_file,
    taguette.TAGUETTE_PROJECT: taguette.read_taguette_project,
    qualcoder.QUALCODER_PROJECT: qualcoder.read_qualcoder_project,
    nvivo.REFERENCES: nvivo.read_references,
}
FORMATS = (*OTHERS, *TABLES)
ENDINGS = (".tsv", ".qdpx", ".qdc", ".xml", ".sqlite3", ".sqlite", ".db", ".qda")
"""Endings of names that coded data have, and submissions never."""


_DATABASES = {
    taguette.TAGUETTE_PROJECT: taguette.PROJECT_TABLES,
    qualcoder.QUALCODER_PROJECT: qualcoder.PROJECT_TABLES,
}


def recognise(file: ReceivedFile) -> str:
    """Return the format of a file of coded data; empty where it is not a known one.

    Parameters
    ----------
    file : ReceivedFile
        The file.

    Raises
    ------
    SourceError
        When the file cannot be read, or hides something.
    CodedDataError
        When it is a damaged table.
    """
    return _Content(file.name, file.content).recognise(ColumnRoles())


def read_coded(
    file: ReceivedFile, *, file_format: str = "", roles: ColumnRoles | None = None
) -> CodedData:
    """Return the coded data that a file holds.

    Parameters
    ----------
    file : ReceivedFile
        The file.
    file_format : str, optional
        Its format, of `FORMATS`; recognised by its content where it is not given.
    roles : ColumnRoles, optional
        Which column holds what, in a plain table.

    Raises
    ------
    SourceError
        When the file hides something.
    CodedDataError
        When its format is not known, or it is inconsistent.
    """
    received = _Content(file.name, file.content)
    chosen = roles or ColumnRoles()
    if file_format and file_format not in FORMATS:
        raise _no_format(f"{file_format}{closest(file_format, FORMATS)}")
    found = file_format or received.recognise(chosen)
    if not found:
        if form_of(file.content) == "ole":
            require_form(file.name, file.content, ("text", "xlsx", "zip"))
        raise _no_format(file.name)
    return _with_plain_line_ends(received.read(found, chosen))


def _with_plain_line_ends(data: CodedData) -> CodedData:
    """Return coded data whose names and texts end their lines in line feeds alone.

    What this program wrote comes back as it was.
    """
    if data.is_ours:
        return data
    plain = normalise_line_ends

    def facts_of(item: Document | Selection) -> dict[str, str]:
        return {name: plain(fact) for name, fact in item.facts.items()}

    return replace(
        data,
        codes=tuple(
            each._replace(name=plain(each.name), description=plain(each.description))
            for each in data.codes
        ),
        documents=tuple(each._replace(facts=facts_of(each)) for each in data.documents),
        selections=tuple(
            each._replace(text=plain(each.text), facts=facts_of(each)) for each in data.selections
        ),
    )


def _no_format(offender: str) -> CodedDataError:
    return CodedDataError(
        "This is no format of coded data that is known.",
        offenders=[offender],
        expected=f"one of {', '.join(FORMATS)}",
        remedy="name the format with --format, or the columns of a plain table in a --mapping",
    )


def _is_sheet_a_question(file_format: str, sheets: Sequence[Sheet]) -> bool:
    """Return whether each sheet has the coded answers to one question, in the same columns."""
    headers = {each.header for each in sheets}
    is_named = any(each.has(QUESTION) for each in sheets)
    return file_format == code_columns.CODE_COLUMNS and len(headers) == 1 and not is_named


@dataclass(frozen=True)
class _Content:
    """The content of a file, and what was found out about it."""

    name: str
    content: bytes

    @cached_property
    def sheets(self) -> list[Sheet]:
        """Its tables."""
        if form_of(self.content) == "xlsx":
            return sheets_of_workbook(self.name, self.content)
        require_form(self.name, self.content, ("text",))
        return [sheet_of_csv(self.name, self.content)]

    def recognise(self, roles: ColumnRoles) -> str:
        """Return its format; empty where it is none that is known."""
        if self.content.startswith(SQLITE_MARK):
            with open_database(self.name, self.content) as database:
                known = _DATABASES.items()
                return next(
                    (file_format for file_format, tables in known if database.has(*tables)), ""
                )
        kind = form_of(self.content)
        if kind in ("zip", "damaged"):
            names = archive_of(self.name, self.content).names
            is_project = any(name.lower().endswith(refi.INNER_ENDING) for name in names)
            return refi.REFI_PROJECT if is_project else ""
        if kind == "text" and self._may_be_codebook:
            is_codebook = local_name(parse_xml(self.content, self.name)) == "CodeBook"
            return refi_codebook.REFI_CODEBOOK if is_codebook else ""
        if kind == "text" and nvivo.are_references(self.content):
            return nvivo.REFERENCES
        return self._recognise_table(roles) if kind in ("text", "xlsx") else ""

    @property
    def _may_be_codebook(self) -> bool:
        """Whether it may be XML of a codebook; a page of HTML need not be sound XML."""
        begins = self.content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
        return begins and b"CodeBook" in self.content

    def _recognise_table(self, roles: ColumnRoles) -> str:
        found = next(
            (file_format for file_format in TABLES if self._fitting(file_format, roles)), ""
        )
        if not found:
            for sheet in self.sheets:
                if sheet.has_title:
                    sheet.require_even()
        return found

    def _fitting(self, file_format: str, roles: ColumnRoles) -> list[Sheet]:
        """Return the tables that have the columns of a format."""
        fits, _ = TABLES[file_format]
        found, faults = [], []
        for sheet in self.sheets:
            try:
                found += [sheet] if fits(sheet, roles) else []
            except CodedDataError as fault:  # a column that a person named is in another sheet
                faults.append(fault)
        if faults and len(faults) == len(self.sheets):
            raise faults[0]
        return found

    def _read_table(self, file_format: str, roles: ColumnRoles) -> CodedData:
        """Return what the one table of a format holds; a notice counts the others."""
        found = self._fitting(file_format, roles)
        if not found and file_format in PLAIN:  # these report which column is missing
            found = self.sheets[:1]
        if not found:
            raise self._unlike(file_format)
        others = [at for at, sheet in enumerate(self.sheets, 1) if sheet not in found]
        table = self._one_of(found, file_format)
        if file_format == own_tables.EXPORT:
            data = own_tables.read_export(table, roles, self.sheets)
            others = [at for at in others if not own_tables.is_of_export(self.sheets[at - 1])]
        else:
            data = TABLES[file_format][1](table.require_even(), roles)
        notices = (
            [f"{count(len(others), 'other sheet')} of the workbook not read"] if others else []
        )
        if form_of(self.content) == "xlsx":
            data.account.receive(kinds.SHEETS, len(self.sheets))
            data.account.set_aside(kinds.SHEETS, OTHER_SHEET, len(others))
        if table.hidden:
            data.account.exclude(kinds.OTHERS, kinds.HIDDEN, sum(table.hidden.values()))
            notices.append(f"{kinds.HIDDEN}: {', '.join(table.hidden)}")
        return replace(
            data,
            notices=(*data.notices, *notices),
            unread=(*data.unread, *(f"sheet {number}" for number in others)),
        )

    def _one_of(self, found: Sequence[Sheet], file_format: str) -> Sheet:
        """Return the one sheet with coded data, or those with a question each as one.

        Raises
        ------
        CodedDataError
            When there are several others.
        """
        if len(found) > 1 and _is_sheet_a_question(file_format, found):
            return join_sheets(found, QUESTION)
        if len(found) > 1:
            numbers = [at for at, sheet in enumerate(self.sheets, 1) if sheet in found]
            raise CodedDataError(
                f"{self.name} has coded data in several sheets.",
                offenders=[f"sheet {number} of those that hold something" for number in numbers],
                expected="one, with all of it",
                remedy="put them into one sheet, or save each as a file of its own",
            )
        return found[0]

    def _unlike(self, file_format: str) -> CodedDataError:
        return CodedDataError(
            f"{self.name} has not the columns of {file_format}.",
            expected="what the tool exports; docs/imports.md describes each",
            remedy="leave --format out, or name another",
        )

    def read(self, file_format: str, roles: ColumnRoles) -> CodedData:
        """Return what it holds, read as one format."""
        if file_format in TABLES:
            return self._read_table(file_format, roles)
        if file_format == nvivo.REFERENCES and not nvivo.are_references(self.content):
            raise self._unlike(file_format)
        return OTHERS[file_format](self.name, self.content)
