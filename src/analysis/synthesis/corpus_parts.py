"""The parts that a corpus is joined from: one for each place at which focus groups are at home."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.synthesis.codings import count_codings
from analysis.synthesis.words_pages import pages_of_words
from analysis.tables import code_applications, focus_groups
from analysis.tables.build_folder import build_folder
from analysis.tables.cleaning import CleanedTables, clean_place, read_cleaned_columns
from analysis.tables.consent import withhold_cells
from analysis.tables.focus_groups import CONSENT_TO_SHOW, may_count
from analysis.tables.numbering import number_values
from analysis.tables.placing import homes_of
from analysis.tables.received import read_table, table_path
from analysis.tables.segments import sort_key
from analysis.tables.settled_codes import read_settled_codes
from analysis.tables.table_files import COMPRESSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.study.instrument import Instrument
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.numbering import IntArray

Parts: TypeAlias = "dict[str, pd.DataFrame]"

PARTS = ("focus_groups", "segments", "codings", "set_aside")
# What repeats is kept as categories: numbers are counted faster than text, and take less room.
CATEGORIES = {
    "focus_groups": (),
    "segments": ("focus_group", "cell", "position", "role", "text_kind", "language", "shown_in"),
    "codings": ("focus_group", "cell", "code", "theme"),
    "set_aside": ("focus_group", "cell", "reason"),
}
NEEDED = {
    "focus_groups": list(focus_groups.COLUMNS),
    "segments": [
        "segment",
        "focus_group",
        "cell",
        "position",
        "role",
        "is_heading",
        "label",
        "text",
        "text_kind",
        "language",
    ],
    "code_applications": list(code_applications.COLUMNS),
    "set_aside": ["segment", "focus_group", "cell", "reason"],
}


def read_focus_groups(opened: OpenedStudy) -> pd.DataFrame:
    """Return the focus groups of a study as received, without reading any of their words.

    Parameters
    ----------
    opened : OpenedStudy
        The study.

    Raises
    ------
    TableError
        When the table cannot be read.
    """
    return read_table(table_path(opened.folder, "focus_groups"), focus_groups.COLUMNS)


def cleaned_tables(opened: OpenedStudy, place: str) -> CleanedTables:
    """Return the cleaned tables of the focus groups at home in a place, from those received.

    In a build what its cleaning left is read instead.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    place : str
        A region or a continent.

    Raises
    ------
    TableError
        When a table cannot be read.
    """
    return clean_place(opened, place)


def own_parts(opened: OpenedStudy, place: str) -> Parts:
    """Return the parts of the focus groups at home in a place, without what consent withholds.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    place : str
        A region or a continent.

    Returns
    -------
    dict of str to DataFrame
        ``focus_groups`` with their ``home`` and whether each ``counts``; ``segments`` in the
        template's order, with the page on which each is ``shown_in`` and whether consent for
        counts only has its words ``withheld``; ``codings``; and ``set_aside``.

    Raises
    ------
    TableError
        When a table cannot be read.
    """
    build = build_folder(opened.root, opened.settings.name)
    cleaned = _read_own(opened, build, place)
    groups = cleaned["focus_groups"]
    segments = _in_template_order(cleaned["segments"], opened.instrument)
    pages = pages_of_words(build, place, segments["focus_group"])
    codable = segments.loc[~segments["is_heading"], ["segment", "focus_group", "cell"]]
    return {
        "focus_groups": withhold_cells(groups).assign(
            home=homes_of(groups, opened.places), counts=may_count(groups)
        ),
        "segments": _withhold(segments.assign(shown_in=pages), groups),
        "codings": count_codings(
            codable,
            cleaned["code_applications"],
            opened.codebook,
            opened.settings.publication.coding,
        ),
        "set_aside": _categorise("set_aside", cleaned["set_aside"]),
    }


def _read_own(opened: OpenedStudy, build: BuildFolder | None, place: str) -> Parts:
    """Return the cleaned tables of a place; of segments only what reports need."""
    if build is None or not build.cleaned(place).is_dir():
        cleaned = cleaned_tables(opened, place).by_name()
        return {name: cleaned[name][columns] for name, columns in NEEDED.items()}
    folder = build.cleaned(place)
    return {
        **{
            name: read_cleaned_columns(folder, name, columns)
            for name, columns in NEEDED.items()
            if name != "code_applications"
        },
        "code_applications": read_settled_codes(opened.folder, build, place),
    }


def _in_template_order(segments: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Return segments by focus group, then as the template asks, what repeats as categories."""
    listed = _categorise("segments", segments[NEEDED["segments"]])
    by_id = listed["segment"].argsort().to_numpy()
    cells = {cell: order for order, cell in enumerate(instrument.cells)}
    keys = (
        _rank(listed["position"], sort_key),
        _rank(listed["cell"], lambda cell: cells.get(cell, len(cells))),
        _rank(listed["focus_group"], str),
    )
    return listed.take(by_id[np.lexsort([key[by_id] for key in keys])])


