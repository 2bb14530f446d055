from __future__ import annotations

from analysis.importing.coded.unused_ids import UnusedIds


class Wanted(str):
    """An id that tells how often a number was put behind it."""

    __slots__ = ()
    numbered = 0

    def __format__(self, form: str) -> str:
        type(self).numbered += 1
        return super().__format__(form)


def test_the_same_again_takes_no_longer_the_more_often_it_came():
    """Each id is found at the first number that was not given, and those of others are left."""
    ids = UnusedIds(["yes-3"])

    given = [ids.give(Wanted("yes")) for _ in range(100)]

    assert given[:4] == ["yes", "yes-2", "yes-4", "yes-5"]
    assert (len(set(given)), Wanted.numbered) == (100, 100)
