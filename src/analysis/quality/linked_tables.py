"""The tables that are guarded together, with what their rows say of one another."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.quality.distinct_values import DistinctValues, distinct_values, in_one_piece, is_among
from analysis.quality.personal_data.ids import KIND, find_naming, find_naming_segments
from analysis.quality.personal_data.joint_scan import JointScan
from analysis.quality.personal_data.scanned import SCANNED, SCANNED_IDS
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.alike import number_alike
from analysis.tables.streaming import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from analysis.tables.parted import Parting


# White space but for one space between words, whatever takes the pattern.
_WHITE = "\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
ODD_SPACE = f"^ | $|  |[{_WHITE}]"
MORE_THAN_A_SPACE = f"[ {_WHITE}]{{2,}}|[{_WHITE}]"


class LinkedTables:
    """The tables that are guarded together, with what several derived columns need worked out once.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables by name, all text.
    received : DataFrame, optional
        The segments as received, where those of the tables are cleaned.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], received: pd.DataFrame | None = None
    ) -> None:
        self._tables = tables
        self._received = received
        # Distinct values of columns by table, as far as they are known.
        self.known: dict[str, dict[str, DistinctValues]] = {name: {} for name in tables}
        # Tables that are guarded together have one scan together.
        self.scan = JointScan([(self, table) for table in SCANNED if table in tables])
        self._personal_data: dict[tuple[str, str], list[tuple[int, tuple[str, ...]]]] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table."""
        return self._tables[name]

    def __contains__(self, name: str) -> bool:
        """Return whether there is a table."""
        return name in self._tables

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(self._tables)

    @property
    def rows(self) -> int:
        """How many rows all tables have."""
        return sum(len(table) for table in self._tables.values())

    def has(self, column: str) -> bool:
        """Return whether there is a column, named ``table.column``."""
        table, name = column.split(".")
        return table in self._tables and name in self._tables[table].columns

    def distinct(self, table: str, column: str) -> DistinctValues:
        """Return the distinct values of a column of a table."""
        known = self.known[table]
        if column not in known:
            known[column] = distinct_values(self[table][column])
        return known[column]

    def personal_data(self, table: str, column: str) -> list[tuple[int, tuple[str, ...]]]:
        """Return where the scan finds personal data in a column: positions of rows, and kinds."""
        if (table, column) not in self._personal_data:
            is_id = column in SCANNED_IDS.get(table, ())
            find = self._naming_ids if is_id else self._found_in_texts
            self._personal_data[table, column] = find(table, column)
        return self._personal_data[table, column]

    def _found_in_texts(self, table: str, column: str) -> list[tuple[int, tuple[str, ...]]]:
        distinct = self.distinct(table, column)
        kinds = self.scan.found(self, table, column)
        is_found = np.zeros(len(distinct.series), dtype=bool)
        is_found[list(kinds)] = True
        rows = np.flatnonzero(is_found[distinct.places])
        return [(int(row), kinds[int(distinct.places[row])]) for row in rows]

    def _naming_ids(self, table: str, column: str) -> list[tuple[int, tuple[str, ...]]]:
        """Find ids that name somebody, those of segments beyond that of their focus group."""
        if table == "segments" and self.has("segments.focus_group"):
            found = find_naming_segments(self[table][column], self[table][segments.FOCUS_GROUP])
        else:
            found = find_naming(self[table][column])
        return [(row, (KIND,)) for row in found]

    @property
    def template(self) -> pd.DataFrame:
        """The segments as they stood in the template, before any was set aside."""
        return self["segments"] if self._received is None else self._received

    @cached_property
    def cells(self) -> pd.Series:
        """The cell of each segment."""
        return segments.cells_of(self["segments"])

    @cached_property
    def cell_numbers(self) -> pd.Series:
        """A number for the cell of a focus group in which each segment stands."""
        texts = self["segments"]
        in_cell = (segments.FOCUS_GROUP, segments.SECTION, segments.QUESTION)
        return number_alike(*(texts[column] for column in in_cell))

    @cached_property
    def said(self) -> pd.Series:
        """A number for the text of each segment, the same but for case and space; -1 if blank."""
        distinct = self.distinct("segments", segments.TEXT)
        words = _with_single_spaces(pc.utf8_lower(in_one_piece(distinct.series)))
        numbers, _ = pd.factorize(pd.Series(words, dtype="str"))
        return pd.Series(numbers[distinct.places], index=self["segments"].index)

    @cached_property
    def is_heading(self) -> pd.Series:
        """Whether each segment is a point that only heads sub-points."""
        texts = self["segments"]
        points = number_alike(self.cell_numbers, segments.points_named(texts[segments.POSITION]))
        return segments.headings_of(texts, points)

    @cached_property
    def is_coded(self) -> pd.Series:
        """Whether each segment has a code."""
        distinct = self.distinct("segments", segments.SEGMENT)
        has_code = np.zeros(len(distinct.series), dtype=bool)
        has_code[self.coded[self.coded >= 0]] = True
        return pd.Series(has_code[distinct.places], self["segments"].index)

    @cached_property
    def coded(self) -> NDArray[np.intp]:
        """The segment of each code application, by its place among the distinct ones, or -1."""
        known = pa.array(self.distinct("segments", segments.SEGMENT).series, TEXT)
        on = self.distinct("code_applications", code_applications.SEGMENT)
        found = pc.index_in(pa.array(on.series, TEXT), value_set=known, skip_nulls=True)
        places = np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.intp)
        return places[on.places]

    @property
    def applied(self) -> pd.Series:
        """The codes that are applied, each once."""
        return self.distinct("code_applications", code_applications.CODE).series.dropna()

    @cached_property
    def has_segments(self) -> pd.Series:
        """Whether each focus group has segments."""
        with_words = self["segments"][segments.FOCUS_GROUP]
        return is_among(self["focus_groups"][focus_groups.FOCUS_GROUP], with_words)

    @cached_property
    def has_own_words(self) -> pd.Series:
        """Whether each focus group has other texts than any other has, or no two segments.

        Texts are compared whatever their order, by the sums of numbers drawn for each.
        """
        distinct = self.distinct("segments", segments.TEXT)
        drawn = np.random.default_rng(0).integers(2**64, size=len(distinct.series), dtype="uint64")
        places, groups = pd.factorize(self["segments"][segments.FOCUS_GROUP])
        repeated = pd.Series(groups[_are_repeated(places, drawn[distinct.places])])
        return ~is_among(self["focus_groups"][focus_groups.FOCUS_GROUP], repeated)


def _with_single_spaces(texts: pa.Array) -> pa.Array:
    """Return texts without white space but for one space between words."""
    is_odd = pc.fill_null(pc.match_substring_regex(texts, ODD_SPACE), False)  # noqa: FBT003
    spaced = pc.replace_substring_regex(texts.filter(is_odd), MORE_THAN_A_SPACE, " ")
    return pc.replace_with_mask(texts, is_odd, pc.utf8_trim(spaced, " "))


def _are_repeated(places: NDArray[np.intp], amounts: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Say of each focus group of several segments whether another has as many and the same sum."""
    sizes = np.bincount(places)
    sums = np.zeros(len(sizes), dtype="uint64")
    np.add.at(sums, places, amounts)
    said = pd.DataFrame({"sum": sums, "size": sizes})
    return ((said["size"] > 1) & said.duplicated(keep=False)).to_numpy()


class PartedTables(LinkedTables):
    """Tables of a study, with what is known of all of its segments and code applications.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables that are not parted, by name, all text.
    parting : Parting
        How the others are parted.
    """

    KNOWN = ("segments.focus_group", "segments.text", "code_applications.code")

    def __init__(self, tables: Mapping[str, pd.DataFrame], parting: Parting) -> None:
        super().__init__(tables)
        self._parting = parting

    def has(self, column: str) -> bool:
        """Return whether a column, named ``table.column``, is there or known well enough."""
        return column in self.KNOWN or super().has(column)

    @property
    def applied(self) -> pd.Series:
        """The codes that are applied."""
        return pd.Series(self._parting.applied, dtype="str")

    @cached_property
    def has_segments(self) -> pd.Series:
        """Whether each focus group has segments."""
        names = self["focus_groups"][focus_groups.FOCUS_GROUP]
        return (names != "") & ~names.isin(self._parting.without_segments)

    @cached_property
    def has_own_words(self) -> pd.Series:
        """Whether each focus group has other texts than any other has, or no two segments."""
        names = self["focus_groups"][focus_groups.FOCUS_GROUP]
        return (names == "") | ~names.isin(self._parting.with_same_words)
