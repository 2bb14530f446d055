"""What a guard touches, in words: the numbers of reports that depend on what it guards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.quality.wording import CELL, CODE, list_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ALL = "*"
NOTHING = "no number"
# By the first word of the ids of claims, without their place.
KINDS = {
    "ac1": "agreement",
    "accounted": "the account of segments",
    "agreement": "agreement",
    "alpha": "agreement",
    "answered": "who answered what",
    "balance": "the account of segments",
    "by_all": "counts of segments",
    "coder": "who coded what",
    "group": "the table of focus groups",
    "groups": "counts of focus groups",
    "heard": "who was heard",
    "part": "the table of focus groups",
    "participants": "numbers of participants",
    "prevalence": "prevalence",
    "put_by_one": "agreement",
    "put_by_several": "agreement",
    "segments": "counts of segments",
}
OF_PARTICIPANTS = re.compile(r"((group|heard)\.)?(participants|kinds)(\*|\..*)?")
# Between the stars of a pattern stands a cell, and behind the first of its dots a code.
NAMED = re.compile(r"\*\.?(?P<name>[^*]+)\*?")
PLACEHOLDERS = {CELL: "the cells concerned", CODE: "the codes concerned", "": "all cells or codes"}


def say_touched(patterns: Sequence[str], names: Mapping[str, str] | None = None) -> str:
    """Return in words which numbers are touched.

    Parameters
    ----------
    patterns : sequence of str
        Patterns on the ids of claims, as expectations and outcomes have them.
    names : mapping of str to str, optional
        What cells and codes are called, for those who do not know their ids.

    Examples
    --------
    >>> say_touched(["*context.hope*", "*recommendations.stop*", "segments.*"])
    'numbers on context.hope and recommendations.stop; counts of segments'
    >>> say_touched(["*"])
    'every number that rests on it'
    >>> say_touched([])
    'no number'
    """
    if not patterns:
        return NOTHING
    if ALL in patterns:
        return "every number that rests on it"
    named = [found["name"] for each in patterns if (found := NAMED.fullmatch(each))]
    kinds = [_kind(each) for each in patterns if not NAMED.fullmatch(each)]
    called = PLACEHOLDERS | {name: f"\u201c{told}\u201d" for name, told in (names or {}).items()}
    about = list_names([called.get(name, name) for name in _distinct(named)])
    return "; ".join([*([f"numbers on {about}"] if about else []), *_distinct(kinds)])


def _kind(pattern: str) -> str:
    if OF_PARTICIPANTS.fullmatch(pattern):
        return KINDS["participants"]
    return KINDS.get(re.split(r"[.*]", pattern)[0], f"claims {pattern}")


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
