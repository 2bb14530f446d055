"""Columns derived from the words of segments: what is there twice, and in which language."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.context import derived
from analysis.tables.near_copies import MOST_GROUPS
from analysis.tables.segments import (
    COUNTED,
    FOCUS_GROUP,
    FREE_CELL,
    LABEL,
    LANGUAGE,
    QUESTION,
    SECTION,
    SOURCE_SHA256,
    TEXT,
    TEXT_KIND,
)
from analysis.tables.text_cleaning import INVISIBLE

if TYPE_CHECKING:
    from analysis.quality.context import CheckContext, CheckedTables

TABLE = "segments"
# Of sentences, but for the full stop.
OTHER_ENDS = "!?;:\n\r\u2028\u2029"
# Shorter sentences may well be repeated: "We were afraid."
LONG_SENTENCE = 40
WORD = re.compile(r"\w+")
# Directions of writing included; white space of any kind isn't, since cleaning makes it a space.
# Workbooks write "\r" as _x000D_.
CONTROL = "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
BROKEN_LINE_END = "_x000[Dd]_"
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


# Letters that were lost, or that were read in another encoding than they were written in: UTF-8 as
# Windows, Latin or Mac, Mac and Windows as each other, and the codes of e-mail.
DAMAGED = re.compile(
    "\ufffd|\u00ef\u00bf\u00bd|\u00ef\u00bb\u00bf"
    "|\u00c3[\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u201a\u201e\u2020-\u2022\u2030\u2039\u20ac\u2122]"
    "|\u00c2[\u00a0-\u00bf]|\u00e2\u20ac|\u00c5[\u0093\u0160\u0161\u2018\u201c]"
    "|[\u00d0\u00d1][\u0080-\u00bf\u20ac\u2018-\u2022]"
    "|[\u00d8\u00d9][\u0080-\u00bf\u2020\u2021\u2026\u0160]"
    "|\u221a[^\x00-\x7f]|\u201a\u00c4|\u00ac[^\x00-\x7f]"
    "|[a-z][\u00c0-\u00d6\u00d8-\u00de\u0160\u0178\u017d\u2021\u02c6][a-z]"
    "|(?:=[0-9A-F]{2}){2}"
    r"|(?<![^\s\"'(\u201c])[^\W\d_]+\?{1,3}[a-z\u00e0-\u00ff]+(?![^\s.,;:!?\"')\u201d])"
)
LETTER = re.compile(r"[^\W\d_]")
# Runs of five words in a text of eight: what is shorter may be said by anybody.
LONG_TEXT, SAME_TEXT, FEWEST_RUNS = 8, 0.8, 4
SENTENCE_ENDS = (".", "!", "?", "\u2026")
# Twice the longest label of a template that was filled in as asked.
LONG_LABEL = 120
# No passage that somebody chose is so long, and so much longer than others of its focus group.
TRANSCRIPT, TIMES_USUAL, OTHERS = 5000, 20, 4
# The longest text that some programs keep of a cell.
CUT_AT = (255, 256)


def lacks_damage(table: pd.DataFrame, *columns: str) -> pd.Series:
    """Return whether no value of some columns was damaged by an encoding in each row."""
    return ~pd.DataFrame({name: _are_damaged(table[name]) for name in columns}).any(axis=1)


def _are_damaged(texts: pd.Series) -> pd.Series:
    """Return which texts have letters that were lost or read in another encoding."""
    # Most have none of the characters in question.
    likely = texts[texts.str.contains("[^ -~]|[?=]")].unique()
    return texts.isin([text for text in likely if DAMAGED.search(text)])


def lacks_control_characters(table: pd.DataFrame, *columns: str) -> pd.Series:
    """Return whether no value of some columns has a control character in each row."""
    pattern = re.compile(f"{CONTROL}|{BROKEN_LINE_END}")
    has_some = table[list(columns)].map(lambda text: pattern.search(text) is not None)
    return ~has_some.any(axis=1)


@derived(
    TABLE,
    "It is a passage of less than eight words that answers no question, or no other segment of its "
    "focus group has the same text, but for case and space.",
    FOCUS_GROUP,
    SECTION,
    QUESTION,
    TEXT,
)
def said_once(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each text is there once in its focus group; a blank one is no text.

    In a conversation, anybody may say a few words again.
    """
    texts = tables[TABLE]
    same = pd.DataFrame({"group": texts[FOCUS_GROUP], "text": tables.text_numbers})
    is_short = (tables.cells == FREE_CELL) & (tables.number_of_words < LONG_TEXT)
    return (tables.text_numbers < 0) | is_short | ~same.duplicated(keep=False)


