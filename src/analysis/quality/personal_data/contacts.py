"""Find how a person can be reached or looked up: e-mail, telephone, documents, date of birth."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from analysis.intake.contacts import EMAIL, PHONE
from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.mentions import WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.mentions import ScannedText, Span

WINDOW = 60
"""Characters before a number in which a word may announce it."""

_LOCAL = r"(?<![\w.+-])[\w+-]{1,64}+(?:(?:\.| (?:dot|ponto|punto|point|tochka) )[\w+-]{1,64}+){0,3}"
_OPEN, _CLOSE = r" ?[(\[{<] ?", r" ?[)\]}>] ?"
_AT_SIGN = (
    rf"(?:@| @ |@ |{_OPEN}(?:at|a|arroba|arobase|arobas|chez|@){_CLOSE}"
    r"| (?:arroba|arobase|arobas|sobaka) )"
)
# A spaced sign has a space before it: after a plain stop the next sentence starts.
_DOT = (
    rf"(?:\.| \. ?|{_OPEN}(?:dot|ponto|punto|point|\.){_CLOSE}| (?:dot|ponto|punto|point|tochka) )"
)
_HOST = r"[A-Za-z0-9-]{1,63}+"
_MARKED_EMAIL = re.compile(rf"{_LOCAL}{_AT_SIGN}{_HOST}(?:{_DOT}{_HOST}){{1,4}}+", re.IGNORECASE)
# Plain words for both signs: only what ends like an address is one.
_ENDINGS = "com|org|net|info|edu|gov|africa|[a-z]{2}"
_SPELT_EMAIL = re.compile(
    rf"{_LOCAL} at {_HOST}(?: dot {_HOST}){{0,3}} dot (?:{_ENDINGS})(?!\w)"
    rf"|{_LOCAL} chez {_HOST}(?: point {_HOST}){{0,3}}? point (?:{_ENDINGS})(?!\w)",
    re.IGNORECASE,
)

_HOSTS = (
    "facebook|fb|instagram|twitter|x|tiktok|telegram|t|wa|vk|vkontakte|ok|linkedin|snapchat|"
    "onlyfans|linktr|threads|youtube|youtu|weibo|line|viber|signal|discord|pinterest|reddit|"
    "grindr|romeo|badoo|tinder|skype|messenger|m|bsky|patreon|fansly|allmylinks|beacons"
)
_PROFILE_ADDRESS = re.compile(
    rf"(?<![\w@-])(?:www\.|m\.)?(?:{_HOSTS})\.[a-z]{{2,4}}(?:\.[a-z]{{2}})?/(?:@?[\w.%-]{{2,64}}+)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@/+-])@[A-Za-z_][\w.]{1,30}+(?!@)")
PLATFORMS = (
    "Facebook|FB|Instagram|Insta|IG|Twitter|TikTok|Tik Tok|Telegram|Snapchat|Snap|WeChat|Weibo|"
    "Line|LINE|Grindr|Hornet|Tinder|Badoo|WhatsApp|Whatsapp|Viber|Signal|Skype|VK|Vkontakte|"
    "OnlyFans|PlanetRomeo|Romeo|Jack'd|Messenger|YouTube|Discord|LinkedIn|Kik|Threads|"
    "facebook|fb|instagram|insta|ig|twitter|tiktok|telegram|snapchat|grindr|whatsapp|wechat|vk|tg|TG"
)
_USER = re.compile(
    rf"(?<!\w)(?:{PLATFORMS})(?!\w)[^.!?\n]{{0,30}}?[ :\"']"
    r"(?P<user>[A-Za-z][A-Za-z.]{0,20}+(?:[_\d][\w.]{0,30}+))"
)
# A handle with dots, or one that is announced as a handle, may be plain words.
_DOTTED_USER = re.compile(
    rf"(?<!\w)(?:{PLATFORMS})(?!\w)[^.!?\n]{{0,30}}?[ :\"']"
    r"(?P<user>[a-z]{3,20}+\.[a-z]{2,20}+(?:\.\w{1,20}+)?)(?<!\.com)(?<!\.org)(?<!\.net)(?!\w)"
)
_HANDLE_WORDS = (
    "handle|user ?name|nick ?name|nick|pseudo|pseudonyme|usuario|nombre de usuario|akun|nik|"
    "akkaunt|account name|name|account|compte|cuenta|conta|konto|kont"
)
_NAMED_HANDLE = re.compile(
    rf"(?<!\w)(?:(?:{PLATFORMS}) (?:(?:{_HANDLE_WORDS})(?:,| is| c'est| es| e)?:?) "
    rf"|(?i:{_HANDLE_WORDS})(?: (?:de|do|du|on|sur|en|no|v|of|d'))? ?(?:{PLATFORMS})"
    rf"(?:,| is| c'est| es| e)?:? |(?i:{_HANDLE_WORDS}) )"
    rf"(?P<user>[a-z][\w.]{{4,30}}+)(?P<on> (?:on|sur|en|no|v|auf|di) (?:{PLATFORMS}))?(?!\w)"
)
_NAMED_PROFILE = re.compile(
    rf"(?<!\w)(?:{PLATFORMS})(?: (?:as|como|under|under the name(?: of)?|sous le nom(?: de)?|"
    rf"com o nome(?: de)?|con el nombre(?: de)?)|,? (?:c'est|is|es|ela e|e)|:) {WORD} {WORD}"
)
_PLATFORM = re.compile(rf"(?<!\w)(?:{PLATFORMS})(?!\w)", re.IGNORECASE)
_SHORTEST_USER = 5
_LONG_USER = 7

_NUMBER = re.compile(r"(?<![\w.,/-])\(?\+?\d(?:[ ().\-/]{0,3}+\d){6,13}+\)?(?![\d%]|[.,]\d)")
# The letter O among digits: 07O0 555 O14.
_LETTERS_O = re.compile(r"(?<![\w.,/-])[\dOo](?=[\dOo ().-]{0,3}\d)[\dOo ().-]{5,20}(?!\w)")
_DIGITS = re.compile(r"\d{1,20}+")
_YEAR_OF_PHONE = re.compile(r"(?:1[5-9]|20)\d\d")
_SMALL_WORD = re.compile(r"[a-z]{1,30}+")
_PHONE_GROUPS = ([3, 4], [5, 5], [4, 4], [2, 4, 4], [2, 5, 4], [1, 4, 4], [3, 4, 4], [4, 3, 3])

_CODE = re.compile(
    r"(?<![\w.,])(?:[A-Z]{1,5}[ -]?)?\d[\dA-Z]{0,20}+(?:[ ./-]{1,2}+[\dA-Z]{1,20}+(?!\w)){0,6}+"
    r"|(?<!\w)[A-Z]{4}\d{6}[A-Z]{6}[A-Z\d]{2}(?!\w)"
)
# A Brazilian tax number and a Mexican population number are known by their form alone.
_KNOWN_FORMS = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}|[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d")
_ABBREVIATION = re.compile(r"(?<![A-Za-z])[A-Z]{2,6}(?![A-Za-z])")
_STOP = re.compile(r"[!?;]|(?<!no)(?<! n)(?<!nr)(?<!num)\. ", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEAST_DIGITS = 5
NUMBER_WORDS = "number|numero|nummer|nomor|nimewo|namba|no|nr|num|n|is|was|were|tinha|es|e"
_SIGN = rf"[^\w\n]{{0,3}}(?:(?:{NUMBER_WORDS})(?:\.? ?o)?[^\w\n]{{1,3}}){{0,2}}"
_MARK = (
    r"(?P<code>(?=[A-Z\d./ -]{0,16}\d{2})[A-Z\d]{1,10}+(?:[ ./-]{1,2}+[A-Z\d]{1,10}+){0,5})(?!\w)"
)

_MONTHS = (
    "jan(?:uary|vier|eiro)?|ene(?:ro)?|feb(?:ruary|rero)?|fev(?:rier|ereiro)?|mar(?:ch|s|co|zo)?|"
    "apr(?:il)?|avr(?:il)?|abr(?:il)?|may|mai(?:o)?|mayo|jun(?:e|ho|io)?|juin|jul(?:y|ho|io)?|"
    "juil(?:let)?|aug(?:ust)?|aout|ago(?:sto)?|sept?(?:ember|embre|iembre)?|set(?:embro|iembre)?|"
    "oct(?:ober|obre|ubre)?|out(?:ubro)?|nov(?:ember|embre|embro|iembre)?|"
    "dec(?:ember|embre)?|dez(?:embro)?|dic(?:iembre)?|yanvarya|fevralya|marta|aprelya|maya|iyunya|"
    "iyulya|avgusta|sentyabrya|oktyabrya|noyabrya|dekabrya"
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
    r"aniversario|nacio|nacid[oa]|nacimiento|fecha de nac\.?|cumpleanos|f\. ?nac\.?|"
    r"rodil(?:as|sya)|rozhdeniya|den rozhdeniya|rod\.?|geboren|geb\.?|lahir|alizaliwa|kuzaliwa|fet|"
    r"nesans"
)
_BIRTH = re.compile(
    rf"(?<!\w)(?:{_BORN})(?!\w)(?P<between>[^!?;\d]{{0,30}}?)(?<!\d){_BIRTH_DATE}(?!\d)",
    re.IGNORECASE,
)
_OF_BIRTH = re.compile(r"\d ?(?:g\. ?r\.|goda rozhdeniya)", re.IGNORECASE)
_BORN_AFTER = re.compile(rf"(?<!\d){_BIRTH_DATE} ?(?:g\. ?r\.|goda rozhdeniya)", re.IGNORECASE)


def find_emails(text: ScannedText) -> Iterator[Span]:
    """Yield where e-mail addresses are, also those that are spelt out."""
    for pattern in (EMAIL, _MARKED_EMAIL, _SPELT_EMAIL):
        for found in pattern.finditer(text.folded):
            yield found.span()


def find_profiles(text: ScannedText) -> Iterator[Span]:
    """Yield where profiles in social media and messengers are: addresses, handles, user names."""
    for pattern in (_PROFILE_ADDRESS, _HANDLE, _NAMED_PROFILE):
        for found in pattern.finditer(text.folded):
            yield found.span()
    for found in _USER.finditer(text.folded):
        if len(found["user"]) >= _SHORTEST_USER:
            yield found.span()
    for found in _DOTTED_USER.finditer(text.folded):
        yield found.span("user")
    for found in _NAMED_HANDLE.finditer(text.folded):
        if _is_handle(found):
            yield found.span("user")


def _is_handle(found: re.Match[str]) -> bool:
    """Return whether a word is a handle: *is closed* after *my account* isn't."""
    user = found["user"]
    is_odd = any(sign.isdigit() or sign in "._" for sign in user[1:-1])
    has_platform = found["on"] or _PLATFORM.search(found.group())
    is_long = len(user) >= _LONG_USER and not lexicon.is_plain_word(user)
    return bool(has_platform) and (is_odd or is_long)


