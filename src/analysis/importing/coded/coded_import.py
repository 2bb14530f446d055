"""The import of coded data into the tables of a study: each item accounted for, all or nothing."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import SHORT_FORM, CodedDataError, describe_value
from analysis.importing.coded.code_matching import match_codes
from analysis.importing.coded.code_tree import JOINED, with_tree
from analysis.importing.coded.coded_study import (
    PLACES_FILES,
    places_folder,
    read_coded_study,
    require_known_places,
)
from analysis.importing.coded.coverage import require_codes_in_common, state_whole_documents
from analysis.importing.coded.focus_group_rows import groups_of_documents
from analysis.importing.coded.known_segments import match_known
from analysis.importing.coded.mapping import CodedMapping, read_mapping
from analysis.importing.coded.merging import compare_matrices, compare_versions, merge_coded
from analysis.importing.coded.segment_rows import ALREADY_THERE, SegmentMaker
from analysis.importing.result import RawCopy, add_to_study, hold_study
from analysis.intake import account as kinds
from analysis.intake.coded.coded_data import paths_of
from analysis.intake.coded.recognition import read_coded
from analysis.intake.limits import receive
from analysis.intake.sandbox import Sandbox
from analysis.study.root import require_study
from analysis.tables import segments
from analysis.tables.received import COLUMNS
from analysis.tables.registry import Received

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.importing.coded.code_matching import MatchedCodes
    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.focus_group_rows import DocumentGroups
    from analysis.importing.coded.known_segments import KnownMatch
    from analysis.importing.coded.segment_rows import SegmentRows
    from analysis.intake.account import AccountLine
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.limits import ReceivedFile

CODED_TEXT = "codings on text"
NOTHING_CODED = "nothing in the file was coded: its codebook alone is imported"
KEPT_DIGITS = 16
ENDINGS = frozenset(
    {".csv", ".tsv", ".txt", ".xlsx", ".qdpx", ".qdc", ".xml", ".sqlite3", ".sqlite", ".db", ".qda"}
)
"""Any other text after the last dot of a file name may be somebody's name."""


@dataclass(frozen=True)
class CodedImport:
    """What to import, and how to read it.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.
    files : tuple of Path
        The files.
    file_format : str
        Their format; recognised where it is empty.
    mapping : Path or None
        What a person states about them.
    places : Path or None
        The places of a study that has its own; ``wider_places.csv`` is next to it.
    """

    root: Path
    study: str
    files: tuple[Path, ...]
    file_format: str = ""
    mapping: Path | None = None
    places: Path | None = None


