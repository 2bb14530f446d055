"""Who looked at what: the optional table ``coded.csv``.

Silence is no answer. A coder who put no code on a segment has said that none applies only where
this table says that they looked at it, or where they have a row, a code or ``none``, for every
segment of the focus group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import TableError, closest, describe_value
from analysis.study.csv_rows import read_optional_rows
from analysis.tables import code_applications, segments
from analysis.tables.table_files import CODED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.study.csv_rows import Row

CODER = code_applications.CODER
SEGMENT = code_applications.SEGMENT
FOCUS_GROUP, SECTION, QUESTION = segments.FOCUS_GROUP, segments.SECTION, segments.QUESTION
REQUIRED = (CODER, FOCUS_GROUP)
COLUMNS = (*REQUIRED, SECTION, QUESTION, SEGMENT)


def read_coded(folder: Path) -> pd.DataFrame:
    """Return who looked at what, as a study states it.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Returns
    -------
    DataFrame
        ``coder, focus_group, section, question, segment``, a blank meaning all; indexed by the row
        in the file. Empty where the study has no ``coded.csv``.

    Raises
    ------
    TableError
        When the file cannot be read, or has other columns.
    """
    rows = read_optional_rows(folder / CODED, REQUIRED)
    _refuse_other_columns(rows)
    values = [[row.cells.get(name, "").strip() for name in COLUMNS] for row in rows]
    index = pd.Index([row.number for row in rows], name="row", dtype="int64")
    return pd.DataFrame(values, index, list(COLUMNS), dtype="str")


def _refuse_other_columns(rows: Sequence[Row]) -> None:
    header = list(rows[0].cells) if rows else []
    unknown = [
        f"{CODED}: unknown column {number}, of {len(name)} characters{closest(name, COLUMNS)}"
        for number, name in enumerate(header, start=1)
        if name not in COLUMNS
    ]
    if unknown:
        raise _unusable(unknown)


def require_usable_coded(
    coded: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    coders: Sequence[str],
    cells: Collection[str],
) -> None:
    """Refuse statements about what a study does not have, or that its codes contradict.

    Parameters
    ----------
    coded : DataFrame
        From `read_coded`.
    tables : mapping of str to DataFrame
        ``codebook``, ``focus_groups``, ``segments`` and ``code_applications`` as received.
    coders : sequence of str
        The coders of `study.yaml`.
    cells : collection of str
        The cells of the template, ``section.question``.

    Raises
    ------
    TableError
        Naming each row, and each code on a segment that its coder, as stated, did not look at.
    """
    offenders = [*_unknown(coded, tables, coders, cells), *_repeated(coded)]
    if offenders:
        raise _unusable(offenders)
    contradicting = _codes_beside_none(tables)
    if contradicting:
        raise TableError(
            f"Some segments have codes and also {code_applications.NO_CODE}, by one coder.",
            offenders=contradicting,
            expected=f"{code_applications.NO_CODE} only where the coder found that no code applies",
            remedy=f"remove the row of {code_applications.NO_CODE}, or the codes",
        )
    outside = _codes_outside(coded, tables["segments"], tables["code_applications"])
    if outside:
        raise TableError(
            f"Some codes are on segments that their coder did not look at, as {CODED} states.",
            offenders=outside,
            expected=f"of each focus group that {CODED} names for a coder, all that they coded",
            remedy=f"complete {CODED}, or remove the codes",
        )


def _unusable(offenders: Sequence[str]) -> TableError:
    return TableError(
        f"{CODED}, which states who looked at what, cannot be used.",
        offenders=offenders,
        expected=f"the columns {', '.join(REQUIRED)}, and where less than a whole focus group was "
        f"looked at {', '.join(COLUMNS[2:])}; each value as in study.yaml and the other tables",
        remedy=f"fix these rows of {CODED}; docs/tables.md#codedcsv explains the columns",
    )


def _unknown(
    coded: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    coders: Sequence[str],
    cells: Collection[str],
) -> Iterator[str]:
    """Yield each value that the study does not have, or that contradicts another in its row."""
    texts = tables["segments"][[SEGMENT, FOCUS_GROUP, SECTION, QUESTION]]
    texts = texts.drop_duplicates(SEGMENT).set_index(SEGMENT)
    known: dict[str, Collection[str]] = {
        CODER: coders,
        FOCUS_GROUP: set(tables["focus_groups"][FOCUS_GROUP]),
        SECTION: {cell.split(".")[0] for cell in cells},
        SEGMENT: texts.index,
    }
    for row, stated in zip(coded.index, coded.to_dict("records"), strict=True):
        where = f"{CODED} row {row}"
        for column, values in known.items():
            if stated[column] not in values and (stated[column] or column in REQUIRED):
                yield f"{where}: unknown {describe_value(stated[column], column, values)}"
        section, question = stated[SECTION], stated[QUESTION]
        if question and not section:
            yield f"{where}: question without its section"
        elif question and section in known[SECTION] and f"{section}.{question}" not in cells:
            yield f"{where}: {describe_value(question, QUESTION)} is no question of {section}"
        own = texts.loc[stated[SEGMENT]] if stated[SEGMENT] in texts.index else stated
        for column in (FOCUS_GROUP, SECTION, QUESTION):
            if stated[column] and stated[column] != own[column]:
                yield f"{where}: the segment is of another {column}"


def _repeated(coded: pd.DataFrame) -> Iterator[str]:
    first: dict[tuple[str, ...], int] = {}
    for row, stated in zip(coded.index, coded.itertuples(index=False, name=None), strict=True):
        number = first.setdefault(stated, row)
        if number != row:
            yield f"{CODED} row {row}: the same as row {number}"


def _codes_beside_none(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return each row that says that no code applies where its coder applied one."""
    applications = tables["code_applications"]
    codes = code_applications.without_none(applications, tables["codebook"]["code"].array)
    others = applications.drop(codes.index).reset_index()
    beside = codes.loc[codes[SEGMENT].isin(others[SEGMENT]), [SEGMENT, CODER]]
    found = others.merge(beside.drop_duplicates(), on=[SEGMENT, CODER])
    return _name_rows(found)