def find_phones(text: ScannedText) -> Iterator[Span]:
    """Yield where telephone numbers are, as each region writes them.

    In international form or with a leading zero a number needs no announcement. Other digits are a
    number where a word like *call* is before them, or where they are grouped as no amount is.
    """
    folded = _LETTERS_O.sub(lambda found: re.sub("[Oo]", "0", found.group()), text.folded)
    for found in PHONE.finditer(folded):
        if not _is_date(found.group()):
            yield found.span()
    for found in _NUMBER.finditer(folded):
        window = folded[max(0, found.start() - WINDOW) : found.start()].lower()
        sentence = re.split(r"[!?]|\. (?![a-z(]|\d)", window)[-1]
        if _is_phone(found.group(), sentence):
            yield found.span()


def _is_phone(number: str, before: str) -> bool:
    groups = _DIGITS.findall(number)
    if _are_thousands(groups, number) or _is_date(number):
        return False
    is_announced = any(word in lexicon.words("phone") for word in _SMALL_WORD.findall(before))
    return is_announced or _is_grouped(groups)


def _is_date(number: str) -> bool:
    groups = _DIGITS.findall(number)
    years = [group for group in groups if _YEAR_OF_PHONE.fullmatch(group)]
    others = [group for group in groups if group not in years]
    return bool(years) and len(others) <= 2 and all(len(group) <= 2 for group in others)


