"""Taking coded data into the tables of a study: all of it accounted for, or nothing written."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError
from analysis.importing.coded.code_choice import choose_codes
from analysis.importing.coded.coded_files import CodedFile, raw_copies, refuse_repeated
from analysis.importing.coded.coded_study import (
    PLACES_FILES,
    places_folder,
    read_coded_study,
    require_known_places,
)
from analysis.importing.coded.focus_group_rows import groups_of_documents
from analysis.importing.coded.mapping import CodedMapping, read_mapping
from analysis.importing.coded.merging import merge_coded, notices_of_versions
from analysis.importing.coded.segment_rows import FREE_CELL, SegmentMaker
from analysis.importing.result import add_to_study, study_held
from analysis.intake.coded import account as kinds
from analysis.intake.coded.recognition import read_coded
from analysis.intake.limits import read_limited
from analysis.intake.sandbox import Sandbox
from analysis.study.root import require_study
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.importing.coded.code_choice import ChosenCodes
    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.focus_group_rows import DocumentGroups
    from analysis.importing.coded.segment_rows import SegmentRows
    from analysis.intake.coded.account import AccountLine
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.plain_tables import ColumnRoles


@dataclass(frozen=True)
class CodedImport:
    """What to take in, and how to read it.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.
    files : tuple of Path
        The files.
    form : str
        Their format; recognised where it is empty.
    mapping : Path or None
        What a person says of them.
    places : Path or None
        The places of a study that has its own; ``wider_places.csv`` lies beside.
    """

    root: Path
    study: str
    files: tuple[Path, ...]
    form: str = ""
    mapping: Path | None = None
    places: Path | None = None


@dataclass(frozen=True)
class CodedIntake:
    """What came of an import.

    Parameters
    ----------
    study : str
        The study.
    forms : tuple of str
        The format of each file.
    focus_groups, segments, code_applications, codes : int
        New rows of each table.
    account : tuple of AccountLine
        What became of each item received.
    notices : tuple of str
        What a person should know.
    """

    study: str
    forms: tuple[str, ...]
    focus_groups: int
    segments: int
    code_applications: int
    codes: int
    account: tuple[AccountLine, ...]
    notices: tuple[str, ...] = ()


def take_in_coded(order: CodedImport) -> CodedIntake:
    """Take coded data into the tables of a study, and return what came of it.

    Parameters
    ----------
    order : CodedImport
        What to take in.

    Raises
    ------
    SourceError
        When a file cannot be read, or hides something.
    CodedDataError
        When a file does not hold together, or something in it has no place in the study; every
        such thing is listed, and nothing was written.
    StudyError, TableError
        When the study itself cannot be used, or something else is at work on it.
    StorageError
        When the study cannot be written.
    """
    require_study(order.root / "data", order.study)
    mapping = CodedMapping() if order.mapping is None else read_mapping(order.mapping)
    contents = [read_limited(path) for path in order.files]
    parts = read_parts(order, mapping)
    files = [
        CodedFile(name, content, data.form, len(data.documents))
        for content, (name, data) in zip(contents, parts, strict=True)
    ]
    notices = notices_of_versions(parts, mapping.codes)
    with study_held(order.root, order.study) as folder, tempfile.TemporaryDirectory() as beside:
        places = places_folder(order.places, folder, Path(beside))
        study = read_coded_study(folder, places)
        if order.places is not None:
            require_known_places(study)
        refuse_repeated(files, study.standing.files)
        data = merge_coded(parts)
        rows, groups, taken_in = _make_rows(data, study, mapping)
        copies = raw_copies(files, data, groups, taken_in.account)
        own = () if order.places is None else PLACES_FILES
        add_to_study(folder, rows, copies, {name: (places / name).read_bytes() for name in own})
    return replace(taken_in, notices=(*taken_in.notices, *notices))


def read_parts(order: CodedImport, mapping: CodedMapping) -> list[tuple[str, CodedData]]:
    """Return the name of each file of an import, and what it holds, read in a process apart.

    Parameters
    ----------
    order : CodedImport
        What to take in.
    mapping : CodedMapping
        What a person says of it.

    Raises
    ------
    SourceError
        When a file cannot be read, hides something, or takes too long to read.
    CodedDataError
        When a file does not hold together.
    """
    reader = partial(_read_file, form=order.form, roles=mapping.roles)
    with Sandbox() as sandbox:
        return [(path.name, sandbox.read(reader, path)) for path in order.files]


def _read_file(path: Path, *, form: str, roles: ColumnRoles) -> CodedData:
    return read_coded(path.name, read_limited(path), form=form, roles=roles)


def _make_rows(
    data: CodedData, study: CodedStudy, mapping: CodedMapping
) -> tuple[dict[str, list[Mapping[str, str]]], DocumentGroups, CodedIntake]:
    """Return the new rows of each table, what the documents became, and what came of it."""
    account = data.account
    codes = choose_codes(data, study.codebook, mapping, account)
    groups = groups_of_documents(data, study, mapping, account)
    pseudonyms, coder_offenders = choose_coders(data, study, mapping)
    _refuse(codes.offenders, groups.offenders, coder_offenders, study)
    made = SegmentMaker(study, groups, mapping, account).make(data, codes, pseudonyms)
    _refuse([], made.offenders, [], study)
    if not made.segments and not data.is_codebook:
        raise CodedDataError(
            "There is nothing to take in: no selection has words and a document.",
            offenders=[line.told() for line in account.lines()],
            expected="codings on text",
            remedy="export the codings too, with their text",
        )
    account.require_kept(((kinds.DOCUMENTS, sum(map(bool, groups.group_of.values()))),))
    rows: dict[str, list[Mapping[str, str]]] = {
        "codebook": _named("codebook", codes.new_rows),
        "focus_groups": [*groups.rows],
        "segments": [*made.segments],
        "code_applications": _named("code_applications", made.code_applications),
    }
    account.require_kept(((kinds.CODINGS, len(made.code_applications)),))
    counts = {table: len(new) for table, new in rows.items()}
    taken_in = CodedIntake(
        study=study.folder.name,
        forms=tuple(data.form.split(", ")),
        focus_groups=counts["focus_groups"],
        segments=counts["segments"],
        code_applications=counts["code_applications"],
        codes=counts["codebook"],
        account=account.lines(),
        notices=(
            *data.notices,
            *_notices_of_mapping(data, groups, mapping),
            *_notices_of_codes(data, codes),
            *_notices_of_segments(made),
        ),
    )
    return rows, groups, taken_in


def _named(table: str, rows: Iterable[Sequence[str]]) -> list[Mapping[str, str]]:
    """Return rows of a table by the names of its columns."""
    return [dict(zip(COLUMNS[table], row, strict=True)) for row in rows]


def _notices_of_codes(data: CodedData, codes: ChosenCodes) -> Iterator[str]:
    """Yield in what the codes that came differ from those of the study."""
    if codes.redefined:
        yield (
            f"{len(codes.redefined)} codes are defined otherwise than in codebook.csv, which "
            f"stands: {', '.join(codes.redefined)}"
        )
    if data.is_codebook and not codes.new_rows:
        known = sum(map(bool, codes.id_of.values()))
        yield (
            f"codebook.csv has {known} of these {len(data.codes)} codes, and stays as it is: "
            "add codes by hand"
        )


def _notices_of_segments(made: SegmentRows) -> Iterator[str]:
    """Yield what a person should know, or do, about the segments that came."""
    if made.outside:
        yield (
            f"{made.outside} segments answer no question of the template: they stand at {FREE_CELL}"
        )
    if made.contacts:
        yield (
            f"{made.contacts} e-mail addresses and telephone numbers stand in the words: take "
            "them out of segments.csv; compendium check tells where, and reports wait for it"
        )


def _notices_of_mapping(
    data: CodedData, groups: DocumentGroups, mapping: CodedMapping
) -> Iterator[str]:
    """Yield what a mapping says of coders and places that no file of this import names."""
    for key, entries, there in (
        ("coders", mapping.coders, data.coders),
        ("places", mapping.places, groups.places),
    ):
        unused = [number for number, name in enumerate(entries, 1) if name not in there]
        if unused:
            numbers = ", ".join(map(str, unused))
            yield f"mapping, {key}: these entries stand for nothing in the files: {numbers}"


def choose_coders(
    data: CodedData, study: CodedStudy, mapping: CodedMapping
) -> tuple[dict[str, str], list[str]]:
    """Return the pseudonym of each coder by name, and those who have none, by number alone."""
    pseudonyms = {name: mapping.coders.get(name) or name for name in data.coders}
    offenders = [
        f"coder {number} of {len(data.coders)}"
        for number, name in enumerate(data.coders, 1)
        if pseudonyms[name] not in study.coders
    ]
    if any(not coding.coder for coding in data.codings):
        only = study.coders[0] if len(study.coders) == 1 else ""
        pseudonyms[""] = mapping.coder or only
        if pseudonyms[""] not in study.coders:
            offenders.append("the coder of codings for which the file names none")
    return pseudonyms, offenders


def _refuse(
    codes: Sequence[str], others: Sequence[str], coders: Sequence[str], study: CodedStudy
) -> None:
    if not codes and not others and not coders:
        return
    offenders = [
        *codes,
        *(f"{each}: no pseudonym of study.yaml" for each in coders),
        *others,
    ]
    raise CodedDataError(
        "The export says things for which the study has no place; nothing was written.",
        offenders=offenders,
        expected=f"codes of the codebook, coders of study.yaml ({', '.join(study.coders)}), and "
        "date, scope, places, language and consent of each document",
        remedy="have a draft of a mapping written with --mapping-draft, fill it in, and give it "
        "with --mapping",
    )
