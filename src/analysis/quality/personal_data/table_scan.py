"""What the scan finds in the tables of a study: in texts and ids, each label reported once."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.exceptions import read_exceptions, short_digest
from analysis.quality.personal_data.lexicon import NO_WORDS, read_study_words
from analysis.quality.personal_data.mentions import WORD, ScannedText
from analysis.quality.personal_data.scan import (
    ID_COLUMNS,
    SCANNED,
    SCANNED_COLUMNS,
    SCANNED_IDS,
    SPEAKER_LABEL,
    WEAK,
    find_spans,
    scan_text,
    scan_texts,
)
from analysis.tables import segments
from analysis.tables.received import COLUMNS, read_text_table, table_paths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from analysis.quality.personal_data.lexicon import StudyWords
    from analysis.quality.personal_data.mentions import Span
    from analysis.quality.personal_data.scan import Kinds

    Found = tuple[int, str, str]

_LABELLED = ("segments", segments.TEXT)
_LABEL = re.compile(r"\W{0,2}(?P<label>[^\W\d_][^:\n]{0,40}?) ?: ?")
_NAME = re.compile(rf"(?:{WORD}\.? ?){{1,4}}+")
_FEWEST = 3
"""Segments that words before a colon open, before they count as the label of a speaker."""

# What an id that names somebody is reported as, and the kinds of its words that say so.
KIND = "name"
_KINDS = frozenset({KIND, "name-role"})
_BETWEEN_WORDS = re.compile("[-_.]")
_WORD = re.compile("[a-z]{2,24}")
_CODE_LENGTH = 3
"""Letters of the code of a country, which may be a name as well: ``sen``."""


class TableScan:
    """The tables of a study, of which each text is scanned once.

    A name that opens many segments is the label of a speaker: it is reported in the first segment
    that it opens, and nowhere else.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables by name, all text, missing as ``""``; tables without free text are ignored.
    own : StudyWords, optional
        What the study adds to the lists of the scan.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], own: StudyWords = NO_WORDS) -> None:
        self._tables = tables
        self._own = own
        self._found: dict[str, list[Found]] = {}

    def find(self, table: str) -> list[Found]:
        """Return what is found in a table: the position of the row, the column and the kind."""
        if table not in self._found:
            self._found[table] = [
                (row, column, kind)
                for column in SCANNED_COLUMNS[table]
                for row, kinds in self._kinds(table, column)
                for kind in kinds
            ]
        return self._found[table]

    def _kinds(self, table: str, column: str) -> list[tuple[int, Kinds]]:
        """Return the kinds found in a column: positions of rows, and the kinds in each."""
        if column in SCANNED_IDS.get(table, ()):
            return [(row, (KIND,)) for row in self._naming_ids(table, column)]
        values = self._texts(table, column)
        rows = np.flatnonzero(values.isin(list(self._kinds_by_text)))
        found = {int(row): self._kinds_by_text[values.iloc[row]] for row in rows}
        if (table, column) == _LABELLED:
            for row, kinds in self._labels.items():
                found[row] = tuple(dict.fromkeys((*kinds, *found.get(row, ()))))
        return sorted(found.items())

    def spans(self, table: str, column: str, row: int) -> dict[str, tuple[Span, ...]]:
        """Return where each kind is in the text of a cell, by the position of its row."""
        text = self._tables[table][column].iloc[row]
        if column in SCANNED_IDS.get(table, ()):
            return {KIND: ((0, len(text)),)}
        label = len(text) - len(self._texts(table, column).iloc[row])
        found = {
            kind: tuple((start + label, end + label) for start, end in spans)
            for kind, spans in find_spans(text[label:], self._own).items()
        }
        for kind in self._labels.get(row, ()) if label else ():
            found[kind] = ((0, label), *found.get(kind, ()))
        return found

    def _naming_ids(self, table: str, column: str) -> list[int]:
        rows = self._tables[table]
        if table == "segments" and segments.FOCUS_GROUP in rows.columns:
            return find_naming_segments(rows[column], rows[segments.FOCUS_GROUP])
        return find_naming(rows[column])

    def _texts(self, table: str, column: str) -> pd.Series:
        """Return a column as it is scanned: without the labels of speakers who are named."""
        if (table, column) == _LABELLED:
            return self._without_labels
        return self._tables[table][column]

    @cached_property
    def _kinds_by_text(self) -> dict[str, Kinds]:
        """The kinds of each text in which something is found, of all tables in one scan."""
        texts = [
            self._texts(table, column)
            for table in SCANNED
            if table in self._tables
            for column in SCANNED[table]
            if column in self._tables[table].columns
        ]
        if not texts:
            return {}
        together = pd.concat(texts)
        return {together.iloc[at]: kinds for at, kinds in scan_texts(together, self._own).items()}

    @cached_property
    def _labels(self) -> dict[int, Kinds]:
        """The kinds of each label that names a speaker, by the first row that it opens."""
        return {
            rows[0]: kinds
            for label, rows in self._rows_by_label.items()
            if (kinds := _kinds_of_label(label, self._own))
        }

    @cached_property
    def _without_labels(self) -> pd.Series:
        texts = self._tables["segments"][segments.TEXT]
        named = [rows for rows in self._rows_by_label.values() if rows[0] in self._labels]
        stripped = texts.astype("object").to_numpy(copy=True)
        for row in (row for rows in named for row in rows):
            stripped[row] = _LABEL.sub("", stripped[row], count=1)
        return pd.Series(stripped, texts.index, dtype="str") if named else texts

    @cached_property
    def _rows_by_label(self) -> dict[str, list[int]]:
        """The positions of the rows that each label opens, of labels that open many."""
        rows: dict[str, list[int]] = {}
        texts = self._tables["segments"][segments.TEXT]
        for row in np.flatnonzero(texts.str.slice(0, 48).str.contains(":", regex=False)):
            if found := _LABEL.match(texts.iloc[row]):
                rows.setdefault(found["label"], []).append(int(row))
        return {label: opened for label, opened in rows.items() if len(opened) >= _FEWEST}


