"""A new study: a folder of empty tables for a person to fill."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import StudyError
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM, format_csv
from analysis.study.keyed_digests import write_key
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

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
  coding: any # a code counts once any coder applied it; or: all
  excerpts_per_theme: 3
  participants: rounded # numbers of people, to the nearest 5; or: exact, none
  tables: private # or: public, if these tables are published themselves
"""


def require_new(folder: Path) -> None:
    """Refuse a study that exists, or a malformed name.

    Parameters
    ----------
    folder : Path
        The folder of the study, below ``data/``.

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
            "This study exists already; nothing was changed.",
            offenders=[f"{folder.parent.name}/{folder.name}"],
            expected="a name that no study has",
            remedy="choose another name, or move the folder away first",
        )


@contextmanager
def new_study_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write a study in; at the end it is moved into place, whole or not at all.

    Parameters
    ----------
    folder : Path
        The folder of the study, which must not exist.

    Raises
    ------
    StudyError
        When the folder exists, or its name is malformed.
    """
    require_new(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as staging:
        written = Path(staging) / folder.name
        written.mkdir()
        yield written
        try:
            written.rename(folder)
        except OSError:
            # Another process has created it meanwhile.
            require_new(folder)
            raise


def write_new_study(folder: Path) -> None:
    """Write a study of empty tables with a key of its own, all of it or nothing.

    Parameters
    ----------
    folder : Path
        The folder of the study; it must not exist.

    Raises
    ------
    StudyError
        When the folder exists, or its name is malformed.
    """
    texts = {f"{name}.csv": format_csv([columns]) for name, columns in COLUMNS.items()}
    # The settings, which make it a study, come last.
    texts["study.yaml"] = SETTINGS.format(name=folder.name)
    with new_study_folder(folder) as written:
        write_key(written)
        for name, text in texts.items():
            (written / name).write_text(text, encoding="utf-8")
