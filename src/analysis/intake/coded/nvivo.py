r"""The reader of NVivo's export of references coded at nodes, as text.

The text has the lines that scripts for such exports look for: `Files\\NAME - § 2 references coded
[6.78% Coverage]`, `Reference 1 - 5.80% Coverage`, and the words below. A line names the node:
`Name: NODE` or `Nodes\\NODE` (`Codes\\NODE`) above; else the file is named after it. Somebody may
have said a line like that: it is one of a node only where a source follows. It was checked against
files written for this purpose, and not against files that NVivo wrote.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from analysis.errors import count
from analysis.intake import account as kinds
from analysis.intake.coded.builder import CodedDataBuilder, reason_against, whole_number
from analysis.intake.coded.coded_data import Selection
from analysis.intake.limits import decode_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.intake.coded.coded_data import CodedData

REFERENCES = "nvivo-references"
OUTSIDE = "a line outside of any reference"
NAME = "Name: "
UTF_16_MARK = b"\xff\xfe"

_SOURCE = re.compile(r"^<?(?P<source>.+?)>? - § (?P<count>\d+) references? coded\s*(\[.*\])?\s*$")
_REFERENCE = re.compile(r"^References? \d+(-\d+)?( - [\d.,]+\s?% Coverage)?\s*$")
_NODE = re.compile(rf"^({NAME}|<?(Nodes|Codes)\\\\)(?P<node>[^>]+)>?\s*$")


def are_references(content: bytes) -> bool:
    """Return whether a text is an export of references."""
    text = content[:100_000].decode(
        "utf-16" if content.startswith(UTF_16_MARK) else "utf-8", "replace"
    )
    return any(_SOURCE.match(line) for line in text.splitlines())


def read_references(name: str, content: bytes) -> CodedData:
    """Return what an export of references holds."""
    if content.startswith(UTF_16_MARK):
        content = content.decode("utf-16", "replace").encode()
    reader = _References(PurePath(name).stem)
    lines = decode_text(name, content).splitlines()
    for line, is_followed in zip(lines, _followed_by_source(lines), strict=True):
        reader.take(line, is_followed=is_followed)
    return reader.finish()


def _followed_by_source(lines: Sequence[str]) -> list[bool]:
    """Return of each line whether the next that is not blank names a source."""
    found, followed = False, []
    for line in reversed(lines):
        followed.append(found)
        if line.strip():
            found = _SOURCE.match(line) is not None
    return followed[::-1]


class _References:
    """The references read so far, and the words of the one that is read."""

    def __init__(self, node: str) -> None:
        self._builder = CodedDataBuilder(REFERENCES)
        self._node = node
        self._document = ""
        self._names: dict[str, str] = {}
        self._words: list[str] | None = None
        self._are_nodes_named = False
        self._promised = self._found = self._outside = self._said = 0

    def take(self, line: str, *, is_followed: bool) -> None:
        """Read a line, which a source follows or not."""
        source, node = _SOURCE.match(line), _NODE.match(line)
        if node and self._may_be_node(line, is_followed=is_followed):
            self._close()
            self._node = node["node"].strip()
            self._are_nodes_named |= not self._document
        elif source:
            self._close()
            self._document = self._name_of(source["source"].replace("\\\\", "\\").strip())
            self._promised += whole_number(source["count"]) or 0
        elif _REFERENCE.match(line):
            self._close()
            self._words = []
        elif self._words is not None:
            self._words.append(line)
            self._said += node is not None
        else:
            self._outside += bool(line.strip())

    def _may_be_node(self, line: str, *, is_followed: bool) -> bool:
        """Return whether a line like that of a node is one, and not what somebody said.

        Where a file is named after its node, a line `Name: …` is never one.
        """
        if self._words is None:
            return True
        return is_followed and (self._are_nodes_named or not line.startswith(NAME))

    def _name_of(self, path: str) -> str:
        """Return the name of a document: its folders belong to it where another has its name."""
        if path not in self._names:
            name = path.rpartition("\\")[2].strip()
            self._names[path] = path if name in self._names.values() else name
        return self._names[path]

    def finish(self) -> CodedData:
        """Return what was read."""
        self._close()
        self._builder.account.exclude(kinds.OTHERS, OUTSIDE, self._outside)
        if self._said:
            self._builder.notices.append(
                f"{count(self._said, 'line')} within a reference, in the form of a node's name: "
                "read as words"
            )
        if self._promised != self._found:
            self._builder.notices.append(
                f"the file announces {self._promised} references, and has {self._found}"
            )
        return self._builder.finish()

    def _close(self) -> None:
        if self._words is None:
            return
        text, self._words = "\n".join(self._words).strip(), None
        self._found += 1
        reason = reason_against(text, self._document)
        if reason:
            self._builder.set_aside(reason, codings=1)
            return
        builder = self._builder
        document = builder.add_document(self._document)
        # A node has each of its references once: the same words again were said again.
        key = "\n".join((document, text, builder.nth(document, text, self._node)))
        selection = builder.add_selection(Selection(key, document, text))
        builder.add_coding(selection, builder.add_code(self._node.split("\\\\")))