def _name_rows(applications: pd.DataFrame) -> list[str]:
    """Return a line for each code application; words in the wrong column are not repeated."""
    columns = (applications[name] for name in ("row", SEGMENT, CODER))
    return [
        f"code_applications.csv row {row}: {describe_value(segment, SEGMENT)} by "
        f"{describe_value(coder, CODER)}"
        for row, segment, coder in zip(*columns, strict=True)
    ]


def _codes_outside(
    coded: pd.DataFrame, texts: pd.DataFrame, applications: pd.DataFrame
) -> list[str]:
    """Return each code in a focus group that its coder looked at in part, and not there."""
    located = applications.reset_index().merge(
        texts[[SEGMENT, FOCUS_GROUP]].drop_duplicates(SEGMENT), on=SEGMENT
    )
    about = coded[[CODER, FOCUS_GROUP]].drop_duplicates()
    stated = located.merge(about, on=[CODER, FOCUS_GROUP])
    inside = _stated_units(texts, coded).assign(inside=True)
    found = stated.merge(inside, on=[SEGMENT, CODER], how="left")
    return _name_rows(found[found["inside"].isna()].sort_values("row"))


def follow_duplicates(coded: pd.DataFrame, set_aside: pd.DataFrame) -> pd.DataFrame:
    """Return statements about segments that cleaning merged as those about what it kept.

    Parameters
    ----------
    coded : DataFrame
        From `read_coded`.
    set_aside : DataFrame
        What cleaning set aside: ``segment, kept_as``.
    """
    merged = set_aside[set_aside["kept_as"] != ""]
    kept_as = dict(zip(merged[SEGMENT], merged["kept_as"], strict=True))
    named = coded[SEGMENT]
    kept = named.map(kept_as).where(named.isin(kept_as), named).astype("str")
    return coded.assign(**{SEGMENT: kept})


def looked_at(texts: pd.DataFrame, applications: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """Return which segments each coder looked at, as far as that is stated.

    Parameters
    ----------
    texts : DataFrame
        Segments that can carry codes: ``segment, focus_group, section, question``.
    applications : DataFrame
        Code applications on them, with those of ``none``: ``segment, code, coder``.
    coded : DataFrame
        From `read_coded`.

    Returns
    -------
    DataFrame
        ``segment, focus_group, coder``, each once: what ``coded`` states, and whole focus groups
        in which a coder has a row for every segment.
    """
    located = (
        applications[[SEGMENT, CODER]]
        .drop_duplicates()
        .merge(texts[[SEGMENT, FOCUS_GROUP]], on=SEGMENT)
    )
    rows = located.groupby([FOCUS_GROUP, CODER], observed=True).size()
    every = texts[FOCUS_GROUP].value_counts()
    complete = rows[rows == every.reindex(rows.index.get_level_values(FOCUS_GROUP)).to_numpy()]
    by_rows = complete.index.to_frame(index=False)
    units = [_stated_units(texts, coded), by_rows.merge(texts, on=FOCUS_GROUP)[[SEGMENT, CODER]]]
    together = pd.concat(units).drop_duplicates()
    return together.merge(texts[[SEGMENT, FOCUS_GROUP]], on=SEGMENT)[[SEGMENT, FOCUS_GROUP, CODER]]


def _stated_units(texts: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """Return the segments and coders that rows of the table name, each once."""
    depth = (coded[[SECTION, QUESTION]] != "").sum(axis="columns").mask(coded[SEGMENT] != "", 3)
    keys = (
        [FOCUS_GROUP],
        [FOCUS_GROUP, SECTION],
        [FOCUS_GROUP, SECTION, QUESTION],
        [SEGMENT],
    )
    found = [
        texts[[SEGMENT, *(key for key in on if key != SEGMENT)]].merge(
            coded.loc[depth == level, [CODER, *on]], on=on
        )[[SEGMENT, CODER]]
        for level, on in enumerate(keys)
    ]
    return pd.concat(found, ignore_index=True).drop_duplicates()
