"""Great Expectations, which judges: true or false, and where not, but never a value."""

from __future__ import annotations

import gc
import logging
import os
import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from analysis.quality.deferred import defer
from analysis.quality.field_copies import quick_field_copies

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Positions: TypeAlias = NDArray[np.intp]
    Parameters: TypeAlias = Mapping[str, str | int | list[str]]

BOOLEAN_ONLY = {"result_format": "BOOLEAN_ONLY"}
POSITIONS_ONLY = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True)
class Question:
    """One thing to be judged.

    Parameters
    ----------
    id : str
        Names it among those asked together.
    type : str
        The type of the expectation in Great Expectations.
    kwargs : mapping
        What the type is told.
    """

    id: str
    type: str
    kwargs: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Whether something holds.

    Parameters
    ----------
    held : bool or None
        None where it could not be evaluated.
    positions : array of int
        The positions of the rows that fall short; none where it is said of the whole table.
    problem : str
        Why it could not be evaluated, by the kind of failure.
    """

    held: bool | None
    positions: Positions = field(default_factory=lambda: np.array([], dtype=np.intp))
    problem: str = ""


def prepare() -> None:
    """Import the library and set it up, which takes seconds, and is done once in a process."""
    _batch_definition()


def judge(
    table: pd.DataFrame, questions: Sequence[Question], parameters: Parameters
) -> dict[str, Evaluation]:
    """Return the evaluation of each question about a table, by the id of the question.

    What falls short is evaluated a second time to learn where: that costs three times as much.

    Parameters
    ----------
    table : DataFrame
        Has the columns that are asked about; its rows are told by their positions.
    questions : sequence of Question
        What is asked.
    parameters : mapping
        What ``{"$PARAMETER": name}`` stands for, by name.

    Returns
    -------
    dict of str to Evaluation
        One for each question.
    """
    if not questions:
        return {}
    rows = table.reset_index(drop=True).rename_axis(None)
    batch = _batch_definition().get_batch(batch_parameters={"dataframe": rows})
    told = _validate(batch, questions, parameters, BOOLEAN_ONLY)
    short = [each for each in questions if told[each.id].held is False]
    if short:
        told |= _validate(batch, short, parameters, POSITIONS_ONLY)
    # The library ties what it has computed into knots that hold the table.
    gc.collect()
    return told


@cache
def _library() -> Any:  # noqa: ANN401 - an untyped module
    """Return Great Expectations, imported without its analytics and its log (which has values)."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    log = logging.getLogger("great_expectations")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    # Half of the library's own import is of these, for expectations on distributions alone.
    defer(("altair", "scipy.stats"))
    with _without_collecting(), quick_field_copies():
        import great_expectations  # noqa: PLC0415 - takes seconds
        from great_expectations.execution_engine import (  # noqa: PLC0415
            pandas_execution_engine as engine,
        )
        from tqdm import tqdm  # type: ignore[import-untyped] # noqa: PLC0415 - comes with it

    # It counts in progress bars, also where none is shown; each would have a thread watch over it.
    tqdm.monitor_interval = 0
    # Its own lock is one for many processes, which nobody would clear away.
    tqdm.set_lock(threading.RLock())
    # It takes the fingerprint of each table below so many bytes, of which nobody makes use.
    engine.HASH_THRESHOLD = 0
    return great_expectations


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile, nor ever in what is there by then.

    An import of two thousand modules leaves none; and what is imported stays: looking it through
    would take longer than judging.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@cache
def _batch_definition() -> Any:  # noqa: ANN401 - an untyped library
    context = _library().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("tables")
    return source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("rows")


def _validate(
    batch: Any,  # noqa: ANN401 - an untyped library
    questions: Sequence[Question],
    parameters: Parameters,
    result_format: Mapping[str, Any],
) -> dict[str, Evaluation]:
    """Evaluate questions together, or one by one where one of them spoils it for all."""
    suite = {
        "name": "suite",
        "expectations": [
            {"id": each.id, "type": each.type, "kwargs": dict(each.kwargs)} for each in questions
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
        if len(questions) == 1:
            return {questions[0].id: Evaluation(held=None, problem=type(error).__name__)}
        alone = (_validate(batch, [each], parameters, result_format) for each in questions)
        return {id_: evaluation for told in alone for id_, evaluation in told.items()}
    # A question that the library does not understand is only logged, and has no result.
    unheard = {each.id: Evaluation(held=None, problem="not understood") for each in questions}
    return unheard | {told.expectation_config.id: _verdict(told) for told in validated.results}


def _verdict(told: Any) -> Evaluation:  # noqa: ANN401 - an untyped library
    if told.success:
        return Evaluation(held=True)
    problem = _problem(told.exception_info)
    if problem:
        return Evaluation(held=None, problem=problem)
    positions = told.result.get("unexpected_index_list") or []
    return Evaluation(held=False, positions=np.unique(np.array(positions, dtype=np.intp)))


def _problem(info: Any) -> str:  # noqa: ANN401 - an untyped library
    """Name the kind of failure alone: its message may hold a value."""
    told = [info] if "raised_exception" in info else list(info.values())
    raised = [each["exception_message"] or "" for each in told if each["raised_exception"]]
    return "the library could not evaluate it" if raised else ""
