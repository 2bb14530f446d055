"""The codebook of a study: themes, and the codes that are applied."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.errors import StudyError, describe_value
from analysis.study.csv_rows import (
    IDENTIFIER,
    IDENTIFIER_FORM,
    read_rows,
    repeated,
    translated_names,
)
from analysis.study.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.study.csv_rows import Row

CODEBOOK_FILE = "codebook.csv"
COLUMNS = ("code", "parent", "name", "definition", "include", "exclude")


@dataclass(frozen=True)
class Code:
    """A theme, which has no parent, or a code, as the codebook defines it for coders."""

    code: str
    parent: str
    name: str
    definition: str
    include: str
    exclude: str
    names: Mapping[str, str] = field(default_factory=dict)

    def cells(self) -> dict[str, str]:
        """Return its row by column; a name in another language only where it has one."""
        cells = {column: str(getattr(self, column)) for column in COLUMNS}
        return cells | {f"name_{language}": name for language, name in self.names.items()}


@dataclass(frozen=True)
class Codebook:
    """Themes and codes, exactly two levels: a code is applied, a theme is a heading in reports.

    A method that is given an unknown code or theme raises `StudyError`.

    Parameters
    ----------
    entries : mapping of str to Code
        Themes and codes by id, in the order of the file.
    language : str
        The language of reports, in which `name` gives names as far as there are any.
    """

    entries: Mapping[str, Code]
    language: str = ENGLISH

    @cached_property
    def themes(self) -> Mapping[str, Code]:
        """Return the themes by id, in the order of the file."""
        return {code: entry for code, entry in self.entries.items() if not entry.parent}

    @cached_property
    def codes(self) -> Mapping[str, Code]:
        """Return the codes that are applied, by id, in the order of the file."""
        return {code: entry for code, entry in self.entries.items() if entry.parent}

    def codes_of(self, theme: str) -> tuple[str, ...]:
        """Return the codes of a theme, in the order of the file."""
        if theme not in self._codes_of:
            raise _unknown(theme, "theme", self.themes)
        return self._codes_of[theme]

    @cached_property
    def _codes_of(self) -> Mapping[str, tuple[str, ...]]:
        return {
            theme: tuple(code for code, entry in self.codes.items() if entry.parent == theme)
            for theme in self.themes
        }

    def theme_of(self, code: str) -> str:
        """Return the theme of a code."""
        if code not in self.codes:
            raise _unknown(code, "code", self.codes)
        return self.codes[code].parent

    def name(self, code: str) -> str:
        """Return the name of a theme or a code: `name_fr` or `name_pt`, or else `name`."""
        if code not in self.entries:
            raise _unknown(code, "code or theme", self.entries)
        entry = self.entries[code]
        return entry.names.get(self.language, entry.name)

    def in_language(self, language: str) -> Codebook:
        """Return the same codebook with names in a language."""
        return replace(self, language=language)


def read_codebook(path: Path, *, may_be_empty: bool = False) -> Codebook:
    """Return the codebook that a file holds.

    Parameters
    ----------
    path : Path
        A table of `code, parent, name, definition, include, exclude`; it may have `name_fr` and
        `name_pt`.
    may_be_empty : bool, optional
        Whether it may have a header alone, as before anybody has coded.

    Raises
    ------
    TableError
        If the file cannot be read.
    StudyError
        If any of its rows cannot be used; every such row is listed.
    """
    return parse_codebook(read_rows(path, COLUMNS, may_be_empty=may_be_empty))


def parse_codebook(rows: Sequence[Row]) -> Codebook:
    """Return the codebook that the rows of a table are.

    Parameters
    ----------
    rows : sequence of Row
        Rows with `COLUMNS`.

    Raises
    ------
    StudyError
        If any of the rows cannot be used; every such row is listed.
    """
    offenders = list(_offenders(rows))
    if offenders:
        raise StudyError(
            "The codebook cannot be used.",
            offenders=offenders,
            expected="themes without a parent, and codes each with a theme as its parent",
            remedy="Correct the rows named.",
        )
    return Codebook({row["code"]: _code_of(row) for row in rows})


def _code_of(row: Row) -> Code:
    """Return the theme or the code that a row defines."""
    return Code(**{column: row[column] for column in COLUMNS}, names=translated_names(row))


def _offenders(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what is wrong with each row."""
    parent_of = {row["code"]: row["parent"] for row in rows}
    themes = [code for code, of in parent_of.items() if not of and IDENTIFIER.fullmatch(code)]
    used = set(parent_of.values())
    for row in rows:
        code, parent = row["code"], row["parent"]
        named, above = describe_value(code, "code"), describe_value(parent, "parent")
        if not IDENTIFIER.fullmatch(code):
            yield row.offender(f"{named} is not made of {IDENTIFIER_FORM}")
        if not row["name"].strip():
            yield row.offender(f"{named} has no name")
        if parent and parent not in parent_of:
            yield row.offender(f"unknown {describe_value(parent, 'parent', themes)}")
        if parent_of.get(parent):
            yield row.offender(f"{above} isn't a theme: it has a parent itself")
        if not parent and code not in used:
            yield row.offender(f"{describe_value(code, 'theme')} has no codes")
    yield from repeated([row for row in rows if IDENTIFIER.fullmatch(row["code"])], "code")


def _unknown(text: str, kind: str, known: Mapping[str, Code]) -> StudyError:
    """Return the error for a code or theme that the codebook does not have."""
    return StudyError(
        f"The codebook does not have this {kind}.",
        offenders=[describe_value(text, kind, known)],
        expected=f"a {kind} of {CODEBOOK_FILE}",
        remedy=f"Correct it, or add it to {CODEBOOK_FILE}.",
    )
