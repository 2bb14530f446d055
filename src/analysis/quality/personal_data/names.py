"""Find persons by name: full names, names alone, names with a role or an age."""

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
_QUOTE_ENDS = re.compile(r"[,!?.]\"? [a-z]{1,12}+ $")
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

# Below ten only a listed first name counts: *Joy, 6* may be a count.
_AGE = r"(?:1[0-9]|[2-8][0-9]|[1-9])(?!\d)"
_DIGIT = re.compile(r"(?<!\d)[1-9](?!\d)")
_TENS = "twenty|thirty|forty|fifty|sixty|seventy"
_SPELT = (
    rf"(?:(?:{_TENS})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?+"
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
    r"|deza?sseis|deza?ssete|dezoito|deza?nove)"
)
# Folded: twenty to sixty-nine, and the teens, in Russian.
_RUSSIAN = (
    r"(?:(?:dvadtsat|tridtsat|sorok|pyatdesyat|shestdesyat)"
    r"(?: (?:odin|odna|dva|dve|tri|chetyre|pyat|shest|sem|vosem|devyat))?+"
    r"|(?:pyat|shest|sem|vosem|devyat)nadtsat) (?:let|goda?)(?!\w)"
)
_IN_WORDS = rf"(?:(?:{_SPELT}|{_ROMANCE})(?:[- ]years?(?:[- ]old)?|[- ]ans|[- ]anos)?+|{_RUSSIAN})"
_YEARS = (
    r"(?P<years>(?: ?-?years?(?:[- ]old)?| ?yrs?| ans| anos| ?y\.? ?/?o| let| goda?| tahun| an| ani"
    r"| Jahren?(?: alt)?| lat| rokiv)(?!\w))"
)
_LEAD = (
    r"(?P<lead>(?:(?:now|then|only|just|barely|also|maintenant|agora|ahora|today|is|was|has|turned|"
    r"aged?|agee? de|agee?|de|d'|com|con|avec|edad|idade|of|miaka|umri wa miaka|berumur|yey|yemu|"
    r"gen)[ :]){1,3})"
)
_AGE_END = r"(?=\)|[,.;:!?]|$| (?:from|who|and|but|when|e|y|et|mas|pero|mais|que|qui)(?!\w))"
_AGE_AFTER = re.compile(rf",? {_LEAD}?{_AGE}(?:{_YEARS}|{_AGE_END})", re.IGNORECASE)
_BRACKETS = re.compile(rf" ?[(\[]{_LEAD}?{_AGE}{_YEARS}?[,;)\]]", re.IGNORECASE)
_COPULA = re.compile(
    rf"(?P<who>,? (?:who|que|qui)|,(?= (?:tem|tinha|tiene|tenia|a|avait)(?!\w)))?,?"
    r" (?:togda )?(?:is|was|bylo|byl|vsego|turned|turns|tem|tinha|tiene|tenia|a|avait|cumplio|fez|"
    r"gen)"
    rf" (?:(?:only|just|now|about|so|apenas|ya|ja|solo|seulement) ){{0,2}}"
    rf"(?:{_AGE}(?:{_YEARS}|{_AGE_END})|{_ROMANCE} (?:ans|anos)(?!\w)|"
    rf"{_SPELT}(?:[- ]years?[- ]old(?!\w)|{_AGE_END}))"
    rf"|(?: who)? (?:turned|turns) {_SPELT}(?!\w)",
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
    rf"(?<![\w'])(?:at|aged|at the age of|a|a sus|a mis|agee? de|com|con|de|aos|a los|avec)"
    rf" (?:(?:only|just|apenas|solo|seulement) )?{_AGE}{_YEARS}?, $",
    re.IGNORECASE,
)
_SPELT_AFTER = re.compile(rf",? {_LEAD}?{_IN_WORDS}{_AGE_END}", re.IGNORECASE)
_YEAR_OF_BIRTH = re.compile(
    r",? \(?(?:[A-Z][a-z]{2,20}+(?: [A-Z][a-z]{2,20}+)?, )?"
    r"(?:born|b\.|ne|nee|nacid[oa]|nascid[oa]|nasc\.|n\.|geb\.|geboren|rod\.|lahir)"
    r"(?: (?:in|en|em))? (?:19|20)\d\d(?!\d)"
    r"|,? \(?(?:19|20)\d\d (?:g\. ?r\.|goda rozhdeniya|g\. ?rozhd)|,? \(19[3-9]\d\)|,? \(200\d\)",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(r",? \(\d{4}\)")
_FROM_PLACE = re.compile(r" (?:from|de|da|do|du|iz|aus|dari|of) (?:goroda |the )?[A-Z]|[\"']? ?$|:")
_OTHER_COUNT = re.compile(
    r"(?:,| and| et| y| e| i| und|;) [A-Z][\w-]{1,20}+(?: [A-Z][\w-]{1,20}+)? \(\d"
)
_FORM = re.compile(rf"\W{{1,4}}(?:age|idade|edad)\W{{0,3}}{_AGE}", re.IGNORECASE)
_NEXT_WORD = re.compile(rf" (?:[a-z]|{WORD})|$|[,.;]")

_CAPITAL = r"[A-Z][A-Za-z'-]{1,24}+"
# As quotes are attributed: NAME SURNAME, Country, role, 22.
_ATTRIBUTED = re.compile(
    rf"(?<![\w-])(?P<who>{_CAPITAL}(?: {_CAPITAL}){{0,3}}+)(?:,| from) "
    rf"(?P<where>{_CAPITAL}(?: {_CAPITAL}){{0,3}}+), "
    rf"(?:(?P<role>[A-Za-z][A-Za-z' -]{{2,40}}+)(?:, (?P<age>{_AGE})|(?=[.;:)\"]|$))"
    rf"|(?P<bare>{_AGE}(?![.,]?\d| ?%)))"
)
_ROLE_FIRST = re.compile(
    rf"(?<![\w-])(?P<who>{_CAPITAL}(?: {_CAPITAL}){{1,3}}+), "
    rf"(?P<role>[a-z][a-z' -]{{2,40}}+), (?P<where>{_CAPITAL}(?: {_CAPITAL}){{0,3}}+)"
)
_INITIALS_FROM = re.compile(
    rf"(?<![\w.])(?!U\.[SKN]|E\.U|A\.D|P\.S|N\.B|P\.M|A\.M)[A-Z]\. ?[A-Z]\.?"
    rf"(?:, | \(| (?P<of>from|of|de|da|do|iz|aus)(?: goroda)? )"
    rf"(?P<where>{_CAPITAL}(?: {_CAPITAL})?+)"
)


def find_names(text: ScannedText) -> Iterator[Span]:
    """Yield where full names, and names that are announced as such, are in a text."""
    for mention in text.mentions:
        if _is_full(mention) or _is_announced(mention) or _speaks(mention):
            yield mention.span
    for found in _INITIALS_FROM.finditer(text.folded):
        if found["of"] or found["where"].lower() in lexicon.words("place"):
            yield found.span()


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
    """Return whether the words before a name announce it: *a friend called*, *written by*."""
    before = mention.before.lower()
    if mention.evidence is Evidence.NONE or not before.endswith(" "):
        return False
    is_kin = before.endswith(_endings("relation")) and bool(_KIN.search(before))
    is_quoted = before.endswith(_endings("says_before")) and bool(_QUOTE_ENDS.search(before))
    if is_kin or is_quoted or before.endswith(_endings("naming")):
        return True
    if before.endswith(_endings("author")):
        return mention.size > 1 or mention.evidence is Evidence.SURE
    if mention.evidence is Evidence.SURE and before.endswith(_endings("source")):
        return True
    return mention.evidence >= Evidence.WORDY and before.endswith(_endings("relation"))


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
    for found in _ATTRIBUTED.finditer(text.folded):
        if found["role"] and not found["age"] and _is_attributed(found, text):
            yield found.span()
    for found in _ROLE_FIRST.finditer(text.folded):
        if _is_attributed(found, text):
            yield found.span()
    for mention in text.mentions:
        if _has_title(mention) or _has_role_before(mention) or _has_role_after(mention):
            yield mention.span


def _is_attributed(found: re.Match[str], text: ScannedText) -> bool:
    """Return whether words name who is quoted, with a country or a role known by a list."""
    who, where = (found[group].lower().split() for group in ("who", "where"))
    vague = lexicon.no_names() | lexicon.words("head", "figure", "institution")
    is_vague = any(word in vague and word not in lexicon.all_names() for word in who)
    if is_vague or lexicon.are_known(who, text.own):
        return False
    is_place = " ".join(where) in lexicon.words("place") or where[0] in lexicon.words("place")
    return is_place if not found["role"] else _names_role(found["role"].lower())


def _has_title(mention: Mention) -> bool:
    if not mention.title:
        return False
    is_word = mention.title in lexicon.words("title_or_word")
    return mention.evidence >= (Evidence.WORDY if is_word else Evidence.UNKNOWN)


def _has_role_before(mention: Mention) -> bool:
    if mention.likely < Evidence.UNKNOWN or not mention.before.endswith(" "):
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
    for found in _ATTRIBUTED.finditer(text.folded):
        if (found["age"] or found["bare"]) and _is_attributed(found, text):
            yield found.span()
    for mention in text.mentions:
        end = _end_of_age(mention)
        if end:
            yield mention.start, end
        elif (start := _start_of_age(mention)) is not None:
            yield start, mention.end


def _end_of_age(mention: Mention) -> int:
    """Return where an age ends that follows a name, or 0."""
    if mention.likely < Evidence.UNKNOWN:
        return 0
    ages = _ages_after(mention)
    likely = mention.likely
    return next((age.end() for age, least in ages if likely >= _least(mention, age, least)), 0)


def _ages_after(mention: Mention) -> Iterator[tuple[re.Match[str], Evidence]]:
    """Yield what may be an age after a name, and the evidence for the name that it needs."""
    text, at = mention.text, mention.end
    unknown, wordy, sure = Evidence.UNKNOWN, Evidence.WORDY, Evidence.SURE
    if found := _BRACKETS.match(text, at):
        is_said = found["years"] or found["lead"] or _FROM_PLACE.match(text, found.end())
        least = sure if _OTHER_COUNT.match(text, text.find(")", at) + 1) else wordy
        yield found, unknown if is_said or _opens_sentence(mention) else least
    if found := _AGE_AFTER.match(text, at):
        is_old = (found["years"] or "").lower().endswith(("old", "o"))
        if is_old or found["lead"] or found.group().startswith(","):
            yield found, unknown
    if found := _BIRTHDAY.match(text, at):
        yield found, unknown if found["who"] else wordy
    if found := _COPULA.match(text, at):
        is_said = found["who"] or "old" in (found["years"] or "") or mention.size > 1
        yield found, unknown if is_said else wordy
    if found := _OWN_AGE.match(text, at):
        yield found, wordy
    if found := _YEAR_OF_BIRTH.match(text, at):
        is_bare = _BARE_YEAR.fullmatch(found.group()) and mention.size == 1
        yield found, sure if is_bare else unknown
    for pattern in (_SPELT_AFTER, _AGE_APPOSED, _FORM):
        if found := pattern.match(text, at):
            yield found, unknown


def _least(mention: Mention, found: re.Match[str], least: Evidence) -> Evidence:
    """Return the evidence that an age needs: below ten, a listed name, or *her daughter*."""
    if not _DIGIT.search(found.group()) or mention.before.lower().endswith(_endings("relation")):
        return least
    return Evidence.SURE


def _opens_sentence(mention: Mention) -> bool:
    """Return whether a name opens a sentence, and no list of counts: *Oslo (12), Turin (9)*."""
    before = mention.before.rstrip(" \"'-")
    return (not before or before[-1] in ".!?:") and not _OTHER_COUNT.match(
        mention.text, mention.text.find(")", mention.end) + 1
    )


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
