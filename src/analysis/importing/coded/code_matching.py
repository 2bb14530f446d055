"""Match each code of an export with a code of the study; nothing is guessed."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import count, describe_value
from analysis.importing.coded.code_tree import (
    ALL_CODES,
    ITSELF,
    JOINED,
    parse_description,
    rows_of_tree,
)
from analysis.importing.coded.mapping import GROUPS, LEFT_OUT, SKIP, find_misspelt
from analysis.importing.coded.themes import (
    NOT_A_THEME,
    codes_to_keep,
    levels_of,
    propose_themes,
    tree_of_groups,
    tree_of_level,
)
from analysis.intake import account as kinds
from analysis.intake.coded import own_tables
from analysis.intake.coded.coded_data import paths_of
from analysis.tables import code_applications

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.importing.coded.code_tree import CodebookRows, Entry
    from analysis.importing.coded.mapping import CodedMapping
    from analysis.intake.account import Account
    from analysis.intake.coded.coded_data import CodedCode, CodedData

HEADING = "a heading that nobody can apply: it is no code, and no theme"
NEVER_APPLIED = "it was never applied, and the codebook does not have it"


class MatchedCodes(NamedTuple):
    """The codes of the study that match those of an export."""

    id_of: Mapping[str, str | None]
    """The study's code by the key of the export's; None where it is left out."""
    new_rows: list[Entry]
    """The codebook, where the study had none."""
    offenders: list[str]
    """The codes without a match, and entries of the mapping without a code."""
    notices: list[str]
    """How the codes of the export differ from those of the study."""


def match_codes(
    data: CodedData, codebook: Sequence[Entry], mapping: CodedMapping, account: Account
) -> MatchedCodes:
    """Return the code of the study for each code of an export; others are set aside or offend.

    A study without a codebook takes over that of the export.
    """
    paths = {key: JOINED.join(path) for key, path in paths_of(data.codes).items()}
    mapped = _mapped_codes(data, paths, mapping)
    applied = {coding.code for coding in data.codings}
    found, new_rows = _found_codes(data, paths, codebook), []
    if not codebook:
        made = _new_codebook(data, mapped, applied, mapping.themes, account)
        found, codebook, new_rows = dict(made.id_of), made.rows, made.rows
    else:
        account.set_aside(kinds.GROUPS, NOT_A_THEME, len(data.groups))
    rows = {row[0]: row for row in codebook}
    wanted = {code.key: mapped[code.key] or found.get(code.key, "") for code in data.codes}
    choice = {
        code: _chosen(name, rows, is_applied=code in applied) for code, name in wanted.items()
    }
    choice |= dict.fromkeys(_silent(data, rows), code_applications.NO_CODE)
    unmatched = {
        code: wanted[code] or paths[code]
        for code, chosen in choice.items()
        if not chosen and code in applied and wanted[code] != SKIP
    }
    id_of = {code: chosen or None for code, chosen in choice.items() if code not in unmatched}
    headings = {code.parent for code in data.codes} if new_rows else set()
    for code in data.codes:
        if not choice[code.key] and code.key not in unmatched:
            account.set_aside(kinds.CODES, _why_unused(code, wanted[code.key], headings))
    return MatchedCodes(
        id_of,
        new_rows,
        [*_unused(data, paths, mapping), *_offenders(data, unmatched, rows)],
        [] if new_rows else [*_notices(data, id_of, _redefined(data, id_of, mapped, rows))],
    )


def _why_unused(code: CodedCode, wanted: str, headings: Collection[str]) -> str:
    if wanted == SKIP:
        return LEFT_OUT
    return HEADING if not code.is_codable or code.key in headings else NEVER_APPLIED


def _notices(
    data: CodedData, choice: Mapping[str, str | None], redefined: Sequence[str]
) -> Iterator[str]:
    """Yield how codes differ from those of the study, which keeps its own codebook."""
    if redefined:
        yield (
            f"{count(len(redefined), 'code')} with another definition than in codebook.csv, "
            f"which is kept: {', '.join(redefined)}"
        )
    if data.is_codebook:
        known = sum(map(bool, choice.values()))
        yield (
            f"codebook.csv has {known} of these {len(data.codes)} codes, and stays as it is: "
            "add codes by hand"
        )


def _offenders(
    data: CodedData, unmatched: Mapping[str, str], rows: Mapping[str, Entry]
) -> Iterator[str]:
    """Yield each code that was applied and is not in the codebook, with where it was applied."""
    places: dict[str, list[str]] = defaultdict(list)
    for coding, where in data.coded_at.items():
        places[coding.code].append(where)
    names = dict.fromkeys(name for row in rows.values() for name in (row[0], row[2]))
    for number, code in enumerate(data.codes, 1):
        if code.key not in unmatched:
            continue
        wanted, at = unmatched[code.key], places[code.key]
        others = f" and {len(at) - 1} more" if len(at) > 1 else ""
        where = f"{at[0]}{others}: the code" if at else f"code {number} of {len(data.codes)}"
        if wanted in rows:
            yield f"{where}: {wanted} is a theme, which cannot be applied; its codes can"
        else:
            yield f"{where} is not in codebook.csv: {describe_value(wanted, 'code', names)}"


def _mapped_codes(
    data: CodedData, paths: Mapping[str, str], mapping: CodedMapping
) -> dict[str, str]:
    """Return the mapping of each code: by its path, or by a name that isn't a path."""
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
        if named[name] > 1:
            yield f"mapping, codes: entry {number} names {named[name]} codes: give the path of each"
    for number, name in find_misspelt(mapping.codes, {*known, *is_path}):
        yield (
            f"mapping, codes: entry {number} names no code of the files"
            f" (closest: {name}): correct it"
        )


