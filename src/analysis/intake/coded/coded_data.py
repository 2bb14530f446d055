"""Coded data as any tool exports it: codes, documents, selections and codings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.intake.account import Account
    from analysis.study.codebook import Code


ORIGIN = "Focus Group Compendium"
"""The origin that our own files state."""


class CodedCode(NamedTuple):
    """A code as its tool has it; in a tree of any depth.

    Parameters
    ----------
    key : str
        Its id within the data.
    name : str
        Its name.
    parent : str
        The key of the code above it; empty at the top.
    description : str
        What it means.
    is_codable : bool
        Whether it is applied itself, and no mere folder.
    colour : str
        Its colour as ``#rrggbb``; empty where there is none.
    """

    key: str
    name: str
    parent: str = ""
    description: str = ""
    is_codable: bool = True
    colour: str = ""


class Document(NamedTuple):
    """A document that was coded.

    Parameters
    ----------
    key : str
        Its id within the data.
    name : str
        Its name in the tool.
    text : str or None
        All of its text, or None where the export has only what was selected.
    facts : mapping of str to str
        Its facts in the export, by name.
    same_as : str
        The key of the document of another file that it is; empty for the first.
    """

    key: str
    name: str
    text: str | None = None
    facts: Mapping[str, str] = {}
    same_as: str = ""


class Selection(NamedTuple):
    """A stretch of a document.

    Parameters
    ----------
    key : str
        Its id within the data.
    document : str
        The key of its document.
    text : str
        What was selected.
    start, end : int or None
        Its place in the text of the document, in code points; None where it is unknown.
    facts : mapping of str to str
        Its facts in the export, by name.
    where : str
        Its place in its file, for messages: ``codings.csv row 5``; empty where it is unknown.
    """

    key: str
    document: str
    text: str
    start: int | None = None
    end: int | None = None
    facts: Mapping[str, str] = {}
    where: str = ""


class Coding(NamedTuple):
    """One coder applied one code to one selection.

    Parameters
    ----------
    selection, code : str
        Keys.
    coder : str
        The coder as the export names them; empty where it does not.
    """

    selection: str
    code: str
    coder: str = ""


@dataclass(frozen=True)
class CodedData:
    """What a file, or several files together, hold.

    Parameters
    ----------
    file_format : str
        The format that it was read from.
    codes, documents, selections, codings : tuple
        In the order of the file.
    coders : tuple of str
        Those whom the codings name, and those whom the file lists.
    account : Account
        How many items were received, and why some are not here.
    notices : tuple of str
        What a person should know of how it was read.
    reported_counts : mapping of str to int
        How often a codebook says that each of its codes was applied, by key.
    origin : str
        The program that wrote it, where the file states it.
    groups : mapping of str to tuple of str
        The keys of the codes in each group or set of codes, by its name.
    unread : tuple of str
        The columns and sheets that were not read, by letter and by number.
    codebook : tuple of Code
        The codebook of a study, where a table has it; its ids are the names of codes then.
    coded_at : mapping of Coding to str
        The place of each coding in its file, for messages, where it is known.
    """

    file_format: str
    codes: tuple[CodedCode, ...]
    documents: tuple[Document, ...]
    selections: tuple[Selection, ...]
    codings: tuple[Coding, ...]
    coders: tuple[str, ...]
    account: Account
    notices: tuple[str, ...] = ()
    reported_counts: Mapping[str, int] = field(default_factory=dict)
    origin: str = ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    codebook: tuple[Code, ...] = ()
    coded_at: Mapping[Coding, str] = field(default_factory=dict)

    @property
    def is_codebook(self) -> bool:
        """Whether it has codes alone, and nothing that they were applied to."""
        return bool(self.codes) and not self.documents and not self.selections

    @property
    def is_counted(self) -> bool:
        """Whether it has selections, all of them counted and without words."""
        kinds_of_text = {each.facts.get("text_kind", "") for each in self.selections}
        return kinds_of_text == {COUNTED}

    @property
    def is_ours(self) -> bool:
        """Whether this program wrote it."""
        return self.origin.startswith(ORIGIN)


def paths_of(codes: tuple[CodedCode, ...]) -> dict[str, tuple[str, ...]]:
    """Return the names from the top down to each code, by its key.

    Examples
    --------
    >>> paths_of((CodedCode("1", "Rights"), CodedCode("2", "Stigma", "1")))["2"]
    ('Rights', 'Stigma')
    """
    paths: dict[str, tuple[str, ...]] = {}
    for code in codes:
        paths[code.key] = (*paths.get(code.parent, ()), code.name)
    return paths


DOCUMENT_FACTS = (
    "focus_group",
    "title",
    "held_on",
    "scope",
    "places",
    "speaks_of",
    "organiser",
    "theme",
    "participants",
    "language",
    "consent",
    "received_by",
    "source",
    "source_sha256",
    "withdrawn",
)
SELECTION_FACTS = (
    "segment",
    "section",
    "question",
    "position",
    "role",
    "label",
    "text_kind",
    "language",
    "source_sha256",
)
COUNTED = "counted"
"""The kind of text of a selection that a matrix counts: it has no words."""
NONE_BY = "none_by"
"""The fact of a selection that names the coder who found that no code applies."""
OF_NO_TEXT = "no document with text has it"
SAID_ALREADY = "the same document has it already"
"""Why facts of documents are set aside."""

GROUP_PREFIX = "focus_group_"
"""Begins the name of a fact of a focus group in a table whose rows are code applications."""

SHARED_NAMES = ("title", "theme", "language", "source", "source_sha256")
"""Names that a plain table may use for other things than focus groups: these need the prefix."""
