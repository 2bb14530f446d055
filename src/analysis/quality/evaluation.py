"""Evaluation of expectations by Great Expectations: true or false, and the rows, never a value."""

from __future__ import annotations

import logging
import os
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from analysis.quality.suites import Expectation

ROW = "row"
BOOLEAN_ONLY = {"result_format": "BOOLEAN_ONLY"}
ROWS_ONLY = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True)
class Evaluation:
    """Whether an expectation holds on a table.

    Parameters
    ----------
    held : bool or None
        None where it could not be evaluated.
    rows : tuple of int
        The rows that fall short; empty where the expectation is on the whole table.
    problem : str
        Why it could not be evaluated, by the kind of failure.
    """

    held: bool | None
    rows: tuple[int, ...] = ()
    problem: str = ""


def evaluate(
    table: pd.DataFrame,
    expectations: Sequence[Expectation],
    parameters: Mapping[str, str | int | list[str]],
) -> dict[str, Evaluation]:
    """Return whether each expectation holds on a table, by the id of the expectation.

    What falls short is evaluated a second time to learn its rows.

    Parameters
    ----------
    table : DataFrame
        Indexed by the rows of its file; blank text counts as missing.
    expectations : sequence of Expectation
        What is evaluated; their columns are in the table.
    parameters : mapping
        What ``{"$PARAMETER": name}`` stands for, by name.

    Returns
    -------
    dict of str to Evaluation
        One for each expectation.
    """
    batch = _batch(_blank_as_missing(table))
    told = _validate(batch, expectations, parameters, BOOLEAN_ONLY)
    short = [each for each in expectations if told[each.id].held is False]
    return told | (_validate(batch, short, parameters, ROWS_ONLY) if short else {})


def _blank_as_missing(table: pd.DataFrame) -> pd.DataFrame:
    """Blank out text of white space only: Great Expectations takes it for a value."""
    texts = {
        name: table[name].mask(table[name].str.strip() == "")
        for name in table.columns[table.dtypes == "str"]
    }
    return table.assign(**texts).rename_axis(ROW)


@cache
def _library() -> Any:  # noqa: ANN401 - an untyped module
    """Return Great Expectations, imported without its analytics and its log (which has values)."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    log = logging.getLogger("great_expectations")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    import great_expectations  # noqa: PLC0415 - takes seconds

    return great_expectations


@cache
def _batch_definition() -> Any:  # noqa: ANN401 - an untyped library
    context = _library().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("tables")
    return source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("rows")


def _batch(table: pd.DataFrame) -> Any:  # noqa: ANN401 - an untyped library
    return _batch_definition().get_batch(batch_parameters={"dataframe": table})


def _validate(
    batch: Any,  # noqa: ANN401 - an untyped library
    expectations: Sequence[Expectation],
    parameters: Mapping[str, str | int | list[str]],
    result_format: Mapping[str, Any],
) -> dict[str, Evaluation]:
    """Evaluate expectations together, or one by one where one of them spoils it for all."""
    suite = {
        "name": "suite",
        "expectations": [
            {"id": each.id, "type": each.type, "kwargs": dict(each.kwargs)} for each in expectations
        ],
    }
    try:
        with warnings.catch_warnings():
            # Groups in a pattern are no fault here: nobody wants to extract them.
            warnings.filterwarnings("ignore", "This pattern is interpreted", UserWarning)
            validated = batch.validate(
                _library().ExpectationSuite(**suite),
                result_format=result_format,
                expectation_parameters=dict(parameters),
            )
    except Exception as error:  # an expert may write any kwargs
        if len(expectations) == 1:
            return {expectations[0].id: Evaluation(held=None, problem=type(error).__name__)}
        alone = (_validate(batch, [each], parameters, result_format) for each in expectations)
        return {id_: evaluation for told in alone for id_, evaluation in told.items()}
    # An expectation that the library does not understand is only logged, and has no result.
    unheard = {each.id: Evaluation(held=None, problem="not understood") for each in expectations}
    return unheard | {told.expectation_config.id: _evaluation(told) for told in validated.results}


def _evaluation(told: Any) -> Evaluation:  # noqa: ANN401 - an untyped library
    if told.success:
        return Evaluation(held=True)
    problem = _problem(told.exception_info)
    if problem:
        return Evaluation(held=None, problem=problem)
    positions = told.result.get("unexpected_index_list") or []
    return Evaluation(
        held=False, rows=tuple(sorted({int(row) for at in positions for row in at[ROW]}))
    )


def _problem(info: Any) -> str:  # noqa: ANN401 - an untyped library
    """Name the kind of failure alone: its message may hold a value."""
    told = [info] if "raised_exception" in info else list(info.values())
    raised = [each["exception_message"] or "" for each in told if each["raised_exception"]]
    return "the library could not evaluate it" if raised else ""
