from __future__ import annotations

import ast
import re
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from analysis.study import language as languages
from analysis.study.dates import date_in_words, month_in_words
from analysis.study.language import (
    LOCALES,
    OF_NUMBERS,
    OF_ONE,
    REPORT_LANGUAGES,
    in_language,
    translate,
    translate_number,
)

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).parents[2]
EXTRACT = re.compile(r"PYBABEL\) (extract (?:.*\\\n)*.*)")
PLACE = re.compile(r"\{\w*\}")
SENTENCE = ("{n} passage", "{n} passages")
# What a printer of each language corrects: French has a hard space before these signs, Portuguese
# none; neither has straight apostrophes, except in commands.
MISPRINTS = {
    "fr": re.compile("(?<![\u00a0\u202f])[;?!»%]|(?<![\u00a0\u202f]):(?!\\S)|«(?!\u00a0)|\\w'\\w"),
    "pt": re.compile(r"\s[:;?!»%]|«\s|\w'\w"),
}
ENDS = ".:;?!"


def as_texts(of: str | tuple[str, ...]) -> tuple[str, ...]:
    return (of,) if isinstance(of, str) else of


def is_complete(message: Message, catalogue: Catalog) -> bool:
    """Return whether a catalogue has a sentence, each form of it with the same places for parts."""
    found = catalogue.get(message.id)
    if found is None or found.fuzzy:
        return False
    forms, translated = as_texts(message.id), as_texts(found.string)
    places = [{*PLACE.findall(text)} for text in forms]
    return len(forms) == len(translated) and all(
        text and {*PLACE.findall(text)} == each
        for text, each in zip(translated, places, strict=True)
    )


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Give the sentences that `make translations` finds in code, templates and notebooks."""
    [command] = EXTRACT.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    words = command.replace("\\\n", " ").split()
    out = tmp_path_factory.mktemp("sentences") / "reports.pot"
    at = words.index("--output-file")
    words[at + 1] = str(out)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run(["pybabel", "--quiet", *words])
    with out.open("rb") as file:
        return read_po(file)


def read_catalogue(language: str) -> Catalog:
    path = Path(languages.__file__).parent / "languages" / f"{language}.po"
    with path.open("rb") as file:
        return read_po(file, locale=LOCALES[language])


@pytest.mark.parametrize("language", LOCALES)
def test_every_sentence_of_reports_is_translated(extracted: Catalog, language: str):
    """A catalogue has each sentence, not fuzzy, with the same places for parts, and no others."""
    catalogue = read_catalogue(language)
    missing = [m.id for m in extracted if m.id and not is_complete(m, catalogue)]
    unused = [m.id for m in catalogue if m.id and m.id not in extracted]

    assert (missing, unused) == ([], [])


@pytest.mark.parametrize("language", LOCALES)
def test_translations_are_printed_as_their_language_is(language: str):
    """Spaces before signs and apostrophes are the language's, and a sentence ends as in English."""
    wrong = []
    for message in filter(attrgetter("id"), read_catalogue(language)):
        for english, text in zip(as_texts(message.id), as_texts(message.string), strict=True):
            ends = [each[-1] if each[-1] in ENDS else "" for each in (english, text)]
            if MISPRINTS[language].search(text) or ends[0] != ends[1]:
                wrong.append(text)

    assert wrong == []


def test_sentences_are_written_in_one_piece():
    """No sentence is put together from variables, so that catalogues can hold all of them."""
    assembled = []
    for path in (ROOT / "src" / "analysis").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = isinstance(call, ast.Call) and getattr(call.func, "id", "")
            if name in OF_ONE | OF_NUMBERS and isinstance(call.args[0], ast.JoinedStr | ast.BinOp):
                assembled.append(f"{path.name}:{call.lineno}")

    assert assembled == []


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        ("en", 0, "0 passages"),
        ("fr", 0, "0 passage"),
        ("pt", 0, "0 passagens"),
        ("en", 1, "1 passage"),
        ("fr", 1, "1 passage"),
        ("pt", 1, "1 passagem"),
        ("fr", 2, "2 passages"),
        ("pt", 2, "2 passagens"),
    ],
)
def test_plurals_follow_the_rule_of_each_language(language: str, number: int, expected: str):
    """French counts nothing in the singular, English and Portuguese in the plural."""
    with in_language(language):
        assert translate_number(*SENTENCE, number, n=number) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("12,345", "0.71", "> 0.99", "54%", "1 October 2020", "October 2020")),
        ("fr", ("12\u202f345", "0,71", "> 0,99", "54\u00a0%", "1er octobre 2020", "octobre 2020")),
        ("pt", ("12\u00a0345", "0,71", "> 0,99", "54%", "1 de outubro de 2020", "outubro de 2020")),
    ],
)
def test_numbers_and_dates_are_written_as_each_language_does(language: str, expected: tuple):
    """Groups of digits, decimals, percentages, dates and months follow the language."""
    with in_language(language):
        written = (
            languages.write_number(12345),
            languages.write_coefficient(0.714),
            languages.write_coefficient(0.997),
            languages.write_percent(0.54),
            date_in_words("2020-10-01"),
            month_in_words("2020-10-01"),
        )

    assert written == expected


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_numbers_have_the_same_digits_in_each_language(language: str):
    """Numbers halfway between two others are rounded to the same one in each language."""
    with in_language(language):
        written = (
            languages.write_decimals(0.715, 2),
            languages.write_decimals(-0.125, 2),
            languages.write_percent(109 / 200),
        )

    assert [re.sub(r"\D", "", text) for text in written] == ["071", "012", "55"]


def test_only_the_first_of_a_month_is_an_ordinal_in_french():
    """French writes 1er for the first day, and no other number with an ordinal."""
    with in_language("fr"):
        assert date_in_words("2020-10-21") == "21 octobre 2020"


def test_a_sentence_without_translation_stays_in_english():
    """A catalogue that doesn't have a sentence is no reason to fail."""
    with in_language("fr"):
        assert translate("No catalogue has {this}.", this="this") == "No catalogue has this."


def test_the_language_is_back_after_a_block():
    """A page in another language leaves the next one in English."""
    with in_language("pt"):
        inside = translate("Passages")

    assert (inside, translate("Passages")) == ("Passagens", "Passages")
