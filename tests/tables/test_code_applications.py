from __future__ import annotations

from made_tables import make_received

from analysis.tables.code_applications import coders_of_focus_groups


def test_tells_who_coded_which_focus_group() -> None:
    """A coder coded a focus group when they put a code on one of its segments, however often."""
    received = make_received(
        groups=[{"focus_group": "one"}, {"focus_group": "two"}, {"focus_group": "three"}],
        texts=[
            {"segment": "a", "focus_group": "two"},
            {"segment": "b", "focus_group": "one"},
            {"segment": "c", "focus_group": "one", "position": "2"},
            {"segment": "d", "focus_group": "three"},
        ],
        applications=[
            {"segment": "a", "code": "stigma", "coder": "bot"},
            {"segment": "b", "code": "stigma", "coder": "bot"},
            {"segment": "b", "code": "hope", "coder": "ann"},
            {"segment": "c", "code": "hope", "coder": "ann"},
        ],
    )

    pairs = coders_of_focus_groups(received.segments, received.code_applications)

    assert pairs.to_numpy().tolist() == [["one", "ann"], ["one", "bot"], ["two", "bot"]]


def test_nothing_coded_has_no_coders() -> None:
    """Without code applications there is no pair, and the columns are there all the same."""
    received = make_received(groups=[{"focus_group": "one"}], texts=[{"segment": "a"}])

    pairs = coders_of_focus_groups(received.segments, received.code_applications)

    assert (list(pairs.columns), len(pairs)) == (["focus_group", "coder"], 0)
