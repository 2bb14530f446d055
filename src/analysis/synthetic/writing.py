"""Synthetic studies: whole studies made from a seed, for demonstration and for work at scale."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from analysis.study.codebook import CODEBOOK_FILE
from analysis.study.places import read_places
from analysis.study.root import SETTINGS_FILE
from analysis.synthetic.files import readme_text, settings_text
from analysis.synthetic.proportions import read_habits
from analysis.synthetic.streamed_tables import CsvTable, ParquetTable
from analysis.synthetic.study import SyntheticFocusGroup, SyntheticStudy, generate_study
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.new_study import made_beside, require_new

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.synthetic.streamed_tables import StreamedTable

__all__ = ["SyntheticFocusGroup", "SyntheticStudy", "generate_study", "write_synthetic_study"]

PARQUET_ABOVE = 5_000
"""With more focus groups than this, tables are Parquet and not CSV."""

COLUMNS = {
    "focus_groups": focus_groups.COLUMNS,
    "segments": segments.COLUMNS,
    "code_applications": code_applications.COLUMNS,
}
_PLACES = focus_groups.COLUMNS.index(focus_groups.PLACES)
_SCOPE = focus_groups.COLUMNS.index(focus_groups.SCOPE)


def write_synthetic_study(
    folder: Path,
    *,
    focus_groups: int,
    seed: int,
    root: Path,
    parquet_above: int = PARQUET_ABOVE,
) -> None:
    """Write a synthetic study: all of it, or nothing.

    It is written beside its place and moved there when it is complete.

    Parameters
    ----------
    folder : Path
        The folder of the study, which must not be there yet.
    focus_groups : int
        Focus groups of country scope; submissions of wider scope come on top.
    seed : int
        What all draws begin from.
    root : Path
        The folder with ``data/``.
    parquet_above : int
        With more focus groups than this, the tables are Parquet and not CSV.

    Raises
    ------
    StudyError
        If the study is there already, its name is malformed, no focus group is asked for, or the
        tables that the study is made from cannot be used.
    """
    require_new(folder)
    spec = SyntheticStudy(focus_groups, seed, root)
    groups = generate_study(spec)
    with made_beside(folder) as written:
        _write_study(written, spec, groups, in_parquet=focus_groups > parquet_above)


def _write_study(
    folder: Path,
    spec: SyntheticStudy,
    groups: Iterable[SyntheticFocusGroup],
    *,
    in_parquet: bool,
) -> None:
    """Write tables, codebook and README, and last the settings, which make it a study."""
    kind: type[StreamedTable] = ParquetTable if in_parquet else CsvTable
    countries: set[str] = set()
    with ExitStack() as opened:
        tables = {
            name: opened.enter_context(closing(kind(folder, name, columns)))
            for name, columns in COLUMNS.items()
        }
        for group in groups:
            tables["focus_groups"].add([group.focus_group])
            tables["segments"].add(group.segments)
            tables["code_applications"].add(group.code_applications)
            if group.focus_group[_SCOPE] == "country":
                countries.update(group.focus_group[_PLACES].split(";"))
        counts = [(name, table.count) for name, table in tables.items()]
    shutil.copyfile(spec.codebook_path, folder / CODEBOOK_FILE)
    _write_text(
        folder / "README.md", readme_text(folder.name, spec.focus_groups, spec.seed, counts)
    )
    _write_text(folder / SETTINGS_FILE, _settings(spec.root, countries))


def _settings(root: Path, countries: Iterable[str]) -> str:
    places = read_places(root / "data")
    held_in = [places.countries[country] for country in countries]
    regions = {country.region for country in held_in}
    return settings_text(len(regions), {country.continent for country in held_in}, read_habits())


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
