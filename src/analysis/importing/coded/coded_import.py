"""The import of coded data into the tables of a study: each item accounted for, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import CodedDataError
from analysis.importing.coded.code_matching import match_codes
from analysis.importing.coded.code_tree import JOINED, with_tree
from analysis.importing.coded.coded_study import read_coded_study, require_known_places
from analysis.importing.coded.coders import (
    choose_coders,
    require_codes_in_common,
    state_whole_documents,
)
from analysis.importing.coded.focus_group_rows import groups_of_documents
from analysis.importing.coded.known_segments import match_known
from analysis.importing.coded.mapping import CodedMapping, read_mapping
from analysis.importing.coded.merging import compare_matrices, compare_versions, merge_coded
from analysis.importing.coded.segment_rows import ALREADY_THERE, SegmentMaker
from analysis.importing.result import RawCopy, add_to_study, hold_study
from analysis.intake import account as kinds
from analysis.intake.coded.coded_data import paths_of
from analysis.intake.coded.recognition import ENDINGS, read_coded
from analysis.intake.limits import receive
from analysis.intake.sandbox import Sandbox
from analysis.study.root import require_study
from analysis.tables.received import COLUMNS
from analysis.tables.registry import Received

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.focus_group_rows import DocumentGroups
    from analysis.importing.coded.known_segments import KnownMatch
    from analysis.importing.coded.segment_rows import SegmentRows
    from analysis.intake.account import AccountLine
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.limits import ReceivedFile

NOTHING_CODED = "nothing in the file was coded: its codebook alone is imported"
KEPT_DIGITS = 16
KEPT_ENDINGS = (".csv", ".txt", ".xlsx", *ENDINGS)
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
        return f"{self.file.sha256[:KEPT_DIGITS]}{ending if ending in KEPT_ENDINGS else ''}"


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
    with hold_study(order.root, order.study) as folder:
        study = read_coded_study(folder, order.places)
        if study.new_places:
            require_known_places(study)
        _refuse_repeated(files, study.known.files)
        data, known = match_known(merge_coded(parts), study, mapping)
        new = _make_rows(data, study, known, mapping)
        require_codes_in_common(study, new.rows)
        coverage = state_whole_documents(folder, study, new.rows) if mapping.whole_documents else {}
        account = data.account.lines()
        in_study = add_to_study(
            folder,
            new.rows,
            _raw_copies(files, data, new.groups, account),
            {**coverage, **study.new_places},
        )
    return CodedResult(
        study=order.study,
        formats=tuple(data.file_format.split(", ")),
        imported={table: len(rows) for table, rows in new.rows.items()},
        in_study=in_study,
        account=account,
        notices=(*new.notices, *differences),
    )


def read_parts(order: CodedImport, mapping: CodedMapping) -> list[tuple[str, CodedData]]:
    """Return the name of each file of an import, and its coded data, read in the sandbox."""
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
    if data.codes and not data.selections and not data.is_ours:
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


class _NewRows(NamedTuple):
    """The new rows of each table, the focus groups of the documents, and notices."""

    rows: dict[str, list[Mapping[str, str]]]
    groups: DocumentGroups
    notices: tuple[str, ...]


def _make_rows(
    data: CodedData, study: CodedStudy, known: KnownMatch, mapping: CodedMapping
) -> _NewRows:
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
    applications = [*made.code_applications, *made.none_applied]
    rows: dict[str, list[Mapping[str, str]]] = {
        "codebook": _by_column("codebook", codes.new_rows),
        "focus_groups": [*groups.rows],
        "segments": [*made.segments],
        "code_applications": _by_column("code_applications", applications),
    }
    unused = _unused_entries(data, groups, mapping)
    notices = (*data.notices, *known.notices, *unused, *codes.notices, *made.notices())
    return _NewRows(rows, groups, notices)


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


def _unused_entries(
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


def _refuse_nothing(made: SegmentRows, data: CodedData, groups: DocumentGroups) -> None:
    """Refuse an import that would add nothing."""
    is_whole = data.is_ours and bool(groups.rows)
    if made.segments or made.code_applications or data.is_codebook or is_whole:
        return
    account = [each.describe() for each in data.account.lines()]
    if ALREADY_THERE in data.account.line(kinds.CODINGS).set_aside:
        raise CodedDataError(
            "The study has each of these codings already; nothing was written.",
            offenders=account,
            expected="codings that code_applications.csv does not have",
            remedy="give the file as the coder returned it",
        )
    raise CodedDataError(
        "There is nothing to import: no selection has text and a document.",
        offenders=account,
        expected="codings on text",
        remedy="export the codings too, with their text",
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
        remedy="correct the files or the mapping; --mapping-draft writes a mapping to fill in, and "
        "--mapping gives it; list further coders in study.yaml",
    )
