"""Putting several files of one import together: codings, and the codebooks that belong to them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, told_if_close
from analysis.intake.coded import account as kinds
from analysis.intake.coded.account import Account
from analysis.intake.coded.coded_data import CodedCode, CodedData, Coding, paths_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

SAME_CODE = "the same code is in another file too"
JOINED = " > "


def merge_coded(parts: Sequence[tuple[str, CodedData]]) -> CodedData:
    """Return what several files hold together.

    Codes are the same where their paths of names are. Files without documents are codebooks: a code
    that was put must then be in one of them, and they must count as often as it was put.

    Parameters
    ----------
    parts : sequence of (str, CodedData)
        The name of each file, and what it holds.

    Raises
    ------
    CodedDataError
        When two files hold one document.
    """
    _refuse_repeated_documents(parts)
    account = Account()
    merged: dict[tuple[str, ...], CodedCode] = {}
    codings: list[Coding] = []
    documents, selections = [], []
    told: Counter[str] = Counter()
    for number, (_, data) in enumerate(parts):
        account.add(data.account)
        keys = _merge_codes(data, merged, account)
        documents += [each._replace(key=f"{number}\n{each.key}") for each in data.documents]
        selections += [
            each._replace(key=f"{number}\n{each.key}", document=f"{number}\n{each.document}")
            for each in data.selections
        ]
        codings += [
            Coding(f"{number}\n{each.selection}", keys[each.code], each.coder)
            for each in data.codings
        ]
        told.update({keys.get(each, each): count for each, count in data.told_counts.items()})
    coders = tuple(dict.fromkeys(name for _, data in parts for name in data.coders))
    repeated = sum(len(data.coders) for _, data in parts) - len(coders)
    account.set_aside(kinds.CODERS, "the same coder is in another file too", repeated)
    first = next((data for _, data in parts if data.documents), parts[0][1])
    return CodedData(
        form=", ".join(dict.fromkeys(data.form for _, data in parts)),
        codes=tuple(merged.values()),
        documents=tuple(documents),
        selections=tuple(selections),
        codings=tuple(codings),
        coders=coders,
        account=account,
        notices=tuple(f"{name}: {each}" for name, data in parts for each in data.notices),
        told_counts=told,
        origin=first.origin,
    )


def _merge_codes(
    data: CodedData, merged: dict[tuple[str, ...], CodedCode], account: Account
) -> dict[str, str]:
    """Add the codes of a file to those merged, and return the merged key of each."""
    paths = paths_of(data.codes)
    keys: dict[str, str] = {}
    own: Counter[tuple[str, ...]] = Counter()
    for code in data.codes:
        path = paths[code.key]
        own[path] += 1
        # Two codes of one name under one code are two.
        place = path if own[path] == 1 else (*path, f"\n{own[path]}")
        found = merged.get(place)
        keys[code.key] = "\n".join(place)
        if found is None:
            parent = keys.get(code.parent, "")
            merged[place] = code._replace(key=keys[code.key], parent=parent)
        else:
            account.set_aside(kinds.CODES, SAME_CODE)
            if code.description and not found.description:
                merged[place] = found._replace(description=code.description)
    return keys


def _refuse_repeated_documents(parts: Sequence[tuple[str, CodedData]]) -> None:
    first: dict[str, str] = {}
    offenders = []
    for file, data in parts:
        for number, document in enumerate(data.documents, 1):
            where = f"{file} document {number}"
            for mark in filter(
                None, (f"name {document.name}", document.text and f"text {document.text}")
            ):
                if mark in first:
                    offenders.append(f"{where} is {first[mark]} again")
                    break
            else:
                first[f"name {document.name}"] = where
                if document.text and document.text.strip():
                    first[f"text {document.text}"] = where
    if offenders:
        raise CodedDataError(
            "A document is there twice.",
            offenders=offenders,
            expected="each document once, so that nobody counts twice",
            remedy="export all coders of a document together, or leave one of the files out",
        )


def notices_of_versions(
    parts: Sequence[tuple[str, CodedData]], mapped: Collection[str]
) -> list[str]:
    """Return in what codebooks differ from the codings that are taken in with them.

    Parameters
    ----------
    parts : sequence of (str, CodedData)
        The name of each file, and what it holds.
    mapped : collection of str
        The codes that a mapping ties to others, by name or path.

    Raises
    ------
    CodedDataError
        When a code was put that no codebook has, though there is one.
    """
    books = [(name, data) for name, data in parts if not data.documents]
    codings = [data for _, data in parts if data.documents]
    if not books or not codings:
        return []
    put: Counter[tuple[str, ...]] = Counter()
    for data in codings:
        paths = paths_of(data.codes)
        put.update(paths[each.code] for each in data.codings)
    known = {path for _, data in books for path in paths_of(data.codes).values()}
    if known:  # a matrix has counts, and no codes of its own
        _refuse_unknown(put, known, mapped)
    return [
        f"{name}: it counts {differing} of {len(data.told_counts)} codes otherwise "
        "than the codings do; it may be of another version"
        for name, data in books
        if (differing := _count_differing(data, put))
    ]


def _refuse_unknown(
    put: Counter[tuple[str, ...]], known: set[tuple[str, ...]], mapped: Collection[str]
) -> None:
    """Refuse codes that were put and are in no codebook, nor tied to one that is."""
    names = [JOINED.join(path) for path in known]
    offenders = [
        told_if_close(JOINED.join(path), names, f"code {number} of {len(put)}")
        + ": not in the codebook"
        for number, path in enumerate(put, 1)
        if path not in known and not {path[-1], JOINED.join(path)}.intersection(mapped)
    ]
    if offenders:
        raise CodedDataError(
            "The codebook is of another version than the codings.",
            offenders=offenders,
            expected="every code that was put to be in the codebook beside",
            remedy="take the codebook that was exported together with the codings",
        )


def _count_differing(book: CodedData, put: Counter[tuple[str, ...]]) -> int:
    """Return for how many codes a codebook counts other codings than there are."""
    paths = paths_of(book.codes)
    counted = put
    if not paths:  # codes are told by name alone
        counted = Counter()
        for path, number in put.items():
            counted[path[-1:]] += number
    return sum(told != counted[paths.get(key, (key,))] for key, told in book.told_counts.items())
