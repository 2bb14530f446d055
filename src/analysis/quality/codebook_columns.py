"""The columns that are derived from the codebook to guard it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.distinct_values import is_among
from analysis.quality.guarded_column import GuardedColumn
from analysis.tables.code_applications import CODE

if TYPE_CHECKING:
    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.linked_tables import LinkedTables

PARENT = "parent"


def _parent_is_theme(tables: LinkedTables, _: GuardContext) -> pd.Series:
    codebook = tables["codebook"]
    themes = codebook.loc[codebook[PARENT] == "", CODE]
    return (codebook[PARENT] == "") | codebook[PARENT].isin(themes)


def _theme_has_codes(tables: LinkedTables, _: GuardContext) -> pd.Series:
    codebook = tables["codebook"]
    return (codebook[PARENT] != "") | codebook[CODE].isin(codebook[PARENT])


def _is_applied(tables: LinkedTables, _: GuardContext) -> pd.Series:
    codebook = tables["codebook"]
    return (codebook[PARENT] == "") | is_among(codebook[CODE], tables.applied)


COLUMNS = (
    GuardedColumn(
        table="codebook",
        name="parent_is_theme",
        meaning="The parent is blank, or a theme of the codebook.",
        needs=("codebook.code", "codebook.parent"),
        compute=_parent_is_theme,
    ),
    GuardedColumn(
        table="codebook",
        name="theme_has_codes",
        meaning="It has a parent, or is the parent of some code.",
        needs=("codebook.code", "codebook.parent"),
        compute=_theme_has_codes,
    ),
    GuardedColumn(
        table="codebook",
        name="is_applied",
        meaning="It is a theme, or some coder applied it.",
        needs=("codebook.code", "codebook.parent", "code_applications.code"),
        compute=_is_applied,
    ),
)
