"""Text folded to plain signs, so that a pattern need not know each way to write a letter."""

from __future__ import annotations

import re
import unicodedata

# What NFKD and dropping all but ASCII folds well: Latin letters, and the signs that are put below.
_UNUSUAL = re.compile("[^\x00-\x7f\xa0\xaa\xb0\xba\xc0-\xd6\xd9-\xdd\xe0-\xf6\xf9-\xfd\xff‘’“”–—…]")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʹ´`＇", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("。．｡", "."),
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
        "ı": "i",
        "ə": "a",
        "Ə": "A",
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
    return " " if category in {"Zs", "Zl", "Zp", "Cc"} else letter


def fold(text: str) -> str:
    """Return a text with plain letters, digits, quotes and dashes, and single spaces.

    Accents and signs that are not seen go; digits of every script become those of ASCII; letters
    that are none of the Latin alphabet stay. The work grows with the length of the text, and no
    faster: a sign is folded by itself, whatever stands beside it.

    Parameters
    ----------
    text : str
        Any text.

    Examples
    --------
    >>> fold("Née à São Tomé,  tél. ０７１２ ٥٥٥")
    'Nee a Sao Tome, tel. 0712 555'
    >>> fold("a\u200b.name＠example。org")
    'a.name@example.org'
    """
    if not text.isascii():
        text = text.translate(_FOLDS) if _UNUSUAL.search(text) else _fold_latin(text)
    return " ".join(text.split())


def _fold_latin(text: str) -> str:
    """Fold a text of Latin letters, faster."""
    for sign, plain in (("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-")):
        text = text.replace(sign, plain)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