@dataclass(frozen=True)
class CodedResult:
    """What came of an import of coded data.

    Parameters
    ----------
    study : str
        The study.
    formats : tuple of str
        The format of each file.
    imported : mapping of str to int
        New rows of each table.
    in_study : mapping of str to int
        The rows of each table after the import.
    account : tuple of AccountLine
        What became of each item received.
    notices : tuple of str
        What a person should know.
    """

    study: str
    formats: tuple[str, ...]
    imported: Mapping[str, int]
    in_study: Mapping[str, int]
    account: tuple[AccountLine, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class _ReadFile:
    """A file as received, and its coded data; its name may be a person's and isn't kept."""

    file: ReceivedFile
    data: CodedData

    @property
    def raw(self) -> str:
        """Its name in ``raw/``."""
        ending = self.file.ending
        return f"{self.file.sha256[:KEPT_DIGITS]}{ending if ending in ENDINGS else ''}"


def import_coded(order: CodedImport) -> CodedResult:
    """Import coded data into the tables of a study, and return what came of it.

    Parameters
    ----------
    order : CodedImport
        What to import.

    Raises
    ------
    SourceError
        When a file cannot be read, or hides something.
    CodedDataError
        When a file is inconsistent, or something in it has no place in the study; every such item
        is listed, and nothing was written.
    StudyError, TableError
        When the study itself cannot be used, or another command uses it.
    StorageError
        When the study cannot be written.
    """
    require_study(order.root / "data", order.study)
    mapping = CodedMapping() if order.mapping is None else read_mapping(order.mapping)
    files = _read_files(order, mapping)
    parts = [(each.file.name, each.data) for each in files]
    differences = compare_versions(parts, mapping.codes)
    with hold_study(order.root, order.study) as folder, tempfile.TemporaryDirectory() as beside:
        places = places_folder(order.places, folder, Path(beside))
        study = read_coded_study(folder, places)
        if order.places is not None:
            require_known_places(study)
        _refuse_repeated(files, study.known.files)
        data, known = match_known(merge_coded(parts), study, mapping)
        rows, groups, notices = _make_rows(data, study, known, mapping)
        require_codes_in_common(folder, rows)
        coverage = state_whole_documents(folder, rows) if mapping.whole_documents else {}
        account = data.account.lines()
        own = () if order.places is None else PLACES_FILES
        in_study = add_to_study(
            folder,
            rows,
            _raw_copies(files, data, groups, account),
            coverage | {name: (places / name).read_bytes() for name in own},
        )
    return CodedResult(
        study=order.study,
        formats=tuple(data.file_format.split(", ")),
        imported={table: len(new) for table, new in rows.items()},
        in_study=in_study,
        account=account,
        notices=(*notices, *differences),
    )


def read_parts(order: CodedImport, mapping: CodedMapping) -> list[tuple[str, CodedData]]:
    """Return the name of each file of an import, and its coded data, read in the sandbox.

    Raises
    ------
    SourceError
        When a file cannot be read, hides something, or takes too long to read.
    CodedDataError
        When a file is inconsistent.
    """
    return [(each.file.name, each.data) for each in _read_files(order, mapping)]


def _read_files(order: CodedImport, mapping: CodedMapping) -> list[_ReadFile]:
    reader = partial(read_coded, file_format=order.file_format, roles=mapping.roles)
    files = [receive(path) for path in order.files]
    with Sandbox() as sandbox:
        found = [sandbox.read(reader, file) for file in files]
    read = zip(files, compare_matrices(found), strict=True)
    return [_ReadFile(file, _prepared(data)) for file, data in read]


def _prepared(data: CodedData) -> CodedData:
    """Return what a file holds, with its codes as a tree; a project without codings is a codebook.

    Its documents would ask for facts, and add nothing.
    """
    has_codes_alone = data.codes and not (data.selections or data.reported_counts)
    if has_codes_alone and not data.is_ours:
        facts = sum(len(document.facts) for document in data.documents)
        for kind, number in (
            (kinds.DOCUMENTS, len(data.documents)),
            (kinds.FACTS, facts),
            (kinds.CODERS, len(data.coders)),
        ):
            data.account.set_aside(kind, NOTHING_CODED, number)
        data = replace(data, documents=(), coders=())
    return with_tree(data)


def _refuse_repeated(files: Sequence[_ReadFile], known: Mapping[str, str]) -> None:
    """Refuse files that were imported before, by their digests, or are there twice now."""
    seen = set(known)
    offenders = []
    for each in files:
        if each.file.sha256 in seen:
            offenders.append(each.file.name)
        seen.add(each.file.sha256)
    if offenders:
        raise CodedDataError(
            "A file was imported before, or is named twice.",
            offenders=offenders,
            expected="each file once, so that nobody counts twice",
            remedy="leave the file out",
        )


def _make_rows(
    data: CodedData, study: CodedStudy, known: KnownMatch, mapping: CodedMapping
) -> tuple[dict[str, list[Mapping[str, str]]], DocumentGroups, tuple[str, ...]]:
    """Return the new rows of each table, the focus groups of the documents, and notices."""
    account = data.account
    codes = match_codes(data, study.codebook, mapping, account)
    groups = groups_of_documents(data, study, known, mapping, account)
    pseudonyms, coder_offenders = choose_coders(data, study, mapping)
    faults = [*known.offenders, *codes.offenders, *coder_offenders, *groups.offenders]
    _refuse(faults, study, known)
    made = SegmentMaker(study, groups, known, mapping, account).make(data, codes, pseudonyms)
    _refuse(made.offenders, study, known)
    _refuse_nothing(made, data, groups)
    account.require_kept(
        (
            (kinds.DOCUMENTS, sum(map(bool, groups.group_of.values()))),
            (kinds.SELECTIONS, made.selections),
            (kinds.CODINGS, len(made.code_applications)),
        )
    )
    rows: dict[str, list[Mapping[str, str]]] = {
        "codebook": _by_column("codebook", codes.new_rows),
        "focus_groups": [*groups.rows],
        "segments": [*made.segments],
        "code_applications": _by_column(
            "code_applications", [*made.code_applications, *made.none_applied]
        ),
    }
    notices = (
        *data.notices,
        *known.notices,
        *_notices_of_mapping(data, groups, mapping),
        *_notices_of_codes(data, codes),
        *_notices_of_segments(made),
    )
    return rows, groups, notices


def _by_column(table: str, rows: Iterable[Sequence[str]]) -> list[Mapping[str, str]]:
    return [dict(zip(COLUMNS[table], row, strict=True)) for row in rows]


def _raw_copies(
    files: Sequence[_ReadFile],
    data: CodedData,
    groups: DocumentGroups,
    account: Sequence[AccountLine],
) -> list[RawCopy]:
    """Return what is kept of each file, with its focus groups; keys begin with its number."""
    documents: dict[str, list[str]] = defaultdict(list)
    for document in data.documents:
        documents[document.key.partition("\n")[0]].append(document.key)
    copies = []
    for number, each in enumerate(files):
        held: dict[tuple[str, str], None] = {}
        for key in documents[str(number)]:
            group = groups.group_of[key]
            if group:
                held[group, groups.digests.get(key, "")] = None
        received = tuple(
            Received(each.raw, each.file.sha256, each.data.file_format, group, words)
            for group, words in held or {("", ""): None}
        )
        log = {
            "sha256": each.file.sha256,
            "files": [other.raw for other in files],
            "focus_groups": list(dict.fromkeys(group for group, _ in held)),
            "account": [asdict(line) for line in account],
            "not_read": list(each.data.unread),
        }
        copies.append(RawCopy(each.raw, each.file.content, received, log))
    return copies


def _notices_of_codes(data: CodedData, codes: MatchedCodes) -> Iterator[str]:
    """Yield how the codes of the export differ from those of the study."""
    if codes.redefined:
        yield (
            f"{len(codes.redefined)} codes are defined otherwise than in codebook.csv, which "
            f"is kept: {', '.join(codes.redefined)}"
        )
    if data.is_codebook and not codes.new_rows:
        known = sum(map(bool, codes.id_of.values()))
        yield (
            f"codebook.csv has {known} of these {len(data.codes)} codes, and stays as it is: "
            "add codes by hand"
        )


def _notices_of_segments(made: SegmentRows) -> Iterator[str]:
    """Yield what a person should know, or do, about the new segments."""
    if made.outside:
        yield (
            f"{made.outside} segments answer no question of the template: "
            f"they are in cell {segments.FREE_CELL}"
        )
    counted = sum(row[segments.TEXT_KIND] == segments.COUNTED for row in made.segments)
    if counted:
        yield (
            f"{counted} segments are counted in a matrix and have no words: coverage, codes and "
            "matrices count them, and no page can show them"
        )
    if made.contacts:
        yield (
            f"{made.contacts} e-mail addresses and telephone numbers are in the text: remove "
            "them from segments.csv; compendium check shows where, and blocks reports until then"
        )


def _notices_of_mapping(
    data: CodedData, groups: DocumentGroups, mapping: CodedMapping
) -> Iterator[str]:
    """Yield the entries of a mapping that no file of this import names: it may serve others."""
    codes = {*(code.name for code in data.codes), *map(JOINED.join, paths_of(data.codes).values())}
    for key, entries, there in (
        ("coders", mapping.coders, data.coders),
        ("codes", mapping.codes, codes),
        ("documents", mapping.documents, {document.name for document in data.documents}),
        ("places", mapping.places, groups.places),
        ("cells", mapping.cells, {each.facts.get("question", "") for each in data.selections}),
    ):
        unused = [number for number, name in enumerate(entries, 1) if name not in there]
        if unused:
            numbers = ", ".join(map(str, unused))
            yield f"mapping, {key}: these entries name nothing in the files: {numbers}"


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
                f"the coder of codings for which the file names none{first.get('', '')}: "
                "no pseudonym"
            )
    return pseudonyms, offenders


