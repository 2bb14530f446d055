"""Columns derived from the codebook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import closest
from analysis.quality.context import derived
from analysis.quality.derived.texts import lacks_control_characters, lacks_damage
from analysis.study.csv_rows import TRANSLATED_NAMES
from analysis.tables.code_applications import CODE
from analysis.tables.near_copies import fold_words

if TYPE_CHECKING:
    from analysis.quality.context import CheckContext, CheckedTables

TABLE = "codebook"
PARENT = "parent"
REFERENCE = re.compile(r"\(([a-z0-9_]+(?:[.-][a-z0-9_]+)*)\)")
HAS_SEPARATOR = re.compile(r"[._-]")
EXAMPLES = ("include", "exclude")
WORDS = ("name", "definition", *EXAMPLES, *TRANSLATED_NAMES)


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


@derived(TABLE, "Reports are in English, or it has a name in their language.", *TRANSLATED_NAMES)
def has_translated_name(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether each theme and code has a name in the language of reports."""
    codebook, column = tables[TABLE], f"name_{context.report_language}"
    if column not in TRANSLATED_NAMES:
        return pd.Series(True, index=codebook.index)  # noqa: FBT003 (the value of each row)
    return codebook[column].str.strip() != ""


@derived(TABLE, "No name, definition or example has a control character.", *WORDS)
def has_no_control_characters(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each row is of plain characters."""
    return lacks_control_characters(tables[TABLE], *WORDS)


@derived(TABLE, "No name, definition or example was damaged by an encoding.", *WORDS)
def has_no_damage(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the encoding of each row is intact."""
    return lacks_damage(tables[TABLE], *WORDS)


@derived(TABLE, "The name without case, space and separators.", "name")
def folded_name(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return the names to compare."""
    return tables[TABLE]["name"].map(fold_words).str.replace(" ", "").astype("str")


@derived(
    TABLE,
    "Each code in brackets that include or exclude refers to is defined.",
    CODE,
    "include",
    "exclude",
)
def references_known(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the codes referred to are in the codebook.

    Words in brackets are references where they read like codes and others of the codebook are
    references, or where they are close to a code.
    """
    codebook = tables[TABLE]
    codes = set(codebook[CODE])
    named = [
        set(REFERENCE.findall(text)) for text in codebook["include"] + " " + codebook["exclude"]
    ]
    has_references = any(codes & each for each in named)

    def is_broken(name: str) -> bool:
        reads_like_code = has_references and HAS_SEPARATOR.search(name) is not None
        return name not in codes and (reads_like_code or closest(name, codes) != "")

    known = [not any(map(is_broken, each)) for each in named]
    return pd.Series(known, index=codebook.index, dtype="bool")
