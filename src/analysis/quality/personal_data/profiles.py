"""Profiles in social media and messengers: addresses, handles and names of users."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.quality.personal_data.mentions import WORD
from analysis.quality.personal_data.reading import first_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.finding import Span
    from analysis.quality.personal_data.reading import Reading

_HOSTS = (
    "facebook|fb|instagram|twitter|x|tiktok|telegram|t|wa|vk|vkontakte|ok|linkedin|snapchat|"
    "onlyfans|linktr|threads|youtube|youtu|weibo|line|viber|signal|discord|pinterest|reddit|"
    "grindr|romeo|badoo|tinder|skype|messenger|m|bsky|patreon|fansly|allmylinks|beacons"
)
_ADDRESS = re.compile(
    rf"(?<![\w@-])(?:www\.|m\.)?(?:{_HOSTS})\.[a-z]{{2,4}}(?:\.[a-z]{{2}})?/(?:@?[\w.%-]{{2,64}}+)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@/+-])@[A-Za-z_][\w.]{1,30}+(?!@)")
PLATFORMS = (
    "Facebook|FB|Instagram|Insta|IG|Twitter|TikTok|Tik Tok|Telegram|Snapchat|Snap|WeChat|Weibo|"
    "Line|LINE|Grindr|Hornet|Tinder|Badoo|WhatsApp|Whatsapp|Viber|Signal|Skype|VK|Vkontakte|"
    "OnlyFans|PlanetRomeo|Romeo|Jack'd|Messenger|YouTube|Discord|LinkedIn|Kik|Threads"
)
_USER = re.compile(
    rf"(?<!\w)(?:{PLATFORMS})(?!\w)[^.!?\n]{{0,30}}?[ :\"']"
    r"(?P<user>[A-Za-z][A-Za-z.]{0,20}+(?:[_\d][\w.]{0,30}+))"
)
_NAMED = re.compile(
    rf"(?<!\w)(?:{PLATFORMS})(?: (?:as|como|under|under the name(?: of)?|sous le nom(?: de)?|"
    rf"com o nome(?: de)?|con el nombre(?: de)?)|,? (?:c'est|is|es|ela e|e)|:) {WORD} {WORD}"
)


_FIRST_TOKENS = first_tokens(PLATFORMS.split("|"))


def find(reading: Reading) -> Iterator[Span]:
    """Yield where profiles stand in a text."""
    names_platform = not _FIRST_TOKENS.isdisjoint(reading.tokens)
    if not (names_platform or "@" in reading.text or "/" in reading.text):
        return
    for pattern in (_ADDRESS, _HANDLE, _NAMED):
        for found in pattern.finditer(reading.text):
            yield found.span()
    for found in _USER.finditer(reading.text):
        if len(found["user"]) >= 5:
            yield found.span()
