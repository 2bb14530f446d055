"""Other words for sentences that another synthetic focus group has said already.

All focus groups draw from one stock of sentences, so many say the same in substance. No two of them
say it in the same sentence: from its second use on, a sentence has synonyms; once these are used
up, it also names who said it ("as one member put it").
"""

from __future__ import annotations

import re
from itertools import islice, product, repeat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FEWEST_WORDS = 8
"""Shorter sentences may be said by anybody."""
MOST_WITH_SYNONYMS = 32
NEXT_REPORT = 29
"""Neighbouring sentences name other people."""

_BETWEEN_SENTENCES = re.compile(r"(?<=\.) ")
_BETWEEN_PARTS = re.compile(r"(?<=[:;]) ")
_WORD = re.compile(r"[^\W_]+")
# Where a sentence can be interrupted.
_JOINT = re.compile(
    r",(?! so that)(?: (?:and|but|so|yet))?(?= )"
    r"|(?<=\w) (?:because|since|when|who|where|while)(?= )"
)
_PLAIN_CAPITAL = re.compile(r"[A-Z][a-z'-]*(?![\w-])")


class Rewording:
    """Gives each focus group its own wording of the sentences that others have said.

    Synonyms are by the words that they can replace; reports say who said something. There are
    enough for 10,000 focus groups.
    """

    def __init__(self, synonyms: Mapping[str, Sequence[str]], reports: Sequence[str]) -> None:
        capitals = {
            _capitalize(words): [_capitalize(other) for other in others]
            for words, others in synonyms.items()
        }
        self._synonyms = {**synonyms, **capitals}
        longest_first = sorted(self._synonyms, key=len, reverse=True)
        words = "|".join(map(re.escape, longest_first)) or "(?!)"
        self._replaceable = re.compile(rf"(?<![\w'-])({words})(?![\w'-])")
        self._reports = reports
        self._wordings_left: dict[str, Iterator[str]] = {}

    def reword(self, texts: Sequence[str]) -> list[str]:
        """Return the texts of one focus group; what it says twice has the same words twice."""
        own: dict[str, str] = {}
        return [" ".join(self._own_words(text, own)) for text in texts]

    def _own_words(self, text: str, own: dict[str, str]) -> Iterator[str]:
        for sentence in _BETWEEN_SENTENCES.split(text):
            parts = _BETWEEN_PARTS.split(sentence)
            longest = max(parts, key=len) if _is_long(sentence) else ""
            for part in parts:
                if part not in own:
                    is_varied = part == longest or _is_long(part)
                    own[part] = self._next_wording(part) if is_varied else part
                yield own[part]

    def _next_wording(self, sentence: str) -> str:
        if sentence not in self._wordings_left:
            first_report = NEXT_REPORT * len(self._wordings_left)
            self._wordings_left[sentence] = self._wordings(sentence, first_report)
        return next(self._wordings_left[sentence])

    def _wordings(self, sentence: str, first_report: int) -> Iterator[str]:
        """Yield the sentence, then it with synonyms, with a report, and with two reports."""
        similar = self._with_synonyms(sentence)
        yield from similar
        for said, report in self._combine(similar, first_report):
            yield _report_within(said, report)
        usual = self._reports[first_report % len(self._reports)]
        similar = [_report_within(said, usual) for said in similar]
        for second in self._reports:
            for said, report in self._combine(similar, first_report):
                yield _report_last(_report_first(said, second), report)
        yield from repeat(sentence)

    def _combine(self, similar: Sequence[str], first: int) -> Iterator[tuple[str, str]]:
        """Yield all wordings with all reports, each next to others than the one before it."""
        for turn in range(len(similar)):
            for number in range(len(self._reports)):
                report = self._reports[(first + number) % len(self._reports)]
                yield similar[(number + turn) % len(similar)], report

    def _with_synonyms(self, sentence: str) -> list[str]:
        """Return the sentence, then it with synonyms, as many as possible first."""
        # Of the pieces, each second one can be replaced.
        pieces = self._replaceable.split(sentence)
        choices = [
            [*self._synonyms[piece], piece] if number % 2 else [piece]
            for number, piece in enumerate(pieces)
        ]
        varied = map("".join, islice(product(*choices), MOST_WITH_SYNONYMS))
        return list(dict.fromkeys([sentence, *varied]))


def _is_long(sentence: str) -> bool:
    return len(_WORD.findall(sentence)) >= FEWEST_WORDS


def _report_first(sentence: str, report: str) -> str:
    """Start a sentence with who said it."""
    if not sentence[0].isupper():
        return f"{report}, {sentence}"
    word = _PLAIN_CAPITAL.match(sentence)
    rest = sentence[0].lower() + sentence[1:] if word and word[0] != "I" else sentence
    return f"{_capitalize(report)}, {rest}"


def _report_within(sentence: str, report: str) -> str:
    """Say near the middle of a sentence who said it."""
    middle = len(sentence) // 2
    # A word with somebody after it reads like a name: "Rest, as one member put it".
    first = sentence.index(" ")
    joints = list(_JOINT.finditer(sentence, first + 1))
    if not joints:
        return _report_last(sentence, report)
    joint = min(joints, key=lambda found: abs(found.end() - middle))
    before, after = sentence[: joint.end()].removesuffix(","), sentence[joint.end() :]
    return f"{before}, {report},{after}"


def _report_last(sentence: str, report: str) -> str:
    """End a sentence with who said it."""
    return f"{sentence[:-1]}, {report}{sentence[-1]}"


def _capitalize(words: str) -> str:
    return words[0].upper() + words[1:]
