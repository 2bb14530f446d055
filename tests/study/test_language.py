from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from analysis.study import language as languages
from analysis.study.dates import date_in_words, month_in_words
from analysis.study.decimals import format_decimal
from analysis.study.language import LOCALES, in_language, translate, translate_number
from analysis.study.sentences import FUNCTIONS

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "languages.md"
EXTRACT = re.compile(r"pybabel (extract (?:.*\\\n)*.*)")
PLACE = re.compile(r"\{\w*\}")
SENTENCE = ("{n} passage", "{n} passages")


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
    """Give the sentences that the command of the guide finds in code, templates and notebooks."""
    [command] = EXTRACT.findall(GUIDE.read_text(encoding="utf-8"))
    words = command.replace("\\\n", " ").split()
    out = tmp_path_factory.mktemp("sentences") / "reports.pot"
    at = words.index("--output-file")
    words[at + 1] = str(out)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run(["pybabel", "--quiet", *words])
    with out.open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize("language", LOCALES)
def test_every_sentence_of_reports_is_translated(extracted: Catalog, language: str):
    """A catalogue has each sentence, not fuzzy, with the same places for parts, and no others."""
    path = Path(languages.__file__).parent / "languages" / f"{language}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LOCALES[language])
    missing = [m.id for m in extracted if m.id and not is_complete(m, catalogue)]
    unused = [m.id for m in catalogue if m.id and m.id not in extracted]

    assert (missing, unused) == ([], [])


def test_sentences_are_written_in_one_piece():
    """No sentence is put together from variables, so that catalogues can hold all of them."""
    assembled = []
    for path in (ROOT / "src" / "analysis").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = isinstance(call, ast.Call) and getattr(call.func, "id", "")
            if name in FUNCTIONS and isinstance(call.args[0], ast.JoinedStr | ast.BinOp):
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
        ("en", ("12,345", "0.71", "> 0.99", "54\u00a0%", "1 October 2020", "October 2020")),
        ("fr", ("12\u202f345", "0,71", "> 0,99", "54\u00a0%", "1 octobre 2020", "octobre 2020")),
        ("pt", ("12\u00a0345", "0,71", "> 0,99", "54%", "1 de outubro de 2020", "outubro de 2020")),
    ],
)
def test_numbers_and_dates_are_written_as_each_language_does(language: str, expected: tuple):
    """Groups of digits, decimals, percentages, dates and months follow the language."""
    with in_language(language):
        written = (
            languages.write_number(12345),
            format_decimal(0.714),
            format_decimal(0.997),
            languages.write_percent(0.54),
            date_in_words("2020-10-01"),
            month_in_words("2020-10-01"),
        )

    assert written == expected


def test_a_sentence_without_translation_stays_in_english():
    """A catalogue that doesn't have a sentence is no reason to fail."""
    with in_language("fr"):
        assert translate("No catalogue has {this}.", this="this") == "No catalogue has this."


def test_the_language_is_back_after_a_block():
    """A page in another language leaves the next one in English."""
    with in_language("pt"):
        inside = translate("Passages")

    assert (inside, translate("Passages")) == ("Passagens", "Passages")
