"""The coders of an import: their pseudonyms, what they looked at, and whether they share codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import SHORT_FORM, describe_value
from analysis.study.csv_rows import format_csv, parse_csv
from analysis.tables.code_applications import CODER, require_shared_codes
from analysis.tables.coded import FOCUS_GROUP, REQUIRED, SEGMENT, read_coded
from analysis.tables.received import COLUMNS
from analysis.tables.table_files import CODED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.mapping import CodedMapping
    from analysis.intake.coded.coded_data import CodedData

    Rows = Mapping[str, Sequence[Mapping[str, str]]]


def choose_coders(
    data: CodedData, study: CodedStudy, mapping: CodedMapping
) -> tuple[dict[str, str], list[str]]:
    """Return the pseudonym of each coder by name, and the offenders that have none.

    Names are shown to whoever imports the file, who has to find them in it.
    """
    pseudonyms = {name: mapping.coders.get(name) or name for name in data.coders}
    first: dict[str, str] = {}
    for coding, where in data.coded_at.items():
        first.setdefault(coding.coder, f" ({where})")
    offenders = [
        f"coder {number} of {len(data.coders)}: "
        f"{describe_value(pseudonyms[name], 'coder', study.coders, form=SHORT_FORM)} "
        f"is no pseudonym of study.yaml{first.get(name, '')}"
        for number, name in enumerate(data.coders, 1)
        if pseudonyms[name] not in study.coders
    ]
    if any(not coding.coder for coding in data.codings):
        only = study.coders[0] if len(study.coders) == 1 else ""
        pseudonyms[""] = mapping.coder or only
        if pseudonyms[""] not in study.coders:
            offenders.append(
                f"the file names no coder{first.get('', '')}: give the pseudonym as coder: in a "
                "mapping"
            )
    return pseudonyms, offenders


def require_codes_in_common(study: CodedStudy, rows: Rows) -> None:
    """Refuse new rows that would leave coders of one focus group without codes in common."""
    tables = {
        name: pd.concat(
            [
                study.tables[name],
                pd.DataFrame([*rows[name]], columns=list(COLUMNS[name]), dtype="str"),
            ],
            ignore_index=True,
        )
        for name in ("codebook", "segments", "code_applications")
    }
    lacking = {each.coder: each.codes_not_in_version for each in study.settings.coders}
    require_shared_codes(tables, lacking)


def state_whole_documents(folder: Path, study: CodedStudy, rows: Rows) -> dict[str, bytes]:
    """Return ``coded.csv``, by name, with the documents of an import and those who coded each.

    Nothing is returned where it stays as it is.
    """
    before = read_coded(folder)
    whole = before[(before.drop(columns=list(REQUIRED)) == "").all(axis="columns")]
    new = {row[SEGMENT]: row[FOCUS_GROUP] for row in rows["segments"]}
    group_of = study.segments.group_of | new
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
