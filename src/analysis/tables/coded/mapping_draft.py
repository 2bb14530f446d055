"""The draft of a mapping: every code, coder and document for which a person must say something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, closest
from analysis.intake.coded.account import Account
from analysis.intake.coded.coded_data import paths_of
from analysis.intake.coded.mapping import CodedMapping, read_mapping
from analysis.intake.coded.merging import JOINED, merge_coded
from analysis.study.places import folder_of_places
from analysis.study.root import require_study
from analysis.tables.coded.code_choice import choose_codes
from analysis.tables.coded.code_tree import slug_of
from analysis.tables.coded.coded_study import read_coded_study
from analysis.tables.coded.group_rows import NEEDED
from analysis.tables.coded.taking_in import choose_coders, read_parts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analysis.intake.coded.coded_data import CodedData
    from analysis.tables.coded.coded_study import CodedStudy
    from analysis.tables.coded.taking_in import CodedImport

HEAD = """\
# What an export does not tell. Fill in what is empty; docs/bring-your-own-coded-data.md says how.
# Names of coders and documents may be people's: keep this file to yourself.
"""
ASKED = ("title", *NEEDED, "organiser", "theme", "participants")
LEAVE_OUT = "or: skip"


def write_draft(order: CodedImport, path: Path) -> None:
    """Write the draft of a mapping for an import.

    Parameters
    ----------
    order : CodedImport
        What is to be taken in.
    path : Path
        The draft's file, which must not be there yet.

    Raises
    ------
    CodedDataError
        When the file is there already, or what is to be taken in does not hold together.
    """
    if path.exists():
        raise CodedDataError(
            "There is such a file already; nothing was changed.",
            offenders=[path.name],
            expected="a name that no file has",
            remedy="choose another name for the draft",
        )
    folder = order.root / "data" / order.study
    require_study(folder.parent, order.study)
    mapping = CodedMapping() if order.mapping is None else read_mapping(order.mapping)
    data = merge_coded(read_parts(order, mapping))
    study = read_coded_study(folder, folder_of_places(folder))
    path.write_text("\n".join([HEAD, *_lines(data, study, mapping), ""]), encoding="utf-8")


def _lines(data: CodedData, study: CodedStudy, mapping: CodedMapping) -> Iterator[str]:
    yield from _coder_lines(data, study, mapping)
    yield from _code_lines(data, study, mapping)
    yield "# What holds for every document."
    yield "focus_groups:"
    yield from (f'  {name}: ""' for name in ASKED)
    yield "# What holds for one; it comes first. A document is left out with: skip"
    yield "# Ids of focus groups are published: they must not name anybody."
    yield "documents:"
    taken: set[str] = set()
    for document in data.documents:
        base = wanted = document.facts.get("focus_group") or slug_of(document.name)
        while wanted in taken:
            wanted = f"{base}-{len(taken) + 1}"
        taken.add(wanted)
        yield f"  {_quoted(document.name)}:"
        yield f"    focus_group: {wanted}"
        for name in ASKED:
            told = document.facts.get(name, "")
            if told:
                yield f"    {name}: {_quoted(told)}"


def _coder_lines(data: CodedData, study: CodedStudy, mapping: CodedMapping) -> Iterator[str]:
    known = ", ".join(study.coders)
    if any(not coding.coder for coding in data.codings):
        yield f"# Who put the codes for which the files name nobody: {known}"
        yield f"coder: {_quoted(choose_coders(data, study, mapping)[0].get('', ''))}"
    if data.coders:
        yield f"# A pseudonym of study.yaml for each coder: {known}"
        yield "coders:"
        for name in data.coders:
            given = mapping.coders.get(name) or (name if name in study.coders else "")
            yield f"  {_quoted(name)}: {_quoted(given)}"


def _code_lines(data: CodedData, study: CodedStudy, mapping: CodedMapping) -> Iterator[str]:
    chosen = choose_codes(data, study.codebook, mapping, Account()).id_of
    paths = paths_of(data.codes)
    missing = [paths[code.key] for code in data.codes if code.key not in chosen]
    if not missing:
        return
    ids = [row[0] for row in study.codebook]
    yield f"# A code of codebook.csv for each code that it does not have; {LEAVE_OUT}"
    yield "codes:"
    for path in missing:
        yield f'  {_quoted(JOINED.join(path))}: ""{closest(path[-1], ids).replace(" (", " # (")}'


def _quoted(text: str) -> str:
    """Return a text as YAML reads it back."""
    return json.dumps(text, ensure_ascii=False)
