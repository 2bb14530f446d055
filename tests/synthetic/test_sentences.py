from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from made_tables import clean_text

from analysis.study.codebook import Codebook, read_codebook
from analysis.synthetic.generator import CODEBOOK
from analysis.synthetic.rewording import FEWEST_WORDS
from analysis.synthetic.sentences import DETAILS_AFTER, SentenceBank, read_sentences
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from pathlib import Path

QUESTIONS = tuple(DETAILS_AFTER)
NOT_SAID = ("prostitut", "hooker", "whore", "victims")
ISE = re.compile(
    r"\b(?:organ|recogn|critic|apolog|real|emphas|priorit|criminal)is(?:e|ed|es|ing)\b"
)


@pytest.fixture(scope="module")
def bank() -> SentenceBank:
    """Give the sentences that ship."""
    return read_sentences()


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    """Give the codebook of synthetic studies."""
    return read_codebook(CODEBOOK)


def _all_texts(bank: SentenceBank) -> list[str]:
    remarks = [entry.text for entries in bank.remarks.values() for entry in entries]
    headings = [text for texts in bank.headings.values() for text in texts]
    lead_ins = [text for pairs in bank.lead_ins.values() for _, text in pairs]
    said = [entry.text for entry in (*bank.sentences, *bank.rare)]
    return [*said, *remarks, *headings, *lead_ins]


def test_every_code_can_answer_every_question(bank: SentenceBank, codebook: Codebook) -> None:
    """Each code has three statements for each question, and eight details."""
    counts = Counter((entry.code, entry.question.split(".")[0]) for entry in bank.sentences)

    assert counts == {
        (code, question): 8 if question == "detail" else 3
        for code in codebook.codes
        for question in (*QUESTIONS, "detail")
    }


def test_no_sentence_is_there_twice(bank: SentenceBank) -> None:
    """Statements differ in their label and their text."""
    statements = [entry for entry in (*bank.sentences, *bank.rare) if entry.label]

    assert len({entry.text for entry in statements}) == len(statements)
    assert len({entry.label for entry in statements}) == len(statements)


@pytest.mark.slow
def test_cleaning_leaves_sentences_alone(bank: SentenceBank, root: Path) -> None:
    """Sentences are clean as they are: all wear that cleaning finds was put there."""
    steps = steps_of_cleaning(read_spelling(root / "data" / "spelling.csv"))
    texts = _all_texts(bank)

    assert [text for text in texts if clean_text(text, steps) != text] == []


def test_sentences_end_as_sentences_do(bank: SentenceBank) -> None:
    """Each sentence starts with a capital letter and ends with a full stop, or announces a list."""
    texts = _all_texts(bank)

    assert [text for text in texts if not re.fullmatch(r'["A-Z].*[.:]', text)] == []


def test_what_is_not_reworded_is_short(bank: SentenceBank) -> None:
    """Remarks, lead-ins and headings have less than eight words, so that anybody may say them."""
    remarks = [entry.text for entries in bank.remarks.values() for entry in entries]
    headings = [text for texts in bank.headings.values() for text in texts]
    lead_ins = [text for pairs in bank.lead_ins.values() for _, text in pairs]
    words = re.compile(r"[^\W_]+")
    texts = [*remarks, *headings, *lead_ins]

    assert [text for text in texts if len(words.findall(text)) >= FEWEST_WORDS] == []


def test_sentences_speak_with_respect_and_one_spelling(bank: SentenceBank) -> None:
    """People are not labelled, and words are spelt with -ize."""
    texts = " ".join(_all_texts(bank)).lower()

    assert [word for word in NOT_SAID if word in texts] == []
    assert ISE.findall(texts) == []


def test_frames_cover_template_and_codebook(bank: SentenceBank, codebook: Codebook) -> None:
    """Questions have remarks, domains have lead-ins, themes have headings, and codes are known."""
    codes = {code for theme in bank.themes for code in theme.codes}

    assert set(bank.remarks) == set(QUESTIONS)
    assert set(bank.lead_ins) == {"situation", "concerns", "hope", "constraints"}
    assert set(bank.headings) == set(codebook.themes)
    assert codes <= set(codebook.codes)
    assert {entry.code for entry in bank.rare} <= set(codebook.codes)


def test_sentence_fits_where_its_words_are_known(bank: SentenceBank) -> None:
    """A sentence on island ferries fits regions of islands, and no country without a coast."""
    ferries = next(entry for entry in bank.rare if "ferries" in entry.text)

    assert ferries.fits(["car"], landlocked=False)
    assert not ferries.fits(["eeca"], landlocked=False)
    assert ferries.fits(["eeca", "car"], landlocked=False)
    assert not ferries.fits(["car"], landlocked=True)
