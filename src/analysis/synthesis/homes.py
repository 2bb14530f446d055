"""The focus groups of a continent by their homes: its regions, and the continent itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from analysis.synthesis.corpus import Corpus
    from analysis.tables.numbering import IntArray


@dataclass(frozen=True, eq=False)
class Homes:
    """Where the focus groups of a corpus are at home.

    Parameters
    ----------
    corpus : Corpus
        The corpus.
    """

    corpus: Corpus

    @cached_property
    def of_groups(self) -> dict[str, str]:
        """The home of each focus group."""
        groups = self.corpus.focus_groups
        return dict(zip(groups["focus_group"], groups["home"], strict=True))

    @cached_property
    def coded(self) -> dict[str, list[str]]:
        """The focus groups with a coded segment, by home."""
        coded = self.corpus.coded_groups
        homes = sorted({self.of_groups[group] for group in coded})
        by_home: dict[str, list[str]] = {home: [] for home in homes}
        for group in sorted(coded):
            by_home[self.of_groups[group]].append(group)
        return by_home

    @property
    def regions(self) -> list[str]:
        """The regions that have a coded focus group."""
        return [home for home in self.coded if home != self.corpus.place]

    def rows_at(self, homes: Collection[str], rows: IntArray) -> IntArray:
        """Return those of some rows whose focus groups are at home in one of some places."""
        wanted = [number for home, number in self._numbers.items() if home in homes]
        return rows[np.isin(self._of_rows[rows], wanted)]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {home: number for number, home in enumerate(sorted(set(self.of_groups.values())))}

    @cached_property
    def _of_rows(self) -> npt.NDArray[np.int32]:
        numbers = (
            self._numbers.get(self.of_groups.get(group, ""), -1)
            for group in self.corpus.rows.groups
        )
        return np.fromiter(numbers, dtype=np.int32)[self.corpus.rows.group]