def _are_thousands(groups: list[str], number: str) -> bool:
    """Return whether digits are grouped and rounded as amounts are."""
    is_amount = len(groups) > 1 and all(len(group) == 3 for group in groups[1:])
    if number.startswith("0"):
        return False
    is_round = all(group.endswith("00") for group in groups[-2:])
    return (is_amount and groups[-1].endswith("0") and "-" not in number) or is_round


def _is_grouped(groups: list[str]) -> bool:
    """Return whether digits are grouped as those of a telephone are, and not as amounts are."""
    sizes = [len(group) for group in groups]
    if any(_YEAR_OF_PHONE.fullmatch(group) for group in groups):
        return False
    return (
        sizes[-3:] == [3, 3, 4]
        or sizes in _PHONE_GROUPS
        or (len(sizes) >= 4 and set(sizes[-3:]) == {2})
    )


def find_documents(text: ScannedText) -> Iterator[Span]:
    """Yield where numbers of passports, identity cards, tax and social security are."""
    for found in _CODE.finditer(text.folded):
        code = found.group()
        # The letters before digits belong to a number, or are the abbreviation of its document.
        letters = _ABBREVIATION.match(code)
        end_of_words = found.start() + (letters.end() if letters else 0)
        is_known = _KNOWN_FORMS.fullmatch(code)
        if is_known or (_is_code(code) and _is_announced(text.folded, end_of_words)):
            yield found.span()
    yield from find_marks(text)


