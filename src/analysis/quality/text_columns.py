"""The columns that are derived from the words of segments to guard them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.quality.function_words import count_foreign_words
from analysis.quality.guarded_column import GuardedColumn
from analysis.tables.alike import number_alike
from analysis.tables.segments import FOCUS_GROUP, LABEL, LANGUAGE, TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.linked_tables import LinkedTables

SENTENCE_END = r"[.!?;:\n\r\x{2028}\x{2029}]+\s*"
# Shorter sentences may well be said twice: "We were afraid."
LONG_SENTENCE = 40


def _said_once(tables: LinkedTables, _: GuardContext) -> pd.Series:
    group = tables["segments"][FOCUS_GROUP]
    return (tables.said < 0) | ~number_alike(group, tables.said).duplicated(keep=False)


def _sentences_said_once(tables: LinkedTables, _: GuardContext) -> pd.Series:
    distinct = tables.distinct("segments", TEXT)
    repeats = _repeats_itself(distinct.series.fillna(""))
    return pd.Series(~repeats[distinct.places], index=tables["segments"].index)


def _repeats_itself(texts: pd.Series) -> NDArray[np.bool_]:
    """Say of each text whether a long sentence stands in it twice."""
    found = np.zeros(len(texts), dtype=bool)
    long = np.flatnonzero(texts.str.len().to_numpy() > 2 * LONG_SENTENCE)
    if not len(long):
        return found
    chosen = pa.array(texts.iloc[long], pa.large_string())
    sentences = pc.split_pattern_regex(chosen, pattern=SENTENCE_END)
    of_text, sentence = pc.list_parent_indices(sentences), pc.list_flatten(sentences)
    is_long = pc.greater_equal(pc.utf8_length(sentence), LONG_SENTENCE)
    said = pd.DataFrame(
        {
            "text": of_text.filter(is_long).to_numpy(),
            "sentence": pc.dictionary_encode(sentence.filter(is_long)).indices.to_numpy(),
        }
    )
    found[long[said.loc[said.duplicated(), "text"].unique()]] = True
    return found


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
