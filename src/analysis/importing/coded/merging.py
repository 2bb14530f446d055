"""Merge the files of one import: codings, and the codebooks that belong to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from analysis.errors import CodedDataError, count, describe_value
from analysis.importing.coded.code_tree import ITSELF, JOINED, parse_description
from analysis.intake import account as kinds
from analysis.intake.account import Account
from analysis.intake.coded.coded_data import CodedCode, CodedData, Coding, Document, paths_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

ONLY_COMPARED = "compared with the codings on words that came with it"
SAME_CODE = "the same code is in another file too"

CodePath: TypeAlias = tuple[str, ...]
"""The names from the top down to a code; behind them its number, where others have them too."""


def compare_matrices(parts: Sequence[CodedData]) -> list[CodedData]:
    """Return the files; a matrix that comes with codings on words is only compared with them.

    Where no file has words, a matrix is what there is, and its counts are imported.
    """
    if all(data.is_counted or not data.selections for data in parts):
        return list(parts)
    return [_only_compared(data) if data.is_counted else data for data in parts]


def _only_compared(data: CodedData) -> CodedData:
    """Return how often a matrix counts each code by its name, and nothing to import."""
    names = {code.key: code.name for code in data.codes}
    account = Account()
    for line in data.account.lines():
        if line.kind == kinds.COUNTS:
            account.exclude(kinds.COUNTS, ONLY_COMPARED, line.kept)
        elif line.kind in (kinds.OTHERS, kinds.COLUMNS, kinds.SHEETS):
            account.receive(line.kind, line.received)
            for reason, number in line.set_aside.items():
                account.set_aside(line.kind, reason, number)
    counts: Counter[str] = Counter()
    for key, number in data.reported_counts.items():
        counts[names[key]] += number
    return CodedData(
        *(data.file_format, (), (), (), (), (), account, data.notices, counts, data.origin),
        unread=data.unread,
    )


def merge_coded(parts: Sequence[tuple[str, CodedData]]) -> CodedData:
    """Return what several files hold together.

    Codes are the same where their paths of names are; those of files that we wrote, where their ids
    are. Files without documents are codebooks.
    """
    same = _same_documents(parts)
    account = Account()
    merged: dict[CodePath, CodedCode] = {}
    paths = _paths_of(parts)
    # Codebooks come first: they have the tree, and codings may have no more than ids.
    order = sorted(range(len(parts)), key=lambda at: bool(parts[at][1].documents))
    keys_of = {at: _merge_codes(parts[at][1], paths[at], merged, account) for at in order}
    files = [
        _renumber(data, number, keys_of[number], same) for number, (_, data) in enumerate(parts)
    ]
    for data in files:
        account.add(data.account)
    first = next((data for data in files if data.documents), files[0])
    return CodedData(
        file_format=", ".join(dict.fromkeys(data.file_format for data in files)),
        codes=tuple(merged.values()),
        documents=tuple(each for data in files for each in data.documents),
        selections=tuple(each for data in files for each in data.selections),
        codings=tuple(each for data in files for each in data.codings),
        coders=_coders_of(files, account),
        account=account,
        notices=_notices_of(parts, paths),
        origin=first.origin,
        groups=_groups_of(files, account),
        codebook=tuple(each for data in files for each in data.codebook),
        coded_at={coding: where for data in files for coding, where in data.coded_at.items()},
    )


def _renumber(
    data: CodedData, number: int, code_keys: Mapping[str, str], same: Mapping[str, str]
) -> CodedData:
    """Return the data of a file under keys that begin with its number; codes have merged keys."""

    def own(key: str) -> str:
        return f"{number}\n{key}"

    codings = {
        each: Coding(own(each.selection), code_keys[each.code], each.coder) for each in data.codings
    }
    return replace(
        data,
        documents=tuple(
            each._replace(key=own(each.key), same_as=same.get(own(each.key), ""))
            for each in data.documents
        ),
        selections=tuple(
            each._replace(key=own(each.key), document=own(each.document))
            for each in data.selections
        ),
        codings=tuple(codings.values()),
        groups={
            name: tuple(code_keys[code] for code in codes) for name, codes in data.groups.items()
        },
        coded_at={codings[each]: where for each, where in data.coded_at.items()},
    )


def _groups_of(files: Sequence[CodedData], account: Account) -> dict[str, tuple[str, ...]]:
    """Return the codes of each group of all files; groups of one name are one."""
    found: dict[str, dict[str, None]] = {}
    for data in files:
        for name, codes in data.groups.items():
            found.setdefault(name, {}).update(dict.fromkeys(codes))
    repeated = sum(len(data.groups) for data in files) - len(found)
    account.set_aside(kinds.GROUPS, "the same group is in another file too", repeated)
    return {name: tuple(codes) for name, codes in found.items()}


def _coders_of(files: Sequence[CodedData], account: Account) -> tuple[str, ...]:
    """Return the coders of all files, each once."""
    coders = tuple(dict.fromkeys(name for data in files for name in data.coders))
    repeated = sum(len(data.coders) for data in files) - len(coders)
    account.set_aside(kinds.CODERS, "the same coder is in another file too", repeated)
    return coders


def _notices_of(
    parts: Sequence[tuple[str, CodedData]], paths: Sequence[dict[str, CodePath]]
) -> tuple[str, ...]:
    """Return what is noticed in each file, and in all of them together."""
    notices = [f"{name}: {each}" for name, data in parts for each in data.notices]
    redefined = _count_redefined(parts, paths)
    if redefined:
        notices.append(
            f"{count(redefined, 'code')} with another description in another file: one is kept"
        )
    return tuple(notices)


def _paths_of(parts: Sequence[tuple[str, CodedData]]) -> list[dict[str, CodePath]]:
    """Return the path of each code of each file, by its key.

    A table that we wrote has only ids; a codebook that we wrote has the paths of these ids.
    """
    found = [_own_paths(data) for _, data in parts]
    by_id: dict[str, CodePath] = {}
    ours = [(data, own) for (_, data), own in zip(parts, found, strict=True) if data.is_ours]
    for data, own in ours:
        for code in data.codes:
            given = parse_description(code.description).code
            if given:
                by_id[given] = own[code.key]
    by_id = {f"{given}.{ITSELF}": path for given, path in by_id.items()} | by_id
    for data, own in ours:
        for code in data.codes:
            if not code.description and own[code.key] == (code.name,):
                own[code.key] = by_id.get(code.name, (code.name,))
    return found


def _own_paths(data: CodedData) -> dict[str, CodePath]:
    """Return the path of each code of a file; two codes of one name under one code are two."""
    counts: Counter[CodePath] = Counter()
    paths = paths_of(data.codes)
    for key, path in paths.items():
        counts[path] += 1
        if counts[path] > 1:
            paths[key] = (*path, f"\n{counts[path]}")
    return paths


def _merge_codes(
    data: CodedData,
    paths: Mapping[str, CodePath],
    merged: dict[CodePath, CodedCode],
    account: Account,
) -> dict[str, str]:
    """Add the codes of a file to those merged, and return the merged key of each."""
    keys = {key: "\n".join(path) for key, path in paths.items()}
    for code in data.codes:
        path = paths[code.key]
        found = merged.get(path)
        if found is None:
            merged[path] = code._replace(key=keys[code.key], parent=keys.get(code.parent, ""))
        else:
            account.set_aside(kinds.CODES, SAME_CODE)
            merged[path] = found._replace(
                description=found.description or code.description,
                is_codable=found.is_codable or code.is_codable,
            )
    return keys


def _count_redefined(
    parts: Sequence[tuple[str, CodedData]], paths: Sequence[Mapping[str, CodePath]]
) -> int:
    """Return how many codes have descriptions in several files that differ."""
    reported: dict[CodePath, set[str]] = defaultdict(set)
    for (_, data), own in zip(parts, paths, strict=True):
        for code in data.codes:
            reported[own[code.key]].add(" ".join(code.description.split()))
    return sum(len(each - {""}) > 1 for each in reported.values())


def _same_documents(parts: Sequence[tuple[str, CodedData]]) -> dict[str, str]:
    """Return the document that each one of another file is: it has its text, or its name.

    Coders of one document may each have a file of their own.
    """
    found: dict[str, str] = {}
    by_name: dict[str, _Placed] = {}
    by_text: dict[str, _Placed] = {}
    offenders = []
    for each in _placed_documents(parts):
        alike = by_name.setdefault(each.document.name, each)
        same = by_text.setdefault(each.text, each) if each.text else alike
        if alike.file != each.file and not each.is_like(alike):
            offenders.append(f"{each.where} has the name of {alike.where}, and other words")
        first = alike if alike.file != each.file else same
        if first.file != each.file:
            found[each.document.key] = found.get(first.document.key, first.document.key)
    if offenders:
        raise CodedDataError(
            "Documents of one name have different words.",
            offenders=offenders,
            expected="one text for each document, or one name for each text",
            remedy="leave out the file of an older version; rename the document if it is another; "
            "else import one file after the other, with the focus group in a mapping",
        )
    return found


class _Placed(NamedTuple):
    """A document, and where it is; its key begins with the number of its file."""

    file: int
    where: str
    document: Document
    text: str
    selected: frozenset[str]
    names_segments: bool

    def is_like(self, other: _Placed) -> bool:
        """Return whether a document of the same name can be the same."""
        if self.text and other.text:
            return self.text == other.text
        if self.names_segments and other.names_segments:
            return True
        one, rest = (self, other) if self.text else (other, self)
        return any(each in one.selected or each in one.text for each in rest.selected)


def _placed_documents(parts: Sequence[tuple[str, CodedData]]) -> Iterator[_Placed]:
    for file, (name, data) in enumerate(parts):
        selected: dict[str, set[str]] = defaultdict(set)
        unnamed: set[str] = set()
        for selection in data.selections:
            selected[selection.document].add(_plain(selection.text))
            if not selection.facts.get("segment"):
                unnamed.add(selection.document)
        for number, document in enumerate(data.documents, 1):
            yield _Placed(
                file,
                f"{name} document {number}",
                document._replace(key=f"{file}\n{document.key}"),
                _plain(document.text or ""),
                frozenset(selected[document.key]),
                names_segments=data.is_ours or document.key not in unnamed,
            )


def _plain(text: str) -> str:
    return " ".join(text.split())


def compare_versions(parts: Sequence[tuple[str, CodedData]], mapped: Collection[str]) -> list[str]:
    """Return how codebooks differ from the codings that are imported with them.

    Each code that was applied must be in a codebook, if there is one. A codebook may count
    applications otherwise: it may be of another version.
    """
    with_paths = [(*part, paths) for part, paths in zip(parts, _paths_of(parts), strict=True)]
    books = [each for each in with_paths if not each[1].documents]
    codings = [each for each in with_paths if each[1].documents]
    if not books or not codings:
        return []
    applied: Counter[CodePath] = Counter()
    for _, data, paths in codings:
        applied.update(paths[each.code] for each in data.codings)
    known = {path for *_, paths in books for path in paths.values()}
    if known:  # a matrix has counts, and no codes of its own
        _refuse_unknown(applied, known, mapped)
    return [
        f"{name}: it counts {differing} of {len(data.reported_counts)} codes otherwise "
        "than the codings do; it may be of another version"
        for name, data, paths in books
        if (differing := _count_differing(data, paths, applied))
    ]


def _refuse_unknown(
    applied: Counter[CodePath], known: set[CodePath], mapped: Collection[str]
) -> None:
    """Refuse codes that were applied and are in no codebook, nor tied to one that is."""
    names = [JOINED.join(path) for path in known]
    offenders = [
        f"code {number} of {len(applied)} is not in the codebook: "
        f"{describe_value(JOINED.join(path), 'code', names)}"
        for number, path in enumerate(applied, 1)
        if path not in known and not {path[-1], JOINED.join(path)}.intersection(mapped)
    ]
    if offenders:
        raise CodedDataError(
            "The codebook is of another version than the codings.",
            offenders=offenders,
            expected="every code that was applied to be in the codebook given with the codings",
            remedy="take the codebook that was exported together with the codings",
        )


def _count_differing(
    book: CodedData, paths: Mapping[str, CodePath], applied: Counter[CodePath]
) -> int:
    """Return for how many codes a codebook counts other codings than there are."""
    counted = applied
    if not paths:  # codes are reported by name alone
        counted = Counter()
        for path, number in applied.items():
            counted[path[-1:]] += number
    return sum(
        reported != counted[paths.get(key, (key,))]
        for key, reported in book.reported_counts.items()
    )
