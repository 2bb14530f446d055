"""What looks wrong in the text of a submission, and may not be mended by a program."""

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

    from analysis.intake.template_lines import TemplateLine

# Hosts of mail that submissions are often sent from, or to; others are compared with what the text
# itself names.
KNOWN_HOSTS = ("unaids.org", "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "yahoo.fr")
PICTURE = "has a picture: what stands in it was not read"
ALIKE = 0.8
OFTEN = 3
GLUED = 4
LONG = 5

_HOST = re.compile(r"@((?:[\w-]+\.)+\w+)")
_SITE = re.compile(r"(?<![@\w.-])(?:https?://|www\.)?((?:[a-z\d-]+\.)+(?:org|com|net|int|info))\b")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


def suspicions_of(lines: Sequence[TemplateLine]) -> list[Suspicion]:
    """Return what looks wrong in the lines of a submission.

    Parameters
    ----------
    lines : sequence of TemplateLine
        Its lines, those of the template too.

    Returns
    -------
    list of Suspicion
        Words that a replacement of words seems to have gone through, and hosts of mail that are
        almost, but not quite, one that is known. None holds a word of the text.
    """
    texts = [(line.place, text) for line in lines for text in _texts_of(line)]
    return [*_replaced(texts), *_mistyped(texts)]


def _texts_of(line: TemplateLine) -> Iterator[str]:
    yield normalise(plain_text(line.first))
    if line.is_row:
        yield from (normalise(block.text) for block in line.answer)


def _replaced(texts: Sequence[tuple[str, str]]) -> Iterator[Suspicion]:
    """Find two words that occur together often, and once with letters glued to them.

    Replacing every "sw" by "sex workers" turns "Switzerland" into "Sex workersitzterland".
    """
    words = [(place, [word.casefold() for word in _WORD.findall(text)]) for place, text in texts]
    single = Counter(word for _, said in words for word in said)
    pairs = Counter(pair for _, said in words for pair in pairwise(said))
    phrases: defaultdict[str, list[str]] = defaultdict(list)
    for (first, second), count in pairs.items():
        if count >= max(OFTEN, single[second] / 2) and len(second) >= LONG:
            phrases[first].append(second)
    for place, said in words:
        for first, second in pairwise(said):
            if any(_is_glued(second, to=after) for after in phrases.get(first, ())):
                yield Suspicion(
                    place, "a word that a replacement of words seems to have gone through"
                )


def _is_glued(word: str, to: str) -> bool:
    """Return whether a word is another with letters glued to its end."""
    return word.startswith(to) and len(word) - len(to) >= GLUED


def _mistyped(texts: Sequence[tuple[str, str]]) -> Iterator[Suspicion]:
    named = {site.casefold() for _, text in texts for site in _SITE.findall(text)}
    known = sorted(named | set(KNOWN_HOSTS))
    for place, text in texts:
        for host in _HOST.findall(text.casefold()):
            close = get_close_matches(host, known, n=1, cutoff=ALIKE)
            if host not in KNOWN_HOSTS and close and close[0] != host:
                yield Suspicion(
                    place, f"the host of a mail address looks mistyped{_known(close[0])}"
                )


def _known(host: str) -> str:
    """Return a host to tell; one that only the text names is told by no word of it."""
    return f": {host}?" if host in KNOWN_HOSTS else ": it is almost one that the text names"
