"""The page on what checks find, generated from the suites: ``docs/data-quality.md``.

``python -m analysis.quality.guide`` generates it again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.quality.suites import read_suites
from analysis.quality.wording import capitalise, describe_touched
from analysis.study.root import find_root

if TYPE_CHECKING:
    from analysis.quality.suites import Suite

PAGE = Path("docs") / "data-quality.md"
SEVERITIES = ("critical", "warning", "info")
OPENING = """\
# Data quality

What the tables of a study are checked for before anything is counted from them.
`compendium check STUDY` checks them as received, and shows on one screen
what is wrong, where, how severe it is, which numbers it affects and what to do.
A build checks the same, and then the cleaned tables of each place.

| severity | what happens |
|---|---|
| critical | no report is built for the places concerned |
| warning | reports are built; it is shown next to each number that rests on a row concerned |
| info | it is listed on the study's page on data quality |

That page shows all outcomes, computed on what consent lets be counted and shown.
Rows of files, and values such as codes and places, are shown only in the terminal of whoever
holds the tables. Free text is never shown.

An expectation that can't be evaluated has not held.
These are critical, whatever was expected: no expectation covers a table; a table has no rows;
a column is blank in every row and may not be; a table or a column is missing; the expectation
is written wrongly.
A file that is no table (not UTF-8, a column missing, unknown or there twice, a row too long)
is refused before any check.

This page is generated from the suites in [expectations](../expectations/README.md), which you can
edit. Afterwards, generate it again:

```
.venv/bin/python -m analysis.quality.guide
```
"""
CLOSING = """\

## Copies of focus groups

Focus groups are compared by their runs of five words, whatever their case, space and punctuation,
their place and their day.
Runs that more than 20 focus groups have are phrases of the language, and are left out.

| of the runs of the shorter focus group, the other has | what happens |
| --- | --- |
| half, and five or more | a warning |
| four fifths, and 20 or more | no report is built until a person reviewed both; no import |

Keep one of the two, and take the rows of the other out of the tables.
Where two meetings did say nearly the same, a person who has read both records their ids in
`study.yaml`:

```yaml
separate_groups: [[fg01, fg02], [fg07, fg11]]
```

Neither is then a copy of the other; passages that both have stay a warning.
An import names both ids and the share of words, and takes the focus group in once
[a table for `--met`](bring-your-own-data.md#what-looks-wrong)
or [a mapping](bring-your-own-coded-data.md#the-mapping) says `another: yes`.

## What is not caught

49 kinds of damage were invented without a look at the suites
([test_new_defects.py](../tests/quality/test_new_defects.py)): 44 are caught, and 5 are not.
These and others that we know of are not caught:

- Codes that were put on the wrong segments, where both segments exist and can have codes.
  Coders who disagree are the only sign; see [agreement](method.md#agreement).
- Words that were changed and still read well.
  If you hold the source of restated segments, `compendium check-source` finds them.
- A wrong place, date or number of participants that agrees with the other facts of its focus
  group.
- A focus group that was never entered.
- Texts of two focus groups that were swapped as a whole.
- One date in every row: groups may meet at one event.
- A focus group that was entered more than 20 times with changes, and one of few words (less than
  20 runs) that was: only exact copies and single passages of these are found.
- A translation of another focus group's words.
- A text that was cut in the middle of a word and ends in "…".
- A focus group of two countries with the scope country, and one that speaks of a region where it
  did not meet: both exist.
"""


def write_guide(root: Path) -> str:
    """Return the page for the suites of the root, the folder with ``expectations/``."""
    parts = [_section(suite) for suite in read_suites(root / "expectations")]
    return OPENING + "".join(parts) + CLOSING


def _section(suite: Suite) -> str:
    tables = [_table(severity, suite) for severity in SEVERITIES]
    blank = ", ".join(f"`{column}`" for column in suite.may_be_blank)
    may = f"\nThese columns may be blank in every row: {blank}.\n" if blank else ""
    return f"\n## {suite.table}.csv\n{''.join(tables)}{may}"


def _table(severity: str, suite: Suite) -> str:
    """Return a row for each remedy of what has one severity; nothing if there is none."""
    is_warning = severity == "warning"
    faults: dict[tuple[str, ...], list[str]] = {}
    for each in suite.expectations:
        if each.severity == severity:
            numbers = [describe_touched(each.touches)] if is_warning else []
            faults.setdefault((*numbers, each.remedy), []).append(each.fault)
    header = ["defect", "shown next to", "what to do"] if is_warning else ["defect", "what to do"]
    rows = [(capitalise("; ".join(those)), *others) for others, those in faults.items()]
    table = "".join(f"| {' | '.join(row)} |\n" for row in (header, ["---"] * len(header), *rows))
    return f"\n**{capitalise(severity)}**\n\n{table}" if rows else ""


def main() -> None:
    """Write the page into the root that this program is run in."""
    root = find_root()
    (root / PAGE).write_text(write_guide(root), encoding="utf-8")


if __name__ == "__main__":
    main()
