"""What a synthetic study says of itself: its settings and its README."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.synthetic.proportions import Habit

AS_OF = "2020-12-31"
WIDTH = 96
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def settings_text(regions: int, continents: Iterable[str], habits: Sequence[Habit]) -> str:
    """Return the text of ``study.yaml``.

    Parameters
    ----------
    regions : int
        Regions with a focus group.
    continents : iterable of str
        Continents with a focus group.
    habits : sequence of Habit
        The simulated coders.
    """
    where = f"{NUMBERS[regions]} region{'s' if regions > 1 else ''}"
    lines = [
        f"title: Demonstration study of focus groups in {where} (synthetic)",
        "languages: [en]",
        f"continents: [{', '.join(sorted(continents))}]",
        f"as_of: {AS_OF}",
        "synthetic: true",
        "coders:",
    ]
    for habit in habits:
        lines += [f"  - coder: {habit.coder}", "    kind: rule", "    description: >-"]
        lines += _wrap(habit.description, "      ")
    return "\n".join([*lines, "publication:", "  coding: any", ""])


def readme_text(study: str, focus_groups: int, seed: int, counts: Sequence[tuple[str, int]]) -> str:
    """Return the text of the README of a synthetic study.

    Parameters
    ----------
    study : str
        The study.
    focus_groups, seed : int
        What it was generated from.
    counts : sequence of (str, int)
        Each table and the number of its rows.
    """
    rows = "\n".join(f"| `{table}` | {count:,} |" for table, count in counts)
    return f"""\
# SYNTHETIC: `{study}`

**Everything in this folder is invented.**
No focus group of this study took place, nobody said what it contains, and nothing in it tells
anything about the countries that it names.
It exists so that the compendium can be shown, tried and tested without anybody's words.

It was generated; do not edit it. The same command gives the same bytes:

```
compendium new {study} --synthetic {focus_groups} --seed {seed}
```

(Delete the folder first: an existing study is never overwritten.)

| table | rows |
| --- | ---: |
{rows}

- The codebook is a copy of the one of `africa-2020`.
- Statements are drawn from sentences written for this purpose, in
  `src/analysis/synthetic/statements`. How much each region speaks of each code, what a
  section of the template leans to, and how the simulated coders differ is laid down in tables in
  `src/analysis/synthetic/proportions`.
- The coders are simulated and of kind `rule`: each misses some codes and adds some that are not
  there. Their agreement shows how the report looks; it says nothing of people.
- About one text in twelve carries the wear of real submissions (curly quotes, long dashes, double
  spaces, variants of spelling), some points are pasted twice, and a few cells have more points than
  the template allows: cleaning and guards find them.
"""


def _wrap(text: str, indent: str) -> list[str]:
    lines = [indent]
    for word in text.split():
        if len(lines[-1]) + len(word) >= WIDTH:
            lines[-1] = lines[-1].rstrip()
            lines.append(indent)
        lines[-1] += f"{word} "
    return [line.rstrip() for line in lines]
