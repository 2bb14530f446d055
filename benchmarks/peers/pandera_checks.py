"""The checks of a study in pandera: a schema for each table; all errors are collected."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

import pandera.pandas as pa  # type: ignore[import-not-found]

from benchmarks.peers.checked import (
    COUNTED,
    LINKS,
    MATCHES,
    NOT_BLANK,
    TEXT_HAS_NONE,
    UNIQUE,
    among,
    read_given,
)

if TYPE_CHECKING:
    from benchmarks.peers.checked import Study


def schema_of(study: Study, name: str) -> pa.DataFrameSchema:
    """Return the schema of a table."""
    checks: dict[str, list[pa.Check]] = {column: [] for column in study.tables[name].columns}
    for column in NOT_BLANK[name]:
        checks[column].append(pa.Check(lambda texts: texts.str.strip() != ""))
    for (table, column), values in among(study).items():
        if table == name:
            checks[column].append(pa.Check.isin(values))
    for (table, column), regex in MATCHES.items():
        if table == name:
            checks[column].append(pa.Check.str_matches(regex))
    for table, column, other, known in LINKS:
        if table == name:
            linked = study.tables[other][known]
            checks[column].append(pa.Check(lambda texts, linked=linked: texts.isin(linked)))
    if name == "segments":
        checks["text"] += [
            pa.Check(lambda texts, regex=regex: ~texts.str.contains(regex))
            for regex in TEXT_HAS_NONE
        ]
    repeats = [
        pa.Check(lambda rows, key=key: ~rows.duplicated(key, keep=False))
        for key in (*UNIQUE[name], *COUNTED.get(name, []))
    ]
    columns = {column: pa.Column(checks=checks[column]) for column in checks}
    return pa.DataFrameSchema(columns, checks=repeats)


def main() -> None:
    """Print how much falls short of the schema of each table."""
    warnings.simplefilter("ignore")
    study = read_given()
    for name, table in study.tables.items():
        try:
            schema_of(study, name).validate(table, lazy=True)
            found = 0
        except pa.errors.SchemaErrors as error:
            found = len(error.failure_cases)
        sys.stdout.write(f"{name}: {found}\n")


if __name__ == "__main__":
    main()
