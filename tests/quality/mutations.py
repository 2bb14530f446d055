"""How damage is done to the good study: one function for each kind that arrives with real data.

Each names the expectation that is meant to catch it, by its table and fault, and those that cannot
but fall short as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    Tables = dict[str, pd.DataFrame]
    Damage = Callable[[Tables], None]
    Fault = tuple[str, str]

BOOK, GROUPS, SEGMENTS, APPLIED = "codebook", "focus_groups", "segments", "code_applications"


@dataclass(frozen=True)
class Mutation:
    """A kind of damage, and the expectations that fall short by it."""

    name: str
    damage: Damage
    meant: Fault
    also: tuple[Fault, ...] = ()
    stage: str = "received"


# By name; a module that pytest imports under two names adds its own once.
MUTATIONS: dict[str, Mutation] = {}


def caught_by(
    table: str, fault: str, *also: Fault, stage: str = "received"
) -> Callable[..., Damage]:
    """Have a kind of damage tried, and say what catches it."""

    def register(damage: Damage) -> Damage:
        name = damage.__name__.replace("_", " ")
        before = MUTATIONS.setdefault(name, Mutation(name, damage, (table, fault), also, stage))
        assert before.damage.__code__ == damage.__code__, f"two kinds of damage are named {name}"
        return damage

    return register


def swap_values(table: pd.DataFrame, column: str, rows: tuple[int, int]) -> None:
    table.loc[list(rows), column] = table.loc[list(reversed(rows)), column].to_numpy()


def shift_rows(table: pd.DataFrame, columns: list[str]) -> None:
    """Move columns down by one row, as a cell that was inserted does."""
    rows = table[columns].to_numpy()
    table[columns] = [*rows[-1:], *rows[:-1]]


def repeat_rows(tables: Tables, table: str, rows: pd.DataFrame) -> None:
    start = tables[table].index.max() + 1
    added = rows.set_axis(pd.RangeIndex(start, start + len(rows), name="row"))
    tables[table] = pd.concat([tables[table], added])


MOVED = (SEGMENTS, "id of another place in the template")
UNCODED = (SEGMENTS, "passage without codes")
