from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.synthesis.numbered_codes import NumberedCodes, locate_codes, number_codes

SEGMENTS = pd.Series(["g1.1", "g1.2", "g1.3", "g2.1"], dtype="str")
GROUP = np.array([0, 0, 0, 1])
CODES = [f"c{number}" for number in range(70)]
CODERS = ("ana", "ben")


def numbered(*rows: str) -> NumberedCodes:
    found = pd.DataFrame(
        [row.split() for row in rows], columns=["segment", "code", "coder"], dtype="str"
    )
    located = locate_codes(found, SEGMENTS, codes=CODES, coders=CODERS)
    return number_codes(GROUP, located, codes=CODES, coders=CODERS)


@pytest.fixture
def applied() -> NumberedCodes:
    return numbered(
        *("g1.1 c1 ana", "g1.1 c1 ben", "g1.2 c1 ana", "g1.2 c69 ana", "g1.2 c69 ben"),
        *("g2.1 c1 ana", "g1.3 c1 cleo", "unknown c1 ana"),
    )


def test_applications_on_other_segments_and_by_others_play_no_part(applied: NumberedCodes) -> None:
    """What is on no segment, or by a coder who is not compared, is left out."""
    assert (len(applied.row), applied.present, applied.comparing) == (6, 2, 2)


def test_segments_are_compared_where_two_coders_coded_the_focus_group(
    applied: NumberedCodes,
) -> None:
    """All segments of the focus group of two coders are compared, that of one coder is not."""
    assert applied.size.tolist() == [2, 2, 2, 1]
    assert applied.compared.tolist() == [0, 1, 2]


def test_codes_put_are_counted_by_coders(applied: NumberedCodes) -> None:
    """Each code on each segment compared stands once, with how many coders put it there."""
    put = applied.put

    assert list(zip(*(part.tolist() for part in put), strict=True)) == [
        (0, 1, 2),
        (1, 1, 1),
        (1, 69, 2),
    ]


def test_sets_tell_none_applied(applied: NumberedCodes) -> None:
    """Each set of codes on each segment stands once; the empty one where coders put none."""
    row, number, coders, members = applied.sets()

    held = [
        {at for at in range(len(CODES)) if int(words[at // 64]) >> at % 64 & 1} for words in members
    ]
    told = [(at, held[of], by) for at, of, by in zip(row, number, coders, strict=True)]
    assert sorted(told, key=str) == [(0, {1}, 2), (1, {1, 69}, 1), (1, {69}, 1), (2, set(), 2)]


def test_nothing_applied_is_nothing_compared() -> None:
    """Without code applications nothing is compared."""
    applied = numbered()

    assert (applied.compared.tolist(), len(applied.put.row), applied.present) == ([], 0, 0)


def test_code_that_is_missing_still_tells_who_coded() -> None:
    """Where one coder alone coded a focus group, that they did is known, and no code is needed."""
    found = pd.DataFrame(
        {"segment": ["g1.1", "g1.2", "g2.1"], "code": ["c1", "c2", None], "coder": list("aba")}
    ).astype("str")
    found["coder"] = found["coder"].map({"a": "ana", "b": "ben"})
    located = locate_codes(found, SEGMENTS, codes=CODES, coders=CODERS)
    applied = number_codes(GROUP, located, codes=CODES, coders=CODERS)

    assert located["code"].tolist() == [1, 2, -1]
    assert applied.has_coded.tolist() == [[True, True], [True, False]]
    assert applied.row.tolist() == [0, 1]


def test_code_that_is_blank_is_refused() -> None:
    """A blank is no code, and not one that is missing on purpose."""
    blank = pd.DataFrame({"segment": ["g1.1"], "code": [""], "coder": ["ana"]}, dtype="str")

    with pytest.raises(ParameterError):
        locate_codes(blank, SEGMENTS, codes=CODES, coders=CODERS)