@derived(
    TABLE,
    "It has less than eight words, or no other focus group has four fifths of its runs of words; "
    "texts of a synthetic study are reworded from a stock of sentences.",
    FOCUS_GROUP,
    TEXT,
)
def said_in_one_group(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether no other focus group says the same, whatever the case and punctuation."""
    texts, folded = tables[TABLE], tables.folded
    if context.synthetic:
        return pd.Series([True] * len(texts), index=texts.index)
    groups = texts[FOCUS_GROUP].groupby(folded).transform("nunique")
    most = tables.shared_runs.groupby(level=0)["shared"].max()
    number = tables.number_of_runs
    shared = most.reindex(texts.index, fill_value=0)
    is_near = (number >= FEWEST_RUNS) & (shared >= SAME_TEXT * number)
    is_said = groups.between(2, MOST_GROUPS) | is_near
    return (tables.number_of_words < LONG_TEXT) | ~is_said


@derived(TABLE, "No sentence of 40 or more characters occurs in the text twice.", TEXT)
def sentences_said_once(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the long sentences of each text are distinct."""
    texts = tables[TABLE][TEXT]
    # Texts of less than two long sentences cannot repeat one.
    long = [text for text in texts.tolist() if len(text) >= 2 * LONG_SENTENCE]
    return ~texts.isin([text for text in long if _has_sentence_twice(text)])


def _has_sentence_twice(text: str) -> bool:
    for end in OTHER_ENDS:
        text = text.replace(end, ".")
    parts = map(str.lstrip, text.split("."))
    sentences = [each for each in parts if len(each) >= LONG_SENTENCE]
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
    for language in FUNCTION_WORDS:
        foreign = _foreign(language)
        # Most texts have none of them.
        any_foreign = f"(?:^| )(?:{'|'.join(sorted(foreign))})(?: |\\Z)"
        of_language = tables.folded[texts[LANGUAGE] == language]
        said = of_language[of_language.str.contains(any_foreign)]
        number = [sum(map(foreign.__contains__, text.split())) for text in said.tolist()]
        counts.update(pd.Series(number, said.index))
    return counts


@cache
def _foreign(language: str) -> frozenset[str]:
    """Return the function words of all languages but one."""
    words = {word for words in FUNCTION_WORDS.values() for word in words.split()}
    return frozenset(words - set(FUNCTION_WORDS[language].split()))


@derived(
    TABLE,
    "The label is blank, or no segment of its cell with other words has it too.",
    FOCUS_GROUP,
    SECTION,
    QUESTION,
    LABEL,
    TEXT,
)
def label_is_distinct(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each label is of one text in its cell."""
    label = tables[TABLE][LABEL]
    named = pd.DataFrame({"cell": tables.cell_numbers, "label": label})
    shared = named[(label != "") & named.duplicated(keep=False)]
    # The same words under the same label are one segment that was pasted twice.
    texts = tables.text_numbers[shared.index].groupby([shared["cell"], shared["label"]])
    is_one_text = texts.transform("nunique") == 1
    return is_one_text.reindex(label.index, fill_value=True)


@derived(TABLE, "No letter of its label or text was lost or read in another encoding.", LABEL, TEXT)
def has_no_damage(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the encoding of each segment is intact."""
    return lacks_damage(tables[TABLE], LABEL, TEXT)


@derived(
    TABLE,
    "The text without characters that can't be seen, which cleaning removes; for a segment that a "
    "matrix counts without words, its kind of text.",
    TEXT,
    TEXT_KIND,
)
def visible_text(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return what can be seen of each text."""
    visible = tables[TABLE][TEXT].str.replace(f"[{INVISIBLE}]", "", regex=True)
    return visible.mask((visible == "") & (tables[TABLE][TEXT_KIND] == COUNTED), COUNTED)


@derived(TABLE, "The text has a letter, or nothing that can be seen.", TEXT)
def has_letters(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each text has letters, of any script."""
    texts = tables[TABLE][TEXT]
    seen = re.compile(f"[^\\s{INVISIBLE}]")
    others = texts[~texts.str.contains("[A-Za-z]")]
    lacking = [text for text in others.unique() if seen.search(text) and not LETTER.search(text)]
    return ~texts.isin(lacking)


@derived(TABLE, "The text is no question, heading or instruction of the template.", TEXT)
def is_an_answer(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether each text is other than what the template itself says."""
    return ~tables.folded.isin(context.prompts)


@derived(TABLE, "The label is shorter than the text, or looks like one.", LABEL, TEXT)
def label_is_short(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether no label seems to be the text, and the text the label."""
    label, text = tables[TABLE][LABEL], tables[TABLE][TEXT]
    length = label.str.len()
    is_sentence = label.str.endswith(SENTENCE_ENDS) & ~text.str.endswith(SENTENCE_ENDS)
    return ~((length > text.str.len()) & (is_sentence | (length > LONG_LABEL)))


@derived(
    TABLE,
    "It is not the longest text of its focus group, cut off at 255 or 256 characters.",
    FOCUS_GROUP,
    TEXT,
)
def is_whole(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether no text ends within a sentence where some programs cut a cell off."""
    texts = tables[TABLE][TEXT]
    length = texts.str.len()
    longest = length.groupby(tables[TABLE][FOCUS_GROUP]).transform("max")
    return ~(length.isin(CUT_AT) & (length == longest) & texts.str[-1:].str.isalnum())


@derived(
    TABLE,
    "It is no whole transcript: over 5,000 characters, and 20 times as long as is usual in its "
    "focus group of five or more segments.",
    FOCUS_GROUP,
    TEXT,
)
def is_a_passage(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether no segment is a transcript among passages."""
    length = tables[TABLE][TEXT].str.len()
    of_group = length.groupby(tables[TABLE][FOCUS_GROUP])
    is_long = (length > TRANSCRIPT) & (length > TIMES_USUAL * of_group.transform("median"))
    return ~is_long | (of_group.transform("size") <= OTHERS)


@derived(
    TABLE,
    "No segment of the same source text has another text, but for case and space.",
    SOURCE_SHA256,
    TEXT,
)
def source_has_one_text(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether segments of one source digest have one text."""
    source = tables[TABLE][SOURCE_SHA256]
    texts = tables.text_numbers.groupby(source).transform("nunique")
    return (source == "") | (texts == 1)
