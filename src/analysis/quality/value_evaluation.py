"""The evaluation of expectations that each value decides by itself, of many columns at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from analysis.quality.basis import OF_PRESENCE
from analysis.quality.distinct_values import distinct_values
from analysis.quality.library import Evaluation, Question, judge
from analysis.quality.screening import judge_screened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.quality.asked import Asked
    from analysis.quality.distinct_values import Places
    from analysis.quality.library import Parameters
    from analysis.quality.suites import Expectation

    # The number of what is asked, and a column of its table.
    Member: TypeAlias = tuple[int, str]

# The library copies all columns of a frame for each question: a long one is asked about alone.
LONG = 5_000


@dataclass(frozen=True, eq=False)
class _Pool:
    """The distinct values of some columns, each once, and where those of each column stand."""

    name: str
    series: pd.Series
    places: Mapping[Member, Places]

    def repeated(self, height: int) -> pd.Series:
        """Return the values, and these again and again where there shall be more rows."""
        if len(self.series) == height:
            return self.series
        return self.series.take(np.resize(np.arange(len(self.series)), height))


@dataclass(frozen=True, eq=False)
class _Demand:
    """One question to the library, and the expectations that it answers."""

    question: Question
    pool: _Pool
    expectations: tuple[tuple[int, Expectation], ...]


def judge_values(asked: Sequence[Asked], parameters: Parameters) -> list[dict[str, Evaluation]]:
    """Return the evaluations of what single values decide, for each that is asked.

    Expectations of the same type and with the same arguments are one question to the library, about
    the distinct values of all their columns in all tables: what a question costs hardly depends on
    how much it is about.

    Parameters
    ----------
    asked : sequence of Asked
        Tables with their expectations.
    parameters : mapping
        What ``{"$PARAMETER": name}`` stands for, by name.

    Returns
    -------
    list of dict of str to Evaluation
        By the id of the expectation.
    """
    demands = _demands(asked)
    evaluations: dict[str, Evaluation] = {}
    for together in _frames(demands):
        questions = [each.question for each in together]
        is_long = len({each.pool.name for each in together}) == 1
        ask = judge_screened if is_long else judge
        evaluations |= ask(_frame(together), questions, parameters)
    found: list[dict[str, Evaluation]] = [{} for _ in asked]
    for demand in demands:
        evaluation = evaluations[demand.question.id]
        falls_short = np.zeros(len(demand.pool.series), dtype=bool)
        falls_short[evaluation.positions[evaluation.positions < len(falls_short)]] = True
        for number, expectation in demand.expectations:
            at = demand.pool.places[(number, expectation.columns[0])]
            places = asked[number].distinct(expectation.columns[0]).places
            found[number][expectation.id] = _of_rows(evaluation, falls_short[at], places)
    return found


def _of_rows(evaluation: Evaluation, falls_short: np.ndarray, places: Places) -> Evaluation:
    """Say of the rows of one column what was said of the values of all."""
    if evaluation.held is None:
        return evaluation
    if not falls_short.any():
        return Evaluation(held=True)
    return Evaluation(held=False, positions=np.flatnonzero(falls_short[places]))


def _demands(asked: Sequence[Asked]) -> list[_Demand]:
    alike: dict[str, list[tuple[int, Expectation]]] = {}
    for number, each in enumerate(asked):
        for expectation in each.of("values"):
            alike.setdefault(_signature(each, expectation), []).append((number, expectation))
    pools: dict[tuple[bool, tuple[Member, ...]], _Pool] = {}
    demands = []
    for number, expectations in enumerate(alike.values()):
        first = expectations[0][1]
        members = tuple(dict.fromkeys((at, each.columns[0]) for at, each in expectations))
        key = (first.type in OF_PRESENCE, members)
        if key not in pools:
            series, places = _pool(asked, members, is_of_presence=key[0])
            pools[key] = _Pool(f"values {len(pools)}", series, places)
        kwargs = {**first.kwargs, "column": pools[key].name}
        question = Question(str(number), first.type, kwargs)
        demands.append(_Demand(question, pools[key], tuple(expectations)))
    return demands


def _signature(asked: Asked, expectation: Expectation) -> str:
    """Say what is asked, but for the column: columns of one kind can be asked about together."""
    kind = "" if expectation.type in OF_PRESENCE else str(asked.table[expectation.columns[0]].dtype)
    kwargs = {name: told for name, told in expectation.kwargs.items() if name != "column"}
    return json.dumps([expectation.type, kind, kwargs], sort_keys=True)


def _pool(
    asked: Sequence[Asked], members: Sequence[Member], *, is_of_presence: bool
) -> tuple[pd.Series, dict[Member, Places]]:
    """Return the distinct values of some columns, and where those of each column stand."""
    columns = [asked[at].distinct(column).series for at, column in members]
    if is_of_presence:
        # One value stands for all that are there.
        is_missing = pd.Series(np.concatenate([each.isna() for each in columns]))
        found = distinct_values(is_missing)
        places = found.places
        pooled = pd.Series([None if missing else "there" for missing in found.series], dtype="str")
    elif len(columns) == 1 or max(map(len, columns)) > LONG:
        # What many columns have in common costs more to find than to be asked about again.
        pooled = pd.concat(columns, ignore_index=True)
        places = np.arange(len(pooled))
    else:
        places, found = pd.factorize(pd.concat(columns), use_na_sentinel=False)
        pooled = pd.Series(found)
    ends = np.cumsum([len(each) for each in columns])
    return pooled, dict(zip(members, np.split(places, ends[:-1]), strict=True))


def _frames(demands: Iterable[_Demand]) -> list[list[_Demand]]:
    """Part questions by what they are about: the few values together, and the many each alone."""
    frames: dict[str, list[_Demand]] = {}
    for demand in demands:
        is_long = len(demand.pool.series) > LONG
        frames.setdefault(demand.pool.name if is_long else "", []).append(demand)
    return list(frames.values())


def _frame(demands: Sequence[_Demand]) -> pd.DataFrame:
    """Put values side by side."""
    pools = {each.pool.name: each.pool for each in demands}
    height = max(len(each.series) for each in pools.values())
    return pd.DataFrame({name: each.repeated(height).array for name, each in pools.items()})
