"""The mapping: what a person states about coded data that the export doesn't.

It names places, consent, codes, coders and columns.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.errors import CodedDataError, closest
from analysis.intake.coded.coded_data import DOCUMENT_FACTS, SELECTION_FACTS
from analysis.intake.coded.plain_tables import NAMES, ColumnRoles
from analysis.intake.focus_group import YES
from analysis.intake.limits import decode_text, receive
from analysis.study.strict_parsing import YamlFault, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

SKIP = "skip"
GROUPS = "groups"
LEFT_OUT = "the mapping leaves it out"
KEYS = (
    *("coders", "coder", "codes", "themes", "documents", "focus_groups", "places", "cells"),
    *("cell", "text_kind", "columns", "whole_documents"),
)
OF_TEXTS = ("coders", "codes", "focus_groups", "places", "cells")
ONE_VALUE = ("coder", "themes", "cell", "text_kind", "whole_documents")
WHOLE = {True: (YES, "true"), False: ("no", "false", "")}
CODES_COLUMNS = "codes"
ANOTHER = "another"
ALMOST = 0.85
"""How alike two names are of which one may be a misspelling, between 0 and 1."""


@dataclass(frozen=True)
class CodedMapping:
    """What is stated about an import."""

    coders: Mapping[str, str] = field(default_factory=dict)
    """The pseudonym of each coder, by the name in the export."""
    coder: str = ""
    """The pseudonym of whoever coded, where the export names nobody."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """The study's code for one of the export, by its name or path; ``skip`` leaves it out."""
    themes: str = ""
    """Which codes are themes: the level of the tree, from ``1`` at the top, or ``groups``."""
    documents: Mapping[str, Mapping[str, str] | str] = field(default_factory=dict)
    """What is stated about each document, by its name; ``another: yes`` confirms that its focus
    group is none of those withdrawn, and no copy of one that is there."""
    focus_groups: Mapping[str, str] = field(default_factory=dict)
    """What is stated about every document."""
    places: Mapping[str, str] = field(default_factory=dict)
    """The place for what the export has instead, such as a name or a stratum."""
    cells: Mapping[str, str] = field(default_factory=dict)
    """The cell of the template for each question, as the export names it."""
    cell: str = ""
    """The cell of the template for the segments."""
    text_kind: str = ""
    """Whose words the segments have."""
    whole_documents: bool = False
    """Whether each coder looked at the whole of every document in which they applied a code."""
    roles: ColumnRoles = field(default_factory=ColumnRoles)
    """Which column holds what, in a plain table."""


def read_mapping(path: Path) -> CodedMapping:
    """Return what a mapping file states; all that is wrong with it is listed."""
    content = _parse(path)
    offenders = [f"{path.name}: {offender}" for offender in _offenders(content)]
    if offenders:
        raise _unusable(offenders)
    columns = content.get("columns") or {}
    return CodedMapping(
        coders=content.get("coders") or {},
        coder=content.get("coder", ""),
        codes=content.get("codes") or {},
        themes=(content.get("themes") or "").strip(),
        documents={
            name: stated if isinstance(stated, str) else _filled_in(stated)
            for name, stated in (content.get("documents") or {}).items()
        },
        focus_groups=_filled_in(content.get("focus_groups") or {}),
        places=content.get("places") or {},
        cells=content.get("cells") or {},
        cell=content.get("cell", ""),
        text_kind=content.get("text_kind", ""),
        whole_documents=_said(content, "whole_documents") in WHOLE[True],
        roles=ColumnRoles(
            named={role: column for role, column in columns.items() if role in NAMES},
            codes=tuple(columns.get(CODES_COLUMNS, ())),
            facts={each: columns[each] for each in columns if each not in (*NAMES, CODES_COLUMNS)},
        ),
    )


def _parse(path: Path) -> dict[Any, Any]:
    try:
        return parse_yaml(decode_text(path.name, receive(path).content), as_text=True)
    except YamlFault as fault:
        raise _unusable([f"{path.name}: {fault}"]) from None