def _refuse_nothing(made: SegmentRows, data: CodedData, groups: DocumentGroups) -> None:
    """Refuse an import that would add nothing."""
    is_whole = data.is_ours and bool(groups.rows)
    if made.segments or made.code_applications or data.is_codebook or is_whole:
        return
    line = data.account.line(kinds.CODINGS)
    is_there = ALREADY_THERE in line.set_aside
    raise CodedDataError(
        "The study has each of these codings already; nothing was written."
        if is_there
        else "There is nothing to import: no selection has text and a document.",
        offenders=[each.describe() for each in data.account.lines()],
        expected="codings that code_applications.csv does not have" if is_there else CODED_TEXT,
        remedy="give the file as the coder returned it"
        if is_there
        else "export the codings too, with their text",
    )


def _refuse(offenders: Sequence[str], study: CodedStudy, known: KnownMatch) -> None:
    if not offenders:
        return
    coders = f"coders of study.yaml ({', '.join(study.coders)})"
    if known.by_id or known.offenders:
        raise CodedDataError(
            "The codings do not fit the study; nothing was written.",
            offenders=offenders,
            expected="segments with the ids and words of segments.csv, codes of the codebook, and "
            f"{coders}; each coding once",
            remedy="correct or delete these rows; codes and coders of other names can be tied to "
            "those of the study in a --mapping",
        )
    raise CodedDataError(
        "The export does not fit the study; nothing was written.",
        offenders=offenders,
        expected=f"codes of the codebook, {coders}, and "
        "date, places, language and consent of each document",
        remedy="write a draft of a mapping with --mapping-draft, fill it in, and give it with "
        "--mapping, or correct the mapping that you gave; list further coders in study.yaml",
    )
