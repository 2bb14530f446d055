"""The parts that a corpus is joined from: one for each place at which focus groups are at home."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from analysis.synthesis.codings import count_codings
from analysis.tables.build_folder import build_folder
from analysis.tables.cleaning import CleanedTables, clean, read_cleaned
from analysis.tables.focus_groups import COLUMNS, CONSENT_TO_SHOW, may_count
from analysis.tables.placing import homes_of, tables_of_place
from analysis.tables.received import read_received, read_table, table_path
from analysis.tables.segments import sort_key
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

Parts: TypeAlias = "dict[str, pd.DataFrame]"

PARTS = ("focus_groups", "segments", "codings", "set_aside")
SEGMENT_COLUMNS = (
    "segment",
    "focus_group",
    "section",
    "question",
    "cell",
    "position",
    "role",
    "is_heading",
    "label",
    "text",
    "text_kind",
    "language",
    "shown_in",
)


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
    return read_table(table_path(opened.folder, "focus_groups"), COLUMNS)


def cleaned_tables(opened: OpenedStudy, place: str) -> CleanedTables:
    """Return the cleaned tables of the focus groups at home in a place.

    In a build they are read from what its cleaning left; elsewhere the tables as received are
    cleaned.

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
    build = build_folder(opened.root, opened.settings.name)
    if build is not None and build.cleaned(place).is_dir():
        return read_cleaned(build.cleaned(place))
    received = tables_of_place(read_received(opened.folder), place, opened.places)
    return clean(received, steps_of_cleaning(read_spelling(opened.spelling_path)))


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
        template's order, ``shown_in`` this place, or in none where consent is for counts only;
        ``codings``; and ``set_aside``.

    Raises
    ------
    TableError
        When a table cannot be read.
    """
    cleaned = cleaned_tables(opened, place)
    groups = cleaned.focus_groups
    shown = groups.loc[groups["consent"].isin(CONSENT_TO_SHOW), "focus_group"]
    segments = _in_template_order(cleaned.segments, opened)
    hidden = ~segments["focus_group"].isin(shown)
    withheld = segments.assign(
        label=segments["label"].mask(hidden, ""),
        text=segments["text"].mask(hidden, ""),
        shown_in=pd.Series(place, index=segments.index, dtype="str").mask(hidden, ""),
    )
    return {
        "focus_groups": groups.assign(
            home=homes_of(groups, opened.places), counts=may_count(groups)
        ),
        "segments": withheld[list(SEGMENT_COLUMNS)],
        "codings": count_codings(
            segments[~segments["is_heading"]],
            cleaned.code_applications,
            opened.codebook,
            opened.settings.publication.coding,
        ),
        "set_aside": cleaned.set_aside,
    }


def _in_template_order(segments: pd.DataFrame, opened: OpenedStudy) -> pd.DataFrame:
    cells = {cell: order for order, cell in enumerate(opened.instrument.cells)}
    positions = {position: sort_key(position) for position in segments["position"].unique()}
    keys = pd.DataFrame(
        {
            "focus_group": segments["focus_group"],
            "cell": segments["cell"].map(cells),
            "position": segments["position"].map(positions),
            "segment": segments["segment"],
        },
        index=segments.index,
    )
    return segments.loc[keys.sort_values(list(keys.columns)).index]


def parts_of(corpus: Corpus, segments_with_text: Iterable[str]) -> Parts:
    """Return the parts of a region's corpus that wider ones are joined from.

    Parameters
    ----------
    corpus : Corpus
        The corpus of a region.
    segments_with_text : iterable of str
        The segments whose text travels on; the text of all others stays in the region's report.
    """
    kept = corpus.segments["segment"].isin(set(segments_with_text))
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
    return pd.concat(filled, ignore_index=True)


def read_parts(folder: Path) -> Parts:
    """Return the parts that a narrower report left in a folder."""
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in PARTS}


def write_parts(parts: Parts, folder: Path) -> None:
    """Write parts to a folder, and the folder where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        parts[name].to_parquet(folder / f"{name}.parquet", index=False)
