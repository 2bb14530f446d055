"""Which codes of a tree are themes: those of one level, or the groups that a tool keeps them in.

The tree that leaves has themes at its top. A single code at the top that only holds others is
skipped, headings that nobody can apply are no codes, and what a mapping leaves out or gives to
another code leaves no heading behind.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.importing.coded.code_tree import parents_first
from analysis.importing.coded.mapping import GROUPS, SKIP
from analysis.intake import account as kinds
from analysis.intake.coded.coded_data import CodedCode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.intake.account import Account

FURTHER_GROUP = "a further group of a code: its first group is its theme"
NOT_A_THEME = "themes are codes of the tree, or those of codebook.csv"


def levels_of(codes: Sequence[CodedCode]) -> dict[str, int]:
    """Return the level of each code by its key; codes at the top have level 1."""
    levels: dict[str, int] = {}
    for code in codes:
        levels[code.key] = levels.get(code.parent, 0) + 1
    return levels


def propose_themes(codes: Sequence[CodedCode], groups: Collection[str]) -> str:
    """Return which codes are themes where nobody says so: a level, or the groups of a flat list.

    Examples
    --------
    >>> tree = [CodedCode("1", "Codes"), CodedCode("2", "Rights", "1"), CodedCode("3", "Law", "2")]
    >>> propose_themes(tree, ()), propose_themes(tree[:2], ()), propose_themes(tree[:1], ["A"])
    ('2', '1', 'groups')
    """
    parents = {code.parent for code in codes}
    if groups and parents <= {""}:
        return GROUPS
    level, above = 1, ""
    while True:
        here = [code.key for code in codes if code.parent == above]
        if len(here) != 1 or not any(c.parent == here[0] and c.key in parents for c in codes):
            return str(level)
        level, above = level + 1, here[0]


def describe_levels(codes: Sequence[CodedCode], groups: Collection[str]) -> Iterator[str]:
    """Yield what can be the themes, with how many codes there are."""
    parents = {code.parent for code in codes}
    levels = levels_of(codes)
    for level, number in sorted(Counter(levels.values()).items()):
        above = sum(levels[code.key] == level and code.key in parents for code in codes)
        yield f"{level}: {number} codes, {above} of them with codes below"
    if groups:
        yield f"{GROUPS}: {len(groups)} groups of codes"


def codes_to_keep(
    codes: Sequence[CodedCode], mapped: Mapping[str, str], applied: Collection[str]
) -> tuple[CodedCode, ...]:
    """Return the codes that make a codebook, without those that a mapping takes away.

    Codes below a heading that is left out move up. A heading remains only where a code is below.
    """
    parent_of = {code.key: code.parent for code in codes}
    headings = set(parent_of.values())

    def above(key: str) -> str:
        while mapped.get(key) == SKIP:
            key = parent_of[key]
        return key

    needed: set[str] = set()
    for code in reversed(codes):
        is_code = code.key in applied or (code.is_codable and code.key not in headings)
        if code.key in needed or (is_code and not mapped[code.key]):
            needed |= {code.key, above(code.parent)}
    return tuple(
        code._replace(parent=above(code.parent))
        for code in codes
        if code.key in needed and mapped[code.key] != SKIP
    )


def tree_of_level(
    codes: Sequence[CodedCode], level: int, levels: Mapping[str, int], applied: Collection[str]
) -> tuple[CodedCode, ...]:
    """Return a tree with the codes of a level at its top; `levels` are those in the files.

    A code without codes below, at that level or above, goes to the code above it.
    """
    tops = [code for code in codes if not code.parent]
    if len(tops) == 1 and levels[tops[0].key] < level:
        rest = [
            code._replace(parent="" if code.parent == tops[0].key else code.parent)
            for code in codes
            if code is not tops[0]
        ]
        kept = tops if tops[0].key in applied else []
        return (*kept, *tree_of_level(rest, level, levels, applied))
    headings = {code.parent for code in codes}
    placed = [
        code._replace(parent="") if code.key in headings and levels[code.key] <= level else code
        for code in codes
    ]
    with_codes = {code.parent for code in placed}
    return tuple(
        code
        for code in placed
        if code.key not in headings or code.key in with_codes or code.key in applied
    )


def tree_of_groups(
    codes: Sequence[CodedCode], groups: Mapping[str, Sequence[str]], account: Account
) -> tuple[CodedCode, ...]:
    """Return a tree with groups at its top, and the codes of each below it."""
    parent_of = {code.key: code.parent for code in codes}
    placed: dict[str, str] = {}
    made = []
    for name, members in groups.items():
        key = f"{GROUPS}\n{name}"
        there = [each for each in members if each in parent_of]
        for code in there:
            if code in placed:
                account.exclude(kinds.OTHERS, FURTHER_GROUP)
            elif parent_of[code] not in there:
                placed[code] = key
        if key in placed.values():
            made.append(CodedCode(key, name, is_codable=False))
        else:
            account.set_aside(kinds.GROUPS, "no code of it is in the codebook, or in it first")
    moved = [code._replace(parent=placed.get(code.key, code.parent)) for code in codes]
    return parents_first({code.key: code for code in (*made, *moved)})
