"""The words that describe outcomes: what is wrong, how often, where, and which numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.study.language import to_translate, translate, write_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CELL = "{cell}"
CODE = "{code}"
SHOWN_NAMES = 5
# What the rows of a table are for readers.
UNITS = {
    "codebook": ("code", "codes"),
    "focus_groups": ("focus group", "focus groups"),
    "segments": ("passage", "passages"),
    "code_applications": ("coding", "codings"),
}
# The digest in the detail of an outcome, which only the holder of the data may see.
DIGEST_DIGITS = 16
DIGEST_ANNOUNCED = "text_sha256 is "
DIGEST_IN_DETAIL = re.compile(f": {DIGEST_ANNOUNCED}[0-9a-f]{{{DIGEST_DIGITS}}}")
ALL = "*"
# By the first word of the ids of claims, without their place.
KINDS = {
    "accounted": to_translate("the account of passages"),
    "agreement": to_translate("agreement"),
    "answered": to_translate("who answered what"),
    "balance": to_translate("the account of passages"),
    "coder": to_translate("who coded what"),
    "group": to_translate("the table of focus groups"),
    "groups": to_translate("counts of focus groups"),
    "heard": to_translate("who was heard"),
    "part": to_translate("the table of focus groups"),
    "participants": to_translate("numbers of participants"),
    "prevalence": to_translate("counts of topics"),
    "segments": to_translate("counts of passages"),
}
OF_PARTICIPANTS = re.compile(r"(group|part|heard)\.participants(\..*)?")
# Between the stars of a pattern is a cell, and behind the first of its dots a code.
NAMED = re.compile(r"\*\.?(?P<name>[^*]+)\*?")
PLACEHOLDERS = {
    CELL: to_translate("the answers concerned"),
    CODE: to_translate("the codes concerned"),
    "": to_translate("all answers or codes"),
}


def describe_fault(fault: str, table: str, failing: int, where: str) -> str:
    """Return a sentence for readers on what is wrong, how often, and where.

    Examples
    --------
    >>> describe_fault("text pasted twice", "segments", 2, " (fg23)")
    'Text pasted twice: 2 passages (fg23).'
    """
    one, many = UNITS[table]
    count = f": {failing:,} {one if failing == 1 else many}" if failing else ""
    return f"{capitalise(fault)}{count}{where}."


def describe_answers(
    caveat: str, rows: Iterable[tuple[str, str, str]], names: Mapping[str, str]
) -> str:
    """Return a sentence for each answer in question; of many, the first ones.

    Parameters
    ----------
    caveat : str
        The sentence, with ``{focus_group}``, ``{answer}`` and ``{detail}``.
    rows : iterable of (str, str, str)
        The focus group, the cell and the detail of each row.
    names : mapping of str to str
        What cells and focus groups are called, by their ids.

    Examples
    --------
    >>> rows = [("fg05", "context.hope", "7")] * 2
    >>> describe_answers("{focus_group}: {detail} in {answer}.", rows, {"context.hope": "Hope"})
    'fg05: 7 in Hope.'
    """
    sentences = [
        caveat.format(
            focus_group=names.get(group, group) or "A focus group",
            answer=names.get(cell, cell),
            detail=detail,
        )
        for group, cell, detail in dict.fromkeys(rows)
    ]
    rest = len(sentences) - SHOWN_NAMES
    more = [f"So it is with {rest:,} more answers."] if rest > 0 else []
    return " ".join([*sentences[:SHOWN_NAMES], *more])


def list_details(details: Sequence[str]) -> str:
    """Return what is known of rows, each once, in brackets."""
    known = list(dict.fromkeys(each for each in details if each))
    rest = len(known) - SHOWN_NAMES
    more = f"; and {rest} more" if rest > 0 else ""
    return f" ({'; '.join(known[:SHOWN_NAMES])}{more})" if known else ""


def describe_where(groups: Sequence[str], answers: Sequence[str]) -> str:
    """Return the focus groups and the answers in question, in brackets."""
    named = "; ".join(first_of(names) for names in (groups, answers) if names)
    return f" ({named})" if named else ""


def first_of(names: Sequence[str], separator: str = ", ") -> str:
    """Return the first few names, and how many more there are.

    Examples
    --------
    >>> first_of(["fg01", "fg02", "fg03", "fg04", "fg05", "fg06"])
    'fg01, fg02, fg03, fg04, fg05 and 1 more'
    """
    named, rest = separator.join(names[:SHOWN_NAMES]), len(names) - SHOWN_NAMES
    if rest <= 0:
        return named
    return translate("{groups} and {n} more", groups=named, n=write_number(rest))


def list_names(names: Sequence[str]) -> str:
    """Return a few names as a list in words; of many, the first and how many more there are.

    Examples
    --------
    >>> list_names(["esa", "wca"])
    'esa and wca'
    """
    if not 1 < len(names) <= SHOWN_NAMES:
        return first_of(names)
    return translate("{others} and {last}", others=", ".join(names[:-1]), last=names[-1])


def list_rows(rows: Sequence[int]) -> str:
    """Return the first few ranges of rows, and how many more rows there are.

    Examples
    --------
    >>> list_rows([2, 3, 4, 9])
    '2-4, 9'
    """
    ranges: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], row)
        else:
            ranges.append((row, row))
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    rest = sum(last - first + 1 for first, last in ranges[SHOWN_NAMES:])
    return ", ".join(shown[:SHOWN_NAMES]) + (f" and {rest:,} more" if rest else "")


def capitalise(text: str) -> str:
    """Return a text with its first letter in upper case, and the rest unchanged."""
    return f"{text[:1].upper()}{text[1:]}"


def fill_touches(
    patterns: Sequence[str], cells: Sequence[str], codes: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the claims that are affected: patterns with the cells and codes in question.

    Where none is known, any is in question.
    """
    filled = [
        pattern.replace(CELL, cell).replace(CODE, code)
        for pattern in patterns
        for cell in (cells or ("*",) if CELL in pattern else ("",))
        for code in (codes or ("*",) if CODE in pattern else ("",))
    ]
    return tuple(dict.fromkeys(filled))


