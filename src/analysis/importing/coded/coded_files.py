"""Files of coded data as received: no file is taken in twice, and each tells its focus groups."""

from __future__ import annotations

from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import CodedDataError
from analysis.importing.result import RawCopy, digest_of_file
from analysis.tables.registry import Received

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.importing.coded.focus_group_rows import DocumentGroups
    from analysis.intake.coded.account import AccountLine
    from analysis.intake.coded.coded_data import CodedData

KEPT_DIGITS = 16
ENDINGS = frozenset(
    {".csv", ".tsv", ".txt", ".xlsx", ".qdpx", ".qdc", ".xml", ".sqlite3", ".sqlite", ".db", ".qda"}
)
"""All else behind the last dot of a name may be somebody's."""


class CodedFile(NamedTuple):
    """A file as received.

    Parameters
    ----------
    name : str
        Its name as received, which may be a person's and is not kept.
    content : bytes
        Its content.
    form : str
        Its format.
    documents : int
        How many documents it holds.
    """

    name: str
    content: bytes
    form: str
    documents: int

    @property
    def sha256(self) -> str:
        """The digest of its content."""
        return digest_of_file(self.content)

    @property
    def raw(self) -> str:
        """What it is called in ``raw/``."""
        ending = PurePath(self.name).suffix.lower()
        return f"{self.sha256[:KEPT_DIGITS]}{ending if ending in ENDINGS else ''}"


def refuse_repeated(files: Sequence[CodedFile], known: Mapping[str, str]) -> None:
    """Refuse files that were taken in before, or are there twice now.

    Parameters
    ----------
    files : sequence of CodedFile
        The files of this import.
    known : mapping of str to str
        By their digests, the files that the study took in.

    Raises
    ------
    CodedDataError
        When a file is there twice.
    """
    seen = set(known)
    offenders = []
    for file in files:
        if file.sha256 in seen:
            offenders.append(file.name)
        seen.add(file.sha256)
    if offenders:
        raise CodedDataError(
            "A file was taken in before, or is named twice.",
            offenders=offenders,
            expected="each file once, so that nobody counts twice",
            remedy="leave the file out",
        )


def raw_copies(
    files: Sequence[CodedFile],
    data: CodedData,
    groups: DocumentGroups,
    account: Sequence[AccountLine],
) -> list[RawCopy]:
    """Return what is kept of the files of an import, each with the focus groups that it holds.

    Parameters
    ----------
    files : sequence of CodedFile
        The files, in the order in which they were put together.
    data : CodedData
        What they hold together: the documents of each file after those of the one before.
    groups : DocumentGroups
        What the documents became.
    account : sequence of AccountLine
        What became of all that they hold.
    """
    documents = iter(data.documents)
    together = [file.raw for file in files]
    copies = []
    for file, raw in zip(files, together, strict=True):
        # What it takes to digest a file grows with it: once, and not for each focus group.
        digest = file.sha256
        held: dict[tuple[str, str], None] = {}
        for document in islice(documents, file.documents):
            group = groups.group_of[document.key]
            if group:
                held[group, groups.digests.get(document.key, "")] = None
        received = [
            Received(raw, digest, file.form, group, words)
            for group, words in held or {("", ""): None}
        ]
        told = {
            "sha256": digest,
            "files": together,
            "focus_groups": list(dict.fromkeys(group for group, _ in held)),
            "account": [line._asdict() for line in account],
        }
        copies.append(RawCopy(raw, file.content, tuple(received), told))
    return copies
