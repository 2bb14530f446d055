"""A tree of codes of any depth as a codebook of two levels, and back, without loss.

A code at the top with codes below it is a theme. All below it are codes of that theme: their ids
are paths of names joined by dots, and their names are paths below the theme. A heading below the
top that nobody can apply is only in these paths. A theme that was
applied itself has a code of its own for that (`rights._`). Codes at the top without codes below
are codes of one theme (`all-codes`), which is left out again on the way back. What a codebook
states about a code is one description in the tree, which is parsed when it comes back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from analysis.importing.ids import UnusedIds, slug_of
from analysis.intake import account as kinds
from analysis.intake.coded.coded_data import CodedCode
from analysis.study.csv_rows import TRANSLATED_NAMES
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.intake.coded.coded_data import CodedData
    from analysis.study.codebook import Code


ITSELF = "_"
"""Ends the id of the code for a theme that was applied itself, as in `rights._`."""

# A definition, and behind it what REFI-QDA has no place for.
DESCRIBED = "{definition}\n\nInclude: {include}\n\nExclude: {exclude}{names}\n\nId: {code}"
NAMED = "\n\n{column}: {name}"
_LABELS = ("\n\nId: ", "\n\nExclude: ", "\n\nInclude: ")


class Description(NamedTuple):
    """What a description in a tree states of a code; one that we did not write is a definition."""

    definition: str
    include: str = ""
    exclude: str = ""
    code: str = ""
    names: tuple[str, ...] = ("",) * len(TRANSLATED_NAMES)


def parse_description(text: str) -> Description:
    r"""Return definition, include, exclude, id and names, from a description that we wrote.

    Examples
    --------
    >>> parse_description("Fear.\n\nInclude: dread\n\nExclude: \n\nId: fear")[:4]
    ('Fear.', 'dread', '', 'fear')
    >>> parse_description("Fear.")[:4]
    ('Fear.', '', '', '')
    """
    rest, found = text, []
    for label in _LABELS:
        if label not in rest:
            return Description(text)
        rest, _, held = rest.rpartition(label)
        found.append(held)
    code, exclude, include = found
    names = []
    for column in reversed(TRANSLATED_NAMES):
        before, label, name = exclude.rpartition(NAMED.format(column=column, name=""))
        exclude, name = (before, name) if label else (exclude, "")
        names.append(name)
    return Description(rest, include, exclude, code, tuple(reversed(names)))


ALL_CODES = "all-codes"
MADE_UP = "it only holds codes that a tool has in no theme, or represents a theme that was applied"
SAME_NAME = "the codebook has it by its id"
"""Why the tree lacks an entry of a codebook, or a code that its rows name."""
IN_GENERAL = " (in general)"
JOINED = " > "

Entry: TypeAlias = tuple[str, ...]
"""A row of a codebook, with the columns that `tables.received` has for it."""

ALL_CODES_ROW: Entry = (
    ALL_CODES,
    "",
    "Codes without a theme",
    "Holds the codes that the tool has in no theme, and means nothing itself.",
    "",
    "",
    *Description("").names,
)

NOT_DEFINED = "Not defined in the export."
"""Every definition, where the export has none at all."""


class CodebookRows(NamedTuple):
    """A codebook made of a tree."""

    rows: list[Entry]
    """As in ``codebook.csv``."""
    id_of: Mapping[str, str]
    """The id of the code for each code of the tree when it is applied, by its key."""


def rows_of_tree(codes: Sequence[CodedCode], applied: Collection[str]) -> CodebookRows:
    """Return a tree of codes as a codebook."""
    given = Counter(parse_description(code.description).code for code in codes)
    tree = _Tree(
        {code.parent for code in codes}, {each for each in given if each and given[each] == 1}
    )
    for code in codes:
        tree.add(code, is_applied=code.key in applied)
    if not any(row[3] for row in tree.rows if row != ALL_CODES_ROW):
        tree.rows = [(*row[:3], row[3] or NOT_DEFINED, *row[4:]) for row in tree.rows]
    return CodebookRows(tree.rows, tree.id_of)


class _Tree:
    """The rows of a codebook made so far."""

    def __init__(self, above: Collection[str], own_ids: Collection[str]) -> None:
        self.rows: list[Entry] = []
        self.id_of: dict[str, str] = {}
        self._above = above
        self._own_ids = own_ids
        self._given = UnusedIds([ALL_CODES, *own_ids])
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._roots: dict[str, str] = {}
        self._has_all_codes = False

    def add(self, code: CodedCode, *, is_applied: bool) -> None:
        """Add the rows of a code, whose parent was added."""
        described = parse_description(code.description)
        given, parent = described.code, code.parent
        base = slug_of(code.name)
        is_theme = not parent and code.key in self._above
        is_heading = code.key in self._above and not is_theme
        wanted = given or (f"{self._ids[parent]}.{base}" if parent else base)
        own = given if given in self._own_ids else self._given.give(wanted)
        root = self._roots.get(parent, code.key)
        self._ids[code.key] = own
        self._roots[code.key] = root
        is_nested = bool(parent) and parent != root
        name = f"{self._names[parent]}{JOINED}{code.name}" if is_nested else code.name
        self._names[code.key] = name
        if is_heading and not code.is_codable and not is_applied:
            return
        self.id_of[code.key] = own
        theme = "" if is_theme else self._ids[root] if parent else self._all_codes()
        self.rows.append((own, theme, name, *described[:3], *described.names))
        if is_theme and is_applied:
            general = general_of(self.rows[-1])
            self._given.take(general[0])
            self.rows.append(general)
            self.id_of[code.key] = general[0]

    def _all_codes(self) -> str:
        if not self._has_all_codes:
            self._has_all_codes = True
            self.rows.append(ALL_CODES_ROW)
        return ALL_CODES


def general_of(theme: Entry) -> Entry:
    """Return the row of the code for a theme that was applied itself."""
    code, _, name, definition, *rest = theme
    return (f"{code}.{ITSELF}", code, name + IN_GENERAL, definition, *("" for _ in rest))


def tree_of_codebook(entries: Mapping[str, Code]) -> tuple[tuple[CodedCode, ...], dict[str, str]]:
    """Return a codebook as a tree, and the key of the tree's code for each code.

    A code whose id and name both begin with another's, of the same theme, goes below that.

    Parameters
    ----------
    entries : mapping of str to Code
        Themes and codes by id.

    Returns
    -------
    tuple of CodedCode
        Every code after the one above it; keys are ids.
    dict of str to str
        The key by id of the code.
    """
    keys = {code: code for code in entries}
    made_up = _made_up(entries)
    found: dict[str, CodedCode] = {}
    for entry in sorted(entries.values(), key=lambda each: bool(each.parent)):
        if entry.code == ALL_CODES in made_up:
            continue
        if entry.code in made_up:
            keys[entry.code] = entry.parent
            continue
        parent = _above(entry, entries)
        is_nested = bool(parent and entries[parent].parent)
        found[entry.code] = CodedCode(
            entry.code,
            entry.name.removeprefix(entries[parent].name + JOINED) if is_nested else entry.name,
            "" if parent in made_up else parent,
            description_of(entry),
            is_codable=bool(entry.parent) or f"{entry.code}.{ITSELF}" in made_up,
        )
    return parents_first(found), keys


def _made_up(entries: Mapping[str, Code]) -> set[str]:
    """Return the themes and codes that `rows_of_tree` added, and that the tree didn't have."""
    found = {
        code
        for code, entry in entries.items()
        if code == ALL_CODES and _row(entry) == ALL_CODES_ROW
    }
    siblings = Counter(entry.parent for entry in entries.values())
    for entry in entries.values():
        is_general = entry.parent and _row(entry) == general_of(_row(entries[entry.parent]))
        if is_general and siblings[entry.parent] > 1:
            found.add(entry.code)
    return found


