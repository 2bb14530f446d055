"""How an outcome is told: by table, rows and ids, in one sentence, without the value of a cell."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.quality.outcomes import Outcome
from analysis.tables import focus_groups, segments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from analysis.quality.evaluation import Evaluation
    from analysis.quality.guard_context import GuardContext
    from analysis.quality.outcomes import Stage, Verdict
    from analysis.quality.suites import Expectation

WELL_FORMED_ID = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
CELL = "{cell}"
SHOWN_NAMES = 5
ID_COLUMNS = {
    "codebook": "code",
    "focus_groups": focus_groups.FOCUS_GROUP,
    "segments": segments.SEGMENT,
    "code_applications": segments.SEGMENT,
}
WHOLE_TABLE: dict[Verdict, tuple[str, str]] = {
    "empty_table": ("the table has no rows", "fill in the table, or leave the study out"),
    "empty_suite": (
        "no expectation speaks of this table at this stage, so anything would pass",
        "write expectations for it in its suite",
    ),
    "not_evaluated": ("the table is missing", "put the table in the study's folder"),
}


class Telling:
    """Tells what became of expectations on the tables of one stage.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables by name.
    context : GuardContext
        What the study allows.
    stage : {"received", "cleaned"}
        What the tables are.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], context: GuardContext, stage: Stage
    ) -> None:
        self.tables = tables
        self.context = context
        self.stage: Stage = stage

    def whole_table(self, table: str, verdict: Verdict) -> Outcome:
        """Return the outcome of a table that no expectation could speak of."""
        fault, remedy = WHOLE_TABLE[verdict]
        return Outcome(
            expectation=f"{table}.{verdict}",
            table=table,
            stage=self.stage,
            severity="critical",
            verdict=verdict,
            fault=fault,
            notes="A table that holds nothing, or of which nothing is expected, guards nothing.",
            remedy=remedy,
            everywhere=True,
            message=f"{table}.csv: {fault}.",
        )

    def missing(self, table: str, expectation: Expectation, columns: Sequence[str]) -> Outcome:
        """Return the outcome of an expectation whose columns are missing."""
        named = ", ".join(columns)
        return self._spoiled(
            table,
            expectation,
            "not_evaluated",
            f"could not be evaluated, {named} being missing",
            f"add {named}, or mend the column that the expectation names",
        )

    def all_null(self, table: str, expectation: Expectation, columns: Sequence[str]) -> Outcome:
        """Return the outcome of an expectation on a column that is blank in every row."""
        named = ", ".join(columns)
        return self._spoiled(
            table,
            expectation,
            "all_null",
            f"{named} blank in every row",
            f"fill in {named}, or list it under may_be_blank in expectations/{table}.json",
        )

    def evaluated(self, table: str, expectation: Expectation, evaluation: Evaluation) -> Outcome:
        """Return the outcome of an expectation that was evaluated, or could not be."""
        if evaluation.held is None:
            return self._spoiled(
                table,
                expectation,
                "not_evaluated",
                f"could not be evaluated: {evaluation.problem}",
                f"mend the expectation in expectations/{table}.json",
            )
        if evaluation.held:
            return Outcome(
                **self._of(table, expectation),
                severity=expectation.severity,
                verdict="held",
                remedy=expectation.remedy,
                touches=expectation.touches,
                message=f"Held in all rows of {table}.csv.",
            )
        return self._fell_short(table, expectation, evaluation.rows)

    def _of(self, table: str, expectation: Expectation) -> dict[str, Any]:
        return {
            "expectation": expectation.id,
            "table": table,
            "stage": self.stage,
            "type": expectation.type,
            "column": ", ".join(expectation.columns),
            "notes": expectation.notes,
            "fault": expectation.fault,
        }

    def _spoiled(
        self, table: str, expectation: Expectation, verdict: Verdict, fault: str, remedy: str
    ) -> Outcome:
        return Outcome(
            **self._of(table, expectation) | {"fault": fault},
            severity="critical",
            verdict=verdict,
            remedy=remedy,
            everywhere=True,
            message=f"{table}.csv: {fault}.",
        )

    def _fell_short(self, table: str, expectation: Expectation, rows: tuple[int, ...]) -> Outcome:
        at = self.tables[table].loc[list(rows)]
        groups = self._focus_groups_of(table, at)
        named = sorted({name for name in groups if name})
        cells = self._cells_of(table, at)
        return Outcome(
            **self._of(table, expectation),
            severity=expectation.severity,
            verdict="fell_short",
            remedy=expectation.remedy,
            touches=_touches(expectation.touches, cells),
            failing=len(rows),
            rows=rows,
            ids=tuple(_well_formed(at, ID_COLUMNS[table])),
            cells=cells,
            focus_groups=tuple(named),
            everywhere=not groups or "" in groups,
            message=_sentence(expectation.fault, table, rows, _where(named, cells)),
        )

    def _focus_groups_of(self, table: str, at: pd.DataFrame) -> list[str]:
        """Name the known focus group of each row, or "" where it has none."""
        if table == "codebook":
            return [""] * len(at)
        names = _well_formed(at, ID_COLUMNS[table])
        if table == "code_applications":
            names = [self._group_of_segment.get(name, "") for name in names]
        elif table == "segments":
            names = _well_formed(at, segments.FOCUS_GROUP)
        return [name if name in self._known_groups else "" for name in names]

    def _cells_of(self, table: str, at: pd.DataFrame) -> tuple[str, ...]:
        """Name the cells of rows, in the order of the instrument."""
        if table != "segments" or not {segments.SECTION, segments.QUESTION} <= {*at.columns}:
            return ()
        found = set(segments.cells_of(at))
        return tuple(cell for cell in self.context.cells if cell in found)

    @cached_property
    def _known_groups(self) -> frozenset[str]:
        groups = self.tables.get("focus_groups")
        return frozenset() if groups is None else frozenset(_well_formed(groups, "focus_group"))

    @cached_property
    def _group_of_segment(self) -> dict[str, str]:
        texts = self.tables.get("segments")
        if texts is None:
            return {}
        names = _well_formed(texts, segments.SEGMENT)
        return dict(zip(names, _well_formed(texts, segments.FOCUS_GROUP), strict=True))


def _well_formed(table: pd.DataFrame, column: str) -> list[str]:
    """List the ids of a column, with "" for each that is malformed and so may hold anything."""
    if column not in table.columns:
        return [""] * len(table)
    return [name if WELL_FORMED_ID.fullmatch(name) else "" for name in table[column]]


def _touches(patterns: tuple[str, ...], cells: tuple[str, ...]) -> tuple[str, ...]:
    """Put the cells in question into patterns, or any where none is known."""
    filled = [
        pattern.replace(CELL, cell)
        for pattern in patterns
        for cell in (cells or ("*",) if CELL in pattern else ("",))
    ]
    return tuple(dict.fromkeys(filled))


def _sentence(fault: str, table: str, rows: tuple[int, ...], where: str) -> str:
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}" if rows else "the whole"
    return f"{fault[0].upper()}{fault[1:]}: {count} of {table}.csv{where}."


def _where(groups: Sequence[str], cells: Sequence[str]) -> str:
    told = [_listed("focus group", groups), _listed("cell", cells)]
    named = "; ".join(each for each in told if each)
    return f" ({named})" if named else ""


def _listed(noun: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    rest = len(names) - SHOWN_NAMES
    shown = ", ".join(names[:SHOWN_NAMES]) + (f" and {rest} more" if rest > 0 else "")
    return f"{noun}{'' if len(names) == 1 else 's'} {shown}"
