"""The codings of a corpus as numbers, grouped once by code, theme and cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analysis.tables.numbering import number_values, places_of, split_rows

if TYPE_CHECKING:
    import pandas as pd

    from analysis.tables.numbering import IntArray

NONE = np.array([], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class CodedRows:
    """The codings of a corpus, in the order of its segments, and then of codes.

    Parameters
    ----------
    row : array of int
        The row of the segment of each coding.
    code, theme : array of int
        The number of its code among ``codes``, and of its theme among ``themes``.
    coders, of_coders : array of int
        How many coders put it, and how many coded the focus group.
    codes, themes : list of str
        Those that occur, sorted.
    """

    row: IntArray
    code: IntArray
    theme: IntArray
    coders: IntArray
    of_coders: IntArray
    codes: list[str]
    themes: list[str]

    @cached_property
    def by_several(self) -> bool:
        """Whether any focus group had more than one coder."""
        return bool((self.of_coders > 1).any())

    def bearing(self, code: str) -> IntArray:
        """Return the segments that bear a code, or any code of a theme."""
        return _each_once(self.row[self.on(code)])

    def agreed(self, code: str) -> IntArray:
        """Return the segments on which every one of several coders put a code."""
        at = self.on(code)
        alike = (self.of_coders[at] > 1) & (self.coders[at] == self.of_coders[at])
        agreed: IntArray = self.row[at][alike]
        return agreed

    def on(self, code: str) -> IntArray:
        """Return the codings of a code, or of all codes of a theme."""
        return self._by_code.get(code, NONE)

    @cached_property
    def _by_code(self) -> dict[str, IntArray]:
        by_code = split_rows(self.code, len(self.codes))
        by_theme = split_rows(self.theme, len(self.themes))
        return dict(zip([*self.codes, *self.themes], [*by_code, *by_theme], strict=True))

    def by_cell(self, cell: IntArray, cells: list[str]) -> dict[str, list[tuple[str, IntArray]]]:
        """Return the themes raised in each cell, each with the segments that bear it there.

        Parameters
        ----------
        cell : array of int
            The number of the cell of each segment.
        cells : list of str
            The cells by number.
        """
        width = len(self.themes)
        parted = split_rows(cell[self.row] * width + self.theme, len(cells) * width)
        rows = [_each_once(self.row[at]) for at in parted]
        return {
            name: [
                (theme, here)
                for theme, here in zip(self.themes, rows[at * width :], strict=False)
                if len(here)
            ]
            for at, name in enumerate(cells)
        }

    def on_each(self, rows: IntArray) -> list[tuple[str, ...]]:
        """Return the codes on each of some segments."""
        starts = np.searchsorted(self.row, rows)
        ends = np.searchsorted(self.row, rows, side="right")
        first, last = starts.min(initial=len(self.row)), ends.max(initial=0)
        codes = [self.codes[number] for number in self.code[first:last].tolist()]
        spans = zip((starts - first).tolist(), (ends - first).tolist(), strict=True)
        return [tuple(codes[start:end]) for start, end in spans]


def number_codings(segments: pd.DataFrame, codings: pd.DataFrame) -> CodedRows:
    """Return the codings of a corpus as numbers.

    Parameters
    ----------
    segments : DataFrame
        The segments of the corpus.
    codings : DataFrame
        Its codings, in any order.
    """
    row = places_of(codings["segment"], segments["segment"])
    code, codes = number_values(codings["code"])
    theme, themes = number_values(codings["theme"])
    order = np.lexsort((code, row))
    coders, of_coders = (codings[name].to_numpy() for name in ("coders", "of_coders"))
    return CodedRows(
        row=row[order],
        code=code[order],
        theme=theme[order],
        coders=coders[order],
        of_coders=of_coders[order],
        codes=codes,
        themes=themes,
    )


def _each_once(rising: IntArray) -> IntArray:
    return rising[np.diff(rising, prepend=-1) > 0]