def _new_codebook(
    data: CodedData,
    mapped: Mapping[str, str],
    applied: Collection[str],
    themes: str,
    account: Account,
) -> CodebookRows:
    """Return the codebook of a study that had none; `themes` says which codes are its themes."""
    codes = tuple(code for code in data.codes if _may_be_new(code, data))
    kept = codes_to_keep(codes, mapped, applied)
    own = {key for key in applied if not mapped[key]}
    themes = themes or ("1" if data.is_ours else propose_themes(data.codes, data.groups))
    if themes == GROUPS:
        tree = tree_of_groups(kept, data.groups, account)
    else:
        tree = tree_of_level(kept, int(themes), levels_of(data.codes), own)
        account.set_aside(kinds.GROUPS, NOT_A_THEME, len(data.groups))
    codable = {each.key for each in tree if data.is_ours and each.is_codable}
    return rows_of_tree(tree, own | codable)


def _may_be_new(code: CodedCode, data: CodedData) -> bool:
    """Return whether a code can become one of a study that has none.

    Where a table of ours has a codebook, a code that its rows alone name may be misspelt.
    """
    is_strange = data.codebook and not parse_description(code.description).code
    return not is_strange and code.key not in _silent(data)


def _silent(data: CodedData, ids: Collection[str] = ()) -> set[str]:
    """Return the keys of what says in a table of ours that no code applies."""
    no_code = code_applications.NO_CODE
    is_own = data.is_ours or own_tables.CODINGS in data.file_format.split(", ")
    return {
        code.key
        for code in data.codes
        if is_own and code.name == no_code not in ids and not (code.parent or code.description)
    }


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
        given = parse_description(code.description).code
        path = _folded(paths[code.key])
        candidates = ([given], [code.name], by_path[path], by_name[path])
        known = (each[0] for each in candidates if len(each) == 1 and each[0] in ids)
        found[code.key] = next(known, "")
    return found


def _chosen(wanted: str, rows: Mapping[str, Entry], *, is_applied: bool) -> str:
    """Return the code to use for a wanted one; empty if there is none."""
    if wanted == SKIP:
        return ""
    if wanted in rows and (rows[wanted][1] or not is_applied):
        return wanted
    itself = f"{wanted}.{ITSELF}"
    return itself if wanted in rows and itself in rows else ""


def _redefined(
    data: CodedData,
    id_of: Mapping[str, str | None],
    mapped: Mapping[str, str],
    rows: Mapping[str, Entry],
) -> list[str]:
    """Return the study's codes that the export defines otherwise, and no mapping chose."""
    found = []
    for code in data.codes:
        chosen = id_of.get(code.key)
        if chosen and not mapped[code.key] and code.description.strip():
            described = parse_description(code.description)[:3]
            if any(_differ(*each) for each in zip(described, rows[chosen][3:6], strict=True)):
                found.append(chosen)
    return found


def _differ(described: str, held: str) -> bool:
    return bool(described.strip()) and described.split() != held.split()


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
