"""Write a synthetic study: its tables, its codebook, its README and its settings."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.study.codebook import CODEBOOK_FILE
from analysis.study.csv_rows import write_csv
from analysis.study.digests import write_key
from analysis.study.places import read_places
from analysis.study.root import SETTINGS_FILE
from analysis.synthetic.generator import CODEBOOK, SyntheticStudy, generate_study
from analysis.synthetic.proportions import read_habits
from analysis.tables import coded, focus_groups
from analysis.tables.new_study import new_study_folder, require_new
from analysis.tables.received import OF_FOCUS_GROUPS
from analysis.tables.table_files import CODED, COMPRESSION

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from analysis.synthetic.generator import Row

EXAMPLE = Path(__file__).parent / "data" / "example"
PARQUET_ABOVE = 5_000
"""With more focus groups than this, tables are Parquet and not CSV."""

AS_OF = "2020-12-31"
WIDTH = 89
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def write_synthetic_study(
    folder: Path,
    *,
    focus_groups: int,
    seed: int,
    root: Path,
    parquet_above: int = PARQUET_ABOVE,
) -> None:
    """Write a synthetic study: all of it, or nothing.

    Parameters
    ----------
    folder : Path
        The folder of the study, which must not exist.
    focus_groups : int
        Focus groups of country scope; submissions of wider scope come on top.
    seed : int
        The seed of all draws.
    root : Path
        The folder with ``data/``, whose places and spellings are used.
    parquet_above : int
        With more focus groups than this, the tables are Parquet and not CSV.

    Raises
    ------
    StudyError
        If the study exists, its name is malformed, no focus group is asked for, or the tables that
        the study is made from cannot be used.
    """
    require_new(folder)
    spec = SyntheticStudy(focus_groups, seed, root)
    groups = generate_study(spec)
    with new_study_folder(folder) as written:
        tables: dict[str, list[Row]] = {name: [] for name in OF_FOCUS_GROUPS}
        looked_at: list[Row] = []
        for group in groups:
            tables["focus_groups"].append(group.focus_group)
            tables["segments"] += group.segments
            tables["code_applications"] += group.code_applications
            looked_at += group.coded
        for name, rows in tables.items():
            columns = OF_FOCUS_GROUPS[name]
            if focus_groups > parquet_above:
                table = pd.DataFrame(rows, columns=list(columns), dtype="str")
                path = written / f"{name}.parquet"
                table.to_parquet(path, index=False, compression=COMPRESSION)
            else:
                write_csv(written / f"{name}.csv", [columns, *rows])
        write_csv(written / CODED, [coded.REQUIRED, *looked_at])
        shutil.copyfile(CODEBOOK, written / CODEBOOK_FILE)
        counts = {name: len(rows) for name, rows in {**tables, "coded": looked_at}.items()}
        _write_text(written / "README.md", _readme(folder.name, spec, counts))
        # The settings, which make it a study, come last.
        _write_text(written / SETTINGS_FILE, _settings(root, _countries(tables["focus_groups"])))


def write_example_study(folder: Path, today: date) -> None:
    """Write the example study, of two invented focus groups, to start from: all of it, or nothing.

    Parameters
    ----------
    folder : Path
        The folder of the study, which must not exist.
    today : date
        Becomes its ``as_of``.

    Raises
    ------
    StudyError
        If the study exists, or its name is malformed.
    """
    # The settings, which make it a study, come last.
    files = sorted(EXAMPLE.iterdir(), key=lambda file: file.name == SETTINGS_FILE)
    with new_study_folder(folder) as written:
        write_key(written)
        for file in files:
            text = file.read_text(encoding="utf-8")
            if file.suffix != ".csv":
                text = text.format(study=folder.name, as_of=today)
            _write_text(written / file.name, text)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _countries(rows: Sequence[Row]) -> set[str]:
    scope = focus_groups.COLUMNS.index(focus_groups.SCOPE)
    places = focus_groups.COLUMNS.index(focus_groups.PLACES)
    return {each for row in rows if row[scope] == "country" for each in row[places].split(";")}


def _settings(root: Path, countries: Collection[str]) -> str:
    """Return the text of ``study.yaml``."""
    places = read_places(root / "data")
    held_in = [places.countries[country] for country in countries]
    regions = len({country.region for country in held_in})
    continents = sorted({country.continent for country in held_in})
    where = f"{NUMBERS[regions]} region{'s' if regions > 1 else ''}"
    lines = [
        f"title: Demonstration study of focus groups in {where} (synthetic)",
        "languages: [en]",
        f"continents: [{', '.join(continents)}]",
        f"as_of: {AS_OF}",
        "synthetic: true",
        "licence: CC BY 4.0",
        "independent_of: [UNAIDS]",
        "coders:",
    ]
    for habit in read_habits():
        lines += [f"  - coder: {habit.coder}", "    kind: rule", "    description: >-"]
        text = textwrap.fill(habit.description, WIDTH, break_on_hyphens=False)
        lines.append(textwrap.indent(text, "      "))
    lines += ["double_coding:", "  chosen: systematic", "  blind: true", "  disagreements: kept"]
    lines.append("repeats: set-aside # some points are pasted twice")
    return "\n".join([*lines, "publication:", "  coding: any", "  tables: public", ""])


def _readme(study: str, spec: SyntheticStudy, counts: dict[str, int]) -> str:
    """Return the text of the README: that all is invented, and how to generate it again."""
    rows = "\n".join(f"| `{table}` | {count:,} |" for table, count in counts.items())
    return f"""\
# SYNTHETIC: `{study}`

**Everything in this folder is invented.**
No focus group of this study took place, nobody said what it contains, and nothing in it is evidence
about the countries that it names.
It exists to show, try and test the compendium without anybody's words.

It was generated; do not edit it. The same command gives the same bytes:

```
compendium new {study} --synthetic {spec.focus_groups} --seed {spec.seed}
```

(An existing study is never overwritten: delete it first, but keep what was written by hand.)

| table | rows |
| --- | ---: |
{rows}

- The codebook is the generator's own, in `src/analysis/synthetic/data/codebook.csv`; it began as a
  copy of the one of `africa-2020`.
- Statements are drawn from sentences written for this purpose, in
  `src/analysis/synthetic/data/sentences`. How often each region speaks of each code, how much a
  section of the template leans to a theme, and how the simulated coders differ is set in tables in
  `src/analysis/synthetic/data/proportions`.
- `findings.csv` and `evidence.csv`, where there are any, were not generated: somebody wrote them
  about the invented data, and they say who.
- The coders are simulated and of kind `rule`: each misses some codes and adds some that are not
  there. Their agreement shows how the report looks; it is no evidence about people.
- `coded.csv` says which coder was given which focus group, whole: there, a segment without a code
  of theirs means that none applies.
- About one text in twelve has the typographic noise of real submissions (curly quotes, long dashes,
  double spaces, variants of spelling), some points are pasted twice, and a few cells have more
  points than the template allows: cleaning and checks find them.
"""
