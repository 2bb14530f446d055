"""The columns that are derived from the words of segments to guard them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.function_words import count_foreign_words
from analysis.quality.guarded_column import GuardedColumn
from analysis.quality.repeated_sentences import say_a_sentence_twice
from analysis.tables.alike import number_alike
from analysis.tables.segments import FOCUS_GROUP, LABEL, LANGUAGE, TEXT

if TYPE_CHECKING:
    from analysis.quality.guard_context import GuardContext
    from analysis.quality.linked_tables import LinkedTables


def _said_once(tables: LinkedTables, _: GuardContext) -> pd.Series:
    group = tables["segments"][FOCUS_GROUP]
    return (tables.said < 0) | ~number_alike(group, tables.said).duplicated(keep=False)


def _sentences_said_once(tables: LinkedTables, _: GuardContext) -> pd.Series:
    distinct = tables.distinct("segments", TEXT)
    repeats = say_a_sentence_twice(distinct.series.fillna(""))
    return pd.Series(~repeats[distinct.places], index=tables["segments"].index)


def _foreign_words(tables: LinkedTables, _: GuardContext) -> pd.Series:
    texts = tables["segments"]
    distinct = tables.distinct("segments", TEXT)
    counts = pd.Series(0, index=texts.index)
    for language in texts[LANGUAGE].unique():
        is_in = (texts[LANGUAGE] == language).to_numpy()
        found = count_foreign_words(distinct.series.fillna(""), language)
        counts[is_in] = found[distinct.places[is_in]]
    return counts


def _label_tells_apart(tables: LinkedTables, _: GuardContext) -> pd.Series:
    texts = tables["segments"]
    named = number_alike(tables.cell_numbers, texts[LABEL])
    # The same words under the same label are one segment that was pasted twice.
    distinct = pd.DataFrame({"named": named, "said": tables.said}).drop_duplicates()
    shared = distinct.loc[distinct["named"].duplicated(), "named"]
    return (texts[LABEL] == "") | ~named.isin(shared)


COLUMNS = (
    GuardedColumn(
        table="segments",
        name="said_once",
        meaning="No other segment of its focus group has the same text, but for case and space.",
        needs=("segments.focus_group", "segments.text"),
        compute=_said_once,
    ),
    GuardedColumn(
        table="segments",
        name="sentences_said_once",
        meaning="No sentence of 40 or more characters stands in the text twice.",
        needs=("segments.text",),
        compute=_sentences_said_once,
    ),
    GuardedColumn(
        table="segments",
        name="foreign_words",
        meaning=(
            "How many small words (the, les, dos, los) of its text are English, French, Portuguese "
            "or Spanish, and not of its own language; 0 where that is none of these."
        ),
        needs=("segments.text", "segments.language"),
        compute=_foreign_words,
    ),
    GuardedColumn(
        table="segments",
        name="label_tells_apart",
        meaning="The label is blank, or no segment of its cell with other words has it too.",
        needs=(
            "segments.focus_group",
            "segments.section",
            "segments.question",
            "segments.label",
            "segments.text",
        ),
        compute=_label_tells_apart,
    ),
)
