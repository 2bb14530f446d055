"""Columns derived from the words of segments: what is there twice, and in which language."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.context import derived
from analysis.tables.segments import FOCUS_GROUP, LABEL, LANGUAGE, QUESTION, SECTION, TEXT

if TYPE_CHECKING:
    from analysis.quality.context import CheckContext, CheckedTables

TABLE = "segments"
SENTENCE_END = re.compile(r"[.!?;:\n\r\u2028\u2029]+\s*")
# Shorter sentences may well be repeated: "We were afraid."
LONG_SENTENCE = 40
WORD = re.compile(r"\w+")
# Directions of writing included; a line may end as in Windows. Workbooks write "\r" as _x000D_.
CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
BROKEN_LINE_END = r"\r(?!\n)|_x000[Dd]_"
# Words that some of these share are listed with each of them, and none that are common in English
# are listed with another. None begins or ends with an accent.
FUNCTION_WORDS = {
    "en": "and are because been for from had has have her his is not of our that the their them "
    "there they this was we were when which who with without would",
    "fr": "aux avec cette ces dans de des du elle elles en est et ils les leur leurs mais nos nous "
    "ont pas pour qui que sans se ses sont une vous",
    "pt": "ao aos com como da das de dos ela elas em essa esta isso mas muito nas nem nos os "
    "para pela pelo por quando que se sem seu seus sua suas uma",
    "es": "al como con cuando de del desde el ella ellas ellos en esa eso esta las les los muy nos "
    "nosotras para pero por que se sus una unas unos",
}


def lacks_control_characters(table: pd.DataFrame, *columns: str) -> pd.Series:
    """Return whether no value of some columns has a control character in each row."""
    pattern = re.compile(f"{CONTROL}|{BROKEN_LINE_END}")
    has_some = table[list(columns)].map(lambda text: pattern.search(text) is not None)
    return ~has_some.any(axis=1)


@derived(
    TABLE,
    "No other segment of its focus group has the same text, but for case and space.",
    FOCUS_GROUP,
    TEXT,
)
def said_once(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each text is there once in its focus group; a blank one is no text."""
    same = pd.DataFrame({"group": tables[TABLE][FOCUS_GROUP], "words": tables.words})
    return (tables.words == "") | ~same.duplicated(keep=False)


@derived(TABLE, "No sentence of 40 or more characters stands in the text twice.", TEXT)
def sentences_said_once(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the long sentences of each text are distinct."""
    texts = tables[TABLE][TEXT]
    # Texts of less than two long sentences cannot repeat one.
    long = texts[texts.str.len() >= 2 * LONG_SENTENCE]
    repeating = [text for text in long.unique() if _has_sentence_twice(text)]
    return ~texts.isin(repeating)


def _has_sentence_twice(text: str) -> bool:
    sentences = [each for each in SENTENCE_END.split(text) if len(each) >= LONG_SENTENCE]
    return len(sentences) != len(set(sentences))


@derived(
    TABLE,
    "How many small words (the, les, dos, los) of its text are English, French, Portuguese or "
    "Spanish, and not of its own language; 0 where that is none of these.",
    TEXT,
    LANGUAGE,
)
def foreign_words(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return the number of function words of other languages in each text."""
    texts = tables[TABLE]
    counts = pd.Series(0, index=texts.index)
    for language, said in texts.groupby(LANGUAGE)[TEXT]:
        if language in FUNCTION_WORDS:
            foreign = _foreign(language)
            found = {text: _count(text, foreign) for text in said.unique()}
            counts[said.index] = said.map(found)
    return counts


@cache
def _foreign(language: str) -> frozenset[str]:
    """Return the function words of all languages but one."""
    words = {word for words in FUNCTION_WORDS.values() for word in words.split()}
    return frozenset(words - set(FUNCTION_WORDS[language].split()))


def _count(text: str, words: frozenset[str]) -> int:
    return sum(word in words for word in WORD.findall(text.lower()))


@derived(
    TABLE,
    "The label is blank, or no segment of its cell with other words has it too.",
    FOCUS_GROUP,
    SECTION,
    QUESTION,
    LABEL,
    TEXT,
)
def label_tells_apart(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each label is of one text in its cell."""
    label = tables[TABLE][LABEL]
    named = pd.DataFrame({"cell": tables.cell_numbers, "label": label, "words": tables.words})
    # The same words under the same label are one segment that was pasted twice.
    texts = named.drop_duplicates().groupby(["cell", "label"], sort=False)["words"].size()
    shared = named[["cell", "label"]].merge(
        texts[texts > 1].rename("texts").reset_index(), how="left", on=["cell", "label"]
    )["texts"]
    return (label == "") | shared.isna().to_numpy()
