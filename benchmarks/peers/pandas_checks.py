"""The checks of a study in plain pandas, as a careful analyst would write them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

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
    from collections.abc import Iterator

    import pandas as pd

    from benchmarks.peers.checked import Study


def find_rows(study: Study) -> Iterator[tuple[str, pd.Series]]:
    """Yield what is checked, and which rows fall short of it."""
    tables = study.tables
    for name, columns in NOT_BLANK.items():
        for column in columns:
            yield f"{name}.{column} blank", tables[name][column].str.strip() == ""
    for (name, column), values in among(study).items():
        yield f"{name}.{column} unknown", ~tables[name][column].isin(values)
    for (name, column), regex in MATCHES.items():
        yield f"{name}.{column} malformed", ~tables[name][column].str.match(regex)
    for regex in TEXT_HAS_NONE:
        yield "segments.text", tables["segments"]["text"].str.contains(regex)
    for rows in (UNIQUE, COUNTED):
        for name, keys in rows.items():
            for key in keys:
                yield f"{name} repeated", tables[name].duplicated(key, keep=False)
    for name, column, other, known in LINKS:
        yield f"{name}.{column} unlinked", ~tables[name][column].isin(tables[other][known])


def main() -> None:
    """Print how many rows fall short of each."""
    for what, falls_short in find_rows(read_given()):
        sys.stdout.write(f"{what}: {falls_short.sum()}\n")


if __name__ == "__main__":
    main()