@cache
def _announced_mark(use: str) -> re.Pattern[str]:
    """Return a pattern for the plate of a car, or the number of a case, after a word for it."""
    announced = "|".join(map(re.escape, lexicon.spellings(use)))
    return re.compile(rf"(?<!\w)(?i:{announced})(?i:{_SIGN}){_MARK}")


def find_marks(text: ScannedText) -> Iterator[Span]:
    """Yield where number plates, and the numbers of cases and complaints, are."""
    for use in ("plate", "case"):
        for found in _announced_mark(use).finditer(text.folded):
            if _is_mark(found["code"], use):
                yield found.span()


def _is_mark(code: str, use: str) -> bool:
    """Return whether signs are a plate or a number of a case, and no year, amount or count."""
    digits, letters = (sum(map(test, code)) for test in (str.isdigit, str.isalpha))
    if _YEAR.fullmatch(code) or code.endswith("000"):
        return False
    if use == "plate":
        return digits >= 2 and digits + letters >= _LEAST_DIGITS
    return digits >= _LEAST_DIGITS or (digits >= 4 and bool(re.search("[A-Z/-]", code)))


def _is_code(code: str) -> bool:
    """Return whether a code is long enough, and is no amount, date or year."""
    digits = sum(each.isdigit() for each in code)
    letters = sum(each.isalpha() for each in code)
    groups = re.findall(r"\d+", code)
    is_amount = not letters and len(groups) > 1 and code.endswith("000")
    is_year = all(_YEAR.fullmatch(group) for group in groups)
    return (
        not is_amount
        and not is_year
        and digits + letters >= 6
        and (digits >= _LEAST_DIGITS or (digits >= 4 and letters >= 3))
    )


def _is_announced(text: str, end: int) -> bool:
    """Return whether the sentence names a document before a code."""
    before = _STOP.split(text[max(0, end - WINDOW) : end])[-1]
    if any(each in lexicon.spellings("document_code") for each in _ABBREVIATION.findall(before)):
        return True
    padded = f" {before.lower()} "
    return any(_has_words(padded, each) for each in lexicon.words("document"))


def _has_words(text: str, words: str) -> bool:
    at = text.find(words)
    return at >= 0 and not text[at - 1].isalnum()


def find_birth_dates(text: ScannedText) -> Iterator[Span]:
    """Yield where dates of birth are in a text, with the words that make them such."""
    for found in _BIRTH.finditer(text.folded):
        if ". " not in found["between"].removeprefix(". "):
            yield found.span()
    if _OF_BIRTH.search(text.folded):
        for found in _BORN_AFTER.finditer(text.folded):
            yield found.span()
