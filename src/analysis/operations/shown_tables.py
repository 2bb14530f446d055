"""The tables of a study as an archive may have them: as consent lets them be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from analysis.study.csv_rows import format_csv
from analysis.study.root import SETTINGS_FILE
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.coded import COLUMNS as CODED_COLUMNS
from analysis.tables.coded import read_coded
from analysis.tables.consent import withhold_cells
from analysis.tables.received import COLUMNS, read_received, read_table, table_path
from analysis.tables.table_files import CODEBOOK_CHANGES, CODED, OWN_PLACES, files_of_study

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from analysis.study.opened_study import OpenedStudy

AS_THEY_ARE = ("codebook.csv", CODEBOOK_CHANGES, *OWN_PLACES)
NEVER_PACKED = ("separate_groups",)
"""Settings that name focus groups which no report counts."""


@dataclass(frozen=True)
class ShownTables:
    """The tables of a study that may leave.

    Parameters
    ----------
    files : dict of str to bytes
        Each file of the study's folder by its name.
    withheld : tuple of str
        What was left out, in a line each.
    """

    files: dict[str, bytes]
    withheld: tuple[str, ...]


def show_tables(opened: OpenedStudy) -> ShownTables:
    """Return the files of a study's folder that may leave.

    Public tables leave as they are. Of private ones, the rows leave that reports show in full: no
    participants, no hosts, no reviews, and no row of a focus group whose consent is for counts.

    Parameters
    ----------
    opened : OpenedStudy
        The study, whose reports were built from these tables.
    """
    if opened.settings.publication.tables == "public":
        return ShownTables({p.name: p.read_bytes() for p in files_of_study(opened.folder)}, ())
    return _of_private(opened)


def _of_private(opened: OpenedStudy) -> ShownTables:
    tables = read_received(opened.folder)
    groups = tables.focus_groups
    shown_groups = groups[focus_groups.may_show(groups)]
    names = set(shown_groups[focus_groups.FOCUS_GROUP])
    rows = tables.segments
    shown_rows = rows[
        rows[segments.FOCUS_GROUP].isin(names) & (rows[segments.ROLE] != segments.SET_ASIDE)
    ]
    # As coders applied them: what became of their codes is packed too.
    path = table_path(opened.folder, "code_applications")
    applied = read_table(path, COLUMNS["code_applications"])
    codings = applied[applied[code_applications.SEGMENT].isin(shown_rows[segments.SEGMENT])]
    cells = withhold_cells(shown_groups).assign(**{focus_groups.PARTICIPANTS: ""})
    shown = {"focus_groups": cells, "segments": shown_rows, "code_applications": codings}
    files = {f"{name}.csv": _csv(table, COLUMNS[name]) for name, table in shown.items()}
    files |= {
        p.name: p.read_bytes() for p in files_of_study(opened.folder) if p.name in AS_THEY_ARE
    }
    files[SETTINGS_FILE] = _settings(opened)
    if (opened.folder / CODED).is_file():
        files[CODED] = _coded(opened.folder, names, set(shown_rows[segments.SEGMENT]))
    received = {**tables.by_name(), "code_applications": applied}
    withheld = tuple(
        f"{name}.csv: {len(received[name]) - len(table):,} of {len(received[name]):,} rows "
        "withheld, as consent says"
        for name, table in shown.items()
        if len(table) < len(received[name])
    )
    return ShownTables(files, (*withheld, "Participants, hosts and reviews are withheld."))


def _settings(opened: OpenedStudy) -> bytes:
    kept = opened.settings.model_dump(
        mode="json", exclude={"name", *NEVER_PACKED}, exclude_defaults=True
    )
    kept["synthetic"] = opened.settings.synthetic
    return yaml.safe_dump(kept, sort_keys=False, allow_unicode=True).encode()


def _coded(folder: Path, names: set[str], shown: set[str]) -> bytes:
    table = read_coded(folder)
    group, segment = table["focus_group"], table["segment"]
    kept = table[(group.isin(names) | (group == "")) & (segment.isin(shown) | (segment == ""))]
    return _csv(kept, CODED_COLUMNS)


def _csv(table: pd.DataFrame, columns: tuple[str, ...]) -> bytes:
    return format_csv([list(columns), *table[list(columns)].to_numpy().tolist()]).encode()
