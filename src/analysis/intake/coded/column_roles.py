"""Which column of a plain table holds what: by its name, or as a person says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, told_if_close

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.intake.coded.sheets import Sheet

DOCUMENT = "document"
SELECTION = "selection"
TEXT = "text"
CODE = "code"
CODER = "coder"
START = "start"
END = "end"

NAMES: Mapping[str, Sequence[str]] = {
    DOCUMENT: (
        *("focus_group", "document", "document name", "source", "file", "file name", "filename"),
        *("transcript", "interview", "media title", "title"),
    ),
    SELECTION: ("segment", "selection", "passage_id", "passage id", "segment_id", "id"),
    TEXT: (
        *("text", "passage_text", "passage", "segment_text", "excerpt", "quotation", "quote"),
        *("content", "statement", "answer"),
    ),
    CODE: ("code", "code name", "codename", "tag", "code_name"),
    CODER: ("coder", "coded by", "annotator", "rater", "user", "created by"),
    START: ("start", "start_offset", "begin", "from"),
    END: ("end", "end_offset", "to"),
}

# Words in a column of a wide table that say yes or no.
YES = frozenset({"1", "1.0", "true", "yes", "x"})
NO = frozenset({"", "0", "0.0", "false", "no"})


@dataclass(frozen=True)
class ColumnRoles:
    """What a person says of the columns of a plain table.

    Parameters
    ----------
    named : mapping of str to str
        The column that holds the documents, the text and so on; those left out go by their names.
    codes : tuple of str
        The columns that are codes, in a wide table; found by what they hold where none is named.
    facts : mapping of str to str
        The column that holds what the study says of a focus group or a segment, by that.
    """

    named: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def place(self, sheet: Sheet, role: str) -> int | None:
        """Return the place of the column with a role.

        Raises
        ------
        CodedDataError
            When a person named a column that is not there.
        """
        given = self.named.get(role)
        return sheet.at(*NAMES[role]) if given is None else place_of(sheet, given)

    def fact_places(self, sheet: Sheet, known: Sequence[str], prefix: str = "") -> dict[str, int]:
        """Return the places of columns that hold facts, by what the study calls them.

        Parameters
        ----------
        sheet : Sheet
            The table.
        known : sequence of str
            What a study can say.
        prefix : str, optional
            What may stand before it in the name of a column.
        """
        given = {fact: place_of(sheet, name) for fact, name in self.facts.items() if fact in known}
        named = {fact: sheet.at(f"{prefix}{fact}") for fact in known}
        return {fact: at for fact, at in named.items() if at is not None} | given


def place_of(sheet: Sheet, name: str) -> int:
    """Return the place of a column that a person named.

    Raises
    ------
    CodedDataError
        When it is not there, with the closest name.
    """
    at = sheet.at(name.casefold())
    if at is None:
        raise CodedDataError(
            "The mapping names a column that is not there.",
            offenders=[
                f"{sheet.file}: {told_if_close(name, sheet.header, 'no column is like it')}"
            ],
            expected=f"the name of one of its {len(sheet.header)} columns, in its first row",
            remedy="correct columns: in the mapping",
        )
    return at
