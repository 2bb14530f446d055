from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError, TableError
from analysis.synthesis.levels import refuse_incomparable


def test_unknown_level_is_refused_with_the_closest():
    """A mistyped level is refused with the one that was meant."""
    with pytest.raises(ParameterError, match="closest: ordinal"):
        refuse_incomparable(pd.DataFrame({"one": [1]}), "ordnal")


@pytest.mark.parametrize(
    ("level", "value"),
    [
        ("ordinal", "high"),
        ("interval", "1"),
        ("interval", np.inf),
        ("ratio", -1),
        ("set", "a"),
    ],
)
def test_rating_that_a_level_cannot_compare_is_named(level: str, value: object):
    """The unit, the coder and the rating that does not fit are told."""
    ratings = pd.DataFrame({"one": [value, np.nan]}, index=["s1", "s2"], dtype=object)

    with pytest.raises(TableError, match="unit s1, coder one: ") as refusal:
        refuse_incomparable(ratings, level)

    assert len(refusal.value.offenders) == 1


@pytest.mark.parametrize(
    ("level", "value"),
    [("nominal", "high"), ("ordinal", 3), ("interval", -1.5), ("ratio", 0), ("set", frozenset())],
)
def test_rating_that_a_level_can_compare_passes(level: str, value: object):
    """Ratings of the kind that a level needs pass."""
    assert refuse_incomparable(pd.DataFrame({"one": [value]}), level) is None