def _row(entry: Code) -> Entry:
    cells = entry.cells()
    return tuple(cells.get(column, "") for column in COLUMNS["codebook"])


def _above(entry: Code, entries: Mapping[str, Code]) -> str:
    """Return the code or theme that an entry goes below; empty for a theme."""
    parts = entry.code.split(".")
    for length in range(len(parts) - 1, 0, -1):
        candidate = entries.get(".".join(parts[:length]))
        if candidate and candidate.parent == entry.parent and candidate.parent:
            return (
                candidate.code if entry.name.startswith(candidate.name + JOINED) else entry.parent
            )
    return entry.parent


def parents_first(found: Mapping[str, CodedCode]) -> tuple[CodedCode, ...]:
    """Return codes by key in the order of their tree: each is followed by all that are below it."""
    below: defaultdict[str, list[CodedCode]] = defaultdict(list)
    for code in found.values():
        below[code.parent].append(code)
    placed: list[CodedCode] = []
    waiting = below[""][::-1]
    while waiting:
        placed.append(waiting.pop())
        waiting += below[placed[-1].key][::-1]
    return tuple(placed)


def with_tree(data: CodedData) -> CodedData:
    """Return coded data with the codebook that a table of ours has as the tree of its codes.

    Its rows name codes by id, or by a name that one of the codebook has.
    """
    if not data.codebook:
        return data
    entries = {each.code: each for each in data.codebook}
    tree, keys = tree_of_codebook(entries)
    data.account.set_aside(kinds.CODES, MADE_UP, len(entries) - len(tree))
    names = Counter(each.name.casefold() for each in data.codebook)
    ids = {each.name.casefold(): each.code for each in data.codebook if each.parent}
    ids = {name: code for name, code in ids.items() if names[name] == 1}
    id_of = {
        code.key: code.name if code.name in entries else ids.get(code.name.casefold(), "")
        for code in data.codes
    }
    others = tuple(code for code in data.codes if not id_of[code.key])
    by_name = sum(code.name not in entries for code in data.codes) - len(others)
    data.account.set_aside(kinds.CODES, SAME_NAME, by_name)
    moved = {
        each: each._replace(code=keys.get(id_of[each.code], each.code)) for each in data.codings
    }
    return replace(
        data,
        codes=(*tree, *others),
        codings=tuple(dict.fromkeys(moved.values())),
        coded_at={moved[each]: where for each, where in data.coded_at.items()},
    )


def description_of(entry: Code) -> str:
    """Return definition, include, exclude, names and id of a code in one text."""
    cells = entry.cells()
    names = "".join(
        NAMED.format(column=each, name=cells[each]) for each in TRANSLATED_NAMES if each in cells
    )
    definition = "" if entry.definition == NOT_DEFINED else entry.definition
    return DESCRIBED.format_map(cells | {"definition": definition, "names": names})
