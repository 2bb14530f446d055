"""One scan of all texts of several tables: to make its patterns ready takes longer than to look."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.quality.personal_data.scan import scan_texts
from analysis.quality.personal_data.scanned import SCANNED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.quality.linked_tables import LinkedTables
    from analysis.quality.personal_data.scan import Kinds


class JointScan:
    """The scan of tables for personal data, made when anything of it is first asked for.

    Parameters
    ----------
    scanned : sequence of (LinkedTables, str)
        The tables that are scanned, each with its name and those that it is guarded with.
    """

    def __init__(self, scanned: Sequence[tuple[LinkedTables, str]]) -> None:
        self._scanned = scanned

    def found(self, tables: LinkedTables, table: str, column: str) -> dict[int, Kinds]:
        """Return the kinds found in the distinct texts of a column, by the position of the text.

        Parameters
        ----------
        tables : LinkedTables
            The tables that one is guarded with.
        table, column : str
            A column of it that is scanned.
        """
        return self._found[id(tables), table, column]

    @cached_property
    def _found(self) -> dict[tuple[int, str, str], dict[int, Kinds]]:
        texts = {
            (id(tables), table, column): tables.distinct(table, column).series
            for tables, table in self._scanned
            for column in SCANNED[table]
        }
        names = list(texts)
        found: dict[tuple[int, str, str], dict[int, Kinds]] = {name: {} for name in names}
        begins = np.cumsum([0, *map(len, texts.values())])
        for at, kinds in scan_texts(pd.concat(texts.values(), ignore_index=True)).items():
            of = int(np.searchsorted(begins, at, side="right")) - 1
            found[names[of]][at - int(begins[of])] = kinds
        return found
