"""Names with an age."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.quality.personal_data.mentions import WORD, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.finding import Span
    from analysis.quality.personal_data.mentions import Mention
    from analysis.quality.personal_data.reading import Reading

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
_END = r"(?=\)|[,.;:!?]|$| (?:from|who|and|but|when|e|y|et|mas|pero|mais|que|qui)(?!\w))"
_AFTER = re.compile(rf",? {_LEAD}?{_AGE}(?:{_YEARS}|{_END})", re.IGNORECASE)
_BRACKETS = re.compile(rf" ?[(\[]{_LEAD}?{_AGE}{_YEARS}?[,;)\]]", re.IGNORECASE)
_COPULA = re.compile(
    rf",? (?:is|was|turned|turns|tem|tinha|tiene|tenia|a|avait|cumplio|fez)"
    rf" (?:(?:only|just|now|about|so|apenas|ya|ja|solo|seulement) ){{0,2}}"
    rf"(?:{_AGE}(?:{_YEARS}|{_END})|{_ROMANCE})",
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
# Initials stand for a person where an age follows, unless they are those of a union of states.
_INITIALS = re.compile(
    rf"(?<![\w.])(?!U\.[SKN]\.|E\.U\.)(?:[A-Z]\. ?){{2,3}}+(?:, ?|\(){_AGE}(?:{_YEARS}|{_END})"
)
_APPOSED = re.compile(rf",? (?:an?|the) (?:{_AGE}|{_SPELT})[- ]years?[- ]old(?!\w)", re.IGNORECASE)
_OLD = re.compile(
    rf"(?<!\w)(?:{_AGE}|{_SPELT})[- ]years?[- ]old (?:[a-z-]{{1,20}}+ ){{0,4}}$", re.IGNORECASE
)
_OPENED = re.compile(
    rf"(?<![\w'])(?:at|aged|at the age of|a|agee? de|com|con|de|aos|a los|avec)"
    rf" (?:(?:only|just|apenas|solo|seulement) )?{_AGE}{_YEARS}?, $",
    re.IGNORECASE,
)
_FORM = re.compile(rf"\W{{1,4}}(?:age|idade|edad)\W{{0,3}}{_AGE}", re.IGNORECASE)
_MAY_HAVE_AGE = re.compile(r"[0-9]|year| ans| anos")
_NEXT = re.compile(rf" (?:[a-z]|{WORD})|$|[,.;]")


def find(reading: Reading) -> Iterator[Span]:
    """Yield where names with an age stand in a text."""
    if not _MAY_HAVE_AGE.search(reading.text):
        return
    for found in _INITIALS.finditer(reading.text):
        yield found.span()
    for mention in reading.mentions:
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
    if (found := _AFTER.match(text, at)) and (found["lead"] or found.group().startswith(",")):
        is_said = found["years"] or found["lead"] or found.group().startswith(",")
        if likely >= (Evidence.UNKNOWN if is_said else Evidence.SURE):
            return found.end()
    if found := _BIRTHDAY.match(text, at):
        return (
            found.end() if likely >= (Evidence.UNKNOWN if found["who"] else Evidence.WORDY) else 0
        )
    if likely >= Evidence.WORDY and (found := _COPULA.match(text, at) or _OWN_AGE.match(text, at)):
        return found.end()
    if (found := _APPOSED.match(text, at)) or (found := _FORM.match(text, at)):
        return found.end() if likely >= Evidence.UNKNOWN else 0
    return 0


def _start_of_age(mention: Mention) -> int | None:
    """Return where an age starts that stands before a name, or None."""
    before, offset = mention.before, mention.start - len(mention.before)
    if mention.likely >= Evidence.UNKNOWN and (found := _OLD.search(before)):
        return offset + found.start()
    if found := _OPENED.search(before):
        least = Evidence.UNKNOWN if found["years"] else Evidence.WORDY
        if mention.likely >= least and _NEXT.match(mention.text, mention.end):
            return offset + found.start()
    return None