def _kinds_of_label(label: str, own: StudyWords) -> Kinds:
    """Return the kinds of a label that may name a speaker; *Interviewer* and *P3* don't."""
    kinds = tuple(kind for kind in scan_text(label, own) if kind not in WEAK)
    scanned = ScannedText(label, own)
    is_name = any(name.span[1] == len(scanned.folded) for name in scanned.mentions)
    return (*kinds, SPEAKER_LABEL) if kinds or (is_name and _NAME.fullmatch(scanned.folded)) else ()


def count_unreviewed(folder: Path) -> dict[str, Counter[str]]:
    """Return how many findings in a study's tables nobody has reviewed; each kind in a cell is one.

    It needs no codebook and no settings, so that words are scanned when they arrive.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Returns
    -------
    dict of str to Counter
        The number of findings by kind, under ``critical`` and ``warning``.

    Raises
    ------
    TableError
        When a table cannot be read.
    StudyError
        When ``privacy_exceptions.csv`` or ``scan_words.csv`` cannot be used.
    """
    paths = table_paths(folder)
    tables = {name: read_text_table(paths[name], COLUMNS[name]) for name in SCANNED}
    reviewed = {each.about: each.text_sha256 for each in read_exceptions(folder)}
    scan = TableScan(tables, read_study_words(folder))
    found: dict[str, Counter[str]] = {"critical": Counter(), "warning": Counter()}
    for table, rows in tables.items():
        ids = rows[ID_COLUMNS[table]]
        for row, column, kind in scan.find(table):
            digest = reviewed.get((table, ids.iloc[row], column, kind))
            if digest is None or digest != short_digest(rows[column].iloc[row]):
                found["warning" if kind in WEAK else "critical"][kind] += 1
    return found


def are_naming(ids: pd.Series) -> NDArray[np.bool_]:
    """Return which ids name somebody: two words next to each other are a full name.

    Examples
    --------
    >>> import pandas as pd
    >>> are_naming(pd.Series(["grace-wanjiru-2", "ken-uga-2020-09-26.context.hope.2"])).tolist()
    [True, False]
    """
    names = {id_: _names_somebody(id_) for id_ in ids.fillna("").unique()}
    return ids.fillna("").map(names).to_numpy(dtype=bool)


def find_naming(ids: pd.Series) -> list[int]:
    """Return the positions of the ids of focus groups that name somebody."""
    found: list[int] = np.flatnonzero(are_naming(ids)).tolist()
    return found


def find_naming_segments(ids: pd.Series, focus_groups: pd.Series) -> list[int]:
    """Return the positions of the ids of segments that name somebody.

    The id of the focus group at their start counts once, where the focus group is defined.
    """
    pairs = zip(ids.fillna(""), focus_groups.fillna(""), strict=True)
    added = ids.copy()
    added[:] = [id_.removeprefix(f"{group}.") for id_, group in pairs]
    return find_naming(added)


def _names_somebody(id_: str) -> bool:
    words = _BETWEEN_WORDS.split(id_.lower())
    return any(
        _is_name(one, other)
        for one, other in pairwise(words)
        if _WORD.fullmatch(one) and _WORD.fullmatch(other)
    )


@cache
def _is_name(first: str, second: str) -> bool:
    if min(len(first), len(second)) <= _CODE_LENGTH and not _are_both_listed(first, second):
        return False
    return not _KINDS.isdisjoint(scan_text(f"{first.capitalize()} {second.capitalize()}"))


def _are_both_listed(first: str, second: str) -> bool:
    is_code = max(len(first), len(second)) <= _CODE_LENGTH
    return not is_code and {first, second} <= lexicon.all_names()