def _rank(column: pd.Series, key: Callable[[str], Any]) -> IntArray:
    """Return the rank of each row by a key of its value."""
    number, values = number_values(column)
    in_order = sorted(range(len(values)), key=lambda at: key(values[at]))
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[in_order] = np.arange(len(values))
    return ranks[number]


def _categorise(name: str, table: pd.DataFrame) -> pd.DataFrame:
    repeated = [column for column in CATEGORIES[name] if column in table]
    return table.astype(dict.fromkeys(repeated, "category"))


def _withhold(segments: pd.DataFrame, focus_groups: pd.DataFrame) -> pd.DataFrame:
    """Take the words out of segments whose consent is for counts only."""
    shown = focus_groups.loc[focus_groups["consent"].isin(CONSENT_TO_SHOW), "focus_group"]
    withheld = ~segments["focus_group"].isin(shown)
    return segments.assign(
        label=segments["label"].mask(withheld, ""),
        text=segments["text"].mask(withheld, ""),
        withheld=withheld,
    )


def parts_of(corpus: Corpus, with_text: IntArray) -> Parts:
    """Return the parts of a region's corpus that wider ones are joined from.

    Parameters
    ----------
    corpus : Corpus
        The corpus of a region.
    with_text : array of int
        The rows of the segments whose text travels on; that of all others stays in the region's
        report.
    """
    kept = np.zeros(len(corpus.segments), dtype=bool)
    kept[with_text] = True
    return {
        "focus_groups": corpus.focus_groups,
        "segments": corpus.segments.assign(text=corpus.segments["text"].where(kept, "")),
        "codings": corpus.codings,
        "set_aside": corpus.set_aside,
    }


def join_parts(parts: list[Parts]) -> Parts:
    """Return the parts of several places as one; no focus group is in two of them."""
    return {name: _concat([part[name] for part in parts]) for name in PARTS}


def _concat(tables: list[pd.DataFrame]) -> pd.DataFrame:
    # An empty table has no say in the types of the whole.
    filled = [table for table in tables if len(table)] or tables[:1]
    shared = _categories(filled)
    return pd.concat([table.astype(shared) for table in filled], ignore_index=True)


def _categories(tables: list[pd.DataFrame]) -> dict[str, pd.CategoricalDtype]:
    """Return categories that several tables can share."""
    repeated = tables[0].select_dtypes("category").columns
    values = {
        name: sorted({*chain(*(table[name].cat.categories for table in tables))})
        for name in repeated
    }
    return {name: pd.CategoricalDtype(pd.Index(v, dtype="str")) for name, v in values.items()}


def read_parts(folder: Path) -> Parts:
    """Return the parts that a narrower report left in a folder."""
    return {name: _read(folder / f"{name}.parquet") for name in PARTS}


def _read(path: Path) -> pd.DataFrame:
    # Threads take longer to start than the tables of most places to read.
    table: pd.DataFrame = pq.ParquetFile(path).read(use_threads=False).to_pandas()
    return table


def write_parts(parts: Parts, folder: Path) -> None:
    """Write parts to a folder, and the folder where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        path = folder / f"{name}.parquet"
        parts[name].to_parquet(path, index=False, compression=COMPRESSION)
