"""How an outcome is told: by table, rows and ids, in one sentence, without the value of a cell."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.quality.distinct_values import is_among
from analysis.quality.guarded_columns import derived_of
from analysis.quality.outcomes import Outcome
from analysis.quality.personal_data.ids import are_naming
from analysis.quality.personal_data.scanned import SCANNED_IDS
from analysis.quality.wording import fill_touches, say_details, say_fault, say_where
from analysis.tables import focus_groups, segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.library import Evaluation, Positions
    from analysis.quality.linked_tables import LinkedTables
    from analysis.quality.outcomes import Stage, Verdict
    from analysis.quality.suites import Expectation

WELL_FORMED_ID = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"
ID_COLUMNS = {
    "codebook": "code",
    "focus_groups": focus_groups.FOCUS_GROUP,
    "segments": segments.SEGMENT,
    "code_applications": segments.SEGMENT,
}
TOLD = (segments.FOCUS_GROUP, segments.SECTION, segments.QUESTION)
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
    tables : LinkedTables
        The tables.
    context : GuardContext
        What the study allows.
    stage : {"received", "cleaned"}
        What the tables are.
    """

    def __init__(self, tables: LinkedTables, context: GuardContext, stage: Stage) -> None:
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
            return self.held(table, expectation)
        return self._fell_short(table, expectation, evaluation.positions)

    def held(self, table: str, expectation: Expectation) -> Outcome:
        """Return the outcome of an expectation that held."""
        return Outcome(
            **self._of(table, expectation),
            severity=expectation.severity,
            verdict="held",
            remedy=expectation.remedy,
            touches=expectation.touches,
            message=f"Held in all rows of {table}.csv.",
        )

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

    def _fell_short(self, table: str, expectation: Expectation, positions: Positions) -> Outcome:
        at = self._telling_columns(table).iloc[positions].sort_index()
        groups = self._focus_groups_of(table, at)
        named = sorted(groups - {""})
        cells = self._cells_of(table, at)
        details = self._details_of(table, expectation, at)
        fault = expectation.fault + say_details(details)
        ids = self._tellable(at, ID_COLUMNS[table])
        codes = [code or "*" for code in ids] if table == "codebook" else []
        return Outcome(
            **self._of(table, expectation),
            severity=expectation.severity,
            verdict="fell_short",
            remedy=expectation.remedy,
            touches=fill_touches(expectation.touches, cells, codes),
            failing=len(at),
            rows=tuple(at.index.tolist()),
            ids=tuple(ids),
            details=details,
            cells=cells,
            focus_groups=tuple(named),
            everywhere=not groups or "" in groups,
            message=say_fault(fault, table, len(at), say_where(named, cells)),
        )

    def _telling_columns(self, table: str) -> pd.DataFrame:
        """Return a table without the columns that tell of no row: texts take long to look up."""
        whole = self.tables[table]
        return whole[[name for name in whole.columns if name in (ID_COLUMNS[table], *TOLD)]]

    def _details_of(
        self, table: str, expectation: Expectation, at: pd.DataFrame
    ) -> tuple[str, ...]:
        """Say of rows what a derived column says of them, where that may be told."""
        derived = derived_of(table)
        told = [derived[each] for each in expectation.columns if each in derived]
        if not any(column.is_told for column in told):
            return ()
        said = [column.compute(self.tables, self.context)[at.index] for column in told]
        return tuple("; ".join(each) for each in zip(*said, strict=True))

    def _focus_groups_of(self, table: str, at: pd.DataFrame) -> set[str]:
        """Name the known focus groups of rows, with "" where a row has none."""
        if table == "codebook":
            return {""} if len(at) else set()
        if table == "code_applications":
            names = self._focus_groups_of_segments(set(self._tellable(at, ID_COLUMNS[table])))
        else:
            names = set(self._tellable(at, focus_groups.FOCUS_GROUP))
        return {name if name in self._known_groups else "" for name in names}

    def _focus_groups_of_segments(self, names: set[str]) -> set[str]:
        """Name the focus groups of segments, with "" where one is unknown."""
        if not (self.tables.has("segments.segment") and self.tables.has("segments.focus_group")):
            return {""}
        texts = self.tables["segments"]
        at = texts[is_among(texts[segments.SEGMENT], pd.Series(sorted(names), dtype="str"))]
        is_unknown = names > set(at[segments.SEGMENT])
        return {*self._tellable(at, segments.FOCUS_GROUP), *([""] if is_unknown else [])}

    def _cells_of(self, table: str, at: pd.DataFrame) -> tuple[str, ...]:
        """Name the cells of rows, in the order of the instrument."""
        if table != "segments" or not {segments.SECTION, segments.QUESTION} <= {*at.columns}:
            return ()
        found = set(segments.cells_of(at))
        return tuple(cell for cell in self.context.cells if cell in found)

    @cached_property
    def _known_groups(self) -> frozenset[str]:
        if "focus_groups" not in self.tables:
            return frozenset()
        return frozenset(self._tellable(self.tables["focus_groups"], focus_groups.FOCUS_GROUP))

    def _tellable(self, table: pd.DataFrame, column: str) -> list[str]:
        """List the ids of a column, with "" for each that may not be repeated.

        One that is malformed may hold anything, and one that names somebody is a finding itself.
        """
        if column not in table.columns:
            return [""] * len(table)
        ids = table[column]
        is_tellable = ids.str.fullmatch(WELL_FORMED_ID) & (
            ids.isin(self._reviewed) | ~are_naming(ids)
        )
        return list(ids.where(is_tellable, ""))

    @cached_property
    def _reviewed(self) -> tuple[str, ...]:
        """The ids that a person has reviewed."""
        return tuple(
            each.id
            for each in self.context.privacy_exceptions
            if each.column in SCANNED_IDS.get(each.table, ())
        )
