"""Great Expectations: the only module that touches the library, whose results hold no value.

Its defaults are handled here, once: its log is silenced (it has values), blank text counts as
missing, and an expectation that it cannot evaluate fails instead of being logged.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
import warnings
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from pydantic.v1.fields import FieldInfo, ModelField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from analysis.quality.suites import Expectation

    Positions: TypeAlias = NDArray[np.intp]
    Parameters: TypeAlias = Mapping[str, str | int | list[str]]

BOOLEAN_ONLY = {"result_format": "BOOLEAN_ONLY"}
POSITIONS_ONLY = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}
# To collect garbage takes longer than to evaluate some expectations on a table of fewer rows.
MANY_ROWS = 10_000


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Whether an expectation holds.

    Parameters
    ----------
    held : bool or None
        None where it could not be evaluated.
    positions : array of int
        The positions of the rows that fall short; none where it is about the whole table.
    problem : str
        Why it could not be evaluated, by the kind of failure.
    """

    held: bool | None
    positions: Positions = field(default_factory=lambda: np.array([], dtype=np.intp))
    problem: str = ""


def evaluate(
    table: pd.DataFrame, expectations: Sequence[Expectation], parameters: Parameters
) -> dict[str, Evaluation]:
    """Return the evaluation of each expectation on a table, by the id of the expectation.

    Parameters
    ----------
    table : DataFrame
        The columns that the expectations look at, and at least one row.
    parameters : mapping
        The values of ``{"$PARAMETER": name}``, by name.
    """
    if not expectations:
        return {}
    texts = table.columns[table.dtypes == "str"]
    # The library takes text of white space only for a value.
    blanked = {name: table[name].mask(are_blank(table[name])) for name in texts}
    rows = table.assign(**blanked).reset_index(drop=True).rename_axis(None)
    batch = _batch_definition().get_batch(batch_parameters={"dataframe": rows})
    found = _validate(batch, expectations, parameters, BOOLEAN_ONLY)
    failed = [each for each in expectations if found[each.id].held is False]
    if failed:
        # A second time for the rows, which costs three times as much.
        found |= _validate(batch, failed, parameters, POSITIONS_ONLY)
    # The library's results are in reference cycles that keep the table in memory.
    if len(table) > MANY_ROWS:
        gc.collect()
    return found


def are_blank(texts: pd.Series) -> pd.Series:
    """Return which texts are empty, or of white space only."""
    return (texts == "") | texts.str.isspace()


def _validate(
    batch: Any,  # noqa: ANN401 - an untyped library
    expectations: Sequence[Expectation],
    parameters: Parameters,
    result_format: Mapping[str, Any],
) -> dict[str, Evaluation]:
    """Evaluate expectations together, or one by one where one of them makes all of them fail."""
    suite = {
        "name": "suite",
        "expectations": [
            {"id": each.id, "type": each.type, "kwargs": dict(each.kwargs)} for each in expectations
        ],
    }
    try:
        with warnings.catch_warnings():
            # Groups in a pattern are intended: nothing is extracted.
            warnings.filterwarnings("ignore", "This pattern is interpreted", UserWarning)
            validated = batch.validate(
                prepare().ExpectationSuite(**suite),
                result_format=result_format,
                expectation_parameters=dict(parameters),
            )
    except Exception as error:  # an expert may write any kwargs
        if len(expectations) == 1:
            return {expectations[0].id: Evaluation(held=None, problem=type(error).__name__)}
        alone = (_validate(batch, [each], parameters, result_format) for each in expectations)
        return {id_: evaluation for each in alone for id_, evaluation in each.items()}
    # One that the library does not understand is only logged, and has no result.
    missing = {each.id: Evaluation(held=None, problem="not understood") for each in expectations}
    return missing | {each.expectation_config.id: _evaluation(each) for each in validated.results}


def _evaluation(result: Any) -> Evaluation:  # noqa: ANN401 - an untyped library
    if result.success:
        return Evaluation(held=True)
    info = result.exception_info
    raised = [info] if "raised_exception" in info else list(info.values())
    if any(each["raised_exception"] and each["exception_message"] for each in raised):
        # Its message may hold a value.
        return Evaluation(held=None, problem="the library could not evaluate it")
    positions = result.result.get("unexpected_index_list") or []
    return Evaluation(held=False, positions=np.unique(np.array(positions, dtype=np.intp)))


@cache
def _batch_definition() -> Any:  # noqa: ANN401 - an untyped library
    context = prepare().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("tables")
    return source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("rows")


@cache
def prepare() -> Any:  # noqa: ANN401 - an untyped module
    """Return the library, imported without its analytics and its log; that takes a second."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    log = logging.getLogger("great_expectations")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    # They take half of the import, and only expectations on distributions need them.
    _defer(("altair", "scipy.stats"))
    with _without_collecting(), _quick_field_copies():
        import great_expectations  # noqa: PLC0415 - takes a second
        from great_expectations.execution_engine import (  # noqa: PLC0415
            pandas_execution_engine as engine,
        )
        from tqdm import tqdm  # type: ignore[import-untyped] # noqa: PLC0415 - comes with it

    # Its progress bars, though hidden, would start a thread each.
    tqdm.monitor_interval = 0
    # Its own lock is shared by processes, and would be left behind.
    tqdm.set_lock(threading.RLock())
    # It hashes each table of fewer bytes than this, and nothing uses the hash.
    engine.HASH_THRESHOLD = 0
    return great_expectations


class _Deferred(ModuleType):
    """A module that is imported when something in it is first used."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the module holds)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = import_module(self.__name__)
        self.__dict__.update(module.__dict__)
        return getattr(module, name)


def _defer(names: Iterable[str]) -> None:
    """Import modules when they are first used; those that are imported already stay."""
    for name in names:
        sys.modules.setdefault(name, _Deferred(name))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Collect no garbage while two thousand modules are imported, and never scan them later."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextmanager
def _quick_field_copies() -> Iterator[None]:
    """Speed up the import by copying fields of pydantic's models shallowly where that suffices.

    Each class of models has copies of the fields that it inherits: a third of the import.
    """
    for kind in (FieldInfo, ModelField):
        kind.__deepcopy__ = _copy_field  # type: ignore[union-attr]
    try:
        yield
    finally:
        for kind in (FieldInfo, ModelField):
            del kind.__deepcopy__  # type: ignore[union-attr]


# Most of a field's fifty attributes have a value of these types.
_SHARED = frozenset({type(None), bool, int, float, str, type})


def _copy_field(field_: Any, memo: dict[int, Any]) -> Any:  # noqa: ANN401 (fields of two kinds)
    """Return a deep copy of a field, whose plain values need no copy."""
    copied = memo[id(field_)] = field_.__class__.__new__(field_.__class__)
    for name in field_.__slots__:
        value = getattr(field_, name)
        setattr(copied, name, value if type(value) in _SHARED else deepcopy(value, memo))
    return copied
