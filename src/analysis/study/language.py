"""The language of reports: their sentences, and how each language writes numbers and names.

Sentences are written in English where they are shown. Other languages have catalogues of whole
sentences, `languages/*.po`; a sentence that a catalogue doesn't have stays in English. The last
functions here list all sentences, for `pybabel extract` (docs/languages.md).
"""

from __future__ import annotations

import ast
import json
from contextlib import contextmanager
from decimal import Decimal
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any, BinaryIO

from babel import Locale
from babel.core import get_global
from babel.numbers import format_decimal, format_percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Found = tuple[int, str, str | tuple[str, ...], list[str]]

ENGLISH = "en"
# The languages that have catalogues; Portuguese as Portugal and African countries write it.
LOCALES = {"fr": "fr", "pt": "pt_PT"}
REPORT_LANGUAGES = (ENGLISH, *LOCALES)
# A count that is shown as words takes the plural.
MANY = 2

# The functions whose first argument is a sentence, and those whose first two are its forms.
OF_ONE = frozenset({"say", "translate", "to_translate"})
OF_NUMBERS = frozenset({"say_number", "translate_number", "to_translate_number"})

# What a page says of an expectation, besides its notes.
SAID = ("fault", "expected")


class _Current:
    """The language in use: one for a process, which writes one report after the other."""

    language = ENGLISH


def current_language() -> str:
    """Return the language in use, ISO 639."""
    return _Current.language


def use_language(language: str) -> None:
    """Write in a language from here on; a notebook does so when it opens its study."""
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
    found = _read_catalogue(_Current.language).gettext(sentence)
    return found.format(**parts) if parts else found


def translate_number(one: str, many: str, number: float | None, **parts: object) -> str:
    """Return the sentence for one thing or for another number of them, by the language's rule.

    Examples
    --------
    >>> translate_number("{n} point", "{n} points", 1, n="1")
    '1 point'
    """
    count = MANY if number is None else ceil(number)
    found = _read_catalogue(_Current.language).ngettext(one, many, count)
    return found.format(**parts) if parts else found


@cache
def _read_catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 (English needs neither)
    from babel.messages.pofile import read_po  # noqa: PLC0415

    path = resources.files("analysis.study") / "languages" / f"{language}.po"
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=LOCALES[language]))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def locale_of(language: str) -> Locale:
    """Return Babel's locale of a language of reports."""
    return Locale.parse(LOCALES.get(language, "en_GB"))


def write_number(number: int) -> str:
    """Return a whole number as the language in use writes it.

    Examples
    --------
    >>> write_number(12345)
    '12,345'
    """
    return _write_number(number, _Current.language)


# A report writes the same few numbers again and again, and Babel takes long.
@lru_cache(maxsize=1000)
def _write_number(number: int, language: str) -> str:
    written: str = format_decimal(number, "#,##0", locale=locale_of(language))
    return written


def write_decimals(number: float, decimals: int) -> str:
    """Return a number with so many decimals as the language in use writes it.

    Examples
    --------
    >>> write_decimals(0.5, 2)
    '0.50'
    """
    pattern = f"0.{'0' * decimals}"
    return format_decimal(_rounded(number, decimals), pattern, locale=locale_of(_Current.language))


def write_percent(share: float) -> str:
    """Return a share as a whole percentage, as the language in use writes it.

    Examples
    --------
    >>> write_percent(0.5)
    '50%'
    """
    return format_percent(_rounded(100 * share, 0) / 100, locale=locale_of(_Current.language))


def write_coefficient(value: float) -> str:
    """Return a coefficient, at most 1, with two decimals; never as 1 where it is less.

    Examples
    --------
    >>> [write_coefficient(value) for value in (0.997, 1.0, 0.714, -0.001, -0.999)]
    ['> 0.99', '1', '0.71', '0.00', '< -0.99']
    """
    if abs(value) == 1:
        return f"{value:.0f}"
    rounded = _rounded(value, 2)
    if abs(rounded) == 1:
        return f"> {write_decimals(0.99, 2)}" if value > 0 else f"< {write_decimals(-0.99, 2)}"
    return write_decimals(value if rounded else 0.0, 2)


def _rounded(number: float, decimals: int) -> Decimal:
    """Return a number rounded as Python does; Babel would round 0.715 in another way."""
    return Decimal(f"{number:.{decimals}f}")


def name_countries(language: str, countries: Iterable[str]) -> dict[str, str]:
    """Return the names of countries in a language, as far as Babel has them.

    Parameters
    ----------
    countries : iterable of str
        By their ISO 3166 alpha-3 codes; others have no name.
    """
    aliases, names = get_global("territory_aliases"), locale_of(language).territories
    return {each: names[aliases[each][0]] for each in countries if each in aliases}


def extract_code(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Yield the sentences of a Python module; those that aren't literals are marked elsewhere.

    Of one of two literals, ``say("A" if so else "B")``, both are yielded.
    """
    for node in ast.walk(ast.parse(file.read())):
        match node:
            case ast.Call(
                ast.Name(name), [ast.Constant(str(one)), ast.Constant(str(many)), *_]
            ) if name in OF_NUMBERS:
                yield node.lineno, "ngettext", (one, many), []
            case ast.Call(ast.Name(name), [ast.Constant(str(sentence)), *_]) if name in OF_ONE:
                yield node.lineno, "gettext", sentence, []
            case ast.Call(
                ast.Name(name),
                [ast.IfExp(body=ast.Constant(str(one)), orelse=ast.Constant(str(other))), *_],
            ) if name in OF_ONE:
                yield from ((node.lineno, "gettext", each, []) for each in (one, other))


def extract_notebook(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Yield the markdown cells of a notebook."""
    cells: list[dict[str, Any]] = json.load(file)["cells"]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield 1, "gettext", "".join(cell["source"]), []


def extract_suite(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Yield what a suite says of its expectations: what holds, what is wrong, and why."""
    for expectation in json.load(file)["expectations"]:
        said = (expectation["notes"], *(expectation["meta"].get(name) for name in SAID))
        yield from ((1, "gettext", text, []) for text in said if text)
