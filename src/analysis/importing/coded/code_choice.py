"""Which code of the study stands for each code of an export; nothing is guessed."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import told_if_close
from analysis.importing.coded.code_tree import ALL_CODES, ITSELF, parse_description, rows_of_tree
from analysis.importing.coded.mapping import SKIP
from analysis.importing.coded.merging import JOINED
from analysis.intake.coded import account as kinds
from analysis.intake.coded.coded_data import paths_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.importing.coded.code_tree import Entry
    from analysis.importing.coded.mapping import CodedMapping
    from analysis.intake.coded.account import Account
    from analysis.intake.coded.coded_data import CodedCode, CodedData

LEFT_OUT = "the mapping leaves it out"
NEVER_PUT = "it was never put, and the codebook does not have it"


class ChosenCodes(NamedTuple):
    """What stands for the codes of an export.

    Parameters
    ----------
    id_of : mapping of str to (str or None)
        The study's code by the key of the export's; None where it is left out.
    new_rows : list of tuple of str
        The codebook, where the study had none.
    offenders : list of str
        The codes for which there is none, and what the mapping says of none.
    redefined : list of str
        The study's codes that the export defines otherwise.
    """

    id_of: Mapping[str, str | None]
    new_rows: list[Entry]
    offenders: list[str]
    redefined: list[str]


def choose_codes(
    data: CodedData, codebook: Sequence[Entry], mapping: CodedMapping, account: Account
) -> ChosenCodes:
    """Return which code of the study stands for each code of an export.

    A study without a codebook takes over that of the export.

    Parameters
    ----------
    data : CodedData
        The export.
    codebook : sequence of tuple of str
        The rows of the study's codebook; none where it has none yet.
    mapping : CodedMapping
        What a person says.
    account : Account
        Counts the codes that are set aside.
    """
    paths = {key: JOINED.join(path) for key, path in paths_of(data.codes).items()}
    said = _said(data, paths, mapping)
    put = {coding.code for coding in data.codings}
    found, new_rows = _found_codes(data, paths, codebook), []
    if not codebook:
        taken = _taken_over(data.codes, said)
        codable = {each.key for each in taken if data.is_ours and each.is_codable}
        made = rows_of_tree(taken, put | codable)
        found, codebook, new_rows = dict(made.id_of), made.rows, made.rows
    rows = {row[0]: row for row in codebook}
    choice: dict[str, str | None] = {}
    offenders = list(_unused(data, paths, mapping))
    for number, code in enumerate(data.codes, 1):
        wanted = said[code.key] or found.get(code.key, "")
        chosen = _chosen(wanted, rows, is_put=code.key in put)
        if chosen and wanted != SKIP:
            choice[code.key] = chosen
        elif wanted != SKIP and code.key in put:
            where = f"{number} of {len(data.codes)}"
            offenders.append(f"code {_offender(wanted or paths[code.key], where, rows)}")
        else:
            account.set_aside(kinds.CODES, LEFT_OUT if wanted == SKIP else NEVER_PUT)
            choice[code.key] = None
    same = {key: chosen for key, chosen in choice.items() if not said[key]}
    redefined = [] if new_rows else list(_redefined(data, same, rows))
    return ChosenCodes(choice, new_rows, offenders, redefined)


def _said(data: CodedData, paths: Mapping[str, str], mapping: CodedMapping) -> dict[str, str]:
    """Return what a mapping says of each code: by its path, or by a name that is no path."""
    is_path = set(paths.values())
    return {
        code.key: mapping.codes.get(paths[code.key])
        or ("" if code.name in is_path else mapping.codes.get(code.name, ""))
        for code in data.codes
    }


def _unused(data: CodedData, paths: Mapping[str, str], mapping: CodedMapping) -> Iterator[str]:
    """Yield which entries of a mapping name no code, or one of several."""
    is_path = set(paths.values())
    named = Counter(code.name for code in data.codes if paths[code.key] not in mapping.codes)
    known = {code.name for code in data.codes}
    for number, name in enumerate(mapping.codes, 1):
        if name in is_path:
            continue
        if name not in known:
            yield f"mapping, codes: entry {number} names no code of the files"
        elif named[name] > 1:
            yield f"mapping, codes: entry {number} names {named[name]} codes: give the path of each"


def _taken_over(codes: Sequence[CodedCode], said: Mapping[str, str]) -> tuple[CodedCode, ...]:
    """Return the codes that make the codebook: not those that stand for others or are left out."""
    parents = {code.parent for code in codes}
    return tuple(code for code in codes if not said[code.key] or code.key in parents)


def _found_codes(
    data: CodedData, paths: Mapping[str, str], codebook: Sequence[Entry]
) -> dict[str, str]:
    """Return the codes that have the id, the path or the name of one code of the codebook."""
    ids = {row[0] for row in codebook}
    names = {row[0]: row[2] for row in codebook}
    by_path, by_name = (defaultdict[str, list[str]](list) for _ in range(2))
    for identity, parent, name, *_ in codebook:
        is_nested = parent and parent != ALL_CODES
        path = f"{names.get(parent, parent)}{JOINED}{name}" if is_nested else name
        by_path[_folded(path)].append(identity)
        by_name[_folded(name)].append(identity)
    found: dict[str, str] = {}
    for code in data.codes:
        given = parse_description(code.description)[3] if data.is_ours else ""
        path = _folded(paths[code.key])
        candidates = ([given], [code.name], by_path[path], by_name[path])
        known = (each[0] for each in candidates if len(each) == 1 and each[0] in ids)
        found[code.key] = next(known, "")
    return found


def _chosen(wanted: str, rows: Mapping[str, Entry], *, is_put: bool) -> str:
    """Return the code that stands for another; empty where none does."""
    if wanted in rows and (rows[wanted][1] or not is_put):
        return wanted
    itself = f"{wanted}.{ITSELF}"
    return itself if wanted in rows and itself in rows else ""


def _redefined(
    data: CodedData, choice: Mapping[str, str | None], rows: Mapping[str, Entry]
) -> Iterator[str]:
    for code in data.codes:
        chosen = choice.get(code.key)
        if chosen and code.description.strip():
            told = parse_description(code.description)[:3]
            if any(_differ(*each) for each in zip(told, rows[chosen][3:], strict=True)):
                yield chosen


def _differ(told: str, held: str) -> bool:
    return bool(told.strip()) and told.split() != held.split()


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _offender(wanted: str, where: str, rows: Mapping[str, Entry]) -> str:
    if wanted in rows:
        return f"{wanted}: a theme, which is not put itself; its codes are"
    names = [each for row in rows.values() for each in (row[0], row[2])]
    return told_if_close(wanted, names, f"{where}: none of the codebook is like it")
