"""Find persons by name: full names, names alone, names with a role or an age, dates of birth."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.mentions import WORD, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.mentions import Mention, ScannedText, Span

_KIN = re.compile(r"\b(?:my|her|his|our|their|ma|mon|minha|meu|mi|su) (?:[a-z]{1,20}+ )?$")
_WORDS_AFTER = re.compile(r",? (?P<words>[a-z']{1,20}+(?: [a-z']{1,20}+){0,2}+)")
_OF_NAME = re.compile(
    r" (?:[Hh]ospital|[Cc]linic|[Cc]entre|[Cc]enter|[Ss]chool|[Uu]niversity|[Aa]ct)\b"
)
_SURE_WORDS = frozenset(
    {"said", "says", "told", "asked", "explained", "disse", "diz", "dijo", "dice", "raconte"}
)

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

_AGE = r"(?:1[0-9]|[2-8][0-9])(?!\d)"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy"
_SPELT = (
    rf"(?:(?:{_TENS})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    "|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
)
# Folded: twenty to sixty-nine, and the teens, in French, Spanish and Portuguese.
_UNITS = (
    "un|une|uno|una|um|uma|deux|dos|dois|duas|trois|tres|quatre|cuatro|quatro|cinq|cinco|six|seis|"
    "sept|siete|sete|huit|ocho|oito|neuf|nueve|nove"
)
_DECADES = (
    "vingt|trente|quarante|cinquante|soixante|veinte|treinta|cuarenta|cincuenta|sesenta|"
    "vinte|trinta|quarenta|cinquenta|sessenta"
)
_ROMANCE = (
    rf"(?:(?:{_DECADES})(?:(?:-| )?(?:(?:et|y|e)(?:-| ))?(?:{_UNITS}))?"
    r"|veinti(?:uno?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)"
    r"|quinze|seize|dix-(?:sept|huit|neuf)|quince|dieci(?:seis|siete|ocho|nueve)"
    r"|deza?sseis|deza?ssete|dezoito|deza?nove) (?:ans|anos)(?!\w)"
)
_YEARS = r"(?P<years>(?: ?-?years?(?:[- ]old)?| ?yrs?| ans| anos| ?y\.? ?/?o)(?!\w))"
_LEAD = (
    r"(?P<lead>(?:(?:now|then|only|just|barely|also|maintenant|agora|ahora|today|is|was|has|turned|"
    r"aged?|agee? de|agee?|de|d'|com|con|avec|edad|idade|of)[ :]){1,3})"
)
_AGE_END = r"(?=\)|[,.;:!?]|$| (?:from|who|and|but|when|e|y|et|mas|pero|mais|que|qui)(?!\w))"
_AGE_AFTER = re.compile(rf",? {_LEAD}?{_AGE}(?:{_YEARS}|{_AGE_END})", re.IGNORECASE)
_BRACKETS = re.compile(rf" ?[(\[]{_LEAD}?{_AGE}{_YEARS}?[,;)\]]", re.IGNORECASE)
_COPULA = re.compile(
    rf",? (?:is|was|turned|turns|tem|tinha|tiene|tenia|a|avait|cumplio|fez)"
    rf" (?:(?:only|just|now|about|so|apenas|ya|ja|solo|seulement) ){{0,2}}"
    rf"(?:{_AGE}(?:{_YEARS}|{_AGE_END})|{_ROMANCE})",
    re.IGNORECASE,
)
_WHEN = (
    r"(?= (?:in|on|at|this|next|last|today|yesterday|em|no|na|hoje|ontem|en|el|este|hoy|ayer|hier|"
    r"cette|cet)(?!\w))"
)
_BIRTHDAY = re.compile(
    rf"(?P<who>,? who)? (?:turned|turns|fez|faz|cumplio|cumple) {_AGE}{_WHEN}", re.IGNORECASE
)
_OWN_AGE = re.compile(
    rf" (?:(?:et|e|y|with|and) (?:ses|seus|sus|her|his|all her|all his) {_AGE}{_YEARS}"
    rf"|at {_AGE}(?= (?:had|has|was|is|left|began|started|came|went)(?!\w)))",
    re.IGNORECASE,
)
# Initials are a person's where an age follows, unless they are those of a union of states.
_INITIALS = re.compile(
    rf"(?<![\w.])(?!U\.[SKN]\.|E\.U\.)(?:[A-Z]\. ?){{2,3}}+(?:, ?|\(){_AGE}(?:{_YEARS}|{_AGE_END})"
)
_AGE_APPOSED = re.compile(
    rf",? (?:an?|the) (?:{_AGE}|{_SPELT})[- ]years?[- ]old(?!\w)", re.IGNORECASE
)
_OLD = re.compile(
    rf"(?<!\w)(?:{_AGE}|{_SPELT})[- ]years?[- ]old (?:[a-z-]{{1,20}}+ ){{0,4}}$", re.IGNORECASE
)
_OPENED = re.compile(
    rf"(?<![\w'])(?:at|aged|at the age of|a|agee? de|com|con|de|aos|a los|avec)"
    rf" (?:(?:only|just|apenas|solo|seulement) )?{_AGE}{_YEARS}?, $",
    re.IGNORECASE,
)
_FORM = re.compile(rf"\W{{1,4}}(?:age|idade|edad)\W{{0,3}}{_AGE}", re.IGNORECASE)
_NEXT_WORD = re.compile(rf" (?:[a-z]|{WORD})|$|[,.;]")

_MONTHS = (
    "jan(?:uary|vier|eiro)?|ene(?:ro)?|feb(?:ruary|rero)?|fev(?:rier|ereiro)?|mar(?:ch|s|co|zo)?|"
    "apr(?:il)?|avr(?:il)?|abr(?:il)?|may|mai(?:o)?|mayo|jun(?:e|ho|io)?|juin|jul(?:y|ho|io)?|"
    "juil(?:let)?|aug(?:ust)?|aout|ago(?:sto)?|sept?(?:ember|embre|iembre)?|set(?:embro|iembre)?|"
    "oct(?:ober|obre|ubre)?|out(?:ubro)?|nov(?:ember|embre|embro|iembre)?|"
    "dec(?:ember|embre)?|dez(?:embro)?|dic(?:iembre)?"
)
_BIRTH_YEAR = r"(?:19|20)\d\d"
_BIRTH_DAY = r"\d{1,2}(?: ?(?:st|nd|rd|th|er|eme|o))?"
_OF_MONTH = r"(?: (?:of|de|do|del|day of))?"
_BIRTH_DATE = (
    rf"(?:\d{{1,2}}[./-] ?\d{{1,2}}[./-] ?(?:{_BIRTH_YEAR}|\d\d)"
    rf"|{_BIRTH_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|(?:{_BIRTH_DAY}{_OF_MONTH} )?(?:{_MONTHS})\.?(?:,|{_OF_MONTH}) {_BIRTH_YEAR}"
    rf"|(?:{_MONTHS})\.? {_BIRTH_DAY},? {_BIRTH_YEAR})"
)
_BORN = (
    r"born|b\.|d\.? ?o\.? ?b\.?|date of birth|birth ?date|birth ?day|birth|nee? (?:le|en|a)|nee|"
    r"date de naissance|naissance|anniversaire|nasceu|nascid[oa]|nascimento|data de nasc\.?|"
    r"aniversario|nacio|nacid[oa]|nacimiento|fecha de nac\.?|cumpleanos|f\. ?nac\.?"
)
_BIRTH = re.compile(
    rf"(?<!\w)(?:{_BORN})(?!\w)(?P<between>[^!?;\d]{{0,30}}?)(?<!\d){_BIRTH_DATE}(?!\d)",
    re.IGNORECASE,
)


def find_names(text: ScannedText) -> Iterator[Span]:
    """Yield where full names, and names that are announced as such, are in a text."""
    for mention in text.mentions:
        if _is_full(mention) or _is_announced(mention) or _speaks(mention):
            yield mention.span


def find_names_alone(text: ScannedText) -> Iterator[Span]:
    """Yield where a name is that is surely one, whatever is next to it."""
    for mention in text.mentions:
        if mention.evidence is Evidence.SURE:
            yield mention.span


def _is_full(mention: Mention) -> bool:
    if mention.size < 2 or _OF_NAME.match(mention.text, mention.end):
        return False
    is_listed = mention.evidence is Evidence.SURE or mention.listed >= 2
    return is_listed and not mention.before.lower().endswith((" saint ", " santa ", " st. "))


def _is_announced(mention: Mention) -> bool:
    """Return whether the words before a name announce it: *a friend called*."""
    before = mention.before.lower()
    if mention.evidence is Evidence.NONE or not before.endswith(" "):
        return False
    if mention.evidence >= Evidence.WORDY and before.endswith(_endings("relation")):
        return True
    if mention.evidence is Evidence.SURE and before.endswith(_endings("source")):
        return True
    return before.endswith(_endings("relation")) and bool(_KIN.search(before))


@cache
def _endings(use: str) -> tuple[str, ...]:
    return tuple(f"{words} " for words in lexicon.spellings(use))


def _speaks(mention: Mention) -> bool:
    """Return whether a name is followed by what persons do: *told the group*."""
    found = _WORDS_AFTER.match(mention.text, mention.end)
    if mention.evidence < Evidence.WORDY or not found:
        return False
    words = found["words"].split()
    first = {" ".join(words[:size]) for size in range(1, len(words) + 1)}
    if mention.evidence is Evidence.WORDY:
        return words[0] in _SURE_WORDS
    return not first.isdisjoint(lexicon.words("says"))


def find_roles(text: ScannedText) -> Iterator[Span]:
    """Yield where names with a role, a title or an organisation are in a text."""
    for mention in text.mentions:
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
    words = mention.before.lower().split(" ")[:-1]
    roles = lexicon.words("role")
    return any(" ".join(words[-size:]) in roles for size in (1, 2, 3) if size <= len(words))


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


def _names_role(apposed: str) -> bool:
    """Return whether one of the first words is a role: *former national coordinator*."""
    each = apposed.split()
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


def find_ages(text: ScannedText) -> Iterator[Span]:
    """Yield where names with an age are in a text."""
    for found in _INITIALS.finditer(text.folded):
        yield found.span()
    for mention in text.mentions:
        end = _end_of_age(mention)
        if end:
            yield mention.start, end
        elif (start := _start_of_age(mention)) is not None:
            yield start, mention.end


def _end_of_age(mention: Mention) -> int:
    """Return where an age ends that follows a name, or 0."""
    text, at, likely = mention.text, mention.end, mention.likely
    if found := _BRACKETS.match(text, at):
        is_said = found["years"] or found["lead"]
        return found.end() if likely >= (Evidence.UNKNOWN if is_said else Evidence.WORDY) else 0
    if (found := _AGE_AFTER.match(text, at)) and (found["lead"] or found.group().startswith(",")):
        is_said = found["years"] or found["lead"] or found.group().startswith(",")
        if likely >= (Evidence.UNKNOWN if is_said else Evidence.SURE):
            return found.end()
    if found := _BIRTHDAY.match(text, at):
        return (
            found.end() if likely >= (Evidence.UNKNOWN if found["who"] else Evidence.WORDY) else 0
        )
    if likely >= Evidence.WORDY and (found := _COPULA.match(text, at) or _OWN_AGE.match(text, at)):
        return found.end()
    if (found := _AGE_APPOSED.match(text, at)) or (found := _FORM.match(text, at)):
        return found.end() if likely >= Evidence.UNKNOWN else 0
    return 0


def _start_of_age(mention: Mention) -> int | None:
    """Return where an age starts that is before a name, or None."""
    before, offset = mention.before, mention.start - len(mention.before)
    if mention.likely >= Evidence.UNKNOWN and (found := _OLD.search(before)):
        return offset + found.start()
    if found := _OPENED.search(before):
        least = Evidence.UNKNOWN if found["years"] else Evidence.WORDY
        if mention.likely >= least and _NEXT_WORD.match(mention.text, mention.end):
            return offset + found.start()
    return None


def find_birth_dates(text: ScannedText) -> Iterator[Span]:
    """Yield where dates of birth are in a text, with the words that make them such."""
    for found in _BIRTH.finditer(text.folded):
        if ". " not in found["between"].removeprefix(". "):
            yield found.span()
