"""Which code of the study stands for each code of an export; nothing is guessed."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import told_if_close
from analysis.intake.coded import account as kinds
from analysis.intake.coded.coded_data import paths_of
from analysis.intake.coded.mapping import SKIP
from analysis.intake.coded.merging import JOINED
from analysis.tables.coded.code_tree import ITSELF, parse_description, rows_of_tree, slug_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.intake.coded.account import Account
    from analysis.intake.coded.coded_data import CodedCode, CodedData
    from analysis.intake.coded.mapping import CodedMapping
    from analysis.tables.coded.code_tree import Entry

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
        The codes for which there is none.
    """

    id_of: Mapping[str, str | None]
    new_rows: list[Entry]
    offenders: list[str]


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
    paths = paths_of(data.codes)
    said = {code.key: _said(mapping, paths[code.key]) for code in data.codes}
    put = {coding.code for coding in data.codings}
    if codebook:
        found, new_rows = _found_codes(data, codebook), []
    else:
        taken = _taken_over(data.codes, said)
        codable = {each.key for each in taken if data.is_ours and each.is_codable}
        made = rows_of_tree(taken, put | codable)
        found, codebook, new_rows = dict(made.id_of), made.rows, made.rows
    known = {row[0]: row[1] for row in codebook}
    choice: dict[str, str | None] = {}
    offenders: list[str] = []
    for number, code in enumerate(data.codes, 1):
        name = JOINED.join(paths[code.key])
        where = f"{number} of {len(data.codes)}"
        wanted = said[code.key] or found.get(code.key, "")
        if said[code.key] == SKIP:
            account.set_aside(kinds.CODES, LEFT_OUT)
            choice[code.key] = None
        elif wanted in known and (known[wanted] or code.key not in put):
            choice[code.key] = wanted
        elif wanted in known and f"{wanted}.{ITSELF}" in known:
            choice[code.key] = f"{wanted}.{ITSELF}"
        elif code.key in put:
            offenders.append(_offender(wanted or name, where, known, codebook))
        else:
            account.set_aside(kinds.CODES, NEVER_PUT)
            choice[code.key] = None
    return ChosenCodes(choice, new_rows, offenders)


def _said(mapping: CodedMapping, path: tuple[str, ...]) -> str:
    return mapping.codes.get(JOINED.join(path)) or mapping.codes.get(path[-1], "")


def _taken_over(codes: Sequence[CodedCode], said: Mapping[str, str]) -> tuple[CodedCode, ...]:
    """Return the codes that make the codebook: not those that stand for others or are left out."""
    parents = {code.parent for code in codes}
    return tuple(code for code in codes if not said[code.key] or code.key in parents)


def _found_codes(data: CodedData, codebook: Sequence[Entry]) -> dict[str, str]:
    """Return the codes that have the id or the name of a code of the codebook, and of no other."""
    ids = {row[0] for row in codebook}
    named: dict[str, set[str]] = {}
    for row in codebook:
        for each in {_folded(row[2]), _folded(row[2].rpartition(JOINED)[2])}:
            named.setdefault(each, set()).add(row[0])
    made = rows_of_tree(data.codes, ()).id_of
    found: dict[str, str] = {}
    for code in data.codes:
        given = parse_description(code.description)[3] if data.is_ours else ""
        alike = named.get(_folded(code.name), set())
        candidates = (given, code.name, made[code.key], slug_of(code.name))
        by_id = next((each for each in candidates if each in ids), "")
        found[code.key] = by_id or (next(iter(alike)) if len(alike) == 1 else "")
    return found


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _offender(wanted: str, where: str, known: Mapping[str, str], codebook: Sequence[Entry]) -> str:
    if wanted in known:
        return f"{wanted}: a theme, which is not put itself; its codes are"
    names = [each for row in codebook for each in (row[0], row[2])]
    return told_if_close(wanted, names, f"{where}: none of the codebook is like it")
