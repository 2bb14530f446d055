"""Text of a submission that looks wrong, and that no program may repair."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.intake.lines import plain_text
from analysis.intake.normalisation import normalise
from analysis.intake.submission import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.intake.lines import TemplateLine

# Mail hosts that submissions often name; others are compared with those that the text itself names.
KNOWN_HOSTS = ("unaids.org", "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "yahoo.fr")
PICTURE = "has a picture: its text was not read"
REPLACED = "a word that a search-and-replace seems to have changed"
SIMILARITY = 0.8
OFTEN = 3
GLUED_LETTERS = 4
"""Letters, at least, that are glued to a word by a replacement."""
LONG_WORD = 5

_HOST = re.compile(r"@((?:[\w-]+\.)+\w+)")
_SITE = re.compile(r"(?<![@\w.-])(?:https?://|www\.)?((?:[a-z\d-]+\.)+(?:org|com|net|int|info))\b")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


def suspicions_of(lines: Sequence[TemplateLine]) -> list[Suspicion]:
    """Return suspicions about the lines of a submission, those of the template included.

    They are words that a replacement of words seems to have gone through, and mail hosts that are
    almost, but not quite, a known one. None holds a word of the text.
    """
    texts = [(line.place, text) for line in lines for text in _texts_of(line)]
    return [*_replaced_words(texts), *_mistyped_hosts(texts)]


def _texts_of(line: TemplateLine) -> Iterator[str]:
    yield normalise(plain_text(line.first))
    if line.is_row:
        yield from (normalise(block.text) for block in line.answer)


def _replaced_words(texts: Sequence[tuple[str, str]]) -> Iterator[Suspicion]:
    """Find two words that occur together often, and once with letters glued to them.

    Replacing every "sw" by "sex workers" turns "Switzerland" into "Sex workersitzterland".
    """
    texts_in_words = [
        (place, [word.casefold() for word in _WORD.findall(text)]) for place, text in texts
    ]
    single = Counter(word for _, words in texts_in_words for word in words)
    pairs = Counter(pair for _, words in texts_in_words for pair in pairwise(words))
    phrases: defaultdict[str, list[str]] = defaultdict(list)
    for (first, second), count in pairs.items():
        if count >= max(OFTEN, single[second] / 2) and len(second) >= LONG_WORD:
            phrases[first].append(second)
    for place, words in texts_in_words:
        for first, second in pairwise(words):
            if any(_is_glued(second, to=after) for after in phrases.get(first, ())):
                yield Suspicion(place, REPLACED)


def _is_glued(word: str, to: str) -> bool:
    """Return whether a word is another with letters glued to its end."""
    return word.startswith(to) and len(word) - len(to) >= GLUED_LETTERS


def _mistyped_hosts(texts: Sequence[tuple[str, str]]) -> Iterator[Suspicion]:
    named = {site.casefold() for _, text in texts for site in _SITE.findall(text)}
    known = sorted(named | set(KNOWN_HOSTS))
    for place, text in texts:
        for host in _HOST.findall(text.casefold()):
            close = get_close_matches(host, known, n=1, cutoff=SIMILARITY)
            if host not in KNOWN_HOSTS and close and close[0] != host:
                yield Suspicion(
                    place, f"the host of a mail address looks mistyped{_describe(close[0])}"
                )


def _describe(host: str) -> str:
    """Return a known host by name; one that only the text names is not shown."""
    return f": {host}?" if host in KNOWN_HOSTS else ": it is almost one that the text names"
