"""The language of reports: their sentences, and how each language writes numbers and names.

Sentences are written in English where they are shown. Other languages have catalogues of whole
sentences, `languages/*.po`; a sentence that a catalogue doesn't have stays in English. Babel is
imported only for languages other than English.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from gettext import GNUTranslations

ENGLISH = "en"
# Portuguese as Portugal and African countries write it.
LOCALES = {"fr": "fr", "pt": "pt_PT"}
REPORT_LANGUAGES = (ENGLISH, *LOCALES)
# Continents by their codes in UN M49, under which Babel has their names.
M49 = {
    "africa": "002",
    "americas": "019",
    "asia": "142",
    "europe": "150",
    "oceania": "009",
    "global": "001",
}
# Counts that no number belongs to take the plural.
MANY = 2


class _Current:
    """The language in use: one for a process, which writes one report after the other."""

    language = ENGLISH


def current_language() -> str:
    """Return the language in use, ISO 639."""
    return _Current.language


def use_language(language: str) -> None:
    """Write in a language from here on; a notebook does so when it opens its study.

    Parameters
    ----------
    language : str
        One of `REPORT_LANGUAGES`.
    """
    _Current.language = language


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write in a language within a block, and in the language before it afterwards."""
    before = current_language()
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


def to_translate(sentence: str) -> str:
    """Return a sentence as it is; marks one that is translated where it is shown."""
    return sentence


def to_translate_number(one: str, many: str) -> tuple[str, str]:
    """Return the sentences for one thing and for many as they are, likewise."""
    return one, many


def translate(sentence: str, **parts: object) -> str:
    """Return a whole sentence in the language in use, with parts in their places.

    Parameters
    ----------
    sentence : str
        In English: a literal, so that catalogues can be compared with the code.
    **parts : object
        What goes in the place of ``{name}``.

    Examples
    --------
    >>> translate("Excerpts in the report on {place}", place="Africa")
    'Excerpts in the report on Africa'
    """
    language = _Current.language
    found = sentence if language == ENGLISH else catalogue_of(language).gettext(sentence)
    return found.format(**parts) if parts else found


def translate_number(one: str, many: str, number: float | None, **parts: object) -> str:
    """Return the sentence for one thing or for another number of them, by the language's rule.

    Examples
    --------
    >>> translate_number("{n} point", "{n} points", 1, n="1")
    '1 point'
    """
    language = _Current.language
    if language == ENGLISH:
        found = one if number == 1 else many
    else:
        count = MANY if number is None else int(number)
        found = catalogue_of(language).ngettext(one, many, count)
    return found.format(**parts) if parts else found


@cache
def catalogue_of(language: str) -> GNUTranslations:
    """Return the catalogue of a language other than English."""
    from gettext import GNUTranslations  # noqa: PLC0415 (English needs neither)

    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    folder = resources.files("analysis.study") / "languages"
    with (folder / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=LOCALES[language])
    written = BytesIO()
    write_mo(written, catalogue)
    written.seek(0)
    return GNUTranslations(written)


@cache
def locale_of(language: str) -> Any:  # noqa: ANN401 (Babel's, which English doesn't import)
    """Return Babel's locale of a language other than English."""
    from babel import Locale  # noqa: PLC0415 (English doesn't need it)

    return Locale.parse(LOCALES[language])


def write_number(number: int) -> str:
    """Return a whole number as the language in use writes it.

    Examples
    --------
    >>> write_number(12345)
    '12,345'
    """
    if _Current.language == ENGLISH:
        return f"{number:,}"
    return _write(number, "#,##0")


def write_decimals(number: float, decimals: int) -> str:
    """Return a number with so many decimals as the language in use writes it.

    Examples
    --------
    >>> write_decimals(0.5, 2)
    '0.50'
    """
    if _Current.language == ENGLISH:
        return f"{number:.{decimals}f}"
    return _write(number, f"0.{'0' * decimals}" if decimals else "0")


def write_percent(share: float) -> str:
    r"""Return a share as a whole percentage, as the language in use writes it.

    Examples
    --------
    >>> write_percent(0.5)
    '50\xa0%'
    """
    if _Current.language == ENGLISH:
        return f"{100 * share:.0f}\u00a0%"
    from babel.numbers import format_percent  # noqa: PLC0415 (English doesn't need it)

    return str(format_percent(share, locale=locale_of(_Current.language)))


def _write(number: float, pattern: str) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415 (English doesn't need it)

    return str(format_decimal(number, pattern, locale=locale_of(_Current.language)))


def name_territories(language: str, places: Iterable[str]) -> dict[str, str]:
    """Return the names of countries and continents in a language, as far as Babel has them.

    Parameters
    ----------
    language : str
        Another language than English.
    places : iterable of str
        Countries by their ISO 3166 alpha-3 codes, and continents.
    """
    from babel.core import get_global  # noqa: PLC0415 (English doesn't need it)

    aliases, names = get_global("territory_aliases"), locale_of(language).territories
    codes = {place: M49.get(place) or next(iter(aliases.get(place, [])), "") for place in places}
    return {place: names[code] for place, code in codes.items() if code in names}
