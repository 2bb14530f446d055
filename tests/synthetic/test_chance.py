from __future__ import annotations

from collections import Counter

from analysis.synthetic.chance import Chance, Weighted


def test_draws_are_the_same_everywhere() -> None:
    """The draws of a name are fixed, whatever Python draws them."""
    chance = Chance(2020, "fg01")

    assert [chance.below(1000) for _ in range(5)] == [666, 291, 62, 506, 727]
    assert Chance("shuffle").shuffle("abcdef") == list("decfba")


def test_names_keep_streams_apart() -> None:
    """Other names give other draws."""
    draws = {Chance(seed, "fg01").below(1_000_000) for seed in range(20)}

    assert len(draws) == 20


def test_weights_decide_how_often_items_are_drawn() -> None:
    """An item of weight nought is never drawn, and the heaviest most often."""
    weighted = Weighted.of({"never": 0, "seldom": 1, "often": 9})
    chance = Chance("weights")
    drawn = Counter(chance.weigh(weighted) for _ in range(1000))

    assert set(drawn) == {"seldom", "often"}
    assert 850 < drawn["often"] < 950


def test_shuffling_keeps_items_and_leaves_them_as_they_were() -> None:
    """A shuffle is a new list with the same items."""
    items = [1, 2, 3, 4]

    assert sorted(Chance("items").shuffle(items)) == items == [1, 2, 3, 4]
