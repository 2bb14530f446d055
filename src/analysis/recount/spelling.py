"""Cleaning of a text by the documented steps, each change counted under the words of the log."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Changes = Counter[tuple[str, str]]

NOT_LATIN = "[^\0-\u024f]"
UNSEEN = (
    "[\u00ad\u200b\u2060-\u2064\ufeff]"
    f"|(?<!{NOT_LATIN})[\u200c\u200d]+|[\u200c\u200d]+(?!{NOT_LATIN})"
)
NOT_ASCII = "[\0-\x7f]?[^\0-\x7f]+"
SINGLE, DOUBLE = "\u2018\u2019\u201a\u201b\u2039\u203a", "\u201c\u201d\u201e\u201f\u00ab\u00bb"
QUOTES = f"\u00ab\\s?|\\s?\u00bb|[{SINGLE}{DOUBLE}]"
NEVER = "(?!)"
KINDS = {" ": "space", "\u00a0": "no-break space", "\u202f": "no-break space", "\t": "tab"}
KINDS |= {"\n": "line end", "\r": "line end"}


class Cleaner:
    """Cleans texts, and counts what it changes."""

    def __init__(self, spelling: dict[str, str]) -> None:
        longest_first = sorted(spelling, key=len, reverse=True)
        variants = "|".join(map(re.escape, longest_first)) or NEVER
        self._steps: tuple[tuple[str, str, Callable[[str], str]], ...] = (
            ("invisible characters", UNSEEN, lambda _: ""),
            ("Unicode form", NOT_ASCII, lambda found: unicodedata.normalize("NFC", found)),
            ("quotes", QUOTES, lambda found: "'" if found.strip() in SINGLE else '"'),
            ("dashes", "[\u2010-\u2013]", lambda _: "-"),
            ("dashes", " ?[\u2014\u2015]+ ?", lambda _: " - "),
            ("white space", r"^\s+|\s+\Z", lambda _: ""),
            ("white space", r"\s\s+|[^\S ]", lambda _: " "),
            ("spelling", rf"(?<![\w-])(?:{variants})(?![\w-])", lambda found: spelling[found]),
        )

    def clean(self, text: str) -> tuple[str, Changes]:
        """Return a text after all steps, taken until none finds anything, and what they changed."""
        changes: Changes = Counter()
        before = None
        while text != before:
            before = text
            for step, pattern, replace in self._steps:
                changes.update(_reported(step, re.findall(pattern, text), replace))
                text = _substitute(pattern, replace, text)
        return text, changes


def _substitute(pattern: str, replace: Callable[[str], str], text: str) -> str:
    return re.sub(pattern, lambda found: replace(found[0]), text)


def _reported(
    step: str, found: list[str], replace: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    for old in found:
        new = replace(old)
        if new == old:
            continue
        if step == "Unicode form":
            yield step, "decomposed characters → composed"
        else:
            yield step, f"{_in_words(old)} → {_in_words(new)}"


def _in_words(characters: str) -> str:
    if not characters:
        return "nothing"
    if characters.isspace():
        kinds = " and ".join(sorted({KINDS.get(each, "other space") for each in characters}))
        return f"{kinds} (several)" if len(characters) > 1 else kinds
    if re.fullmatch(UNSEEN, characters):
        return f"U+{ord(characters):04X}"
    return characters.strip()
