"""A text as it is scanned: folded, with the words that may be the name of a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.folding import fold
from analysis.quality.personal_data.lexicon import NO_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.lexicon import StudyWords

Span: TypeAlias = tuple[int, int]
"""Where something is in a folded text: its start and its end."""

WORD = r"[A-Z](?:'[A-Z])?[a-z]{1,24}+(?:-[A-Z][a-z]{1,24}+|'[a-z]{1,24}+){0,3}+"
_LINK = r"(?:(?:de la|de los|de|da|do|dos|das|del|van|von|bin|ben|bint|el|al) )?+"
_RUN = re.compile(rf"(?<![\w@/.]){WORD}(?: {_LINK}{WORD}){{0,4}}+(?: [A-Z]\.)?+(?!\w)")
_WORD = re.compile(WORD)
_TITLE_BEFORE = re.compile(
    r"(?:^|[^\w'])(?P<whose>(?:[Mm]y|[Hh]er|[Hh]is|[Oo]ur|[Mm]a|[Mm]inha|[Mm]i|[Ss]u) )?+"
    r"(?P<word>M|[A-Za-z][A-Za-z-]{1,14})(?P<stop>\.?) $"
)
WINDOW = 60
_OF = frozenset({"de", "da", "do", "of", "imeni"})
_CAPITALS = re.compile(r"(?<![\w@])[A-Z]{3,24}(?!\w)")


class Evidence(IntEnum):
    """How likely it is that words with a capital letter are somebody's name."""

    NONE = 0  # a place, an organisation, a month, or a word that begins a sentence
    UNKNOWN = 1  # not in any list
    WORDY = 2  # a name that is also a word
    SURE = 3  # a name that means nothing else


@dataclass(frozen=True)
class Mention:
    """Words of a folded text that may be the name of a person.

    The evidence is of the words alone; ``listed`` counts those in the list of names; ``title`` is
    the title before them, in small letters, or empty.
    """

    text: str
    start: int
    end: int
    size: int
    evidence: Evidence
    listed: int
    title: str

    @property
    def before(self) -> str:
        """The text before them, as far as it matters."""
        return self.text[max(0, self.start - WINDOW) : self.start]

    @property
    def span(self) -> tuple[int, int]:
        """Where they are."""
        return self.start, self.end

    @property
    def is_after_preposition(self) -> bool:
        """Whether they may be a place, since a word like *in* is before them."""
        last = self.before.rstrip().rpartition(" ")[2].lower().rpartition("'")[2]
        return last in lexicon.words("preposition")

    @property
    def likely(self) -> Evidence:
        """How likely they are a name in their place."""
        if self.evidence is Evidence.UNKNOWN and self.is_after_preposition:
            return Evidence.NONE
        return self.evidence


class ScannedText:
    """A folded text; names that are written in capital letters are read as others are."""

    def __init__(self, text: str, own: StudyWords = NO_WORDS) -> None:
        self.own = own
        self.folded = _CAPITALS.sub(self._in_small_letters, fold(text))

    def _in_small_letters(self, word: re.Match[str]) -> str:
        name = word.group()
        is_name = name.lower() in lexicon.sure_names() or name.lower() in self.own.names
        return name.capitalize() if is_name else name

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """What may be the name of a person, in the order of the text."""
        return tuple(find_mentions(self.folded, self.own))


def find_mentions(text: str, own: StudyWords) -> Iterator[Mention]:
    """Yield what may be the name of a person in a folded text, in its order."""
    for run in _RUN.finditer(text):
        mention = _judge(text, run, own)
        if mention is not None:
            yield mention


