from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from analysis.quality.deferred import defer

if TYPE_CHECKING:
    from pathlib import Path

# What the library asks of its own distributions, where a suite asks for it.
DISTRIBUTION = """
import sys
import pandas as pd
from analysis.quality.library import Question, judge, prepare

prepare()
print("scipy.stats._stats_py" in sys.modules)
table = pd.DataFrame({"kind": ["a", "b", "a", "b"]})
parted = {"values": ["a", "b"], "weights": [0.5, 0.5]}
kwargs = {"column": "kind", "partition_object": parted, "threshold": 0.1}
question = Question("1", "expect_column_kl_divergence_to_be_less_than", kwargs)
print(judge(table, [question], {})["1"].held)
print("scipy.stats._stats_py" in sys.modules)
"""


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the name of a module that says when it is imported."""
    (tmp_path / "counted").mkdir()
    (tmp_path / "counted" / "__init__.py").write_text("print('imported')\nvalue = 1\n")
    (tmp_path / "counted" / "part.py").write_text("value = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("counted", "counted.part"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return "counted"


def test_module_is_imported_when_it_is_used(
    counted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Naming a deferred module imports nothing; asking it for something imports it, once."""
    defer([counted])

    module = import_module(counted)

    assert capsys.readouterr().out == ""
    assert (module.value, module.value) == (1, 1)
    assert sys.modules["counted"].value == 1
    assert capsys.readouterr().out == "imported\n"


def test_parts_of_a_deferred_module_can_be_imported(
    counted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A module within a deferred one imports both."""
    defer([counted])

    part = import_module(f"{counted}.part")

    assert part.value == 2
    assert capsys.readouterr().out == "imported\n"


def test_what_a_deferred_module_lacks_is_missing(counted: str) -> None:
    """What is asked for in vain is told as the module itself would."""
    defer([counted])

    with pytest.raises(AttributeError, match="module 'counted' has no attribute 'absent'"):
        _ = sys.modules[counted].absent


def test_imported_module_stays(counted: str) -> None:
    """What is there already is not deferred."""
    module = __import__(counted)

    defer([counted])

    assert sys.modules[counted] is module


def test_distributions_are_judged_with_what_was_deferred() -> None:
    """Great Expectations imports scipy's statistics only where a suite asks for a distribution."""
    told = subprocess.run(
        [sys.executable, "-c", DISTRIBUTION], capture_output=True, text=True, check=True
    )

    assert told.stdout.split() == ["False", "True", "True"]
