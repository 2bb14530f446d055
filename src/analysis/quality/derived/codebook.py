"""Columns derived from the codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.context import derived
from analysis.quality.derived.texts import lacks_control_characters
from analysis.tables.code_applications import CODE

if TYPE_CHECKING:
    import pandas as pd

    from analysis.quality.context import CheckContext, CheckedTables

TABLE = "codebook"
PARENT = "parent"
WORDS = ("name", "definition", "include", "exclude")


@derived(TABLE, "The parent is blank, or a theme of the codebook.", CODE, PARENT)
def parent_is_theme(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each parent is blank or a row without parent."""
    codebook = tables[TABLE]
    themes = codebook.loc[codebook[PARENT] == "", CODE]
    return (codebook[PARENT] == "") | codebook[PARENT].isin(themes)


@derived(TABLE, "It has a parent, or is the parent of some code.", CODE, PARENT)
def theme_has_codes(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each theme has codes."""
    codebook = tables[TABLE]
    return (codebook[PARENT] != "") | codebook[CODE].isin(codebook[PARENT])


@derived(TABLE, "It is a theme, or some coder applied it.", CODE, PARENT, "code_applications.code")
def is_applied(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each code is applied."""
    codebook, applied = tables[TABLE], tables["code_applications"][CODE].unique()
    is_code = codebook[CODE] != ""
    return (codebook[PARENT] == "") | (is_code & codebook[CODE].isin(applied))


@derived(TABLE, "No name, definition or example has a control character.", *WORDS)
def has_no_control_characters(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each row is of plain characters."""
    return lacks_control_characters(tables[TABLE], *WORDS)