def _judge(text: str, run: re.Match[str], own: StudyWords) -> Mention | None:
    """Return what may be the name of a person in words with a capital letter, or None."""
    tokens = list(_WORD.finditer(text, *run.span()))
    words = [_plain(token.group()) for token in tokens]
    if lexicon.are_known(words, own) or _is_named_after(text, run.start()):
        return None
    title = ""
    at = 0
    while at < len(words):
        word = words[at]
        if word in lexicon.words("title", "title_or_word") and not _is_alone(words, at):
            title = word
        elif not (_opens(word) or (at == 0 and _is_role(word) and len(words) > 1)):
            break
        at += 1
    kept = words[at:]
    evidence = _evidence(kept, own)
    if evidence is Evidence.NONE:
        return None
    start = tokens[at].start()
    title = title or _title_before(text, run.start())
    if start != run.start():
        title = title or _title_before(text, start)
    if title and lexicon.are_known([title, *kept], own):
        return None
    listed = sum(each in own.names or _is_listed(each) for each in kept)
    return Mention(text, start, run.end(), len(kept), evidence, listed, title)


def _plain(token: str) -> str:
    word = token.lower().removesuffix("'s")
    # French and Portuguese put a letter before a name: D'Awa.
    return word[2:] if word[1:2] == "'" and word[2:] in lexicon.all_names() else word


def _opens(word: str) -> bool:
    """Return whether a word with a capital letter only opens a sentence, or names a people."""
    return word in lexicon.words("function", "people") and word not in lexicon.sure_names()


def _is_role(word: str) -> bool:
    return word in lexicon.words("role")


def _is_alone(words: list[str], at: int) -> bool:
    """Return whether a title is itself the word that is meant, like *Justice* or *Grace*."""
    return at == len(words) - 1 and words[at] in lexicon.wordy_names()


def _title_before(text: str, start: int) -> str:
    """Return the title before a name: with a capital letter, or a word like *doctor*."""
    found = _TITLE_BEFORE.search(text[max(0, start - WINDOW) : start])
    if not found or (found["word"].islower() and (len(found["word"]) < 5 or found["whose"])):
        return ""
    if found["stop"] and (found["word"].islower() or len(found["word"]) > 4):
        return ""
    word = found["word"].lower()
    return word if word == "m" or word in lexicon.words("title", "title_or_word") else ""


def _evidence(tokens: list[str], own: StudyWords) -> Evidence:
    if not tokens or lexicon.are_known(tokens, own):
        return Evidence.NONE
    if any(token in own.names for token in tokens):
        return Evidence.SURE
    if _ends_with_head(tokens) or any(_is_no_name(token) for token in tokens):
        return Evidence.NONE
    if any(token in lexicon.sure_names() or _half_sure(token) for token in tokens):
        return Evidence.SURE
    is_wordy = any(token in lexicon.wordy_names() for token in tokens)
    return Evidence.WORDY if is_wordy else Evidence.UNKNOWN


def _is_named_after(text: str, start: int) -> bool:
    """Return whether words name a hospital, a university or a park: *hospital Gabriel Toure*."""
    before = text[max(0, start - WINDOW) : start].lower().rstrip()
    last = before[-20:].rpartition(" ")
    nouns = lexicon.words("named_after")
    return last[2] in nouns or (last[2] in _OF and last[0].rpartition(" ")[2] in nouns)


def _ends_with_head(tokens: list[str]) -> bool:
    """Return whether words name a park, a law or a university; *Park* may be a family name."""
    is_head = len(tokens) > 1 and tokens[-1] in lexicon.words("head")
    may_be_family = len(tokens) == 2 and _is_listed(tokens[1])
    return is_head and not (may_be_family and tokens[0] in lexicon.given_names())


def _half_sure(token: str) -> bool:
    """Return whether a half of a double name is surely a name."""
    return "-" in token and any(half in lexicon.sure_names() for half in token.split("-"))


def _is_no_name(token: str) -> bool:
    if token in lexicon.all_names():
        return False
    return token in lexicon.no_names() or lexicon.no_names().issuperset(token.split("-"))


def _is_listed(token: str) -> bool:
    return token in lexicon.all_names() or _half_sure(token)
