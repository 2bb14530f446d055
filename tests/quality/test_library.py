from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys, threading
from multiprocessing import synchronize
import pandas as pd
from analysis.quality.library import Question, judge, prepare
synchronize.SemLock.__init__ = lambda *_, **__: print("a lock of many processes")
prepare()
question = Question("0", "expect_column_values_to_be_in_set", {"column": "a", "value_set": ["x"]})
print(judge(pd.DataFrame({"a": ["x", "y", "x", "y"]}), [question], {})["0"].positions.tolist())
print([thread.name for thread in threading.enumerate()], "posthog" in sys.modules)
"""


def test_library_leaves_nothing_running() -> None:
    """A process that has judged has no thread and no lock but its own, and tells nobody of it."""
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )

    assert told.stdout.splitlines() == ["[1, 3]", "['MainThread'] False"]
