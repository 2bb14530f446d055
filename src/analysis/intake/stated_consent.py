"""What a focus group allows, out of its answer to the template's own question."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from analysis.intake.template_wording import key_of
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

NONE = "none"
# From what allows least to what allows most.
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
    """Return what an answer allows, and what a person must be told of it.

    Parameters
    ----------
    text : str
        The answer, a line for each option where the form prints options to tick.
    language : str
        The language of the template.

    Returns
    -------
    tuple of (str, str)
        ``public``, ``public-without-names``, ``aggregate-only`` or ``none``; and why the answer
        was not understood, empty where it was. No answer, and one that is not understood in each
        of its words, allow nothing; of several, the one that allows least counts.

    Examples
    --------
    >>> read_consent("Yes (without participants' names)", "en")
    ('public-without-names', '')
    >>> read_consent("", "en"), read_consent("Yes, but only here", "en")[0]
    (('none', 'is not answered'), 'none')
    """
    options = {key_of(told): name for name, told in _options(language).items()}
    said = [part for line in _unwrapped(text, options) for part in _marked(line)]
    chosen = [part for part in said if part is not None]
    if not chosen:
        return NONE, UNTICKED if said else UNANSWERED
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


def _unwrapped(text: str, options: Collection[str]) -> list[str]:
    """Return the lines of an answer, an option that stands on several being one."""
    whole: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        joined = f"{whole[-1]} {line}" if whole else line
        if whole and _is_begun(joined, options):
            whole[-1] = joined
        else:
            whole.append(line)
    return whole


def _is_begun(line: str, options: Collection[str]) -> bool:
    """Return whether a line is an option, or the beginning of one, beside its mark."""
    if len(line) > 2 * max(map(len, options)):
        return False
    key = key_of(_MARK.sub("", line.strip(), count=1))
    return any(option.startswith(key) for option in options)


def _marked(line: str) -> Iterator[str | None]:
    """Yield what a line chooses, and None for each option that is not ticked.

    A mark behind its word, and one without a word, stay as they are: nobody can tell what they
    mark.
    """
    line = line.strip()
    marks = list(_MARK.finditer(line))
    if not marks or marks[0].start():
        yield line
        return
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    for mark, end in zip(marks, ends, strict=True):
        told = line[mark.end() : end].strip()
        yield (None if told and not mark["tick"] else told or mark[0])


def _read_words(answer: str, language: str) -> str | None:
    """Return what words of an answer allow, or None unless all of them are understood."""
    words = _words(language)
    key, withheld = re.subn(_phrases(language), " ", key_of(answer))
    said = set(re.findall(r"\w+", key))
    is_plain = _PUNCTUATION.fullmatch(re.sub(r"\w+", "", key)) and not _MARK.search(answer)
    if "?" in answer or not is_plain:
        return None
    if said & words["yes"] and said <= words["yes"] | words["beside"]:
        return "public-without-names" if withheld else "public"
    return NONE if said & words["no"] and said <= words["no"] | words["beside"] else None


@cache
def _phrases(language: str) -> str:
    """Return the pattern of what says that no names may be shown."""
    words = _words(language)
    longest = sorted(words["without_names"], key=lambda phrase: (-len(phrase), phrase))
    joining, phrases = ("|".join(map(re.escape, each)) for each in (sorted(words["but"]), longest))
    return rf"\b(?:(?:{joining})\s+)*(?:{phrases})\b"


@cache
def _words(language: str) -> dict[str, frozenset[str]]:
    path = resources.files("analysis.intake") / "wording" / f"{language}.yaml"
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))["consent"]
    return {kind: frozenset(map(key_of, words)) for kind, words in listed.items()}
