"""Which focus groups have words, and which have exactly those of another."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Sequence


class GroupWords:
    """The texts of focus groups as they come, of which only checksums are kept."""

    def __init__(self) -> None:
        self._numbers = [np.empty(0, np.int32)]
        self._checksums = [np.empty(0, np.uint64)]

    def add(self, numbers: np.ndarray, texts: pa.Array) -> None:
        """Take in texts, and the numbers of their focus groups."""
        self._numbers.append(numbers)
        content = texts.cast(pa.large_binary()).to_numpy(zero_copy_only=False)
        self._checksums.append(np.fromiter(map(zlib.crc32, content), np.uint64, len(content)))

    @property
    def numbers(self) -> np.ndarray:
        """The number of the focus group of each text."""
        return np.concatenate(self._numbers)

    def without_segments(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return which of the focus groups named, in the order of their numbers, have no text."""
        texts = np.bincount(self.numbers, minlength=len(names))[: len(names)]
        return tuple(sorted(name for name, said in zip(names, texts, strict=True) if not said))

    def with_same_words(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return which of all focus groups have two or more texts, and exactly those of another.

        Texts are compared by sums of their checksums and of the squares of these, so that their
        order does not matter.

        Parameters
        ----------
        names : sequence of str
            All focus groups, in the order of their numbers.
        """
        numbers, checksums = self.numbers, np.concatenate(self._checksums)
        sums = np.zeros((2, len(names)), np.uint64)
        for powers, sum_of_group in zip((checksums, checksums**2), sums, strict=True):
            np.add.at(sum_of_group, numbers, powers)
        texts = np.bincount(numbers, minlength=len(names))
        said = pd.DataFrame({"texts": texts, "sum": sums[0], "squares": sums[1]}, list(names))
        several = said[said["texts"] > 1]
        return tuple(sorted(several.index[several.duplicated(keep=False)]))
