"""Names with a role, a title or an organisation."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.mentions import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.finding import Span
    from analysis.quality.personal_data.mentions import Mention
    from analysis.quality.personal_data.reading import Reading

_ARTICLE = r"(?P<article>(?:the|an?|la|le|el|une?|uma?|una|o|a) |l')?"
_OURS = r"(?:our|my|his|her|their|notre|ma|mon|sa|son|leur|nossa|nosso|nuestra|nuestro|mi|su) "
_APPOSED = re.compile(
    rf",? ?\(?{_ARTICLE}(?:{_OURS})?(?P<words>(?:[A-Za-z'-]{{2,20}}+(?: |(?=\W|$))){{1,5}}+)"
)
_FROM = re.compile(
    r",? (?:from|of|with|at|for|de|da|do|del|du|des|chez|avec|com|con) "
    r"(?:(?:the|our|la|le|les|los|las|el|o|a|as|os) |l')?(?:de )?"
    r"(?:(?P<name>[A-Z])|(?P<words>(?:[a-z'-]{2,20}+ ?){1,4}+))"
)
_LIKE_AN_ADVERB = re.compile(r"(?:ly|ment|mente)$")


def find(reading: Reading) -> Iterator[Span]:
    """Yield where names with a role, a title or an organisation stand in a text."""
    for mention in reading.mentions:
        if _has_title(mention) or _has_role_before(mention) or _has_role_after(mention):
            yield mention.span


def _has_title(mention: Mention) -> bool:
    if not mention.title:
        return False
    is_word = mention.title in lexicon.words("title_or_word")
    return mention.evidence >= (Evidence.WORDY if is_word else Evidence.UNKNOWN)


def _has_role_before(mention: Mention) -> bool:
    if mention.likely < Evidence.WORDY or not mention.before.endswith(" "):
        return False
    said = mention.before.lower().split(" ")[:-1]
    roles = lexicon.words("role")
    return any(" ".join(said[-size:]) in roles for size in (1, 2, 3) if size <= len(said))


def _has_role_after(mention: Mention) -> bool:
    after = mention.text[mention.end : mention.end + 120]
    found = _APPOSED.match(after) if after.startswith((", ", " (")) else None
    if found and _names_role(found["words"].lower()) and _is_apposed(mention, found):
        return True
    if mention.likely >= Evidence.UNKNOWN and after.startswith(_runs()):
        return True
    return _has_organisation(mention, after)


def _is_apposed(mention: Mention, found: re.Match[str]) -> bool:
    """Return whether words before a comma may be a name; *However, a nurse* has none."""
    if mention.likely is not Evidence.UNKNOWN or mention.size > 1:
        return mention.likely > Evidence.NONE
    word = mention.text[mention.start : mention.end]
    is_vague = (found["article"] or "").strip() in {"a", "an", "un", "une", "um", "uma", "una"}
    return not is_vague and not _LIKE_AN_ADVERB.search(word)


def _names_role(said: str) -> bool:
    """Return whether one of the first words is a role: *former national coordinator*."""
    each = said.split()
    roles = lexicon.words("role")
    return any(
        " ".join(each[at : at + size]) in roles
        for at in range(min(3, len(each)))
        for size in (1, 2, 3)
    )


@cache
def _runs() -> tuple[str, ...]:
    return tuple(f"{comma} {words} " for words in lexicon.words("runs") for comma in (",", ""))


def _has_organisation(mention: Mention, after: str) -> bool:
    if mention.likely is not Evidence.SURE or not (found := _FROM.match(after)):
        return False
    return bool(found["name"]) or not lexicon.words("body").isdisjoint(found["words"].split())
