"""Code applications as numbers: which coder put which code on which segment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, closest
from analysis.tables.code_applications import CODE, CODER, SEGMENT
from analysis.tables.numbering import places_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from analysis.tables.numbering import IntArray

ROW = "row"
BITS = 64


class PutCodes(NamedTuple):
    """Codes on segments, each once.

    Parameters
    ----------
    row, code : array of int
        The row of the segment and the number of the code, rising by row and then by code.
    coders : array of int
        How many coders put it there.
    """

    row: IntArray
    code: IntArray
    coders: IntArray


class CodeSets(NamedTuple):
    """The distinct sets of codes that coders put on segments, and which they put on each.

    Parameters
    ----------
    row, number : array of int
        The row of the segment and the number of the set, one entry for each pair that occurs.
    coders : array of int
        How many coders put that set on it; the empty set where they put none.
    members : array of unsigned int
        The sets by number, each of so many words of which every bit is one code.
    """

    row: IntArray
    number: IntArray
    coders: IntArray
    members: npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class NumberedCodes:
    """The code applications of some coders, as numbers.

    A coder has coded a focus group when they applied at least one code in it; on each of its
    segments where they applied none, they are taken to have said that no code applies. Segments
    are compared where at least two coders coded their focus group.

    Parameters
    ----------
    group : array of int
        The number of each segment's focus group.
    has_coded : array of bool
        Whether each coder coded each focus group: focus groups x coders.
    row, code, coder : array of int
        Of each code application, once: the row of its segment, and the numbers of its code and of
        its coder; rising by row, then by code, then by coder. Those on segments that are not
        compared may be missing.
    codes, coders : sequence of str
        The codes and the coders by number.
    """

    group: IntArray
    has_coded: npt.NDArray[np.bool_]
    row: IntArray
    code: IntArray
    coder: IntArray
    codes: Sequence[str]
    coders: Sequence[str]

    @cached_property
    def size(self) -> IntArray:
        """How many coders coded the focus group of each segment."""
        return np.asarray(self.has_coded.sum(axis=1)[self.group], dtype=np.int64)

    @cached_property
    def compared(self) -> IntArray:
        """The rows of the segments compared."""
        return np.flatnonzero(self.size >= 2)

    @property
    def present(self) -> int:
        """How many of the coders coded any segment."""
        return int(self.has_coded.any(axis=0).sum())

    @property
    def comparing(self) -> int:
        """How many of the coders coded a segment that another coded too."""
        shared = self.has_coded[self.has_coded.sum(axis=1) >= 2]
        return int(shared.any(axis=0).sum())

    @cached_property
    def put(self) -> PutCodes:
        """The codes on segments compared."""
        at = self._is_compared
        return PutCodes(*_count(self.row[at], self.code[at], len(self.codes)))

    def sets(self) -> CodeSets:
        """Return the sets of codes that each coder put on each segment compared."""
        at = self._is_compared
        rating, members = _gather(self.row[at] * len(self.coders) + self.coder[at], self.code[at])
        number, members = _number_sets(members)
        row, number, coders = _count(rating // max(len(self.coders), 1), number, len(members))
        none = self.size.copy()
        np.subtract.at(none, row, coders)
        silent = self.compared[none[self.compared] > 0]
        return CodeSets(
            np.concatenate([row, silent]),
            np.concatenate([number, np.full(len(silent), len(members))]),
            np.concatenate([coders, none[silent]]),
            np.concatenate([members, np.zeros((1, members.shape[1]), dtype=np.uint64)]),
        )

    @property
    def _is_compared(self) -> npt.NDArray[np.bool_]:
        return self.size[self.row] >= 2


def locate_codes(
    code_applications: pd.DataFrame,
    segments: pd.Series,
    *,
    codes: Sequence[str],
    coders: Sequence[str],
) -> pd.DataFrame:
    """Return the code applications of some coders on some segments, as numbers.

    Parameters
    ----------
    code_applications : DataFrame
        With columns ``segment``, ``code`` and ``coder``; those on other segments are left out. A
        code may be missing where no other coder coded the focus group: nothing rests on it.
    segments : Series of str
        Segments without repeats.
    codes : sequence of str
        Every code of the codebook that can be applied.
    coders : sequence of str
        The coders to compare; others play no part.

    Returns
    -------
    DataFrame
        ``row``, the place of the segment; ``code`` and ``coder``, their numbers; -1 is a code
        that is missing.

    Raises
    ------
    ParameterError
        When one of the coders applied a code that is none of ``codes``.
    """
    row = places_of(code_applications[SEGMENT], segments)
    code, coder = (
        places_of(code_applications[column], pd.Series(names, dtype="str"))
        for column, names in ((CODE, codes), (CODER, coders))
    )
    counted = (row >= 0) & (coder >= 0)
    is_unknown = counted & (code < 0) & code_applications[CODE].notna().to_numpy()
    _refuse_unknown(code_applications.loc[is_unknown, CODE], codes)
    return pd.DataFrame(
        {
            ROW: row[counted].astype(np.int32),
            CODE: code[counted].astype(np.int16),
            CODER: coder[counted].astype(np.int16),
        }
    )


def _refuse_unknown(applied: pd.Series, codes: Sequence[str]) -> None:
    """Raise for every applied code that is none of those of the codebook."""
    if len(applied):
        raise ParameterError(
            "Some applied codes are none of the codes to compare.",
            offenders=[f"{code}{closest(code, codes)}" for code in sorted(set(applied))],
            expected="every code of the codebook that can be applied",
            remedy="Correct the code applications, or add the codes.",
        )


def number_codes(
    group: IntArray, located: pd.DataFrame, *, codes: Sequence[str], coders: Sequence[str]
) -> NumberedCodes:
    """Return code applications as numbers, each once and in order.

    Parameters
    ----------
    group : array of int
        The number of each segment's focus group.
    located : DataFrame
        Code applications as numbers: ``row``, ``code`` and ``coder``, from `locate_codes`.
    codes, coders : sequence of str
        The codes and the coders by number.
    """
    row, code, coder = (located[name].to_numpy(np.int64) for name in (ROW, CODE, CODER))
    has_coded = np.zeros((group.max(initial=-1) + 1, len(coders)), dtype=bool)
    has_coded[group[row], coder] = True
    row, code, coder = (numbers[code >= 0] for numbers in (row, code, coder))
    pairs, coder = np.divmod(
        _distinct((row * len(codes) + code) * len(coders) + coder), len(coders)
    )
    row, code = np.divmod(pairs, len(codes))
    return NumberedCodes(group, has_coded, row, code, coder, codes, coders)


def _distinct(keys: IntArray) -> IntArray:
    """Return the distinct keys, rising; nearly sorted as they are, to hash them would be slower."""
    keys = np.sort(keys, kind="stable")
    return keys[np.diff(keys, prepend=-1) > 0]


def _count(one: IntArray, other: IntArray, others: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return each pair of numbers that occurs, rising, and how often it does."""
    pairs, times = np.unique(one * others + other, return_counts=True)
    return *np.divmod(pairs, max(others, 1)), times


def _gather(rating: IntArray, code: IntArray) -> tuple[IntArray, npt.NDArray[np.uint64]]:
    """Return each rating that occurs, and the set of its codes as bits."""
    order = np.argsort(rating, kind="stable")
    starts = np.flatnonzero(np.diff(rating[order], prepend=-1))
    words = np.arange(code.max(initial=0) // BITS + 1)
    bit = np.left_shift(np.uint64(1), (code[order] % BITS).astype(np.uint64))
    bits = np.where(code[order, np.newaxis] // BITS == words, bit[:, np.newaxis], np.uint64(0))
    members = np.bitwise_or.reduceat(bits, starts) if len(starts) else bits
    return rating[order][starts], members


def _number_sets(members: npt.NDArray[np.uint64]) -> tuple[IntArray, npt.NDArray[np.uint64]]:
    """Return the number of each set among the distinct ones, and these."""
    number = np.zeros(len(members), dtype=np.int64)
    for word in members.T:
        values, of_word = np.unique(word, return_inverse=True)
        _, number = np.unique(number * len(values) + of_word, return_inverse=True)
    first = np.unique(number, return_index=True)[1]
    return number, members[first]