def describe_touched(patterns: Sequence[str], names: Mapping[str, str] | None = None) -> str:
    """Return in words which numbers of reports are affected, in the language in use.

    Parameters
    ----------
    patterns : sequence of str
        Patterns on the ids of claims, as expectations and outcomes have them.
    names : mapping of str to str, optional
        The names of cells and codes, for those who do not know their ids.

    Examples
    --------
    >>> describe_touched(["*context.hope*", "*recommendations.stop*", "segments.*"])
    'numbers on context.hope and recommendations.stop; counts of passages'
    >>> describe_touched(["*"])
    'every number that rests on it'
    >>> describe_touched([])
    'no number'
    """
    if not patterns:
        return translate("no number")
    if ALL in patterns:
        return translate("every number that rests on it")
    named = [found["name"] for each in patterns if (found := NAMED.fullmatch(each))]
    kinds = [_kind(each) for each in patterns if not NAMED.fullmatch(each)]
    called = {each: translate(words) for each, words in PLACEHOLDERS.items()}
    called |= {
        id_: translate("\u201c{name}\u201d", name=name) for id_, name in (names or {}).items()
    }
    about = list_names([called.get(name, name) for name in _distinct(named)])
    numbers = [translate("numbers on {names}", names=about)] if about else []
    return translate("; ").join([*numbers, *_distinct(kinds)])


def _kind(pattern: str) -> str:
    if OF_PARTICIPANTS.fullmatch(pattern):
        return translate(KINDS["participants"])
    kind = KINDS.get(re.split(r"[.*]", pattern)[0])
    return translate(kind) if kind else translate("claims {pattern}", pattern=pattern)


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
