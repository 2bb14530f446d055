r"""The readers of NVivo's exports: references coded at nodes, as text, and matrices of counts.

The text has the lines that scripts for such exports look for: `Files\\NAME - § 2 references coded
[6.78% Coverage]`, `Reference 1 - 5.80% Coverage`, and the words below. A node is told by a line
`Name: NODE` or `Nodes\\NODE` (`Codes\\NODE`) above; else the file is named after it. A matrix has
columns `A : NAME` and rows `1 : NAME`. Both were checked against files written for this purpose,
and not against files that NVivo wrote.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from analysis.intake.coded import account as kinds
from analysis.intake.coded.coded_data import Selection
from analysis.intake.coded.gathering import NO_TEXT, Gathering
from analysis.intake.coded.whole_numbers import whole_number
from analysis.intake.limits import decode_text

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.column_roles import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

REFERENCES = "nvivo-references"
MATRIX = "nvivo-matrix"
ONLY_COUNTS = "a count tells no words"
UTF_16_MARK = b"\xff\xfe"

_SOURCE = re.compile(r"^<?(?P<source>.+?)>? - § (?P<count>\d+) references? coded\s*(\[.*\])?\s*$")
_REFERENCE = re.compile(r"^References? \d+(-\d+)?( - [\d.,]+\s?% Coverage)?\s*$")
_NODE = re.compile(r"^(Name: |<?(Nodes|Codes)\\\\)(?P<node>[^>]+)>?\s*$")
_ROW = re.compile(r"^\d+ : (?P<name>.+)$")
_COLUMN = re.compile(r"^[A-Z]+ : (?P<name>.+)$")


def are_references(content: bytes) -> bool:
    """Return whether a text is an export of references."""
    text = content[:100_000].decode(
        "utf-16" if content.startswith(UTF_16_MARK) else "utf-8", "replace"
    )
    return any(_SOURCE.match(line) for line in text.splitlines())


def read_references(name: str, content: bytes) -> CodedData:
    """Return what an export of references holds.

    Raises
    ------
    SourceError
        When it is no text in UTF-8 or UTF-16.
    """
    if content.startswith(UTF_16_MARK):
        content = content.decode("utf-16", "replace").encode()
    reader = _References(PurePath(name).stem)
    for line in decode_text(name, content).splitlines():
        reader.take(line)
    return reader.finish()


class _References:
    """The references read so far, and the words of the one that is read."""

    def __init__(self, node: str) -> None:
        self._gathering = Gathering(REFERENCES)
        self._node = node
        self._document = ""
        self._words: list[str] | None = None
        self._promised = self._found = 0

    def take(self, line: str) -> None:
        """Read a line."""
        source, node = _SOURCE.match(line), _NODE.match(line)
        if node:
            self._close()
            self._node = node["node"].strip()
        elif source:
            self._close()
            self._document = source["source"].replace("\\\\", "\\").rpartition("\\")[2].strip()
            self._promised += whole_number(source["count"]) or 0
        elif _REFERENCE.match(line) and self._document:
            self._close()
            self._words = []
        elif self._words is not None:
            self._words.append(line)

    def finish(self) -> CodedData:
        """Return what was read."""
        self._close()
        if self._promised != self._found:
            self._gathering.notices.append(
                f"the file tells of {self._promised} references, and has {self._found}"
            )
        return self._gathering.finish()

    def _close(self) -> None:
        if self._words is None:
            return
        text, self._words = "\n".join(self._words).strip(), None
        self._found += 1
        if not text:
            self._gathering.set_aside(NO_TEXT, codings=1)
            return
        gathering = self._gathering
        document = gathering.add_document(self._document)
        # A node has each of its references once: the same words again were said again.
        key = "\n".join((document, text, gathering.nth(document, text, self._node)))
        selection = gathering.add_selection(Selection(key, document, text))
        gathering.add_coding(selection, gathering.add_code(self._node.split("\\\\")))


def is_matrix(sheet: Sheet, _roles: ColumnRoles) -> bool:
    """Return whether a table is a matrix of counts."""
    rest = [name for name in sheet.header[1:] if name]
    return (
        bool(rest)
        and all(map(_COLUMN.match, rest))
        and _ROW.match(sheet.rows[0][1][0] if sheet.rows else "") is not None
    )


def read_matrix(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return how often a matrix says that each code was put: documents by codes; no codings.

    A matrix tells how often, and not what was said. Its counts are compared with the codings that
    are taken in beside it.
    """
    gathering = Gathering(MATRIX)
    names = [_COLUMN.match(name) for name in sheet.header[1:]]
    for _, row in sheet.rows:
        for name, value in zip(names, row[1:], strict=True):
            number = whole_number(value) or 0
            if name and number:
                gathering.account.receive(kinds.COUNTS, number)
                gathering.account.set_aside(kinds.COUNTS, ONLY_COUNTS, number)
                key, told = name["name"].strip(), gathering.told_counts
                told[key] = told.get(key, 0) + number
    return gathering.finish()
