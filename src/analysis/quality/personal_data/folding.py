"""Text folded to plain signs, so that a pattern need not know each way to write a letter."""

from __future__ import annotations

import re
import unicodedata

# Signs in each of their ways to be written.
_APOSTROPHES = "\u2018\u2019\u201a\u201b\u02bc\u02b9\u00b4\uff07"
_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_STOPS = "\u3002\uff0e\uff61"
# What NFKD and dropping all but ASCII folds well: Latin letters, and usual quotes and dashes.
_UNUSUAL = re.compile(
    "[^\t-\r\x20-\x7e\xa0\xaa\xba\xc0-\xc5\xc7-\xcf\xd1-\xd6\xd9-\xdd"
    "\xe0-\xe5\xe7-\xef\xf1-\xf6\xf9-\xfd\xff"
    "\u2018\u2019\u201c\u201d\u2013\u2014\u2026]"
)
_FREQUENT = (("\u2018", "'"), ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"'))
_FREQUENT_DASHES = (("\u2013", "-"), ("\u2014", "-"))
# Cyrillic in Latin letters, as passports write it: Russian, Ukrainian, Belarusian, Kazakh, Kyrgyz,
# Tajik and Uzbek.
_CYRILLIC = {
    **dict(
        zip(
            "абвгдеёзийклмнопрстуфыэіґўқғүұңөһәҷӣӯ",
            "abvgdeeziyklmnoprstufyeigukguunohajiu",
            strict=True,
        )
    ),
    "ж": "zh",
    "\u0445": "kh",
    "ҳ": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ї": "yi",
    "є": "ye",
    "ъ": "",
    "ь": "",
}


def _both_cases(letters: dict[str, str]) -> dict[str, str]:
    capitals = {letter.upper(): latin.capitalize() for letter, latin in letters.items()}
    return {**letters, **capitals}


_SIGNS = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_QUOTES, '"'),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_STOPS, "."),
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ł": "l",
        "Ł": "L",
        "\u0131": "i",
        "ə": "a",
        "Ə": "A",
        **_both_cases(_CYRILLIC),
    }
)
_INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cs", "Co"})


class _Folds(dict[int, str]):
    """What each letter or sign is folded to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code).translate(_SIGNS)
        plain = unicodedata.normalize("NFKD", letter).translate(_SIGNS)
        self[code] = "".join(_plain(each) for each in plain)
        return self[code]


_FOLDS = _Folds()


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in _INVISIBLE:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(letter))
    if letter.isspace():
        return " "
    return "" if category == "Cc" else letter


def fold(text: str) -> str:
    """Return a text with plain letters, digits, quotes and dashes, and single spaces.

    Accents and invisible signs are dropped; digits of every script become those of ASCII; Cyrillic
    is written in Latin letters; letters of other alphabets stay. The work grows with the length of
    the text, and no faster: a sign is folded by itself, whatever is next to it.

    Parameters
    ----------
    text : str
        Any text.

    Examples
    --------
    >>> fold("Née à São Tomé,  l'été")
    "Nee a Sao Tome, l'ete"
    """
    # Of most texts nothing is to be folded but their white space.
    if not (text.isascii() and text.isprintable()):
        text = text.translate(_FOLDS) if _UNUSUAL.search(text) else _fold_latin(text)
    return " ".join(text.split())


def offsets_of(text: str) -> list[int]:
    """Return, for each sign of a folded text, where it is in the text before it was folded.

    Examples
    --------
    >>> offsets_of("l\u2019\u00e9t\u00e9,  \u042f")
    [0, 1, 2, 3, 4, 5, 6, 8, 8]
    """
    offsets: list[int] = []
    is_space = True
    for at, sign in enumerate(text):
        for plain in " " if sign.isspace() else _FOLDS[ord(sign)]:
            if not (is_space and plain == " "):
                offsets.append(at)
            is_space = plain == " "
    return offsets


def _fold_latin(text: str) -> str:
    """Fold a text of Latin letters, faster."""
    for sign, plain in (*_FREQUENT, *_FREQUENT_DASHES):
        text = text.replace(sign, plain)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
