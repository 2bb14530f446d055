"""A new study: a folder of empty tables for a person to fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import StudyError
from analysis.study.rows import IDENTIFIER, IDENTIFIER_FORM
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
# What a study is. docs/glossary.md explains every key.
title: "{name}"
languages: [en]
continents: [africa]
as_of: 2020-12-31 # no date in the tables may be later
synthetic: false
coders:
  - coder: coder-a
    kind: human # human, model or rule
    description: What a reader must know of this coder, without naming a person.
publication:
  coding: any # a code counts once any coder put it; or: all
  excerpts_per_theme: 3
  smallest_count: 5 # smaller numbers of participants are withheld
"""


def require_new(folder: Path) -> None:
    """Refuse a study that exists, or a name that no study can have.

    Parameters
    ----------
    folder : Path
        The folder that the study is to have below ``data/``.

    Raises
    ------
    StudyError
        When the folder exists, or its name is malformed.
    """
    if not IDENTIFIER.fullmatch(folder.name):
        raise StudyError(
            "A study cannot have this name.",
            offenders=[folder.name],
            expected=IDENTIFIER_FORM,
            remedy="choose another name",
        )
    if folder.exists():
        raise StudyError(
            "There is such a study already; nothing was changed.",
            offenders=[f"{folder.parent.name}/{folder.name}"],
            expected="a name that no study has",
            remedy="choose another name, or move the folder away first",
        )


def write_new_study(folder: Path) -> list[Path]:
    """Write a study of empty tables, and return its files.

    Parameters
    ----------
    folder : Path
        The folder of the study; it must not exist.

    Raises
    ------
    StudyError
        When the folder exists, or its name is malformed.
    """
    require_new(folder)
    folder.mkdir(parents=True)
    settings = folder / "study.yaml"
    settings.write_text(SETTINGS.format(name=folder.name), encoding="utf-8")
    tables = [folder / f"{name}.csv" for name in COLUMNS]
    for path in tables:
        path.write_text(",".join(COLUMNS[path.stem]) + "\n", encoding="utf-8")
    return [settings, *tables]
