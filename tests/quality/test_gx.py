from __future__ import annotations

import logging
import subprocess
import sys

import pandas as pd
import pytest

from analysis.quality.gx import Evaluation, evaluate
from analysis.quality.suites import Expectation

CANARY = "Thandi of the corner house"


def expect(type_: str, id_: str = "0", **kwargs: object) -> Expectation:
    """Give an expectation of which only what it evaluates matters."""
    return Expectation(
        id=id_,
        type=f"expect_{type_}",
        kwargs=kwargs,
        severity="info",
        notes="",
        fault="made up",
        remedy="",
        touches=("*",),
    )


def on_table(table: dict[str, list[object]], *expectations: Expectation) -> list[Evaluation]:
    found = evaluate(pd.DataFrame(table), expectations, {"allowed": ["x"]})
    return [found[each.id] for each in expectations]


@pytest.mark.parametrize(
    ("table", "expectation", "positions"),
    [
        (
            {"a": ["y", "x", "y"]},
            expect("column_values_to_be_in_set", column="a", value_set=["x"]),
            [0, 2],
        ),
        (
            {"a": ["x", "z"]},
            expect("column_values_to_be_in_set", column="a", value_set={"$PARAMETER": "allowed"}),
            [1],
        ),
        ({"a": ["x", " ", "\u00a0"]}, expect("column_values_to_not_be_null", column="a"), [1, 2]),
        (
            {"a": ["x", " ", "y"]},
            expect("column_values_to_match_regex", column="a", regex="x"),
            [2],
        ),
        ({"a": ["x", "y", "", "", "y"]}, expect("column_values_to_be_unique", column="a"), [1, 4]),
        (
            {"a": ["x", "x", "x"], "b": ["1", "2", "1"]},
            expect("compound_columns_to_be_unique", column_list=["a", "b"]),
            [0, 2],
        ),
        (
            {"a": ["", "", "x"], "k": ["r", "q", "r"]},
            expect(
                "column_values_to_not_be_null",
                column="a",
                row_condition={
                    "type": "comparison",
                    "column": {"name": "k"},
                    "operator": "==",
                    "parameter": "r",
                },
            ),
            [0],
        ),
    ],
    ids=["value", "parameter", "blank", "blank is passed over", "repeats", "pairs", "condition"],
)
def test_rows_that_fall_short_are_found_by_position(
    table: dict[str, list[object]], expectation: Expectation, positions: list[int]
) -> None:
    """Each kind of expectation names the rows that fall short, blank text counting as missing."""
    (found,) = on_table(table, expectation)

    assert (found.held, found.positions.tolist()) == (False, positions)


@pytest.mark.parametrize(
    "wrong",
    [
        expect("column_values_to_be_splendid", "1", column="a"),
        expect("column_values_to_match_regex", "1", column="a", regex="("),
        expect("column_values_to_be_between", "1", column="a", max_value=3),
        expect("column_values_to_be_in_set", "1", column="a", vaule_set=[]),
        expect("column_values_to_not_be_null", "1", column="missing"),
    ],
    ids=["type", "regex", "kind of value", "argument", "column"],
)
def test_what_cannot_be_evaluated_neither_holds_nor_spoils_the_rest(wrong: Expectation) -> None:
    """An expectation that is written wrongly is not evaluated, and all others are."""
    right = expect("column_values_to_be_in_set", column="a", value_set=["x"])

    found, spoiled = on_table({"a": ["x", "y"]}, right, wrong)

    assert (found.positions.tolist(), spoiled.held, bool(spoiled.problem)) == ([1], None, True)


def test_no_value_is_in_what_the_library_returns_or_logs(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever a cell holds, an evaluation is about positions alone, and the log is silent."""
    caplog.set_level(logging.DEBUG)

    found = on_table(
        {"a": [CANARY, "x"]},
        expect("column_values_to_be_in_set", column="a", value_set=["x"]),
        expect("column_values_to_be_between", "1", column="a", max_value=3),
    )

    printed = "".join(capfd.readouterr())
    assert CANARY not in f"{found} {[vars(each) for each in found]} {caplog.text} {printed}"


# In processes of their own: what is imported here is imported already.
LEAVES_NOTHING = """
import logging, sys, threading
from multiprocessing import synchronize
import pandas as pd
synchronize.SemLock.__init__ = lambda *_, **__: print("a lock of many processes")
from analysis.quality.gx import evaluate, prepare
from analysis.quality.suites import Expectation
prepare()
logging.getLogger().addHandler(logging.StreamHandler(sys.stdout))
logging.getLogger("great_expectations.core").error("a value")
divergence = Expectation(
    id="0", type="expect_column_kl_divergence_to_be_less_than", severity="info", notes="",
    kwargs={"column": "a", "threshold": 0.1,
            "partition_object": {"values": ["x", "y"], "weights": [0.5, 0.5]}},
    fault="", remedy="", touches=(),
)
print("scipy.stats._stats_py" in sys.modules)
print(evaluate(pd.DataFrame({"a": ["x", "y", "x", "y"]}), [divergence], {})["0"].held)
print([thread.name for thread in threading.enumerate()], "posthog" in sys.modules)
"""
MODELS = """
import sys
from contextlib import nullcontext
from pydantic.v1 import BaseModel
from pydantic.v1.fields import FieldInfo, ModelField
from analysis.quality import gx

if "slow" in sys.argv:
    gx._quick_field_copies = nullcontext
gx.prepare()

def models(model):
    for each in model.__subclasses__():
        yield each
        yield from models(each)

def describe(part):
    if isinstance(part, (FieldInfo, ModelField)):
        return [(name, describe(getattr(part, name))) for name in type(part).__slots__]
    if isinstance(part, (list, tuple)):
        return [describe(each) for each in part]
    if isinstance(part, dict):
        return {key: describe(value) for key, value in part.items()}
    return repr(part).partition(" at 0x")[0]

assert not any("__deepcopy__" in vars(kind) for kind in (FieldInfo, ModelField))
for line in sorted(f"{each} {describe(each.__fields__)}" for each in set(models(BaseModel))):
    print(line)
"""


def run(script: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_library_leaves_nothing_running_and_imports_what_it_defers() -> None:
    """No thread, lock, analytics or log of the library; scipy came when it was needed."""
    assert run(LEAVES_NOTHING) == ["False", "True", "['MainThread'] False"]


@pytest.mark.slow
def test_models_of_the_library_are_as_it_makes_them() -> None:
    """With quick copies all models of Great Expectations have the very fields that they had."""
    quick = run(MODELS)

    assert len(quick) > 200
    assert quick == run(MODELS, "slow")


def test_library_is_imported_when_tables_are_checked() -> None:
    """Importing the checks imports no library, and reading outcomes none that is heavy."""
    script = (
        "import sys; import analysis.quality.outcomes, analysis.quality.published; "
        "print({'great_expectations', 'numpy', 'pandas', 'pydantic'} & {*sys.modules}); "
        "import analysis.quality.checks; print('great_expectations' in sys.modules)"
    )

    assert run(script) == ["set()", "False"]
