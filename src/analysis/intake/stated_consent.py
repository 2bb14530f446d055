"""The consent of a focus group, from its answer to the template's own question."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from analysis.intake.template_wording import key_of
from analysis.intake.wording import read_listed
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

NONE = "none"
# From the strictest.
STRICTNESS = (NONE, "aggregate-only", "public-without-names", "public")
UNANSWERED = "is not answered"
UNTICKED = "has no option ticked"
NOT_UNDERSTOOD = "is answered in words that were not understood"
# Symbols of Word's own fonts are characters of private use.
_BOX = "[\u2610\u25a1\u25a2\uf06f\uf0a3\uf0a8]"
_TICK = "[\u2611\u2612\u2713\u2714\u2717\u2718\uf052\uf0fc\uf0fd\uf0fe]"
_MARK = re.compile(
    rf"(?P<tick>(?:{_BOX}\s*)?{_TICK}|{_BOX}\s*[xX](?!\w)|[\[(]\s*(?:[xX]|{_TICK})\s*[\])]|^[xX](?=\s))"
    rf"|{_BOX}|[\[(]\s*[\])]"
)
_PUNCTUATION = re.compile(r"[\s.,;:!()'\"-]*")


def read_consent(text: str, language: str) -> tuple[str, str]:
    """Return the consent that an answer gives, and why it was not understood, or an empty text.

    The answer has a line for each option where the form prints options to tick. No answer, and one
    that is not understood in each of its words, is ``none``; of several, the strictest counts.

    Examples
    --------
    >>> read_consent("Yes (without participants' names)", "en")
    ('public-without-names', '')
    >>> read_consent("", "en"), read_consent("Yes, but only here", "en")[0]
    (('none', 'is not answered'), 'none')
    """
    options = {key_of(label): name for name, label in _options(language).items()}
    parts = [part for line in _unwrap(text, options) for part in _split_marks(line)]
    chosen = [part for part in parts if part is not None]
    if not chosen:
        return NONE, UNTICKED if parts else UNANSWERED
    allowed = [options[key_of(part)] for part in chosen if key_of(part) in options]
    if len(set(allowed)) == len(options):
        return NONE, UNTICKED
    words = " ".join(part for part in chosen if key_of(part) not in options)
    if words:
        understood = _read_words(words, language)
        if understood is None:
            return NONE, NOT_UNDERSTOOD
        allowed.append(understood)
    return min(allowed, key=STRICTNESS.index), ""


def _options(language: str) -> dict[str, str]:
    return read_instrument(language).form.consent_options


def _unwrap(text: str, options: Collection[str]) -> list[str]:
    """Return the lines of an answer, each option on one line."""
    whole: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        joined = f"{whole[-1]} {line}" if whole else line
        if whole and _starts_option(joined, options):
            whole[-1] = joined
        else:
            whole.append(line)
    return whole


def _starts_option(line: str, options: Collection[str]) -> bool:
    """Return whether a line is an option, or the start of one, beside its mark."""
    if len(line) > 2 * max(map(len, options)):
        return False
    key = key_of(_MARK.sub("", line.strip(), count=1))
    return any(option.startswith(key) for option in options)


def _split_marks(line: str) -> Iterator[str | None]:
    """Yield the chosen parts of a line, and None for each option that is not ticked.

    A mark behind its word, and one without a word, are kept: what they mark is unknown.
    """
    line = line.strip()
    marks = list(_MARK.finditer(line))
    if not marks or marks[0].start():
        yield line
        return
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    for mark, end in zip(marks, ends, strict=True):
        option = line[mark.end() : end].strip()
        yield (None if option and not mark["tick"] else option or mark[0])


def _read_words(answer: str, language: str) -> str | None:
    """Return the consent in the words of an answer, or None unless all of them are understood."""
    words = _words(language)
    key, withheld = re.subn(_phrases(language), " ", key_of(answer))
    found = set(re.findall(r"\w+", key))
    is_plain = _PUNCTUATION.fullmatch(re.sub(r"\w+", "", key)) and not _MARK.search(answer)
    if "?" in answer or not is_plain:
        return None
    if found & words["yes"] and found <= words["yes"] | words["beside"]:
        return "public-without-names" if withheld else "public"
    return NONE if found & words["no"] and found <= words["no"] | words["beside"] else None


@cache
def _phrases(language: str) -> str:
    """Return the pattern of phrases by which no names may be shown."""
    words = _words(language)
    longest = sorted(words["without_names"], key=lambda phrase: (-len(phrase), phrase))
    joining, phrases = ("|".join(map(re.escape, each)) for each in (sorted(words["but"]), longest))
    return rf"\b(?:(?:{joining})\s+)*(?:{phrases})\b"


@cache
def _words(language: str) -> dict[str, frozenset[str]]:
    listed = read_listed(language)["consent"]
    return {kind: frozenset(map(key_of, words)) for kind, words in listed.items()}