def find_misspelt(entries: Collection[str], names: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield the number of each entry that almost is a name without an entry, and that name.

    A name with other digits is another name.

    Examples
    --------
    >>> list(find_misspelt(["Talk 01", "Intervew 02", "Interview 09"], ["Talk 01", "Interview 02"]))
    [(2, 'Interview 02')]
    """
    left = [name for name in names if name not in entries]
    for number, entry in enumerate(entries, 1):
        if entry not in names:
            alike = [name for name in left if _digits(name) == _digits(entry)]
            close = difflib.get_close_matches(entry, alike, n=1, cutoff=ALMOST)
            yield from ((number, name) for name in close)


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def is_another(stated: Mapping[str, str]) -> bool:
    """Return whether a mapping confirms that a document is no focus group that left or is there."""
    return stated.get(ANOTHER, "").strip().casefold() == YES


def _filled_in(stated: Mapping[str, str]) -> dict[str, str]:
    """Return the facts that are stated: one left blank in a draft states nothing."""
    return {fact: value for fact, value in stated.items() if value.strip()}


def _said(content: dict[Any, Any], key: str) -> str:
    """Return one value in lower case, "" where it is blank."""
    return str(content.get(key) or "").strip().casefold()


def _offenders(content: dict[Any, Any]) -> list[str]:
    """Return what is wrong with the keys, or else with the values of each."""
    found = [*_unknown_keys(content, KEYS), *_ill_formed_keys(content)]
    found += _theme_offenders(content.get("themes"))
    if _said(content, "whole_documents") not in (*WHOLE[True], *WHOLE[False]):
        found.append("whole_documents is neither yes nor no")
    return found or [*_fact_offenders(content), *_column_offenders(content.get("columns") or {})]


def _ill_formed_keys(content: dict[Any, Any]) -> Iterator[str]:
    for key in KEYS:
        held = content.get(key) or {}
        if key in ONE_VALUE:
            if held and not isinstance(held, str):
                yield f"{key} is not one value"
        elif not isinstance(held, dict):
            yield f"{key} has no keys and values"
        elif key in OF_TEXTS:
            for number, each in enumerate(held.values(), 1):
                if not isinstance(each, str):
                    yield f"{key}, entry {number} is not one value"


def _fact_offenders(content: dict[Any, Any]) -> Iterator[str]:
    yield from _faults_of_facts("focus_groups", content.get("focus_groups") or {}, DOCUMENT_FACTS)
    for number, stated in enumerate((content.get("documents") or {}).values(), 1):
        where = f"documents, entry {number}"
        if isinstance(stated, dict):
            yield from _faults_of_facts(where, stated, (*DOCUMENT_FACTS, ANOTHER))
        elif stated != SKIP:
            yield f"{where} is neither keys and values nor {SKIP}"


def _faults_of_facts(where: str, stated: dict[Any, Any], known: Collection[str]) -> Iterator[str]:
    yield from (f"{where}: {fault}" for fault in _unknown_keys(stated, known))
    for fact in known:
        if not isinstance(stated.get(fact, ""), str):
            yield f"{where}: {fact} is not one value"


def _theme_offenders(themes: object) -> list[str]:
    if not isinstance(themes, str) or themes.strip() in ("", GROUPS, *map(str, range(1, 10))):
        return []
    return [f"themes: neither a level of the tree of codes (1 to 9) nor {GROUPS}"]


def _unknown_keys(held: dict[Any, Any], known: Collection[str]) -> Iterator[str]:
    for number, key in enumerate(held, 1):
        if key not in known:
            # What is close to no key may be a person's name.
            hint = closest(str(key), known)
            yield f"unknown key {key}{hint}" if hint else f"unknown key (entry {number})"


def _column_offenders(columns: dict[Any, Any]) -> list[str]:
    known = (*NAMES, CODES_COLUMNS, *DOCUMENT_FACTS, *SELECTION_FACTS)
    found = [f"columns: {fault}" for fault in _unknown_keys(columns, known)]
    for key, column in columns.items():
        if key not in known:
            continue
        is_list = isinstance(column, list) and all(isinstance(each, str) for each in column)
        if not (is_list if key == CODES_COLUMNS else isinstance(column, str)):
            found.append(
                f"columns: {key} is not {'a list' if key == CODES_COLUMNS else 'one name'}"
            )
    return found


def _unusable(offenders: list[str]) -> CodedDataError:
    return CodedDataError(
        "The mapping cannot be used.",
        offenders=offenders,
        expected=f"the keys {', '.join(KEYS)}; documents and focus_groups with the columns of "
        "focus_groups.csv",
        remedy="correct the mapping, or have a draft written with --mapping-draft",
    )
