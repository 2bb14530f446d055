"""What an import says about coders together: what they looked at, and whether codes are shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.study.csv_rows import format_csv, parse_csv
from analysis.study.settings import read_study
from analysis.tables.code_applications import CODER
from analysis.tables.coded import FOCUS_GROUP, REQUIRED, SEGMENT, read_coded
from analysis.tables.received import COLUMNS, read_text_table, table_paths
from analysis.tables.shared_codes import require_shared_codes
from analysis.tables.table_files import CODED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Rows = Mapping[str, Sequence[Mapping[str, str]]]


def require_codes_in_common(folder: Path, rows: Rows) -> None:
    """Refuse new rows that would leave coders of one focus group without codes in common.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    rows : mapping of str to sequence of mapping
        The new rows of each table, by column.

    Raises
    ------
    TableError
        Naming the coders, and the codes that seem to be one code under two names.
    """
    paths = table_paths(folder)
    tables = {
        name: pd.concat(
            [
                read_text_table(paths[name], COLUMNS[name]),
                pd.DataFrame([*rows.get(name, ())], columns=list(COLUMNS[name]), dtype="str"),
            ],
            ignore_index=True,
        )
        for name in ("codebook", "segments", "code_applications")
    }
    coders = read_study(folder).coders
    require_shared_codes(tables, {each.coder: each.codes_not_in_version for each in coders})


def state_whole_documents(folder: Path, rows: Rows) -> dict[str, bytes]:
    """Return ``coded.csv`` with the documents of an import, each looked at by those who coded it.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    rows : mapping of str to sequence of mapping
        The new rows of each table, by column.

    Returns
    -------
    dict of str to bytes
        The file by its name, or nothing where it stays as it is.

    Raises
    ------
    TableError
        When the file of before cannot be read.
    """
    before = read_coded(folder)
    whole = before[(before.drop(columns=list(REQUIRED)) == "").all(axis="columns")]
    known = read_text_table(table_paths(folder)["segments"], COLUMNS["segments"])
    group_of = dict(zip(known[SEGMENT], known[FOCUS_GROUP], strict=True))
    group_of |= {row[SEGMENT]: row[FOCUS_GROUP] for row in rows["segments"]}
    stated = set(zip(whole[CODER], whole[FOCUS_GROUP], strict=True))
    coded = {(row[CODER], group_of[row[SEGMENT]]) for row in rows["code_applications"]}
    if not coded - stated:
        return {}
    path = folder / CODED
    content = path.read_bytes() if path.is_file() else format_csv([REQUIRED]).encode()
    header = next(parse_csv(content.decode("utf-8-sig")))
    added = [
        [{CODER: coder, FOCUS_GROUP: group}.get(column, "") for column in header]
        for coder, group in sorted(coded - stated)
    ]
    end = b"" if content.endswith(b"\n") else b"\n"
    return {CODED: content + end + format_csv(added).encode()}
