"""Small exports of tools, and what was read of one in words."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from analysis.intake.coded.coded_data import paths_of
from analysis.intake.coded.recognition import read_coded
from analysis.intake.limits import ReceivedFile

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData


def read(name: str, content: bytes, **how: Any) -> CodedData:  # noqa: ANN401
    """Return the coded data of a file with this name and content."""
    return read_coded(ReceivedFile(Path(name), content), **how)


def put_codes(data: CodedData) -> list[tuple[str, str, str]]:
    """Return the words, the code as a path, and the coder, of each coding."""
    paths, texts = paths_of(data.codes), {each.key: each.text for each in data.selections}
    return [(texts[c.selection], " > ".join(paths[c.code]), c.coder) for c in data.codings]


def aside(data: CodedData) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return what was set aside of each kind, with the reasons."""
    return {
        line.kind: tuple(line.set_aside.items()) for line in data.account.lines() if line.set_aside
    }


def workbook(*rows: tuple[object, ...]) -> bytes:
    """Return a workbook with these rows."""
    book, written = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def database(*statements: str) -> bytes:
    """Return a database that these statements make."""
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in statements:
            made.execute(statement)
        made.commit()
        return made.serialize()
